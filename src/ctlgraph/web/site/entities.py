"""What the graph says of one IRI: facts by property, each value with its sources, and what points to it.

Knows queries and their order on a page; not how a page looks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ctlgraph.vocabulary import BASE, PREFIXES, compact, expand
from ctlgraph.web.site.facts import Ask, Labels, Source, Sources, Term, Thing, labels, literal, rows

MOST = 1000
"""Statements of a kind that a page takes in; those after them are its next part."""

_RDF_TYPE = PREFIXES["rdf"] + "type"
_CHANGING = frozenset(
    map(
        expand,
        ("ctl:status", "org:heldBy", "org:hasSite", "org:hasPrimarySite", "org:hasRegisteredSite",
         "ctl:hasManagementSite"),
    )
)  # fmt: skip
"""Properties whose values hold for a time, of which no source gives the end."""
_FIRST = [
    PREFIXES["skos"] + "prefLabel", PREFIXES["ctl"] + "acronym", PREFIXES["skos"] + "altLabel",
    PREFIXES["dct"] + "title", _RDF_TYPE, PREFIXES["skos"] + "definition", PREFIXES["dct"] + "description",
]  # fmt: skip


@dataclass(frozen=True)
class Value:
    """A value with the graphs that state it: a thing, or a literal."""

    term: Term
    thing: Thing | None
    sources: Sources

    def __str__(self) -> str:
        """Return the text by which tables sort and filter."""
        return str(self.thing) if self.thing else self.term.value

    @property
    def is_number(self) -> bool:
        """Whether it is an integer or a decimal."""
        return self.term.datatype in (PREFIXES["xsd"] + "integer", PREFIXES["xsd"] + "decimal")


@dataclass(frozen=True)
class Fact:
    """A relation, which is a property, and its values."""

    relation: Thing
    values: tuple[Value, ...]

    @property
    def changing(self) -> bool:
        """Whether its values hold for a time: a reader needs to know as of when a source says them."""
        return self.relation.iri in _CHANGING

    @property
    def shared(self) -> Sources:
        """The sources, if all of several values have the same; else none."""
        several = len(self.values) > 1
        return self.values[0].sources if several and len({v.sources for v in self.values}) == 1 else Sources()


@dataclass(frozen=True)
class Entity:
    """An IRI with everything that a page says of it.

    kinds: its classes as stated, without those that follow from them. incoming: rows of `thing`, `relation`,
    `sources`. statements: rows of `thing`, `relation`, `value`, if the IRI is a named graph. more: whether
    there is a next part of these two.
    """

    thing: Thing
    kinds: tuple[Thing, ...]
    facts: tuple[Fact, ...]
    incoming: tuple[Mapping[str, Any], ...]
    statements: tuple[Mapping[str, Any], ...]
    source: Source
    more: bool = False

    @property
    def classes(self) -> tuple[str, ...]:
        """Its classes with their prefixes, those included that follow from others."""
        return tuple(compact(value.term.value) for value in self.of("rdf:type"))

    def of(self, name: str) -> tuple[Value, ...]:
        """The values of a property by its name with prefix."""
        iri = expand(name)
        return next((fact.values for fact in self.facts if fact.relation.iri == iri), ())

    @property
    def figures(self) -> tuple[Mapping[str, Any], ...]:
        """The statements of a passage whose value is a number, the largest of each property first."""
        rows = [row for row in self.statements if self.source.kind == "passage" and row["value"].is_number]
        return tuple(sorted(rows, key=lambda row: (str(row["relation"]), -float(row["value"].term.value))))

    @property
    def documents(self) -> tuple[Thing, ...]:
        """The documents that its sources are lines of, by number."""
        stated = [value.sources for fact in self.facts for value in fact.values]
        stated += [row["sources"] for row in self.incoming]
        found = {source.document for sources in stated for source in sources if source.document}
        return tuple(sorted(found, key=lambda document: document.iri))


async def entity(ask: Ask, iri: str, lang: str, part: int = 1) -> Entity | None:
    """Return what the graph says of an IRI, None if nothing. part: which MOST of what may be very many."""
    outgoing, incoming, inside = await asyncio.gather(
        rows(ask, f"SELECT ?p ?o ?g {{ GRAPH ?g {{ <{iri}> ?p ?o }} }} LIMIT {MOST}"),
        _part(ask, f"SELECT ?s ?p ?g {{ GRAPH ?g {{ ?s ?p <{iri}> }} }}", "?s ?p ?g", part),
        _part(ask, f"SELECT ?s ?p ?o {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}", "?s ?p ?o", part),
    )
    more = max(len(incoming), len(inside)) > MOST
    incoming, inside = incoming[:MOST], inside[:MOST]
    if not (outgoing or incoming or inside):
        return None
    found = [*outgoing, *incoming, *inside]
    known = await labels(
        ask, {iri, *(t.value for row in found for t in row.values() if t.kind == "uri")}, lang
    )
    return Entity(
        thing=known.thing(iri),
        kinds=_kinds(outgoing, known),
        facts=_facts(outgoing, known),
        incoming=_ordered(
            {"thing": known.thing(s), "relation": known.thing(p), "sources": sources_of(graphs, known)}
            for (s, p), graphs in _grouped(incoming, "s", "p").items()
        ),
        statements=_ordered(
            {"thing": known.thing(row["s"].value), "relation": known.thing(row["p"].value),
             "value": _value(row["o"], (), known)}
            for row in inside
        ),
        source=known.source(iri),
        more=more,
    )  # fmt: skip


async def _part(ask: Ask, query: str, order: str, part: int) -> list[dict[str, Term]]:
    """The rows of a part and one more, if there is a next; only of many rows does the order matter."""
    found = await rows(ask, f"{query} LIMIT {MOST + 1}") if part == 1 else []
    if part == 1 and len(found) <= MOST:
        return found
    return await rows(ask, f"{query} ORDER BY {order} LIMIT {MOST + 1} OFFSET {(part - 1) * MOST}")


async def siblings(ask: Ask, iri: str) -> list[str]:
    """Return IRIs that begin as this one does, up to its last "/": where a misspelt one is looked for."""
    start = iri.rpartition("/")[0] + "/"
    query = (
        f"SELECT DISTINCT ?x {{ ?x a ?class FILTER(STRSTARTS(STR(?x), {literal(start)})) }} LIMIT {2 * MOST}"
    )
    return [row["x"].value for row in await rows(ask, query)]


def _ordered(found: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    return tuple(sorted(found, key=lambda row: (str(row["thing"]).casefold(), str(row["relation"]))))


def _kinds(outgoing: Sequence[Mapping[str, Term]], known: Labels) -> tuple[Thing, ...]:
    types = [row for row in outgoing if row["p"].value == _RDF_TYPE]
    stated = {row["o"].value for row in types if row["g"].value != f"{BASE}graph/derived"}
    return tuple(map(known.term, sorted(stated or {row["o"].value for row in types})))


def _facts(outgoing: Sequence[Mapping[str, Term]], known: Labels) -> tuple[Fact, ...]:
    values: dict[str, list[Value]] = {}
    for (p, o), graphs in _grouped(outgoing, "p", "o", whole=True).items():
        value = _value(o, graphs, known)
        values.setdefault(p.value, []).append(value if p.value != _RDF_TYPE else _of_kind(value, known))
    facts = [Fact(known.term(p), in_language(found, known.lang)) for p, found in values.items()]
    return tuple(sorted(facts, key=_importance))


def _importance(fact: Fact) -> tuple[int, str]:
    iri = fact.relation.iri
    return (_FIRST.index(iri) if iri in _FIRST else len(_FIRST), fact.relation.label.casefold())


def in_language(values: Sequence[Value], lang: str) -> tuple[Value, ...]:
    """Leave out what another value says in the reader's language."""
    own = [value for value in values if value.term.lang in ("", lang)]
    tagged = any(value.term.lang == lang for value in values)
    kept = own if tagged else values
    return tuple(sorted(kept, key=lambda value: str(value).casefold()))


def _of_kind(value: Value, known: Labels) -> Value:
    return replace(value, thing=known.term(value.term.value) if value.thing else None)


def _value(term: Term, graphs: Sequence[str], known: Labels) -> Value:
    thing = known.thing(term.value) if term.kind == "uri" else None
    return Value(term, thing, sources_of(graphs, known))


def sources_of(graphs: Iterable[str], known: Labels) -> Sources:
    """Return graphs as sources: passages first, by document and line; what is only computed last."""
    order = ("passage", "curated", "described", "measured", "derived")
    found = [known.source(graph) for graph in sorted(set(graphs))]
    return Sources(
        sorted(found, key=lambda s: (order.index(s.kind), s.document.iri if s.document else "", s.first))
    )


def _grouped(found: Sequence[Mapping[str, Term]], *names: str, whole: bool = False) -> dict[Any, list[str]]:
    """Return the graphs of each pair of terms; the terms whole, or their values."""
    groups: dict[Any, list[str]] = {}
    for row in found:
        key = tuple(row[name] if whole else row[name].value for name in names)
        groups.setdefault(key, []).append(row["g"].value)
    return groups
