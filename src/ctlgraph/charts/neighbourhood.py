"""What surrounds one thing, as a drawing: the thing, and by kind of tie the things that it is tied to.

Two forms of the same: wide, with the thing in the middle, and narrow, as a tree. Written here, so that each
name is a link and the page gives the colours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from ctlgraph.charts.style import clean, width, wrapped

MOST = 24
"""Neighbours that are drawn; the table beside it has more."""

_SIZE, _LINE, _GAP = 14, 17, 9  # pixels of a name, from one line of it to the next, between names
_HEADING = 30
_WIDE, _NARROW = 760, 344  # pixels
_MIDDLE, _REACH = _WIDE / 2, 128  # where the thing is, and how far from it the neighbours begin
_INDENT = 44
_CHARACTERS = 28
_FEW, _MUCH = 3, 0.6  # of more names than these, a ring with more than that share is split


@dataclass(frozen=True)
class Neighbour:
    """A thing with the address that its name leads to, "" for none."""

    label: str
    address: str


@dataclass(frozen=True)
class Ring:
    """The neighbours by one kind of tie, which the heading tells."""

    heading: str
    neighbours: Sequence[Neighbour]


@dataclass(frozen=True)
class _Spot:
    """A line of text or more, from the top: a heading, or a neighbour of the ring of that number."""

    top: float
    lines: Sequence[str]
    ring: int
    neighbour: Neighbour | None

    @property
    def middle(self) -> float:
        return self.top + len(self.lines) * _LINE / 2


def chosen(rings: Sequence[Ring]) -> list[Ring]:
    """At most MOST neighbours, in turn from each ring, so that none is crowded out."""
    left, kept = MOST, [0] * len(rings)
    while left and any(kept[n] < len(ring.neighbours) for n, ring in enumerate(rings)):
        for n, ring in enumerate(rings):
            if left and kept[n] < len(ring.neighbours):
                kept[n], left = kept[n] + 1, left - 1
    return [Ring(ring.heading, ring.neighbours[:n]) for n, ring in zip(kept, rings, strict=True) if n]


def wide(centre: str, rings: Sequence[Ring], title: str) -> str:
    """The thing in the middle, the rings on both sides of it, each with about as many names."""
    rings = list(_split(rings))
    sides = _halves([_column([(n, ring)]) for n, ring in enumerate(rings)])
    columns = [_column([(n, rings[n]) for n in side]) for side in sides]
    high = max((_height(column) for column in columns), default=0)
    drawn = []
    for column, direction in zip(columns, (1, -1), strict=True):
        down = (high - _height(column)) / 2
        x = _MIDDLE + direction * _REACH
        for spot in column:
            y = spot.middle + down
            if spot.neighbour:
                bend = f"C{_MIDDLE + direction * 90:g} {high / 2:.1f} {x - direction * 60:g} {y:.1f}"
                start, end = f"M{_MIDDLE:g} {high / 2:.1f}", f"{x - direction * 6:g} {y:.1f}"
                drawn.append(f'<path class="tie" d="{start}{bend} {end}"/>')
        drawn += [_text(spot, x, down, direction) for spot in column]
    return _whole("wide", _WIDE, high, title, [*_sorted(drawn), _name(centre, high / 2)])


def narrow(centre: str, rings: Sequence[Ring], title: str) -> str:
    """The thing on top, all others below it."""
    head = wrapped(clean(centre), 40, 2)
    top = len(head) * _LINE + 2 * _GAP
    column = [
        _Spot(spot.top + top, spot.lines, spot.ring, spot.neighbour)
        for spot in _column(list(enumerate(rings)))
    ]
    x = 12
    ties = [
        f'<path class="tie" d="M{x} {top - _GAP}V{spot.middle - 8:.1f}Q{x} {spot.middle:.1f} {x + 8}'
        f' {spot.middle:.1f}H{_INDENT - 12}"/>'
        for spot in column
        if spot.neighbour
    ]
    name = "".join(
        f'<tspan x="0" y="{(n + 1) * _LINE - 4}">{escape(line)} </tspan>' for n, line in enumerate(head)
    )
    texts = [_text(spot, _INDENT - 6, 0, 1) for spot in column]
    return _whole(
        "narrow",
        _NARROW,
        _height(column) or top,
        title,
        [*ties, f'<text class="centre">{name}</text>', *texts],
    )


def _split(rings: Sequence[Ring]) -> Iterator[Ring]:
    """The rings, one with most of all names as two, so that both sides have some."""
    every = sum(len(ring.neighbours) for ring in rings)
    for ring in rings:
        half = -(-len(ring.neighbours) // 2)
        if every > _FEW and len(ring.neighbours) > every * _MUCH:
            yield Ring(ring.heading, ring.neighbours[:half])
            yield Ring(ring.heading, ring.neighbours[half:])
        else:
            yield ring


def _column(rings: Sequence[tuple[int, Ring]]) -> list[_Spot]:
    """The rings one below the other, each with its heading."""
    spots, top = [], 0.0
    for number, ring in rings:
        spots.append(_Spot(top + _HEADING - _LINE - 4, [clean(ring.heading)], number, None))
        top += _HEADING
        for neighbour in ring.neighbours:
            lines = wrapped(clean(neighbour.label), _CHARACTERS, 2)
            spots.append(_Spot(top, lines, number, neighbour))
            top += len(lines) * _LINE + _GAP
    return spots


def _height(column: Sequence[_Spot]) -> float:
    return column[-1].top + len(column[-1].lines) * _LINE + _GAP if column else 0.0


def _halves(columns: Sequence[Sequence[_Spot]]) -> tuple[list[int], list[int]]:
    """The numbers of the columns on the right and on the left, tall ones first, to the side with room."""
    sides: tuple[list[int], list[int]] = ([], [])
    heights = [0.0, 0.0]
    for number in sorted(range(len(columns)), key=lambda n: -_height(columns[n])):
        side = 0 if heights[0] <= heights[1] else 1
        sides[side].append(number)
        heights[side] += _height(columns[number])
    return sorted(sides[0]), sorted(sides[1])


def _text(spot: _Spot, x: float, down: float, direction: int) -> str:
    """A name beside its dot, or a heading."""
    anchor = "start" if direction > 0 else "end"
    at = x + direction * (10 if spot.neighbour else -2)
    lines = "".join(
        f'<tspan x="{at:g}" y="{spot.top + down + n * _LINE + _SIZE - 1:.1f}">{escape(line)} </tspan>'
        for n, line in enumerate(spot.lines)
    )
    text = f'<text text-anchor="{anchor}">{lines}</text>'
    if not spot.neighbour:
        return f'<g class="heading">{text}</g>'
    dot = f'<circle class="s{spot.ring % 3 + 1}" cx="{x:g}" cy="{spot.middle + down:.1f}" r="5"/>'
    if not spot.neighbour.address:
        return f"<g>{dot}{text}</g>"
    return f'<a href="{escape(spot.neighbour.address)}">{dot}{text}</a>'


def _name(centre: str, y: float) -> str:
    """The thing itself, in a box."""
    lines = wrapped(clean(centre), 20, 3)
    broad = max(width(line, _SIZE) for line in lines) + 24
    high = len(lines) * _LINE + 16
    texts = "".join(
        f'<tspan x="{_MIDDLE:g}" y="{y - high / 2 + 8 + n * _LINE + _SIZE - 1:.1f}">{escape(line)} </tspan>'
        for n, line in enumerate(lines)
    )
    corner = f'x="{_MIDDLE - broad / 2:.1f}" y="{y - high / 2:.1f}"'
    box = f'<rect {corner} width="{broad:.1f}" height="{high:.1f}" rx="6"/>'
    return f'<g class="centre">{box}<text text-anchor="middle">{texts}</text></g>'


def _sorted(drawn: Sequence[str]) -> list[str]:
    """Ties first, so that names lie over them."""
    return sorted(drawn, key=lambda each: not each.startswith("<path"))


def _whole(form: str, across: float, high: float, title: str, drawn: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="around {form}" viewBox="0 0 {across:g} {high:.0f}"'
        f' role="group" aria-label="{escape(clean(title))}" font-size="{_SIZE}">{"".join(drawn)}</svg>'
    )
