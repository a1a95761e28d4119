"""Two clusters side by side, or one in two years: members, themes, seats, and what each takes part in.

Asks the graph; not how a page looks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ctlgraph.messages import N_, translate
from ctlgraph.search import folded
from ctlgraph.vocabulary import expand
from ctlgraph.web.site.counts import MEMBERS, Count, counts, latest
from ctlgraph.web.site.entities import sources_of
from ctlgraph.web.site.facts import Ask, Labels, Source, Sources, Term, Thing, labels, rows

CLUSTERS = "SELECT DISTINCT ?x { ?x a ctl:TechnologyCluster }"
_ISSUED = "SELECT DISTINCT ?document ?date { ?document a ctl:SourceDocument ; dct:issued ?date }"
_PLAIN = expand("participationrole:participant")


def _part(name: str) -> str:
    """The pattern of what a cluster takes part in."""
    role = "OPTIONAL { ?p ctl:participationRole ?role }"
    return f"?p ctl:participant ?cluster {role} GRAPH ?g {{ ?p {name} ?x }}"


ROWS = {
    "ecosystems": (N_("Reference ecosystems"), "GRAPH ?g { ?cluster ctl:referenceEcosystem ?x }"),
    "technologies": (N_("Technology areas"), "GRAPH ?g { ?cluster ctl:technologyArea ?x }"),
    "sectors": (N_("Sectors"), "GRAPH ?g { ?cluster ctl:coversSector ?x }"),
    "form": (N_("Legal form"), "GRAPH ?g { ?cluster org:classification ?x }"),
    "seats": (
        N_("Seats"),
        """GRAPH ?g { ?cluster ?kind ?site } ?site ctl:locatedIn ?x
        FILTER(?kind IN (org:hasPrimarySite, org:hasRegisteredSite, ctl:hasManagementSite))""",
    ),
    "networks": (N_("Networks"), _part("ctl:inNetwork")),
    "projects": (N_("Projects"), _part("ctl:inProject")),
    "events": (N_("Events"), _part("ctl:inEvent")),
    "groups": (N_("Working groups"), _part("ctl:inGroup")),
    "programmes": (N_("Programmes and calls"), _part("ctl:inProgramme")),
    "instruments": (N_("Acts and strategies"), _part("ctl:inInstrument")),
    "themes": (
        N_("Ecosystems and missions of the side boxes"),
        "?box ctl:boxOf ?cluster GRAPH ?g { ?box ctl:names ?x }",
    ),
    "members": (N_("Members by name"), "?m org:organization ?cluster GRAPH ?g { ?m org:member ?x }"),
}
"""What is compared of a cluster: in words, and as a pattern of ?cluster, ?x, ?role and the graph ?g."""
_NO_TIE = ("form", "seats")  # two clusters of one form or in one town have nothing in common by that

_Answer = Sequence[Mapping[str, Term]]


@dataclass(frozen=True)
class Value:
    """A thing that a side has, in which role if it is more than taking part. shared: both sides have it."""

    thing: Thing
    role: Thing | None
    sources: Sources
    shared: bool = False


@dataclass(frozen=True)
class Side:
    """One side: a cluster, or a cluster as the documents of a year have it.

    counts: its members, the total first; over_time: all totals, the newest first.
    """

    thing: Thing
    year: str
    counts: tuple[Count, ...]
    over_time: tuple[Count, ...]


@dataclass(frozen=True)
class Row:
    """What the two sides have of one kind; each has its own values, those that both have first."""

    name: str
    label: str
    cells: tuple[tuple[Value, ...], tuple[Value, ...]]

    @property
    def shared(self) -> tuple[Value, ...]:
        """What both have."""
        return tuple(value for value in self.cells[0] if value.shared)


@dataclass(frozen=True)
class Compared:
    """Two sides and what they have. categories: of the members of either, the largest first."""

    sides: tuple[Side, Side]
    rows: tuple[Row, ...]
    categories: tuple[Thing, ...]

    def count(self, side: Side, category: Thing) -> Count | None:
        """The number of a category on a side."""
        return next((count for count in side.counts if count.category == category), None)

    @property
    def shared(self) -> tuple[Row, ...]:
        """The rows with something that both have."""
        return tuple(row for row in self.rows if row.shared)


async def clusters(ask: Ask, lang: str) -> tuple[Thing, ...]:
    """What can be compared, by name."""
    iris = {row["x"].value for row in await rows(ask, CLUSTERS)}
    known = await labels(ask, iris, lang) if iris else Labels(lang)
    return tuple(sorted(map(known.thing, iris), key=lambda thing: folded(thing.label)))


async def years(ask: Ask) -> tuple[str, ...]:
    """The years of the documents, the oldest first."""
    return tuple(sorted({row["date"].value[:4] for row in await rows(ask, _ISSUED)}))


async def two(ask: Ask, one: Thing, other: Thing, lang: str) -> Compared:
    """Two clusters, each by its latest exact members and all that is said of it."""
    found = await _Found.of(ask, (one.iri, other.iri), lang)
    return found.compared(tuple((each, "", lambda source: True) for each in (one, other)))


async def over(ask: Ask, cluster: Thing, before: str, after: str, lang: str) -> Compared:
    """A cluster as the documents of one year have it, and those of another."""
    found = await _Found.of(ask, (cluster.iri,), lang)
    return found.compared(tuple((cluster, year, found.written_in(year)) for year in (before, after)))


_May = Callable[[Source], bool]
_Sided = tuple[Thing, str, _May]


@dataclass(frozen=True)
class _Found:
    """The answers about one or two clusters, and what is known of every IRI in them."""

    known: Labels
    values: _Answer
    members: Sequence[Count]
    issued: Mapping[str, str]

    @classmethod
    async def of(cls, ask: Ask, iris: Iterable[str], lang: str) -> _Found:
        """Ask for all that is compared."""
        named = f"VALUES ?cluster {{ {' '.join(f'<{iri}>' for iri in sorted(set(iris)))} }}"
        parts = (f'{{ {named} {pattern} BIND("{name}" AS ?row) }}' for name, (_, pattern) in ROWS.items())
        query = f"SELECT DISTINCT ?cluster ?row ?x ?role ?g {{ {' UNION '.join(parts)} }}"
        values, members, issued = await asyncio.gather(
            rows(ask, query), rows(ask, MEMBERS), rows(ask, _ISSUED)
        )
        terms = (term.value for row in (*values, *members) for term in row.values() if term.kind == "uri")
        known = await labels(ask, set(terms), lang)
        dates = {row["document"].value: row["date"].value[:4] for row in issued}
        return cls(known, values, counts(members, known), dates)

    def written_in(self, year: str) -> _May:
        """Whether a source is a document of a year."""
        return lambda source: source.document is not None and self.issued.get(source.document.iri) == year

    def compared(self, sided: Sequence[_Sided]) -> Compared:
        """The two sides, each with what its sources may be."""
        one, other = (self._side(thing, year) for thing, year, _ in sided)
        made = []
        for name, (label, _) in ROWS.items():
            cells = [self._cell(name, thing, may) for thing, _, may in sided]
            alone = name in _NO_TIE and one.thing != other.thing
            marked = (tuple(cells[0]), tuple(cells[1])) if alone else _marked(*cells)
            made.append(Row(name, translate(label, self.known.lang), marked))
        present = tuple(row for row in made if any(row.cells))
        every = sorted((*one.counts, *other.counts), key=lambda count: (not count.total, -count.count))
        return Compared((one, other), present, tuple(dict.fromkeys(count.category for count in every)))

    def _side(self, thing: Thing, year: str) -> Side:
        of_one = [count for count in self.members if count.of.iri == thing.iri and count.period]
        totals = [count for count in of_one if count.total]
        totals.sort(key=lambda count: count.period.value if count.period else "", reverse=True)
        if year:
            shown = tuple(c for c in of_one if c.period and c.period.value.startswith(year))
        else:
            shown = latest(of_one)
        return Side(thing, year, shown, tuple(totals))

    def _cell(self, name: str, thing: Thing, may: _May) -> list[Value]:
        graphs: dict[tuple[str, str], list[str]] = {}
        for row in self.values:
            if row["row"].value == name and row["cluster"].value == thing.iri:
                role = row["role"].value if "role" in row else ""
                graphs.setdefault((row["x"].value, role), []).append(row["g"].value)
        found = [
            Value(
                self.known.thing(iri),
                self.known.thing(role) if role and role != _PLAIN else None,
                Sources(source for source in sources_of(of, self.known) if may(source)),
            )
            for (iri, role), of in graphs.items()
        ]
        return sorted((v for v in found if v.sources), key=lambda value: folded(value.thing.label))


def _marked(one: Sequence[Value], other: Sequence[Value]) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """Each side with what both have first."""
    both = {value.thing for value in one} & {value.thing for value in other}

    def side(values: Sequence[Value]) -> tuple[Value, ...]:
        marked = [Value(v.thing, v.role, v.sources, v.thing in both) for v in values]
        return tuple(sorted(marked, key=lambda value: not value.shared))

    return side(one), side(other)
