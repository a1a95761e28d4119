"""What the service says of itself: the service description, and the page for people."""

from pathlib import Path

import httpx
import pytest
from rdflib import RDF, RDFS, Graph, Namespace, URIRef

from .conftest import Serve, reader

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")


@pytest.fixture
def description(client: httpx.Client) -> Graph:
    return Graph().parse(data=client.get("/sparql").text, format="turtle")


@pytest.mark.parametrize(
    ("accept", "sent"),
    [
        (None, "text/turtle; charset=utf-8"),
        ("*/*", "text/turtle; charset=utf-8"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/ld+json, text/html;q=0.9", "application/ld+json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8"),
    ],
)
def test_without_a_query_it_is_described(client: httpx.Client, accept: str | None, sent: str) -> None:
    """In RDF to programs, as a form to people."""
    answer = client.get("/sparql", headers={"Accept": accept} if accept else {})
    assert (answer.status_code, answer.headers["content-type"]) == (200, sent)


def test_the_format_may_be_named(client: httpx.Client) -> None:
    """As for every answer: it overrides Accept."""
    for headers in ({}, {"Accept": "text/html"}):
        answer = client.get("/sparql", params={"format": "nt"}, headers=headers)
        assert answer.headers["content-type"] == "application/n-triples"


def test_it_names_its_endpoint(client: httpx.Client, description: Graph) -> None:
    """The address that the reader used."""
    endpoint = URIRef(str(client.base_url.join("sparql")))
    [service] = description.subjects(SD.endpoint, endpoint)
    assert (service, RDF.type, SD.Service) in description


def test_it_names_every_format(client: httpx.Client, description: Graph) -> None:
    """Each of them is really sent."""
    kinds = {
        "SPARQL_Results_JSON": ("ASK { }", "json"),
        "SPARQL_Results_XML": ("ASK { }", "xml"),
        "SPARQL_Results_CSV": ("SELECT * { }", "csv"),
        "SPARQL_Results_TSV": ("SELECT * { }", "tsv"),
        "Turtle": ("CONSTRUCT { } { }", "ttl"),
        "N-Triples": ("CONSTRUCT { } { }", "nt"),
        "TriG": ("CONSTRUCT { } { }", "trig"),
        "JSON-LD": ("CONSTRUCT { } { }", "jsonld"),
        "N-Quads": ("CONSTRUCT { } { }", "nq"),
        "RDF_XML": ("CONSTRUCT { } { }", "rdf"),
    }
    assert set(description.objects(None, SD.resultFormat)) == {FORMATS[name] for name in kinds}
    for query, name in kinds.values():
        assert client.get("/sparql", params={"query": query, "format": name}).status_code == 200


def test_it_names_every_graph(client: httpx.Client, description: Graph) -> None:
    """And says that the default graph is the merge of them all."""
    answer = client.get("/sparql", params={"query": "SELECT DISTINCT ?g { GRAPH ?g { } }", "format": "csv"})
    named = {str(name) for name in description.objects(None, SD.name)}
    assert named == set(answer.text.splitlines()[1:])
    assert (None, SD.feature, SD.UnionDefaultGraph) in description


def test_files_are_said_to_be_unvalidated(serve: Serve, served: Path) -> None:
    """In the description, on the page, in the health and in a header."""
    with serve("--data", served / "ctlgraph.nq") as (_, address), reader(address) as client:
        answer = client.get("/sparql")
        texts = [
            str(text) for text in Graph().parse(data=answer.text, format="turtle").objects(None, RDFS.comment)
        ]
        pages = [client.get("/", params={"lang": lang}).text for lang in ("en", "it")]
        assert answer.headers["x-ctlgraph-validated"] == "false"
        assert client.get("/healthz").json()["validated"] is False
    assert sorted(text[:13] for text in texts) == ["Dati non vali", "Not validated"]
    assert "Not validated" in pages[0]
    assert "Dati non validati" in pages[1]
