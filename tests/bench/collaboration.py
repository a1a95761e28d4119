"""How long each measure takes beside plain networkx and igraph, in the same run: `make bench`.

The graph is drawn like the worlds of `ctlgraph generate`: few organisations are in many projects.
Ratios are times of the other over ours: above 1 ours is faster.

    python -m tests.bench.collaboration [ORGANISATIONS]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import igraph  # type: ignore[import-untyped]
import networkx as nx  # type: ignore[import-untyped]
import numpy as np
from networkx.algorithms import bipartite  # type: ignore[import-untyped]
from scipy.sparse import csr_array  # type: ignore[import-untyped]

from ctlgraph.collaboration.engines import as_networkx
from ctlgraph.collaboration.measures.cohesion import clustering
from ctlgraph.collaboration.measures.communities import louvain
from ctlgraph.collaboration.measures.distances import components
from ctlgraph.collaboration.measures.holes import constraint
from ctlgraph.collaboration.measures.position import betweenness, core, pagerank
from ctlgraph.collaboration.projection import projected

Measured = tuple[str, Callable[[], object], Callable[[], object] | None, Callable[[], object] | None]


def main() -> None:
    """Print a line for each measure."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1500
    core(projected(drawn(10, 5), "newman"), "networkit")  # so that no measure pays for the import
    incidence = drawn(count, count // 2)
    weights = projected(incidence, "newman")
    say(f"{count} organisations, {count // 2} projects, {weights.nnz // 2} ties; seconds")
    say(f"{'measure':16}{'ours':>9}{'networkx':>10}{'igraph':>9}{'ratio nx':>10}{'ratio ig':>10}")
    for name, ours, theirs, others in measures(incidence, weights):
        own, plain, other = (clock(each) if each else None for each in (ours, theirs, others))
        ratios = [f"{each / own:10.1f}" if own and each else f"{'-':>10}" for each in (plain, other)]
        shown = "".join(
            f"{each:{width}.3f}" if each else f"{'-':>{width}}"
            for each, width in ((own, 9), (plain, 10), (other, 9))
        )
        say(f"{name:16}{shown}{''.join(ratios)}")


def drawn(organisations: int, projects: int) -> csr_array:
    """Organisations by projects, the same each time."""
    draw = np.random.default_rng(1)
    sizes = 1 + draw.lognormal(1.6, 0.6, projects).astype(int)
    chances = (np.arange(organisations) + 11.0) ** -0.8
    rows = draw.choice(organisations, sizes.sum(), p=chances / chances.sum())
    columns = np.repeat(np.arange(projects), sizes)
    matrix = csr_array((np.ones(rows.size), (rows, columns)), shape=(organisations, projects))
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix


def measures(incidence: csr_array, weights: csr_array) -> tuple[Measured, ...]:
    """Each measure: ours, that of networkx, that of igraph."""
    graph, count = as_networkx(weights), incidence.shape[0]
    two = bipartite.from_biadjacency_matrix(incidence)
    other = igraph.Graph.TupleList(graph.edges.data("weight"), weights=True)
    return (
        (
            "projection",
            lambda: projected(incidence, "newman"),
            lambda: bipartite.collaboration_weighted_projected_graph(two, range(count)),
            None,
        ),
        (
            "pagerank",
            lambda: pagerank(weights, "scipy"),
            lambda: nx.pagerank(graph),
            lambda: other.pagerank(weights="weight"),
        ),
        ("core", lambda: core(weights, "networkit"), lambda: nx.core_number(graph), other.coreness),
        (
            "clustering",
            lambda: clustering(weights, "networkit"),
            lambda: nx.clustering(graph),
            lambda: other.transitivity_local_undirected(mode="zero"),
        ),
        (
            "components",
            lambda: components(weights),
            lambda: list(nx.connected_components(graph)),
            other.connected_components,
        ),
        (
            "betweenness",
            lambda: betweenness(weights, "networkit"),
            lambda: nx.betweenness_centrality(graph),
            other.betweenness,
        ),
        (
            "constraint",
            lambda: constraint(weights, "scipy"),
            lambda: nx.constraint(graph, weight="weight"),
            lambda: other.constraint(weights="weight"),
        ),
        (
            "louvain, 1 run",
            lambda: louvain(weights, "networkit", 1),
            lambda: nx.community.louvain_communities(graph, seed=1),
            lambda: other.community_multilevel(weights="weight"),
        ),
    )


def clock(call: Callable[[], object]) -> float:
    """Seconds of one call."""
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
