"""Collaboration graphs over HTTP, of the real release: forms that other programs open, and bad input."""

import csv
import html
import io
import json
import re
from collections.abc import Iterator

import httpx
import igraph  # type: ignore[import-untyped]
import networkx as nx  # type: ignore[import-untyped]
import pytest
from rdflib import Graph, URIRef

from ctlgraph.collaboration import MEASURES
from ctlgraph.release import Release
from ctlgraph.vocabulary import BASE

from .conftest import Serve, reader

PAGE = {"accept": "text/html", "accept-language": "it"}
LGCA = f"{BASE}id/cluster/lgca"
VALUES = """PREFIX ctl: <https://w3id.org/ctlgraph/ontology#>
    SELECT ?node ?value { ?one ctl:refSubject ?node ; ctl:measuredValue ?value }"""


@pytest.fixture(scope="module")
def asked(serve: Serve, release: Release) -> Iterator[httpx.Client]:
    """A client of a server over the real release."""
    with serve("--release", release.path) as (_, address), reader(address) as client:
        yield client


def test_every_form_holds_the_same_graph(asked: httpx.Client) -> None:
    """By ending, by `format`, by Accept; networkx and igraph open GraphML and JSON, a spreadsheet the CSV."""
    found = asked.get("/collaboration.json").json()
    graph = nx.node_link_graph(found, edges="edges")
    assert len(graph) == 9
    assert graph.graph["release"]
    text = asked.get("/collaboration", params={"format": "graphml"}).text
    again = nx.parse_graphml(text)
    assert {frozenset(edge) for edge in again.edges} == {frozenset(edge) for edge in graph.edges}
    rows = list(csv.DictReader(io.StringIO(asked.get("/collaboration", headers={"accept": "text/csv"}).text)))
    assert {row["node"]: int(row["degree"]) for row in rows} == dict(graph.degree)


def test_igraph_opens_the_graphml(asked: httpx.Client, tmp_path_factory: pytest.TempPathFactory) -> None:
    """With labels, weights and what each tie rests on."""
    path = tmp_path_factory.mktemp("graphml") / "clusters.graphml"
    path.write_bytes(asked.get("/collaboration.graphml").content)
    graph = igraph.Graph.Read_GraphML(str(path))
    assert graph.vcount() == 9
    assert {"label_it", "label_en"} <= set(graph.vs.attributes())
    assert {"weight", "passages"} <= set(graph.es.attributes())


def test_turtle_holds_the_values_as_observations(asked: httpx.Client) -> None:
    """By Accept, as by ending; a computation has the IRI that it has in the release, and answers there."""
    answer = asked.get("/collaboration", params={"measure": "degree"}, headers={"accept": "text/turtle"})
    assert answer.headers["content-type"].startswith("text/turtle")
    assert answer.text == asked.get("/collaboration.ttl", params={"measure": "degree"}).text
    found = Graph().parse(data=answer.text, format="turtle")
    values = {str(node): float(value) for node, value in found.query(VALUES)}  # type: ignore[misc]
    rows = csv.DictReader(io.StringIO(asked.get("/collaboration.csv", params={"measure": "degree"}).text))
    assert values == {row["node"]: int(row["degree"]) for row in rows}
    computation = f"{BASE}id/computation/clusters-by-networks-degree"
    assert (URIRef(computation), None, None) in found
    assert asked.get("/id/computation/clusters-by-networks-degree", follow_redirects=True).status_code == 200
    wrong = asked.get("/collaboration.ttl", params={"measure": "mixing"})
    assert (wrong.status_code, wrong.json()["name"]) == (400, "measure")


def test_the_page_of_clusters_has_the_map_of_their_seats(asked: httpx.Client) -> None:
    """Drawn, with its seats one by one; of the chosen source only; not where no cluster has a seat."""
    section = _seats(asked, "/collaboration")
    picture = re.search(r'<img src="([^"]+)" alt="([^"]+)"', section)
    assert picture
    drawn = asked.get(html.unescape(picture[1]))
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert "Milano" in picture[2]
    listed = asked.get("/queries/clusters-with-seat-in.csv", params={"place": "", "source": ""}).text
    clusters = {row["cluster"].removeprefix(BASE + "id") for row in csv.DictReader(io.StringIO(listed))}
    assert len(clusters) == 9
    assert clusters == set(re.findall(r'scope="row"><a href="/doc([^"]+)"', section))
    some = set(re.findall(r'href="/doc(/cluster/[^"]+)"', _seats(asked, "/collaboration?source=doc-000")))
    assert 0 < len(some) < 9
    assert not _seats(asked, "/collaboration?source=doc-001")
    other = asked.get("/collaboration?of=networks&by=clusters", headers=PAGE)
    assert other.status_code == 200
    assert 'id="seats"' not in other.text


def _seats(client: httpx.Client, address: str) -> str:
    found = re.search(
        r'<section aria-labelledby="seats">.*?</section>', client.get(address, headers=PAGE).text, re.S
    )
    return found[0] if found else ""


def test_an_answer_over_measures_leads_to_the_passages_that_they_rest_on(asked: httpx.Client) -> None:
    """And to the graph of what was measured, where it says how."""
    page = asked.get("/queries/kinds-of-network-joining-clusters", headers=PAGE).text
    assert 'href="/graph/doc-003/436-442"' in page
    assert 'misurato: <a href="/graph/collaboration/networks-by-clusters"' in page


def test_the_page_offers_turtle_where_there_is_any(asked: httpx.Client) -> None:
    for measure, offered in (("degree", True), ("density", False)):
        page = asked.get("/collaboration", params={"measure": measure}, headers=PAGE).text
        assert ("collaboration.ttl" in page.partition("</head>")[2]) is offered


def test_guests_count_when_they_are_asked_for(asked: httpx.Client) -> None:
    """The cluster of living environments is in Vanguard as a guest: then three more are tied to it."""
    tav = f"{BASE}id/cluster/tav"

    def degree(**given: str) -> int:
        graph = nx.node_link_graph(asked.get("/collaboration.json", params=given).json(), edges="edges")
        return int(graph.degree[tav])

    assert (degree(), degree(guests="true")) == (2, 4)


@pytest.mark.parametrize("measure", [name for name in MEASURES if name != "change"])
def test_the_form_of_the_page_can_ask_for_each_measure(asked: httpx.Client, measure: str) -> None:
    """It sends all of its fields; the page says what was found."""
    fields = {"of": "clusters", "by": "networks", "projection": "newman", "guests": "", "source": ""}
    answer = asked.get("/collaboration", params=fields | {"measure": measure}, headers=PAGE)
    assert answer.status_code == 200
    assert f'<option value="{measure}" selected>' in answer.text
    assert 'class="sentence"' in answer.text


def test_what_if_a_network_leaves_stands_in_the_table_of_the_page(asked: httpx.Client) -> None:
    """With its own measures only: it is no node of the graph."""
    page = asked.get("/collaboration", params={"measure": "what-if"}, headers=PAGE).text
    row = re.search(r'<th scope="row"><a href="/doc/network/eccp">.*?</tr>', page)
    assert row
    assert re.findall(r'<td class="number">([^<]*)</td>', row[0])[:2] == ["11", "7"]


def test_coverage_tells_those_who_take_part_from_those_who_are_tied(asked: httpx.Client) -> None:
    """Of nine clusters with projects the sources tie four; the table says the same."""
    found = asked.get("/collaboration.json", params={"by": "projects", "measure": "degree"}).json()
    tied = sum(degree > 0 for _, degree in nx.node_link_graph(found, edges="edges").degree)
    assert (found["graph"]["coverage: nodes tied"], found["graph"]["coverage: nodes joined"]) == (9, tied)
    page = asked.get("/collaboration", params={"by": "projects"}, headers=PAGE).text
    assert f"legati a un altro, {tied} su 9" in page
    assert "Non dice che lavorino insieme" not in page
    assert "Non dice che lavorino insieme" in asked.get("/collaboration", headers=PAGE).text


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"of": "clutsers"}, "clusters"),
        ({"by": "clusters"}, "one side"),
        ({"projection": "x"}, "newman"),
        ({"measure": "degre"}, "degree"),
        ({"since": "anno"}, "2022"),
        ({"guests": "maybe"}, "true"),
        ({"backbone": "7"}, "between 0 and 1"),
        ({"measure": "communities", "runs": "many"}, "number"),
        ({"measure": "communities", "seed": "9" * 40}, "2147483647"),
        ({"measure": "change"}, "another release"),
        ({"misure": "degree"}, "nearest: measure"),
        ({"measure": "degree", "runs": "5"}, "one of the parameters"),
    ],
)
def test_what_cannot_be_asked_is_said(asked: httpx.Client, given: dict[str, str], told: str) -> None:
    """As a problem with status 400 for a program, on the page itself for a person, in their language."""
    answer = asked.get("/collaboration.json", params=given)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert told in answer.json()["detail"]
    page = asked.get("/collaboration", params=given, headers=PAGE)
    assert page.status_code == 400
    assert 'role="alert"' in page.text
    assert 'name="projection"' in page.text


@pytest.mark.parametrize("form", ["csv", "ttl"])
def test_a_file_without_any_value_says_why(asked: httpx.Client, form: str) -> None:
    """No document speaks of a tie there; as JSON the reason stands in the place of the rows."""
    given = {"source": "doc-001", "measure": "degree"}
    answer = asked.get(f"/collaboration.{form}", params=given)
    assert answer.status_code == 400
    assert "it has no tie" in answer.json()["detail"]
    assert "it has no tie" in asked.get("/collaboration.json", params=given).text


def test_the_page_says_what_it_rests_on(asked: httpx.Client) -> None:
    """How it was computed, what is known of it, and where each part is told."""
    page = asked.get("/collaboration", headers=PAGE)
    assert page.status_code == 200
    for text in (
        "9 su 9",
        "5 su 20",
        "Lombardy Green Chemistry Association",
        "newman",
        "/graph/doc-003/169-180",
    ):
        assert text in page.text, text
    assert page.text.count("<svg") > 1


def test_only_reading_and_only_these_forms(asked: httpx.Client) -> None:
    """405, 406, 404; HEAD and a second request cost nothing."""
    assert asked.post("/collaboration").status_code == 405
    assert asked.get("/collaboration", headers={"accept": "image/png"}).status_code == 406
    assert asked.get("/collaboration.xlsx").status_code == 404
    first = asked.get("/collaboration.svg")
    assert first.headers["content-type"] == "image/svg+xml"
    assert asked.head("/collaboration.svg").headers["etag"] == first.headers["etag"]
    again = asked.get("/collaboration.svg", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304


def test_measures_are_those_asked_for(asked: httpx.Client) -> None:
    """With their parameters, and their provenance beside the numbers."""
    given = {"of": "organisations", "by": "projects", "measure": "communities", "runs": "5"}
    found = json.loads(asked.get("/collaboration.json", params=given).content)
    [measure] = found["measures"]
    assert measure["provenance"]["parameter: runs"] == 5
    assert measure["provenance"]["engine"].startswith("networkx")
