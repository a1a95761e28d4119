"""Which engine computes a measure, and the graph in the form that it takes.

networkx is the reference: up to LARGE nodes and edges it computes whatever it has. Above, networkit or scipy
does, whose results the tests hold against it.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from ctlgraph.collaboration.asked import one_of

if TYPE_CHECKING:
    import networkx as nx  # type: ignore[import-untyped]
    from scipy.sparse import csr_array  # type: ignore[import-untyped]

LARGE_NODES, LARGE_EDGES = 2_000, 20_000
"""A graph with more of either goes to networkit or scipy."""


OWN = f"ctlgraph {version('ctlgraph')}"
"""What is written here, from the papers, because no engine has it."""


def large(adjacency: csr_array) -> bool:
    """Whether a graph is more than networkx measures in a moment."""
    return bool(adjacency.shape[0] > LARGE_NODES or adjacency.nnz > 2 * LARGE_EDGES)


def chosen(wanted: str, adjacency: csr_array, fast: str) -> str:
    """The engine that computes: what is wanted, else networkx, else for a large graph the fast one.

    wanted: "networkx", the fast one, or "networkx:" and one of its backends; "" for what fits.
    Raises ParameterError for another.
    """
    if not wanted:
        return fast if large(adjacency) else "networkx"
    one_of("engine", wanted.partition(":")[0], ("networkx", fast))
    return wanted


def named(engine: str) -> str:
    """The engine with its version, as it stands beside a result."""
    name, _, backend = engine.partition(":")
    return f"{name} {version(name)}" + (f", backend {backend}" if backend else "")


def backend(engine: str) -> dict[str, str]:
    """The keyword that hands a computation of networkx to one of its backends."""
    name = engine.partition(":")[2]
    return {"backend": name} if name else {}


def as_networkx(adjacency: csr_array) -> nx.Graph:
    """The graph with its places as nodes, in order, and ``weight`` on edges."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(adjacency.shape[0]))
    half = _upper(adjacency)
    graph.add_weighted_edges_from(zip(half.row.tolist(), half.col.tolist(), half.data.tolist(), strict=True))
    return graph


def as_networkit(adjacency: csr_array, *, weighted: bool = False) -> Any:
    """The graph as networkit has it, without weights unless they are wanted: paths take them for lengths."""
    import networkit as nk  # type: ignore[import-untyped]

    half = _upper(adjacency)
    rows, columns = half.row.astype("uint64"), half.col.astype("uint64")
    data = (half.data, (rows, columns)) if weighted else (rows, columns)
    return nk.GraphFromCoo(data, n=adjacency.shape[0], weighted=weighted)


def seeded(seed: int) -> None:
    """Make networkit repeat itself: its own seed, and one thread, since several race."""
    import networkit as nk

    nk.setSeed(seed, False)
    nk.setNumberOfThreads(1)


def _upper(adjacency: csr_array) -> Any:
    from scipy.sparse import triu

    return triu(adjacency, k=1).tocsr().tocoo()
