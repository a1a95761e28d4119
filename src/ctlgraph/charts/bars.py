"""Bars that lie down, so that long names are read, as parts of a Vega-Lite specification."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ctlgraph.charts.picture import Picture, Point
from ctlgraph.charts.style import (
    HIGH,
    PALETTE,
    ROW,
    SMALL,
    TEXT,
    broken,
    ink_on,
    names_axis,
    width,
)

_LENGTH = 460
_NAME = 38
_SLIM = 16
_TICKS = 6
_LEGEND = 620


def bars(picture: Picture) -> dict[str, Any]:
    """Bars from zero, each with its number; of several kinds, one after the other or beside each other."""
    names = broken(picture.names("x"), _NAME, 2)
    rows = _stacked(picture, names) if picture.mark == "stacked" else _single(picture, names)
    x = {
        "field": "from",
        "type": "quantitative",
        "scale": {"domain": _domain(rows)},
        "axis": number_axis(picture),
    }
    y = {
        "field": "name",
        "type": "nominal",
        "scale": {"domain": list(names.values()), "paddingInner": 0.25, "paddingOuter": 0.15},
        "axis": names_axis(names),
    }
    place = {"y": y} | ({"yOffset": _offset(picture)} if picture.mark == "grouped" else {})
    colour = colours(picture) if "color" in picture.titles else {"value": PALETTE[0]}
    bar = {
        "mark": {"type": "bar", "stroke": "#ffffff", "strokeWidth": 1},
        "encoding": place | {"x": x, "x2": {"field": "to"}, "color": colour},
    }
    step: dict[str, Any] = {"step": 2 * HIGH + 6 if any("\n" in name for name in names.values()) else ROW + 2}
    if picture.mark == "grouped":
        step = {"step": _SLIM, "for": "offset"}
    return {
        "width": _LENGTH,
        "height": step,
        "data": {"values": rows},
        "layer": [bar, *_written(picture, place)],
    }


def _single(picture: Picture, names: dict[str, str]) -> list[dict[str, Any]]:
    return [
        _bar(picture, names, point, Decimal(), point["y"].number or Decimal()) for point in picture.points
    ]


def _stacked(picture: Picture, names: dict[str, str]) -> list[dict[str, Any]]:
    """Each kind after those before it, in the same order in every bar."""
    order = picture.names("color")
    reached = dict.fromkeys(names, Decimal())
    rows = []
    for point in sorted(picture.points, key=lambda point: order.index(point["color"].text)):
        start = reached[point["x"].text]
        reached[point["x"].text] += point["y"].number or Decimal()
        rows.append(_bar(picture, names, point, start, reached[point["x"].text]))
    longest = max(reached.values()) or 1
    return [row | {"label": row["label"] if _fits(row, float(longest)) else ""} for row in rows]


def _bar(
    picture: Picture, names: dict[str, str], point: Point, start: Decimal, end: Decimal
) -> dict[str, Any]:
    kind = point["color"].text if "color" in point else ""
    colour = PALETTE[picture.names("color").index(kind)] if kind else PALETTE[0]
    return {
        "name": names[point["x"].text],
        "kind": kind,
        "from": float(start),
        "to": float(end),
        "middle": float((start + end) / 2),
        "label": point["y"].text,
        "ink": ink_on(colour),
    }


def _fits(row: dict[str, Any], longest: float) -> bool:
    return bool((row["to"] - row["from"]) / longest * _LENGTH > width(row["label"], SMALL) + 4)


def _domain(rows: list[dict[str, Any]]) -> list[float]:
    """From zero, whatever the numbers, and further than zero; with room for the texts of bars below zero."""
    ends = [row["to"] for row in rows]
    least, most = min(0.0, *ends), max(0.0, *ends)
    room = 0.1 * (most - least) if least < 0 else 0.0
    return [least - room, most if most > least else 1.0]


def _written(picture: Picture, place: dict[str, Any]) -> list[dict[str, Any]]:
    """The numbers: inside the parts of a bar, or at the end of a bar, on the side away from zero."""
    text = {"field": "label"}
    if picture.mark == "stacked":
        ink = {"field": "ink", "type": "nominal", "scale": None}
        middle = {"field": "middle", "type": "quantitative"}
        return [
            {
                "mark": {"type": "text", "fontSize": SMALL},
                "encoding": place | {"x": middle, "text": text, "color": ink},
            }
        ]
    mark = {
        "type": "text",
        "align": {"expr": "datum.to < 0 ? 'right' : 'left'"},
        "dx": {"expr": "datum.to < 0 ? -5 : 5"},
        "fontSize": SMALL if picture.mark == "grouped" else TEXT,
    }
    return [{"mark": mark, "encoding": place | {"x": {"field": "to", "type": "quantitative"}, "text": text}}]


def _offset(picture: Picture) -> dict[str, Any]:
    return {"field": "kind", "type": "nominal", "scale": {"domain": picture.names("color")}}


def colours(picture: Picture) -> dict[str, Any]:
    """The colour of each kind, with a legend whose columns hold their longest text."""
    kinds = picture.names("color")
    longest = max(width(kind) for kind in kinds)
    return {
        "field": "kind",
        "type": "nominal",
        "scale": {"domain": kinds, "range": list(PALETTE[: len(kinds)])},
        "legend": {
            "title": picture.titles["color"],
            "columns": max(1, int(_LEGEND // (longest + 40))),
            "symbolType": "square",
        },
    }


def number_axis(picture: Picture) -> dict[str, Any]:
    """An axis of numbers in the language of the picture, with its unit; of integers, whole steps."""
    numbers = [Decimal(), *picture.numbers("y")]
    whole = all(number == number.to_integral_value() for number in numbers)
    steps = min(_TICKS, int(max(numbers) - min(numbers))) if whole else _TICKS
    return {
        "title": picture.titles["y"],
        "format": f"{',' if 'y' in picture.units else ''}{'d' if whole else '~r'}",
        "domain": False,
        "grid": True,
        "ticks": False,
        "tickCount": max(1, steps),
    }
