"""An answer as comma-separated values: the standard form, and the one that an Italian spreadsheet opens."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from ctlgraph.errors import ParameterError
from ctlgraph.export.columns import Value, for_people, in_words

if TYPE_CHECKING:
    from ctlgraph.catalogue import Table

LOCALES = ("it",)

_SPECIAL = re.compile(r'[",\r\n]')
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_of(table: Table, locale: str | None = None) -> bytes:
    """The answer as CSV in UTF-8.

    Without a locale: SPARQL results as the standard has them, text unchanged. "it": semicolons, decimal
    comma, byte order mark, labels beside IRIs, headings in Italian; a text that a spreadsheet would take for
    a formula gets an apostrophe before it, the only change. Raises ParameterError for another locale.
    Source: https://www.w3.org/TR/sparql11-results-csv-tsv/
    """
    if locale is None:
        return _standard(table).encode("utf-8", "replace")
    if locale not in LOCALES:
        raise ParameterError("locale", locale, ", ".join(LOCALES))
    return _local(table, locale).encode("utf-8-sig", "replace")


def _standard(table: Table) -> str:
    lines = [[column.name for column in table.columns]]
    for row in table.rows:
        lines.append(["" if c is None else f"_:{c.value}" if c.kind == "bnode" else c.value for c in row])
    return "".join(",".join(map(_quoted, line)) + "\r\n" for line in lines)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _SPECIAL.search(text) else text


def _local(table: Table, lang: str) -> str:
    series = for_people(table, lang)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(each.heading for each in series)
    rows = zip(*(each.values for each in series), strict=True)
    writer.writerows([_written(value, lang) for value in row] for row in rows)
    return out.getvalue()


def _written(value: Value | None, lang: str) -> str:
    text = in_words(value, lang)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text
