"""Disagreements: which values stand side by side, which number is used, and where each is found."""

import asyncio
import csv
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ctlgraph.vocabulary import BASE, expand
from ctlgraph.web.site.disagreements import Disagreement, about, disagreements
from ctlgraph.web.site.facts import Ask
from ctlgraph.web.site.home import home

Made = Callable[[str], Ask]

KNOWN = """curated:x { discrepancy:i-1 a ctl:KnownDiscrepancy ; skos:prefLabel "Quanti"@it ;
    ctl:explanation "Perché"@it , "Why"@en ; ctl:concerns %s . }\n"""


def number(name: str, value: int, period: str, *more: str, category: str = "total", of: str = "clm") -> str:
    further = "".join(f" ; {each}" for each in more)
    return f"""d001:8-9 {{ observation:{name} ctl:refOrganization cluster:{of} ;
        ctl:memberCategory membercategory:{category} ; ctl:memberCount {value} ;
        ctl:refPeriod "{period}"^^xsd:gYear {further} . }}\n"""


def found(ask: Ask, lang: str = "it") -> Sequence[Disagreement]:
    return asyncio.run(disagreements(ask, lang))


@pytest.fixture(scope="module")
def real(asked: Ask) -> Sequence[Disagreement]:
    """Those of the real release, in Italian."""
    return found(asked)


def test_all_that_is_known_is_shown_once(real: Sequence[Disagreement], project: Path) -> None:
    """As many as the files of the data have, which are counted as text."""
    texts = [path.read_text("utf-8") for path in (project / "data" / "ttl").rglob("*.trig")]
    named = re.findall(r"(discrepancy:[\w-]+) a ctl:KnownDiscrepancy", "".join(texts))
    assert sorted(each.thing.iri for each in real) == sorted(map(expand, named))
    assert all(each.explanation.lang == "it" and each.reason and each.things + each.passages + each.rows
               for each in real)  # fmt: skip


def test_the_members_of_all_clusters_come_first(real: Sequence[Disagreement], asked: Ask) -> None:
    """With every number as stated, and the one that the home page counts by."""
    first = real[0]
    totals = [row for row in first.rows if row.thing and "total" in row.thing.iri]
    assert [(row.value, row.date, row.precision) for row in totals] == [
        ("700", "2022", "quasi"),
        ("755", "2022", "esatto"),
        ("750", "marzo 2024", "circa"),
    ]  # fmt: skip
    figures = asyncio.run(home(asked, "it")).figures
    assert first.used == figures[:1]
    assert [row.value for row in first.rows if row.note == "used"] == [str(figures[0].count)]


def test_a_document_has_as_many_as_its_question_says(real: Sequence[Disagreement], project: Path) -> None:
    """The golden answer of the saved question was counted in another way."""
    golden = project / "tests" / "queries" / "golden" / "discrepancies-by-source.csv"
    with golden.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            here = sum(row["source"] in each.about for each in real)
            assert here == int(row["discrepancies"]), row


def test_the_sum_stands_beside_the_total(made: Made) -> None:
    """What the parts add up to, if it is something else, and the other count of the same body."""
    statement = """d001:8-9 { statement:s ctl:exhaustiveBreakdown true ;
        qb:observation observation:a , observation:b , observation:c . }"""
    ask = made(
        number("a", 78, "2019")
        + number("b", 70, "2019", category="companies")
        + number("c", 6, "2019", category="other")
        + number("d", 83, "2022")
        + number("e", 90, "2024", "ctl:precision precision:about", 'ctl:statedAs "circa 90"@it')
        + number("f", 50, "2022", of="lac")
        + statement
        + KNOWN % "statement:s"
    )
    [only] = found(ask)
    assert [(row.value, row.note) for row in only.rows] == [
        ("78", ""),
        ("70", ""),
        ("6", ""),
        ("76", "sum"),
        ("83", "used"),
        ("90", "beside"),
    ]
    assert [count.count for count in only.used] == [83]


@pytest.mark.parametrize(("lang", "explanation"), [("it", "Perché"), ("en", "Why")])
def test_an_explanation_is_in_the_language_of_the_reader(made: Made, lang: str, explanation: str) -> None:
    """And the label in another language says so."""
    [only] = found(made(KNOWN % "network:eusalp"), lang)
    assert only.explanation.value == explanation
    assert (only.group, only.rows, only.thing.lang) == (2, (), "" if lang == "it" else "it")


def test_the_values_shown_are_those_of_the_property_it_concerns(made: Made) -> None:
    """A place that looks wrong is no matter of dates: of the thing named the place, with its lines."""
    trig = """d003:5-6 { event:e a ctl:Event ; ctl:startDate "2022-11-29"^^xsd:date ; ctl:locatedIn place:l .
        event:f ctl:locatedIn place:m . place:l skos:prefLabel "Londra"@it . }"""
    named = KNOWN % "event:e , d003:5-6 ; ctl:concernsProperty ctl:locatedIn"
    [place] = found(made(named + trig))
    shown = [(row.value, row.of and row.of.path, row.source and row.source.first) for row in place.rows]
    assert shown == [("Londra", "/doc/place/l", 5)]
    assert place.group == 2
    assert expand("event:f") not in place.about
    [date] = found(made(KNOWN % "event:e ; ctl:concernsProperty ctl:startDate" + trig))
    assert [(row.value, row.detail) for row in date.rows] == [("29 novembre 2022", "ctl:startDate")]
    assert date.group == 1
    [nothing] = found(made(KNOWN % "event:e" + trig))
    assert nothing.rows == ()


def test_values_are_those_of_the_lines_where_no_thing_is_named(made: Made) -> None:
    """Two addresses of a page: and it is about whose they are."""
    trig = "d003:5-6 { cluster:a foaf:homepage <https://a.example> . }"
    [only] = found(made(KNOWN % "d003:5-6 ; ctl:concernsProperty foaf:homepage" + trig))
    assert [row.value for row in only.rows] == ["https://a.example"]
    ask = made(KNOWN % "d003:5-6 ; ctl:concernsProperty foaf:homepage" + trig)
    assert [thing.label for thing in asyncio.run(about(ask, expand("cluster:a"), "it"))] == ["Quanti"]


def test_what_only_looks_like_a_contrast_stands_apart(made: Made) -> None:
    """However many numbers it has."""
    [only] = found(made(number("a", 78, "2019") + KNOWN % "observation:a ; ctl:onlyApparent true"))
    assert (only.group, len(only.rows)) == (3, 1)


def test_no_sum_stands_where_the_total_is_compared_with_something_else(made: Made) -> None:
    """A sum of ours belongs to a statement with all its parts, if that is what does not agree."""
    statement = """d001:8-9 { statement:s ctl:exhaustiveBreakdown true ;
        qb:observation observation:a , observation:b . }"""
    numbers = number("a", 78, "2019") + number("b", 70, "2019", category="companies") + statement
    [only] = found(made(numbers + KNOWN % "observation:a"))
    assert [(row.value, row.note) for row in only.rows] == [("78", "used")]
    [whole] = found(made(numbers + KNOWN % "statement:s"))
    assert ("70", "sum") in [(row.value, row.note) for row in whole.rows]


def test_a_property_that_is_named_has_values(real: Sequence[Disagreement], project: Path) -> None:
    """Else its name is wrong, or the data have changed."""
    text = (project / "data" / "ttl" / "curated" / "discrepancies.trig").read_text("utf-8")
    blocks = re.findall(r"(discrepancy:[\w-]+) a ctl:KnownDiscrepancy ;(.*?)\.\n", text, re.DOTALL)
    named = {iri: re.findall(r"concernsProperty ([^;]*);", block) for iri, block in blocks}
    known = {each.thing.iri: each for each in real}
    empty = [iri for iri, properties in named.items() if properties and not known[expand(iri)].rows]
    assert (empty, sum(map(bool, named.values())) > 10) == ([], True)


@pytest.mark.parametrize(
    "path",
    ["id/cluster/clm", "id/observation/a", "id/statement/s", "id/discrepancy/i-1", "graph/doc-001/8-9"],
)
def test_a_page_knows_the_disagreements_about_it(made: Made, path: str) -> None:
    """The body counted, the number, the statement, its lines and the disagreement itself."""
    statement = "d001:8-9 { statement:s qb:observation observation:a . }"
    ask = made(number("a", 78, "2019") + statement + KNOWN % "statement:s")
    assert [each.label for each in asyncio.run(about(ask, f"{BASE}{path}", "it"))] == ["Quanti"]
    assert asyncio.run(about(ask, f"{BASE}id/cluster/lac", "it")) == ()


def test_files_that_name_none_have_none(made: Made) -> None:
    """Any RDF file may be served."""
    assert found(made("<https://example.org/a> <https://example.org/b> 1 .")) == ()
