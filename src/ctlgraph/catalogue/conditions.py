"""Why any query has no rows: each condition of its pattern by itself, and the pattern without it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from urllib.parse import urljoin

from ctlgraph.catalogue.answer import Steps
from ctlgraph.catalogue.relax import iris_of
from ctlgraph.catalogue.sparql import Parts
from ctlgraph.catalogue.table import Cell, from_json
from ctlgraph.catalogue.writing import with_where
from ctlgraph.messages import N_, translate
from ctlgraph.vocabulary import compact

MOST = 12
"""Conditions that are looked at."""

_NOTHING = N_("nothing in the graph matches this part:")
_WITHOUT = N_("without this part there are matches:")
_NEVER = N_("each of these parts has matches, but never together for the same {names}:")
_APART = N_(
    "no graph by itself matches this part, but all graphs together do: its statements come from different"
    " sources. Take them out of GRAPH, or give each a GRAPH of its own:"
)
_WRITTEN = N_("the graph writes {said} as {written}:")
_TOGETHER = N_("each part has matches by itself, but no thing matches all of them:")
_AFTER = N_("the pattern has matches: what stands behind it, HAVING, LIMIT or OFFSET, leaves none")

_KEYWORD = re.compile(r"(?i)(OPTIONAL|FILTER|BIND|VALUES|GRAPH|MINUS|SERVICE)\b|[{\[(]")
_GRAPH = re.compile(r"(?is)GRAPH\s+\S+\s*\{(?P<body>.*)\}\s*")
_BASE = re.compile(r"(?im)^BASE\s*<([^<>]*)>")
_VARIABLE = re.compile(r"[?$](\w+)")
_VALUE = re.compile(
    r"""(?:"[^"]*"|'[^']*')(?:@[\w-]+|\^\^(?:<[^<>\s]*>|[\w-]*:[\w-]+))?|(?<=\s)[+-]?\d+(?:\.\d+)?(?=\s|\Z)"""
)
_DEPENDENT = re.compile(r"(?i)(FILTER|BIND|MINUS)\b")


@dataclass(frozen=True)
class Standing:
    """A condition. alone: whether it has matches by itself; rest: whether the others have without it.

    apart: if it has none, whether all graphs together match what it asks of one. written: a value in it as it
    stands there, and as the graph has it, such as with a language.
    """

    text: str
    alone: bool
    rest: bool
    apart: bool = False
    written: tuple[str, str] | None = None


@dataclass(frozen=True)
class Reason:
    """A sentence, and the parts of the query that it is about."""

    message: str
    parts: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)

    def text(self, lang: str) -> str:
        """The sentence in that language."""
        return translate(self.message, lang, **self.facts)


def standing(text: str) -> Steps[tuple[Standing, ...] | None]:
    """How it stands with each condition of a query; None if together they have matches, or it has none."""
    parts = Parts.of(with_where(text))
    if parts.where is None:
        return None
    conditions = [each for condition in parts.conditions for each in _apart(condition)][:MOST]
    if (yield from _matches(parts, conditions)):
        return None
    found = []
    for number, condition in enumerate(conditions):
        depends = _DEPENDENT.match(condition)
        alone = True if depends else (yield from _matches(parts, [condition]))
        rest = yield from _matches(parts, conditions[:number] + conditions[number + 1 :])
        apart = not alone and (yield from _beyond(parts, condition))
        written = None if alone or apart else (yield from _as_written(parts, condition))
        found.append(Standing(condition, alone, rest, apart, written))
    return tuple(found)


def reasons(found: Sequence[Standing] | None) -> list[Reason]:
    """What stands in the way, in sentences: what has no match at all, else what the others do not bear."""
    if found is None:
        return [Reason(_AFTER)]
    told = [Reason(_APART, (each.text,)) for each in found if each.apart]
    told += [
        Reason(_WRITTEN, (each.text,), dict(zip(("said", "written"), each.written, strict=True)))
        for each in found
        if each.written
    ]
    nothing = tuple(each.text for each in found if not (each.alone or each.apart or each.written))
    told += [Reason(_NOTHING, nothing)] if nothing else []
    if told:
        return told
    without = tuple(each.text for each in found if each.rest)
    if len(without) > 1 and (names := _shared(without)):
        return [Reason(_NEVER, without, {"names": names})]
    return [Reason(_WITHOUT, without) if without else Reason(_TOGETHER, tuple(each.text for each in found))]


def iris(text: str, found: Sequence[Standing] | None) -> list[tuple[str, str]]:
    """The IRIs in the conditions of a query that have no match, each with the condition."""
    prologue = Parts.of(with_where(text)).prologue
    base = next(iter(_BASE.findall(prologue)), "")
    lacking = [each.text for each in found or () if not each.alone]
    named = [(urljoin(base, iri), part) for part in lacking for iri in iris_of(prologue, part)]
    return [(iri, part) for iri, part in named if ":" in iri]


def _shared(conditions: Sequence[str]) -> str:
    """The variables that all of these conditions have, as they are written; "" for none."""
    names = [set(_VARIABLE.findall(each)) for each in conditions]
    return ", ".join(f"?{name}" for name in sorted(set.intersection(*names)))


def _matches(parts: Parts, conditions: Sequence[str]) -> Steps[bool]:
    answer = yield f"{parts.prologue}ASK {parts.dataset}{{ {' '.join(conditions)} }}"
    cell = from_json(answer)[1][0][0]
    return cell is not None and cell.value == "true"


def _beyond(parts: Parts, condition: str) -> Steps[bool]:
    """Whether what is asked of one graph has matches in all of them together."""
    inside = _GRAPH.fullmatch(condition)
    return (yield from _matches(parts, [inside["body"]])) if inside else False


def _as_written(parts: Parts, condition: str) -> Steps[tuple[str, str] | None]:
    """A value of a condition and how the graph has it: the same text with another type or language."""
    masked = Parts.of(condition).masked
    for value in _VALUE.finditer(masked):
        said = condition[value.start() : value.end()]
        text = said if said[0] in "\"'" else f'"{said}"'
        bare = text[: text.rindex(text[0]) + 1]
        other = f"{condition[: value.start()]} ?value_ {condition[value.end() :]}"
        answer = yield (
            f"{parts.prologue}SELECT ?value_ {parts.dataset}WHERE {{ {other}"
            f" FILTER(isLiteral(?value_) && STR(?value_) = {bare}) }} LIMIT 1"
        )
        if found := from_json(answer)[1]:
            return said, _spelled(bare, found[0][0])
    return None


def _spelled(bare: str, cell: Cell | None) -> str:
    if cell is None or not (cell.language or cell.datatype):
        return bare
    return f"{bare}@{cell.language}" if cell.language else f"{bare}^^{compact(cell.datatype)}"


def _apart(condition: str) -> list[str]:
    """The triples of a condition, each with its subject; what is no triples as it is."""
    text = " ".join(condition.split()).removesuffix(".").strip()
    if _KEYWORD.match(text):
        return [text]
    subject, _, rest = text.partition(" ")
    cuts = [-1, *_semicolons(rest), len(rest)]
    pieces = [rest[start + 1 : end].strip() for start, end in pairwise(cuts)]
    return [f"{subject} {piece} ." for piece in pieces if piece]


def _semicolons(text: str) -> list[int]:
    """Where a semicolon stands outside of brackets and strings."""
    depth, found = 0, []
    for number, sign in enumerate(Parts.of(text).masked):
        depth += (sign in "([{") - (sign in ")]}")
        found += [number] if sign == ";" and not depth else []
    return found
