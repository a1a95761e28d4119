"""Terminals: what a query names, in every disguise, and how deep it nests."""

from contextlib import suppress

import pyoxigraph as engine
import pytest

from ctlgraph.errors import QueryLimitError, QueryRefusedError, SourceError
from ctlgraph.sources.turtle import parse
from ctlgraph.store import Store
from ctlgraph.terminals import MAX_DEPTH, Scan, check_depth, decode, scan

EMPTY = Store.from_nquads(b"")


@pytest.mark.parametrize(
    "query",
    [
        "ASK { SERVICE <x:e> { } }",
        "ASK { service silent <x:e> { } }",
        "ASK{sErViCe?e{}}",
        "PREFIX : <x:> ASK { SERVICE :e { } }",
        "PREFIX : <x:> ASK { SERVICE:e { } }",
        "PREFIX : <x:> PREFIX service: <x:> ASK { service:e { } }",
        "PREFIX : <x:> ASK { SERVICESILENT:e { } }",
        "ASK { # a comment\nSERVICE#another\n<x:e> { } }",
        r"ASK { \u0053ERVICE <x:e> { } }",
        r"ASK { S\U00000045\u0052VICE <x:e> { } }",
        "ASK { ?s ?p 'it', 's' . SERVICE <x:e> { } }",
        "ASK { ?s ?p 1.SERVICE <x:e> { } }",
        "ASK { ?s ?p 'a\\'' . SERVICE <x:e> { } # '\n }",
        'ASK { ?s ?p """a"b""\\"""" . SERVICE <x:e> { } # """\n }',
        "ASK { FILTER(?a <'x>') SERVICE <x:e> { } FILTER(?b = '1') }",
        "ASK { FILTER(?a <?b#>\n) SERVICE <x:e> { } #'''\n }",
        "ASK { FILTER <x:f>(?a <'x>') SERVICE <x:e> { } FILTER(?b = '1') }",
        "ASK { { SELECT ?x (?a <'x>' AS ?y) { } } SERVICE <x:e> { } FILTER(?b = '1') }",
        "ASK { ?s ?p <x:it's> . SERVICE <x:e> { } FILTER(?b = '1') }",
        "ASK { ?s ?p (<x:a> <x:it's>) . SERVICE <x:e> { } FILTER(?b = '1') }",
        "ASK { VALUES (?a ?b) { (<x:a> <x:it's>) } SERVICE <x:e> { } FILTER(?b = '1') }",
        "ASK { ?s ?p <x:a#b> . SERVICE <x:e> { } }",
        "PREFIX a: <x:> ASK { ?s ?p a:b\\#c . SERVICE <x:e> { } }",
        "SELECT * { ?s ?p ?o FILTER EXISTS { OPTIONAL { SERVICE <x:e> { } } } }",
    ],
)
def test_service_is_found_in_every_disguise(query: str) -> None:
    """Each of these the engine reads as a call of another endpoint."""
    with pytest.raises(QueryRefusedError, match="SERVICE"):
        scan(query)
    with suppress(OSError, RuntimeError):  # but no SyntaxError
        engine.Store().query(decode(query))


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?service ?p $SERVICE }",
        "ASK { ?s ?p 'SERVICE <x:e> { }' , \"FROM <x:g>\" }",
        "ASK { ?s ?p '''it's\nSERVICE <x:e> { }''' }",
        "ASK { ?s ?p <x:SERVICE> , <x:a#SERVICE> , <x:FROM> }",
        "ASK { # SERVICE <x:e> { }\n}",
        "ASK { } # FROM <x:g>",
        "PREFIX service: <x:> PREFIX from: <x:> ASK { service:a from:b service:SERVICE }",
        "PREFIX service: <x:> ASK { GRAPH service:g { ?s ?p ?o } }",
        "PREFIX service: <x:> CONSTRUCT { service:a service:b service:c } WHERE { }",
        "ASK { ?s ?p 'a'@en-service }",
        "PREFIX a: <x:> ASK { a:SERVICE ?p _:SERVICE }",
        r"ASK { ?s ?p '\u0022 SERVICE <x:e> { } ' }",
        "ASK { FILTER(?a <?service&&?b> 1) }",
    ],
)
def test_what_only_looks_like_service_or_from_is_let_through(query: str) -> None:
    """Strings, comments, IRIs, variables and names may say what they like, and the engine answers."""
    assert scan(query) == Scan()
    EMPTY.query(query).serialize("nt" if "CONSTRUCT" in query else "json")


@pytest.mark.parametrize(
    ("query", "default", "named"),
    [
        ("SELECT * FROM <x:g> { }", ["x:g"], []),
        ("select*from<x:g>from named<x:h>{}", ["x:g"], ["x:h"]),
        ("ASK FROM\n#c\n<x:g> FROM <x:h> FROM NAMED # d\n<x:g> { }", ["x:g", "x:h"], ["x:g"]),
        ("BASE <http://h/a/b?q> ASK FROM <g> FROM <#f> FROM <../c> { }",
         ["http://h/a/g", "http://h/a/b?q#f", "http://h/c"], []),
        ("BASE <x:> ASK FROM <g> { }", ["x:g"], []),
        ("BASE <http://h/a/> BASE <b/> PREFIX : <c/> ASK FROM :d { }", ["http://h/a/b/c/d"], []),
        ("PREFIX a: <x:> PREFIX a: <y:> ASK FROM a:g\\-1 FROM NAMED a: { }", ["y:g-1"], ["y:"]),
        ("PREFIX from: <x:> ASK FROM from:from FROM NAMED from:named { }", ["x:from"], ["x:named"]),
        (r"ASK FROM <x:\u0067> { }", ["x:g"], []),
        (r"ASK \u0046ROM <x:g> { }", ["x:g"], []),
        ("VERSION '1.2' DESCRIBE <x:a> FROM <x:g>", ["x:g"], []),
        ("CONSTRUCT FROM <x:g> WHERE { ?s ?p ?o }", ["x:g"], []),
    ],
)  # fmt: skip
def test_from_names_graphs_by_absolute_iris(query: str, default: list[str], named: list[str]) -> None:
    """BASE and PREFIX hold from where they stand."""
    assert scan(query) == Scan(tuple(default), tuple(named))


def test_relative_iris_are_resolved_against_the_base_of_the_request() -> None:
    """Unless the query has its own; without any the engine complains, not we."""
    query = "ASK FROM <g> { }"
    assert scan(query, "http://h/a/b").default_graphs == ("http://h/a/g",)
    assert scan("BASE <c/> " + query, "http://h/a/b").default_graphs == ("http://h/a/c/g",)
    assert scan(query).default_graphs == ()


@pytest.mark.parametrize(
    ("query", "volatile"),
    [
        ("SELECT (NOW() AS ?n) { }", True),
        ("SELECT * { FILTER(rand()<0.5) }", True),
        ("SELECT * { BIND(uuid() AS ?x) }", True),
        ("SELECT * { BIND(StrUUID() AS ?x) }", True),
        (r"SELECT (\u004EOW() AS ?n) { }", True),
        ("SELECT ?now { ?now <x:rand> 'NOW()' } # UUID()", False),
        ("PREFIX now: <x:> SELECT * { now:a now:b ?rand }", False),
    ],
)
def test_a_query_that_answers_otherwise_each_time_is_known(query: str, volatile: bool) -> None:
    """So that its answer is not kept."""
    assert scan(query).volatile is volatile


@pytest.mark.parametrize(
    ("query", "operation"),
    [
        ("LOAD <http://127.0.0.1/>", "LOAD"),
        ("# a\nBASE <x:> PREFIX a: <x:> PREFIX : <x:> load silent <file:///etc/passwd>", "LOAD"),
        ("INSERT DATA { <x:a> <x:b> <x:c> }", "SPARQL Update"),
        ("PREFIX a:<x:>#b\nDELETE WHERE { ?s ?p ?o }", "SPARQL Update"),
        (r"\u0043LEAR ALL", "SPARQL Update"),
        ("WITH <x:g> DELETE { } WHERE { }", "SPARQL Update"),
        ("drop all", "SPARQL Update"),
    ],
)
def test_an_update_is_refused_by_name(query: str, operation: str) -> None:
    """Also where a reader thought it a query."""
    with pytest.raises(QueryRefusedError) as caught:
        scan(query)
    assert caught.value.operation == operation


@pytest.mark.parametrize(
    ("opening", "closing"), [("{", "}"), ("(", ")"), ("[", "]"), ("<<", ">>"), ("<<(", ")>>"), ("{(", ")}")]
)
def test_nesting_is_bounded(opening: str, closing: str) -> None:
    """128 levels of any brackets are taken, one more is not; brackets side by side are no nesting."""
    times = MAX_DEPTH // (2 if opening == "{(" else 1)
    assert scan("ASK " + opening * times + closing * times) == Scan()
    assert scan("ASK " + (opening + closing) * 1000) == Scan()
    with pytest.raises(QueryLimitError) as caught:
        scan("ASK " + opening * (times + 1) + closing * (times + 1))
    assert (caught.value.limit, caught.value.value, caught.value.unit) == ("depth", 128, "levels")


def test_brackets_in_strings_iris_and_comments_are_no_nesting() -> None:
    """A text may be full of them."""
    brackets = "([{" * 100
    assert scan(f"ASK {{ ?s ?p '{brackets}', '''{brackets}''', <x:{'(' * 200}> }} # {brackets}") == Scan()


@pytest.mark.parametrize(
    "text",
    ["'", '"', "'''", '\\"""x\n', "<a ", "<", "a-", "a:", ":", ".", "1 ", "?", "\\", "_", "#\n", "''''"],
)
def test_a_hostile_text_is_read_once(text: str) -> None:
    """Unclosed strings and their like cost no more than their length: this would take minutes otherwise."""
    with suppress(QueryLimitError):
        scan("ASK # FROM\n" + text * 20_000)
    with suppress(SourceError):
        check_depth("x.ttl", text.encode() * 200_000)


@pytest.mark.parametrize(
    ("query", "decoded"),
    [
        (r"\u0041SK { ?\u0073 a:\u00e9 ?o }", "ASK { ?s a:é ?o }"),
        (r"'\u0041' <x:\u0041> # \u0041", r"'\u0041' <x:\u0041> # \u0041"),
        (r"ASK { a:\\u0041 }", r"ASK { a:\\u0041 }"),
        (r"\uD800 \U00110000", r"\uD800 \U00110000"),
    ],
)
def test_escapes_outside_strings_and_iris_are_replaced(query: str, decoded: str) -> None:
    """Section 19.2 replaces code points before anything is parsed; the engine knows only those in strings."""
    assert decode(query) == decoded


def test_turtle_from_outside_is_not_nested_without_end() -> None:
    """The error names the line."""
    fine = b"<x:a> <x:b> '" + b"[" * 500 + b"', " + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH + b" ."
    check_depth("x.ttl", fine + b"# " + b"[" * 500)
    with pytest.raises(SourceError, match="128") as caught:
        check_depth("x.ttl", b"<x:a> <x:b>\n" + b"[ <x:b> " * 200)
    assert caught.value.line == 2


def test_the_sources_of_a_release_are_guarded_too() -> None:
    """Their parser calls itself for each bracket, and would end in Python's own limit."""
    with pytest.raises(SourceError, match="128"):
        parse("x.ttl", b"<x:a> <x:b> " + b"(" * 129 + b")" * 129 + b" .")
    assert parse("x.ttl", b"<x:a> <x:b> " + b"[ <x:b> " * 20 + b"1 " + b"]" * 20 + b" .").statements
