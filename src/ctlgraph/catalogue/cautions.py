"""What has to be borne in mind with an answer: the known discrepancies about what it rests on."""

from __future__ import annotations

from dataclasses import dataclass, field

from ctlgraph.catalogue.answer import Steps, labelling
from ctlgraph.catalogue.evidence import touched
from ctlgraph.catalogue.question import Filled, Words
from ctlgraph.catalogue.table import Row, from_json
from ctlgraph.vocabulary import BASE, PREFIXES

_CTL = PREFIXES["ctl"]
_CONCERNED = f"""SELECT DISTINCT ?d ?x ?p WHERE {{
    ?d a <{_CTL}KnownDiscrepancy> ; <{_CTL}concerns>/<{PREFIXES["qb"]}observation>? ?x
    FILTER NOT EXISTS {{ ?x a <{_CTL}Cluster> }}
    FILTER NOT EXISTS {{ ?d <{_CTL}onlyApparent> true }}
    OPTIONAL {{ ?d <{_CTL}concernsProperty> ?p }} }}"""
_DOCUMENTS = f"{BASE}id/source/"
_AT_ONCE = 1000


@dataclass(frozen=True)
class Caution:
    """A known discrepancy, with its title by language."""

    iri: str
    labels: Words

    def label(self, lang: str) -> str:
        """Its title, in another language if there is none in that."""
        return self.labels.get(lang) or next(iter(self.labels.values()), self.iri)


@dataclass
class _Doubt:
    """What a discrepancy concerns: things and passages, and which properties, if it says so."""

    things: set[str] = field(default_factory=set)
    properties: set[str] = field(default_factory=set)

    def touching(self, rows: list[Row]) -> int:
        """How many of its things and passages the statements touch; 0 if that is no reason to doubt them."""
        said = [tuple(cell.value if cell else "" for cell in row) for row in rows]
        if self.properties:
            said = [row for row in said if row[1] in self.properties and self.things & {row[0], row[3]}]
            return len({each for row in said for each in (row[0], row[3])} & self.things)
        named = {each for s, _, o, _ in said for each in (s, "" if o.startswith(_DOCUMENTS) else o)}
        found = named & self.things
        return len(found) + len({row[3] for row in said} & self.things) if found else 0


def cautions(filled: Filled) -> Steps[tuple[Caution, ...]]:
    """The discrepancies about a thing that a statement behind the answer is about or names.

    That is a number, a participation, a date of a document. Where a discrepancy says which property it
    concerns, the statement has to be of that property, of the thing or in the passage. What concerns a
    cluster as a whole is on its page; what concerns a document as a whole counts where the answer rests on
    what is said of it. What is no contrast when read rightly is no doubt. First come those about a property,
    then those that touch most.
    """
    doubts: dict[str, _Doubt] = {}
    for discrepancy, thing, property_ in from_json((yield _CONCERNED))[1]:
        if discrepancy and thing:
            doubt = doubts.setdefault(discrepancy.value, _Doubt())
            doubt.things.add(thing.value)
            doubt.properties |= {property_.value} if property_ else set()
    known = sorted({thing for doubt in doubts.values() for thing in doubt.things})
    rows: list[Row] = []
    for start in range(0, len(known), _AT_ONCE):
        some = known[start : start + _AT_ONCE]
        rows += from_json((yield touched(filled.saved, filled.text, some)))[1]
    touching = {iri: count for iri, doubt in doubts.items() if (count := doubt.touching(rows))}
    labels = yield from labelling(touching)
    ordered = sorted(touching, key=lambda iri: (not doubts[iri].properties, -touching[iri], iri))
    return tuple(Caution(iri, labels.get(iri, {})) for iri in ordered)
