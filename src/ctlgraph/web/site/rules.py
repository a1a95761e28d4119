"""The shapes as people read them: what is required, of what, and what to do if it is not so."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ctlgraph.messages import N_, translate
from ctlgraph.search import folded
from ctlgraph.store import Node, triples
from ctlgraph.vocabulary import PREFIXES
from ctlgraph.web.site.facts import Ask, Thing, labels

_SH = PREFIXES["sh"]
_TARGETS = tuple(
    f"{_SH}{name}" for name in ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode")
)
_PARTS = (f"{_SH}property", f"{_SH}sparql")

_PLACE = re.compile(r"\{[?$](\w+)\}")
PLACES = {
    "path": N_("property"),
    "value": N_("value"),
    "other": N_("other value"),
    "one": N_("first value"),
    "sum": N_("sum"),
    "days": N_("number"),
    "discrepancy": N_("discrepancy"),
    "level": N_("level"),
    "project": N_("project"),
    "who": N_("who"),
    "whole": N_("whole"),
    "start": N_("start"),
    "italian": N_("Italian text"),
    "english": N_("English text"),
}
"""What stands for the variables of our messages."""

Said = Mapping[Node, Mapping[str, list[Node]]]


@dataclass(frozen=True)
class Rule:
    """A shape: the IRI, its name and what it says in the reader's language.

    anchor: its place on the page. targets: what it is about. messages: what is said when it is broken. binds:
    the classes and properties that it requires something of.
    """

    iri: str
    anchor: str
    name: str
    description: str
    targets: tuple[Thing, ...]
    messages: tuple[str, ...]
    binds: frozenset[str]


async def rules(ask: Ask, shapes: bytes, lang: str) -> tuple[Rule, ...]:
    """Return the shapes that have a name, by it."""
    said = await asyncio.to_thread(_said, shapes)
    named = [node for node in said if node.kind == "iri" and node.value.startswith(PREFIXES["ctlsh"])]
    targets = {
        node: [value.value for each in _TARGETS for value in said[node].get(each, ())] for node in named
    }
    known = await labels(ask, {iri for iris in targets.values() for iri in iris}, lang)
    found = (
        Rule(
            node.value,
            node.value.removeprefix(PREFIXES["ctlsh"]),
            _text(said[node].get(f"{_SH}name", ()), lang) or node.value.removeprefix(PREFIXES["ctlsh"]),
            _text(said[node].get(f"{_SH}description", ()), lang),
            tuple(map(known.thing, targets[node])),
            tuple(dict.fromkeys(_messages(node, said, lang))),
            frozenset({*targets[node], *_paths(node, said)}),
        )
        for node in named
    )
    return tuple(sorted(found, key=lambda rule: (folded(rule.name), rule.iri)))


def _said(shapes: bytes) -> Said:
    said: dict[Node, dict[str, list[Node]]] = {}
    for subject, predicate, value in triples(shapes):
        said.setdefault(subject, {}).setdefault(predicate, []).append(value)
    return said


def _messages(node: Node, said: Said, lang: str) -> Iterable[str]:
    """Its own messages and those of its parts that have no name."""
    own = said.get(node, {})
    text = _text(own.get(f"{_SH}message", ()), lang)
    if text:
        yield _PLACE.sub(lambda place: _place(place[1], lang), text)
    for part in (value for each in _PARTS for value in own.get(each, ()) if value.kind == "blank"):
        yield from _messages(part, said, lang)


def _place(name: str, lang: str) -> str:
    """A place of a message, for what a check finds there, in words."""
    return f"[{translate(PLACES[name], lang) if name in PLACES else name}]"


def _paths(node: Node, said: Said) -> Iterable[str]:
    """The properties that it or its parts are about."""
    own = said.get(node, {})
    yield from (path.value for path in own.get(f"{_SH}path", ()) if path.kind == "iri")
    for part in own.get(f"{_SH}property", ()):
        yield from _paths(part, said)


def _text(values: Iterable[Node], lang: str) -> str:
    """The text in a language, else in another."""
    ranked = sorted(values, key=lambda value: (value.lang != lang, value.lang, value.value))
    return ranked[0].value if ranked else ""
