"""An answer: typed cells in rows, with the labels of everything in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ctlgraph.catalogue.question import Column, Filled, SavedQuery, Words
from ctlgraph.parameters import quote, short_iri
from ctlgraph.vocabulary import PREFIXES

XSD = PREFIXES["xsd"]

_INTEGERS = {XSD + name for name in ("integer", "int", "long", "gYear")}
_DECIMALS = {XSD + name for name in ("decimal", "double", "float")}
_KINDS = {"uri": "iri", "literal": "literal", "typed-literal": "literal", "bnode": "bnode"}
_TRIPLE = re.compile(r'(?P<s><[^>]*>|_:\S+) (?P<p><[^>]*>) (?P<o><[^>]*>|_:\S+|".*) \.')
_OBJECT = re.compile(r'"(?P<text>(?:[^"\\]|\\.)*)"(?:\^\^<(?P<datatype>[^>]*)>|@(?P<language>[\w-]+))?')


@dataclass(frozen=True)
class Cell:
    """An RDF term. kind: iri, literal or bnode; datatype: the full IRI, "" for an IRI."""

    value: str
    kind: str = "literal"
    datatype: str = ""
    language: str = ""

    @property
    def python(self) -> str | int | Decimal | date | bool:
        """The value of its datatype; a year is an int, a year and month and an IRI are text."""
        try:
            if self.datatype in _INTEGERS:
                return int(self.value)
            if self.datatype in _DECIMALS:
                return Decimal(self.value)
            if self.datatype == XSD + "date":
                return date.fromisoformat(self.value)
        except (ValueError, ArithmeticError):
            return self.value
        return self.value in ("true", "1") if self.datatype == XSD + "boolean" else self.value

    @property
    def term(self) -> str:
        """Its SPARQL spelling; of a blank node nothing, as a query cannot name one."""
        if self.kind != "literal":
            return f"<{self.value}>" if self.kind == "iri" else ""
        if self.language:
            return f"{quote(self.value)}@{self.language}"
        return (
            quote(self.value)
            if self.datatype == XSD + "string"
            else f"{quote(self.value)}^^<{self.datatype}>"
        )

    @property
    def number(self) -> Decimal | None:
        """Its value as a number, None if it is none: a year is a date."""
        known = self.datatype in _DECIMALS or self.datatype in _INTEGERS - {XSD + "gYear"}
        value = self.python if known else None
        return Decimal(value) if isinstance(value, int | Decimal) else None


Row = tuple[Cell | None, ...]


@dataclass(frozen=True)
class Table:
    """The answer to a saved query. labels: of every IRI that has one, by language; "" is no language."""

    saved: SavedQuery
    filled: Filled
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    labels: Mapping[str, Words] = field(default_factory=dict)

    def label(self, cell: Cell, lang: str) -> tuple[str, str]:
        """What a reader sees of a cell, and the language of that.

        Of an IRI its label, in the other language or without one if it has none in the reader's, else the
        IRI in short; of a literal its value, as it is written.
        """
        if cell.kind != "iri":
            return cell.value, cell.language
        known = self.labels.get(cell.value, {})
        for each in (lang, "it", "en", ""):
            if each in known:
                return known[each], each
        return short_iri(cell.value), ""

    def column(self, name: str) -> list[Cell]:
        """The cells of a column, without the unbound ones."""
        index = [column.name for column in self.columns].index(name)
        return [cell for row in self.rows if (cell := row[index]) is not None]

    @property
    def top(self) -> Table:
        """The rows that share the first one's value of what the query ranks by; all, if it ranks nothing."""
        if self.saved.rank is None or not self.rows:
            return self
        index = [column.name for column in self.columns].index(self.saved.rank)
        rows = tuple(row for row in self.rows if row[index] == self.rows[0][index])
        return Table(self.saved, self.filled, self.columns, rows, self.labels)

    def sentence(self, lang: str) -> str:
        """The answer in words."""
        from ctlgraph.catalogue.sentence import sentence

        return sentence(self, lang)


def from_json(answer: bytes) -> tuple[tuple[str, ...], list[Row]]:
    """Names and rows of SPARQL JSON results; of an ASK one row of the column ``answer``."""
    read = json.loads(answer)
    if "boolean" in read:
        return ("answer",), [(Cell(json.dumps(read["boolean"]), "literal", XSD + "boolean"),)]
    names = tuple(read["head"]["vars"])
    return names, [tuple(_cell(row.get(name)) for name in names) for row in read["results"]["bindings"]]


def from_triples(answer: bytes) -> list[Row]:
    """The rows of N-Triples as the engine writes them: subject, predicate, object."""
    lines = answer.decode("utf-8").split("\n")  # a literal may hold other ends of lines
    return [tuple(map(_term, found.groups())) for line in lines if (found := _TRIPLE.fullmatch(line))]


def iris_in(rows: Iterable[Row]) -> set[str]:
    """Every IRI in the rows."""
    return {cell.value for row in rows for cell in row if cell and cell.kind == "iri"}


def _cell(found: Mapping[str, str] | None) -> Cell | None:
    if found is None:
        return None
    kind, language = _KINDS[found["type"]], found.get("xml:lang", "")
    usual = PREFIXES["rdf"] + "langString" if language else XSD + "string"
    datatype = found.get("datatype", usual) if kind == "literal" else ""
    return Cell(found["value"], kind, datatype, language)


def _term(text: str) -> Cell:
    if text.startswith("<"):
        return Cell(text[1:-1], "iri")
    found = _OBJECT.fullmatch(text)
    if not found:
        return Cell(text[2:], "bnode")
    usual = PREFIXES["rdf"] + "langString" if found["language"] else XSD + "string"
    value = json.loads(f'"{found["text"]}"') if "\\" in found["text"] else found["text"]
    return Cell(value, "literal", found["datatype"] or usual, found["language"] or "")
