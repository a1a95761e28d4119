"""What the home page says: the clusters, and how many members there are according to which lines.

Knows which statements it shows and why those: the latest that are exact. What else is stated stands beside.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ctlgraph.web.site.counts import MEMBERS, Count, counts, latest
from ctlgraph.web.site.coverage import of_how_many
from ctlgraph.web.site.disagreements import about
from ctlgraph.web.site.facts import Ask, Labels, Term, Thing, labels, rows

_CLUSTERS = """SELECT DISTINCT ?cluster ?acronym ?ecosystem { ?cluster a ctl:TechnologyCluster
    OPTIONAL { ?cluster ctl:acronym ?acronym } OPTIONAL { ?cluster ctl:referenceEcosystem ?ecosystem } }"""
_ODD = """SELECT DISTINCT ?d ?ecosystem { ?d ctl:concernsProperty ctl:referenceEcosystem ;
    ctl:concerns ?ecosystem . ?cluster ctl:referenceEcosystem ?ecosystem }"""
_TRUST = f"""SELECT ?disagreements ?passages ?documents ?known ?all {{
    {{ SELECT (COUNT(DISTINCT ?d) AS ?disagreements) {{ ?d a ctl:KnownDiscrepancy
        FILTER NOT EXISTS {{ ?d ctl:onlyApparent true }} }} }}
    {{ SELECT (COUNT(DISTINCT ?g) AS ?passages) (COUNT(DISTINCT ?of) AS ?documents)
        {{ ?g a ctl:Passage ; prov:wasDerivedFrom ?of }} }}
    {of_how_many("project-partners")} }}"""
_SETS = "SELECT DISTINCT ?set { ?set a ctl:ClusterSet }"


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
        return next((count for count in self.counts if count.total), None)

    @property
    def parts(self) -> tuple[Count, ...]:
        """The numbers of its members by category."""
        return tuple(count for count in self.counts if not count.total)


class Bar(NamedTuple):
    """A bar of a chart, which is also a row of a table: parts are labels with numbers."""

    thing: Thing
    total: float
    parts: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Home:
    """The clusters by name, the figures of all together, and what sources state otherwise.

    explained: the disagreements about these figures. odd: by the IRI of an ecosystem the discrepancy about it
    as the reference of a cluster. trust: how many disagreements, passages and documents
    there are, by these names, and of how many projects the partners are "known" of "all".
    """

    clusters: tuple[Cluster, ...]
    figures: tuple[Count, ...]
    others: tuple[Count, ...]
    explained: tuple[Thing, ...]
    odd: Mapping[str, Thing]
    trust: Mapping[str, int]

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
    def most(self) -> float:
        """The largest total, which the longest bar stands for."""
        return max((cluster.total.count for cluster in self.clusters if cluster.total), default=1)


async def home(ask: Ask, lang: str) -> Home:
    """Ask the release for what the home page shows."""
    queries = (MEMBERS, _CLUSTERS, _SETS, _ODD, _TRUST)
    stated, clusters, sets, odd, (trust,) = await asyncio.gather(*(rows(ask, query) for query in queries))
    iris = {term.value for row in (*stated, *clusters, *odd) for term in row.values() if term.kind == "uri"}
    known = await labels(ask, iris, lang)
    every = [count for count in counts(stated, known) if count.period]
    of_all = [count for count in every if count.of.iri in {row["set"].value for row in sets}]
    others = tuple(count for count in of_all if count.total and not count.exact)
    explained = await about(ask, others[0].iri, lang) if others else ()
    marks = {row["ecosystem"].value: known.thing(row["d"].value) for row in odd}
    told = {name: int(term.value) for name, term in trust.items()}
    return Home(_clusters(clusters, every, known), latest(of_all), others, explained, marks, told)


def _clusters(
    found: Sequence[Mapping[str, Term]], every: Sequence[Count], known: Labels
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
            latest([count for count in every if count.of.iri == iri]),
        )
        for iri, of in ecosystems.items()
    ]
    return tuple(sorted(clusters, key=lambda cluster: cluster.thing.label.casefold()))


def _in_order(parts: Sequence[Count], order: Sequence[Thing]) -> tuple[tuple[str, float], ...]:
    found = {part.category: part.count for part in parts}
    return tuple((category.label, found[category]) for category in order if category in found)
