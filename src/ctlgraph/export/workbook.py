"""An answer as an XLSX workbook made for a person: the table, what it says and is, its query.

Text of the data is never a formula or a link. The same answer gives the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from ctlgraph.errors import QueryLimitError
from ctlgraph.export.about import HEADINGS, LICENCE, About, facts
from ctlgraph.export.columns import Series, Value, for_people
from ctlgraph.messages import N_, translate

if TYPE_CHECKING:
    from ctlgraph.catalogue import Table

NAME = "answer"  # of the headings with the rows below them, for programs
ROWS = 1_048_576 - 1  # of a sheet
CHARACTERS = 32_767  # of a cell, as UTF-16 counts them

_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_DIGITS = 10**15  # beyond them a spreadsheet rounds a whole number: it stays text
_FIRST_DAY = date(1900, 3, 1)  # before it, spreadsheets disagree on what day a number is
_CLASH = re.compile(r"_x[0-9a-fA-F]{4}(?=_x[0-9a-fA-F]{4}_)")  # the library escapes the first of two only
_DATES = {"it": "dd/mm/yyyy", "en": "yyyy-mm-dd"}
_SEEN = 1000  # rows that the width of a column is judged by
_NARROW, _WIDE, _BROAD = 10, 60, 100  # characters
_READ = 70  # characters that the columns in sight are wide together at least
_QUIET = "#5A6772"
_LEFT, _RIGHT = {"align": "left", "indent": 1}, {"align": "right", "indent": 1}
_LINE, _LINES = 15, 25  # height of a line in points, and the most of them in a row
_A4 = 9


def workbook(table: Table, lang: str, about: About) -> bytes:
    """The answer as XLSX, in that language: numbers, dates and truth values typed, labels in place of IRIs.

    The headings are the first row, so that any program finds them; the IRIs stand in folded columns at the
    end; headings and rows are called NAME. On paper title and finding stand above. Of a text that a cell
    cannot hold, the second sheet names the cell. A whole number of more than 15 digits and a date before
    1900-03-01 stay text; of a decimal, spreadsheets keep 15 digits. Raises QueryLimitError for more rows than
    a sheet has.
    """
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    if len(table.rows) > ROWS:
        raise QueryLimitError("rows", ROWS, "rows")
    file = io.BytesIO()
    with Workbook(file, _OPTIONS) as book:
        book.set_properties(_properties(table, about, lang))
        sheet = book.add_worksheet(translate(N_("Answer"), lang))
        changed = list(_Answer(book, sheet, for_people(table, lang), lang).write())
        _set_page(sheet, (table.saved.title[lang], table.sentence(lang)), about.place(lang))
        known = [*facts(table, about, lang)]
        _write_facts(book, [fact for fact in known if fact[0] != "query"], changed, lang)
        _write_query(book, dict(known)["query"], lang)
    return file.getvalue()


class _Answer:
    """The first sheet: headings that stay in sight and filter, a format and a width for each column."""

    def __init__(self, book: Any, sheet: Any, series: list[Series], lang: str) -> None:
        self._book = book
        self._sheet = sheet
        self._series = series
        self._seen = sum(each.kind != "iri" for each in series) or len(series)
        self._formats = [book.add_format({"valign": "top", **_format(each, lang)}) for each in series]
        self._widths = [_width(each) for each in series]
        if series:
            self._widths[0] += max(0, _READ - sum(self._widths[: self._seen]))
        left = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E6ECF2"}
        right = book.add_format({**left, **_RIGHT})
        others = book.add_format({**left, **_LEFT})
        self._headings = [right if each.kind in ("integer", "decimal") else others for each in series]

    def write(self) -> Iterator[str]:
        """Write it; give the name of each cell whose text is not whole."""
        self._set_up()
        self._set_height(0, [each.heading for each in self._series])
        for column, each in enumerate(self._series):
            write_text(self._sheet, 0, column, each.heading, self._headings[column])
        for row, values in enumerate(zip(*(each.values for each in self._series), strict=True), 1):
            self._set_height(row, values)
            for column, value in enumerate(values):
                if value is not None and not self._put(row, column, value):
                    yield _name(row, column)

    def _set_up(self) -> None:
        rows = len(self._series[0].values) if self._series else 0
        last, end = max(len(self._series) - 1, 0), rows
        self._sheet.freeze_panes(1, 0)
        self._sheet.autofilter(0, 0, end, last)
        self._sheet.ignore_errors({"number_stored_as_text": f"A1:{_name(end, last)}"})
        self._sheet.print_area(0, 0, end, max(self._seen - 1, 0))
        sheet = self._sheet.get_name().replace("'", "''")
        self._book.define_name(NAME, f"='{sheet}'!{_name(0, 0, fixed=True)}:{_name(end, last, fixed=True)}")
        for column, width in enumerate(self._widths):
            folded = {"level": 1, "hidden": True} if column >= self._seen else {}
            self._sheet.set_column(column, column, width, self._formats[column], folded)
        if self._seen <= last:
            self._sheet.set_column(last + 1, last + 1, None, None, {"collapsed": True})

    def _set_height(self, row: int, values: Sequence[Value | None]) -> None:
        """As high as its longest text needs: not every program finds that out by itself."""
        wrapped = zip(self._series, values, self._widths, strict=True)
        lines = max((_lines(value, width) for each, value, width in wrapped if each.kind != "iri"), default=1)
        if lines > 1:
            self._sheet.set_row(row, lines * _LINE)

    def _put(self, row: int, column: int, value: Value) -> bool:
        """Write one value as what it is; False if it was shortened."""
        form = self._formats[column]
        match value:
            case bool():
                self._sheet.write_boolean(row, column, value, form)
            case int() if abs(value) < _DIGITS:
                self._sheet.write_number(row, column, value, form)
            case Decimal() if value.is_finite():
                self._sheet.write_number(row, column, value, form)
            case date() if value >= _FIRST_DAY:
                self._sheet.write_datetime(row, column, value, form)
            case _:
                return write_text(self._sheet, row, column, str(value), form)
        return True


def write_text(sheet: Any, row: int, column: int, text: str, form: Any = None) -> bool:
    """Write a text as it is; False if a cell cannot hold it: it is too long, or clashes with an escape."""
    whole = text.encode("utf-16-le", "replace")
    kept = whole[: 2 * CHARACTERS].decode("utf-16-le", "ignore")
    if kept.startswith("<r>") and kept.endswith("</r>"):  # the library would take it for its own markup
        sheet.write_rich_string(row, column, kept[0], form, kept[1:], form)
    else:
        sheet.write_string(row, column, kept, form)
    return kept == text and not _CLASH.search(text)


def _set_page(sheet: Any, said: tuple[str, str], place: str) -> None:
    """How it is printed: as wide as the paper, the headings on each page, title and finding above them, its
    release at the foot.
    """
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    title, foot = _shortened(said[0], 100), _shortened(place, 200)
    finding = _shortened(said[1], 215 - len(title))
    sheet.set_margins(top=1.1)
    sheet.set_header(f'&L&"-,Bold"&14{title}\n&"-,Regular"&11 {finding}')
    sheet.set_footer(f"&L{foot}&R&P / &N")


def _shortened(text: str, most: int) -> str:
    """A text for the edge of a page, which takes 255 characters in all."""
    most -= text.count("&")  # each counts twice
    kept = text if len(text) <= most else f"{text[: most - 1]}…"
    return kept.replace("&", "&&")


def _write_facts(book: Any, known: list[tuple[str, str]], changed: list[str], lang: str) -> None:
    """The second sheet: what the first one is."""
    sheet = book.add_worksheet(translate(N_("About the answer"), lang))
    key = book.add_format({"bold": True, "valign": "top"})
    value = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 24, key)
    sheet.set_column(1, 1, _BROAD, value)
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    lines = [(HEADINGS[name], text) for name, text in known]
    if changed:
        reason = N_(
            "The text of these cells is not exactly that of the answer, which a cell cannot hold: {cells}"
        )
        lines.append((N_("Changed"), translate(reason, lang, cells=", ".join(changed))))
    for row, (name, text) in enumerate(lines):
        sheet.set_row(row, _lines(text, _BROAD) * _LINE)
        write_text(sheet, row, 0, translate(name, lang), key)
        write_text(sheet, row, 1, text, value)


def _write_query(book: Any, text: str, lang: str) -> None:
    """The last sheet: the query as it runs, a line in each row."""
    sheet = book.add_worksheet(translate(N_("SPARQL query"), lang))
    form = book.add_format({"font_name": "Courier New", "font_size": 10})
    sheet.set_column(0, 0, _BROAD, form)
    for row, line in enumerate(text.splitlines()):
        write_text(sheet, row, 0, line, form)


def _properties(table: Table, about: About, lang: str) -> dict[str, Any]:
    """What a file manager shows; the date is the release's, so that no clock goes in."""
    return {
        "title": table.saved.title[lang],
        "subject": table.saved.description[lang],
        "author": "ctlgraph",
        "comments": about.citation(table.saved.title[lang], lang),
        "keywords": LICENCE if about.version else "",
        "created": datetime.fromisoformat(about.date or "1980-01-01"),
    }


def _format(each: Series, lang: str) -> dict[str, Any]:
    match each.kind:
        case "integer":
            # a year has no unit and no thousands
            return {"num_format": "#,##0" if each.unit else "0", **_RIGHT}
        case "decimal":
            return {"num_format": "#,##0." + "0" * _places(each.values), **_RIGHT}
        case "date":
            return {"num_format": _DATES[lang], **_LEFT}
        case "iri":
            return {"font_color": _QUIET, **_LEFT}
    return {"text_wrap": True, **_LEFT}


def _places(values: tuple[Value | None, ...]) -> int:
    """The decimals to show: as many as are written, one or two."""
    written = (str(value).partition(".")[2] for value in values if isinstance(value, Decimal))
    return 2 if any(len(digits) > 1 for digits in written) else 1


def _width(each: Series) -> int:
    """Characters: as wide as its values, not wider than is read with ease; a heading may take two lines."""
    longest = max((len(str(value)) for value in islice(each.values, _SEEN) if value is not None), default=0)
    words = max(map(len, each.heading.split()), default=0)
    return min(max(longest + 3, words + 5, len(each.heading) // 2 + 5, _NARROW), _WIDE)


def _lines(value: Value | None, width: int) -> int:
    """The lines that a text takes in a column of that width, as many as are shown at most."""
    if not isinstance(value, str) or (len(value) < width - 2 and "\n" not in value):
        return 1
    pieces = value[: _LINES * width].split("\n")
    return min(sum(1 + len(piece) // (width - 2) for piece in pieces), _LINES)


def _name(row: int, column: int, *, fixed: bool = False) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell  # type: ignore[import-untyped]

    return str(xl_rowcol_to_cell(row, column, row_abs=fixed, col_abs=fixed))
