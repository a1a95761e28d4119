"""Python's clients of SPARQL endpoints, unmodified."""

from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pandas  # type: ignore[import-untyped]
import polars
import pytest
from rdflib import Graph, Namespace
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from rdflib.query import Result
from SPARQLWrapper import CSV, GET, JSON, JSONLD, N3, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, URLENCODED, XML
from SPARQLWrapper import SPARQLWrapper as Wrapper

Rows = list[tuple[str, int, str | None]]

EX = Namespace("http://example.org/")
CONSTRUCT = f"CONSTRUCT {{ ?s ?p ?o }} {{ ?s a <{EX.Cluster}> ; ?p ?o }}"
LOOSE_ENDS = [
    "ignore::ResourceWarning",  # these clients leave a response to be closed by the garbage collector,
    "ignore::pytest.PytestUnraisableExceptionWarning",  # of which pytest tells in this way
    "ignore:.*deprecated:DeprecationWarning",  # in rdflib's own parsers
]


@pytest.fixture
def table(endpoint: str, select: str) -> str:
    """The address of the answer as CSV."""
    return f"{endpoint}?{urlencode({'query': select, 'format': 'csv'})}"


def plain(result: Result) -> Rows:
    return [
        (str(row["name"]), int(row["members"]), str(row["founded"]) if "founded" in row else None)
        for row in ({str(name): str(term) for name, term in row.items()} for row in result.bindings)
    ]


def wrapper(endpoint: str, query: str, form: str, *, method: str = GET, body: str = URLENCODED) -> Wrapper:
    client = Wrapper(endpoint, returnFormat=form)
    client.setMethod(method)
    client.setRequestMethod(body)
    client.setQuery(query)
    return client


@pytest.mark.parametrize(("method", "body"), [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)])
@pytest.mark.parametrize("form", [JSON, XML, CSV, TSV])
def test_sparqlwrapper_reads_rows(
    endpoint: str, select: str, rows: Rows, method: str, body: str, form: str
) -> None:
    response = wrapper(endpoint, select, form, method=method, body=body).query()
    assert plain(Result.parse(source=BytesIO(response.response.read()), format=form)) == rows


@pytest.mark.parametrize("form", [JSON, XML])
def test_sparqlwrapper_reads_a_boolean(endpoint: str, form: str) -> None:
    answer: Any = wrapper(endpoint, "ASK { ?s ?p ?o }", form).queryAndConvert()
    assert (answer["boolean"] if form == JSON else "true" in answer.toxml()) is True


@pytest.mark.filterwarnings(*LOOSE_ENDS)
@pytest.mark.parametrize("form", [XML, RDFXML, TURTLE, N3, JSONLD])
def test_sparqlwrapper_reads_a_graph(endpoint: str, form: str) -> None:
    """By its `format=`, `output=` and `results=`, of which it sends some twice, and by its Accept."""
    answer: Any = wrapper(endpoint, CONSTRUCT, form).queryAndConvert()
    graph = answer if isinstance(answer, Graph) else Graph().parse(data=answer, format="turtle")
    assert set(graph) == set(Graph().parse(Path(__file__).with_name("clusters.ttl")))


@pytest.mark.filterwarnings(*LOOSE_ENDS)
@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("form", ["xml", "json", "csv", "tsv"])
def test_rdflib_reads_a_remote_store(endpoint: str, select: str, rows: Rows, method: str, form: str) -> None:
    graph = Graph(SPARQLStore(endpoint, returnFormat=form, method=method))
    assert plain(graph.query(select)) == rows
    if form in ("xml", "json"):
        assert (EX.afil, EX.members, None) in graph
        assert len(graph) == 9


@pytest.mark.filterwarnings(*LOOSE_ENDS)
def test_rdflib_calls_the_service_within_a_query(endpoint: str) -> None:
    """SERVICE of another endpoint, towards us, joined with what that one knows."""
    graph = Graph().parse(data="<http://example.org/le2c> <http://example.org/city> 'Milano' .")
    query = f"SELECT ?city ?n {{ ?c <{EX.city}> ?city SERVICE <{endpoint}> {{ ?c <{EX.members}> ?n }} }}"
    assert [(str(city), int(n)) for city, n in graph.query(query)] == [("Milano", 150)]  # type: ignore[misc]


def test_pandas_reads_a_table_from_an_address(table: str, rows: Rows) -> None:
    """`format=csv` in the address is all that is needed; numbers are numbers, what is unbound is missing."""
    read = pandas.read_csv(table)
    assert str(read["members"].dtype) == "int64"
    assert read.astype(object).where(read.notna(), None).values.tolist() == [list(row) for row in rows]


def test_polars_reads_a_table_from_an_address(table: str, rows: Rows) -> None:
    """As pandas does."""
    read = polars.read_csv(table)
    assert read.schema["members"] == polars.Int64
    assert read.rows() == rows
