"""Where a node stands: degree, strength, betweenness, closeness, PageRank, core, weight for each member."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ctlgraph.collaboration.engines import OWN, as_networkit, as_networkx, backend, chosen, named, seeded
from ctlgraph.collaboration.measures.base import INTEGER, NODE, Cell, Column, Found, Frame, Measure, Parameter
from ctlgraph.errors import CollaborationError
from ctlgraph.messages import N_

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_array  # type: ignore[import-untyped]

NODE_COLUMN = Column("node", N_("Name"), NODE)
_NONE = N_("No ties between {kind}.")
EXACT_NODES = 20_000
"""Up to so many nodes all shortest paths are looked at; above, those from a sample."""
SAMPLES, SEED = 256, 1
_PATHS = (
    Parameter("samples", N_("starting nodes drawn; 0 for all, or 256 above 20000 nodes"), 0),
    Parameter("seed", N_("seed of the draw"), SEED),
)


def rows(frame: Frame, *values: Any) -> list[tuple[Cell, ...]]:
    """A row for each node: its IRI and a value of each array."""
    return list(zip(frame.iris, *(each.tolist() for each in values), strict=True))


def degrees(adjacency: csr_array) -> np.ndarray:
    """The number of ties of each node."""
    import numpy as np

    return np.diff(adjacency.indptr)


def strengths(adjacency: csr_array) -> np.ndarray:
    """The sum of the weights of each node's ties."""
    import numpy as np

    return np.asarray(adjacency.sum(axis=1)).ravel()


def _degree(frame: Frame) -> Found:
    import numpy as np

    graph, ties = frame.graph, degrees(frame.adjacency)
    others = np.full(ties.size, max(ties.size - 1, 1))
    if graph.two_mode:
        others[: len(graph.nodes)], others[len(graph.nodes) :] = len(graph.things), len(graph.nodes)
    return Found(rows(frame, ties, ties / others), engine=named("scipy"))


def _strength(frame: Frame) -> Found:
    return Found(rows(frame, strengths(frame.adjacency)), engine=named("scipy"))


def _betweenness(frame: Frame) -> Found:
    engine, adjacency = chosen(frame.engine, frame.adjacency, "networkit"), frame.adjacency
    samples, seed = _drawn(frame), int(frame.parameters["seed"])
    values = betweenness(adjacency, engine, samples, seed)
    return Found(rows(frame, values), engine=_with_sample(engine, samples), seeds=(seed,) if samples else ())


def betweenness(adjacency: csr_array, engine: str, samples: int = 0, seed: int = SEED) -> np.ndarray:
    """The share of pairs of others whose shortest paths, counted in ties, go by way of a node.

    samples: from how many nodes paths start, 0 for all.
    """
    import numpy as np

    if engine != "networkit":
        import networkx as nx  # type: ignore[import-untyped]

        found = nx.betweenness_centrality(
            as_networkx(adjacency), k=samples or None, seed=seed, **backend(engine)
        )
        return np.array([found[place] for place in range(adjacency.shape[0])])
    import networkit as nk  # type: ignore[import-untyped]

    seeded(seed)
    graph = as_networkit(adjacency)
    if samples:
        run = nk.centrality.EstimateBetweenness(graph, samples, normalized=True)
    else:
        run = nk.centrality.Betweenness(graph, normalized=True)
    return np.array(run.run().scores())


def _closeness(frame: Frame) -> Found:
    samples, seed = _drawn(frame), int(frame.parameters["seed"])
    engine = chosen(frame.engine, frame.adjacency, "scipy" if samples else "networkit")
    values = closeness(frame.adjacency, engine, samples, seed)
    return Found(rows(frame, values), engine=_with_sample(engine, samples), seeds=(seed,) if samples else ())


def closeness(adjacency: csr_array, engine: str, samples: int = 0, seed: int = SEED) -> np.ndarray:
    """How few ties away the others are, and how many of them can be reached: 1 if all are one tie away.

    (r - 1) / (n - 1) times (r - 1) / d, for r nodes that can be reached at a total distance d.
    """
    import numpy as np

    if engine == "scipy":
        from ctlgraph.collaboration.measures.distances import sampled_closeness

        return sampled_closeness(adjacency, samples, seed)
    if engine == "networkit":
        import networkit as nk

        graph = as_networkit(adjacency)
        run = nk.centrality.Closeness(graph, True, nk.centrality.ClosenessVariant.Generalized)
        scores: np.ndarray = np.nan_to_num(np.array(run.run().scores()))
        return scores
    import networkx as nx

    found = nx.closeness_centrality(as_networkx(adjacency), **backend(engine))
    return np.array([found[place] for place in range(adjacency.shape[0])])


def _pagerank(frame: Frame) -> Found:
    engine = chosen(frame.engine, frame.adjacency, "scipy")
    return Found(
        rows(frame, pagerank(frame.adjacency, engine, float(frame.parameters["damping"]))),
        engine=named(engine),
    )


def pagerank(adjacency: csr_array, engine: str, damping: float = 0.85) -> np.ndarray:
    """The share of time that a walk along ties, by weight, which may start anew, spends at each node."""
    import numpy as np

    if engine != "scipy":
        import networkx as nx

        found = nx.pagerank(
            as_networkx(adjacency), alpha=damping, tol=1e-10, max_iter=1000, **backend(engine)
        )
        return np.array([found[place] for place in range(adjacency.shape[0])])
    count, weights = adjacency.shape[0], strengths(adjacency)
    share = np.divide(1.0, weights, out=np.zeros_like(weights), where=weights > 0)
    walk = adjacency.T.tocsr()
    values = np.full(count, 1 / count)
    for _ in range(1000):
        before = values
        lost = values[weights == 0].sum()
        values = damping * (walk @ (values * share) + lost / count) + (1 - damping) / count
        if np.abs(values - before).sum() < 1e-10 * count:
            break
    return values


def _core(frame: Frame) -> Found:
    engine = chosen(frame.engine, frame.adjacency, "networkit")
    return Found(rows(frame, core(frame.adjacency, engine)), engine=named(engine))


def core(adjacency: csr_array, engine: str) -> np.ndarray:
    """The largest k for which a node is among nodes that each have k ties with one another."""
    import numpy as np

    if engine == "networkit":
        import networkit as nk

        run = nk.centrality.CoreDecomposition(as_networkit(adjacency)).run()
        return np.array(run.scores()).astype(int)
    import networkx as nx

    found = nx.core_number(as_networkx(adjacency), **backend(engine))
    return np.array([found[place] for place in range(adjacency.shape[0])])


def _per_member(frame: Frame) -> Found:
    members = frame.extra["members"]
    if not any(iri in members for iri in frame.iris):
        why = N_("no meaning here, because no source says how many members the {kind} have")
        return Found(reason=CollaborationError(why, kind=_kind(frame)), engine=OWN)
    found = zip(frame.iris, strengths(frame.adjacency).tolist(), strict=True)
    return Found(
        [
            (iri, weight / members[iri] * 100, weight, members[iri])
            for iri, weight in found
            if members.get(iri, 0) > 0
        ],
        engine=named("scipy"),
    )


def _kind(frame: Frame) -> str:
    from ctlgraph.collaboration.asked import KINDS

    return KINDS[frame.graph.asked.of]


def _drawn(frame: Frame) -> int:
    """How many starting nodes are drawn, 0 for all."""
    count, wanted = frame.adjacency.shape[0], int(frame.parameters["samples"])
    return min(wanted, count) if wanted else SAMPLES if count > EXACT_NODES else 0


def _with_sample(engine: str, samples: int) -> str:
    return named(engine) + (f", estimated from {samples} starting nodes" if samples else "")


MEASURES = (
    Measure(
        "degree",
        N_("ties"),
        N_(
            "With how many others a node is tied, and what share of all those it could be tied with; in a"
            " two-mode graph these are the nodes of the other side."
        ),
        "Freeman (1979), doi:10.1016/0378-8733(78)90021-7; Borgatti and Everett (1997),"
        " doi:10.1016/S0378-8733(96)00301-2",
        "nodes",
        (NODE_COLUMN, Column("degree", N_("Ties"), INTEGER), Column("share", N_("Share of possible ties"))),
        {
            "none": _NONE,
            "one": N_("Tied with most others: {names} ({degree})."),
            "ties": N_("Tied with most others: {names} ({degree} each)."),
        },
        _degree,
        rank="degree",
    ),
    Measure(
        "strength",
        N_("strength"),
        N_(
            "The weights of all ties of a node together: with Newman's weights, in how many things it takes"
            " part with at least one other."
        ),
        "Newman (2001), doi:10.1103/PhysRevE.64.016132; Barrat and others (2004),"
        " doi:10.1073/pnas.0400087101",
        "nodes",
        (NODE_COLUMN, Column("strength", N_("Strength"))),
        {
            "none": _NONE,
            "one": N_("Heaviest ties with others: {names} (total weight {strength})."),
            "ties": N_("Heaviest ties with others: {names} (total weight {strength} each)."),
        },
        _strength,
        rank="strength",
    ),
    Measure(
        "betweenness",
        N_("betweenness"),
        N_(
            "What share of the pairs of others have their shortest path, counted in ties, by way of this"
            " node: who holds parts together that would else be far apart."
        ),
        "Freeman (1977), doi:10.2307/3033543; Brandes (2001), doi:10.1080/0022250X.2001.9990249; sample:"
        " Brandes and Pich (2007), doi:10.1142/S0218127407018403",
        "nodes",
        (NODE_COLUMN, Column("betweenness", N_("Betweenness"))),
        {
            "none": N_("Nobody stands between others: who can reach each other is tied directly."),
            "one": N_("Most often on the shortest path between two others: {names} ({betweenness})."),
            "ties": N_("Most often on the shortest path between two others: {names} ({betweenness} each)."),
        },
        _betweenness,
        smallest=3,
        small=N_("only a third node can stand between two"),
        rank="betweenness",
        parameters=_PATHS,
    ),
    Measure(
        "closeness",
        N_("closeness"),
        N_(
            "How few ties away the others are, from 0 to 1: 1 for a node tied with all others. Those out of"
            " reach lower it by their share."
        ),
        "Wasserman and Faust (1994), equation 5.22, ISBN 0-521-38707-8; sample: Eppstein and Wang (2004),"
        " doi:10.7155/jgaa.00081",
        "nodes",
        (NODE_COLUMN, Column("closeness", N_("Closeness"))),
        {
            "none": _NONE,
            "one": N_("Closest to all others: {names} ({closeness})."),
            "ties": N_("Closest to all others: {names} ({closeness} each)."),
        },
        _closeness,
        smallest=3,
        small=N_("between two nodes there is one distance only"),
        rank="closeness",
        parameters=_PATHS,
    ),
    Measure(
        "pagerank",
        N_("PageRank"),
        N_(
            "The share of time that a walk from tie to tie, by weight, spends at a node when it now and then"
            " starts anew anywhere: high for who is tied with those who are."
        ),
        "Brin and Page (1998), doi:10.1016/S0169-7552(98)00110-X",
        "nodes",
        (NODE_COLUMN, Column("pagerank", N_("PageRank"))),
        {
            "none": _NONE,
            "one": N_("Best tied, counting how well its partners are tied: {names} ({pagerank})."),
            "ties": N_("Best tied, counting how well their partners are tied: {names} ({pagerank} each)."),
        },
        _pagerank,
        smallest=3,
        small=N_("two nodes always share the walk equally"),
        rank="pagerank",
        parameters=(Parameter("damping", N_("chance that the walk goes on"), 0.85, most=0.999),),
    ),
    Measure(
        "per-member",
        N_("strength for 100 members"),
        N_(
            "The strength of a node for each hundred of its members, by the latest exact count: a cluster of"
            " 14 and one of 144 compared as if they were of one size."
        ),
        "Bonacich, Oliver and Snijders (1998), doi:10.1016/S0378-8733(97)00010-X, on size as a confound",
        "nodes",
        (
            NODE_COLUMN,
            Column("per_member", N_("Strength for 100 members")),
            Column("strength", N_("Strength")),
            Column("members", N_("Members"), INTEGER),
        ),
        {
            "none": _NONE,
            "one": N_("Most ties in relation to its size: {names} ({per_member} for 100 members)."),
            "ties": N_("Most ties in relation to their size: {names} ({per_member} for 100 members each)."),
        },
        _per_member,
        rank="per_member",
        needs="members",
        two_mode=N_("things on the other side have no members"),
    ),
    Measure(
        "core",
        N_("k-core"),
        N_("The largest number k for which a node is among nodes that each have k ties with one another."),
        "Seidman (1983), doi:10.1016/0378-8733(83)90028-X",
        "nodes",
        (NODE_COLUMN, Column("core", N_("k"), INTEGER)),
        {
            "none": _NONE,
            "one": N_("In the innermost core (k = {core}): {names}."),
            "ties": N_("In the innermost core, where each has at least {core} ties inside: {names}."),
        },
        _core,
        smallest=3,
        small=N_("a core of two nodes is a tie"),
        rank="core",
    ),
)
