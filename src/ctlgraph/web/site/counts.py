"""Numbers as sources state them: of whom, of what, when, how sharp, in whose words, from which lines.

Knows which number of members counts where one is needed; not how a page looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ctlgraph.vocabulary import expand
from ctlgraph.web.site.facts import Labels, Source, Term, Thing

TOTAL = expand("membercategory:total")
EXACT = expand("precision:exact")

_DETAILS = """OPTIONAL { ?o ctl:refPeriod ?period } OPTIONAL { ?o ctl:precision ?precision }
    OPTIONAL { ?o ctl:statedAs ?words } OPTIONAL { ?o ctl:outOf ?out }"""
MEMBERS = f"""SELECT ?o ?of ?category ?count ?precision ?period ?words ?out ?g {{
    GRAPH ?g {{ ?o ctl:memberCount ?count }}
    ?o ctl:refOrganization ?of ; ctl:memberCategory ?category . {_DETAILS} }}"""
"""Asks for the numbers of members."""
FIGURES = f"""SELECT ?o ?of ?category ?count ?precision ?period ?words ?out ?g {{
    GRAPH ?g {{ ?o ctl:value ?count }}
    ?o ctl:refSubject ?of ; ctl:indicator ?category . {_DETAILS} }}"""
"""Asks for all other numbers."""


@dataclass(frozen=True)
class Count:
    """A number as stated: of whom, of which category and period, by which source.

    iri: of the statement. category: of members, or the indicator of another figure. period: None if nobody
    says. out_of: the number it is part of, None if there is none. words: the source's own.
    """

    iri: str
    of: Thing
    category: Thing
    count: int | float
    period: Term | None
    precision: Thing | None
    words: Term | None
    out_of: int | None
    source: Source

    @property
    def exact(self) -> bool:
        """Whether nobody says that it is only about right."""
        return self.precision is None or self.precision.iri == EXACT

    @property
    def total(self) -> bool:
        """Whether it counts all members."""
        return self.category.iri == TOTAL


def counts(found: Iterable[Mapping[str, Term]], known: Labels) -> list[Count]:
    """The answers to MEMBERS or FIGURES, the largest first."""
    every = [_count(row, known) for row in found]
    return sorted(every, key=lambda c: (-c.count, c.category.iri, c.source.graph.iri))


def latest(of_one: Sequence[Count]) -> tuple[Count, ...]:
    """Return the exact counts of the latest period that has an exact total, all of one source.

    of_one: the counts of the members of one organisation.
    """
    totals = [count for count in of_one if count.exact and count.total and count.period]
    newest = max(totals, key=lambda count: count.period.value if count.period else "", default=None)
    return tuple(
        count
        for count in of_one
        if newest
        and count.exact
        and count.period == newest.period
        and count.source.document == newest.source.document
    )


def used(of_one: Sequence[Count]) -> Count | None:
    """The number of all members that counts where one is needed: the latest exact one."""
    return next((count for count in latest(of_one) if count.total), None)


def _count(row: Mapping[str, Term], known: Labels) -> Count:
    value = row["count"].value
    return Count(
        row["o"].value,
        known.thing(row["of"].value),
        known.thing(row["category"].value),
        int(value) if value.lstrip("+-").isdecimal() else float(value),
        row.get("period"),
        known.thing(row["precision"].value) if "precision" in row else None,
        row.get("words"),
        int(row["out"].value) if "out" in row else None,
        known.source(row["g"].value),
    )
