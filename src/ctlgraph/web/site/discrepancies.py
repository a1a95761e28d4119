"""What sources state otherwise or oddly of an entity: the numbers side by side, and how to read them.

Asks the graph; not how a page looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ctlgraph.vocabulary import PREFIXES
from ctlgraph.web.site.disagreement_queries import HELD
from ctlgraph.web.site.entities import Value, sources_of
from ctlgraph.web.site.facts import Ask, Labels, Term, Thing, labels, rows

_ABOUT = "|".join(
    (
        *("ctl:refOrganization", "ctl:refSubject", "ctl:participant", "ctl:inNetwork", "ctl:inProject"),
        *("ctl:inEvent", "ctl:inGroup", "ctl:inProgramme", "ctl:inInstrument", "ctl:registers"),
        *("org:resultingOrganization", "ctl:boxOfProject", "ctl:possiblyBoxOfProject"),
        *("^org:hasPrimarySite", "^org:hasRegisteredSite", "^ctl:hasManagementSite"),
    )
)
_ODD = f"""PREFIX qb: <{PREFIXES["qb"]}>
SELECT ?d ?text ?what ?n ?period ?words ?g {{
    {{ SELECT DISTINCT ?d {{ {{ {{ SELECT DISTINCT ?d {{ {HELD} FILTER(?x = THIS) }} }} }} UNION {{
        {{ SELECT ?d ?x {{ ?d a ctl:KnownDiscrepancy ; ctl:concerns ?x }} }}
        FILTER(?x = THIS || EXISTS {{ ?x qb:observation?/({_ABOUT}) THIS }}
            || EXISTS {{ GRAPH ?x {{ THIS ?p ?y }} ?d ctl:concerns ?y FILTER(?y != THIS) }}) }} }} }}
    ?d ctl:explanation ?text FILTER(LANG(?text) = "LANG")
    OPTIONAL {{ ?d ctl:concerns/(qb:observation?) ?o . ?o ctl:refOrganization|ctl:refSubject THIS .
        GRAPH ?g {{ ?o ?by ?n FILTER(?by IN (ctl:memberCount, ctl:value)) }}
        OPTIONAL {{ ?o ctl:memberCategory|ctl:indicator ?what }}
        OPTIONAL {{ ?o ctl:refPeriod ?period }} OPTIONAL {{ ?o ctl:statedAs ?words }} }} }} LIMIT 400"""
"""What is odd about an entity: about itself, a number or part of it, a value of it that does not agree, or
two values in one passage of it."""
_MEANT = """SELECT DISTINCT ?d ?x ?p ?apparent { VALUES ?d { %s }
    { ?d ctl:concerns ?x } UNION { ?d ctl:concernsProperty ?p } UNION { ?d ctl:onlyApparent ?apparent } }"""


@dataclass(frozen=True)
class Stated:
    """A number that a source states: of what, for when, in which words if it is not exact."""

    what: Thing | None
    value: Value
    period: Term | None
    words: Term | None


@dataclass(frozen=True)
class Discrepancy:
    """What sources state otherwise of an entity, or state oddly, and how to read it; numbers side by side.

    concerned: the IRIs that it names. properties: those whose values do not agree. apparent: whether it is
    no contrast when read rightly.
    """

    thing: Thing
    explanation: Term
    stated: tuple[Stated, ...]
    concerned: frozenset[str] = frozenset()
    properties: frozenset[str] = frozenset()
    apparent: bool = False

    @property
    def slug(self) -> str:
        """The last part of its IRI."""
        return self.thing.iri.rpartition("/")[2]

    @property
    def plain(self) -> bool:
        """Whether numbers or values of the entity do not agree, more than names and readings."""
        return bool(self.stated or self.properties) and not self.apparent

    def marks(self, subject: str, relation: str, value: Value) -> bool:
        """Whether this value of the subject's property is one that does not agree."""
        named = {subject, value.term.value, *(source.graph.iri for source in value.sources)}
        return relation in self.properties and not self.concerned.isdisjoint(named)


async def discrepancies(ask: Ask, iri: str, lang: str) -> tuple[Discrepancy, ...]:
    """The known discrepancies about an entity, those with numbers first, then those about values of it."""
    query = _ODD.replace("THIS", f"<{iri}>").replace('"LANG"', f'"{lang}"')
    found = await rows(ask, query)
    known = await labels(
        ask, {term.value for row in found for term in row.values() if term.kind == "uri"}, lang
    )
    named = " ".join(sorted({f"<{row['d'].value}>" for row in found}))
    meant = await rows(ask, _MEANT % named) if named else []
    groups: dict[str, list[Mapping[str, Term]]] = {}
    for row in found:
        groups.setdefault(row["d"].value, []).append(row)
    made = [
        Discrepancy(
            known.thing(iri),
            of[0]["text"],
            _stated([row for row in of if "n" in row], known),
            frozenset(row["x"].value for row in meant if row["d"].value == iri and "x" in row),
            frozenset(row["p"].value for row in meant if row["d"].value == iri and "p" in row),
            any(
                row["apparent"].value == "true"
                for row in meant
                if row["d"].value == iri and "apparent" in row
            ),
        )
        for iri, of in groups.items()
    ]
    return tuple(sorted(made, key=lambda each: (not each.plain, not each.stated, each.thing.iri)))


def _stated(found: Sequence[Mapping[str, Term]], known: Labels) -> tuple[Stated, ...]:
    graphs: dict[tuple[Term | None, ...], list[str]] = {}
    for row in found:
        key = tuple(row.get(name) for name in ("period", "what", "n", "words"))
        graphs.setdefault(key, []).append(row["g"].value)
    made = [
        Stated(
            known.thing(what.value) if what else None, Value(n, None, sources_of(of, known)), period, words
        )
        for (period, what, n, words), of in graphs.items()
        if n
    ]
    return tuple(sorted(made, key=_newest))


def _newest(stated: Stated) -> tuple[int, float]:
    year = stated.period.value[:4] if stated.period else ""
    return -int(year) if year.isdecimal() else 0, -float(stated.value.term.value)
