"""Rows by columns, as parts of a Vega-Lite specification."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ctlgraph.charts.bars import colours
from ctlgraph.charts.picture import Picture, Point
from ctlgraph.charts.style import EMPTY, PALETTE, SMALL, broken, ink_on, names_axis, shade

_WIDE, _SLIM, _STEP = 110, 46, 36
_HEADING, _MOST_WIDE, _SHORT, _SLOPING = 14, 6, 5, 44
_NAME = 38


def matrix(picture: Picture) -> dict[str, Any]:
    """A cell for each pair: shaded and with its number, or coloured by its kind, or just filled."""
    columns, rows = _columns(picture.names("x")), broken(picture.names("y"), _NAME, 2)
    place = {"x": _names("column", columns, _heading(columns)), "y": _names("row", rows, names_axis(rows))}
    ground = [{"column": column, "row": row} for column in columns.values() for row in rows.values()]
    tile = {"type": "rect", "stroke": "#ffffff", "strokeWidth": 2}
    fill = {"field": "fill", "type": "nominal", "scale": None}
    layers: list[dict[str, Any]] = [
        {"data": {"values": ground}, "mark": tile | {"fill": EMPTY}, "encoding": place},
        {"mark": tile, "encoding": place | {"color": fill}},
    ]
    if picture.has_numbers("color"):
        ink = {"field": "ink", "type": "nominal", "scale": None}
        text = {"type": "text", "fontSize": SMALL}
        layers.append({"mark": text, "encoding": place | {"text": {"field": "kind"}, "color": ink}})
    elif "color" in picture.titles:
        layers[1]["encoding"]["color"] = colours(picture)
    wide = len(columns) <= _MOST_WIDE
    return {
        "width": {"step": _WIDE if wide else _SLIM},
        "height": {"step": _STEP},
        "data": {"values": [_cell(picture, point, columns, rows) for point in picture.points]},
        "layer": layers,
    }


def matrix_notes(picture: Picture) -> list[str]:
    """What the numbers are."""
    return [f"{picture.titles['color']}."] if picture.has_numbers("color") else []


def _columns(names: list[str]) -> dict[str, str]:
    """How the columns are headed: few in several lines, many in one, which slopes."""
    return broken(names, _SLOPING, 1) if len(names) > _MOST_WIDE else broken(names, _HEADING, 4)


def _heading(columns: dict[str, str]) -> dict[str, Any]:
    level = len(columns) <= _MOST_WIDE or max(map(len, columns.values())) <= _SHORT
    return names_axis(columns, top=True) | {"labelAngle": 0 if level else -40}


def _names(field: str, names: dict[str, str], axis: dict[str, Any]) -> dict[str, Any]:
    scale = {"domain": list(names.values()), "padding": 0}
    return {"field": field, "type": "nominal", "scale": scale, "axis": axis}


def _cell(picture: Picture, point: Point, columns: dict[str, str], rows: dict[str, str]) -> dict[str, Any]:
    look = {"kind": point["color"].text if "color" in point else "", "fill": PALETTE[0]}
    if picture.has_numbers("color"):
        look["fill"] = shade(share(picture, "color", point["color"].number))
        look["ink"] = ink_on(look["fill"])
    return {"column": columns[point["x"].text], "row": rows[point["y"].text]} | look


def share(picture: Picture, channel: str, number: Decimal | None) -> float:
    """Where a number lies between zero, or the least if that is lower, and the greatest: 0 to 1."""
    numbers = picture.numbers(channel)
    least = min(Decimal(), *numbers)
    return float(((number or Decimal()) - least) / ((max(numbers) - least) or 1))
