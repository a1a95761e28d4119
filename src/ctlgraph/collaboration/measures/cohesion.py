"""How the whole hangs together: components, clustering, density, centralisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctlgraph.collaboration.engines import as_networkit, as_networkx, backend, chosen, named
from ctlgraph.collaboration.measures.base import INTEGER, Column, Found, Frame, Measure, Parameter
from ctlgraph.collaboration.measures.distances import components
from ctlgraph.collaboration.measures.position import (
    NODE_COLUMN,
    betweenness,
    closeness,
    degrees,
    rows,
)
from ctlgraph.messages import N_

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_array  # type: ignore[import-untyped]

_TRIANGLES = N_("the two sides of a two-mode graph have no triangles")


def _components(frame: Frame) -> Found:
    import numpy as np

    found = components(frame.adjacency)
    sizes = np.bincount(found)
    facts = {
        "components": int((sizes > 1).sum()),
        "largest": int(sizes[0]),
        "isolated": int((sizes == 1).sum()),
        "nodes": found.size,
    }
    listed = rows(frame, found + 1, sizes[found])
    listed.sort(key=lambda row: (row[1], str(row[0])))
    return Found(listed, facts, named("scipy"))


def _clustering(frame: Frame) -> Found:
    engine = chosen(frame.engine, frame.adjacency, "networkit")
    local, ties = clustering(frame.adjacency, engine), degrees(frame.adjacency)
    pairs = ties * (ties - 1)
    facts = {
        "average": float(local.mean()),
        "transitivity": float((local * pairs).sum() / pairs.sum()) if pairs.any() else 0.0,
        "left_out": int((ties < 2).sum()),
    }
    listed = [row for row, count in zip(rows(frame, local), ties.tolist(), strict=True) if count > 1]
    return Found(listed, facts, named(engine))


def clustering(adjacency: csr_array, engine: str) -> np.ndarray:
    """What share of the pairs of a node's partners are tied with each other; 0 where there is no pair."""
    import numpy as np

    if engine == "networkit":
        import networkit as nk  # type: ignore[import-untyped]

        run = nk.centrality.LocalClusteringCoefficient(as_networkit(adjacency)).run()
        scores: np.ndarray = np.nan_to_num(np.array(run.scores()))
        return scores
    import networkx as nx  # type: ignore[import-untyped]

    found = nx.clustering(as_networkx(adjacency), **backend(engine))
    return np.fromiter((found[place] for place in range(adjacency.shape[0])), float)


def _density(frame: Frame) -> Found:
    graph, ties = frame.graph, frame.adjacency.nnz // 2
    count = len(graph.members)
    possible = len(graph.nodes) * len(graph.things) if graph.two_mode else count * (count - 1) // 2
    share = ties / possible
    return Found([(share, ties, possible)], {"density": share}, named("scipy"))


def _centralisation(frame: Frame) -> Found:
    kind = str(frame.parameters["centrality"])
    fast = {"degree": "scipy", "betweenness": "networkit", "closeness": "networkit"}[kind]
    engine = chosen(frame.engine, frame.adjacency, fast)
    value = centralisation(frame.adjacency, kind, engine)
    return Found([(value,)], {"centralisation": value}, named(engine))


def centralisation(adjacency: csr_array, kind: str, engine: str) -> float:
    """How much the most central node stands out, out of what it would in a star: from 0 to 1.

    kind: degree, betweenness or closeness. Freeman (1979), Social Networks 1, 215, pages 229 to 231.
    """
    count = adjacency.shape[0]
    match kind:
        case "degree":
            values, star = degrees(adjacency) / (count - 1), float(count - 2)
        case "betweenness":
            values, star = betweenness(adjacency, engine), float(count - 1)
        case _:
            values = closeness(adjacency, engine)
            star = (count - 1) * (count - 2) / (2 * count - 3)
    return float((values.max() - values).sum() / star)


MEASURES = (
    Measure(
        "components",
        N_("components"),
        N_(
            "The parts of the graph inside which everyone can reach everyone by way of ties, numbered from"
            " the largest; a node without ties is a part of its own."
        ),
        "Wasserman and Faust (1994), section 4.2.3, ISBN 0-521-38707-8",
        "groups",
        (NODE_COLUMN, Column("component", N_("Component"), INTEGER), Column("size", N_("Size"), INTEGER)),
        {
            "none": N_("No ties between {kind}."),
            "one": N_(
                "The graph has {components} connected parts; the largest holds {largest} of {nodes}, without"
                " ties are {isolated}."
            ),
            "ties": N_(
                "The graph has {components} connected parts; the largest holds {largest} of {nodes}, without"
                " ties are {isolated}."
            ),
        },
        _components,
    ),
    Measure(
        "clustering",
        N_("clustering"),
        N_(
            "What share of the pairs of a node's partners are tied with each other too. In a projection a"
            " thing that many take part in ties all of them with one another, so high values are the rule."
        ),
        "Watts and Strogatz (1998), doi:10.1038/30918; in projections: Newman, Strogatz and Watts (2001),"
        " doi:10.1103/PhysRevE.64.026118",
        "nodes",
        (NODE_COLUMN, Column("clustering", N_("Clustering"))),
        {
            "none": N_("No two partners of the same one are tied with each other."),
            "one": N_(
                "Partners most tied with one another: those of {names} ({clustering}). Average: {average}."
            ),
            "ties": N_(
                "Partners most tied with one another: those of {names} ({clustering} each). Average:"
                " {average}."
            ),
        },
        _clustering,
        smallest=3,
        small=N_("three nodes make the smallest triangle"),
        rank="clustering",
        two_mode=_TRIANGLES,
    ),
    Measure(
        "density",
        N_("density"),
        N_("The number of ties out of those that are possible; of a two-mode graph, between its two sides."),
        "Wasserman and Faust (1994), equation 4.3, ISBN 0-521-38707-8",
        "graph",
        (
            Column("density", N_("Density")),
            Column("ties", N_("Ties"), INTEGER),
            Column("possible", N_("Possible ties"), INTEGER),
        ),
        {
            "none": N_("No ties between {kind}."),
            "one": N_("Of {possible} possible ties there are {ties} (density {density})."),
            "ties": N_("Of {possible} possible ties there are {ties} (density {density})."),
        },
        _density,
    ),
    Measure(
        "centralisation",
        N_("centralisation"),
        N_(
            "How much the most central node stands out from the others: 0 if all are alike, 1 for a star,"
            " where one is tied with all and nobody else with anyone."
        ),
        "Freeman (1979), doi:10.1016/0378-8733(78)90021-7",
        "graph",
        (Column("centralisation", N_("Centralisation")),),
        {
            "none": N_("No one stands out: all are equally central."),
            "one": N_("Centralisation, from 0 (all alike) to 1 (a star): {centralisation}."),
            "ties": N_("Centralisation, from 0 (all alike) to 1 (a star): {centralisation}."),
        },
        _centralisation,
        smallest=3,
        small=N_("among two nodes neither can stand out"),
        rank="centralisation",
        parameters=(
            Parameter(
                "centrality", N_("which centrality"), "degree", choices=("degree", "betweenness", "closeness")
            ),
        ),
        two_mode=N_("Freeman's star has one side only"),
    ),
)
