"""Why any query has no rows: each condition of its pattern by itself, and the pattern without it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ctlgraph.catalogue.answer import Steps
from ctlgraph.catalogue.sparql import Parts
from ctlgraph.catalogue.table import from_json
from ctlgraph.catalogue.writing import with_where
from ctlgraph.messages import N_, translate

MOST = 12
"""Conditions that are looked at."""

_NOTHING = N_("nothing in the graph matches this part:")
_WITHOUT = N_("without this part there are matches:")
_TOGETHER = N_("each part has matches by itself, but no thing matches all of them:")
_AFTER = N_("the pattern has matches: what stands behind it, HAVING, LIMIT or OFFSET, leaves none")

_KEYWORD = re.compile(r"(?i)(OPTIONAL|FILTER|BIND|VALUES|GRAPH|MINUS|SERVICE)\b|[{\[(]")
_DEPENDENT = re.compile(r"(?i)(FILTER|BIND|MINUS)\b")


@dataclass(frozen=True)
class Standing:
    """A condition. alone: whether it has matches by itself; rest: whether the others have without it."""

    text: str
    alone: bool
    rest: bool


@dataclass(frozen=True)
class Reason:
    """A sentence, and the parts of the query that it is about."""

    message: str
    parts: tuple[str, ...] = ()

    def text(self, lang: str) -> str:
        """The sentence in that language."""
        return translate(self.message, lang)


def standing(text: str) -> Steps[tuple[Standing, ...] | None]:
    """How it stands with each condition of a query; None if together they have matches, or it has none."""
    parts = Parts.of(with_where(text))
    if parts.where is None:
        return None
    conditions = [each for condition in parts.conditions for each in _apart(condition)][:MOST]
    if (yield from _matches(parts.prologue, conditions)):
        return None
    found = []
    for number, condition in enumerate(conditions):
        depends = _DEPENDENT.match(condition)
        alone = True if depends else (yield from _matches(parts.prologue, [condition]))
        rest = yield from _matches(parts.prologue, conditions[:number] + conditions[number + 1 :])
        found.append(Standing(condition, alone, rest))
    return tuple(found)


def reasons(found: Sequence[Standing] | None) -> list[Reason]:
    """What stands in the way, in sentences: what has no match at all, else what the others do not bear."""
    if found is None:
        return [Reason(_AFTER)]
    nothing = tuple(each.text for each in found if not each.alone)
    if nothing:
        return [Reason(_NOTHING, nothing)]
    without = tuple(each.text for each in found if each.rest)
    if without:
        return [Reason(_WITHOUT, without)]
    return [Reason(_TOGETHER, tuple(each.text for each in found))]


def _matches(prologue: str, conditions: Sequence[str]) -> Steps[bool]:
    answer = yield f"{prologue}ASK {{ {' '.join(conditions)} }}"
    cell = from_json(answer)[1][0][0]
    return cell is not None and cell.value == "true"


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
