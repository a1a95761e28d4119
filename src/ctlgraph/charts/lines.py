"""What runs along time: lines and timelines, as parts of a Vega-Lite specification."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from ctlgraph.charts.bars import colours, number_axis
from ctlgraph.charts.picture import Picture, Point
from ctlgraph.charts.style import (
    DASHES,
    HIGH,
    PALETTE,
    ROW,
    SHAPES,
    SMALL,
    broken,
    names_axis,
    width,
)

_LINE = (620, 320)
_TIME = 560
_NAME = 38
_MOST_TICKS = 10
_MOST_WRITTEN = 16
_SHORT = 8
"""Pixels under which a span of time is drawn as a point."""


def lines(picture: Picture) -> dict[str, Any]:
    """A line for each series, from point to point; the numbers are written where there are few."""
    along = _along(picture)
    rows = [
        {
            "at": _position(point, along["type"]),
            "n": float(point["y"].number or 0),
            "kind": point["color"].text if "color" in point else "",
            "label": point["y"].text,
        }
        for point in picture.points
    ]
    x = {"field": "at", **along}
    y = {
        "field": "n",
        "type": "quantitative",
        "scale": {"zero": True, "nice": True},
        "axis": number_axis(picture),
    }
    place = {"x": x, "y": y}
    dashed, marked = _series(picture)
    drawn: list[dict[str, Any]] = [
        {"mark": {"type": "line", "strokeWidth": 2.5}, "encoding": place | dashed},
        {"mark": {"type": "point", "filled": True, "opacity": 1, "size": 80}, "encoding": place | marked},
    ]
    if len(rows) <= _MOST_WRITTEN:
        drawn += _haloed({"dy": -13}, place | {"text": {"field": "label"}})
    return {"width": _LINE[0], "height": _LINE[1], "data": {"values": rows}, "layer": drawn}


def _series(picture: Picture) -> tuple[dict[str, Any], dict[str, Any]]:
    """How the lines, and the points on them, are told apart: by colour, and by dashes and shapes as well."""
    if "color" not in picture.titles:
        return {"color": {"value": PALETTE[0]}}, {"color": {"value": PALETTE[0]}}
    colour, kinds = colours(picture), picture.names("color")
    dash = {"scale": {"domain": kinds, "range": list(DASHES[: len(kinds)])}, "legend": None}
    legend = {name: colour["legend"][name] for name in ("title", "columns")} | {"symbolStrokeWidth": 0}
    shape = {"scale": {"domain": kinds, "range": list(SHAPES[: len(kinds)])}, "legend": legend}
    colour, signs = colour | {"legend": legend}, {"field": "kind", "type": "nominal"}
    return {"color": colour, "strokeDash": signs | dash}, {"color": colour, "shape": signs | shape}


def _along(picture: Picture) -> dict[str, Any]:
    """What a line runs along: numbers such as years, dates, or names in the order of the answer."""
    values = [point["x"] for point in picture.points]
    axis: dict[str, Any] = {"title": picture.titles["x"], "grid": False}
    if all(value.number is not None for value in values):
        different = sorted({float(value.number or 0) for value in values})
        ticks: dict[str, Any] = {"values": different} if len(different) <= _MOST_TICKS else {"tickMinStep": 1}
        scale = {"zero": False, "nice": False, "padding": 24}
        return {"type": "quantitative", "scale": scale, "axis": axis | {"format": "~r"} | ticks}
    days = sorted({value.days[0] for value in values if value.days})
    if days and all(value.days for value in values):
        few = {"values": [day.isoformat() for day in days], "format": "%-d %b %Y"}
        ticks = few if len(days) <= _MOST_TICKS // 2 else _ticks(days[0], days[-1])
        return {"type": "temporal", "scale": {"type": "utc", "padding": 24}, "axis": axis | ticks}
    names = picture.names("x")
    room = _LINE[0] / len(names)
    slope = {"labelAngle": 0 if max(map(width, names)) < room else -40}
    return {"type": "ordinal", "scale": {"domain": names}, "axis": axis | slope}


def _ticks(first: date, last: date) -> dict[str, Any]:
    """Years, or months where the years are few."""
    years = last.year - first.year + 1
    if years > 2:
        step = -(-years // _MOST_TICKS)
        return {"format": "%Y", "tickCount": {"interval": "year", "step": step}}
    return {"format": "%b %Y", "tickCount": 6}


def _position(point: Point, kind: str) -> float | str:
    value = point["x"]
    if kind == "quantitative":
        return float(value.number or 0)
    return value.days[0].isoformat() if kind == "temporal" and value.days else value.text


def timeline(picture: Picture) -> dict[str, Any]:
    """A row for each name: a bar from the first day to the last, a point for what is too short for a bar."""
    names = broken(picture.names("y"), _NAME, 2)
    spans = [_span(point) for point in picture.points]
    start, end = date(min(spans)[0].year, 1, 1), max(last for _, last in spans)
    end = date(end.year, 12, 31) + timedelta(days=1)
    rows = [
        {
            "name": names[point["y"].text],
            "kind": point["color"].text if "color" in point else "",
            "from": first.isoformat(),
            "to": (last + timedelta(days=1)).isoformat(),
            "bar": (last - first).days / (end - start).days * _TIME > _SHORT,
            "label": " – ".join(dict.fromkeys(point[each].text for each in ("x", "end") if each in point)),
        }
        for point, (first, last) in zip(picture.points, spans, strict=True)
    ]
    y = {
        "field": "name",
        "type": "nominal",
        "scale": {"domain": list(names.values()), "padding": 0},
        "axis": names_axis(names) | {"grid": True},
    }
    scale = {"type": "utc", "domain": [start.isoformat(), end.isoformat()], "nice": False}
    axis = {"title": None, "orient": "top", "grid": True, "domain": False, "ticks": False}
    x = {"field": "from", "type": "temporal", "scale": scale, "axis": axis | _ticks(start, end)}
    colour = colours(picture) if "color" in picture.titles else {"value": PALETTE[0]}
    place = {"y": y, "x": x, "color": colour}
    layers: list[dict[str, Any]] = [
        {
            "transform": [{"filter": "datum.bar"}],
            "mark": {"type": "bar", "height": 12, "cornerRadius": 2},
            "encoding": place | {"x2": {"field": "to"}},
        },
        {
            "transform": [{"filter": "!datum.bar"}],
            "mark": {"type": "point", "filled": True, "size": 120, "opacity": 1, "stroke": "#ffffff"},
            "encoding": place,
        },
    ]
    if len(names) == len(rows):
        text = {"y": y, "x": x | {"field": "to"}, "text": {"field": "label"}}
        layers += _haloed({"align": "left", "dx": 9}, text)
    step = 2 * HIGH + 4 if any("\n" in name for name in names.values()) else ROW + 4
    return {"width": _TIME, "height": {"step": step}, "data": {"values": rows}, "layer": layers}


def _span(point: Point) -> tuple[date, date]:
    """The first and the last day of a row; what has no end, or one before its start, ends as it starts."""
    first, last = point["x"].days or (date.min, date.min)
    end = point["end"].days if "end" in point else None
    return first, max(last, end[1]) if end else last


def _haloed(mark: dict[str, Any], encoding: dict[str, Any]) -> list[dict[str, Any]]:
    """A text on white, so that lines behind it do not cross it."""
    text = {"type": "text", "fontSize": SMALL, **mark}
    halo = {"stroke": "#ffffff", "strokeWidth": 4, "strokeJoin": "round"}
    return [{"mark": text | look, "encoding": encoding} for look in (halo, {})]
