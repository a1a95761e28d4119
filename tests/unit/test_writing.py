"""Any query as the file of a saved one; why a query has no rows."""

import pytest

from ctlgraph.catalogue import FORMATS, answering, drive_now, parse, read
from ctlgraph.catalogue.conditions import reasons, standing
from ctlgraph.catalogue.writing import Said, written
from ctlgraph.errors import ParameterError
from ctlgraph.release import Release
from ctlgraph.sources import root
from ctlgraph.store import Store

PREFIX = "PREFIX ctl: <https://w3id.org/ctlgraph/ontology#>\n"
SAID = Said("trial", {"it": 'È "così"', "en": "So: it is"}, {"it": "Prova.", "en": "A trial."}, "members")


@pytest.fixture(scope="module")
def store(release: Release) -> Store:
    """The real data."""
    return Store.open(release.path)


def ask(store: Store, query: str) -> bytes:
    answer = store.query(query)
    return answer.serialize(next(name for name in FORMATS if name in answer.formats))


def plain(text: str) -> str:
    """A query without its front matter."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#+"))


def test_what_is_written_is_read_and_answers_the_same(store: Store) -> None:
    """Every saved query, taken for any query: the file is one of the catalogue, with the same rows."""
    for name, saved in list(read(root()).items())[::6]:
        query = plain(saved.text)
        answer = ask(store, query)
        file = written(query, answer, SAID).text
        again = parse(file, "trial")
        table = drive_now(answering(again.fill({})), lambda text: ask(store, text))
        before = drive_now(answering(saved.fill({})), lambda text: ask(store, text))
        assert table.rows == before.rows, name
        assert [each.type for each in again.columns.values()] == [
            each.type if before.column(each.name) else "string" for each in saved.columns.values()
        ], name
        assert again.tests[0].least == (len(table.rows) if saved.kind != "ask" else 1), name
        assert dict(again.title) == SAID.title


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("SELECT * { ?c a ctl:TechnologyCluster ; ctl:acronym ?a }", {"a": "string", "c": "iri"}),
        ("SELECT DISTINCT * {\n VALUES ?t { ctl:Project ctl:Event }\n ?c a ?t }", {"c": "iri", "t": "iri"}),
        (
            "CONSTRUCT { ?c a ?t } { ?c a ?t } LIMIT 3",
            {"subject": "iri", "predicate": "iri", "object": "iri"},
        ),
        ("ASK { ?c a ctl:Project }", {"answer": "boolean"}),
        ("#+ title: old\nSELECT (COUNT(*) AS ?n) { ?c a ctl:Project }", {"n": "integer"}),
    ],
)
def test_what_sparql_lets_one_leave_out_is_put_in(store: Store, query: str, columns: dict[str, str]) -> None:
    """WHERE, and the names that a star stands for; several values are no parameter."""
    saved = written(PREFIX + query, ask(store, PREFIX + query), SAID)
    assert {name: each.type for name, each in saved.columns.items()} == columns
    assert not saved.parameters
    assert len(drive_now(answering(saved.fill({})), lambda text: ask(store, text)).rows) > 0


@pytest.mark.parametrize(
    ("tail", "told"),
    [
        ("", "Found 9 rows."),
        ("ORDER BY ?c", "Found 9 rows."),
        ("ORDER BY DESC(?n) LIMIT 3", "In the first place: "),
    ],
)
def test_only_what_is_ranked_has_a_first_place(store: Store, tail: str, told: str) -> None:
    """The sentence of a query that sorts by no number says how many rows there are."""
    query = f"{PREFIX}SELECT ?c (COUNT(?x) AS ?n) {{ ?c a ctl:TechnologyCluster ; ?p ?x }} GROUP BY ?c {tail}"
    saved = written(query, ask(store, query), SAID)
    table = drive_now(answering(saved.fill({})), lambda text: ask(store, text))
    assert table.sentence("en").startswith(told)


def test_values_at_the_beginning_are_parameters(store: Store) -> None:
    """Those of one value; UNDEF means that any will do."""
    query = (
        f'{PREFIX}SELECT ?c WHERE {{ VALUES ?a {{ "AFIL" }} VALUES ?t {{ UNDEF }} ?c a ?t ; ctl:acronym ?a }}'
    )
    saved = written(query, ask(store, query), SAID)
    assert {name: (each.type, each.optional) for name, each in saved.parameters.items()} == {
        "a": ("string", False),
        "t": ("iri", True),
    }


def test_a_description_of_things_is_no_question(store: Store) -> None:
    """Its columns cannot be told."""
    query = f"{PREFIX}DESCRIBE ctl:Project"
    with pytest.raises(ParameterError, match="SELECT"):
        written(query, ask(store, query), SAID)


@pytest.mark.parametrize(
    ("pattern", "message", "parts"),
    [
        (
            '?c a ctl:TechnologyCluster ; ctl:acronym ?a ; ctl:none ?x . FILTER(?a = ";")',
            "nothing",
            ("?c ctl:none ?x .",),
        ),
        (
            '?c a ctl:TechnologyCluster ; ctl:acronym ?a . # all\n FILTER(?a = "AFXIL")',
            "without",
            ('FILTER(?a = "AFXIL")',),
        ),
        (
            "?a a ctl:Project . ?a a ctl:TechnologyCluster . ?a a ctl:Event .",
            "each part",
            ("?a a ctl:Project .", "?a a ctl:TechnologyCluster .", "?a a ctl:Event ."),
        ),
    ],
)
def test_what_stands_in_the_way_is_named(
    store: Store, pattern: str, message: str, parts: tuple[str, ...]
) -> None:
    """What has no match at all, else what leaves no other's matches, else that it is all of it together."""
    found = drive_now(standing(f"{PREFIX}SELECT * {{ {pattern} }}"), lambda text: ask(store, text))
    (reason,) = reasons(found)
    assert reason.text("en").startswith(message)
    assert reason.parts == parts


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ('SELECT * { ?c skos:prefLabel "Lombardy Mobility Cluster" }', '"Lombardy Mobility Cluster"@en'),
        ("SELECT * { ?o ctl:refPeriod 2022 }", '"2022"^^xsd:gYear'),
        ("SELECT ?c { ?c a ctl:Project ; ctl:memberOfNetwork ?n }", "never together for the same ?c"),
        ("SELECT * { GRAPH ?g { ?o ctl:memberCount ?k ; ctl:refPeriod ?y } }", "different sources"),
        (
            "SELECT * FROM <https://w3id.org/ctlgraph/graph/sources> { ?c a ctl:Project }",
            "nothing in the graph",
        ),
        ("BASE <https://w3id.org/ctlgraph/id/> SELECT * { <cluster/afil> ctl:acronym 7 }", "nothing in the"),
        ("# SELECT\nSELECT * { ?c a ctl:Project FILTER(?c = 7) }", "without this part"),
    ],
)
def test_what_would_have_matched_is_told(store: Store, query: str, message: str) -> None:
    """In a query of one line, with the graphs and the base that it names."""
    declared = PREFIX.strip() + " PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"
    declared += " PREFIX cluster: <https://w3id.org/ctlgraph/id/cluster/> "
    found = drive_now(standing(declared + query), lambda text: ask(store, text))
    assert message in " ".join(reason.text("en") for reason in reasons(found))


def test_a_pattern_with_matches_is_not_what_stands_in_the_way(store: Store) -> None:
    """It is what comes behind it."""
    query = f"{PREFIX}SELECT ?t (COUNT(?c) AS ?n) {{ ?c a ?t }} GROUP BY ?t HAVING (COUNT(?c) > 1000000)"
    (reason,) = reasons(drive_now(standing(query), lambda text: ask(store, text)))
    assert "HAVING" in reason.text("it")
