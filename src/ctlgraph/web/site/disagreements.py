"""What the sources say differently: each disagreement with values, dates, lines and how to read it.

Asks the graph for what it knows to disagree, and names no disagreement itself; not how a page looks.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ctlgraph.messages import N_, translate
from ctlgraph.search import folded
from ctlgraph.vocabulary import PREFIXES, passage
from ctlgraph.web.site.counts import Count, counts, used
from ctlgraph.web.site.disagreement_queries import (
    BEHIND,
    CONCERNED,
    HOLDING,
    QUERIES,
    STATED,
    STATING,
)
from ctlgraph.web.site.facts import Ask, Labels, Source, Term, Thing, labels, rows
from ctlgraph.web.site.rendering import day, number

GROUPS = (
    N_("How many members"),
    N_("Other figures and dates"),
    N_("Names, roles and readings"),
    N_("No contrast, though it looks like one"),
)
FIGURES_OF = 2
"""How many of the groups, from the first on, are of numbers and dates that do not agree."""

_DATE = re.compile(r"[\d/–-]+")  # or a span of years
_Answer = Sequence[Mapping[str, Term]]


@dataclass(frozen=True)
class Row:
    """A value as the table of a disagreement shows it.

    thing: what states it, None for a sum of ours. detail: which of its values it is. of: the value, if it is
    a thing. note: "used" for the number that counts where one is needed, "sum", or "beside" for one that the
    disagreement does not name.
    """

    thing: Thing | None
    value: str
    date: str
    source: Source | None
    detail: str = ""
    precision: str = ""
    words: Term | None = None
    note: str = ""
    of: Thing | None = None


@dataclass(frozen=True)
class Disagreement:
    """What does not agree, and how to read it. decision: who says so, for a reason.

    group: its place in GROUPS. used: the number of members that counts where one is needed, of each body that
    it counts. passages: the lines that it names; speaking: lines that speak of the things it names.
    about: IRIs of what it is about, directly or by what it names.
    """

    thing: Thing
    explanation: Term
    decision: Source
    reason: str
    group: int
    rows: tuple[Row, ...]
    used: tuple[Count, ...]
    passages: tuple[Source, ...]
    speaking: tuple[Source, ...]
    things: tuple[Thing, ...]
    about: frozenset[str]

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return self.thing.iri.rpartition("/")[2]

    def has(self, words: Sequence[str]) -> bool:
        """Whether title, explanation and things have each of these words."""
        text = folded(" ".join((self.thing.label, self.explanation.value, *map(str, self.things))))
        return all(word in text for word in words)


async def about(ask: Ask, iri: str, lang: str) -> tuple[Thing, ...]:
    """The disagreements that are about an IRI, directly or by a number, a part or a seat of it.

    About a passage are those about a number in it.
    """
    queries = (CONCERNED, STATED, BEHIND, STATING, HOLDING)
    found = await asyncio.gather(*(rows(ask, query) for query in queries))
    named = {row["d"].value for answer in found for row in answer if iri in (row["x"].value, row["d"].value)}
    known = await labels(ask, named, lang) if named else Labels(lang)
    return tuple(map(known.thing, sorted(named)))


async def disagreements(ask: Ask, lang: str) -> tuple[Disagreement, ...]:
    """All of them: by group, of members the one about most of them first, then by number."""
    answers = await asyncio.gather(*(rows(ask, query) for query in QUERIES.values()))
    said = dict(zip(QUERIES, answers, strict=True))
    iris = {term.value for answer in answers for row in answer for term in row.values() if term.kind == "uri"}
    known = await labels(ask, iris, lang)
    found = _Found(known, said, counts(said["members"], known), counts(said["figures"], known))
    every = [found.disagreement(iri) for iri in sorted({row["d"].value for row in said["explained"]})]
    return tuple(sorted(every, key=_order))


def _order(each: Disagreement) -> tuple[int, int, float, str]:
    return each.group, len(each.used), -sum(count.count for count in each.used), each.thing.iri


@dataclass(frozen=True)
class _Found:
    """The answers to the queries, and what is known of every IRI in them."""

    known: Labels
    said: Mapping[str, _Answer]
    members: Sequence[Count]
    figures: Sequence[Count]

    def disagreement(self, iri: str) -> Disagreement:
        """One of them, put together."""
        texts = [row for row in self.said["explained"] if row["d"].value == iri]
        texts.sort(key=lambda row: row["text"].lang != self.known.lang)
        graph = texts[0]["g"].value
        stated = self._of("stated", iri)
        members = [count for count in self.members if count.iri in stated]
        figures = [count for count in self.figures if count.iri in stated]
        numbers = used_of(members, self.members)
        concerned = self._of("concerned", iri)
        values = self._values(members, figures, numbers, concerned) + self._held(iri)
        passages = self._sources(concerned)
        return Disagreement(
            thing=self.known.thing(iri),
            explanation=texts[0]["text"],
            decision=self.known.source(graph),
            reason=self._reason(graph),
            group=self._group(iri, members, figures),
            rows=tuple(values),
            used=numbers,
            passages=passages,
            speaking=tuple(each for each in self._sources(self._of("speaking", iri)) if each not in passages),
            things=tuple(sorted(map(self.known.thing, self._things(concerned)), key=str)),
            about=frozenset(
                {
                    *concerned,
                    *stated,
                    *self._of("behind", iri),
                    *self._of("values", iri),
                    *self._documents(iri),
                }
            ),
        )

    def _of(self, name: str, iri: str) -> list[str]:
        return sorted({row["x"].value for row in self.said[name] if row["d"].value == iri})

    def _group(self, iri: str, members: Sequence[Count], figures: Sequence[Count]) -> int:
        """Its place in GROUPS."""
        if any(row["d"].value == iri for row in self.said["apparent"]):
            return 3
        if members and not figures:
            return 0
        held = [row["value"].value for row in self.said["values"] if row["d"].value == iri]
        return 1 if figures or any(map(_DATE.fullmatch, held)) else 2

    def _reason(self, graph: str) -> str:
        texts = [row["text"] for row in self.said["reasons"] if row["g"].value == graph]
        texts.sort(key=lambda text: text.lang != self.known.lang)
        return texts[0].value if texts else ""

    def _sources(self, iris: Iterable[str]) -> tuple[Source, ...]:
        """Those of the IRIs that are passages, by document and line."""
        found = [self.known.source(iri) for iri in iris if passage(iri)]
        return tuple(sorted(found, key=lambda s: (str(s.graph.iri.rpartition("/")[0]), s.first, s.last)))

    def _documents(self, iri: str) -> set[str]:
        graphs = (*self._of("concerned", iri), *self._of("speaking", iri))
        found = {self.known.source(graph).document for graph in graphs if passage(graph)}
        return {document.iri for document in found if document}

    def _things(self, iris: Iterable[str]) -> list[str]:
        """Those of the IRIs that a reader may look up: no passages, no decisions, nothing of the table."""
        shown = {count.iri for count in (*self.members, *self.figures)}
        shown |= {row["whole"].value for row in self.said["parts"]}
        return [iri for iri in iris if not iri.startswith(PREFIXES["graph"]) and iri not in shown]

    def _values(
        self,
        members: Sequence[Count],
        figures: Sequence[Count],
        numbers: Sequence[Count],
        concerned: Sequence[str],
    ) -> list[Row]:
        """The numbers, by period and line; what another source says of the same beside.

        A sum of ours is one of them where the statement with all the parts is what does not agree.
        """
        beside = []
        if len(numbers) == 1 and not figures:
            of = numbers[0].of
            beside = [c for c in self.members if c.of == of and c.total and c not in members]
        notes = {c.iri: "beside" for c in beside} | {c.iri: "used" for c in numbers}
        rows = [(_when(c), self._row(c, notes.get(c.iri, ""))) for c in (*members, *figures, *beside)]
        rows += [(_when(whole[-1]), row) for whole in self._wholes(concerned) if (row := self._sum(whole))]
        return [row for _, row in sorted(rows, key=lambda each: each[0])]

    def _row(self, count: Count, note: str) -> Row:
        shown = number(count.count, self.known.lang)
        if count.out_of is not None:
            shown = translate(N_("{count} of {all}"), self.known.lang, count=shown, all=count.out_of)
        return Row(
            self.known.thing(count.iri),
            shown,
            day(count.period.value, self.known.lang) if count.period else "",
            count.source,
            precision=str(count.precision or ""),
            words=count.words,
            note=note,
        )

    def _wholes(self, concerned: Sequence[str]) -> list[list[Count]]:
        """The numbers of each of these statements that lists all its parts."""
        wholes: dict[str, set[str]] = {}
        for row in self.said["parts"]:
            if "all" in row and row["all"].value == "true" and row["whole"].value in concerned:
                wholes.setdefault(row["whole"].value, set()).add(row["o"].value)
        return [
            [count for count in self.members if count.iri in parts] for _, parts in sorted(wholes.items())
        ]

    def _sum(self, whole: Sequence[Count]) -> Row | None:
        """What the parts of a statement add up to, if that is not its total."""
        total = sum(count.count for count in whole if count.total)
        parts = [count for count in whole if not count.total]
        found = sum(count.count for count in parts)
        if found == total or not parts or not total:
            return None
        lang = self.known.lang
        added = " + ".join(number(count.count, lang) for count in parts)
        period = parts[0].period
        when = day(period.value, lang) if period else ""
        return Row(None, number(found, lang), when, parts[0].source, detail=added, note="sum")

    def _held(self, iri: str) -> list[Row]:
        """The values of the properties that it is about; of texts those in the reader's language."""
        lang = self.known.lang
        of = [row for row in self.said["values"] if row["d"].value == iri and row["value"].lang in ("", lang)]
        of.sort(key=lambda row: (row["value"].value, row["x"].value, row["p"].value, row["g"].value))
        return [
            Row(
                self.known.thing(row["x"].value),
                str(thing) if (thing := self._thing(row["value"])) else day(row["value"].value, lang),
                "",
                self.known.source(row["g"].value),
                detail=self.known.thing(row["p"].value).label,
                of=thing,
            )
            for row in of
        ]

    def _thing(self, term: Term) -> Thing | None:
        return self.known.thing(term.value) if term.kind == "uri" else None


def used_of(some: Sequence[Count], every: Sequence[Count]) -> tuple[Count, ...]:
    """The number that counts where one is needed, of each body that some numbers of members are of."""
    bodies = sorted({count.of for count in some}, key=lambda of: of.iri)
    found = (used([count for count in every if count.of == of]) for of in bodies)
    return tuple(count for count in found if count)


def _when(count: Count) -> tuple[str, str, int, bool, float]:
    """By period, then as the document has them, totals first."""
    source = count.source
    document = source.document.iri if source.document else ""
    return count.period.value if count.period else "", document, source.first, not count.total, -count.count
