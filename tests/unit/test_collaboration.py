"""Collaboration graphs of the real release against the tables of the documents."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from itertools import combinations
from typing import Any

import networkx as nx  # type: ignore[import-untyped]
import numpy as np
import pytest
from networkx.algorithms import bipartite  # type: ignore[import-untyped]

from ctlgraph.catalogue import Steps, drive_now
from ctlgraph.collaboration import BY, MEASURES, OF, Asked, Collaboration, Measured, collaborating, measuring
from ctlgraph.collaboration.projection import checked, projected
from ctlgraph.errors import CollaborationError, ParameterError
from ctlgraph.release import Release
from ctlgraph.store import Store

# Who takes part in which network, read off the pages of the brochure (lines 169-180, 310-314, 436-442,
# 584-589, 801-812, 991-997, 1145-1151, 1316-1324, 1469-1474), and as guest of a pilot of Vanguard.
PRINTED = {
    "afil": "vanguard four-motors eccp wef i3-expert-group expert-group-clusters afil-25-regions cfi",
    "agrifood-lombardia": "eccp",
    "clm": "eusalp ech2a four-motors",
    "clsv": "cebr uehp edih",
    "tav": "eusalp eip-aha",
    "scc": "smart-cities-tech eccp",
    "lac": "eacp nereus edih",
    "le2c": "vanguard eccp espc",
    "lgca": "vanguard eusalp eccp",
}
GUESTS = {"tav": "vanguard"}

Make = Callable[..., Collaboration]
Measure = Callable[..., Measured]


@pytest.fixture(scope="module")
def ask(release: Release) -> Callable[[str], bytes]:
    """Answers SPARQL over the release."""
    store = Store.open(release.path)
    return lambda text: store.query(text).serialize("json")


@pytest.fixture(scope="module")
def make(ask: Callable[[str], bytes], release: Release) -> Make:
    """A collaboration graph of the release."""
    return lambda **asked: drive_now(collaborating(Asked(**asked), release=release.version), ask)


@pytest.fixture(scope="module")
def measure(ask: Callable[[str], bytes]) -> Measure:
    """A measure of a graph."""

    def of(graph: Collaboration, name: str, **options: object) -> Measured:
        steps: Steps[Measured] = measuring(graph, name, **options)  # type: ignore[arg-type]
        return drive_now(steps, ask)

    return of


def slug(iri: str) -> str:
    return iri.rpartition("/")[2]


def weights(graph: Collaboration) -> dict[frozenset[str], float]:
    return {frozenset(map(slug, ends[:2])): ends[2] for ends in graph.graph().edges.data("weight")}


def expected(projection: str, *, guests: bool) -> dict[frozenset[str], Any]:
    """The weights, by the definition and the printed table alone."""
    of = {name: {*networks.split()} for name, networks in PRINTED.items()}
    for name, network in GUESTS.items() if guests else ():
        of[name].add(network)
    size = {network: sum(network in each for each in of.values()) for each in of.values() for network in each}
    found = {}
    for one, other in combinations(of, 2):
        common = of[one] & of[other]
        match projection:
            case "newman":
                weight = sum(1 / (size[network] - 1) for network in common)
            case "jaccard":
                weight = len(common) / len(of[one] | of[other])
            case _:
                weight = len(common)
        if weight:
            found[frozenset((one, other))] = pytest.approx(weight)
    return found


@pytest.mark.parametrize("guests", [False, True])
@pytest.mark.parametrize("projection", ["newman", "count", "jaccard"])
def test_clusters_joined_by_networks_are_those_of_the_printed_tables(
    make: Make, projection: str, guests: bool
) -> None:
    """A guest is not a member: TAV is joined by Vanguard only where guests are counted."""
    graph = make(projection=projection, guests=guests)
    assert weights(graph) == expected(projection, guests=guests)
    assert len(graph.nodes) == 9


def test_components_are_those_of_the_printed_tables(make: Make, measure: Measure) -> None:
    """Two clusters hang together by an innovation hub only, the other seven by alliances."""
    found = measure(make(), "components")
    parts: dict[object, set[str]] = {}
    for iri, part, _ in found.rows:
        parts.setdefault(part, set()).add(slug(str(iri)))
    assert parts[2] == {"clsv", "lac"}
    assert parts[1] == PRINTED.keys() - parts[2]
    assert found.found.facts == {"components": 2, "largest": 7, "isolated": 0, "nodes": 9}


def test_projects_shared_by_two_clusters_are_the_two_that_are_known(make: Make) -> None:
    """CQ36."""
    edges = make(by="projects", projection="count").graph().edges.data("shared")
    assert {(frozenset(map(slug, (one, other))), slug(shared)) for one, other, shared in edges} == {
        (frozenset(("le2c", "lgca")), "biomass-hub"),
        (frozenset(("clsv", "tav")), "smart-touch-id"),
    }


def test_an_edge_names_what_it_rests_on(make: Make) -> None:
    """Labels in both languages, and the passages that say who takes part."""
    graph = make().graph()
    edge = graph.edges[
        "https://w3id.org/ctlgraph/id/cluster/clsv", "https://w3id.org/ctlgraph/id/cluster/lac"
    ]
    assert edge["shared"] == "https://w3id.org/ctlgraph/id/network/edih"
    assert [slug(each) for each in edge["passages"].split()] == ["1145-1151", "584-589"]
    node = graph.nodes["https://w3id.org/ctlgraph/id/cluster/clm"]
    assert node["label_it"] != node["label_en"]


def test_a_pilot_is_a_network_of_its_own_only_if_asked(make: Make) -> None:
    """Who is in a pilot of an alliance is in the alliance."""
    pilot = "https://w3id.org/ctlgraph/id/network/vanguard-smart-health"
    apart = make(guests=True, parts=True, projection="none").graph()
    assert [slug(each) for each in apart[pilot]] == ["tav"]
    assert pilot not in make(guests=True, projection="none").graph()


def test_conditions_narrow_a_graph(make: Make) -> None:
    """By role, by document and by year; what was said in 2019 concerns one cluster."""
    assert {tie.roles for tie in make(by="projects", roles=("lead",), of="organisations").ties} == {("lead",)}
    assert {graph.nodes[tie.node].iri for graph in [make(source="doc-001")] for tie in graph.ties} <= {
        "https://w3id.org/ctlgraph/id/cluster/clm"
    }
    assert make(by="projects", until=2019).ties != make(by="projects", since=2022).ties
    years = make(by="projects", since=2020, until=2021)
    assert {slug(years.things[tie.thing].iri) for tie in years.ties} == {"fanghi", "r-aces"}


@pytest.mark.parametrize("of", OF)
def test_every_side_goes_with_every_other(make: Make, of: str) -> None:
    """Whatever joins them, nodes are kept without ties, and the two sides never mix."""
    for by in BY:
        if by != of:
            graph = make(of=of, by=by, projection="none")
            two = graph.graph()
            assert two.number_of_nodes() == len(graph.nodes) + len(graph.things)
            assert checked(two, [node.iri for node in graph.nodes]).nnz == len(graph.ties)


def test_one_side_alone_is_no_graph() -> None:
    """Networks cannot be joined by networks."""
    with pytest.raises(CollaborationError, match="networks by networks"):
        Asked(of="networks", by="networks")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"of": "cluster"}, "nearest: clusters"),
        ({"projection": "newmann"}, "nearest: newman"),
        ({"source": "doc-3"}, "doc-003"),
        ({"roles": ("Partner!",)}, "partner"),
        ({"since": 2023, "until": 2022}, "not before"),
        ({"since": 0}, "year such as"),
        ({"backbone": 1.0}, "between 0 and 1"),
    ],
)
def test_a_wrong_condition_is_named(wrong: dict[str, object], said: str) -> None:
    """With what would do."""
    with pytest.raises(ParameterError, match=said):
        Asked(**wrong)  # type: ignore[arg-type]


def test_projection_equals_that_of_networkx(make: Make) -> None:
    """Straight from the two-mode edges, in another way."""
    graph = make(of="organisations", by="projects", projection="none")
    two, names = graph.graph(), [node.iri for node in graph.nodes]
    theirs = {
        "newman": bipartite.collaboration_weighted_projected_graph(two, names),
        "count": bipartite.weighted_projected_graph(two, names),
        "jaccard": bipartite.overlap_weighted_projected_graph(two, names),
    }
    for projection, other in theirs.items():
        matrix = nx.to_scipy_sparse_array(other, nodelist=names, weight="weight")
        assert np.allclose(matrix.toarray(), projected(graph.incidence, projection).toarray())


def test_results_do_not_depend_on_the_order_of_sets(release: Release) -> None:
    """Two processes with other hash seeds write the same bytes."""
    code = (
        "import sys, json, pathlib\n"
        "from ctlgraph.catalogue import drive_now\n"
        "from ctlgraph.collaboration import *\n"
        "from ctlgraph.store import Store\n"
        "store = Store.open(pathlib.Path(sys.argv[1]))\n"
        "ask = lambda text: store.query(text).serialize('json')\n"
        "graph = drive_now(collaborating(Asked(of='organisations', by='all')), ask)\n"
        "found = {name: drive_now(measuring(graph, name, other=graph), ask) for name in MEASURES}\n"
        "print(list(graph.graph().edges.data()))\n"
        "print(json.dumps({name: [each.rows, each.sentence('it')] for name, each in found.items()}))\n"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", code, str(release.path)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert said[0] == said[1]
    assert json.loads(said[0].splitlines()[1]).keys() == MEASURES.keys()


@pytest.mark.parametrize("name", MEASURES)
def test_each_measure_says_something_true_in_both_languages(make: Make, measure: Measure, name: str) -> None:
    """Sentences are short and complete, and every number has its provenance."""
    graph = make()
    found = measure(graph, name, other=make(guests=True))
    assert found.provenance["release"] == graph.release
    assert found.provenance["projection"] == "newman"
    assert found.provenance["measure"] == name
    for lang in ("it", "en"):
        sentence = found.sentence(lang)
        assert sentence.endswith(".")
        assert "{" not in sentence
        assert len(sentence) < 600
    assert found.found.engine or found.reason


def test_a_graph_this_small_is_said_to_be(make: Make, measure: Measure) -> None:
    """In words, in place of a number."""
    found = measure(make(), "communities")
    assert found.rows == ()
    assert "because with fewer than ten tied nodes" in found.sentence("en")
    assert "perché con meno di dieci nodi legati" in found.sentence("it")
    assert "it has no tie" in measure(make(by="organisations"), "degree").sentence("en")
    assert "no triangles" in measure(make(projection="none"), "clustering").sentence("en")
