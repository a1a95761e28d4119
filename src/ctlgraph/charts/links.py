"""Nodes and the links between them, as parts of a Vega-Lite specification.

Two kinds of nodes stand in two columns, nodes of one kind on an oval: in both, long names have room, and the
same answer gives the same drawing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ctlgraph.charts.bars import colours
from ctlgraph.charts.picture import Picture
from ctlgraph.charts.style import HIGH, INK, PALETTE, SMALL, SOFT, wrapped
from ctlgraph.messages import N_, translate

_APART, _OVAL, _BULGE = 320, 150, 2.6
_NAME = 40
_SWEEPS = 8
_THIN, _THICK = 1.5, 8.0
_MOST_WRITTEN = 20
_STEP = 34

_HALO: tuple[dict[str, Any], ...] = ({"stroke": "#ffffff", "strokeWidth": 4, "strokeJoin": "round"}, {})

Places = Mapping[str, tuple[float, float]]


def links(picture: Picture) -> dict[str, Any]:
    """Named nodes and their links, as thick as their numbers are great; few numbers are written as well."""
    sources, targets = picture.names("x"), picture.names("y")
    two = not set(sources) & set(targets)
    places = _columns(picture, sources, targets) if two else _oval(picture)
    nodes = [_node(name, place, source=not two or name in sources) for name, place in places.items()]
    heads = [(0, "x", "right"), (_APART, "y", "left")] if two else []
    ends = (INK, INK) if "color" in picture.titles else PALETTE
    signs = [_signs(ends[0], source=True), _signs(ends[1], source=False)]
    layers = [*_lines(picture, places), *signs, *_labels(left=True), *_labels(left=False)]
    layers += [_head(at, picture.titles[channel], align) for at, channel, align in heads]
    height = max(y for _, y in places.values()) + _STEP / 2
    return {"width": _APART, "height": height, "data": {"values": nodes}, "layer": layers}


def link_notes(picture: Picture) -> list[str]:
    """What the thickness of the lines says."""
    if "weight" not in picture.titles:
        return []
    ends = [sorted(picture.points, key=lambda point: point["weight"].number or 0)[place] for place in (0, -1)]
    least, most = (point["weight"].text for point in ends)
    note = N_("Thickness of the lines: {title}, from {least} to {most}.")
    return [translate(note, picture.lang, title=picture.titles["weight"], least=least, most=most)]


def _node(name: str, place: tuple[float, float], *, source: bool) -> dict[str, Any]:
    x, y = place
    text = wrapped(name, _NAME, 2)
    beside = y - (len(text) - 1) * HIGH / 2
    return {"x": x, "y": y, "text": beside, "name": text, "left": x < _APART / 2, "source": source}


def _columns(picture: Picture, sources: Sequence[str], targets: Sequence[str]) -> Places:
    """Sources on the left, targets on the right, each as near as may be to those it is linked to."""
    ties = _ties(picture)
    left, right = list(sources), list(targets)
    for _ in range(_SWEEPS):
        right = _between(right, _heights(left), ties)
        left = _between(left, _heights(right), ties)
    most = max(len(left), len(right))
    return {
        name: (at, height * most * _STEP)
        for at, side in ((0, left), (_APART, right))
        for name, height in _heights(side).items()
    }


def _ties(picture: Picture) -> dict[str, dict[str, float]]:
    """How strongly each node is linked to each of its neighbours."""
    ties: dict[str, dict[str, float]] = {}
    for point in picture.points:
        one, other = point["x"].text, point["y"].text
        weight = float(point["weight"].number or 0) if "weight" in point else 1.0
        for a, b in ((one, other), (other, one)):
            ties.setdefault(a, {})[b] = weight
    return ties


def _heights(names: Sequence[str]) -> dict[str, float]:
    """Evenly between 0 and 1."""
    return {name: (place + 0.5) / len(names) for place, name in enumerate(names)}


def _between(
    names: list[str], others: Mapping[str, float], ties: Mapping[str, Mapping[str, float]]
) -> list[str]:
    return sorted(names, key=lambda name: sum(others[other] for other in ties[name]) / len(ties[name]))


def _oval(picture: Picture) -> Places:
    """All on an oval, at even heights so that no name lies over another; neighbours near their neighbours."""
    order = _walk(_ties(picture))
    half = (len(order) + 1) // 2
    sides = ((1, order[:half]), (-1, order[half:][::-1]))
    high = half * _STEP * (1 + 4 / len(order))
    return {
        name: (_APART / 2 + side * _OVAL * (1 - abs(2 * height - 1) ** _BULGE) ** (1 / _BULGE), height * high)
        for side, names in sides
        for name, height in _heights(names).items()
    }


def _walk(ties: Mapping[str, Mapping[str, float]]) -> list[str]:
    """From the node with the strongest ties, each time to the one that is tied most to the last of all."""
    left = sorted(ties, key=lambda name: -sum(ties[name].values()))
    walk = [left.pop(0)]
    while left:
        tied = [[ties[name].get(one, 0.0) for one in reversed(walk)] for name in left]
        walk.append(left.pop(max(range(len(left)), key=lambda place: (tied[place][0], sum(tied[place])))))
    return walk


def _at(name: str) -> dict[str, Any]:
    return {"field": name, "type": "quantitative", "scale": None, "axis": None}


_NODE = {"x": _at("x"), "y": _at("y")}


def _lines(picture: Picture, places: Places) -> list[dict[str, Any]]:
    """The links, and their numbers on white."""
    most = max(map(float, picture.numbers("weight")), default=0) or 1
    rows = []
    for point in picture.points:
        (x, y), (x2, y2) = places[point["x"].text], places[point["y"].text]
        weight = float(point["weight"].number or 0) if "weight" in point else 0.0
        thick = _THIN + (_THICK - _THIN) * max(weight, 0) / most
        rows.append({
            "x": x, "y": y, "x2": x2, "y2": y2, "mx": (x + x2) / 2, "my": (y + y2) / 2, "thick": thick,
            "kind": point["color"].text if "color" in point else "",
            "label": point["weight"].text if "weight" in point else "",
        })  # fmt: skip
    encoding = _NODE | {"x2": {"field": "x2"}, "y2": {"field": "y2"},
                        "strokeWidth": {"field": "thick", "type": "quantitative", "scale": None}}  # fmt: skip
    kinds = "color" in picture.titles
    encoding["color"] = _kinds(picture) if kinds else {"value": SOFT}
    data = {"values": rows}
    drawn: list[dict[str, Any]] = [
        {"data": data, "mark": {"type": "rule", "opacity": 1 if kinds else 0.75}, "encoding": encoding}
    ]
    if "weight" in picture.titles and len(rows) <= _MOST_WRITTEN:
        written = {"x": _at("mx"), "y": _at("my"), "text": {"field": "label"}}
        for halo in _HALO:
            drawn.append(
                {"data": data, "mark": {"type": "text", "fontSize": SMALL, **halo}, "encoding": written}
            )
    return drawn


def _kinds(picture: Picture) -> dict[str, Any]:
    """The colours of the lines, with a legend that leaves the heads of the columns free."""
    colour = colours(picture)
    legend = {name: colour["legend"][name] for name in ("title", "columns")}
    return colour | {"legend": legend | {"symbolType": "stroke", "symbolStrokeWidth": 4, "offset": 40}}


def _signs(colour: str, *, source: bool) -> dict[str, Any]:
    look = {"shape": "circle" if source else "square", "color": colour, "stroke": "#ffffff"}
    mark = {"type": "point", "filled": True, "size": 140, "opacity": 1, **look}
    return {
        "transform": [{"filter": f"datum.source === {str(source).lower()}"}],
        "mark": mark,
        "encoding": _NODE,
    }


def _labels(*, left: bool) -> list[dict[str, Any]]:
    """The names on one side, on white."""
    beside = {"align": "right", "dx": -11} if left else {"align": "left", "dx": 11}
    return [
        {
            "transform": [{"filter": f"datum.left === {str(left).lower()}"}],
            "mark": {"type": "text", "baseline": "middle", "lineHeight": HIGH, **beside, **halo},
            "encoding": _NODE | {"y": _at("text"), "text": {"field": "name"}},
        }
        for halo in _HALO
    ]


def _head(at: float, title: str, align: str) -> dict[str, Any]:
    """What a column holds, above it."""
    mark = {
        "type": "text",
        "align": align,
        "dy": -14,
        "fontWeight": "bold",
        "dx": 11 if align == "left" else -11,
    }
    place = {"x": {"value": at}, "y": {"value": 0}, "text": {"value": title}}
    return {"data": {"values": [{}]}, "mark": mark, "encoding": place}
