"""The terms of the ontology, by what kind of term they are and by letter."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from ctlgraph.export import void
from ctlgraph.messages import N_, translate
from ctlgraph.search import folded
from ctlgraph.vocabulary import BASE, compact
from ctlgraph.web.site.facts import Ask, Thing, labels, rows

_OURS = f"{BASE}ontology#"
_TERMS = f"""SELECT DISTINCT ?term ?kind ?definition {{
    VALUES ?kind {{ owl:Class owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty }}
    GRAPH <{BASE}ontology> {{ ?term a ?kind }}
    OPTIONAL {{ ?term skos:definition | skos:scopeNote ?definition FILTER(LANG(?definition) = "%s") }} }}"""
_ABOVE = f"""SELECT ?term ?above {{ GRAPH <{BASE}ontology> {{
    ?term rdfs:subClassOf|rdfs:subPropertyOf ?above FILTER(isIRI(?above)) }} }}"""
VOCABULARIES = {
    "bibo": N_("documents (BIBO)"),
    "dcat": N_("catalogues of data (DCAT)"),
    "dct": N_("descriptions (Dublin Core)"),
    "eli": N_("legislation (ELI)"),
    "foaf": N_("people and agents (FOAF)"),
    "locn": N_("addresses and places (LOCN)"),
    "oa": N_("annotations (Web Annotation)"),
    "org": N_("organisations (ORG)"),
    "prov": N_("provenance (PROV)"),
    "qb": N_("statistics (Data Cube)"),
    "rov": N_("registered organisations (RegOrg)"),
    "schema": N_("things on the web (schema.org)"),
    "skos": N_("concepts and labels (SKOS)"),
    "vann": N_("notes on vocabularies (VANN)"),
}
"""What the vocabularies of others are about, by prefix."""
_KINDS = {
    "Class": N_("Classes"),
    "ObjectProperty": N_("Properties that lead to a thing"),
    "DatatypeProperty": N_("Properties that have a value"),
    "AnnotationProperty": N_("Properties that have a value without reasoning"),
}


@dataclass(frozen=True)
class Defined:
    """A term; anchor: its place on the page, "" for a term of others. kind: a key of _KINDS.

    uses: things of the class, or statements with the property. subject: what the vocabulary is about that it
    is taken from, or that what it is a kind of is taken from; "" for our own.
    """

    thing: Thing
    definition: str
    anchor: str
    kind: str = "Class"
    uses: int = 0
    subject: str = ""

    @property
    def is_class(self) -> bool:
        """Whether it is a class, not a property."""
        return self.kind == "Class"

    @property
    def name(self) -> str:
        """Its IRI with a prefix."""
        return compact(self.thing.iri)


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
    queries = (_TERMS % lang, void.QUERIES["classes"], void.QUERIES["properties"], _ABOVE)
    found, classes, properties, above = await asyncio.gather(*(rows(ask, query) for query in queries))
    taken: dict[str, list[str]] = {row["term"].value: [row["term"].value] for row in found}
    for row in above:
        taken.setdefault(row["term"].value, []).append(row["above"].value)
    uses = {row["class"].value: int(row["entities"].value) for row in classes}
    uses |= {row["property"].value: int(row["triples"].value) for row in properties}
    known = await labels(ask, {row["term"].value for row in found}, lang)
    terms: dict[str, list[Defined]] = {kind: [] for kind in _KINDS}
    for row in found:
        iri = row["term"].value
        anchor = iri.removeprefix(_OURS) if iri.startswith(_OURS) else ""
        definition = row["definition"].value if "definition" in row else ""
        kind = row["kind"].value.rpartition("#")[2]
        subject = ", ".join(dict.fromkeys(filter(None, (_subject(each, lang) for each in taken[iri]))))
        terms[kind].append(Defined(known.thing(iri), definition, anchor, kind, uses.get(iri, 0), subject))
    return tuple(
        Group(kind, translate(_KINDS[kind], lang), tuple(sorted(of, key=lambda term: folded(term.thing))))
        for kind, of in terms.items()
    )


def _subject(iri: str, lang: str) -> str:
    """What the vocabulary of a term is about."""
    prefix = compact(iri).partition(":")[0]
    return translate(VOCABULARIES[prefix], lang) if prefix in VOCABULARIES else ""


def reused(every: Sequence[Group], lang: str) -> tuple[tuple[str, str, int], ...]:
    """The vocabularies that terms are taken from: prefix, what each is about, how many terms."""
    counts = Counter(each.name.partition(":")[0] for group in every for each in group.terms)
    found = [(name, translate(about, lang), counts[name]) for name, about in VOCABULARIES.items()]
    return tuple(sorted((each for each in found if each[2]), key=lambda each: folded(each[1])))


async def defined(ask: Ask, iri: str, lang: str) -> Defined | None:
    """A term that is declared, or in use without that; None for another IRI."""
    every = await groups(ask, lang)
    found = next((each for group in every for each in group.terms if each.thing.iri == iri), None)
    if found:
        return found
    known = await labels(ask, {iri}, lang)
    for name, kind, column in (("class", "Class", "entities"), ("property", "ObjectProperty", "triples")):
        for row in await rows(ask, void.QUERIES["classes" if name == "class" else "properties"]):
            if row[name].value == iri:
                return Defined(known.thing(iri), "", "", kind, int(row[column].value))
    return None


def having(every: Sequence[Group], text: str) -> tuple[Group, ...]:
    """Return the terms that have each word of the text in label, definition, name or subject, by group."""
    words = folded(text).split()
    kept = [
        Group(group.name, group.heading, tuple(term for term in group.terms if _has(term, words)))
        for group in every
    ]
    return tuple(group for group in kept if group.terms)


def _has(term: Defined, words: Sequence[str]) -> bool:
    said = folded(f"{term.thing.label} {term.definition} {term.thing.iri} {term.name} {term.subject}")
    return all(word in said for word in words)
