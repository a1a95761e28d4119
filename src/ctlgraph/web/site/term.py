"""A term of the ontology with all that is known of its use: what it ties, examples, rules, questions.

Asks the graph, of large ones a part; knows nothing of how a page looks.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from ctlgraph.catalogue import Catalogue, SavedQuery
from ctlgraph.vocabulary import BASE, PREFIXES, expand
from ctlgraph.web.site.entities import Value, sources_of
from ctlgraph.web.site.facts import Ask, Labels, Sources, Term, Thing, labels, rows
from ctlgraph.web.site.rules import Rule
from ctlgraph.web.site.terms import Defined

LOOKED_AT = 2000
"""Things or statements of a term that are looked at for what they tie."""
EXAMPLES = 5

_STATED = f"FILTER(?h != <{BASE}graph/derived>)"
_PREFIX = re.compile(r"\bPREFIX\s+\S+\s+<[^<>]*>", re.IGNORECASE)
_NAMED = re.compile(r"\b([a-z][\w-]*):([A-Za-z]\w*)|<([^<>\s]+)>")


@dataclass(frozen=True)
class Tie:
    """A property with a class on its other side, None for values; how many things are tied so."""

    property: Thing
    other: Thing | None
    count: int


@dataclass(frozen=True)
class Example:
    """A statement with its sources; of a class only the thing."""

    thing: Thing
    value: Value | None
    sources: Sources


@dataclass(frozen=True)
class Used:
    """What is known of the use of a term.

    above, below: terms that it is a kind of, and that are a kind of it. out, into: what leads from things of
    the class and to them; of a property the classes that it leads from and to. questions: those that name
    it, or of a class one of its own: properties that the rules require of its things alone. partial: whether
    only LOOKED_AT of its uses were looked at.
    """

    term: Defined
    above: tuple[Thing, ...]
    below: tuple[Thing, ...]
    out: tuple[Tie, ...]
    into: tuple[Tie, ...]
    examples: tuple[Example, ...]
    rules: tuple[Rule, ...]
    questions: tuple[SavedQuery, ...]
    own: tuple[Thing, ...]
    partial: bool


async def used(ask: Ask, term: Defined, rules: Iterable[Rule], catalogue: Catalogue, lang: str) -> Used:
    """All that is known of the use of a term."""
    iri, of_class = term.thing.iri, term.is_class
    queries = (_HIERARCHY, *(_OF_CLASS if of_class else _OF_PROPERTY))
    answers = await asyncio.gather(*(rows(ask, query.replace("TERM", f"<{iri}>")) for query in queries))
    hierarchy, out, into, examples = answers
    above = {row["other"].value for row in hierarchy if row["way"].value == "up"}
    below = {row["other"].value for row in hierarchy if row["way"].value == "down"}
    every = tuple(rules)
    own = _own(iri, above | below, every) if of_class else frozenset()
    iris = {each.value for answer in answers for row in answer for each in row.values() if each.kind == "uri"}
    known = await labels(ask, iris | own, lang)
    return Used(
        term=term,
        above=_things(above, known),
        below=_things(below, known),
        out=_ties(out, known, term.thing),
        into=_ties(into, known, term.thing),
        examples=_examples(examples, known),
        rules=tuple(rule for rule in every if iri in rule.binds),
        questions=tuple(saved for saved in catalogue.values() if not names(saved).isdisjoint({iri, *own})),
        own=_things(own, known),
        partial=term.uses > LOOKED_AT,
    )


def _own(iri: str, related: Set[str], rules: Iterable[Rule]) -> frozenset[str]:
    """The properties that rules require of things of a class, and of none that is not related to it."""
    here: set[str] = set()
    elsewhere: set[str] = set()
    for rule in rules:
        if rule.about == "class":
            classes = {target.iri for target in rule.targets}
            if iri in classes:
                here |= rule.binds - classes
            elif classes.isdisjoint(related):
                elsewhere |= rule.binds
    return frozenset(here - elsewhere)


_HIERARCHY = f"""SELECT DISTINCT ?way ?other {{ GRAPH <{BASE}ontology> {{
    {{ TERM rdfs:subClassOf|rdfs:subPropertyOf ?other BIND("up" AS ?way) }}
    UNION {{ ?other rdfs:subClassOf|rdfs:subPropertyOf TERM BIND("down" AS ?way) }} }}
    FILTER(isIRI(?other)) }}"""
_OF_CLASS = (
    f"""SELECT ?p ?c (COUNT(DISTINCT ?s) AS ?n) {{ {{ SELECT ?s {{ ?s a TERM }} LIMIT {LOOKED_AT} }} ?s ?p ?o
        FILTER(?p != rdf:type) OPTIONAL {{ GRAPH ?h {{ ?o a ?c }} {_STATED} }} }} GROUP BY ?p ?c""",
    f"""SELECT ?p ?c (COUNT(DISTINCT ?o) AS ?n) {{ {{ SELECT ?s {{ ?s a TERM }} LIMIT {LOOKED_AT} }} ?o ?p ?s
        FILTER(?p != skos:example) GRAPH ?h {{ ?o a ?c }} {_STATED} }} GROUP BY ?p ?c""",
    f"""SELECT ?s ?g {{ GRAPH ?g {{ ?s a TERM }} FILTER(STRSTARTS(STR(?s), "{BASE}")) }} LIMIT {EXAMPLES}""",
)
_SOME = f"{{ SELECT ?s ?o {{ ?s TERM ?o }} LIMIT {LOOKED_AT} }}"
_SIDE = f"""SELECT (TERM AS ?p) ?c (COUNT(DISTINCT ?SIDE) AS ?n) {{ {_SOME}
    GRAPH ?h {{ ?SIDE a ?c }} {_STATED} }} GROUP BY ?c"""
_OF_PROPERTY = (
    _SIDE.replace("SIDE", "s"),
    _SIDE.replace("SIDE", "o"),
    f"SELECT ?s ?o ?g {{ GRAPH ?g {{ ?s TERM ?o }} }} LIMIT {EXAMPLES}",
)


def _things(iris: Iterable[str], known: Labels) -> tuple[Thing, ...]:
    return tuple(sorted(map(known.thing, iris), key=lambda thing: thing.label.casefold()))


def _ties(found: Sequence[Mapping[str, Term]], known: Labels, itself: Thing) -> tuple[Tie, ...]:
    """The strongest first."""
    ties = [
        Tie(
            itself if row["p"].value == itself.iri else known.thing(row["p"].value),
            known.thing(row["c"].value) if "c" in row else None,
            int(row["n"].value),
        )
        for row in found
        if "p" in row
    ]
    return tuple(sorted(ties, key=lambda tie: (-tie.count, tie.property.label, str(tie.other))))


def _examples(found: Sequence[Mapping[str, Term]], known: Labels) -> tuple[Example, ...]:
    graphs: dict[tuple[str, Term | None], list[str]] = {}
    for row in found:
        graphs.setdefault((row["s"].value, row.get("o")), []).append(row["g"].value)
    made = []
    for (subject, value), of in graphs.items():
        thing = known.thing(value.value) if value and value.kind == "uri" else None
        shown = Value(value, thing, Sources()) if value else None
        made.append(Example(known.thing(subject), shown, sources_of(of, known)))
    return tuple(made)


def names(saved: SavedQuery) -> set[str]:
    """The IRIs that the SPARQL of a saved query names, without the defaults of its parameters."""
    text = saved.text
    for start, end in sorted(saved.spans.values(), reverse=True):
        text = text[:start] + text[end:]
    text = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    text = _PREFIX.sub("", text)
    return {
        whole or expand(f"{prefix}:{local}")
        for prefix, local, whole in _NAMED.findall(text)
        if whole or prefix in PREFIXES
    }
