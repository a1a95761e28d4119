"""The documents that statements come from: which lines of each were read, and how much was taken from them.

Asks the graph; not how a page looks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ctlgraph.vocabulary import BASE
from ctlgraph.web.site.facts import Ask, Labels, Source, Term, Thing, labels, rows

_DOCUMENTS = """SELECT DISTINCT ?x ?issued ?language ?file ?sum { ?x a ctl:SourceDocument
    OPTIONAL { ?x dct:issued ?issued } OPTIONAL { ?x dct:language ?language }
    OPTIONAL { ?x dct:identifier ?file } OPTIONAL { ?x ctl:sha256 ?sum } }"""
_SECTIONS = """SELECT DISTINCT ?x ?of ?first ?last { ?x a ctl:SourceSection ; prov:wasDerivedFrom ?of ;
    ctl:firstLine ?first ; ctl:lastLine ?last }"""
_PASSAGES = """SELECT ?g ?of (COUNT(*) AS ?statements) (COUNT(DISTINCT ?s) AS ?things) {
    ?g a ctl:Passage ; prov:wasDerivedFrom ?of GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ?of"""
_THINGS = """SELECT ?of (COUNT(DISTINCT ?s) AS ?n) { ?g a ctl:Passage ; prov:wasDerivedFrom ?of
    GRAPH ?g { ?s ?p ?o } } GROUP BY ?of"""
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
class Passage:
    """Lines of a document with how much was taken from them."""

    source: Source
    statements: int
    things: int


@dataclass(frozen=True)
class Entry:
    """Lines of a document, in a section if there is one; passage: None if nothing was taken from them."""

    first: int
    last: int
    passage: Passage | None
    section: Section | None


@dataclass(frozen=True)
class Document:
    """A document as far as it was read: sections and passages by line. issued: "" if nobody says."""

    thing: Thing
    issued: str
    language: str
    file: str
    sum: str
    things: int
    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]

    @property
    def name(self) -> str:
        """Its name in an address."""
        return self.thing.iri.rpartition("/")[2]

    @property
    def lines(self) -> int:
        """How many lines it has, as its sections tell; 0 if there are none."""
        return max((section.last for section in self.sections), default=0)

    @property
    def taken(self) -> int:
        """How many of its lines are in a passage."""
        spans = ((each.source.first, each.source.last) for each in self.passages)
        return len({line for first, last in spans for line in range(first, last + 1)})

    @property
    def statements(self) -> int:
        """How many statements were taken from it."""
        return sum(passage.statements for passage in self.passages)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The passages and the longer gaps between them, by line, each in the section where it begins."""
        found = [
            Entry(p.source.first, p.source.last, p, self._section(p.source.first)) for p in self.passages
        ]
        found += [Entry(first, last, None, self._section(first)) for first, last in self._gaps()]
        return tuple(sorted(found, key=lambda entry: (entry.first, entry.last)))

    def _gaps(self) -> list[tuple[int, int]]:
        """Two or more lines from which nothing was taken, none beyond its section, as first and last."""
        taken = {line for p in self.passages for line in range(p.source.first, p.source.last + 1)}
        begins = {section.first for section in self.sections}
        found: list[tuple[int, int]] = []
        for line in (line for line in range(1, self.lines + 1) if line not in taken):
            if found and found[-1][1] == line - 1 and line not in begins:
                found[-1] = (found[-1][0], line)
            else:
                found.append((line, line))
        return [(first, last) for first, last in found if last > first]

    def _section(self, line: int) -> Section | None:
        return next((each for each in self.sections if each.first <= line <= each.last), None)


@dataclass(frozen=True)
class Decisions:
    """What no document says by itself, by how sure it is: how many graphs, how many statements."""

    certainty: Thing
    graphs: int
    statements: int


async def documents(ask: Ask, lang: str) -> tuple[Document, ...]:
    """Every document, by number."""
    queries = (_DOCUMENTS, _SECTIONS, _PASSAGES, _THINGS)
    answers = await asyncio.gather(*(rows(ask, query) for query in queries))
    terms = (term for answer in answers for row in answer for term in row.values())
    known = await labels(ask, {term.value for term in terms if term.kind == "uri"}, lang)
    found, sections, passages, things = answers
    iris = sorted({row["x"].value for row in found})
    return tuple(
        _document(
            [row for row in found if row["x"].value == iri],
            [row for row in sections if row["of"].value == iri],
            [row for row in passages if "of" in row and row["of"].value == iri],
            next((int(row["n"].value) for row in things if "of" in row and row["of"].value == iri), 0),
            known,
        )
        for iri in iris
    )


async def document(ask: Ask, name: str, lang: str) -> Document | None:
    """One document by its name; None if there is none."""
    return next(
        (each for each in await documents(ask, lang) if each.thing.iri == f"{BASE}id/source/{name}"), None
    )


async def decisions(ask: Ask, lang: str) -> tuple[Decisions, ...]:
    """What no document says by itself, what there is most of first."""
    found = [row for row in await rows(ask, _DECISIONS) if "certainty" in row]
    known = await labels(ask, {row["certainty"].value for row in found}, lang)
    made = [
        Decisions(known.thing(row["certainty"].value), int(row["graphs"].value), int(row["statements"].value))
        for row in found
    ]
    return tuple(sorted(made, key=lambda each: (-each.statements, each.certainty.iri)))


def _document(found: _Answer, sections: _Answer, passages: _Answer, things: int, known: Labels) -> Document:
    def one(name: str) -> str:
        return min((row[name].value for row in found if name in row), default="")

    return Document(
        known.thing(found[0]["x"].value),
        one("issued"),
        one("language"),
        one("file"),
        one("sum"),
        things,
        tuple(sorted((_section(row, known) for row in sections), key=lambda each: (each.first, -each.last))),
        tuple(
            sorted((_passage(row, known) for row in passages), key=lambda p: (p.source.first, p.source.last))
        ),
    )


def _section(row: Mapping[str, Term], known: Labels) -> Section:
    return Section(known.thing(row["x"].value), int(row["first"].value), int(row["last"].value))


def _passage(row: Mapping[str, Term], known: Labels) -> Passage:
    return Passage(known.source(row["g"].value), int(row["statements"].value), int(row["things"].value))
