"""Classes in their places and the properties that lead from one to the other, as a drawing.

Each has a place in a grid, so that the drawing is the same each time; a property is an arrow between
neighbours, or below the last row. Written here for the same reasons as `neighbourhood`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import hypot

from ctlgraph.charts.style import clean, wrapped

Cell = tuple[int, int]
"""Column and row, from the left and from the top."""

_SIZE, _SMALL, _LINE, _LOW = 14, 12, 17, 14  # pixels of a name and of a property, and of their lines
_BROAD, _HIGH = 140, 50  # pixels of a box
_ACROSS, _DOWN = 280, 132  # from one box to the next
_ARC = 74  # how far below the last row an arrow goes
_AT, _CORNER = 0.42, 0.28  # where on its way an arrow has its name: two that cross have theirs apart
_TIP = 8


@dataclass(frozen=True)
class Box:
    """A class with the address that its name leads to."""

    label: str
    address: str


@dataclass(frozen=True)
class Arrow:
    """A property that leads from the class in one cell to that in another, with its address."""

    start: Cell
    end: Cell
    label: str
    address: str

    @property
    def beside(self) -> bool:
        """Whether it leads to a neighbour, also across a corner."""
        (x, y), (u, v) = self.start, self.end
        return max(abs(x - u), abs(y - v)) == 1


def relations(boxes: Mapping[Cell, Box], arrows: Sequence[Arrow], title: str) -> str:
    """The boxes with the arrows that can be drawn without crossing a box; "" without any."""
    last = max((row for _, row in boxes), default=0)
    drawn = [arrow for arrow in arrows if arrow.beside or _below(arrow, last)]
    if not drawn:
        return ""
    high = last * _DOWN + _HIGH + (_ARC if any(not arrow.beside for arrow in drawn) else 4)
    across = max(column for column, _ in boxes) * _ACROSS + _BROAD
    parts = [line for arrow in drawn for line in _line(arrow)]
    parts += [_name(arrow) for arrow in drawn]
    parts += [_box(cell, box) for cell, box in sorted(boxes.items(), key=lambda item: item[0][::-1])]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="around wide" viewBox="-2 -2 {across + 4} {high + 4}"'
        f' role="group" aria-label="{escape(clean(title))}" font-size="{_SIZE}">{"".join(parts)}</svg>'
    )


def _below(arrow: Arrow, last: int) -> bool:
    return arrow.start[1] == arrow.end[1] == last and arrow.start != arrow.end


def _middle(cell: Cell) -> tuple[float, float]:
    return cell[0] * _ACROSS + _BROAD / 2, cell[1] * _DOWN + _HIGH / 2


def _ends(arrow: Arrow) -> tuple[float, float, float, float]:
    """From the edge of one box to that of the other, where the line between their middles meets them."""
    (x, y), (u, v) = _middle(arrow.start), _middle(arrow.end)
    share = min(_BROAD / 2 / abs(u - x) if u != x else 1, _HIGH / 2 / abs(v - y) if v != y else 1)
    return x + (u - x) * share, y + (v - y) * share, u - (u - x) * share, v - (v - y) * share


def _line(arrow: Arrow) -> Iterator[str]:
    """The way, and the tip at its end."""
    if arrow.beside:
        x, y, u, v = _ends(arrow)
        yield f'<path class="tie" d="M{x:.1f} {y:.1f}L{u:.1f} {v:.1f}"/>'
        yield _tip(u, v, u - x, v - y)
        return
    (x, y), (u, v) = _middle(arrow.start), _middle(arrow.end)
    y, v = y + _HIGH / 2, v + _HIGH / 2
    low = y + _ARC - 20
    yield f'<path class="tie" d="M{x:.1f} {y:.1f}C{x:.1f} {low:.1f} {u:.1f} {low:.1f} {u:.1f} {v:.1f}"/>'
    yield _tip(u, v, 0, -1)


def _tip(x: float, y: float, right: float, down: float) -> str:
    far = hypot(right, down)
    a, b = right / far * _TIP, down / far * _TIP
    corners = ((x, y), (x - a + b / 2, y - b - a / 2), (x - a - b / 2, y - b + a / 2))
    return f'<polygon class="tip" points="{" ".join(f"{p:.1f},{q:.1f}" for p, q in corners)}"/>'


def _name(arrow: Arrow) -> str:
    """The property on its way."""
    lines = wrapped(clean(arrow.label), 20, 2)
    if arrow.beside:
        x, y, u, v = _ends(arrow)
        share = _AT if x == u else _CORNER
        at, middle = x + (u - x) * share, y + (v - y) * share
        if y == v:  # over the line, which it would hide
            at, middle = (x + u) / 2, y - len(lines) * _LOW / 2 - 3
    else:
        at = (_middle(arrow.start)[0] + _middle(arrow.end)[0]) / 2
        middle = _middle(arrow.start)[1] + _HIGH / 2 + _ARC - 20
    texts = _texts(lines, at, middle, _SMALL, _LOW)
    text = f'<text class="name" text-anchor="middle" font-size="{_SMALL}">{texts}</text>'
    return f'<a href="{escape(arrow.address)}">{text}</a>' if arrow.address else text


def _box(cell: Cell, box: Box) -> str:
    """The class, in its box."""
    x, y = _middle(cell)
    lines = wrapped(clean(box.label), 18, 2)
    texts = _texts(lines, x, y, _SIZE, _LINE)
    corner = f'x="{x - _BROAD / 2:g}" y="{y - _HIGH / 2:g}"'
    inside = (
        f'<rect {corner} width="{_BROAD}" height="{_HIGH}" rx="6"/><text text-anchor="middle">{texts}</text>'
    )
    name = f'<a href="{escape(box.address)}">{inside}</a>' if box.address else inside
    return f'<g class="centre">{name}</g>'


def _texts(lines: Sequence[str], x: float, y: float, size: int, high: int) -> str:
    """Lines around a middle."""
    tops = [y + (n - len(lines) / 2) * high + size - 1 for n in range(len(lines))]
    return "".join(
        f'<tspan x="{x:.1f}" y="{top:.1f}">{escape(line)} </tspan>'
        for top, line in zip(tops, lines, strict=True)
    )
