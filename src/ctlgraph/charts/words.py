"""The text alternative of a chart: all that it shows, in words."""

from __future__ import annotations

from ctlgraph.charts.picture import Picture, Point
from ctlgraph.messages import N_, Text, translate

_MOST = 60

_KINDS: dict[str, Text] = {
    "bar": N_("Bars: {y} by {x}."),
    "stacked": N_("Stacked bars: {y} by {x}; parts: {color}."),
    "grouped": N_("Bars side by side: {y} by {x}; kinds: {color}."),
    "line": N_("Line: {y} by {x}."),
    "timeline": N_("Timeline: {y}, by {x}."),
    "matrix": N_("Matrix: {y} in rows, {x} in columns."),
    "map": N_("Map of the provinces of Lombardy: {y}."),
    "graph": N_("Links: {x} with {y}."),
}


def words(picture: Picture) -> str:
    """The kind of chart, what its axes are, every value up to sixty, and what is left out."""
    titles = dict.fromkeys(("x", "y", "color"), "") | dict(picture.titles)
    parts = [translate(_KINDS[picture.mark], picture.lang, **titles)]
    values = "; ".join(_point(picture, point) for point in picture.points[:_MOST])
    parts.append(f"{values}.")
    if (more := len(picture.points) - _MOST) > 0:
        parts.append(translate(N_("And {count} more: they are in the table."), picture.lang, count=more))
    return " ".join([*parts, *picture.notes])


def _point(picture: Picture, point: Point) -> str:
    """One value: `AFIL, companies: 118`."""
    written = {channel: value.text for channel, value in point.items()}
    match picture.mark:
        case "timeline":
            start = " – ".join(filter(None, (written["x"], written.get("end"))))
            return f"{', '.join(filter(None, (written['y'], written.get('color'))))}: {start}"
        case "matrix" | "graph":
            pair = (
                f"{written['y']} / {written['x']}"
                if picture.mark == "matrix"
                else f"{written['x']} / {written['y']}"
            )
            more = written.get("color") or written.get("weight")
            return f"{pair}: {more}" if more else pair
    return f"{', '.join(filter(None, (written['x'], written.get('color'))))}: {written['y']}"
