"""What the engine says of a query that is not SPARQL, in words for people."""

from __future__ import annotations

import re

from ctlgraph.errors import QuerySyntaxError
from ctlgraph.messages import N_

_ENGINE_SAYS = re.compile(
    r"error at (?P<line>\d+):(?P<column>\d+): expected (?:one of )?(?P<expected>.*)", re.DOTALL
)
_TOKENS = re.compile(r"""  "(?:[^"\\]|\\.)*"  |  \[(?:'[^\n]*?'|[^]'])*\]  """, re.VERBOSE)
_REASONS = {
    "Prefix not found": N_("a name has a prefix without a PREFIX line"),
    "IRI parsing failed": N_("an IRI is relative or has a character that IRIs do not take"),
    "The SELECT contains a variable that is unbound": N_("SELECT names a variable that GROUP BY does not"),
}
_EXPECTED = N_("expected {tokens}")
_UNEXPECTED = N_("unexpected text, or the query ends too early")


def syntax_error(text: str) -> QuerySyntaxError:
    """The engine's message in parts; of its long list of what it expected, the signs that a person can type.

    The keywords in it mean nothing: it names those that are as long as what it has just looked at.
    """
    found = _ENGINE_SAYS.match(text)
    if not found:
        return QuerySyntaxError(text, 1, 1)
    line, column, expected = int(found["line"]), int(found["column"]), found["expected"]
    for words, reason in _REASONS.items():
        if words in expected:
            return QuerySyntaxError(reason, line, column)
    tokens = [token for token in _TOKENS.findall(expected) if not token.startswith("[")]
    if not tokens:
        return QuerySyntaxError(_UNEXPECTED, line, column)
    return QuerySyntaxError(_EXPECTED, line, column, tokens=", ".join(tokens))
