"""The shapes as people read them: what is required, of what, and what to do if it is not so."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ctlgraph.messages import N_, translate
from ctlgraph.search import folded
from ctlgraph.store import Node, triples
from ctlgraph.vocabulary import PREFIXES
from ctlgraph.web.site.facts import Ask, Labels, Thing, labels

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

    anchor: its place on the page. targets: what it is about. says: what is said when it is broken, each with
    the properties that this is about. binds: the classes and properties that it requires something of. about:
    "class", "property" or "" for neither.
    """

    iri: str
    anchor: str
    name: str
    description: str
    targets: tuple[Thing, ...]
    says: tuple[tuple[str, frozenset[str]], ...]
    binds: frozenset[str]
    about: str = ""

    @property
    def messages(self) -> tuple[str, ...]:
        """What is said when it is broken, each text once."""
        return tuple(dict.fromkeys(text for text, _ in self.says))

    def messages_about(self, iri: str) -> tuple[str, ...]:
        """Of these, those about a term: all if the rule is about it, else those about the property."""
        if iri in {target.iri for target in self.targets}:
            return self.messages
        return tuple(dict.fromkeys(text for text, properties in self.says if iri in properties))

    def has(self, words: Sequence[str]) -> bool:
        """Whether what it says has each of these words."""
        said = folded(
            " ".join((self.iri, self.name, self.description, *map(str, self.targets), *self.messages))
        )
        return all(word in said for word in words)


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
            _text(said[node].get(f"{_SH}name", ()), lang) or _unnamed(node, targets[node], known),
            _text(said[node].get(f"{_SH}description", ()), lang),
            tuple(map(known.thing, targets[node])),
            tuple(_messages(node, said, lang)),
            frozenset({*targets[node], *_paths(node, said)}),
            _about(said[node]),
        )
        for node in named
    )
    return tuple(sorted(found, key=lambda rule: (folded(rule.name), rule.iri)))


def _unnamed(node: Node, targets: Sequence[str], known: Labels) -> str:
    """What to call a shape without a name: by what it is about."""
    about = ", ".join(known.thing(iri).label for iri in targets)
    short = node.value.removeprefix(PREFIXES["ctlsh"])
    return translate(N_("values of {name}"), known.lang, name=about) if about else short


@dataclass(frozen=True)
class Chapter:
    """The rules about one class, or all about properties, or all others; thing: the class."""

    heading: str
    thing: Thing | None
    rules: tuple[Rule, ...]


def chapters(every: Sequence[Rule], lang: str) -> tuple[Chapter, ...]:
    """The rules by class, then those about properties, then those about the whole; each rule once."""
    by_class: dict[Thing, list[Rule]] = {}
    for rule in every:
        if rule.about == "class":
            by_class.setdefault(rule.targets[0], []).append(rule)
    found = [
        Chapter(thing.label, thing, tuple(of))
        for thing, of in sorted(by_class.items(), key=lambda item: folded(item[0]))
    ]
    for about, heading in (
        ("property", N_("Rules about properties")),
        ("", N_("Rules about the whole graph")),
    ):
        of = [rule for rule in every if rule.about == about]
        found += [Chapter(translate(heading, lang), None, tuple(of))] if of else []
    return tuple(found)


def _about(said: Mapping[str, list[Node]]) -> str:
    if said.get(f"{_SH}targetClass"):
        return "class"
    subjects, objects = (said.get(f"{_SH}target{name}Of") for name in ("Subjects", "Objects"))
    return "property" if subjects or objects else ""


def _said(shapes: bytes) -> Said:
    said: dict[Node, dict[str, list[Node]]] = {}
    for subject, predicate, value in triples(shapes):
        said.setdefault(subject, {}).setdefault(predicate, []).append(value)
    return said


def _messages(node: Node, said: Said, lang: str) -> Iterable[tuple[str, frozenset[str]]]:
    """Its own messages and those of its parts that have no name, with the properties of each."""
    own = said.get(node, {})
    text = _text(own.get(f"{_SH}message", ()), lang)
    if text:
        properties = frozenset(iri for path in own.get(f"{_SH}path", ()) for iri in _along(path, said))
        yield _PLACE.sub(lambda place: _place(place[1], lang), text), properties
    for part in (value for each in _PARTS for value in own.get(each, ()) if value.kind == "blank"):
        yield from _messages(part, said, lang)


def _place(name: str, lang: str) -> str:
    """A place of a message, for what a check finds there, in words."""
    return f"[{translate(PLACES[name], lang) if name in PLACES else name}]"


def _paths(node: Node, said: Said) -> Iterable[str]:
    """The properties that it or its parts are about."""
    own = said.get(node, {})
    for path in own.get(f"{_SH}path", ()):
        yield from _along(path, said)
    for part in own.get(f"{_SH}property", ()):
        yield from _paths(part, said)


def _along(path: Node, said: Said) -> Iterable[str]:
    """The properties of a path, which may be a list of them or one the other way round."""
    if path.kind == "iri":
        yield path.value
    for part in (value for values in said.get(path, {}).values() for value in values if path.kind == "blank"):
        if part.value != f"{PREFIXES['rdf']}nil":
            yield from _along(part, said)


def _text(values: Iterable[Node], lang: str) -> str:
    """The text in a language, else in another."""
    ranked = sorted(values, key=lambda value: (value.lang != lang, value.lang, value.value))
    return ranked[0].value if ranked else ""
