"""Classes and the classes below them, as a drawing: trees in one column or in several.

Written here for the same reasons as `neighbourhood`, whose look it shares.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from ctlgraph.charts.style import clean, wrapped

_SIZE, _LINE, _ROW = 14, 17, 9  # pixels of a name, from one line of it to the next, between names
_COLUMN, _STEP = 344, 26  # pixels of a column, and from one depth to the next
_CHARACTERS = 34


@dataclass(frozen=True)
class Branch:
    """A name with a note and the address that it leads to, and what is below it."""

    label: str
    note: str
    address: str
    below: Sequence[Branch] = ()


@dataclass(frozen=True)
class _Row:
    """A branch in its place: depth in steps, middle of its first line, and its lines."""

    branch: Branch
    depth: int
    y: float
    lines: Sequence[str]
    parent: float | None


def tree(roots: Sequence[Branch], title: str, *, columns: int) -> str:
    """The trees below one another, in columns of about the same height, none of them broken."""
    packed = _packed([_rows(root) for root in roots], columns)
    drawn: list[str] = []
    for column, rows in enumerate(packed):
        x = column * _COLUMN + 12
        drawn += [_tie(row, x) for row in rows if row.parent is not None]
        drawn += [_name(row, x) for row in rows]
    high = max((rows[-1].y + len(rows[-1].lines) * _LINE for rows in packed if rows), default=0)
    form = "wide" if columns > 1 else "narrow"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="around {form}" role="group"'
        f' viewBox="0 0 {columns * _COLUMN} {high:.0f}" aria-label="{escape(clean(title))}"'
        f' font-size="{_SIZE}">{"".join(drawn)}</svg>'
    )


def _rows(root: Branch) -> list[_Row]:
    """A tree from the top, each branch below the one that it belongs to."""
    rows: list[_Row] = []
    top = 0.0
    for branch, depth, above in _walk(root, 0, None):
        lines = wrapped(clean(f"{branch.label} {branch.note}".strip()), _CHARACTERS - 3 * depth, 2)
        rows.append(_Row(branch, depth, top + _LINE / 2, lines, rows[above].y if above is not None else None))
        top += len(lines) * _LINE + _ROW
    return rows


def _walk(
    branch: Branch, depth: int, above: int | None, start: int = 0
) -> Iterator[tuple[Branch, int, int | None]]:
    """Each branch with its depth and the place of the one above it."""
    yield branch, depth, above
    place = start + 1
    for child in branch.below:
        for found in _walk(child, depth + 1, start, place):
            yield found
            place += 1


def _packed(trees: Sequence[Sequence[_Row]], columns: int) -> list[list[_Row]]:
    """The trees in so many columns, in their order, moved to where they stand."""
    whole = sum(map(_height, trees))
    packed: list[list[_Row]] = [[] for _ in range(columns)]
    column, top, done = 0, float(_ROW), 0.0
    for rows in trees:
        high = _height(rows)
        if packed[column] and column + 1 < columns and done + high / 2 > whole * (column + 1) / columns:
            column, top = column + 1, float(_ROW)
        packed[column] += [
            _Row(r.branch, r.depth, r.y + top, r.lines, r.parent + top if r.parent is not None else None)
            for r in rows
        ]
        top, done = top + high, done + high
    return packed


def _height(rows: Sequence[_Row]) -> float:
    return sum(len(row.lines) * _LINE + _ROW for row in rows)


def _tie(row: _Row, x: float) -> str:
    """The way down from the one above, and to the name."""
    left = x + (row.depth - 1) * _STEP
    bend = f"Q{left} {row.y:.1f} {left + 8} {row.y:.1f}"
    down = f"M{left} {(row.parent or 0) + 6:.1f}V{row.y - 8:.1f}"
    return f'<path class="tie" d="{down}{bend}H{left + _STEP - 6}"/>'


def _name(row: _Row, x: float) -> str:
    at = x + row.depth * _STEP
    lines = "".join(
        f'<tspan x="{at + 10}" y="{row.y + 5 + n * _LINE:.1f}">{escape(line)} </tspan>'
        for n, line in enumerate(row.lines)
    )
    dot = f'<circle class="s{row.depth % 3 + 1}" cx="{at}" cy="{row.y:.1f}" r="5"/>'
    text = f"<text>{lines}</text>"
    if not row.branch.address:
        return f"<g>{dot}{text}</g>"
    return f'<a href="{escape(row.branch.address)}">{dot}{text}</a>'
