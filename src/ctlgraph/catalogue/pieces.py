"""Where the parts of a query's text begin and end: its prologue, its group, its subqueries.

Knows tokens and braces, no other grammar: the text has been read by an engine before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""\#[^\n\r]* | <[^<>"{}|^`\\\x00-\x20]*>
    | "{3}(?:"{0,2}(?:[^"\\]|\\.))*"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
    | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*' | [?$]\w+ | [\w.-]*:[\w.:%-]*
    | (?P<word>\w+) | (?P<brace>[{}])""",
    re.VERBOSE | re.DOTALL,
)
_FORMS = ("SELECT", "CONSTRUCT", "ASK", "DESCRIBE")

_Tokens = Sequence[re.Match[str]]


@dataclass(frozen=True)
class Pieces:
    """The texts of a query or subquery: all of it, its group without braces, and those of its subqueries.

    prologue: what stands before a query, without comments.
    """

    whole: str
    where: str
    inner: tuple[Pieces, ...]
    prologue: str = ""

    @property
    def group(self) -> str:
        """The group's text as it may stand behind others: a subquery that is all of it needs its braces."""
        first = next((token for token in _TOKEN.finditer(self.where) if token[0][0] != "#"), None)
        return f"{{ {self.where}\n}}" if first and _word(first) == "SELECT" else f"{self.where}\n"


def pieces(text: str) -> Pieces:
    """The pieces of a query."""
    tokens = [token for token in _TOKEN.finditer(text) if token[0][0] != "#"]
    first = next(at for at, token in enumerate(tokens) if _word(token) in _FORMS)
    prologue = re.sub(r"(?m)^\s*#.*(\n|\Z)", "", text[: tokens[first].start()])
    return _query(text, tokens, first, prologue)[0]


def _query(text: str, tokens: _Tokens, at: int, prologue: str = "") -> tuple[Pieces, int]:
    """The query that begins with a token, and the place of the token behind its last one."""
    begin, before, groups = at, "", []
    while at < len(tokens) and tokens[at][0] != "}":
        if tokens[at]["brace"]:
            start = tokens[at].end()
            inner, at = _group(text, tokens, at + 1)
            groups += [] if before == "EXISTS" else [(text[start : tokens[at].start()], inner)]
        before = _word(tokens[at])
        at += 1
    constructs = _word(tokens[begin]) == "CONSTRUCT" and len(groups) > 1  # the first one is its template
    where, inner = groups[1 if constructs else 0]
    end = tokens[at].start() if at < len(tokens) else len(text)
    return Pieces(text[tokens[begin].start() : end], where, tuple(inner), prologue), at


def _group(text: str, tokens: _Tokens, at: int) -> tuple[list[Pieces], int]:
    """The subqueries in a group and in groups of it, and the place of the brace that closes it."""
    found: list[Pieces] = []
    if _word(tokens[at]) == "SELECT":
        subquery, at = _query(text, tokens, at)
        return [subquery], at
    while tokens[at][0] != "}":
        if tokens[at]["brace"]:
            inner, at = _group(text, tokens, at + 1)
            found += inner
        at += 1
    return found, at


def _word(token: re.Match[str]) -> str:
    return (token["word"] or "").upper()
