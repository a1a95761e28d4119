"""The documents that statements come from: which lines of each are in passages, and how much they gave.

Asks the graph; not how a page looks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ctlgraph.vocabulary import BASE, passage
from ctlgraph.web.site.facts import Ask, Labels, Source, Term, Thing, labels, rows

_DOCUMENTS = """SELECT DISTINCT ?of ?issued ?language ?file ?sum { ?of a ctl:SourceDocument
    OPTIONAL { ?of dct:issued ?issued } OPTIONAL { ?of dct:language ?language }
    OPTIONAL { ?of dct:identifier ?file } OPTIONAL { ?of ctl:sha256 ?sum } }"""
_SECTIONS = """SELECT DISTINCT ?x ?of ?first ?last { ?x a ctl:SourceSection ; prov:wasDerivedFrom ?of ;
    ctl:firstLine ?first ; ctl:lastLine ?last }"""
_LINES = """SELECT ?of (COUNT(?g) AS ?passages) (SUM(?last - ?first + 1) AS ?taken) {
    ?g a ctl:Passage ; prov:wasDerivedFrom ?of ; ctl:firstLine ?first ; ctl:lastLine ?last } GROUP BY ?of"""
_YIELD = """SELECT ?of (COUNT(*) AS ?statements) (COUNT(DISTINCT ?s) AS ?things) {
    ?g a ctl:Passage ; prov:wasDerivedFrom ?of GRAPH ?g { ?s ?p ?o } } GROUP BY ?of"""
_PASSAGES = """SELECT ?g (COUNT(*) AS ?statements) (COUNT(DISTINCT ?s) AS ?things) {
    ?g a ctl:Passage ; prov:wasDerivedFrom <%s> GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"""
_DECISIONS = """SELECT ?certainty (COUNT(DISTINCT ?g) AS ?graphs) (COUNT(*) AS ?statements) {
    ?g a ctl:CuratedGraph ; ctl:certainty ?certainty GRAPH ?g { ?s ?p ?o } } GROUP BY ?certainty"""

_Answer = Sequence[Mapping[str, Term]]


@dataclass(frozen=True)
class Section:
    """A titled part of a document, from one line to another."""

    thing: Thing
    first: int
    last: int


@dataclass(frozen=True)
class Document:
    """A document as far as it was read.

    issued, language, file, sum: "" if nobody says. lines: how many it has, as its sections tell; taken: how
    many of them are in passages. statements, things: how much was taken from them.
    """

    thing: Thing
    issued: str
    language: str
    file: str
    sum: str
    sections: tuple[Section, ...]
    passages: int
    taken: int
    statements: int
    things: int

    @property
    def name(self) -> str:
        """Its name in an address."""
        return self.thing.iri.rpartition("/")[2]

    @property
    def lines(self) -> int:
        """How many lines it has; 0 if it has no sections."""
        return max((section.last for section in self.sections), default=0)

    def section(self, line: int) -> Section | None:
        """The section that a line is in."""
        return next((each for each in self.sections if each.first <= line <= each.last), None)


@dataclass(frozen=True)
class Entry:
    """Lines of a document, in a section if there is one. graph: "" if nothing was taken from them."""

    first: int
    last: int
    graph: str
    statements: int
    things: int
    section: Section | None


@dataclass(frozen=True)
class Decisions:
    """What no document says by itself, by how sure it is: how many graphs, how many statements."""

    certainty: Thing
    graphs: int
    statements: int


async def documents(ask: Ask, lang: str) -> tuple[Document, ...]:
    """Every document, by number."""
    queries = (_DOCUMENTS, _SECTIONS, _LINES, _YIELD)
    found, sections, lines, given = await asyncio.gather(*(rows(ask, query) for query in queries))
    terms = (row[name].value for row in (*found, *sections) for name in ("of", "x") if name in row)
    known = await labels(ask, set(terms), lang) if found else Labels(lang)
    iris = sorted({row["of"].value for row in found})
    return tuple(_document(iri, found, sections, (*lines, *given), known) for iri in iris)


async def document(ask: Ask, name: str, lang: str) -> Document | None:
    """One document by its name; None if there is none."""
    iri = f"{BASE}id/source/{name}"
    return next((each for each in await documents(ask, lang) if each.thing.iri == iri), None)


async def entries(ask: Ask, of: Document) -> tuple[Entry, ...]:
    """The passages of a document and the longer gaps between them, by line, each where it begins."""
    found = [
        Entry(lines[1], lines[2], graph, int(row["statements"].value), int(row["things"].value),
              of.section(lines[1]))
        for row in await rows(ask, _PASSAGES % of.thing.iri)
        if "g" in row and (lines := passage(graph := row["g"].value))
    ]  # fmt: skip
    found += [Entry(first, last, "", 0, 0, of.section(first)) for first, last in _gaps(of, found)]
    return tuple(sorted(found, key=lambda entry: (entry.first, entry.last)))


def spans(of: Sequence[Entry]) -> list[tuple[int, int]]:
    """The lines in passages, as first and last; those that follow each other as one."""
    found: list[tuple[int, int]] = []
    for entry in of:
        if entry.graph and found and entry.first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], entry.last))
        elif entry.graph:
            found.append((entry.first, entry.last))
    return found


async def quoted(ask: Ask, some: Sequence[Entry], lang: str) -> Mapping[str, Source]:
    """The passages of some entries by their graphs, with their words."""
    graphs = {entry.graph for entry in some if entry.graph}
    known = await labels(ask, graphs, lang) if graphs else Labels(lang)
    return {graph: known.source(graph) for graph in graphs}


async def decisions(ask: Ask, lang: str) -> tuple[Decisions, ...]:
    """What no document says by itself, what there is most of first."""
    found = [row for row in await rows(ask, _DECISIONS) if "certainty" in row]
    known = await labels(ask, {row["certainty"].value for row in found}, lang) if found else Labels(lang)
    made = [
        Decisions(known.thing(row["certainty"].value), int(row["graphs"].value), int(row["statements"].value))
        for row in found
    ]
    return tuple(sorted(made, key=lambda each: (-each.statements, each.certainty.iri)))


def _document(iri: str, found: _Answer, sections: _Answer, numbers: _Answer, known: Labels) -> Document:
    about = [row for row in (*found, *numbers) if "of" in row and row["of"].value == iri]

    def one(name: str, otherwise: str = "") -> str:
        return min((row[name].value for row in about if name in row), default=otherwise)

    own = (
        Section(known.thing(row["x"].value), int(row["first"].value), int(row["last"].value))
        for row in sections
        if row["of"].value == iri
    )
    return Document(
        thing=known.thing(iri),
        issued=one("issued"),
        language=one("language"),
        file=one("file"),
        sum=one("sum"),
        sections=tuple(sorted(own, key=lambda each: (each.first, -each.last))),
        passages=int(one("passages", "0")),
        taken=int(one("taken", "0")),
        statements=int(one("statements", "0")),
        things=int(one("things", "0")),
    )


def _gaps(of: Document, passages: Sequence[Entry]) -> list[tuple[int, int]]:
    """Two or more lines from which nothing was taken, none beyond its section, as first and last."""
    taken = {line for entry in passages for line in range(entry.first, entry.last + 1)}
    begins = {section.first for section in of.sections}
    found: list[tuple[int, int]] = []
    for line in (line for line in range(1, of.lines + 1) if line not in taken):
        if found and found[-1][1] == line - 1 and line not in begins:
            found[-1] = (found[-1][0], line)
        else:
            found.append((line, line))
    return [(first, last) for first, last in found if last > first]
