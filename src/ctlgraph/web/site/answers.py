"""The cells of an answer as a page shows them, and what an address calls its rows.

Knows tables and their labels; not where an answer comes from, and not how a page looks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from ctlgraph.catalogue import Cell, Table, shown
from ctlgraph.export.columns import heading
from ctlgraph.parameters import short_iri
from ctlgraph.web.site.asking import ROW
from ctlgraph.web.site.facts import path_of
from ctlgraph.web.site.tables import Column


class Shown(str):
    """A cell: the text by which a table sorts and filters. text: as the reader sees it.

    lang: its language, if it is not the reader's; path: its address on the site; iri: the address of
    something of others.
    """

    __slots__ = ("iri", "lang", "path", "text")
    text: str
    lang: str
    path: str
    iri: str


class Number(float):
    """A cell that is a number. text: as the reader sees it."""

    __slots__ = ("text",)
    text: str


Row = Mapping[str, object]


def columns(table: Table, lang: str) -> tuple[Column, ...]:
    """The columns with their headings, units behind them."""
    return tuple(
        Column(column.name, heading(column, lang), number=column.type in ("integer", "decimal"))
        for column in table.columns
    )


def cells(table: Table, lang: str) -> list[Row]:
    """The rows with a cell for each column, "" where nothing is.

    "statements behind", as no column can be called: the parameters that mean the row in an address.
    """
    found: list[Row] = []
    for row, key in zip(table.rows, _keys(table), strict=True):
        made: dict[str, object] = {
            column.name: _cell(table, cell, index, lang)
            for index, (column, cell) in enumerate(zip(table.columns, row, strict=True))
        }
        made["statements behind"] = {f"{ROW}{name}": text for name, text in key.items()}
        found.append(made)
    return found


def found_row(table: Table, wanted: Mapping[str, str]) -> int | None:
    """The place of the only row that an address means by these columns; None if there is no such one.

    What tells a row from others may be that it lacks a value: an address of ours means that row first.
    """
    exact = [place for place, key in enumerate(_keys(table)) if key == wanted]
    places = [place for place, texts in enumerate(_texts(table)) if wanted.items() <= texts.items()]
    return next((found[0] for found in (exact, places) if len(found) == 1), None)


def _texts(table: Table) -> list[dict[str, str]]:
    """Each row as an address has it; what is not bound is left out."""
    names = [column.name for column in table.columns]
    return [
        {
            name: short_iri(cell.value) if cell.kind == "iri" else cell.value
            for name, cell in zip(names, row, strict=True)
            if cell
        }
        for row in table.rows
    ]


def _keys(table: Table) -> list[dict[str, str]]:
    """What tells each row from all others: its IRIs if they do, else all of it."""
    texts = _texts(table)
    iris = {
        column.name
        for index, column in enumerate(table.columns)
        if any(cell and cell.kind == "iri" for cell in (row[index] for row in table.rows))
    }
    short = [{name: text for name, text in row.items() if name in iris} for row in texts]
    often = Counter(tuple(row.items()) for row in short)
    return [
        part if part and often[tuple(part.items())] == 1 else whole
        for part, whole in zip(short, texts, strict=True)
    ]


def _cell(table: Table, cell: Cell | None, index: int, lang: str) -> Shown | Number | str:
    if cell is None:
        return ""
    text = shown(table, cell, table.columns[index], lang)
    if cell.number is not None:
        number = Number(cell.number)
        number.text = text
        return number
    when = cell.datatype.endswith(("#date", "#gYear", "#gYearMonth", "#dateTime"))
    made = Shown(f"{cell.value} {text}" if when else text)
    own = table.label(cell, lang)[1]
    made.text, made.lang = text, own if own not in ("", lang) else ""
    made.path = path_of(cell.value) if cell.kind == "iri" else ""
    made.iri = cell.value if cell.kind == "iri" and cell.value.startswith(("http", "mailto:", "tel:")) else ""
    return made


def together(*parameters: Mapping[str, str]) -> dict[str, str]:
    """The parameters of an address from several, the last one of a name counting."""
    return {name: value for some in parameters for name, value in some.items()}
