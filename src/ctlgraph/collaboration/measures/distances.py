"""Components, and distances in graphs too large for all of them: from a sample of nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_array  # type: ignore[import-untyped]


def components(adjacency: csr_array) -> np.ndarray:
    """The component of each node, numbered from 0 by size, the largest first, then by their first node."""
    import numpy as np
    from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]

    _, found = connected_components(adjacency, directed=False)
    sizes = np.bincount(found)
    first = np.full(sizes.size, found.size)
    np.minimum.at(first, found, np.arange(found.size))
    order = np.lexsort((first, -sizes))
    place = np.empty_like(order)
    place[order] = np.arange(order.size)
    numbered: np.ndarray = place[found]
    return numbered


def sampled_closeness(adjacency: csr_array, samples: int, seed: int) -> np.ndarray:
    """Closeness where the mean distance is that to nodes drawn in the component; exact in small components.

    samples: nodes drawn in each component, 0 for all. Eppstein and Wang (2004), J. Graph Algorithms Appl. 8,
    39.
    """
    import numpy as np

    count = adjacency.shape[0]
    found, values = components(adjacency), np.zeros(count)
    order = np.argsort(found, kind="stable")
    draw = np.random.default_rng(seed)
    for nodes in np.split(order, np.cumsum(np.bincount(found))[:-1]):
        if nodes.size > 1:
            values[nodes] = _in_component(adjacency, nodes, samples, draw) * (nodes.size - 1) / (count - 1)
    return values


def _in_component(
    adjacency: csr_array, nodes: np.ndarray, samples: int, draw: np.random.Generator
) -> np.ndarray:
    """One over the mean distance of each node to the others of its component."""
    import numpy as np
    from scipy.sparse.csgraph import dijkstra

    part = adjacency[nodes][:, nodes] if nodes.size < adjacency.shape[0] else adjacency
    all_of_them = not samples or samples >= nodes.size
    chosen = np.arange(nodes.size) if all_of_them else draw.choice(nodes.size, samples, replace=False)
    total = np.zeros(nodes.size)
    for start in range(0, chosen.size, 64):  # so that distances from a few nodes are held at once
        total += dijkstra(part, unweighted=True, indices=chosen[start : start + 64]).sum(axis=0)
    others = np.full(nodes.size, chosen.size)
    others[chosen] -= 1  # a node is no other of its own
    values: np.ndarray = np.divide(others, total, out=np.zeros(nodes.size), where=total > 0)
    return values
