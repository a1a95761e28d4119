"""Queries made to hurt: each is refused or stopped with a clear problem, and nothing outside is touched."""

from typing import Any

import httpx
import pytest

P = "<http://example.org/knows>"
DIRECT = {"Content-Type": "application/sparql-query"}


def post(client: httpx.Client, query: str, path: str = "/sparql") -> httpx.Response:
    return client.post(path, content=query.encode(), headers=DIRECT)


def told(answer: httpx.Response) -> dict[str, Any]:
    """The problem of an answer, which must be one."""
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["title"]
    assert "\n" not in problem["detail"]
    return problem


DEEP = {
    "groups": "ASK " + "{" * 200 + "}" * 200,
    "very many groups": "ASK " + "{" * 60_000 + "}" * 60_000,
    "never closed": "ASK " + "{" * 60_000,
    "parentheses": "ASK { FILTER (" + "(" * 200 + "1" + ")" * 200 + ") }",
    "collections": "ASK { ?s ?p " + "(" * 200 + ")" * 200 + " }",
    "blank nodes": "ASK { ?s ?p " + "[?p " * 200 + "1" + "]" * 200 + " }",
    "paths": f"ASK {{ ?s {'(' * 200}{P}{')*' * 200} ?o }}",
    "subqueries": "SELECT * " + "{ SELECT * " * 200 + "{}" + "}" * 200,
    "quoted triples": "ASK { " + "<<( " * 200 + "?s ?p 1" + " )>>" * 200 + " ?p ?o }",
    "optional": "ASK { " + "OPTIONAL { " * 200 + "}" * 200 + " }",
    "exists": "ASK { " + "FILTER EXISTS { " * 200 + "}" * 200 + " }",
}


@pytest.mark.parametrize("query", DEEP.values(), ids=DEEP)
def test_deep_nesting_is_refused(target: httpx.Client, query: str) -> None:
    """Over 128 levels of brackets, before any parser sees it."""
    answer = post(target, query)
    assert answer.status_code == 400
    assert told(answer)["type"].endswith("/problem/query-depth")


LONG = {
    "operators": "SELECT (" + "!" * 50_000 + "1 AS ?x) {}",
    "minus": "SELECT (" + "- " * 50_000 + "1 AS ?x) {}",
    "sums": "SELECT (1" + "+1" * 50_000 + " AS ?x) {}",
    "unions": "ASK { {}" + " UNION {}" * 10_000 + " }",
    "optionals": "ASK { " + "OPTIONAL { ?a ?b ?c } " * 4_000 + " }",
    "minuses": "ASK { " + "MINUS { ?a ?b ?c } " * 5_000 + " }",
    "sequences": f"ASK {{ ?s {'/'.join([P] * 4_000)} ?o }}",
    "alternatives": f"ASK {{ ?s {'|'.join([P] * 4_000)} ?o }}",
    "inverses": f"ASK {{ ?s {'^' * 100_000}{P} ?o }}",
    "stars": "ASK { ?s !" + P + "*" * 100_000 + " ?o }",
    "values": "ASK { VALUES ?x { " + "1 " * 60_000 + "} }",
    "triples": "ASK { " + "?a ?b ?c . " * 10_000 + "}",
    "brackets in a string": "ASK { FILTER ('" + "(" * 100_000 + "' != '') }",
    "brackets in a comment": "ASK { #" + "{" * 100_000 + "\n }",
}


@pytest.mark.parametrize("query", LONG.values(), ids=LONG)
def test_long_queries_do_not_hurt(target: httpx.Client, query: str) -> None:
    """Whether the engine answers, refuses or crashes: the reader is told, by an answer or a problem."""
    answer = post(target, query)
    assert answer.status_code in (200, 400, 503)
    assert answer.status_code == 200 or told(answer)


CROSS = " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(12))
DOUBLING = " ".join(f"BIND (CONCAT(?s{n}, ?s{n}) AS ?s{n + 1})" for n in range(40))
SPENT = {"time", "cpu", "memory"}
STOPPED = {
    "a cross join": (f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}", SPENT),
    "a cross join without a result": (
        f"ASK {{ {CROSS} FILTER (STRLEN(STR(?a0)) + STRLEN(STR(?c11)) = 0) }}",
        SPENT,
    ),
    "a sorted cross join": (f"SELECT * {{ {CROSS} }} ORDER BY ?c1", SPENT),
    "distinct rows": (f"SELECT DISTINCT * {{ {CROSS} }}", SPENT | {"rows", "size"}),
    "a string that doubles": (f"SELECT (STRLEN(?s40) AS ?n) {{ BIND ('x' AS ?s0) {DOUBLING} }}", SPENT),
    "a concatenated cross join": (
        f"SELECT (GROUP_CONCAT(?c0) AS ?x) {{ {CROSS} }}",
        SPENT,
    ),
    "grouping by everything": (
        f"SELECT ?c1 ?c2 ?c3 {{ {CROSS} }} GROUP BY ?c1 ?c2 ?c3 ?c4",
        SPENT,
    ),
    "walks of twelve steps": (f"SELECT (COUNT(*) AS ?n) {{ ?a {'/'.join([P] * 12)} ?b }}", SPENT),
    "paths from anywhere to anywhere": (
        f"SELECT (COUNT(*) AS ?n) {{ ?a {P}* ?b . ?c {P}* ?d . ?e ({P}|^{P})+ ?f . ?g !{P}* ?h }}",
        SPENT,
    ),
    "too many rows": ("SELECT ('' AS ?x) { ?a ?b ?c }", {"rows"}),
    "too many triples": ("CONSTRUCT { ?a ?b ?f } { ?a ?b ?c . ?d ?e ?f }", SPENT | {"rows", "size"}),
    "too long an answer": (
        f"SELECT ?x {{ ?a ?b ?c BIND (REPLACE('{'9' * 100}', '9', '{'8' * 2000}') AS ?x) }} LIMIT 10",
        {"size"},
    ),
}


@pytest.mark.parametrize(("query", "limits"), STOPPED.values(), ids=STOPPED)
def test_a_query_over_a_limit_is_stopped(target: httpx.Client, query: str, limits: set[str]) -> None:
    """The problem names the limit, its value and its unit."""
    answer = post(target, query)
    problem = told(answer)
    assert answer.status_code == 503
    assert problem["limit"] in limits
    assert problem["value"]
    assert problem["unit"]


REGEX = {
    "nested repetition": "REGEX('" + "a" * 5_000 + "!', '^(a+)+$')",
    "alternatives that overlap": "REGEX('" + "a" * 5_000 + "!', '^(a|aa)+$')",
    "many optional": "REGEX('" + "a" * 200 + "', '^" + "a?" * 200 + "a" * 200 + "$')",
    "many anything": "REGEX('" + "x" * 5_000 + "', '" + ".*" * 50 + "y')",
    "counted within counted": "REGEX('x', '((x{1,1000}){1,1000}){1,1000}')",
    "replacement": "REPLACE('" + "a" * 5_000 + "!', '(a*)*b', 'x') = ''",
    "back reference": r"REGEX('aa', '(a)\\1')",
    "look-ahead": "REGEX('aa', '(?=a)a')",
}


@pytest.mark.parametrize("expression", REGEX.values(), ids=REGEX)
def test_regular_expressions_stay_linear(target: httpx.Client, expression: str) -> None:
    """None reaches the time limit: the engine does not backtrack; what it refuses is an error."""
    assert post(target, f"ASK {{ FILTER ({expression}) }}").status_code == 200


SERVICES = [
    "ASK { SERVICE <http://127.0.0.1:PORT/> { ?s ?p ?o } }",
    "ASK { service silent <http://127.0.0.1:PORT/> { ?s ?p ?o } }",
    "ASK { SERVICE#\n#SERVICE\n<http://127.0.0.1:PORT/> {} }",
    "ASK {SERVICE<http://127.0.0.1:PORT/>{}}",
    "PREFIX x: <http://127.0.0.1:> ASK { SERVICE x:PORT { ?s ?p ?o } }",
    "BASE <http://127.0.0.1:PORT/> ASK { SERVICE <sparql> { ?s ?p ?o } }",
    "ASK { VALUES ?e { <http://127.0.0.1:PORT/> } SERVICE ?e { ?s ?p ?o } }",
    "ASK { BIND (IRI('http://127.0.0.1:PORT/') AS ?e) SERVICE ?e { ?s ?p ?o } }",
    "ASK { OPTIONAL { SERVICE <http://127.0.0.1:PORT/> { ?s ?p ?o } } }",
    "ASK { FILTER NOT EXISTS { SERVICE <http://127.0.0.1:PORT/> { ?s ?p ?o } } }",
    "ASK { { SELECT * { SERVICE <http://127.0.0.1:PORT/> { ?s ?p ?o } } } }",
    "SELECT (EXISTS { SERVICE <http://127.0.0.1:PORT/> {} } AS ?x) { }",
    "CONSTRUCT WHERE { SERVICE <http://127.0.0.1:PORT/> { ?s ?p ?o } }",
    "DESCRIBE ?s { SERVICE <http://127.0.0.1:PORT/> { ?s ?p ?o } }",
    "ASK { SERVICE <FILE> { ?s ?p ?o } }",
    'ASK { \'\'\'}\'\'\' ?p """\\"""" SERVICE <http://127.0.0.1:PORT/> {} }',
    "ASK { FILTER (?a < 1) SERVICE <http://127.0.0.1:PORT/> {} FILTER (?a > 1) }",
    "ASK { ?s <x:#> 'a' SERVICE <http://127.0.0.1:PORT/> {} }",
]
LOADS = [
    "LOAD <http://127.0.0.1:PORT/>",
    "LOAD <FILE>",
    "load silent <FILE> into graph <x:g>",
    "#\nLOAD#\n<FILE>",
    "PREFIX : <x:> BASE <x:> LOAD <FILE>",
]
ESCAPED = [
    "ASK { \\u0053ERVICE <http://127.0.0.1:PORT/> { ?s ?p ?o } }",
    "ASK { SERVIC\\U00000045 <http://127.0.0.1:PORT/> { ?s ?p ?o } }",
    "\\u004CO\\u0041D <FILE>",
    "ASK F\\u0052OM <FILE> { ?s ?p ?o }",
    "ASK FROM <http://127.0.0.1:\\u0050ORT/> { ?s ?p ?o }",
    "\ufeffLOAD <FILE>",
    "ASK {} ; LOAD <FILE>",
    "ASK {} LOAD <FILE>",
    "INSERT DATA {} ; LOAD <FILE>",
    "ASK { <x:\\u003E SERVICE <http://127.0.0.1:PORT/> {} }",
]
FROMS = [
    "ASK FROM <FILE> { ?s ?p ?o }",
    "ASK FROM NAMED <FILE> { GRAPH ?g { ?s ?p ?o } }",
    "ASK from#\n<FILE> { ?s ?p ?o }",
    "SELECT * FROM <http://127.0.0.1:PORT/x.ttl> { ?s ?p ?o }",
    "CONSTRUCT FROM <http://localhost:PORT/x.ttl> WHERE { ?s ?p ?o }",
    "DESCRIBE <x:s> FROM <http://[::1]:PORT/x.ttl>",
    "BASE <FILE> ASK FROM <> { ?s ?p ?o }",
    "BASE <FILE> ASK FROM <./canary.nt> { ?s ?p ?o }",
    "PREFIX : <FILE> ASK FROM : { ?s ?p ?o }",
    "ASK FROM <file:///etc/passwd> { ?s ?p ?o }",
    "ASK FROM <ftp://127.0.0.1:PORT/> FROM <jar:FILE!/x> { ?s ?p ?o }",
    "ASK FROM <data:text/turtle,%3Cx:a%3E%20a%20%3Cx:b%3E> { ?s ?p ?o }",
]


@pytest.mark.parametrize("query", SERVICES + LOADS + FROMS)
def test_no_query_reaches_out(target: httpx.Client, lure: Any, query: str) -> None:
    """SERVICE, LOAD, and FROM of what is not in the data: refused, in every spelling."""
    answer = post(target, lure(query))
    assert answer.status_code == 403
    assert told(answer)["type"].endswith("/problem/query-refused")
    assert not lure.touched()


@pytest.mark.parametrize("query", ESCAPED)
def test_no_query_reaches_out_in_disguise(target: httpx.Client, lure: Any, query: str) -> None:
    """What hides a keyword is refused as such, or is no SPARQL at all."""
    answer = post(target, lure(query))
    assert answer.status_code in (400, 403)
    assert told(answer)
    assert not lure.touched()
