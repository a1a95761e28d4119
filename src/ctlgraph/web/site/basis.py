"""What an answer rests on: its statements by the passages of documents that make them; and what it covers.

Asks the graph; knows nothing of how a page looks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ctlgraph.catalogue import Filled, Table
from ctlgraph.catalogue.evidence import sources
from ctlgraph.vocabulary import BASE, passage
from ctlgraph.web.site.facts import MEASURED, Ask, Source, Term, Thing, labels, rows
from ctlgraph.web.site.rendering import day

_CLUSTERS = "SELECT DISTINCT ?cluster { ?cluster a ctl:TechnologyCluster }"
_ISSUED = "SELECT ?document ?date { ?document a ctl:SourceDocument ; dct:issued ?date }"
_TYPING = Term("true", "literal")
KINDS = ("passage", "curated", "described", "measured", "derived")
"""Kinds of sources, those that say most first."""


@dataclass(frozen=True)
class Document:
    """A document with the passages of it that an answer rests on; issued: when, "" if nobody says."""

    thing: Thing
    passages: tuple[Source, ...]
    issued: str

    def named(self, lang: str) -> str:
        """Its label, with when it was issued in brackets."""
        return f"{self.thing.label} ({day(self.issued, lang)})" if self.issued else self.thing.label


@dataclass(frozen=True)
class Basis:
    """What an answer rests on. statements: their number; others: sources that are no document."""

    statements: int
    documents: tuple[Document, ...]
    others: tuple[Source, ...]

    @property
    def passages(self) -> int:
        """The number of passages."""
        return sum(len(document.passages) for document in self.documents)

    @property
    def dates(self) -> tuple[str, ...]:
        """When the oldest and the newest of its documents were issued; one if they are the same."""
        known = sorted(document.issued for document in self.documents if document.issued)
        return tuple(dict.fromkeys((known[0], known[-1]))) if known else ()


async def basis(ask: Ask, filled: Filled, lang: str, row: Mapping[str, str] | None = None) -> Basis:
    """What the whole answer rests on, or one of its rows.

    That something is of a class counts only if nothing else is said. What was measured rests on the passages
    that its ties rest on.
    """
    text = sources(filled.saved, filled.text, row or {})
    found, issued = await asyncio.gather(rows(ask, text), rows(ask, _ISSUED))
    said = [row for row in found if row.get("typing", _TYPING).value == "false"] or found
    graphs = {row["g"].value: int(row["n"].value) for row in said if "g" in row}
    dates = {row["document"].value: row["date"].value for row in issued}
    known = await _known(ask, {*graphs, *await _measured_of(ask, graphs)}, lang)
    others = tuple(source for source in known if not source.document)
    return Basis(sum(graphs.values()), documents(known, dates), others)


def documents(passages: Iterable[Source], dates: Mapping[str, str]) -> tuple[Document, ...]:
    """Passages by their documents, in the order of their numbers and lines."""
    found: dict[Thing, list[Source]] = {}
    for source in passages:
        if source.document:
            found.setdefault(source.document, []).append(source)
    ordered = sorted(found.items(), key=lambda item: item[0].iri)
    return tuple(
        Document(thing, tuple(sorted(of, key=lambda s: (s.first, s.last))), dates.get(thing.iri, ""))
        for thing, of in ordered
    )


async def _measured_of(ask: Ask, graphs: Iterable[str]) -> set[str]:
    """The passages and curated graphs that measures rest on, if any of these graphs holds such."""
    values = " ".join(f"<{graph}>" for graph in sorted(graphs) if graph.startswith(MEASURED))
    query = f"SELECT ?source {{ VALUES ?graph {{ {values} }} ?graph dct:source ?source }}"
    found = await rows(ask, query) if values else []
    return {row["source"].value for row in found}


async def _known(ask: Ask, graphs: Iterable[str], lang: str) -> Sequence[Source]:
    lines = {graph: passage(graph) for graph in graphs}
    iris = {*lines, *(f"{BASE}id/source/{place[0]}" for place in lines.values() if place)}
    known = await labels(ask, iris, lang)
    found = [known.source(graph) for graph in lines]
    return sorted(found, key=lambda s: (KINDS.index(s.kind), s.graph.label))


@dataclass(frozen=True)
class Coverage:
    """How many of all clusters the answer names, and which it does not."""

    named: int
    of: int
    missing: tuple[Thing, ...]


async def coverage(ask: Ask, table: Table, lang: str) -> Coverage | None:
    """Which of the clusters are in the answer; None if the question is not about clusters."""
    clusters = {row["cluster"].value for row in await rows(ask, _CLUSTERS)}
    named = {cell.value for row in table.rows for cell in row if cell} & clusters
    if not named:
        return None
    known = await labels(ask, clusters, lang)
    missing = sorted(map(known.thing, clusters - named), key=str)
    return Coverage(len(named), len(clusters), tuple(missing))
