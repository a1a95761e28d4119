"""Which things a sentence names, though none of them has all its words: asked of the tables of an index."""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Callable, Iterable
from typing import NamedTuple

from ctlgraph.search.ranking import JOINING, stem, telling

Ask = Callable[..., sqlite3.Cursor]

_WORD = re.compile(r"[^\W_]+")
_LONGEST = 8  # words of a name that is looked for as a whole
_COMMON = 40  # names: a word in more of them names nothing by itself
_MOST = 5000  # things: a word of more of them tells nothing
_ENOUGH = 0.6  # of what the best thing shares with the sentence
_ACTING = 2  # tier: things before it have a part in others


class _Span(NamedTuple):
    """Where words stand in a sentence, and the things that are called so, each with its name."""

    start: int
    end: int
    things: tuple[tuple[int, int], ...]


def named(ask: Ask, text: str, most: int) -> tuple[dict[int, int | None], str]:
    """The things that a text names, best first, each with the name that is whole in it if there is one.

    They are those called like words of it that stand together, the longest of several, and those that have
    two of its words or more, rare ones counting more (the logarithm of things for one that has it). Then the
    text without the names of clusters and of who else has a part in things. text: folded, with single blanks.
    """
    having = {word: _having(ask, word) for word in telling(text)}
    spans = _whole(ask, text, {word for word, things in having.items() if len(things) > _COMMON})
    whole = {thing: name for span in spans for thing, name in span.things}
    tiers = _tiers(ask, {*whole, *(thing for things in having.values() for thing in things)})
    actors = [span for span in spans if all(tiers[thing] < _ACTING for thing, _ in span.things)]
    rest = _without(text, actors)
    shared = _shared(ask, {word: having[word] for word in telling(rest)})
    alike = _alike(
        {thing: of for thing, of in shared.items() if thing not in whole and tiers[thing] < _ACTING}
    )
    order = sorted((*whole, *alike), key=lambda thing: (tiers[thing], thing not in whole))
    return {thing: whole.get(thing) for thing in order[:most]}, rest


def _whole(ask: Ask, text: str, common: set[str]) -> list[_Span]:
    """What of a text is a whole name, the longest first where names overlap; in the order of the text."""
    words = list(_WORD.finditer(text))
    places: dict[str, list[tuple[int, int]]] = {}
    for at, first in enumerate(words):
        for last in words[at : at + _LONGEST]:
            name = text[first.start() : last.end()]
            if name not in common and name not in JOINING and len(name) > 1:
                places.setdefault(name, []).append((first.start(), last.end()))
    marks = ", ".join("?" * len(places))
    called: dict[str, list[tuple[int, int]]] = {}
    for name, thing, id in ask(f"SELECT folded, thing, id FROM name WHERE folded IN ({marks})", [*places]):  # noqa: S608 (places for words)
        called.setdefault(name, []).append((thing, id))
    found = [_Span(*place, tuple(things)) for name, things in called.items() for place in places[name]]
    kept: list[_Span] = []
    for span in sorted(found, key=lambda span: (span.start - span.end, span.start)):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return sorted(kept)


def _having(ask: Ask, word: str) -> list[int]:
    """The things that have a word in a name, whatever its gender and number."""
    begin = stem(word)
    rows = ask(
        "SELECT DISTINCT thing FROM name WHERE INSTR(' ' || folded, ' ' || ?) LIMIT ?", (begin, _MOST + 1)
    )
    return [thing for (thing,) in rows]


def _shared(ask: Ask, having: dict[str, list[int]]) -> dict[int, tuple[float, int]]:
    """For each thing what the words count that it has, and how many these are."""
    total = ask("SELECT COUNT(*) FROM thing WHERE searched").fetchone()[0]
    shared: dict[int, tuple[float, int]] = {}
    for things in having.values():
        for thing in things if len(things) <= _MOST else ():
            worth, count = shared.get(thing, (0.0, 0))
            shared[thing] = (worth + math.log(1 + total / len(things)), count + 1)
    return shared


def _alike(shared: dict[int, tuple[float, int]]) -> list[int]:
    """The things with two words or more that share not much less than the one that shares most."""
    several = {thing: worth for thing, (worth, count) in shared.items() if count > 1}
    least = _ENOUGH * max(several.values(), default=0.0)
    near = sorted(several, key=lambda thing: (-several[thing], thing))
    return [thing for thing in near if several[thing] >= least]


def _tiers(ask: Ask, things: Iterable[int]) -> dict[int, int]:
    listed = ", ".join(map(str, things))
    return dict(ask(f"SELECT id, tier FROM thing WHERE id IN ({listed})"))  # noqa: S608 (numbers)


def _without(text: str, spans: Iterable[_Span]) -> str:
    for span in sorted(spans, reverse=True):
        text = f"{text[: span.start]} {text[span.end :]}"
    return " ".join(text.split())
