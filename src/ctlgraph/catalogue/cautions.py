"""What has to be borne in mind with an answer: the known discrepancies about what it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ctlgraph.catalogue.answer import Steps, labelling
from ctlgraph.catalogue.evidence import touched
from ctlgraph.catalogue.question import Filled, Words
from ctlgraph.catalogue.table import Row, from_json
from ctlgraph.vocabulary import BASE, PREFIXES

_CTL = PREFIXES["ctl"]
_CONCERNED = f"""SELECT DISTINCT ?d ?x WHERE {{
    ?d a <{_CTL}KnownDiscrepancy> ; <{_CTL}concerns>/<{PREFIXES["qb"]}observation>? ?x
    FILTER NOT EXISTS {{ ?x a <{_CTL}Cluster> }} }}"""
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


def cautions(filled: Filled) -> Steps[tuple[Caution, ...]]:
    """The discrepancies about a thing that a statement behind the answer is about or names.

    That is a number, a participation, a date of a document. What concerns a cluster as a whole is on its
    page; what concerns a document as a whole counts where the answer rests on what is said of it. First come
    those that touch most, things and passages.
    """
    concerned: dict[str, set[str]] = {}
    for discrepancy, thing in from_json((yield _CONCERNED))[1]:
        if discrepancy and thing:
            concerned.setdefault(thing.value, set()).add(discrepancy.value)
    rows: list[Row] = []
    known = sorted(concerned)
    for start in range(0, len(known), _AT_ONCE):
        some = known[start : start + _AT_ONCE]
        rows += from_json((yield touched(filled.saved, filled.text, some)))[1]
    things = set(_things(rows)) & concerned.keys()
    found = {each for thing in things for each in concerned[thing]}
    passages = {row[2].value for row in rows if row[2]} & concerned.keys()
    touching = Counter(each for thing in things | passages for each in concerned[thing])
    labels = yield from labelling(found)
    ordered = sorted(found, key=lambda iri: (-touching[iri], iri))
    return tuple(Caution(iri, labels.get(iri, {})) for iri in ordered)


def _things(rows: list[Row]) -> Iterator[str]:
    """What statements are about, and what they name; documents only if something is said of them."""
    for subject, object_, _ in rows:
        if subject:
            yield subject.value
        if object_ and not object_.value.startswith(_DOCUMENTS):
            yield object_.value
