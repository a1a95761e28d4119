"""Communities: Louvain from many seeds, their consensus, and how stable it is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from ctlgraph.collaboration.engines import as_networkit, as_networkx, backend, chosen, named, seeded
from ctlgraph.collaboration.measures.base import INTEGER, Cell, Column, Found, Frame, Measure, Parameter
from ctlgraph.collaboration.measures.distances import components
from ctlgraph.collaboration.measures.position import NODE_COLUMN, degrees, strengths
from ctlgraph.messages import N_

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_array  # type: ignore[import-untyped]

_TOGETHER = 0.5  # in at least so many of the runs two tied nodes must be together to stay so
_ROUNDS = 10
_FAST_RUNS = 10  # of a large graph, unless more are asked for


def _communities(frame: Frame) -> Found:
    engine = chosen(frame.engine, frame.adjacency, "networkit")
    runs, first = int(frame.parameters["runs"]), int(frame.parameters["seed"])
    runs = runs or (_FAST_RUNS if engine == "networkit" else 50)
    seeds = tuple(range(first, first + runs))
    resolution = float(frame.parameters["resolution"])
    single = [louvain(frame.adjacency, engine, seed, resolution) for seed in seeds]
    found = consensus(frame.adjacency, single, engine, seeds, resolution)
    tied = degrees(frame.adjacency) > 0
    loyal = stability(frame.adjacency, single, found)
    sizes = _sizes(found)
    facts = {
        "communities": len({int(each) for each in found[tied]}),
        "modularity": modularity(frame.adjacency, found, resolution),
        "agreement": agreement(single),
        "runs": runs,
        "left_out": int((~tied).sum()),
    }
    listed: list[tuple[Cell, ...]] = [
        (iri, int(number) + 1, sizes[int(number)], float(share))
        for iri, number, share, has in zip(frame.iris, found, loyal, tied, strict=True)
        if has
    ]
    return Found(sorted(listed, key=lambda row: (row[1], str(row[0]))), facts, named(engine), seeds)


def louvain(adjacency: csr_array, engine: str, seed: int, resolution: float = 1.0) -> np.ndarray:
    """The community of each node in one run, numbered from the largest; a node without ties is its own."""
    import numpy as np

    if engine == "networkit":
        import networkit as nk  # type: ignore[import-untyped]

        seeded(seed)
        order = np.random.default_rng(seed).permutation(
            adjacency.shape[0]
        )  # all that its seed leaves to chance
        graph = as_networkit(adjacency[order][:, order].tocsr(), weighted=True)
        run = nk.community.PLM(graph, refine=True, gamma=resolution, par="none").run()
        parts = np.empty(order.size, dtype=np.int64)
        parts[order] = run.getPartition().getVector()
        return _numbered(parts)
    import networkx as nx  # type: ignore[import-untyped]

    sets = nx.community.louvain_communities(
        as_networkx(adjacency), seed=seed, resolution=resolution, **backend(engine)
    )
    found = np.empty(adjacency.shape[0], dtype=np.int64)
    for number, part in enumerate(sets):
        found[sorted(part)] = number
    return _numbered(found)


def consensus(
    adjacency: csr_array,
    single: Sequence[np.ndarray],
    engine: str,
    seeds: Sequence[int],
    resolution: float = 1.0,
) -> np.ndarray:
    """What the runs agree on: ties weighted by how often their ends are together, and Louvain again on these.

    Lancichinetti and Fortunato (2012), Sci. Rep. 2, 336; on the ties alone, as Tandon and others (2019),
    Phys. Rev. E 99, 042301. It ends when all runs are alike, or after ten rounds with the first run.
    """
    runs = list(single)
    for _ in range(_ROUNDS):
        if all((run == runs[0]).all() for run in runs[1:]):
            break
        together = _together(adjacency, runs)
        kept = adjacency.copy()
        kept.data = together * (together >= _TOGETHER)
        kept.eliminate_zeros()
        if ((together >= _TOGETHER) == (together == 1)).all():
            return _numbered(components(kept))
        runs = [louvain(kept, engine, seed, resolution) for seed in seeds]
    return runs[0]


def stability(adjacency: csr_array, single: Sequence[np.ndarray], found: np.ndarray) -> np.ndarray:
    """Of each node, in what share of the runs its partners are on the same side as in the consensus.

    1 where every run says of each partner what the consensus says; a node without ties has 1.
    """
    import numpy as np

    starts, ends = _ends(adjacency)
    together = _together(adjacency, single)
    agreed = np.where(found[starts] == found[ends], together, 1 - together)
    ties = degrees(adjacency)
    sums = np.bincount(starts, weights=agreed, minlength=ties.size)
    shares: np.ndarray = np.divide(sums, ties, out=np.ones(ties.size), where=ties > 0)
    return shares


def modularity(adjacency: csr_array, found: np.ndarray, resolution: float = 1.0) -> float:
    """How much more weight is inside the communities than chance has it: Newman (2004), equation 1.

    Phys. Rev. E 70, 056131.
    """
    import numpy as np

    total = adjacency.data.sum()
    starts, ends = _ends(adjacency)
    inside = adjacency.data[found[starts] == found[ends]].sum() / total
    shares = np.bincount(found, weights=strengths(adjacency)) / total
    return float(inside - resolution * (shares * shares).sum())


def agreement(single: Sequence[np.ndarray]) -> float:
    """How alike the runs are: the mean adjusted Rand index of each with the one before, 1 if all are alike.

    Hubert and Arabie (1985), J. Classif. 2, 193.
    """
    import numpy as np

    pairs = list(pairwise(single))
    return float(np.mean([adjusted_rand(one, other) for one, other in pairs])) if pairs else 1.0


def adjusted_rand(one: np.ndarray, other: np.ndarray) -> float:
    """How alike two partitions are, corrected for chance: 1 if they are the same."""
    import numpy as np

    def pairs(counts: np.ndarray) -> float:
        return float((counts.astype(float) * (counts - 1) / 2).sum())

    _, both = np.unique(np.stack((one, other)), axis=1, return_counts=True)
    common, left, right = pairs(both), pairs(np.bincount(one)), pairs(np.bincount(other))
    expected = left * right / (one.size * (one.size - 1) / 2)
    most = (left + right) / 2
    return 1.0 if most == expected else (common - expected) / (most - expected)


def _together(adjacency: csr_array, runs: Sequence[np.ndarray]) -> np.ndarray:
    """Of each entry of the adjacency, in what share of the runs its two ends are together."""
    import numpy as np

    starts, ends = _ends(adjacency)
    total = np.zeros(adjacency.nnz)
    for run in runs:
        total += run[starts] == run[ends]
    return total / len(runs)


def _ends(adjacency: csr_array) -> tuple[np.ndarray, np.ndarray]:
    import numpy as np

    return np.repeat(np.arange(adjacency.shape[0]), degrees(adjacency)), adjacency.indices


def _sizes(found: np.ndarray) -> list[int]:
    import numpy as np

    sizes: list[int] = np.bincount(found).tolist()
    return sizes


def _numbered(found: np.ndarray) -> np.ndarray:
    """The same parts, numbered from the largest, then by their first node."""
    import numpy as np

    _, first, inverse, sizes = np.unique(found, return_index=True, return_inverse=True, return_counts=True)
    order = np.lexsort((first, -sizes))
    place = np.empty_like(order)
    place[order] = np.arange(order.size)
    return place[inverse]


MEASURES = (
    Measure(
        "communities",
        N_("communities"),
        N_(
            "Groups of nodes with more weight inside than chance has it. Louvain's method, which depends on"
            " where it starts, is run from many seeds; what the runs agree on is the consensus. Stability:"
            " in what share of the runs a node's partners are on the same side as there. Nodes without ties"
            " are left out."
        ),
        "Blondel and others (2008), doi:10.1088/1742-5468/2008/10/P10008; consensus: Lancichinetti and"
        " Fortunato (2012), doi:10.1038/srep00336",
        "groups",
        (
            NODE_COLUMN,
            Column("community", N_("Community"), INTEGER),
            Column("size", N_("Size"), INTEGER),
            Column("stability", N_("Stability")),
        ),
        {
            "none": N_("No ties between {kind}."),
            "one": N_(
                "{runs} runs agree on {communities} communities (modularity {modularity}, agreement of the"
                " runs {agreement})."
            ),
            "ties": N_(
                "{runs} runs agree on {communities} communities (modularity {modularity}, agreement of the"
                " runs {agreement})."
            ),
        },
        _communities,
        smallest=10,
        small=N_(
            "with fewer than ten tied nodes the eye sees more than a division into communities, and chance"
            " decides it"
        ),
        parameters=(
            Parameter(
                "runs", N_("runs, each from a seed of its own; 0 for as many as fit the size"), 0, most=1000
            ),
            Parameter("seed", N_("first seed"), 1),
            Parameter(
                "resolution", N_("resolution: higher for smaller communities"), 1.0, least=0.01, most=100
            ),
        ),
        two_mode=N_("modularity of this kind is that of a graph with one side"),
    ),
)
