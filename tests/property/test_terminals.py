"""Terminals against another reading of SPARQL: what rdflib's parser finds, and nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from pyparsing import ParseResults
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from ctlgraph.errors import QueryRefusedError
from ctlgraph.terminals import Scan, scan

PROLOGUE = "BASE <http://b.example/x/> PREFIX : <c/> PREFIX service: <http://s.example/> PREFIX from: <f#>\n"
IRIS = st.sampled_from(
    [
        "<g>",
        "<#FROM>",
        "<http://h/it's>",
        "<http://h/SERVICE>",
        "<../'>",
        ":SERVICE",
        "service:a",
        "from:b",
        ":c.d",
    ]
)
GAPS = st.sampled_from(
    [" ", "\n", "\t", " # SERVICE <x:e> { \n", "# it's \"FROM <x:g>\n", " #'''\n", "#>\r\n"]
)
VALUES = st.one_of(
    IRIS,
    st.sampled_from(
        ["?service", "$from", "_:service", "true", "1", "1.5", "2.0e3", "'x'@en-service", "'1'^^<t>"]
    ),
    st.sampled_from(
        ["'it\\'s SERVICE'", '"#"', "''", '""', "'''it's\nFROM'''", '"""a"b""c \\""""', "'<'", "'>'"]
    ),
)
TESTS = st.sampled_from(
    [
        *("?a <'x>'", "?a<?b&&?c>?d", "?a<'#'", "?a <= 1", "1<2", "?a IN (<g>, <it's>)", "(?a) <'>'"),
        *("'a'<'>'", "regex(?a, 'SERVICE {')", "bound(?from)", "!(?a<1)", "?a=<g#>", ":f(<g>)<2"),
        "<f>(?a, <it's>) <'>'",
    ]
)


def joined(*parts: Any) -> st.SearchStrategy[str]:
    """The parts, texts or strategies of texts, with a gap between each and the next."""
    mixed = [part if isinstance(part, st.SearchStrategy) else st.just(part) for part in parts]
    return st.tuples(*(each for part in mixed for each in (part, GAPS))).map("".join)


def words(word: str) -> st.SearchStrategy[str]:
    """A keyword in any case, perhaps with an escape."""
    escaped = f"\\u{ord(word[0]):04X}{word[1:]}"
    return st.sampled_from([word, word.lower(), word.title(), escaped])


def groups(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """What may stand in a group, around other groups."""
    return st.one_of(
        joined("{", inner, "}"),
        joined("OPTIONAL", "{", inner, "}"),
        joined("GRAPH", IRIS, "{", inner, "}"),
        joined(words("SERVICE"), IRIS, "{", inner, "}"),
        joined(words("SERVICE"), "SILENT", "?e", "{", inner, "}"),
        joined("FILTER", "NOT", "EXISTS", "{", inner, "}"),
        joined(
            "{",
            "SELECT",
            "?x",
            "(",
            TESTS,
            "AS",
            "?y",
            ")",
            "{",
            inner,
            "}",
            "ORDER BY",
            "(",
            TESTS,
            ")",
            "}",
        ),
        st.lists(inner, min_size=2, max_size=3).map(" ".join),
    )


LEAVES = st.one_of(
    joined("?s", IRIS, VALUES, "."),
    joined("?s", IRIS, "(", VALUES, VALUES, ")", "."),
    joined("?s", IRIS, "[", IRIS, VALUES, "]", "."),
    joined("FILTER", "(", TESTS, ")"),
    joined("BIND", "(", TESTS, "AS", "?z", ")").map(lambda text: "{" + text + "}"),
    joined("VALUES", "(?v ?w)", "{", "(", "<g>", "<it's>", ")", "}"),
)
CLAUSES = st.lists(
    st.one_of(joined(words("FROM"), IRIS), joined(words("FROM"), words("NAMED"), IRIS)), max_size=3
).map("".join)
QUERIES = joined(
    PROLOGUE,
    "SELECT",
    "*",
    CLAUSES,
    "WHERE",
    "{",
    st.recursive(LEAVES, groups, max_leaves=3),
    "}",
    "LIMIT",
    "1",
)


def found(node: Any) -> Iterator[str]:
    """The names of the parts of rdflib's algebra."""
    if isinstance(node, CompValue):
        yield node.name
    children = (
        node.values()
        if isinstance(node, dict)
        else node
        if isinstance(node, list | tuple | ParseResults)
        else ()
    )
    for child in children:
        yield from found(child)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(QUERIES)
def test_service_and_from_are_found_where_another_parser_finds_them(query: str) -> None:
    """In strings, IRIs, comments and names there are none; everywhere else there are."""
    try:
        parsed = parseQuery(query)
    except RecursionError:  # rdflib's parser takes a hundred calls for each bracket
        reject()
    service = "ServiceGraphPattern" in set(found(list(parsed)))  # before the next step takes filters away
    clauses = translateQuery(parsed).algebra.datasetClause or []
    expected = Scan(
        tuple(str(clause.default) for clause in clauses if clause.default),
        tuple(str(clause.named) for clause in clauses if clause.named),
    )
    if service:
        with pytest.raises(QueryRefusedError):
            scan(query)
    else:
        assert scan(query) == expected
