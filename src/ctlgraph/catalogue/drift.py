"""Whether the saved queries still answer as their tests say: so many rows, of these types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ctlgraph.catalogue.answer import Steps
from ctlgraph.catalogue.question import Catalogue, SavedQuery, Test
from ctlgraph.catalogue.table import XSD, Cell, Row, from_json, from_triples
from ctlgraph.messages import N_, translate
from ctlgraph.vocabulary import PREFIXES

_ROWS = N_("{rows} rows where {least} to {most} were expected")
_TYPES = N_("column {column} has a value that is no {kind}: {value}")

_DATATYPES = {
    "iri": ("",),
    "string": (XSD + "string", PREFIXES["rdf"] + "langString"),
    "integer": (XSD + "integer",),
    "decimal": tuple(XSD + name for name in ("decimal", "integer", "double")),
    "date": tuple(XSD + name for name in ("date", "gYear", "gYearMonth")),
    "boolean": (XSD + "boolean",),
}


@dataclass(frozen=True)
class Drift:
    """One way in which an answer is no longer what a test of its query says."""

    saved: SavedQuery
    test: Test
    message: str
    facts: dict[str, Any] = field(default_factory=dict)

    def line(self, lang: str) -> str:
        """Where and what, in one line."""
        given = "".join(f" {name}={value}" for name, value in self.test.args.items())
        return f"{self.saved.path}{given}: {translate(self.message, lang, **self.facts)}"


def drifting(catalogue: Catalogue) -> Steps[tuple[Drift, ...]]:
    """What every test of every query finds changed."""
    found: list[Drift] = []
    for saved in catalogue.values():
        for test in saved.tests:
            answer = yield saved.fill(test.args).text
            found += _drifts(saved, test, answer)
    return tuple(found)


def _drifts(saved: SavedQuery, test: Test, answer: bytes) -> Iterator[Drift]:
    rows = from_triples(answer) if saved.kind == "construct" else from_json(answer)[1]
    number = (
        len(rows)
        if saved.kind != "ask"
        else sum(row[0] is not None and row[0].python is True for row in rows)
    )
    if not test.least <= number <= test.most:
        facts = {"rows": number, "least": test.least, "most": test.most}
        yield Drift(saved, test, _ROWS, facts)
    if saved.kind == "select":
        yield from _mistyped(saved, test, rows)


def _mistyped(saved: SavedQuery, test: Test, rows: list[Row]) -> Iterator[Drift]:
    """For each column the first value that is not of its type."""
    for index, column in enumerate(saved.columns.values()):
        wrong = next((cell for row in rows if (cell := row[index]) and not _fits(cell, column.type)), None)
        if wrong:
            facts = {"column": column.name, "kind": column.type, "value": wrong.value}
            yield Drift(saved, test, _TYPES, facts)


def _fits(cell: Cell, kind: str) -> bool:
    return cell.datatype in _DATATYPES[kind]
