"""The SPARQL 1.1 Protocol for queries, through a real server."""

import gzip
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import httpx
import pytest
from rdflib import Dataset, Graph, Variable
from rdflib.query import Result

ASK = "ASK { ?s ?p ?o }"
SELECT = "SELECT ?s ?n { ?s <https://w3id.org/ctlgraph/ontology#memberCount> ?n }"
CONSTRUCT = "CONSTRUCT WHERE { ?s <https://w3id.org/ctlgraph/ontology#memberCount> ?n }"
PASSAGE = "https://w3id.org/ctlgraph/graph/doc-000/3-4"
VOCABULARY = "https://w3id.org/ctlgraph/vocab/certainty"
AFIL = "<https://w3id.org/ctlgraph/id/cluster/afil>"
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(12)) + " }"
JSON = "application/sparql-results+json"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def ask(client: httpx.Client, query: str, accept: str | None = None, **parameters: str) -> httpx.Response:
    headers = {} if accept is None else {"Accept": accept}
    return client.get("/sparql", params={"query": query, **parameters}, headers=headers)


@pytest.mark.parametrize(
    "sent",
    [
        {"method": "GET", "params": {"query": ASK}},
        {"method": "POST", "data": {"query": ASK}},
        {"method": "POST", "content": ASK, "headers": {"Content-Type": QUERY}},
        {"method": "POST", "content": ASK, "headers": {"Content-Type": f"{QUERY}; charset=utf-8"}},
    ],
    ids=["GET", "POST form", "POST query", "POST query with charset"],
)
def test_a_query_arrives_in_three_ways(client: httpx.Client, sent: dict[str, Any]) -> None:
    """Protocol, section 2.1."""
    answer = client.request(url="/sparql", **sent)
    assert (answer.status_code, answer.json()["boolean"]) == (200, True)


@pytest.mark.parametrize(
    ("query", "accept", "sent"),
    [
        (SELECT, None, JSON),
        (SELECT, "*/*", JSON),
        (SELECT, "application/json", "application/json"),
        (SELECT, "text/csv;q=0.5, application/sparql-results+xml", "application/sparql-results+xml"),
        (SELECT, "text/*", "text/csv; charset=utf-8"),
        (SELECT, "text/turtle, text/tab-separated-values;q=0.1", "text/tab-separated-values; charset=utf-8"),
        (SELECT, "application/xml;q=0.9, text/html;q=0.8", "application/xml"),
        (SELECT, "*/*, application/sparql-results+json;q=0", "application/sparql-results+xml"),
        (ASK, "text/csv, */*;q=0.1", JSON),
        (CONSTRUCT, None, "text/turtle; charset=utf-8"),
        (CONSTRUCT, "application/ld+json", "application/ld+json"),
        (CONSTRUCT, "application/n-triples, text/turtle;q=0.9", "application/n-triples"),
        ("DESCRIBE <https://w3id.org/ctlgraph/id/cluster/afil>", "application/trig", "application/trig"),
    ],
)
def test_the_reader_chooses_the_format(
    client: httpx.Client, query: str, accept: str | None, sent: str
) -> None:
    """The quality of the most specific range counts; among equals our own order."""
    answer = ask(client, query, accept)
    assert answer.headers["content-type"] == sent
    assert answer.headers["vary"] == "Accept"


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
@pytest.mark.parametrize("parameter", ["format", "output"])
def test_results_in_every_format_say_the_same(client: httpx.Client, name: str, parameter: str) -> None:
    """`format=` and `output=` override Accept; rdflib reads each form back to the same rows."""
    answer = ask(client, SELECT, "image/png", **{parameter: name})
    assert answer.status_code == 200
    result = Result.parse(source=BytesIO(answer.content), format=name)
    assert [str(row[Variable("n")]) for row in result.bindings] == ["144"]


@pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")  # in rdflib's own parsers
@pytest.mark.parametrize(
    ("name", "parser"),
    [("ttl", "turtle"), ("nt", "nt"), ("trig", "trig"), ("jsonld", "json-ld"), ("nq", "nquads")],
)
def test_graphs_in_every_format_say_the_same(client: httpx.Client, name: str, parser: str) -> None:
    """rdflib reads each form back to the same triples."""
    answer = ask(client, CONSTRUCT, format=name)
    expected = Graph().parse(data=ask(client, CONSTRUCT).text, format="turtle")
    read = Dataset(default_union=True)
    read.parse(data=answer.text, format=parser)
    assert set(read.triples((None, None, None))) == set(expected)


@pytest.mark.parametrize(
    ("parameters", "query", "found"),
    [
        ({"default-graph-uri": PASSAGE}, f"ASK {{ {AFIL} ?p ?o }}", True),
        ({"default-graph-uri": VOCABULARY}, f"ASK {{ {AFIL} ?p ?o }}", False),
        ({"named-graph-uri": PASSAGE}, f"ASK {{ {AFIL} ?p ?o }}", False),
        ({"named-graph-uri": PASSAGE}, f"ASK {{ GRAPH ?g {{ {AFIL} ?p ?o }} }}", True),
        ({"default-graph-uri": VOCABULARY}, f"ASK FROM <{PASSAGE}> {{ {AFIL} ?p ?o }}", False),
        ({}, f"ASK FROM <{VOCABULARY}> {{ {AFIL} ?p ?o }}", False),
    ],
)
def test_the_protocol_names_the_dataset(
    client: httpx.Client, parameters: dict[str, str], query: str, found: bool
) -> None:
    """Section 2.1.4: what the request names replaces the dataset, FROM included."""
    assert ask(client, query, **parameters).json()["boolean"] is found


def test_relative_iris_are_relative_to_the_service(client: httpx.Client) -> None:
    """Section 2.1: the base IRI is the address of the service."""
    answer = ask(client, "CONSTRUCT { <s> <p> <o> } WHERE { }", format="nt")
    assert answer.text == " ".join(f"<{client.base_url.join(name)}>" for name in "spo") + " .\n"


def test_head_is_get_without_the_body(client: httpx.Client) -> None:
    """With the same headers, those of the one answer apart."""
    head, get = (client.request(method, "/sparql", params={"query": ASK}) for method in ("HEAD", "GET"))
    assert head.content == b""
    assert _lasting(head) == _lasting(get)


def get(query: str | list[str] = ASK, **more: Any) -> dict[str, Any]:
    """A GET with a query and further parameters, or headers."""
    headers = more.pop("headers", {})
    return {"method": "GET", "params": {"query": query, **more}, "headers": headers}


def post(content: bytes | str, kind: str) -> dict[str, Any]:
    return {"method": "POST", "content": content, "headers": {"Content-Type": kind}}


BOTH = {"method": "POST", "params": {"query": ASK}, "data": {"query": ASK}}
PACKED: dict[str, Any] = {"method": "POST", "content": gzip.compress(ASK.encode())}
PACKED["headers"] = {"Content-Type": QUERY, "Content-Encoding": "gzip"}
DEEP = {"method": "POST", "data": {"query": "ASK " + "{" * 2200 + "}" * 2200}}
PROBLEMS = [
    ("no query", {"method": "POST"}, 400, "parameter"),
    ("no query in a form", {"method": "POST", "data": {"q": ASK}}, 400, "parameter"),
    ("two queries", get([ASK, ASK]), 400, "parameter"),
    ("a query in URL and body", BOTH, 400, "parameter"),
    ("no SPARQL", get("ASK {"), 400, "query-syntax"),
    ("not UTF-8", post(b"ASK {\xff}", QUERY), 400, "parameter"),
    ("not UTF-8 in the URL", {"method": "GET", "url": "/sparql?query=ASK%20%7B%FF%7D"}, 400, "parameter"),
    ("nested deep", DEEP, 400, "query-depth"),
    ("unknown function", get("SELECT (<x:f>() AS ?x) { }"), 400, "query"),
    ("unknown format", get(format="doc"), 400, "parameter"),
    ("too many parameters", get(x=["1"] * 2000), 400, "parameter"),
    ("a graph that is not there", get(**{"default-graph-uri": "https://example.org/"}), 403, "query-refused"),
    ("FROM a graph that is not there", get("ASK FROM <file:///etc/passwd> { }"), 403, "query-refused"),
    ("FROM NAMED one", get("ASK FROM NAMED <http://127.0.0.1/> { }"), 403, "query-refused"),
    ("an unknown release", {"method": "GET", "params": {"release": "9.9.9"}}, 404, "http-404"),
    ("SERVICE", get("ASK { SERVICE <http://127.0.0.1/> { } }"), 403, "query-refused"),
    ("LOAD", get("LOAD <http://127.0.0.1/>"), 403, "query-refused"),
    ("INSERT", get("INSERT DATA { <a:b> <a:b> <a:b> }"), 403, "query-refused"),
    ("update in the URL", {"method": "GET", "params": {"update": "CLEAR ALL"}}, 403, "query-refused"),
    ("update in a form", {"method": "POST", "data": {"update": "CLEAR ALL"}}, 403, "query-refused"),
    ("an update", post("CLEAR ALL", "application/sparql-update"), 403, "query-refused"),
    ("an update at its address", {"method": "POST", "url": "/sparql/update"}, 403, "query-refused"),
    ("an older release", get(release="0.0.1"), 404, "http-404"),
    ("no page", {"method": "GET", "url": "/nowhere"}, 404, "http-404"),
    ("no method", {"method": "DELETE"}, 405, "http-405"),
    ("no format fits", get(headers={"Accept": "image/png"}), 406, "http-406"),
    ("no CSV for ASK", get(format="csv"), 406, "http-406"),
    ("no kind of body", post(ASK, "text/plain"), 415, "http-415"),
    ("a body of no kind", {"method": "POST", "content": ASK}, 415, "http-415"),
    ("another charset", post(ASK.encode("utf-16"), f"{QUERY}; charset=utf-16"), 415, "http-415"),
    ("a compressed body", PACKED, 415, "http-415"),
    ("a long body", post(ASK + " " * 70_000, QUERY), 413, "http-413"),
    ("a long header", get(headers={"X-Long": "x" * 70_000}), 431, "http-431"),
    ("another host", get(headers={"Host": "example.org"}), 400, "http-400"),
    ("too slow", get(ENDLESS), 503, "query-limit"),
]


@pytest.mark.parametrize("lang", ["it", "en"])
@pytest.mark.parametrize(
    ("sent", "status", "slug"), [row[1:] for row in PROBLEMS], ids=[row[0] for row in PROBLEMS]
)
def test_every_problem_is_told(
    client: httpx.Client, lang: str, sent: dict[str, Any], status: int, slug: str
) -> None:
    """RFC 9457: a stable type, the status, a title and what to do in the reader's language."""
    headers = {**sent.get("headers", {}), "Accept-Language": f"fr, {lang};q=0.7, *;q=0.1"}
    answer = client.request(**{"url": "/sparql", **sent, "headers": headers})
    problem = answer.json()
    assert (answer.status_code, problem["status"]) == (status, status)
    assert problem["type"] == f"https://w3id.org/ctlgraph/problem/{slug}"
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.headers["content-language"] == lang
    assert problem["title"]
    assert problem["detail"]
    assert "\n" not in problem["detail"]


def test_problems_differ_by_language_only_in_words(client: httpx.Client) -> None:
    """`?lang=` comes before Accept-Language; line and column are facts, not words."""
    it, en = (
        ask(client, "SELECT *\n{", lang=lang).json() for lang in ("it", "en")
    )  # the client accepts any language
    assert (it["line"], it["column"]) == (en["line"], en["column"]) == (2, 2)
    assert it["title"] != en["title"]
    assert it["detail"] != en["detail"]


def test_a_body_of_unknown_length_is_bounded_too(client: httpx.Client) -> None:
    """What counts is what arrives, not what Content-Length says."""
    answer = client.post("/sparql", content=iter([b" " * 40_000] * 2), headers={"Content-Type": QUERY})
    assert answer.status_code == 413


def test_a_405_names_the_methods(client: httpx.Client) -> None:
    """RFC 9110, section 15.5.6."""
    allowed = client.delete("/sparql").headers["allow"]
    assert set(allowed.split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_the_limit_is_in_the_body(client: httpx.Client) -> None:
    """A program can tell which limit, and how much it is."""
    problem = ask(client, ENDLESS).json()
    assert (problem["limit"], problem["value"], problem["unit"]) == ("time", 1, "s")


def test_slow_queries_do_not_stop_the_others(client: httpx.Client) -> None:
    """Clients in parallel each get their own answer, while others are being killed."""
    queries = [ENDLESS if n % 5 == 0 else f"SELECT ({n} AS ?n) {{ }}" for n in range(20)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda query: ask(client, query, "text/csv"), queries))
    for number, answer in enumerate(answers):
        if number % 5 == 0:
            assert answer.status_code == 503
        else:
            assert answer.text == f"n\r\n{number}\r\n"


def test_any_page_may_read(client: httpx.Client) -> None:
    """CORS for everyone, without credentials; the preflight of a posted query passes."""
    answer = client.get("/sparql", params={"query": ASK}, headers={"Origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    preflight = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    headers = preflight | {"Access-Control-Request-Headers": "content-type"}
    assert client.options("/sparql", headers=headers).status_code == 204
    assert "allow" in client.options("/sparql").headers


def _lasting(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in ("date", "x-request-id")}


def test_a_browser_gets_a_query_in_the_editor(client: httpx.Client) -> None:
    """An address that somebody was sent is read by a person; with a format it is that, for anyone."""
    shown = ask(client, 'ASK { ?s ?p "<&>" }', HTML)
    assert "ASK { ?s ?p &#34;&lt;&amp;&gt;&#34; }" in shown.text
    assert "Accept" in shown.headers["vary"]
    plain = client.get("/sparql", params={"query": "ASK {}", "format": "json"}, headers={"accept": HTML})
    assert plain.json()["boolean"] is True
    assert client.post("/sparql", data={"query": "ASK {}"}, headers={"accept": HTML}).text.startswith("<?xml")


def test_what_no_format_holds_is_told_as_media_types(client: httpx.Client) -> None:
    """As a reader would ask for them."""
    problem = ask(client, "ASK {}", "text/turtle").json()
    assert problem["status"] == 406
    assert "application/sparql-results+json, application/sparql-results+xml" in problem["detail"]
