"""What the home page says: the clusters, and how many members there are according to which lines.

Knows which statements it shows and why those: the latest that are exact. What else is stated stands beside.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ctlgraph.vocabulary import expand
from ctlgraph.web.site.facts import Ask, Labels, Source, Term, Thing, labels, rows

TOTAL = expand("membercategory:total")
EXACT = expand("precision:exact")

_COUNTS = f"""SELECT ?of ?category ?count ?precision ?period ?words ?g {{
    GRAPH ?g {{ ?o ctl:memberCount ?count }}
    ?o ctl:refOrganization ?of ; ctl:memberCategory ?category ; ctl:refPeriod ?period .
    OPTIONAL {{ ?o <{expand("ctl:precision")}> ?precision }} OPTIONAL {{ ?o ctl:statedAs ?words }} }}"""
_CLUSTERS = """SELECT DISTINCT ?cluster ?acronym ?ecosystem { ?cluster a ctl:TechnologyCluster
    OPTIONAL { ?cluster ctl:acronym ?acronym } OPTIONAL { ?cluster ctl:referenceEcosystem ?ecosystem } }"""
_SETS = "SELECT DISTINCT ?set { ?set a ctl:ClusterSet }"


@dataclass(frozen=True)
class Count:
    """A number of members as stated: of whom, of which category and period, by which source.

    words: the source's own, if the number is not exact.
    """

    of: str
    category: Thing
    count: int
    period: Term
    exact: bool
    words: Term | None
    source: Source


@dataclass(frozen=True)
class Cluster:
    """A cluster of the home page; counts are of one source and period, the total first."""

    thing: Thing
    acronym: str
    ecosystems: tuple[Thing, ...]
    counts: tuple[Count, ...]

    @property
    def total(self) -> Count | None:
        """The number of all its members."""
        return next((count for count in self.counts if count.category.iri == TOTAL), None)

    @property
    def parts(self) -> tuple[Count, ...]:
        """The numbers of its members by category."""
        return tuple(count for count in self.counts if count.category.iri != TOTAL)


class Bar(NamedTuple):
    """A bar of a chart, which is also a row of a table: parts are labels with numbers."""

    thing: Thing
    total: int
    parts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Home:
    """The clusters by name, the figures of all together, and what sources state otherwise."""

    clusters: tuple[Cluster, ...]
    figures: tuple[Count, ...]
    others: tuple[Count, ...]

    @property
    def bars(self) -> tuple[Bar, ...]:
        """A bar for each cluster with a total, the longest first; its parts in the order of the figures."""
        order = [figure.category for figure in self.figures]
        bars = [
            Bar(cluster.thing, cluster.total.count, _in_order(cluster.parts, order))
            for cluster in self.clusters
            if cluster.total
        ]
        return tuple(sorted(bars, key=lambda bar: -bar.total))

    @property
    def most(self) -> int:
        """The largest total, which the longest bar stands for."""
        return max((cluster.total.count for cluster in self.clusters if cluster.total), default=1)


async def home(ask: Ask, lang: str) -> Home:
    """Ask the release for what the home page shows."""
    stated, clusters, sets = await asyncio.gather(rows(ask, _COUNTS), rows(ask, _CLUSTERS), rows(ask, _SETS))
    iris = {term.value for row in (*stated, *clusters) for term in row.values() if term.kind == "uri"}
    known = await labels(ask, iris, lang)
    counts = sorted(
        (_count(row, known) for row in stated), key=lambda c: (-c.count, c.category.iri, c.source.graph.iri)
    )
    every = {row["set"].value for row in sets}
    figures = _latest([count for count in counts if count.of in every])
    totals = [count for count in counts if count.of in every and count.category.iri == TOTAL]
    return Home(
        _clusters(clusters, counts, known), figures, tuple(count for count in totals if not count.exact)
    )


def _clusters(
    found: Sequence[Mapping[str, Term]], counts: Sequence[Count], known: Labels
) -> tuple[Cluster, ...]:
    ecosystems: dict[str, set[str]] = {}
    acronyms: dict[str, str] = {}
    for row in found:
        iri = row["cluster"].value
        ecosystems.setdefault(iri, set()).update({row["ecosystem"].value} if "ecosystem" in row else ())
        acronyms[iri] = row["acronym"].value if "acronym" in row else acronyms.get(iri, "")
    clusters = [
        Cluster(
            known.thing(iri),
            acronyms[iri],
            tuple(sorted(map(known.thing, of), key=str)),
            _latest([count for count in counts if count.of == iri]),
        )
        for iri, of in ecosystems.items()
    ]
    return tuple(sorted(clusters, key=lambda cluster: cluster.thing.label.casefold()))


def _in_order(parts: Sequence[Count], order: Sequence[Thing]) -> tuple[tuple[str, int], ...]:
    counts = {part.category: part.count for part in parts}
    return tuple((category.label, counts[category]) for category in order if category in counts)


def _latest(counts: Sequence[Count]) -> tuple[Count, ...]:
    """Return the exact counts of the latest period that has an exact total."""
    totals = [count for count in counts if count.exact and count.category.iri == TOTAL]
    latest = max(totals, key=lambda count: count.period.value, default=None)
    return tuple(
        count
        for count in counts
        if latest
        and count.exact
        and count.period == latest.period
        and count.source.document == latest.source.document
    )


def _count(row: Mapping[str, Term], known: Labels) -> Count:
    exact = "precision" not in row or row["precision"].value == EXACT
    return Count(
        row["of"].value,
        known.thing(row["category"].value),
        int(row["count"].value),
        row["period"],
        exact,
        row.get("words"),
        known.source(row["g"].value),
    )
