"""The statements behind an answer, of small data with known reasons and of every saved query."""

import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from ctlgraph.catalogue import read
from ctlgraph.catalogue.evidence import evidence
from ctlgraph.release import Release
from ctlgraph.sources import root
from ctlgraph.store import Store

EX = "http://example.org/"
DATA = """
<a> <kind> <Cluster> <g1> .   <b> <kind> <Cluster> <g1> .  <c> <kind> <Cluster> <g1> .
<a> <name> "A" <g2> .         <a> <name> "A" <g3> .        <b> <name> "B" <g2> .
<a> <in> <n1> <g2> .          <n1> <part> <n2> <g2> .      <n2> <part> <n3> <g4> .
<b> <in> <n3> <g3> .          <a> <left> <n3> <g5> .       <c> <other> <n1> <g5> .
""".replace("<", f"<{EX}")
NO_STATEMENTS: Mapping[str, str] = {}
"""Saved queries of whose rows some rest on no statement, with the reason."""


@pytest.fixture(scope="module")
def store() -> Store:
    return Store.from_nquads(
        "\n".join(f"{line.strip()} ." for line in DATA.split(" .") if line.strip()).encode()
    )


def rows(store: Store, text: str) -> list[dict[str, dict[str, str]]]:
    found: list[dict[str, dict[str, str]]] = json.loads(store.query(text).serialize("json"))["results"][
        "bindings"
    ]
    return found


def behind(store: Store, query: str, **row: str) -> set[str]:
    """The statements as "subject predicate object graph", without the beginning of their IRIs."""
    text = f"PREFIX : <{EX}>\n{query}"
    asked: Any = SimpleNamespace(text=text)
    found = rows(store, evidence(asked, text, row))
    return {" ".join(each[name]["value"].removeprefix(EX) for name in "spog") for each in found}


A, B, C = (f"<{EX}{name}>" for name in "abc")


def test_a_row_rests_on_what_its_patterns_match(store: Store) -> None:
    """In every graph that says so, and nothing of other rows."""
    query = "SELECT ?x ?name { ?x :kind :Cluster ; :name ?name }"
    assert behind(store, query, x=A) == {"a kind Cluster g1", "a name A g2", "a name A g3"}
    assert behind(store, query, x=B, name='"B"') == {"b kind Cluster g1", "b name B g2"}


def test_the_whole_answer_rests_on_what_all_rows_do(store: Store) -> None:
    """Without a row nothing is narrowed, but what the query itself leaves out."""
    assert behind(store, "SELECT ?x { ?x :name 'B' }") == {"b name B g2"}
    assert behind(store, "SELECT ?x { ?x :kind :Cluster } ORDER BY ?x LIMIT 1") == {"a kind Cluster g1"}
    assert behind(store, "ASK { ?x :part :n3 }") == {"n2 part n3 g4"}
    assert behind(store, "CONSTRUCT { ?x :is :there } WHERE { ?x :part :n3 }") == {"n2 part n3 g4"}


def test_an_option_counts_where_it_holds(store: Store) -> None:
    """Half of it is no reason: C has no name, and what N1 is part of does not matter to B."""
    query = "SELECT ?x { ?x :kind :Cluster OPTIONAL { ?x :in ?n . ?n :part ?m } }"
    assert behind(store, query, x=A) == {"a kind Cluster g1", "a in n1 g2", "n1 part n2 g2"}
    assert behind(store, query, x=B) == {"b kind Cluster g1"}


def test_of_alternatives_those_count_that_hold(store: Store) -> None:
    query = "SELECT ?x { { ?x :in :n3 } UNION { ?x :left :n3 } UNION { ?x :other ?y } }"
    assert behind(store, query, x=A) == {"a left n3 g5"}
    assert behind(store, query, x=B) == {"b in n3 g3"}


def test_what_must_not_be_there_is_no_reason(store: Store) -> None:
    query = "SELECT ?x { ?x :kind :Cluster MINUS { ?x :in ?n } FILTER NOT EXISTS { ?x :left ?n } }"
    assert behind(store, query) == {"c kind Cluster g1"}


def test_what_has_to_exist_is_a_reason(store: Store) -> None:
    """In a FILTER and in a BIND, whose value narrows the row."""
    query = "SELECT ?x { ?x :kind :Cluster FILTER EXISTS { ?x :in ?n . ?n :part ?m } }"
    assert behind(store, query) == {"a kind Cluster g1", "a in n1 g2", "n1 part n2 g2"}
    query = "SELECT ?x ?there { ?x :kind :Cluster BIND (EXISTS { ?x :left :n3 } AS ?there) }"
    assert behind(store, query, there="true") == {"a kind Cluster g1", "a left n3 g5"}


def test_a_graph_that_is_named_is_the_one(store: Store) -> None:
    assert behind(store, f"SELECT ?x {{ GRAPH <{EX}g3> {{ ?x :name ?name }} }}") == {"a name A g3"}
    assert behind(store, "SELECT ?x ?g { GRAPH ?g { ?x :name ?name } }", g=f"<{EX}g2>", x=A) == {
        "a name A g2"
    }


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (":in/:part", {"a in n1 g2", "n1 part n2 g2"}),
        ("^:part/^:in", set()),
        (":in/:part+", {"a in n1 g2", "n1 part n2 g2", "n2 part n3 g4"}),
        (":in/:part*", {"a in n1 g2", "n1 part n2 g2", "n2 part n3 g4"}),
        (":in|:left", {"a in n1 g2", "a left n3 g5"}),
        (":in?", {"a in n1 g2"}),
        ("!(:kind|:name|:in)", {"a left n3 g5"}),
    ],
)
def test_a_path_rests_on_its_steps(store: Store, path: str, expected: set[str]) -> None:
    """Each step of each way from one end to the other."""
    assert behind(store, f"SELECT ?x ?y {{ ?x {path} ?y }}", x=A) == expected


def test_a_path_can_be_walked_backwards(store: Store) -> None:
    assert behind(store, "SELECT ?x ?y { ?y ^:part/^:in ?x }", x=A) == {"a in n1 g2", "n1 part n2 g2"}


def test_a_blank_node_joins_its_triples(store: Store) -> None:
    """What is said of N3 is no reason, since N3 is part of nothing."""
    assert behind(store, "SELECT ?x { ?x :in [ :part ?n ] }") == {"a in n1 g2", "n1 part n2 g2"}


def test_a_number_rests_on_what_was_counted(store: Store) -> None:
    """Of its own group, if the group is a column; else of all."""
    query = "SELECT ?x (COUNT(?name) AS ?names) { ?x :kind :Cluster OPTIONAL { ?x :name ?name } } GROUP BY ?x"
    assert behind(store, query, x=B, names="1") == {"b kind Cluster g1", "b name B g2"}
    assert behind(store, "SELECT (COUNT(*) AS ?n) { ?x :in ?y }", n="2") == {"a in n1 g2", "b in n3 g3"}


def test_groups_that_are_left_out_are_no_reason(store: Store) -> None:
    query = "SELECT ?n { ?x :in|:left ?n } GROUP BY ?n HAVING (COUNT(*) > 1)"
    assert behind(store, query) == {"b in n3 g3", "a left n3 g5"}


def test_subqueries_are_looked_into(store: Store) -> None:
    """With what they share with the rest; a comment and a string with braces are none of it."""
    query = """SELECT ?x ?n { # } SELECT {
        { SELECT ?x (COUNT(?y) AS ?n) { ?x :in|:left ?y FILTER (?y != "}") } GROUP BY ?x }
        FILTER NOT EXISTS { { SELECT ?x { ?x :none ?y } } }
        { SELECT ?x { { SELECT ?x { ?x :name ?name } } } }
    }"""
    assert behind(store, query, x=B, n="1") == {"b in n3 g3", "b name B g2"}
    assert behind(store, "SELECT ?x { { SELECT ?x { ?x :left ?y } } }") == {"a left n3 g5"}
    assert behind(store, "SELECT ?x { SELECT ?x { ?x :left ?y } }", x=A) == {"a left n3 g5"}
    assert behind(store, "SELECT ?x { SELECT * { ?x :left ?y } }", x=A) == {"a left n3 g5"}


@pytest.fixture(scope="module")
def released(release: Release) -> Store:
    return Store.from_nquads((release.path / "ctlgraph.nq").read_bytes())


def spelled(term: Mapping[str, str]) -> str:
    if term["type"] == "uri":
        return f"<{term['value']}>"
    text = json.dumps(term["value"])
    if "xml:lang" in term:
        return f"{text}@{term['xml:lang']}"
    return f"{text}^^<{term['datatype']}>" if "datatype" in term else text


CATALOGUE = read(root())


@pytest.mark.parametrize("name", sorted(name for name, saved in CATALOGUE.items() if saved.kind == "select"))
def test_each_row_of_each_question_rests_on_statements(released: Store, name: str) -> None:
    """And each of these is a statement of the release, in the graph that it is said to be in."""
    saved = CATALOGUE[name]
    without = []
    for row in rows(released, saved.text):
        term = {column: spelled(cell) for column, cell in row.items()}
        found = rows(released, evidence(saved, saved.text, term))
        without += [] if found else [row]
        for each in found[:3]:
            s, p, o, g = (spelled(each[key]) for key in "spog")
            assert json.loads(released.query(f"ASK {{ GRAPH {g} {{ {s} {p} {o} }} }}").serialize("json"))[
                "boolean"
            ]
    assert bool(without) == (name in NO_STATEMENTS), without
