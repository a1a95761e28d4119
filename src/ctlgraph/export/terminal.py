"""An answer as a table on a terminal, or in the pipe that takes its place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

from ctlgraph.export.columns import for_people, in_words
from ctlgraph.vocabulary import compact

if TYPE_CHECKING:
    from ctlgraph.catalogue import Table


def print_table(results: bytes, out: TextIO) -> None:
    """Print SPARQL JSON results as a table: IRIs compact, nothing cut off where the output is not a terminal.

    The answer of an ASK is the one word true or false.
    """
    answer = json.loads(results)
    if "boolean" in answer:
        out.write(f"{json.dumps(answer['boolean'])}\n")
        return
    names = answer["head"]["vars"]
    rows = answer["results"]["bindings"]
    print_rows(names, ([cell(row[name]) if name in row else "" for name in names] for row in rows), out)


def print_answer(table: Table, lang: str, out: TextIO) -> None:
    """Print an answer as people read it: headings, labels for IRIs, numbers to the right."""
    shown = [each for each in for_people(table, lang) if each.kind != "iri"]
    numbers = [index for index, each in enumerate(shown) if each.kind in ("integer", "decimal")]
    rows = zip(*(each.values for each in shown), strict=True)
    lines = ([in_words(value, lang) for value in row] for row in rows)
    print_rows([each.heading for each in shown], lines, out, numbers=numbers)


def print_rows(
    headings: Iterable[str], rows: Iterable[Sequence[str]], out: TextIO, *, numbers: Iterable[int] = ()
) -> None:
    """Print rows of texts under their headings; the columns at the places `numbers` go to the right."""
    from rich import box
    from rich.console import Console
    from rich.table import Table as Grid
    from rich.text import Text

    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        grid.add_column(Text(heading))
    for row in rows:
        grid.add_row(*map(Text, row))
    terminal = out.isatty()
    for column in grid.columns:
        column.overflow, column.no_wrap = "fold", not terminal
    for index in numbers:
        grid.columns[index].justify = "right"
    Console(file=out, width=None if terminal else 100_000, highlight=False).print(grid)


def cell(term: dict[str, str]) -> str:
    """A term of SPARQL JSON results as a person reads it: IRIs compact, a literal with its language."""
    if term["type"] == "uri":
        return compact(term["value"])
    if term["type"] == "bnode":
        return f"_:{term['value']}"
    lang = term.get("xml:lang")
    return f"{term['value']}@{lang}" if lang else term["value"]
