"""The tables that a page of a kind begins with.

Asks the graph what `kinds` declares; not how a page looks.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ctlgraph.errors import QueryLimitError
from ctlgraph.vocabulary import PREFIXES, compact
from ctlgraph.web.site.entities import Entity, Fact, Value, in_language, sources_of
from ctlgraph.web.site.facts import Ask, Labels, Sources, Term, Thing, labels, rows
from ctlgraph.web.site.kinds import KINDS, Kind, Part

MOST = 400
"""Solutions of a pattern that are looked at; a page of more says so."""
_DEFINED = ("role", "sure")  # columns whose concepts are told what they mean
_NUMBER = re.compile(r"\d+(?= )")
_NAMES = "".join(
    f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n"
    for prefix in ("certainty", "membercategory", "participationrole", "precision", "qb", "unit", "xsd")
)
Cells = Mapping[str, tuple[Value, ...]]


@dataclass(frozen=True)
class Row:
    """What is said of one value: by column its values; and which graphs say so. key: what tells it apart."""

    cells: Cells
    sources: Sources
    key: str = ""


@dataclass(frozen=True)
class Section:
    """A part with its rows; columns without any value are left out.

    meanings: the concepts of its rows whose definitions a reader needs. neighbours: what it ties the entity
    to. more: whether there are other rows. unsaid: what the sources say of no row.
    """

    part: Part
    columns: Mapping[str, str]
    rows: tuple[Row, ...]
    meanings: tuple[tuple[Thing, Term], ...] = ()
    neighbours: tuple[Thing, ...] = ()
    more: bool = False
    unsaid: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """What a page of a kind begins with. late: whether the tables took too long and are left out."""

    facts: tuple[Fact, ...] = ()
    sections: tuple[Section, ...] = ()
    late: bool = False


def kind_of(found: Entity) -> Kind | None:
    """The kind of an entity, None if its class has none."""
    return next((kind for name, kind in KINDS.items() if name in found.classes), None)


async def said(ask: Ask, found: Entity, lang: str) -> Said:
    """What a page of this entity begins with; nothing if it is of no kind that has it."""
    kind = kind_of(found)
    if kind is None:
        return Said()
    iri = found.thing.iri
    try:
        answers = await _answers(ask, kind.parts, iri, lang)
    except QueryLimitError:
        return Said(_facts(found, kind), late=True)
    iris = {term.value for found in answers for row in found for term in row.values() if term.kind == "uri"}
    known, meanings = await asyncio.gather(labels(ask, iris, lang), _meanings(ask, answers, lang))
    sections = [_section(part, rows, known, meanings) for part, rows in zip(kind.parts, answers, strict=True)]
    return Said(
        _facts(found, kind),
        tuple(section for section in sections if section.rows or section.part.none),
    )


async def _answers(
    ask: Ask, parts: Sequence[Part], iri: str, lang: str
) -> Sequence[Sequence[Mapping[str, Term]]]:
    """The solutions of each part, all asked at once."""
    branches = (_branch(part, iri, lang) for part in parts)
    found: dict[str, list[Mapping[str, Term]]] = {part.name: [] for part in parts}
    if parts:
        for row in await rows(ask, f"{_NAMES}SELECT * {{ {' UNION '.join(branches)} }}"):
            found[row["section"].value].append(row)
    return list(found.values())


def _branch(part: Part, iri: str, lang: str) -> str:
    """The pattern with the entity in it, so that the engine begins there in every branch."""
    pattern = part.pattern.replace("?this", f"<{iri}>").replace('"LANG"', f'"{lang}"')
    return f'{{ {{ SELECT * {{ {pattern} }} LIMIT {MOST + 1} }} BIND("{part.name}" AS ?section) }}'


def _facts(found: Entity, kind: Kind) -> tuple[Fact, ...]:
    """The facts of the kind, in its order."""
    known = {compact(fact.relation.iri): fact for fact in found.facts}
    return tuple(known[name] for name in kind.facts if name in known)


async def _meanings(
    ask: Ask, answers: Iterable[Sequence[Mapping[str, Term]]], lang: str
) -> Mapping[str, Term]:
    """The definitions of roles and certainties."""
    iris = {row[name].value for found in answers for row in found for name in _DEFINED if name in row}
    values = " ".join(f"<{iri}>" for iri in sorted(iris))
    query = f"""SELECT ?x ?text {{ VALUES ?x {{ {values} }} ?x skos:definition ?text
        FILTER(LANG(?text) = "{lang}") }}"""
    return {row["x"].value: row["text"] for row in await rows(ask, query)} if iris else {}


def _section(
    part: Part, found: Sequence[Mapping[str, Term]], known: Labels, meanings: Mapping[str, Term]
) -> Section:
    key = part.key or next(iter(part.columns))
    groups: dict[Term, list[Mapping[str, Term]]] = {}
    for row in found[:MOST]:
        if key in row:
            groups.setdefault(row[key], []).append(row)
    ranked = sorted(
        ((_rank(of), _row(part, of, known)) for of in groups.values()),
        key=lambda each: (each[0], _text(part, each[1])),
    )
    made = tuple(row for _, row in ranked)
    columns = {name: label for name, label in part.columns.items() if any(row.cells[name] for row in made)}
    things = {
        value.thing for row in made for name in _DEFINED for value in row.cells.get(name, ()) if value.thing
    }
    defined = [(thing, meanings[thing.iri]) for thing in sorted(things, key=str) if thing.iri in meanings]
    near = dict.fromkeys(known.thing(row[part.near].value) for row in found if part.near in row)
    neighbours = tuple(sorted(near, key=lambda thing: thing.label.casefold()))
    unsaid = tuple(text for name, text in part.unsaid.items() if name not in columns)
    return Section(part, columns, made, tuple(defined), neighbours, len(found) > MOST, unsaid)


def _rank(of: Iterable[Mapping[str, Term]]) -> tuple[float, str]:
    """By number, else by text: a row comes where the first of its solutions does."""
    return min((_order(row["rank"]) for row in of if "rank" in row), default=(0.0, ""))


def _order(rank: Term) -> tuple[float, str]:
    """A number by its value, and a text, even "2009", as the text that it is."""
    return (float(rank.value), "") if rank.datatype else (0.0, rank.value)


def _text(part: Part, row: Row) -> str:
    first = row.cells[next(iter(part.columns))]
    return str(first[0]).casefold() if first else ""


def _row(part: Part, of: Sequence[Mapping[str, Term]], known: Labels) -> Row:
    cells = {
        name: tuple(sorted(in_language(_values(part, name, of, known), known.lang), key=_largest))
        for name in (*part.columns, *part.units.values())
    }
    key = of[0][part.key or next(iter(part.columns))].value
    return Row(cells, sources_of([row["g"].value for row in of if "g" in row], known), key)


def _values(part: Part, name: str, of: Sequence[Mapping[str, Term]], known: Labels) -> list[Value]:
    """The values of a column, those that hold for a time with their sources, no concept beside a narrower."""
    graph = f"{name}_in" if any(f"{name}_in" in row for row in of) else "g"
    wider = {row[each].value for row in of if (each := part.narrowest.get(name, "")) in row}
    graphs: dict[Term, list[str]] = {}
    for row in of:
        if name in row and row[name].value not in wider:
            graphs.setdefault(row[name], []).append(row[graph].value if graph in row else "")
    said = {
        term: sources_of(filter(None, found), known) if name in part.changing else Sources()
        for term, found in graphs.items()
    }
    return [replace(_value(term, known), sources=sources) for term, sources in said.items()]


def _largest(value: Value) -> int:
    """Texts that begin with a number, as counts with what they count do, by it."""
    number = _NUMBER.match(value.term.value) if value.term.kind == "literal" else None
    return -int(number[0]) if number else 0


def _value(term: Term, known: Labels) -> Value:
    """A value; of a property the thing is the page of the term."""
    if term.kind != "uri":
        return Value(term, None, Sources())
    thing = known.thing(term.value)
    ours = thing.path.startswith(("/doc/", "/vocab/", "/graph/"))
    return Value(term, thing if ours else known.term(term.value), Sources())
