"""Where a sentence leads that nobody's name is: saved questions that fit it, and the things that it names.

Knows questions and the index of names; not how a page looks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from ctlgraph.catalogue import Catalogue
from ctlgraph.parameters import short_iri
from ctlgraph.search import Index, Named, Recognised, telling
from ctlgraph.web.site.facts import Ask
from ctlgraph.web.site.related import Related, filled
from ctlgraph.web.site.themes import found

MOST = 5
"""Questions that a sentence leads to."""

_WORTH = 8  # places that a thing filled in moves a question up
_NEAR = 10  # questions of each way to look for them
_ALONE = 4  # words that are looked for one by one
_UNFIT = 12  # the place of a question that has no word of the sentence


@dataclass(frozen=True)
class Lead:
    """A question, and the things of the sentence that stand in it."""

    related: Related
    things: tuple[Named, ...]


@dataclass(frozen=True)
class Leads:
    """The questions that fit a sentence, best first, and the things that it names."""

    questions: tuple[Lead, ...]
    named: Recognised


async def leads(ask: Ask, catalogue: Catalogue, index: Index, text: str, lang: str) -> Leads:
    """Where a text leads. Raises QueryLimitError if its names cannot be found in time."""
    named = await asyncio.to_thread(index.recognise, text, lang)
    things = [hit.thing for hit in named.hits]
    near, beside = await asyncio.to_thread(_fitting, catalogue, named.rest)
    places = {name: place for place, name in enumerate(dict.fromkeys((*near, *beside)))}
    ways = await filled(ask, list(catalogue.values()), [thing.iri for thing in things])
    worth = {id(way): _WORTH * len(way.arguments) - places.get(way.saved.name, _UNFIT) for way in ways}
    order = sorted(ways, key=lambda way: (-worth[id(way)], _optional(way), way.saved.name))
    fitting = [way for way in order if way.arguments or way.saved.name in near]
    return Leads(tuple(_lead(way, things) for way in fitting[:MOST]), named)


def _fitting(catalogue: Catalogue, text: str) -> tuple[tuple[str, ...], list[str]]:
    """The questions that have the words of a text, or come nearest; and those with one of them."""
    ranking = found(catalogue, text, "")
    known = [word for word in telling(text) if word not in ranking.unknown]
    if not known:
        return (), []
    near = () if ranking.every else found(catalogue, " ".join(known), "").keys[:_NEAR]
    alone = (found(catalogue, word, "").keys[:_NEAR] for word in known[:_ALONE])
    return (*near, *ranking.keys[:_NEAR]), [name for keys in alone for name in keys]


def _optional(way: Related) -> bool:
    """Whether a question can also be asked without the things that stand in it."""
    return all(way.saved.parameters[name].optional for name in way.arguments)


def _lead(way: Related, things: Sequence[Named]) -> Lead:
    given = set(way.arguments.values())
    return Lead(way, tuple(thing for thing in things if short_iri(thing.iri) in given))
