"""Statements as compact JSON-LD: an object for each thing, whose keys are words.

Languages are keys too, dates are text, numbers are numbers; a blank node that one statement leads to stands
inside it, a list is a list. Read with its context it says exactly what the statements do.
Source: https://www.w3.org/TR/json-ld11/
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ctlgraph.export.words import NATIVE, STRING, Words, short
from ctlgraph.store import Node
from ctlgraph.vocabulary import PREFIXES

Triple = tuple[Node, str, Node]

_TYPE, _FIRST, _REST, _NIL = (f"{PREFIXES['rdf']}{name}" for name in ("type", "first", "rest", "nil"))
_BEFORE = ("prefLabel", "acronym", "altLabel", "label", "title", "definition", "description")
_SAFE = 2**53  # integers up to here are the same in every reader of JSON


def compacted(triples: Iterable[Triple], words: Words, context: str, focus: str = "") -> bytes:
    """The statements as JSON-LD; context: the address of the words' context.

    focus: the IRI that comes first. If it is the only one, the document is its object; else a list of all.
    """
    found = _Found(list(triples), words)
    roots = sorted(found.roots, key=lambda node: (node.value != focus, node.kind, node.value))
    objects = [found.thing(node) for node in roots]
    document: dict[str, Any] = {"@context": context}
    document |= objects[0] if len(objects) == 1 else {"@graph": objects}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


class _Found:
    """The statements by subject, with what is said of blank nodes."""

    def __init__(self, triples: Sequence[Triple], words: Words) -> None:
        self._words = words
        self._said: dict[Node, dict[str, list[Node]]] = {}
        for subject, predicate, value in triples:
            self._said.setdefault(subject, {}).setdefault(predicate, []).append(value)
        times = Counter(value for _, _, value in triples if value.kind == "blank")
        once = {node for node, count in times.items() if count == 1 and node in self._said}
        self._inside = once - self._in_circles(once)

    @property
    def roots(self) -> list[Node]:
        """The subjects that do not stand inside another."""
        return [node for node in self._said if node not in self._inside]

    def thing(self, node: Node) -> dict[str, Any]:
        """The object of a subject: what it is first, then its names, then by letter."""
        said: dict[str, Any] = {} if node in self._inside else {"id": _name(node)}
        members: dict[str, Any] = {}
        for predicate, values in self._said[node].items():
            if predicate == _TYPE and all(value.kind == "iri" for value in values):
                said["type"] = _alone([self._words.name(value.value) for value in values])
            else:
                self._add(members, predicate, values)
        return said | dict(sorted(members.items(), key=lambda member: _order(member[0])))

    def _add(self, members: dict[str, Any], predicate: str, values: Sequence[Node]) -> None:
        word, form = self._words.name(predicate), self._words.form(predicate)
        if form == "@language":
            tagged = [value for value in values if value.lang]
            if tagged:
                members[word] = _by_language(tagged)
            values = [value for value in values if not value.lang]
            word, form = self._words.plain(predicate), ""
        if values:
            members[word] = _alone([self._value(value, form) for value in values])

    def _value(self, node: Node, form: str) -> Any:
        if node.kind == "literal":
            return _literal(node, form)
        if node.value == _NIL:
            return {"@list": []}
        if node in self._inside:
            items = self._items(node)
            return (
                self.thing(node) if items is None else {"@list": [self._value(each, form) for each in items]}
            )
        return _name(node) if form == "@id" else {"id": _name(node)}

    def _items(self, node: Node) -> list[Node] | None:
        """The items of a list whose links are all unnamed, None if this is none."""
        items = []
        while node.value != _NIL:
            said = self._said[node] if node in self._inside else {}
            if set(said) != {_FIRST, _REST} or any(len(values) != 1 for values in said.values()):
                return None
            items.append(said[_FIRST][0])
            node = said[_REST][0]
        return items

    def _in_circles(self, once: set[Node]) -> set[Node]:
        """Those that no subject outside leads to."""
        reached = [node for node in self._said if node not in once]
        seen = set(reached)
        while reached:
            for values in self._said[reached.pop()].values():
                fresh = [value for value in values if value in once and value not in seen]
                seen.update(fresh)
                reached += fresh
        return once - seen


def _literal(node: Node, form: str) -> Any:
    if node.lang:
        return {"@value": node.value, "@language": node.lang}
    if node.datatype == form or (node.datatype == STRING and not form):
        return node.value
    if node.datatype == STRING:
        return {"@value": node.value}
    if not form and _is_native(node):
        return json.loads(node.value)
    return {"@value": node.value, "type": short(node.datatype)}


def _is_native(node: Node) -> bool:
    """Whether JSON spells it so and no reader loses a digit."""
    text = node.value
    if text in ("true", "false"):
        return node.datatype == NATIVE[1]
    digits = text.removeprefix("-")
    plain = digits.isdecimal() and digits.isascii() and str(int(text)) == text
    return node.datatype == NATIVE[0] and plain and abs(int(text)) < _SAFE


def _by_language(values: Iterable[Node]) -> Mapping[str, Any]:
    texts: dict[str, list[str]] = {}
    for value in values:
        texts.setdefault(value.lang, []).append(value.value)
    return {lang: _alone(texts[lang]) for lang in sorted(texts)}


def _alone(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _name(node: Node) -> str:
    return node.value if node.kind == "iri" else f"_:{node.value}"


def _order(word: str) -> tuple[int, str, str]:
    return (_BEFORE.index(word) if word in _BEFORE else len(_BEFORE), word.casefold(), word)
