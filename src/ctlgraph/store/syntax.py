"""What the engine says of a query that is not SPARQL, in words for people."""

from __future__ import annotations

import re

from ctlgraph.errors import QuerySyntaxError
from ctlgraph.messages import N_
from ctlgraph.terminals import undeclared
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
_FEW = 4
_ENDS = ('"}"', '")"', '"]"')


def syntax_error(text: str, query: str) -> QuerySyntaxError:
    """What is wrong with a query, of which the engine says this: a prefix that is missing, else its message.

    Of what it expected only the signs count that a person can type, and of many only those that close a
    bracket. The keywords in its list mean nothing: it names those as long as what it has just looked at.
    """
    found = _ENGINE_SAYS.match(text)
    if not found:
        return QuerySyntaxError(text, 1, 1)
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
    if not few:
        return QuerySyntaxError(_UNEXPECTED, line, column)
    reason = _EXPECTED if few == tokens else _AMONG_OTHERS
    return QuerySyntaxError(reason, line, column, tokens=", ".join(few))
