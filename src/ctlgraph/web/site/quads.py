"""What is said of an IRI with the graphs that say it: N-Quads and TriG, which a query alone cannot answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from ctlgraph.store import dump
from ctlgraph.web.site.facts import Ask, Term, rows

FORMS = ("trig", "nq")

_ESCAPES = str.maketrans(
    {"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\b": r"\b", "\f": r"\f"}
)
_STRING = "http://www.w3.org/2001/XMLSchema#string"


async def quads(ask: Ask, iri: str, form: str, *, merged: bool) -> bytes | None:
    """Return what is said of an IRI, and in the graph of this name, as `trig` or `nq`; None if nothing is.

    merged: whether the default graph holds nothing but what the named ones do.
    """
    own = "" if merged else f"UNION {{ VALUES ?s {{ <{iri}> }} ?s ?p ?o }}"
    found = await rows(
        ask,
        f"""SELECT DISTINCT ?s ?p ?o ?g {{ {{ VALUES ?s {{ <{iri}> }} GRAPH ?g {{ ?s ?p ?o }} }}
        UNION {{ VALUES ?g {{ <{iri}> }} GRAPH ?g {{ ?s ?p ?o }} }} {own} }}""",
    )
    return await asyncio.to_thread(dump, nquads(found), form) if found else None


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
