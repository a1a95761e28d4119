"""N-Quads as they are written, in canonical form or another format; nothing here goes through a store.

So it costs no loading, and no value is spelt otherwise than its source spells it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import IO

import pyoxigraph as engine

from ctlgraph.errors import ParameterError
from ctlgraph.messages import N_
from ctlgraph.store.answers import GRAPH_FORMATS, serialize
from ctlgraph.vocabulary import PREFIXES

_CHUNK = 2**20
_LONGEST = max(map(len, PREFIXES.values()))
_TRIPLES_ONLY = ("ttl", "nt", "rdf")


def canonical(nquads: bytes) -> bytes:
    """The dataset as RDFC-1.0 canonical N-Quads: blank nodes renamed, each line once, sorted.

    Source: https://www.w3.org/TR/rdf-canon/
    """
    dataset = engine.Dataset(engine.parse(nquads, format=engine.RdfFormat.N_QUADS))
    dataset.canonicalize(engine.CanonicalizationAlgorithm.RDFC_1_0)
    return b"".join(sorted(serialize(dataset, "nq").splitlines(keepends=True)))


def dump(nquads: bytes, format_name: str, graph: str | None = None) -> bytes:
    """Canonical N-Quads, such as a release holds, in another format: the same bytes for the same facts.

    format_name: nq, trig and jsonld keep the graphs, ttl, nt and rdf merge them.
    graph: the IRI of one graph; one that ends in "/" stands for every graph under it; None for all.
    Raises ParameterError for another format.
    """
    if format_name not in GRAPH_FORMATS:
        raise ParameterError("format", format_name, ", ".join(GRAPH_FORMATS))
    quads = [
        quad
        for quad in engine.parse(nquads, format=engine.RdfFormat.N_QUADS)
        if graph is None or _within(quad.graph_name, graph)
    ]
    if format_name in _TRIPLES_ONLY:
        return serialize(sorted({quad.triple for quad in quads}, key=str), format_name)
    if format_name != "nq":  # its lines are sorted already
        quads.sort(key=lambda quad: (str(quad.graph_name), str(quad.triple)))
    return serialize(quads, format_name)


def rewrite(nquads: Path, format_name: str, file: IO[bytes]) -> None:
    """Write N-Quads in another format, statement by statement: what is held does not grow with the file.

    nquads: in the order of the graphs for trig and jsonld, of the triples for the others, where a triple of
    several graphs is written once. Raises SyntaxError for damaged lines, OSError.
    """
    quads = engine.parse(path=str(nquads), format=engine.RdfFormat.N_QUADS)
    once: Iterable[engine.Quad | engine.Triple] = quads
    if format_name in _TRIPLES_ONLY:
        once = (triple for triple, _ in groupby(quad.triple for quad in quads))
    engine.serialize(once, file, format=GRAPH_FORMATS[format_name], prefixes=_prefixes(nquads))  # type: ignore[arg-type]


def _prefixes(nquads: Path) -> dict[str, str]:
    """The prefixes that some IRI of a file begins with."""
    unseen, end = dict(PREFIXES), b""
    used: dict[str, str] = {}
    with nquads.open("rb") as file:
        while unseen and (chunk := file.read(_CHUNK)):
            block = end + chunk
            used |= {prefix: iri for prefix, iri in unseen.items() if b"<" + iri.encode() in block}
            unseen = {prefix: iri for prefix, iri in unseen.items() if prefix not in used}
            end = block[-_LONGEST:]
    return {prefix: iri for prefix, iri in PREFIXES.items() if prefix in used}


def _within(name: object, graph: str) -> bool:
    if not isinstance(name, engine.NamedNode):
        return False
    return name.value.startswith(graph) if graph.endswith("/") else name.value == graph


@dataclass(frozen=True)
class Node:
    """A term as it is written. kind: "iri", "blank" or "literal"; a literal has a datatype or a language."""

    kind: str
    value: str
    datatype: str = ""
    lang: str = ""


def triples(nquads: bytes) -> list[tuple[Node, str, Node]]:
    """The triples of N-Quads, sorted, each once, whatever graphs they are in."""
    found = {quad.triple for quad in engine.parse(nquads, format=engine.RdfFormat.N_QUADS)}
    return [
        (_node(triple.subject), triple.predicate.value, _node(triple.object))
        for triple in sorted(found, key=str)
    ]


def _node(term: object) -> Node:
    if isinstance(term, engine.NamedNode):
        return Node("iri", term.value)
    if isinstance(term, engine.Literal):
        return Node("literal", term.value, term.datatype.value, term.language or "")
    if isinstance(term, engine.BlankNode):
        return Node("blank", term.value)
    raise ParameterError("format", "jsonld", N_("statements without statements inside"))
