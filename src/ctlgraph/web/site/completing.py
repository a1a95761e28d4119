"""The words that a query of this graph can have: prefixes, and the classes and properties in use.

What occurs together is counted as VoID counts it. Knows the graph; the editor knows where a word fits.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ctlgraph.errors import QueryLimitError
from ctlgraph.export.void import QUERIES
from ctlgraph.vocabulary import PREFIXES
from ctlgraph.web.site.facts import Ask, Term, Thing, labels, rows

MOST = 2000
"""Classes, and properties, that are told: those used most."""

_DEFINITIONS = """SELECT ?term ?definition {{ VALUES ?term {{ {terms} }}
    ?term skos:definition | skos:scopeNote | rdfs:comment ?definition }} ORDER BY ?term ?definition"""


@dataclass(frozen=True)
class Word:
    """A class or property, with its definition in the reader's language and how often it is used.

    among: of a property, for each class how many of its things have it.
    """

    thing: Thing
    definition: str
    count: int
    among: Mapping[str, int]


@dataclass(frozen=True)
class Words:
    """Classes and properties, those used most first."""

    classes: tuple[Word, ...]
    properties: tuple[Word, ...]


async def words(ask: Ask, lang: str) -> Words:
    """Ask the graph for its words; which occur together is left out where counting it would take too long."""
    classes, properties, pairs = await asyncio.gather(
        rows(ask, QUERIES["classes"]), rows(ask, QUERIES["properties"]), together(ask)
    )
    among = _among(pairs)
    used = [_most(classes, "class", "entities"), _most(properties, "property", "triples")]
    iris = [iri for counts in used for iri in counts]
    known, defined = await asyncio.gather(labels(ask, iris, lang), _definitions(ask, iris, lang))

    def word(iri: str, count: int) -> Word:
        return Word(known.thing(iri), defined.get(iri, ""), count, among.get(iri, {}))

    return Words(*(tuple(word(iri, count) for iri, count in counts.items()) for counts in used))


def as_json(found: Words) -> bytes:
    """The words and the prefixes that they may be written with."""
    told = {
        "prefixes": PREFIXES,
        "classes": [_plain(word) for word in found.classes],
        "properties": [{**_plain(word), "among": word.among} for word in found.properties],
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(word: Word) -> dict[str, object]:
    plain = {"iri": word.thing.iri, "label": word.thing.label, "count": word.count}
    return {**plain, **({"definition": word.definition} if word.definition else {})}


def _most(found: Iterable[Mapping[str, Term]], name: str, number: str) -> dict[str, int]:
    """The count of each IRI, those of the highest first."""
    counts = {row[name].value: int(row[number].value) for row in found if row[name].kind == "uri"}
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST])


async def together(ask: Ask) -> list[dict[str, Term]]:
    """How many things of each class have each property; nothing if counting them takes too long."""
    try:
        return await rows(ask, QUERIES["together"])
    except QueryLimitError:
        return []


def _among(found: Iterable[Mapping[str, Term]]) -> dict[str, dict[str, int]]:
    """For each property, how many things of each class have it."""
    among: dict[str, dict[str, int]] = {}
    for row in found:
        among.setdefault(row["property"].value, {})[row["class"].value] = int(row["subjects"].value)
    return among


async def _definitions(ask: Ask, iris: Iterable[str], lang: str) -> dict[str, str]:
    """The definition of each term that has one in the reader's language, else in none or another."""
    terms = " ".join(f"<{iri}>" for iri in iris)
    found = await rows(ask, _DEFINITIONS.format(terms=terms))
    found.sort(key=lambda row: (row["definition"].lang != lang, row["definition"].lang != ""))
    defined: dict[str, str] = {}
    for row in found:
        defined.setdefault(row["term"].value, row["definition"].value)
    return defined
