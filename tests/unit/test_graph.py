"""Graph: a release and a service answer a notebook alike."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import networkx  # type: ignore[import-untyped]
import openpyxl  # type: ignore[import-untyped]
import pytest

from ctlgraph.errors import (
    CollaborationError,
    CtlgraphError,
    ParameterError,
    QueryBusyError,
    QueryRefusedError,
    QuerySyntaxError,
    ReleaseError,
    UnknownQueryError,
)
from ctlgraph.graph import Graph, Result
from ctlgraph.release import Release

AFIL = "https://w3id.org/ctlgraph/id/cluster/afil"
Serve = Callable[..., AbstractContextManager[tuple[object, str]]]


@pytest.fixture(scope="module", params=["release", "service"])
def graph(request: pytest.FixtureRequest, release: Release, serve: Serve) -> Iterator[Graph]:
    """The real release, opened from its folder and through a service."""
    if request.param == "release":
        yield Graph.open(release.path, lang="it")
        return
    with serve("--release", release.path) as (_, address):
        yield Graph.open(address, lang="it")


def test_a_graph_says_which_release_it_is(graph: Graph, release: Release) -> None:
    """Two notebooks can see whether they speak of the same data."""
    assert graph.version == release.version
    assert release.version in repr(graph)


def test_its_questions_have_titles(graph: Graph) -> None:
    """Names for `run`, titles in the reader's language."""
    assert graph.questions["total-members"] == "Quanti associati ha ogni cluster"


def test_rows_are_typed_and_labelled(graph: Graph) -> None:
    """The cornerstone: nine clusters, 755 memberships."""
    result = graph.run("total-members")
    assert len(result) == len(result.rows) == 9
    assert sum(row["members"] for row in result.rows) == 755  # type: ignore[misc]  # whole numbers
    assert result.rows[0]["cluster"] == AFIL
    assert result.rows[0]["cluster_label"] == "Associazione Fabbrica Intelligente Lombardia"


def test_sentences_and_labels_come_in_both_languages(graph: Graph) -> None:
    """The language of the graph, or the one asked for."""
    result = graph.run("total-members")
    assert result.sentence() == result.sentence("it") != result.sentence("en")
    labels = result.to_pandas("en")["cluster_label"].tolist()
    assert "Intelligent Factory Association Lombardy" in labels
    assert "Intelligent Factory Association Lombardy" in result.sentence("en")


def test_frames_are_typed(graph: Graph) -> None:
    """Of pandas and polars alike."""
    result = graph.run("member-counts", cluster="cluster/afil")
    pandas, polars = result.to_pandas(), result.to_polars()
    assert (str(pandas["members"].dtype), str(polars["members"].dtype)) == ("Int64", "Int64")
    assert (str(pandas["cluster"].dtype), str(polars["cluster"].dtype)) == ("category", "Categorical")
    assert len(pandas) == len(polars) == 4


def test_columns_of_a_free_query_take_the_type_of_their_values(graph: Graph) -> None:
    """Nobody has declared anything; what is mixed is text."""
    rows = graph.query(
        f"""SELECT ?iri ?whole ?part ?day ?yes ?mixed WHERE {{
        VALUES (?iri ?whole ?part ?day ?yes ?mixed) {{
          (<{AFIL}> 3 1.5 "2022-12-31"^^<http://www.w3.org/2001/XMLSchema#date> true 1)
          (<{AFIL}> UNDEF 2 UNDEF false "due") }} }}"""
    ).rows
    assert rows[0] == {
        "iri": AFIL,
        "iri_label": "Associazione Fabbrica Intelligente Lombardia",
        "whole": 3,
        "part": Decimal("1.5"),
        "day": date(2022, 12, 31),
        "yes": True,
        "mixed": "1",
    }
    assert list(rows[1].values())[2:] == [None, 2, None, False, "due"]


def test_asking_and_constructing_give_rows_too(graph: Graph) -> None:
    """One kind of result for every kind of query."""
    assert graph.query("ASK { }").rows == [{"answer": True}]
    (triple,) = graph.query(f"CONSTRUCT {{ <{AFIL}> a <urn:x> }} WHERE {{ }}").rows
    assert (triple["subject"], triple["object"]) == (AFIL, "urn:x")


@pytest.mark.parametrize(
    ("ask", "error", "nearest"),
    [
        (lambda graph: graph.run("total-member"), UnknownQueryError, "total-members"),
        (lambda graph: graph.run("member-counts", cluster="cluster/afi"), ParameterError, "cluster/afil"),
        (lambda graph: graph.run("member-counts", clusters="x"), ParameterError, "cluster"),
        (lambda graph: graph.query("SELECT ?x"), QuerySyntaxError, ""),
        (lambda graph: graph.query("SELECT * { SERVICE <http://x> { } }"), QueryRefusedError, ""),
    ],
)
def test_errors_are_the_same_here_and_there(
    graph: Graph, ask: Callable[[Graph], object], error: type[CtlgraphError], nearest: str
) -> None:
    """With the nearest of what there is, whoever finds the mistake."""
    with pytest.raises(error) as caught:
        ask(graph)
    assert nearest in str(caught.value)


def test_a_syntax_error_has_its_place(graph: Graph) -> None:
    """Line and column are attributes, as everywhere."""
    with pytest.raises(QuerySyntaxError) as caught:
        graph.query("SELECT *\nWHERE { ?s ?p }")
    assert caught.value.line == 2


def test_a_notebook_shows_sentence_and_table(graph: Graph) -> None:
    """As HTML, in which text of the data is no markup."""
    shown = graph.run("total-members")._repr_html_()
    assert "<th>Associati (adesioni)</th>" in shown
    shown = graph.query('SELECT ("<script>" AS ?text) { }')._repr_html_()
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown


def test_answers_are_saved_by_the_ending(graph: Graph, tmp_path: Path) -> None:
    """The same files as of the service and of the command line."""
    result = graph.run("total-members")
    for ending in ("csv", "parquet", "xlsx"):
        result.save(tmp_path / f"a.{ending}")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.worksheets[0]["B2"].value == 144
    known = {key.value: value.value for key, value in book.worksheets[1].iter_rows()}
    assert "id/source/doc-003" in known["Fonte"]
    assert (tmp_path / "a.csv").read_bytes().startswith(b"cluster,members,period\r\n")
    with pytest.raises(ParameterError, match=r"\.parquet"):
        result.save(tmp_path / "a.docx")


def test_a_chart_shows_itself(graph: Graph) -> None:
    """As SVG in a cell."""
    assert graph.run("total-members").chart()._repr_svg_().startswith("<svg")


def test_it_works_where_an_event_loop_runs(graph: Graph) -> None:
    """As it does in every notebook."""

    async def cell() -> Result:
        return graph.run("total-members")

    assert len(asyncio.run(cell())) == 9


def test_an_answer_is_cited_with_its_release(graph: Graph, release: Release) -> None:
    """And with its address, where it has one."""
    cited = graph.run("member-counts", cluster="cluster/afil").citation()
    assert cited.startswith("Associati per cluster e categoria. ")
    assert release.version in cited


def test_an_address_without_a_service_is_named() -> None:
    """What cannot be reached, and why."""
    with pytest.raises(CtlgraphError, match=r"http://127\.0\.0\.1:9 cannot be reached"):
        Graph.open("http://127.0.0.1:9/")


def test_the_setting_names_the_release(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it does for the command line."""
    monkeypatch.setenv("CTLGRAPH_RELEASE", str(release.path))
    assert Graph.open().version == release.version


def test_a_release_that_is_not_there_is_named() -> None:
    """A version that nobody has built here."""
    with pytest.raises(ReleaseError, match=r"no release 0\.0\.0"):
        Graph.open("0.0.0")


@contextmanager
def stranger(status: int, body: bytes) -> Iterator[str]:
    """A server on this machine that gives the same answer to whatever it is asked: its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("status", "body"), [(200, b"<html>"), (200, b"{}"), (404, b"no"), (500, b'{"type": 1}')]
)
def test_another_service_is_not_taken_for_ours(status: int, body: bytes) -> None:
    """Whatever answers there, the error is one of ours."""
    with stranger(status, body) as address, pytest.raises(CtlgraphError, match="is not this service"):
        Graph.open(address)


def test_the_facts_of_a_problem_are_attributes() -> None:
    """A notebook can wait as long as the service says."""
    facts = {"limit": "queue", "value": 64, "unit": "queries"}
    problem = {
        "type": "https://w3id.org/ctlgraph/problem/query-busy",
        "detail": "pieno",
        "status": 503,
        **facts,
    }
    with stranger(503, json.dumps(problem).encode()) as address, pytest.raises(QueryBusyError) as caught:
        Graph.open(address)
    assert str(caught.value) == "pieno"
    assert (caught.value.limit, caught.value.value) == ("queue", 64)


def test_a_collaboration_graph_is_one_of_networkx(graph: Graph) -> None:
    """With labels, weights and passages, and with all that a number taken from it must be read with."""
    found = graph.collaboration(of="clusters", by="networks", guests=True)
    tav = "https://w3id.org/ctlgraph/id/cluster/tav"
    assert type(found) is networkx.Graph
    assert found.nodes[tav]["label_en"].startswith("Lombardy Cluster for Living Environment")
    assert found.degree[tav] == 4
    assert all(edge["weight"] > 0 and edge["passages"] for _, _, edge in found.edges(data=True))
    assert found.graph["projection"] == "newman"
    assert found.graph["release"] == graph.version
    with pytest.raises(ParameterError, match="clusters"):
        graph.collaboration(of="clutsers")
    with pytest.raises(CollaborationError):
        graph.collaboration(of="clusters", by="clusters")
