"""The terms of the ontology, by what kind of term they are and by letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from ctlgraph.messages import N_, translate
from ctlgraph.search import folded
from ctlgraph.vocabulary import BASE
from ctlgraph.web.site.facts import Ask, Thing, labels, rows

_OURS = f"{BASE}ontology#"
_TERMS = f"""SELECT DISTINCT ?term ?kind ?definition {{
    VALUES ?kind {{ owl:Class owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty }}
    GRAPH <{BASE}ontology> {{ ?term a ?kind }}
    OPTIONAL {{ ?term skos:definition | skos:scopeNote ?definition FILTER(LANG(?definition) = "%s") }} }}"""
_KINDS = {
    "Class": N_("Classes"),
    "ObjectProperty": N_("Properties that lead to a thing"),
    "DatatypeProperty": N_("Properties that have a value"),
    "AnnotationProperty": N_("Properties that have a value without reasoning"),
}


@dataclass(frozen=True)
class Defined:
    """A term; anchor: its place on the page, "" for a term of others."""

    thing: Thing
    definition: str
    anchor: str


@dataclass(frozen=True)
class Group:
    """The terms of one kind, by label; name: of the kind, without spaces."""

    name: str
    heading: str
    terms: tuple[Defined, ...]

    @property
    def letters(self) -> tuple[tuple[str, tuple[Defined, ...]], ...]:
        """The terms by the first letter of their labels."""
        found = groupby(self.terms, key=lambda term: folded(term.thing.label)[:1].upper())
        return tuple((letter, tuple(terms)) for letter, terms in found)


async def groups(ask: Ask, lang: str) -> tuple[Group, ...]:
    """Return every term, classes first."""
    found = await rows(ask, _TERMS % lang)
    known = await labels(ask, {row["term"].value for row in found}, lang)
    terms: dict[str, list[Defined]] = {kind: [] for kind in _KINDS}
    for row in found:
        iri = row["term"].value
        anchor = iri.removeprefix(_OURS) if iri.startswith(_OURS) else ""
        definition = row["definition"].value if "definition" in row else ""
        terms[row["kind"].value.rpartition("#")[2]].append(Defined(known.thing(iri), definition, anchor))
    return tuple(
        Group(kind, translate(_KINDS[kind], lang), tuple(sorted(of, key=lambda term: folded(term.thing))))
        for kind, of in terms.items()
    )


def having(every: Sequence[Group], text: str) -> tuple[Group, ...]:
    """Return the terms that have each word of the text in label, definition or IRI; groups that have any."""
    words = folded(text).split()
    kept = [
        Group(group.name, group.heading, tuple(term for term in group.terms if _has(term, words)))
        for group in every
    ]
    return tuple(group for group in kept if group.terms)


def _has(term: Defined, words: Sequence[str]) -> bool:
    said = folded(f"{term.thing.label} {term.definition} {term.thing.iri}")
    return all(word in said for word in words)
