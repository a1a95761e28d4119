"""Where the nodes of a drawing stand: tied ones near each other, each connected part for itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from math import log, sqrt
from typing import TYPE_CHECKING

from ctlgraph.collaboration.engines import as_networkx
from ctlgraph.collaboration.graphs import Collaboration

if TYPE_CHECKING:
    import networkx as nx  # type: ignore[import-untyped]

MOST = 2000
"""Nodes that can be laid out while someone waits."""

_EXACT = 150  # nodes up to which every distance along the ties counts
_ROUNDS = 60
_SEED = 1
_WIDE = 1.6  # how much wider than high the whole should be

Place = tuple[float, float]


def layout(graph: Collaboration) -> Mapping[int, Place]:
    """A place for each tied node of `members`, left and top at 0; neighbours are about 1 apart.

    Small parts by Kamada and Kawai (1989), doi:10.1016/0020-0190(89)90102-6; large ones by Fruchterman and
    Reingold (1991), doi:10.1002/spe.4380211102, from a fixed start. Nodes without a tie have no place.
    """
    import networkx as nx

    whole = as_networkx(graph.adjacency)
    parts = [sorted(part) for part in nx.connected_components(whole) if len(part) > 1]
    parts.sort(key=lambda part: (-len(part), part))
    return _packed([_laid(whole.subgraph(part), part) for part in parts])


def _laid(graph: nx.Graph, nodes: Sequence[int]) -> dict[int, Place]:
    """One part, as wide as its number of nodes asks for; always the same way round."""
    import networkx as nx

    ordered = nx.Graph()
    ordered.add_nodes_from(nodes)
    ordered.add_edges_from((one, other) for one in nodes for other in sorted(graph[one]) if one < other)
    if len(nodes) <= _EXACT:
        found = nx.kamada_kawai_layout(ordered)
    else:
        found = nx.spring_layout(ordered, iterations=_ROUNDS, seed=_SEED)
    places = {node: (float(x), float(y)) for node, (x, y) in found.items()}
    return _scaled(places, 1.1 * sqrt(len(nodes)) * sqrt(_WIDE), 1.1 * sqrt(len(nodes)) / sqrt(_WIDE))


def _scaled(places: Mapping[int, Place], wide: float, high: float) -> dict[int, Place]:
    """The places within a field of that width and height, from 0."""
    sides = [[place[axis] for place in places.values()] for axis in (0, 1)]
    spans = [max(side) - min(side) or 1 for side in sides]
    return {
        node: ((x - min(sides[0])) / spans[0] * wide, (y - min(sides[1])) / spans[1] * high)
        for node, (x, y) in places.items()
    }


def _packed(parts: Sequence[Mapping[int, Place]]) -> dict[int, Place]:
    """The parts in rows, the largest first, in the width that makes the whole most like a page."""
    sizes = [
        (max(x for x, _ in part.values()) + 1.2, max(y for _, y in part.values()) + 1.2) for part in parts
    ]
    widths = accumulate(wide for wide, _ in sizes)
    tries = (_rows(sizes, width) for width in widths)
    corners = min(tries, key=lambda tried: _unlike(sizes, tried), default=[])
    return {
        node: (left + x, top + y)
        for part, (left, top) in zip(parts, corners, strict=True)
        for node, (x, y) in part.items()
    }


def _rows(sizes: Sequence[Place], width: float) -> list[Place]:
    """The corner of each part, one beside the other as far as the width goes."""
    corners: list[Place] = []
    left = top = row = 0.0
    for wide, high in sizes:
        if left and left + wide > width + 1e-9:
            left, top, row = 0.0, top + row, 0.0
        corners.append((left, top))
        left, row = left + wide, max(row, high)
    return corners


def _unlike(sizes: Sequence[Place], corners: Sequence[Place]) -> float:
    """How far the whole is from the shape that it should have."""
    wide = max(left + size[0] for (left, _), size in zip(corners, sizes, strict=True))
    high = max(top + size[1] for (_, top), size in zip(corners, sizes, strict=True))
    return abs(log(wide / high / _WIDE))
