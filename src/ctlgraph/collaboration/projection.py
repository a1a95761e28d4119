"""One-mode projections straight from the two-mode edges, as sparse matrices.

networkx walks over all pairs of neighbours in Python; the tests hold these against it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ctlgraph.errors import CollaborationError
from ctlgraph.messages import N_

if TYPE_CHECKING:
    import networkx as nx  # type: ignore[import-untyped]
    from scipy.sparse import csr_array  # type: ignore[import-untyped]

_SAME_SIDE = N_("not bipartite: {one} and {other} are on the same side")


def projected(incidence: csr_array, projection: str) -> csr_array:
    """The weights between nodes, or with "none" between nodes and things, in this order of places.

    incidence: nodes by things, 1 where one takes part in the other. Symmetric, nothing on the diagonal.
    newman: a thing that k take part in adds 1 / (k - 1) to each pair of them, so a node's strength is the
    number of its things that have at least one other. Newman (2001), Phys. Rev. E 64, 016132.
    """
    match projection:
        case "none":
            return _two_mode(incidence)
        case "newman":
            return _without_diagonal(_newman(incidence))
        case "jaccard":
            return _jaccard(incidence)
    return _without_diagonal(incidence @ incidence.T)


def backbone(weights: csr_array, level: float) -> csr_array:
    """The ties whose weight chance does not explain, at that level, for one of their two ends at least."""
    chances = disparity(weights)
    kept = weights.copy()
    kept.data = weights.data * (chances.data < level)
    kept.eliminate_zeros()
    return kept


def disparity(weights: csr_array) -> csr_array:
    """How likely it is that chance gives a tie at least its weight: the smaller of what its two ends say.

    A node of degree k spreads its strength s over its ties at random; a tie of weight w is as heavy or
    heavier with probability (1 - w / s) ** (k - 1), which is 1 for a node with one tie.
    Serrano, Boguna and Vespignani (2009), Proc. Natl. Acad. Sci. 106, 6483, equation 2.
    """
    import numpy as np

    degrees = np.diff(weights.indptr)
    strengths = np.asarray(weights.sum(axis=1)).ravel()
    rows = np.repeat(np.arange(degrees.size), degrees)
    share = np.clip(1 - weights.data / strengths[rows], 0, 1)
    chances = weights.copy()
    chances.data = share ** (degrees[rows] - 1)
    other = chances.T.tocsr()
    other.sort_indices()
    chances.data = np.minimum(chances.data, other.data)
    return chances


def checked(graph: nx.Graph, nodes: Iterable[Any]) -> csr_array:
    """Incidence of any two-mode graph of networkx: nodes of one side by all others, each in its order.

    Raises CollaborationError if an edge joins two of one side, which networkx does not look at.

    >>> import networkx as nx
    >>> checked(nx.Graph([("p", "A"), ("p", "B")]), ["A", "B"]).toarray().tolist()
    [[1.0], [1.0]]
    >>> checked(nx.Graph([("A", "B")]), ["A", "B"])
    Traceback (most recent call last):
    ctlgraph.errors.CollaborationError: not bipartite: A and B are on the same side
    """
    from networkx.algorithms import bipartite  # type: ignore[import-untyped]

    wanted = set(nodes)
    for one, other in graph.edges:
        if (one in wanted) == (other in wanted):
            raise CollaborationError(_SAME_SIDE, one=one, other=other)
    rows = [node for node in graph if node in wanted]
    columns = [node for node in graph if node not in wanted]
    return bipartite.biadjacency_matrix(graph, rows, columns, weight=None, dtype=float)


def _newman(incidence: csr_array) -> csr_array:
    import numpy as np
    from scipy.sparse import dia_array

    sizes = np.asarray(incidence.sum(axis=0)).ravel()
    shares = np.divide(1.0, sizes - 1, out=np.zeros_like(sizes), where=sizes > 1)
    return incidence @ dia_array((shares[None, :], [0]), shape=(sizes.size, sizes.size)) @ incidence.T


def _jaccard(incidence: csr_array) -> csr_array:
    import numpy as np

    common = _without_diagonal(incidence @ incidence.T).tocoo()
    sizes = np.asarray(incidence.sum(axis=1)).ravel()
    common.data /= sizes[common.row] + sizes[common.col] - common.data
    return common.tocsr()


def _two_mode(incidence: csr_array) -> csr_array:
    from scipy.sparse import block_array

    return block_array([[None, incidence], [incidence.T, None]]).tocsr()


def _without_diagonal(weights: csr_array) -> csr_array:
    """The matrix with an empty diagonal and sorted columns: the order in which sums are taken is the same."""
    weights = weights.tocsr()
    weights.setdiag(0)
    weights.eliminate_zeros()
    weights.sort_indices()
    return weights
