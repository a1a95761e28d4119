"""Compact JSON-LD says exactly what the statements do, in words that a program can guess."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyld import jsonld  # type: ignore[import-untyped]

from ctlgraph.export.compact import compacted
from ctlgraph.export.words import CLASSES, DECLARED, USES, Words
from ctlgraph.release import Release
from ctlgraph.store import Store, canonical, triples
from ctlgraph.vocabulary import BASE

CONTEXT = "https://example.org/context.jsonld"
CTL = f"{BASE}ontology#"


def words_of(nquads: bytes) -> Words:
    """The words of a small graph."""
    store = Store.from_nquads(nquads)

    def rows(query: str) -> list[dict[str, str]]:
        found = json.loads(store.query(query).serialize("json"))["results"]["bindings"]
        return [{name: cell["value"] for name, cell in row.items()} for row in found]

    uses = [(row["p"], row["kind"]) for row in rows(USES)]
    terms = [(row["term"], row["kind"]) for row in rows(DECLARED)]
    return Words.of(uses, [*terms, *((row["class"], "") for row in rows(CLASSES))])


def said(document: bytes, context: bytes) -> bytes:
    """What another program reads in a document, as canonical N-Quads."""

    def load(address: str, _: Mapping[str, Any]) -> Mapping[str, Any]:
        assert address == CONTEXT
        return {"contextUrl": None, "documentUrl": address, "document": json.loads(context)}

    options = {"format": "application/n-quads", "documentLoader": load, "rdfDirection": None}
    return canonical(jsonld.to_rdf(json.loads(document), options).encode())


def written(nquads: bytes, words: Words | None = None) -> tuple[dict[str, Any], bytes, bytes]:
    """A graph as a document, what PyLD reads there, and what it should."""
    words = words or words_of(nquads)
    document = compacted(triples(nquads), words, CONTEXT)
    lines = b"".join(line.rsplit(b" <g:", 1)[0] + b" .\n" for line in nquads.splitlines() if line)
    lines = lines.replace(b" . .", b" .")
    return json.loads(document), said(document, words.context()), canonical(lines)


def test_the_keys_are_words_and_the_languages_are_keys() -> None:
    """Who has never seen RDF reads names, numbers and dates."""
    data = f"""
<{BASE}id/cluster/x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{CTL}TechnologyCluster> .
<{BASE}id/cluster/x> <http://www.w3.org/2004/02/skos/core#prefLabel> "uno"@it .
<{BASE}id/cluster/x> <http://www.w3.org/2004/02/skos/core#prefLabel> "one"@en .
<{BASE}id/cluster/x> <{CTL}memberCount> "83"^^<http://www.w3.org/2001/XMLSchema#integer> .
<{BASE}id/cluster/x> <{CTL}startDate> "2022-01-02"^^<http://www.w3.org/2001/XMLSchema#date> .
<{BASE}id/cluster/x> <{CTL}locatedIn> <{BASE}id/place/y> .
""".encode()
    document, read, meant = written(data)
    assert document == {
        "@context": CONTEXT,
        "id": f"{BASE}id/cluster/x",
        "type": "TechnologyCluster",
        "prefLabel": {"en": "one", "it": "uno"},
        "locatedIn": f"{BASE}id/place/y",
        "memberCount": 83,
        "startDate": "2022-01-02",
    }
    assert list(document)[:4] == ["@context", "id", "type", "prefLabel"]
    assert read == meant


def test_two_properties_that_end_alike_have_two_words() -> None:
    """The first of the namespaces has the word, the other keeps its prefix."""
    data = b"""<x:a> <http://purl.org/dc/terms/title> "a" .
<x:a> <http://xmlns.com/foaf/0.1/title> "b" .
<x:a> <http://purl.org/dc/terms/type> <x:t> .
<x:a> <https://example.org/own> "c" .
"""
    document, read, meant = written(data)
    assert {"title": "a", "foaf:title": "b", "dct:type": "x:t", "https://example.org/own": "c"}.items() <= (
        document.items()
    )
    assert read == meant


def test_a_value_that_the_context_does_not_foresee_says_what_it_is() -> None:
    """A context may be older than the data, or of other data: nothing changes its meaning."""
    foreseen = words_of(b"""<x:a> <http://purl.org/dc/terms/title> "a"@it .
<x:a> <http://purl.org/dc/terms/date> "2022-01-01"^^<http://www.w3.org/2001/XMLSchema#date> .
<x:a> <http://purl.org/dc/terms/subject> <x:b> .
<x:a> <http://purl.org/dc/terms/extent> "1"^^<http://www.w3.org/2001/XMLSchema#decimal> .
""")
    data = b"".join(
        f"<x:a> <http://purl.org/dc/terms/{name}> {value} .\n".encode()
        for name in ("title", "date", "subject", "extent", "none")
        for value in (
            *("<x:c>", "_:b", '"text"', '"testo"@it', '"2022"^^<http://www.w3.org/2001/XMLSchema#gYear>'),
            '"7"^^<http://www.w3.org/2001/XMLSchema#integer>',
            '"07"^^<http://www.w3.org/2001/XMLSchema#integer>',
            '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>',
            '"1"^^<http://www.w3.org/2001/XMLSchema#boolean>',
            '"9007199254740993"^^<http://www.w3.org/2001/XMLSchema#integer>',
            '"2022-01-01"^^<http://www.w3.org/2001/XMLSchema#date>',
            '"1.5"^^<http://www.w3.org/2001/XMLSchema#decimal>',
        )
    )
    _, read, meant = written(data, foreseen)
    assert read == meant


def test_lists_and_what_has_no_name_stand_inside() -> None:
    """And circles, lists that lead nowhere and nodes that two lead to do not get lost."""
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    data = f"""<x:a> <x:list> _:l1 .
_:l1 <{rdf}first> "one" .
_:l1 <{rdf}rest> _:l2 .
_:l2 <{rdf}first> _:deep .
_:l2 <{rdf}rest> <{rdf}nil> .
_:deep <x:p> "in" .
<x:a> <x:empty> <{rdf}nil> .
<x:a> <x:broken> _:b1 .
_:b1 <{rdf}first> "lost" .
_:c1 <x:p> _:c2 .
_:c2 <x:p> _:c1 .
<x:a> <x:p> _:two .
<x:b> <x:p> _:two .
_:two <x:p> "shared" .
""".encode()
    document, read, meant = written(data)
    assert read == meant
    (first,) = (each for each in document["@graph"] if each["id"] == "x:a")
    assert first["x:list"] == {"@list": ["one", {"x:p": "in"}]}


NODES = st.sampled_from(["<x:a>", "<x:b>", "_:c", "_:d", "_:e"])
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5).map(
    lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
)
VALUES = st.one_of(
    NODES,
    TEXTS,
    st.tuples(TEXTS, st.sampled_from(["@it", "@en", "^^<x:type>"])).map("".join),
    st.integers().map(lambda n: f'"{n}"^^<http://www.w3.org/2001/XMLSchema#integer>'),
)
PREDICATES = st.sampled_from(
    [
        *("<x:p>", f"<{CTL}p>", "<http://purl.org/dc/terms/p>"),
        *(f"<http://www.w3.org/1999/02/22-rdf-syntax-ns#{name}>" for name in ("type", "first", "rest")),
    ]
)


@given(st.lists(st.tuples(NODES, PREDICATES, VALUES), min_size=1, max_size=12))
def test_any_graph_comes_back(statements: list[tuple[str, str, str]]) -> None:
    """Whatever the shape of a graph."""
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    sound = [each for each in statements if each[1] != f"<{rdf}type>" or not each[2].startswith('"')]
    data = "".join(f"{' '.join(each)} .\n" for each in sound).encode()
    if sound:
        _, read, meant = written(data)
        assert read == meant


@pytest.mark.slow
def test_the_whole_release_comes_back(release: Release) -> None:
    """Everything it says, blank nodes and lists included, through another program."""
    nquads = (release.path / "ctlgraph.nq").read_bytes()
    words = words_of(nquads)
    merged = b"".join(line.rsplit(b" ", 2)[0] + b" .\n" for line in nquads.splitlines())
    document = compacted(triples(nquads), words, CONTEXT)
    assert said(document, words.context()) == canonical(merged)
    assert not re.findall(rb'"ctl:\w+":', document), "every term of ours has a word"
