"""What surrounds an entity: its neighbours by kind of tie, drawn twice and as a table.

Takes them from the tables of the page; of an entity whose kind has none, from its facts and from what points
to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ctlgraph.charts.neighbourhood import MOST, Neighbour, Ring, chosen, narrow, wide
from ctlgraph.messages import N_, translate
from ctlgraph.vocabulary import PREFIXES
from ctlgraph.web.site.entities import Entity
from ctlgraph.web.site.facts import Thing
from ctlgraph.web.site.parts import Said

IN_TABLE = 100
"""Neighbours that the table has."""

_LEAST = 2  # neighbours that are worth a drawing
_TYPE = PREFIXES["rdf"] + "type"
_Rings = Mapping[str, Sequence[Thing]]


@dataclass(frozen=True)
class Around:
    """The neighbours by heading, and the drawings of MOST of them. left_out: from the drawings."""

    rings: _Rings
    wide: Markup
    narrow: Markup
    left_out: int


def around(found: Entity, said: Said, lang: str, url: Callable[[str], str]) -> Around | None:
    """The neighbours of an entity; None if they are too few to draw."""
    rings = _first({**_of_sections(said, lang), **_stated(said)}, found.thing)
    rings = rings or _first(_of_facts(found), found.thing)
    return surroundings(found.thing, rings, lang, url)


def surroundings(centre: Thing, rings: _Rings, lang: str, url: Callable[[str], str]) -> Around | None:
    """A thing with things by heading, drawn; None if they are too few."""
    count = sum(map(len, rings.values()))
    if count < _LEAST:
        return None
    drawn = chosen(
        [
            Ring(heading, [Neighbour(thing.label, url(thing.path) if thing.path else "") for thing in things])
            for heading, things in rings.items()
        ]
    )
    title = translate(N_("What {name} is tied to"), lang, name=centre.label)
    across, down = (Markup(draw(centre.label, drawn, title)) for draw in (wide, narrow))  # noqa: S704
    return Around(rings, across, down, max(0, count - MOST))


def _of_sections(said: Said, lang: str) -> _Rings:
    found = [(translate(each.part.heading, lang), each.neighbours) for each in said.sections]
    return {heading: things for heading, things in found if things}


def _stated(said: Said) -> _Rings:
    """The things, concepts aside, that the facts on top of the page name."""
    found = {
        fact.relation.label: [v.thing for v in fact.values if v.thing and v.thing.path.startswith("/doc/")]
        for fact in said.facts
    }
    return {heading: things for heading, things in found.items() if things}


def _of_facts(found: Entity) -> _Rings:
    """Its own values of each property, then what has it as a value."""
    rings: dict[str, list[Thing]] = {}
    for fact in found.facts:
        if fact.relation.iri != _TYPE:
            things = [value.thing for value in fact.values if value.thing and _of_graph(value.thing)]
            rings.setdefault(fact.relation.label, []).extend(things)
    for row in found.incoming:
        if _of_graph(row["thing"]):
            rings.setdefault(f"← {row['relation'].label}", []).append(row["thing"])
    return rings


def _of_graph(thing: Thing) -> bool:
    """Whether it has a page of its own: terms are on that of the ontology."""
    return thing.path.startswith(("/doc/", "/vocab/"))


def _first(rings: _Rings, itself: Thing) -> dict[str, tuple[Thing, ...]]:
    """Each thing in the first ring that has it, IN_TABLE of them at most."""
    seen = {itself.iri}
    kept: dict[str, tuple[Thing, ...]] = {}
    for heading, things in rings.items():
        room = IN_TABLE - (len(seen) - 1)
        new = [thing for thing in dict.fromkeys(things) if thing.iri not in seen][:room]
        seen |= {thing.iri for thing in new}
        if new:
            kept[heading] = tuple(new)
    return kept
