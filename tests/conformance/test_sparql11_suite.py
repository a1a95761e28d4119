"""The W3C test suites of SPARQL 1.1 for protocols and result formats, over HTTP, each test by its name.

The suites (w3c/rdf-tests) lie beside the project; requests and expectations are read from their manifests.
One server holds what all tests read, in named graphs; a query reaches its own by `default-graph-uri`. What
writes waits, by name, for a service that can: one that starts to pass fails the run.
"""

import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from rdflib import RDF, RDFS, BNode, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.query import Result
from rdflib.term import Node

SUITE = Path(__file__).resolve().parents[3] / "shared" / "checks" / "sparql11"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")

COUNTS = {"csv-tsv-res": 6, "json-res": 4, "service-description": 3, "protocol": 34, "http-rdf-update": 18}
DATA = "http://kasei.us/2009/09/sparql/data"
PUBLIC = "http://www.example"  # the authority of the manifests, as an operator sets it

WAITING = {
    *("update_dataset_default_graph", "update_dataset_default_graphs", "update_dataset_named_graphs"),
    *("update_dataset_full", "update_post_form", "update_post_direct", "update_base_uri"),
    *("put__initial_state", "put__graph_already_in_store", "put__default_graph"),
    *("delete__existing_graph", "delete__nonexistent_graph"),
    *("post__existing_graph", "post__multipart_formdata", "post__create__new_graph"),
    *("get_of_post__create__new_graph", "get_of_post__after_noop"),  # at an address that a POST tells
}
"""Tests that write."""

EXCEPTIONS = {
    "csv03": "the engine keeps numbers by their value: 1.0E6 is written as 1000000",
    "tsv03": "the engine keeps of xsd:negativeInteger that it is an integer",
} | dict.fromkeys(WAITING, "waiting for writing")
"""What the service does not do, and why; one that starts to pass fails the run."""

CONTENT_TYPES = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    },
    "RDF": {"text/turtle", "application/rdf+xml", "application/n-triples"},
}

SCHEMA = {
    "endpoint": ("Service", None),
    "supportedLanguage": ("Service", "Language"),
    "languageExtension": ("Service", "Feature"),
    "propertyFeature": ("Service", "Feature"),
    "feature": ("Service", "Feature"),
    "extensionFunction": ("Service", "Function"),
    "extensionAggregate": ("Service", "Aggregate"),
    "inputFormat": ("Service", None),  # formats, and below regimes and profiles, are named by others
    "resultFormat": ("Service", None),
    "defaultEntailmentRegime": ("Service", None),
    "defaultSupportedEntailmentProfile": ("Service", None),
    "availableGraphs": ("Service", "GraphCollection"),
    "defaultDataset": ("Service", "Dataset"),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("GraphCollection", "NamedGraph"),
    "name": ("NamedGraph", None),
    "graph": ("NamedGraph", "Graph"),
    "entailmentRegime": ("NamedGraph", None),
    "supportedEntailmentProfile": ("NamedGraph", None),
}
"""Domain and range of the properties of Service Description, from its section 3."""

MEMBERS = {
    "Language": {"SPARQL10Query", "SPARQL11Query", "SPARQL11Update"},
    "Feature": {
        *("DereferencesURIs", "UnionDefaultGraph", "RequiresDataset", "EmptyGraphs"),
        "BasicFederatedQuery",
    },
}


@dataclass(frozen=True)
class Message:
    """A request or a response as a Graph Store test writes it."""

    first: str
    headers: dict[str, str]
    body: str


@cache
def manifest(folder: str) -> Graph:
    return Graph().parse(SUITE / folder / "manifest.ttl")


def entries(folder: str) -> dict[str, Node]:
    """The tests of a manifest by the last part of their IRIs; none where the suite is absent."""
    if not SUITE.is_dir():
        return {}
    head = next(manifest(folder).objects(None, MF.entries))
    return {str(test).partition("#")[2]: test for test in Collection(manifest(folder), head)}


def cases(folder: str) -> list[Any]:
    return [
        pytest.param(
            folder,
            test,
            marks=[pytest.mark.xfail(reason=EXCEPTIONS[test], strict=True, raises=AssertionError)]
            if test in EXCEPTIONS
            else [],
        )
        for test in entries(folder)
    ]


def exchange(test: str) -> tuple[Message, Message]:
    """What a Graph Store test sends and expects; its graphs bear its name, so that tests stay apart."""
    node = entries("http-rdf-update")[test]
    comments = manifest("http-rdf-update").objects(node, RDFS.comment)
    text = next(str(comment) for comment in comments if "#### Request" in str(comment))
    text = text.replace("http://$HOST$/$GRAPHSTORE$/", f"{PUBLIC}/graphs/{test}/")
    text = text.replace("$GRAPHSTORE$/", f"/graphs/{test}/").replace("$GRAPHSTORE$", "/graphs")
    request, response = text.partition("#### Request")[2].split("#### Response")
    return _message(request), _message(response)


def _message(text: str) -> Message:
    head, _, body = re.sub("^    ", "", text, flags=re.MULTILINE).strip().partition("\n\n")
    first, *headers = head.splitlines()
    return Message(first, dict(line.split(": ", 1) for line in headers), body)


def stage(folder: Path) -> Iterator[str]:
    """The options that serve what the tests read: their own data, and what a GET expects to find."""
    for path in (SUITE / part / name for part in COUNTS for name in ("data.ttl", "data2.ttl")):
        if path.is_file():
            yield f"--named-data=http://example.org/{path.relative_to(SUITE)}={path}"
    (folder / "data0.nt").write_text(
        f"<{DATA}/data0.rdf> <{RDF.type}> <http://xmlns.com/foaf/0.1/Document> .\n"
    )
    for number, path in enumerate([folder / "data0.nt", *sorted((SUITE / "protocol").glob("*.nt"))]):
        yield f"--named-data={DATA}/data{number}.rdf={path}"
    for test in entries("http-rdf-update"):
        request, response = exchange(test)
        if test not in WAITING and response.body:
            path = folder / f"{test}.ttl"
            path.write_text(response.body)
            default = "?default" in request.first
            yield f"--data={path}" if default else f"--named-data={PUBLIC}/graphs/{test}/person/1.ttl={path}"
    head = "head_on_an_existing_graph"
    yield f"--named-data={PUBLIC}/graphs/{head}/person/1.ttl={folder / 'get_of_put__initial_state.ttl'}"


@pytest.fixture(scope="module")
def service(
    serve: Callable[..., AbstractContextManager[tuple[subprocess.Popen[str], str]]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[httpx.Client]:
    """A client of a server that holds what the tests read; it asks for nothing of its own accord."""
    with (
        serve(f"--base-url={PUBLIC}/", *stage(tmp_path_factory.mktemp("suite"))) as (_, address),
        httpx.Client(base_url=address, timeout=30, trust_env=False) as client,
    ):
        client.headers["host"] = urlsplit(PUBLIC).netloc
        del client.headers["accept"]
        yield client


def test_the_suites_are_there() -> None:
    if not SUITE.is_dir():
        pytest.skip("../shared/checks/sparql11 is absent: the W3C tests of the protocols cannot be run")
    assert {folder: len(entries(folder)) for folder in COUNTS} == COUNTS
    assert {test for folder in COUNTS for test in entries(folder)} >= set(EXCEPTIONS)


@pytest.mark.parametrize(("folder", "test"), cases("csv-tsv-res") + cases("json-res"))
def test_results_are_what_the_suite_expects(service: httpx.Client, folder: str, test: str) -> None:
    """Rows in their order, columns of `*` in any, with any name for a blank node; numbers count by value."""
    graph, node = manifest(folder), entries(folder)[test]
    action = graph.value(node, MF.action)
    query, expected = (
        SUITE / folder / Path(str(term)).name
        for term in (graph.value(action, QT.query), graph.value(node, MF.result))
    )
    data = Path(str(graph.value(action, QT.data))).name
    name = expected.suffix[1:].replace("srj", "json")
    answer = service.get(
        "/sparql",
        params={
            "query": query.read_text(),
            "default-graph-uri": f"http://example.org/{folder}/{data}",
            "format": name,
        },
    )
    assert answer.status_code == 200
    assert _rows(answer.content, name) == _rows(expected.read_bytes(), name)


def _rows(content: bytes, name: str) -> object:
    result = Result.parse(source=BytesIO(content), format=name)
    if result.askAnswer is not None:
        return result.askAnswer
    blanks: dict[Node, str] = {}
    return set(result.vars or ()), [
        {
            variable: blanks.setdefault(term, f"_:{len(blanks)}") if isinstance(term, BNode) else term
            for variable, term in row.items()
        }
        for row in result.bindings
    ]


@pytest.mark.parametrize(("folder", "test"), cases("protocol"))
def test_the_protocol_is_as_the_suite_expects(service: httpx.Client, folder: str, test: str) -> None:
    graph = manifest(folder)
    connection = graph.value(entries(folder)[test], MF.action)
    sent = graph.value(connection, HT.requests)
    assert sent is not None
    for request in Collection(graph, sent):
        answer, expected = service.send(_request(service, test, request)), graph.value(request, HT.resp)
        statuses = {str(status)[-3] for status in graph.objects(expected, MF.expectedStatus)}
        assert str(answer.status_code)[0] in statuses
        content_type = answer.headers["content-type"].partition(";")[0]
        for form in graph.objects(expected, MF.expectedFormat):
            assert content_type in CONTENT_TYPES[str(form)]
        for boolean in graph.objects(expected, MF.expectedBoolean):
            assert answer.json()["boolean"] is (str(boolean) == "true")


def _request(service: httpx.Client, test: str, request: Node) -> httpx.Request:
    graph = manifest("protocol")
    headers = {
        str(graph.value(header, HT.fieldName)): str(graph.value(header, HT.fieldValue))
        for header in Collection(graph, graph.value(request, HT.headers) or RDF.nil)
    }
    body, content = graph.value(request, HT.body), None
    if body is not None:
        encoding = str(graph.value(body, CNT.characterEncoding))
        content = str(graph.value(body, CNT.chars)).encode(encoding)
    query = headers.get("content-type") == "application/sparql-query"
    endpoint = "/sparql/update" if "update" in test and not query else "/sparql"
    url = str(graph.value(request, HT.absolutePath)).replace("/sparql/", endpoint, 1)
    return service.build_request(
        str(graph.value(request, HT.methodName)), url, content=content, headers=headers
    )


@pytest.mark.parametrize(("folder", "test"), cases("http-rdf-update"))
def test_the_graph_store_is_as_the_suite_expects(service: httpx.Client, folder: str, test: str) -> None:
    """Dots stand for any value; a graph has the expected triples, with any name for a blank node."""
    request, expected = exchange(test)
    method, url, _ = request.first.split(" ")
    headers = {name: value for name, value in request.headers.items() if name != "Host"}
    answer = service.request(method, url, content=request.body.encode() or None, headers=headers)
    assert str(answer.status_code) == expected.first.split(" ")[0]
    for name, value in expected.headers.items():
        assert answer.headers.get(name) == value or (value == "..." and name in answer.headers)
    if expected.body:
        assert isomorphic(*(Graph().parse(data=text) for text in (answer.text, expected.body)))


@pytest.mark.parametrize(("folder", "test"), cases("service-description"))
def test_the_service_is_described_as_the_suite_expects(service: httpx.Client, folder: str, test: str) -> None:
    """A GET without a query returns RDF that names its own endpoint; each term stands where it may."""
    answer = service.get("/sparql")
    described = Graph().parse(data=answer.text, format=answer.headers["content-type"].partition(";")[0])
    match test:
        case "returns-rdf":
            assert (answer.status_code, len(described) > 0) == (200, True)
        case "has-endpoint-triple":
            assert (None, SD.endpoint, URIRef(f"{PUBLIC}/sparql")) in described
        case _:
            for subject, predicate, value in described:
                if str(predicate).startswith(SD):
                    domain, kind = SCHEMA[str(predicate).removeprefix(SD)]
                    assert _is_a(described, subject, domain)
                    assert kind is None or _is_a(described, value, kind)


def _is_a(described: Graph, node: Node, kind: str) -> bool:
    kinds = {kind, "Dataset"} if kind == "GraphCollection" else {kind}  # a subclass
    types = set(described.objects(node, RDF.type))
    return any(SD[name] in types for name in kinds) or node in {SD[name] for name in MEMBERS.get(kind, ())}
