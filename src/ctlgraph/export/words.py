"""The words of JSON-LD: which word stands for which IRI, and the context that says so to others.

A word is the last part of an IRI: `memberCount`, `TechnologyCluster`. Where two IRIs end alike, the first of
NAMESPACES has the word and the other is written with its prefix. Knows what values properties have; not how
a document is written: that is `compact`'s.
Source: https://www.w3.org/TR/json-ld11/
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ctlgraph.vocabulary import PREFIXES

USES = """SELECT ?p ?kind (COUNT(*) AS ?n) { ?s ?p ?o
    BIND(IF(isLiteral(?o), IF(LANG(?o) != "", "@language", STR(DATATYPE(?o))), "@id") AS ?kind) }
    GROUP BY ?p ?kind"""
"""Asks which kinds of value each property has: a datatype, or as the context calls it."""

DECLARED = f"""SELECT DISTINCT ?term ?kind {{ ?term a ?kind FILTER(isIRI(?term)) FILTER(?kind IN (
    {
    ", ".join(
        f"<{PREFIXES['owl']}{name}>"
        for name in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
    )
})) }}"""
"""Asks for the terms that the ontology declares, used or not."""

CLASSES = "SELECT DISTINCT ?class { ?x a ?class FILTER(isIRI(?class)) }"
"""Asks for the classes that things are in."""

NAMESPACES = (
    *("ctl", "skos", "dct", "rdfs", "org", "foaf", "prov", "qb", "locn", "eli", "oa", "dcat", "rov"),
    *("schema", "bibo", "vann", "void", "owl", "sh", "rdf", "xsd", "ctlsh"),
)
"""Prefixes, those first whose terms have a word before others."""

STRING = PREFIXES["xsd"] + "string"
NATIVE = (PREFIXES["xsd"] + "integer", PREFIXES["xsd"] + "boolean")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z")
_ALIASES = {"id": "@id", "type": "@type"}


@dataclass(frozen=True)
class Word:
    """A word. form: what its values are: "@id", "@language", a datatype, or "" if they say it themselves."""

    text: str
    form: str = ""


@dataclass(frozen=True)
class Words:
    """The words for IRIs, properties and classes alike."""

    known: Mapping[str, Word]

    @classmethod
    def of(cls, uses: Iterable[tuple[str, str]], terms: Iterable[tuple[str, str]]) -> Words:
        """The words for properties in use and for declared terms.

        uses: properties, each with one kind of its values. terms: IRIs with their kind, "" if that says
        nothing of values, as of a class.
        """
        kinds: dict[str, set[str]] = {iri: set() for iri, _ in terms}
        for iri, kind in uses:
            kinds.setdefault(iri, set()).add(kind)
        for iri, kind in terms:
            if kind == PREFIXES["owl"] + "ObjectProperty" and not kinds[iri]:
                kinds[iri].add("@id")
        known: dict[str, Word] = {}
        taken = {*_ALIASES, *NAMESPACES}
        for iri in sorted(kinds, key=_rank):
            prefix, local = split(iri)
            word = local if local not in taken else f"{prefix}:{local}"
            if prefix and _WORD.match(local):
                taken.add(word)
                known[iri] = Word(word, _form(kinds[iri]))
        return cls(known)

    def name(self, iri: str) -> str:
        """The word for an IRI, else its name with a prefix, else the IRI."""
        return self.known[iri].text if iri in self.known else self.plain(iri)

    def form(self, iri: str) -> str:
        """What the values of a property are."""
        return self.known[iri].form if iri in self.known else ""

    def plain(self, iri: str) -> str:
        """A name under which nothing is presumed of values."""
        free = _WORD.match(split(iri)[1]) and self.known.get(iri, Word("")).text != short(iri)
        return short(iri) if free else iri

    def context(self) -> bytes:
        """The context as a document of its own: prefixes, then words by letter."""
        prefixes = {prefix: PREFIXES[prefix] for prefix in NAMESPACES}
        words = {word.text: _definition(iri, word) for iri, word in self.known.items()}
        ordered = {text: words[text] for text in sorted(words, key=lambda text: (text.casefold(), text))}
        document = {"@context": {"@version": 1.1, **_ALIASES, **prefixes, **ordered}}
        return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def split(iri: str) -> tuple[str, str]:
    """The prefix of an IRI and what follows it; ("", "") if it is in no namespace of terms.

    >>> split("https://w3id.org/ctlgraph/ontology#memberCount")
    ('ctl', 'memberCount')
    """
    found = (
        (prefix, iri.removeprefix(PREFIXES[prefix]))
        for prefix in NAMESPACES
        if iri.startswith(PREFIXES[prefix])
    )
    return next(found, ("", ""))


def short(iri: str) -> str:
    """The IRI with its prefix, or as it is.

    >>> short("http://www.w3.org/2001/XMLSchema#date")
    'xsd:date'
    """
    prefix, local = split(iri)
    return f"{prefix}:{local}" if prefix else iri


def _rank(iri: str) -> tuple[int, str]:
    prefix = split(iri)[0]
    return (NAMESPACES.index(prefix) if prefix else len(NAMESPACES), iri)


def _form(kinds: set[str]) -> str:
    """One kind of value is said once, in the context; numbers and truth values are JSON's own."""
    if len(kinds) != 1:
        return ""
    (kind,) = kinds
    return "" if kind in (STRING, *NATIVE) else kind


def _definition(iri: str, word: Word) -> str | dict[str, str]:
    """The definition of a word; one that has its prefix in it may not be defined by itself."""
    name = short(iri) if word.text != short(iri) else iri
    if not word.form:
        return name
    if word.form == "@language":
        return {"@id": name, "@container": "@language"}
    return {"@id": name, "@type": short(word.form)}
