"""What pages show of a graph: which statements, in whose words, from which lines."""

import asyncio
from collections.abc import Callable

import pytest
from starlette.requests import Request

from ctlgraph.vocabulary import BASE, PREFIXES
from ctlgraph.web.site import entities
from ctlgraph.web.site.facts import Ask, Term, labels, literal, rows
from ctlgraph.web.site.home import Home, home
from ctlgraph.web.site.rendering import Links, day, number
from ctlgraph.web.site.rendering import literal as shown

CLM = f"{BASE}id/cluster/clm"
Made = Callable[[str], Ask]


def count(name: str, members: int, period: str, *more: str, graph: str = "d003:719-731") -> str:
    """A number of members of all clusters together."""
    further = "".join(f"; {each}" for each in more)
    return f"""{graph} {{
        observation:{name} ctl:refOrganization set:ctl ; ctl:memberCategory membercategory:total ;
            ctl:memberCount {members} ; ctl:refPeriod "{period}"^^xsd:gYear {further} .
        set:ctl a ctl:ClusterSet . }}\n"""


def home_of(made: Made, *trig: str) -> Home:
    return asyncio.run(home(made("".join(trig)), "it"))


def test_the_latest_exact_number_counts(made: Made) -> None:
    """A later number that is only about right does not displace it: it stands beside, in its own words."""
    found = home_of(
        made,
        count("a", 700, "2019", "ctl:precision precision:exact"),
        count("b", 755, "2022", "ctl:precision precision:exact"),
        count("c", 750, "2024", "ctl:precision precision:about", 'ctl:statedAs "about 750"@en'),
    )
    assert [figure.count for figure in found.figures] == [755]
    assert [(other.words.value if other.words else "", other.count) for other in found.others] == [
        ("about 750", 750)
    ]


def test_another_number_in_the_graph_is_another_number_on_the_page(made: Made) -> None:
    """Nothing is typed in."""
    assert [figure.count for figure in home_of(made, count("b", 756, "2022")).figures] == [756]


def test_a_figure_knows_its_lines(made: Made) -> None:
    """Document, first and last line of the passage that states it."""
    [figure] = home_of(made, count("b", 755, "2022", graph="d002:4-9")).figures
    source = figure.source
    assert (source.kind, source.first, source.last) == ("passage", 4, 9)
    assert source.document is not None
    assert source.document.path == "/doc/source/doc-002"


def test_a_graph_of_other_things_has_a_home_page_too(made: Made) -> None:
    """Any RDF file may be served."""
    found = home_of(made, "<https://example.org/a> <https://example.org/b> 1 .")
    assert (found.figures, found.clusters, found.most) == ((), (), 1)


def test_a_value_is_listed_once_with_all_its_sources(made: Made) -> None:
    """Passages first, by document and line; what is measured or derived last."""
    ask = made(
        """d003:5-6 { cluster:clm ctl:acronym "CLM" } d000:7-8 { cluster:clm ctl:acronym "CLM" }
        <https://w3id.org/ctlgraph/graph/derived> { cluster:clm ctl:acronym "CLM" }
        <https://w3id.org/ctlgraph/graph/collaboration/a> { cluster:clm ctl:acronym "CLM" }"""
    )
    found = asyncio.run(entities.entity(ask, CLM, "it"))
    assert found is not None
    [fact] = found.facts
    [value] = fact.values
    assert [source.graph.label for source in value.sources] == [
        "doc. 000, righe 7–8",
        "doc. 003, righe 5–6",
        "graph:collaboration/a",
        "ricavato da altre affermazioni",
    ]


def test_a_passage_has_its_numbers_first(made: Made) -> None:
    """The largest of each property; a number of lines is no number that it states."""
    trig = """d003:5-6 { observation:a ctl:memberCount 3 . observation:b ctl:memberCount 5 ; skos:note "x" }
        graph:sources { d003:5-6 ctl:firstLine 5 }"""
    found = asyncio.run(entities.entity(made(trig), f"{BASE}graph/doc-003/5-6", "it"))
    assert found is not None
    assert [row["value"].term.value for row in found.figures] == ["5", "3"]


def test_a_reader_is_shown_their_language_and_never_nothing(made: Made) -> None:
    """What another value says in the reader's language is left out; what nobody translated stays."""
    ask = made(
        """d003:5-6 { cluster:clm ctl:objective "crescere"@it , "to grow"@en ; ctl:task "only English"@en ;
        skos:altLabel "CLM" }"""
    )
    found = asyncio.run(entities.entity(ask, CLM, "it"))
    assert found is not None
    assert sorted(value.term.value for fact in found.facts for value in fact.values) == [
        "CLM",
        "crescere",
        "only English",
    ]


def test_what_nobody_mentions_is_nothing(made: Made) -> None:
    """No page, and so 404."""
    assert asyncio.run(entities.entity(made(""), CLM, "it")) is None


def test_a_label_in_another_language_says_so(made: Made) -> None:
    """So that a screen reader pronounces it rightly."""
    known = asyncio.run(labels(made('d003:1-2 { cluster:clm skos:prefLabel "Mobility"@en }'), [CLM], "it"))
    assert (known.thing(CLM).label, known.thing(CLM).lang) == ("Mobility", "en")


@pytest.mark.parametrize("text", ['"', "\\", "a\nb", "'", "{?s}", "é😀", "\x07", '" } #', ""])
def test_text_stays_inside_its_literal(made: Made, text: str) -> None:
    """What a reader searches for comes back as it was, and nothing else of the query changes."""
    [row] = asyncio.run(rows(made(""), f"SELECT ?x {{ BIND({literal(text)} AS ?x) }}"))
    assert row["x"].value == text


def test_links_keep_the_language_and_the_rest() -> None:
    """A chosen language goes along; the state of a table goes along only on its own page."""
    links = Links("/graph", "/search", (("q", "a&b"), ("lang", "it"), ("page", "2")))
    assert links.url("/ontology#Cluster") == "/graph/ontology?lang=it#Cluster"
    assert links.here(lang="en") == "/graph/search?q=a%26b&lang=en&page=2"
    assert links.here(page=None) == "/graph/search?q=a%26b&lang=it"
    assert Links("", "/", (("lang", "xx"),)).url("/search") == "/search"


def test_a_link_holds_any_text() -> None:
    """Nothing that a request brings breaks out of an address."""
    request = Request({"type": "http", "path": '/a"<b>', "query_string": b"q=%22%3E%ff", "headers": []})
    address = Links("", request.scope["path"], tuple(request.query_params.multi_items())).here()
    assert not set('"<> ') & set(address)


@pytest.mark.parametrize(
    ("kind", "value", "it", "en"),
    [
        ("integer", "13953", "13.953", "13,953"),
        ("decimal", "1234.5", "1.234,5", "1,234.5"),
        ("date", "2024-03-01", "1 marzo 2024", "1 March 2024"),
        ("gYearMonth", "2024-03", "marzo 2024", "March 2024"),
        ("gYear", "2022", "2022", "2022"),
        ("boolean", "true", "sì", "yes"),
        ("boolean", "0", "no", "no"),
        ("string", "1234", "1234", "1234"),
        ("gYear", "-0044", "-0044", "-0044"),
    ],
)
def test_a_literal_has_the_form_of_its_reader(kind: str, value: str, it: str, en: str) -> None:
    """By its datatype: a text of digits is no number."""
    term = Term(value, "literal", datatype=PREFIXES["xsd"] + kind)
    assert (shown(term, "it"), shown(term, "en")) == (it, en)


def test_what_is_no_date_stays_as_it_is() -> None:
    """A damaged date is shown, not hidden."""
    assert day("2024-13", "it") == "2024-13"
    assert number(-0.5, "it") == "-0,5"
