"""The answer in words: which wording applies, and what stands in its braces.

``{top.x}`` are the distinct values of column x in the top rows, ``{first.x}`` and ``{last.x}`` those of one,
``{sum.x}`` the sum over all rows, ``{count}`` the number of rows, ``{param.p}`` the value of a parameter;
``{pairs.x.y}`` are columns x and y of each top row, with a dash between them. Where no row has a value
stands a dash.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ctlgraph.messages import N_, translate
from ctlgraph.parameters import UNDEF, short
from ctlgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from ctlgraph.catalogue.question import Column
    from ctlgraph.catalogue.table import Cell, Table

PLACE = re.compile(
    r"\{(?:(?P<kind>top|first|last|sum|param|pairs)\.(?P<name>\w+)(?:\.(?P<other>\w+))?|(?P<count>count))\}"
)

_NOTHING = "–"  # where no row has a value
_MOST = 8  # names in a row that a reader still takes in
_E = re.compile(r"[eèé](?!u)", re.IGNORECASE)  # not "European", which is read as if with a y
_LOCALES = {"it": "it_IT", "en": "en_GB"}
_MONTHS = {"xsd:date": "d MMMM y", "xsd:gYearMonth": "MMMM y"}
_MORE = N_("{items} and {number} more")


def sentence(table: Table, lang: str) -> str:
    """The wording for none, one, many or ties, with its braces filled in."""
    wording = table.saved.sentence[lang]
    found = _found(table, wording.one, lang)
    if not found:
        return _fill(wording.none, table, lang)
    if len(table.rows) == 1 and wording.single is not None:
        return _fill(wording.single, table, lang)
    if found == 1:
        return _fill(wording.one, table, lang)
    several = wording.ties if table.saved.rank or wording.many is None else wording.many
    return _fill(several, table, lang)


def _found(table: Table, wording: str, lang: str) -> int:
    """How many findings there are: values that the wording names first, else rows."""
    first = re.search(r"\{(?:top|pairs)\.(\w+)", wording)
    if table.saved.kind == "ask":
        return sum(row[0] is not None and row[0].python is True for row in table.rows)
    return len(_distinct(table, first[1], lang)) if first else len(table.rows)


def _fill(wording: str, table: Table, lang: str) -> str:
    def place(found: re.Match[str]) -> str:
        name = found["name"]
        match found["kind"]:
            case "top":
                return join(_distinct(table, name, lang), lang) or _NOTHING
            case "pairs":
                return join(_pairs(table, name, found["other"], lang), lang)
            case "first" | "last":
                cells = table.column(name)
                column, place = table.saved.columns[name], -(found["kind"] == "last")
                return shown(table, cells[place], column, lang) if cells else _NOTHING
            case "sum":
                numbers = (cell.number for cell in table.column(name))
                return number(sum((each for each in numbers if each is not None), Decimal()), lang)
            case "param":
                return parameter(table, name, lang)
        return number(len(table.rows), lang)

    return PLACE.sub(place, wording)


def _pairs(table: Table, one: str, other: str, lang: str) -> list[str]:
    """Two columns of each top row, with a dash between them."""
    sides = [
        [shown(table, cell, table.saved.columns[name], lang) for cell in table.top.column(name)]
        for name in (one, other)
    ]
    return list(dict.fromkeys(map(" – ".join, zip(*sides, strict=True))))


def _distinct(table: Table, name: str, lang: str) -> list[str]:
    column = table.saved.columns[name]
    return list(dict.fromkeys(shown(table, cell, column, lang) for cell in table.top.column(name)))


def parameter(table: Table, name: str, lang: str) -> str:
    """The value of a parameter, given or not, as a reader sees it."""
    from ctlgraph.catalogue.table import Cell

    term = table.filled.terms[name]
    if term == UNDEF:
        return translate(N_("all"), lang)
    if term.startswith("<"):
        return table.label(Cell(term[1:-1], "iri"), lang)[0]
    kind = table.saved.parameters[name].type
    datatype = PREFIXES["xsd"] + kind if kind in ("date", "boolean") else ""
    return shown(table, Cell(short(term), datatype=datatype), None, lang)


def shown(table: Table, cell: Cell, column: Column | None, lang: str) -> str:
    """A cell as it stands in a sentence: its label, or its value in the reader's form.

    A number without a unit, such as a year or a line, keeps its digits together.
    """
    value = cell.python
    if isinstance(value, bool):
        return translate(N_("yes") if value else N_("no"), lang)
    if cell.number is not None:
        return number(cell.number, lang) if column is None or column.unit else str(value)
    return day(cell.value, cell.datatype, lang) or table.label(cell, lang)[0]


def number(value: Decimal | int, lang: str) -> str:
    """The number as the language writes it: 1.234,5 or 1,234.5."""
    from babel.numbers import format_decimal

    return format_decimal(value, locale=_LOCALES[lang], decimal_quantization=False)


def day(text: str, datatype: str, lang: str) -> str | None:
    """The date as the language writes it, to the day or the month; None for what is no such date."""
    from babel.dates import format_date

    full = {"xsd:date": text, "xsd:gYearMonth": f"{text}-01"}
    for name, pattern in _MONTHS.items():
        if datatype == PREFIXES["xsd"] + name.removeprefix("xsd:"):
            try:
                found = date.fromisoformat(full[name])
                first = lang == "it" and found.day == 1  # written 1°
                pattern = pattern.replace("d ", "d'°' ") if first else pattern
                return format_date(found, pattern, locale=_LOCALES[lang])
            except ValueError:
                return None
    return None


def join(items: Iterable[str], lang: str) -> str:
    """The items in a row, as in "A, B and C"; of a long row the first ones and how many more there are.

    Items with commas of their own stand apart by semicolons; in Italian "e" before an e is "ed".
    """
    from babel.lists import format_list

    names = list(items)
    apart = "; " if any("," in name for name in names) else ", "
    if len(names) > _MOST:
        more = number(len(names) - _MOST + 1, lang)
        return translate(_MORE, lang, items=apart.join(names[: _MOST - 1]), number=more)
    if apart == ", " and names:
        row = format_list(names, style="standard", locale=_LOCALES[lang])
        last = names[-1]
        if lang == "it" and len(names) > 1 and _E.match(last):
            return f"{row.removesuffix(f' e {last}')} ed {last}"
        return row
    return apart.join(names)
