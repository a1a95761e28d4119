"""The store: what a query sees, what comes back, and in which bytes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ctlgraph.errors import ParameterError, QueryError, QuerySyntaxError, SourceError
from ctlgraph.store import GRAPH_FORMATS, Store
from ctlgraph.vocabulary import BASE

G = BASE + "graph/doc-003/"
XSD = "http://www.w3.org/2001/XMLSchema#"
DATA = f"""\
<{BASE}id/cluster/afil> <http://www.w3.org/2004/02/skos/core#prefLabel> "AFIL"@it <{G}1-2> .
<{BASE}id/cluster/afil> <http://www.w3.org/2004/02/skos/core#prefLabel> "AFIL"@it <{G}8-9> .
<{BASE}id/cluster/afil> <{BASE}ontology#memberCount> "144"^^<{XSD}integer> <{G}1-2> .
_:b <{BASE}ontology#memberCount> _:c <{BASE}ontology> .
""".encode()


@pytest.fixture(scope="module")
def store() -> Store:
    return Store.from_nquads(DATA)


def rows(store: Store, query: str, **dataset: tuple[str, ...]) -> list[str]:
    return store.query(query, **dataset).serialize("csv").decode().split("\r\n")[1:-1]


def test_a_fact_of_two_passages_counts_once(store: Store) -> None:
    """The default graph is the merge of all graphs, a set of triples."""
    assert rows(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == ["3"]


def test_each_passage_shows_in_its_own_graph(store: Store) -> None:
    """`GRAPH ?g` gives the source of a fact, one row for each passage."""
    assert rows(store, "SELECT ?g { GRAPH ?g { ?s ?p 'AFIL'@it } } ORDER BY ?g") == [f"{G}1-2", f"{G}8-9"]


def test_from_narrows_the_default_graph(store: Store) -> None:
    """`FROM` chooses the graphs that a query sees."""
    assert rows(store, f"SELECT (COUNT(*) AS ?n) FROM <{G}8-9> {{ ?s ?p ?o }}") == ["1"]


def test_the_protocol_may_name_the_dataset(store: Store) -> None:
    """A default graph named by the protocol replaces the union; named graphs are then only those named."""
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert rows(store, count, default_graphs=(f"{G}1-2",)) == ["2"]
    assert rows(store, named, default_graphs=(f"{G}1-2",)) == ["0"]
    assert rows(store, named, named_graphs=(f"{G}8-9",)) == ["1"]


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("SELECT * { }", "select"),
        ("ASK { }", "ask"),
        ("CONSTRUCT { } WHERE { }", "construct"),
        ("DESCRIBE <x:y>", "construct"),
    ],
)
def test_every_format_offered_is_possible(store: Store, query: str, kind: str) -> None:
    """An answer serializes in each format that it names, and says which when asked for another."""
    answer = store.query(query)
    assert answer.kind == kind
    for name in answer.formats:
        assert isinstance(store.query(query).serialize(name), bytes)
    with pytest.raises(ParameterError) as caught:
        answer.serialize("xlsx")
    assert answer.formats[0] in str(caught.value)


def test_ask_has_no_csv(store: Store) -> None:
    """The CSV and TSV formats are defined for SELECT only."""
    assert store.query("ASK { }").formats == ("json", "xml")


def test_constructed_triples_are_sorted_and_unique(store: Store) -> None:
    """The engine gives a triple once for each solution, in an order of its own."""
    lines = store.construct(f"CONSTRUCT {{ ?s a <{BASE}x> }} WHERE {{ ?s ?p ?o }}").splitlines()
    assert lines == sorted(set(lines))
    assert len(lines) == 2


def test_turtle_has_only_prefixes_in_use(store: Store) -> None:
    """A short answer has a short head."""
    text = store.query(f"CONSTRUCT WHERE {{ ?s <{BASE}ontology#memberCount> 144 }}").serialize("ttl").decode()
    assert text.count("@prefix") == 3
    assert "cluster:afil ctl:memberCount 144" in text


@pytest.mark.parametrize(
    ("query", "line", "column", "words"),
    [
        ("ASK {", 1, 6, "expected"),
        ("SELECT *\nWHERE { ?s ctlx:x ?o }", 2, 18, "PREFIX"),
        ("ASK { <relative> ?p ?o }", 1, 17, "relative"),
        ("SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o }", 1, 41, "GROUP BY"),
        ("", 1, 1, "too early"),
    ],
)
def test_syntax_errors_say_where(store: Store, query: str, line: int, column: int, words: str) -> None:
    """Line and column count from 1; the words are for people."""
    with pytest.raises(QuerySyntaxError) as caught:
        store.query(query)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_failure_of_the_engine_is_a_query_error(store: Store) -> None:
    """An unknown function is found only when the query runs."""
    with pytest.raises(QueryError, match="function"):
        store.query("SELECT * { FILTER(<x:f>(1)) }").serialize("json")


def test_canonical_form_ignores_order_and_labels() -> None:
    """RDFC-1.0: the same dataset has the same bytes, whatever the names of its blank nodes."""
    shuffled = b"".join(sorted(DATA.splitlines(keepends=True), reverse=True)).replace(b"_:b", b"_:zz")
    canonical = Store.from_nquads(DATA).canonical()
    assert canonical == Store.from_nquads(shuffled).canonical()
    assert canonical.splitlines() == sorted(canonical.splitlines())
    assert b"_:c14n0" in canonical


@pytest.mark.parametrize("name", GRAPH_FORMATS)
def test_dumps_are_the_same_bytes_in_another_process(store: Store, name: str) -> None:
    """No order of a set or of the engine's hashes shows in a dump."""
    dump = f"Store.from_nquads({DATA!r}).dump({name!r})"
    script = f"import sys; from ctlgraph import Store; sys.stdout.buffer.write({dump})"
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, check=True, env={"PYTHONHASHSEED": seed}
        )
        assert run.stdout == store.dump(name)


def test_dumps_keep_or_merge_the_graphs(store: Store) -> None:
    """nq, trig and jsonld keep the graphs; ttl and nt hold each triple once."""
    assert store.dump("nq") == store.canonical()
    assert len(store.dump("nt").splitlines()) == 3
    assert store.dump("trig").count(b"d003:1-2 {") == 1
    graphs = {entry["@id"] for entry in json.loads(store.dump("jsonld")) if "@graph" in entry}
    assert graphs == {f"{G}1-2", f"{G}8-9", f"{BASE}ontology"}


def test_one_graph_or_a_family_of_graphs_can_be_dumped(store: Store) -> None:
    """An IRI is that graph; one that ends in a slash is every graph under it."""
    assert len(store.dump("nq", f"{G}8-9").splitlines()) == 1
    assert len(store.dump("nq", G).splitlines()) == 3
    assert store.dump("nq", f"{G}8") == b""


def test_an_unknown_dump_format_is_refused(store: Store) -> None:
    """The error names the formats there are."""
    with pytest.raises(ParameterError, match="jsonld"):
        store.dump("rdfxml")


def test_damaged_nquads_are_a_source_error() -> None:
    """With the line."""
    with pytest.raises(SourceError) as caught:
        Store.from_nquads(DATA + b"oops\n")
    assert caught.value.line == 5


def test_a_missing_release_is_a_source_error(tmp_path: Path) -> None:
    """With the path."""
    with pytest.raises(SourceError, match=r"ctlgraph\.nq"):
        Store.open(tmp_path)
