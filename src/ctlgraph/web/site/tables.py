"""A table whose state is its URL: ``sort=members`` or ``sort=-members``, ``page=2``, ``q=text``.

Knows rows and the parameters of a request; not how a table looks, nor where rows come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ctlgraph.errors import ParameterError
from ctlgraph.messages import N_
from ctlgraph.search import folded

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """A column: the key of its cells, its heading in the reader's language, whether it holds numbers."""

    key: str
    label: str
    number: bool = False


@dataclass(frozen=True)
class Table:
    """The rows of one page, and what the reader asked of the whole. A cell shows as its `str`.

    total: rows there are; matched: those that hold `q`; sort: a key, with "-" before it for descending.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: int
    matched: int
    page: int
    pages: int
    size: int
    sort: str
    q: str

    @property
    def first(self) -> int:
        """The number of the first row of this page, from 1; 0 if there is none."""
        return min((self.page - 1) * self.size + 1, self.matched)

    @property
    def last(self) -> int:
        """The number of the last row of this page."""
        return min(self.page * self.size, self.matched)

    def order(self, key: str) -> str:
        """How the rows are ordered by that column, as ARIA has it: ascending, descending or none."""
        return {key: "ascending", f"-{key}": "descending"}.get(self.sort, "none")

    def toggled(self, key: str) -> str:
        """The order that a click on the heading asks for: ascending, then descending."""
        return f"-{key}" if self.sort == key else key

    @property
    def near(self) -> tuple[int | None, ...]:
        """Page numbers to offer: the ends, the neighbours, and None for each gap."""
        shown = sorted({1, self.pages, *range(max(1, self.page - 1), min(self.pages, self.page + 1) + 1)})
        found: list[int | None] = []
        for number in shown:
            if found and number - (found[-1] or 0) > 1:
                found.append(None)
            found.append(number)
        return tuple(found)


def table(
    columns: Sequence[Column], rows: Iterable[Row], asked: Mapping[str, str], *, size: int = 20
) -> Table:
    """The page of rows that the parameters ask for; a page beyond the last is the last.

    Without ``sort`` the rows keep their order. Raises ParameterError for an unknown column or no number.
    """
    every = list(rows)
    sort, q = asked.get("sort", ""), asked.get("q", "").strip()
    matched = [row for row in every if _has(row, columns, folded(q))] if q else every
    if sort:
        key = sort.removeprefix("-")
        if key not in {column.key for column in columns}:
            raise ParameterError("sort", sort, ", ".join(column.key for column in columns))
        matched = sorted(matched, key=lambda row: _rank(row[key]), reverse=sort.startswith("-"))
    pages = max(1, -(-len(matched) // size))
    page = min(page_number(asked.get("page", "1")), pages)
    shown = tuple(matched[(page - 1) * size : page * size])
    return Table(tuple(columns), shown, len(every), len(matched), page, pages, size, sort, q)


def _has(row: Row, columns: Sequence[Column], text: str) -> bool:
    return any(text in folded(row[column.key]) for column in columns)


def page_number(text: str) -> int:
    """A number of a page. Raises ParameterError for anything else."""
    if not (text.isdecimal() and len(text) < 10 and int(text) > 0):
        raise ParameterError("page", text, N_("a whole number"))
    return int(text)


def _rank(cell: object) -> tuple[int, float, str]:
    """Numbers by size, texts by letter without case and accents, nothing last."""
    if isinstance(cell, int | float):
        return (0, cell, "")
    return (1 if str(cell) else 2, 0, folded(cell))
