"""The Graph Store Protocol, as far as it reads."""

from pathlib import Path

import httpx
import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from ctlgraph.vocabulary import BASE

from .conftest import Serve, reader

GRAPH = "https://w3id.org/ctlgraph/graph/doc-000/3-4"


def expected(client: httpx.Client, pattern: str) -> Graph:
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}"
    return Graph().parse(data=client.get("/sparql", params={"query": query}).text, format="turtle")


def test_a_graph_by_its_name(client: httpx.Client) -> None:
    """Section 4.2: what is in it, and nothing else."""
    answer = client.get("/graphs", params={"graph": GRAPH}, headers={"Accept": "text/turtle"})
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    read = Graph().parse(data=answer.text, format="turtle")
    assert len(read) > 0
    assert isomorphic(read, expected(client, f"GRAPH <{GRAPH}> {{ ?s ?p ?o }}"))


def test_the_default_graph(client: httpx.Client) -> None:
    """Of a release it is the merge of all graphs."""
    read = Graph().parse(data=client.get("/graphs?default").text, format="turtle")
    assert isomorphic(read, expected(client, "?s ?p ?o"))


@pytest.mark.parametrize(
    ("accept", "sent"),
    [("application/rdf+xml", "application/rdf+xml"), ("application/n-triples", "application/n-triples")],
)
def test_the_reader_chooses_the_format(client: httpx.Client, accept: str, sent: str) -> None:
    """As for every answer; 406 if it is none of a graph."""
    assert client.get("/graph/doc-000/3-4", headers={"Accept": accept}).headers["content-type"] == sent
    assert client.get("/graph/doc-000/3-4", headers={"Accept": "text/csv"}).status_code == 406


def test_head_is_get_without_the_body(client: httpx.Client) -> None:
    """Section 5.7: the length is known all the same."""
    turtle = {"Accept": "text/turtle"}
    head, get = (client.request(method, "/graph/doc-000/3-4", headers=turtle) for method in ("HEAD", "GET"))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(get.content))
    assert head.headers["etag"] == get.headers["etag"]


def test_an_address_is_the_name_as_it_is_written(serve: Serve, tmp_path: Path) -> None:
    """An escape is part of the name, but for letters that IRIs have and addresses have not (RFC 3987)."""
    data = tmp_path / "data.nq"
    names = ("a%20b", "è", "a.ttl.x")
    data.write_text("".join(f'<x:s> <x:p> "{n}" <{BASE}graph/{n}> .\n' for n in names), "utf-8")
    with serve("--data", data) as (_, address), reader(address) as client:
        for name, path in zip(names, ("a%20b.nt", "%C3%A8.nt", "a.ttl.x.nt"), strict=True):
            assert client.get(f"/graph/{path}").text == f'<x:s> <x:p> "{name}" .\n'


@pytest.mark.parametrize(
    "path",
    ["/graphs?graph=https://example.org/", "/graph/doc-000/9-9", "/graphs/nowhere", "/graphs?graph=x y"],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_graph_that_is_not_there(client: httpx.Client, method: str, path: str) -> None:
    """404, and nothing is fetched from anywhere."""
    assert client.request(method, path).status_code == 404


@pytest.mark.parametrize("query", ["", "?default&graph=https://example.org/", "?graph=a:b&graph=a:c"])
def test_exactly_one_graph_is_named(client: httpx.Client, query: str) -> None:
    """Section 4.2: a request that names none, or two, is not understood."""
    answer = client.get(f"/graphs{query}")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (400, "parameter")


@pytest.mark.parametrize("path", ["/graphs?default", "/graphs", "/graph/doc-000/3-4", "/graphs/new"])
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_nothing_is_written(client: httpx.Client, method: str, path: str) -> None:
    """Until writing comes, each attempt is refused."""
    answer = client.request(
        method, path, content=b"<a:b> <a:b> <a:b> .", headers={"Content-Type": "text/turtle"}
    )
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (403, "query-refused")


def test_other_methods_are_not_known(client: httpx.Client) -> None:
    """405 names those that are."""
    answer = client.request("TRACE", "/graphs?default")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert client.options("/graphs").status_code == 204
