"""What a chart shows: the rows of a table that are drawn, as names, numbers and spans of time.

Refuses what would mislead, and says in words what is left out. Knows nothing of Vega-Lite.
"""

from __future__ import annotations

import calendar
import operator
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from ctlgraph.catalogue import WHERE, Cell, Chart, Column, Row, Table, shown
from ctlgraph.charts.style import clean
from ctlgraph.errors import ChartError
from ctlgraph.messages import N_, translate

CHANNELS = ("x", "y", "color", "end", "weight")
_BARS = {"x": 60, "color": 8}
MOST: Mapping[str, Mapping[str, int]] = {
    "bar": _BARS,
    "stacked": _BARS,
    "grouped": _BARS,
    "line": {"x": 400, "color": 8},
    "timeline": {"y": 60, "color": 8},
    "matrix": {"x": 24, "y": 60, "color": 8},
    "map": {},
    "graph": {"x": 40, "y": 40},
}
"""How many different names a mark shows on each channel."""
_ONE_EACH = dict.fromkeys(("bar", "stacked", "grouped", "line"), "x color") | {"map": "x"}
"""Which channels together have one number."""
_TESTS = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_NUMBERS = ("integer", "decimal")


@dataclass(frozen=True)
class Value:
    """A cell as it is drawn.

    key: what tells it from others. text: what the reader sees. number: None unless it is one.
    days: the first and the last day that it means, None unless it is a day, a month or a year.
    """

    key: str
    text: str
    number: Decimal | None = None
    days: tuple[date, date] | None = None


Point = Mapping[str, Value]
"""One row as it is drawn, by channel."""


@dataclass(frozen=True)
class Picture:
    """A table as it is drawn, in one language.

    title: the finding. subtitle: the question. titles: what each channel shows, with its unit.
    units: the channels whose column has one. notes: what the picture leaves out, in words.
    """

    mark: str
    lang: str
    title: str
    subtitle: str
    titles: Mapping[str, str]
    types: Mapping[str, str]
    units: frozenset[str]
    points: tuple[Point, ...]
    notes: tuple[str, ...] = ()

    def names(self, channel: str) -> list[str]:
        """The different texts of a channel, in the order of the answer."""
        return list(dict.fromkeys(point[channel].text for point in self.points if channel in point))

    def numbers(self, channel: str) -> list[Decimal]:
        """The numbers of a channel."""
        return [point[channel].number or Decimal() for point in self.points if channel in point]

    def has_numbers(self, channel: str) -> bool:
        """Whether a channel shows numbers, not names."""
        return self.types.get(channel) in _NUMBERS


def picture(table: Table, lang: str) -> Picture:
    """The rows that the chart of a table shows. Raises ChartError, with the reason, if it has none."""
    chart = table.saved.chart
    if chart is None:
        raise ChartError(N_("this question has no chart: its answer is a table"))
    columns = _columns(chart, table.columns)
    rows = [row for row in table.rows if not chart.where or _holds(chart.where, table, row)]
    points = [point for row in rows if (point := _point(table, row, columns, lang))]
    if chart.where and chart.mark in _ONE_EACH:  # in the order of the whole answer, not of the rows left
        order = {cell.value: -place for place, cell in enumerate(reversed(table.column(chart.x)))}
        points.sort(key=lambda point: order[point["x"].key])
    if not points:
        raise ChartError(N_("there is no chart: the answer has nothing to draw"))
    drawn = Picture(
        "stacked" if chart.mark == "bar" and "color" in columns else chart.mark,
        lang,
        clean(table.sentence(lang)),
        clean(table.saved.title[lang]),
        {channel: _title(column, lang) for channel, column in columns.items()},
        {channel: column.type for channel, column in columns.items()},
        frozenset(channel for channel, column in columns.items() if column.unit),
        tuple(_told_apart(points)),
    )
    if missing := len(rows) - len(points):
        note = translate(N_("Rows without a value, not drawn: {count}."), lang, count=missing)
        drawn = replace(drawn, notes=(note,))
    return _checked(_limited(_merged(drawn)))


def _columns(chart: Chart, columns: Iterable[Column]) -> dict[str, Column]:
    by_name = {column.name: column for column in columns}
    used = {channel: by_name[name] for channel in CHANNELS if (name := getattr(chart, channel))}
    if chart.color == chart.x:
        del used["color"]
    return used


def _holds(where: str, table: Table, row: Row) -> bool:
    """Whether a row meets ``column operator value``; one without that column does not."""
    asked = WHERE.fullmatch(where)
    places = [column.name for column in table.columns]
    cell = row[places.index(asked["column"])] if asked else None
    if asked is None or cell is None:
        return False
    value, other = _comparable(cell, asked["value"])
    return bool(_TESTS[asked["operator"]](value, other))


def _comparable(cell: Cell, asked: str) -> tuple[Any, Any]:
    """A cell and what it is compared with: numbers as such, an IRI by its end, a date as it is written."""
    if cell.number is not None:
        try:
            return cell.number, Decimal(asked)
        except ArithmeticError:
            return cell.value, asked
    return (_end(cell.value) if cell.kind == "iri" else cell.value), asked


def _end(iri: str) -> str:
    return re.split("[/#]", iri)[-1]


def _point(table: Table, row: Row, columns: Mapping[str, Column], lang: str) -> Point | None:
    """The row as it is drawn; None if something that is needed is not there.

    Without an end it is drawn as it begins, without a kind as one whose kind is not stated.
    """
    places = {column.name: place for place, column in enumerate(table.columns)}
    cells = {channel: row[places[column.name]] for channel, column in columns.items()}
    point = {
        channel: value
        for channel, cell in cells.items()
        if cell is not None and (value := _value(table, cell, columns[channel], lang))
    }
    if "color" in columns and columns["color"].type not in _NUMBERS:
        point.setdefault("color", Value("", translate(N_("not stated"), lang)))
    return point if point.keys() | {"end"} >= columns.keys() else None


def _value(table: Table, cell: Cell, column: Column, lang: str) -> Value | None:
    """The cell as it is drawn; None if its column has numbers or dates and it is none."""
    year = cell.python if cell.number is None and isinstance(cell.python, int) else None
    number = cell.number if year is None or isinstance(year, bool) else Decimal(year)
    days = _days(cell)
    fits = {"integer": number, "decimal": number, "date": days}
    if column.type in fits and (fits[column.type] is None or (number is not None and not number.is_finite())):
        return None
    return Value(cell.value, clean(shown(table, cell, column, lang)), number, days)


def _days(cell: Cell) -> tuple[date, date] | None:
    """The days that a date, a month or a year covers, as precisely as it says."""
    found = _DATE.match(cell.value) if cell.kind == "literal" else None
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 1, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return first, first
    last = month or 12
    return first, date(first.year, last, calendar.monthrange(first.year, last)[1])


def _title(column: Column, lang: str) -> str:
    label, unit = column.label[lang], column.unit[lang] if column.unit else ""
    return clean(label if unit.casefold() in ("", label.casefold()) else f"{label} ({unit})")


def _told_apart(points: Sequence[Point]) -> Iterator[Point]:
    """The points; two things of the same name get the end of their keys beside it."""
    keys: dict[tuple[str, str], set[str]] = {}
    for point in points:
        for channel, value in point.items():
            keys.setdefault((channel, value.text), set()).add(value.key)
    for point in points:
        yield {
            channel: replace(value, text=f"{value.text} ({clean(_end(value.key))})")
            if value.number is None and len(keys[channel, value.text]) > 1
            else value
            for channel, value in point.items()
        }


def _merged(drawn: Picture) -> Picture:
    """The picture; in a matrix of kinds, each cell once, with all its kinds."""
    if drawn.mark != "matrix" or drawn.has_numbers("color"):
        return drawn
    cells: dict[tuple[str, str], Point] = {}
    for point in drawn.points:
        place = point["x"].text, point["y"].text
        before = cells.get(place, point)
        if (
            before is not point
            and "color" in point
            and point["color"].text not in before["color"].text.split(" + ")
        ):
            text = f"{before['color'].text} + {point['color'].text}"
            before = {**before, "color": Value(text, text)}
        cells[place] = before
    return replace(drawn, points=tuple(cells.values()))


def _limited(drawn: Picture) -> Picture:
    """The picture with as many names as can be read on each channel."""
    for channel, most in MOST[drawn.mark].items():
        names = drawn.names(channel)
        if len(names) <= most or (channel == "color" and drawn.has_numbers(channel)):
            continue
        if drawn.mark in ("bar", "stacked") and channel == "color":
            raise ChartError(
                N_("there is no chart: more than {most} parts of a bar cannot be told apart"), most=most
            )
        kept = set(names[:most])
        note = translate(
            N_("{title}: the first {most} of {all} are drawn."),
            drawn.lang,
            title=drawn.titles[channel],
            most=most,
            all=len(names),
        )
        points = tuple(point for point in drawn.points if point[channel].text in kept)
        drawn = replace(drawn, points=points, notes=(*drawn.notes, note))
    return drawn


def _checked(drawn: Picture) -> Picture:
    """The picture. Raises ChartError where it would show less, or other, than the numbers say."""
    channels = _ONE_EACH.get(drawn.mark, "x y" if drawn.has_numbers("color") else "").split()
    seen: set[tuple[str, ...]] = set()
    for point in drawn.points if channels else ():
        place = tuple(point[channel].key for channel in channels if channel in point)
        if place in seen:
            name = ", ".join(point[channel].text for channel in channels if channel in point)
            raise ChartError(
                N_("there is no chart: {name} has more than one number; narrow the question"), name=name
            )
        seen.add(place)
    if drawn.mark == "stacked" and min(drawn.numbers("y")) < 0:
        raise ChartError(N_("there is no chart: parts below zero do not add up to a bar"))
    return drawn
