"""Rows of an answer as N-Quads, from which every other form is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ctlgraph.web.site.facts import Term

_ESCAPES = str.maketrans(
    {"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\b": r"\b", "\f": r"\f"}
)
_STRING = "http://www.w3.org/2001/XMLSchema#string"


def nquads(found: Iterable[Mapping[str, Term]]) -> bytes:
    """Return rows of s, p, o and, but for the default graph, g as N-Quads, sorted."""
    lines = (" ".join(_spelt(row[name]) for name in "spog" if name in row) for row in found)
    return "".join(f"{line} .\n" for line in sorted(lines)).encode()


def _spelt(term: Term) -> str:
    if term.kind == "uri":
        return f"<{term.value}>"
    if term.kind == "bnode":
        return f"_:{term.value}"
    datatype = f"^^<{term.datatype}>" if term.datatype not in ("", _STRING) else ""
    return f'"{term.value.translate(_ESCAPES)}"' + (f"@{term.lang}" if term.lang else datatype)
