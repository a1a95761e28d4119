"""What the engine says of a query that is not SPARQL, in words for people, and where it is wrong.

Where the engine looks for a keyword it reads as many characters as that has letters, and tells the end of
those as the place. So it is asked again with its pieces far apart: the place is then in the piece that is
wrong, or in the space behind it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

from ctlgraph.errors import QuerySyntaxError
from ctlgraph.messages import N_
from ctlgraph.terminals import pieces, undeclared
from ctlgraph.vocabulary import PREFIXES

_ENGINE_SAYS = re.compile(
    r"error at (?P<line>\d+):(?P<column>\d+): expected (?:one of )?(?P<expected>.*)", re.DOTALL
)
_TOKENS = re.compile(r"""  "(?:[^"\\]|\\.)*"  |  \[(?:'[^\n]*?'|[^]'])*\]  """, re.VERBOSE)
_REASONS = {
    "Prefix not found": N_("a name has a prefix without a PREFIX line"),
    "IRI parsing failed": N_("an IRI is relative or has a character that IRIs do not take"),
    "The SELECT contains a variable that is unbound": N_("SELECT names a variable that GROUP BY does not"),
}
_PREFIX = N_("the prefix {prefix} is not declared: add PREFIX {prefix} <{iri}> before the query")
_EXPECTED = N_("expected {tokens}")
_AMONG_OTHERS = N_("expected {tokens}, among other things")
_UNEXPECTED = N_("unexpected text, or the query ends too early")
_NOT_HERE = N_("“{text}” does not fit here")
_NO_QUERY = N_(
    "“{text}” begins no query: one begins with SELECT, ASK, CONSTRUCT or DESCRIBE, after its PREFIX lines"
)
_DECLARATIONS = re.compile(r"(?:\s|#[^\n]*|PREFIX\s+[^\s:]*:\s*<[^<>]*>|BASE\s*<[^<>]*>)*", re.IGNORECASE)
_BEGINNINGS = (
    *("SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "PREFIX", "BASE"),
    *("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"),
)  # those of an update have a message of their own
_FEW = 4
_WORD = 30  # characters
_APART = " " * 32  # longer than any keyword
_LONG = 2**16  # characters of a query that is not read twice
_ENDS = ('"}"', '")"', '"]"')


def syntax_error(text: str, query: str, read: Callable[[str], object]) -> QuerySyntaxError:
    """What is wrong with a query, of which the engine says this: a prefix that is missing, else its message.

    read: has the engine read another text, and raises SyntaxError if that is wrong.
    Of what it expected only the signs count that a person can type, and of many only those that close a
    bracket. The keywords in its list mean nothing: it names those as long as what it has just looked at.
    """
    found = _ENGINE_SAYS.match(text)
    if not found:
        return QuerySyntaxError(text, 1, 1)
    if begun := _no_query(query):
        return begun
    line, column, expected = int(found["line"]), int(found["column"]), found["expected"]
    missing = undeclared(query)
    if missing and missing[1:] <= (line, column):
        prefix, line, column = missing
        iri = PREFIXES.get(prefix[:-1], "…")
        return QuerySyntaxError(_PREFIX, line, column, prefix=prefix, iri=iri)
    for words, reason in _REASONS.items():
        if words in expected:
            return QuerySyntaxError(reason, line, column)
    tokens = [token for token in _TOKENS.findall(expected) if not token.startswith("[")]
    few = tokens if len(tokens) <= _FEW else [token for token in tokens if token in _ENDS]
    exact = tokens and "[_]" not in expected and not re.search(r"\w\w", _TOKENS.sub("", expected))
    wrong = None if exact else _wrong(query, read)
    if wrong is not None:
        place = query.count("\n", 0, wrong) + 1, wrong - query.rfind("\n", 0, wrong)
        word = query[wrong:].split(maxsplit=1)[0]
        return QuerySyntaxError(_NOT_HERE, *place, text=word if len(word) <= _WORD else f"{word[:_WORD]}…")
    if not few:
        return QuerySyntaxError(_UNEXPECTED, line, column)
    reason = _EXPECTED if few == tokens else _AMONG_OTHERS
    return QuerySyntaxError(reason, line, column, tokens=", ".join(few))


def _no_query(query: str) -> QuerySyntaxError | None:
    """What to say of a text that does not begin as a query does, such as a word to look for; else None."""
    at = _DECLARATIONS.match(query).end()  # type: ignore[union-attr]  # it matches nothing, too
    word = (query[at:].split(maxsplit=1) or [""])[0]
    if not word or re.split(r"\W", word)[0].upper() in _BEGINNINGS:
        return None
    place = query.count("\n", 0, at) + 1, at - query.rfind("\n", 0, at)
    return QuerySyntaxError(_NO_QUERY, *place, text=word if len(word) <= _WORD else f"{word[:_WORD]}…")


def _wrong(query: str, read: Callable[[str], object]) -> int | None:
    """Where the piece begins that is wrong; None if something is missing at the end, or it cannot be told."""
    starts = pieces(query) if len(query) <= _LONG else []
    ends = [*starts[1:], len(query)]
    between = (query[start:end] + _APART for start, end in zip(starts, ends, strict=False))
    apart = query[: starts[0] if starts else None] + "".join(between)
    try:
        read(apart)
    except SyntaxError as error:
        found = _ENGINE_SAYS.match(str(error))
        at = _offset(apart, int(found["line"]), int(found["column"])) if found else len(apart)
        moved = [start + number * len(_APART) for number, start in enumerate(starts)]
        return starts[max(0, bisect_right(moved, at) - 1)] if at < len(apart) else None
    return None  # what was wrong has come apart


def _offset(text: str, line: int, column: int) -> int:
    """The place of a line and column, from 1."""
    start = 0
    for _ in range(line - 1):
        start = text.index("\n", start) + 1
    return start + column - 1
