"""N-Quads as they are written, in canonical form or another format; nothing here goes through a store.

So it costs no loading, and no value is spelt otherwise than its source spells it.
"""

from __future__ import annotations

import pyoxigraph as engine

from ctlgraph.errors import ParameterError
from ctlgraph.store.answers import GRAPH_FORMATS, serialize

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


def _within(name: object, graph: str) -> bool:
    if not isinstance(name, engine.NamedNode):
        return False
    return name.value.startswith(graph) if graph.endswith("/") else name.value == graph
