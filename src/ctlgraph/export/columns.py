"""The columns of an answer as a file has them: one kind of value in each, and labels beside IRIs.

Knows types and headings; each form writes them in its own way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ctlgraph.messages import N_, translate

if TYPE_CHECKING:
    from ctlgraph.catalogue import Cell, Column, Table

Value = int | Decimal | date | bool | str

# The kinds of values that a column of a kind takes in.
_TAKES = {
    "iri": {"iri"},
    "integer": {"integer"},
    "decimal": {"integer", "decimal"},
    "date": {"date"},
    "boolean": {"boolean"},
}
_POINT = {"it": ",", "en": "."}
_INT64 = range(-(2**63), 2**63)


@dataclass(frozen=True)
class Series:
    """A column of a file.

    name: for a program. heading: for a person, with the unit. kind: iri, integer, decimal, date, boolean,
    label or text. values: int, Decimal, date, bool or str, None where the answer has nothing.
    """

    name: str
    heading: str
    kind: str
    values: tuple[Value | None, ...]
    unit: str = ""


def for_people(table: Table, lang: str) -> list[Series]:
    """The columns of the question, with labels in place of IRIs; the IRIs themselves come last."""
    every = list(_series(table, (lang,)))
    return [each for each in every if each.kind != "iri"] + [each for each in every if each.kind == "iri"]


def for_programs(table: Table, *langs: str) -> list[Series]:
    """The columns of the question under their own names, each of IRIs followed by its labels.

    The labels of `cluster` are `cluster_label`; in several languages `cluster_label_it` and so on.
    """
    return list(_series(table, langs))


def heading(column: Column, lang: str) -> str:
    """The label of a column with its unit, "Associati (adesioni)", unless the label says it already."""
    label, unit = column.label[lang], _unit(column, lang)
    told = set(unit.casefold().split()) <= set(label.casefold().split())
    return label if told else f"{label} ({unit})"


def in_words(value: Value | None, lang: str) -> str:
    """A value as text in that language: decimal point or comma, yes or no, dates as 2022-12-31.

    >>> in_words(Decimal("1.2E+3"), "it"), in_words(Decimal("0.5"), "it"), in_words(None, "it")
    ('1200', '0,5', '')
    """
    match value:
        case None:
            return ""
        case bool():
            return translate(N_("yes") if value else N_("no"), lang)
        case Decimal():
            return f"{value:f}".replace(".", _POINT[lang])
    return str(value)


def _series(table: Table, langs: tuple[str, ...]) -> Iterator[Series]:
    names = {column.name for column in table.columns}
    for index, column in enumerate(table.columns):
        cells = [row[index] for row in table.rows]
        kind, values = _typed(column.type, cells)
        title, unit = heading(column, langs[0]), _unit(column, langs[0])
        labelled = kind == "iri" or any(cell and cell.kind == "iri" for cell in cells)
        iri_title = translate(N_("{column} (IRI)"), langs[0], column=title) if labelled else title
        yield Series(column.name, iri_title, kind, values, unit)
        for lang in langs if labelled else ():
            name = f"{column.name}_label" if len(langs) == 1 else f"{column.name}_label_{lang}"
            if name not in names:  # a query may have such a column of its own
                yield Series(name, title, "label", _labels(table, cells, lang))


def _typed(declared: str, cells: Sequence[Cell | None]) -> tuple[str, tuple[Value | None, ...]]:
    """The kind of a column and its values; those of a text are as written."""
    typed = [_read(cell) if cell else None for cell in cells]
    kind = _kind(declared, {each[0] for each in typed if each})
    if kind == "text":
        return kind, tuple(_written(cell) if cell else None for cell in cells)
    return kind, tuple(each[1] if each else None for each in typed)


def _kind(declared: str, found: set[str]) -> str:
    """The declared kind if every value is of it, else the first that all are of, such as years for dates."""
    if declared == "string" or not (declared or found):
        return "text"
    kinds = (declared, *_TAKES) if declared else _TAKES
    return next((kind for kind in kinds if found <= _TAKES[kind]), "text")


def _read(cell: Cell) -> tuple[str, Value]:
    if cell.kind != "literal":
        return ("iri" if cell.kind == "iri" else "text"), cell.value
    match cell.python:
        case bool(value):
            return "boolean", value
        case int(value):
            return ("integer" if value in _INT64 else "text"), value
        case Decimal() as value:
            return "decimal", value
        case date() as value:
            return "date", value
    return "text", cell.value


def _written(cell: Cell) -> str:
    return f"_:{cell.value}" if cell.kind == "bnode" else cell.value


def _labels(table: Table, cells: Iterable[Cell | None], lang: str) -> tuple[str | None, ...]:
    known: dict[str, str] = {}

    def label(cell: Cell) -> str:
        if cell.value not in known:
            known[cell.value] = table.label(cell, lang)[0]
        return known[cell.value]

    return tuple(label(cell) if cell else None for cell in cells)


def _unit(column: Column, lang: str) -> str:
    return column.unit[lang] if column.unit else ""
