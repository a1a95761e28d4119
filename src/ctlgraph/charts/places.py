"""The map of Lombardy's provinces, as parts of a Vega-Lite specification.

The boundaries are those of `export.provinces`; the map itself says whose.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from ctlgraph.charts.grids import share
from ctlgraph.charts.picture import Picture, Value
from ctlgraph.charts.style import EMPTY, SMALL, SOFT, ink_on, shade
from ctlgraph.export.provinces import provinces
from ctlgraph.messages import N_, translate

_SIZE = (560, 520)


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
