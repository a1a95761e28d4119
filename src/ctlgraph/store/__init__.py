"""A release, or RDF files, opened for SPARQL.

The only part of ctlgraph that knows the embedded engine; it does not know how a release is made. What a query
over a release sees as its default graph is the merge of all graphs: a fact that two passages state counts
once there, and twice under ``GRAPH ?g``.

The engine keeps numbers, booleans, times and durations by value: ``"01"^^xsd:integer`` is answered as 1,
types derived from xsd:integer as xsd:integer. `Store.canonical` and `Store.dump` give them as written.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import pyoxigraph as engine

from ctlgraph.errors import ParameterError, QueryError, QueryRefusedError
from ctlgraph.store.answers import FAILED, GRAPH_FORMATS, RESULT_FORMATS, Answer, count_rows, serialize
from ctlgraph.store.content import Content, Files, load, merged, read, size
from ctlgraph.store.disk import disk_folder, write
from ctlgraph.store.syntax import syntax_error
from ctlgraph.terminals import decode, scan

__all__ = [
    "GRAPH_FORMATS",
    "RESULT_FORMATS",
    "Answer",
    "Content",
    "Files",
    "Store",
    "count_rows",
    "disk_folder",
    "size",
]

_TRIPLES_ONLY = ("ttl", "nt", "rdf")
_MERGE = "INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"


class Store:
    """A dataset, read only: in memory (`open`, `from_nquads`) or on disk (`on_disk`, then `read_only`)."""

    def __init__(self, opened: engine.Store, source: Path | bytes | None = None) -> None:
        """A store over what the engine has open; source: its N-Quads as they were, for `canonical`."""
        self._engine = opened
        self._source = source

    @classmethod
    def from_nquads(cls, data: bytes) -> Store:
        """A store of these N-Quads. Raises SourceError with the line when they are damaged."""
        opened = engine.Store()
        read(opened, Path("ctlgraph.nq"), engine.RdfFormat.N_QUADS, source=data)
        opened.update(_MERGE)
        return cls(opened, data)

    @classmethod
    def open(cls, content: Content) -> Store:
        """The store, in memory, of a release directory or of files. Raises SourceError."""
        opened = engine.Store()
        load(opened, content)
        if merged(content):
            opened.update(_MERGE)
        return cls(opened, None if isinstance(content, Files) else content / "ctlgraph.nq")

    @staticmethod
    def on_disk(content: Content, folder: Path) -> None:
        """Put the content into a folder for `read_only`, unless it is there already, whole or not at all.

        The engine starts threads that last: call this in a process that does not fork.
        """
        write(content, folder)

    @classmethod
    def read_only(cls, folder: Path) -> Store:
        """The store that `on_disk` left in that folder; to be opened after a fork, not before."""
        return cls(engine.Store.read_only(str(folder)))

    @cached_property
    def graphs(self) -> frozenset[str]:
        """The names of the named graphs."""
        return frozenset(
            name.value for name in self._engine.named_graphs() if isinstance(name, engine.NamedNode)
        )

    def query(
        self,
        text: str,
        *,
        default_graphs: tuple[str, ...] = (),
        named_graphs: tuple[str, ...] = (),
        base: str | None = None,
    ) -> Answer:
        """Answer one SPARQL query.

        default_graphs, named_graphs: IRIs that replace the dataset, as the SPARQL Protocol has it; both empty
        means what FROM says, else the whole. base: what relative IRIs are resolved against.
        Raises QuerySyntaxError with line and column, QueryRefusedError for a graph that is not here and what
        `terminals.scan` refuses, QueryError if the engine fails.
        """
        found = scan(text, base or "")
        if not (default_graphs or named_graphs):
            default_graphs, named_graphs = found.default_graphs, found.named_graphs
        for iri in (*default_graphs, *named_graphs):
            if iri not in self.graphs:
                raise QueryRefusedError(f"FROM <{iri}>")
        try:
            result = self._ask(decode(text), default_graphs, named_graphs, base)
            return Answer.of(result, volatile=found.volatile)
        except SyntaxError as error:
            raise syntax_error(str(error)) from error
        except (OSError, RuntimeError, ValueError) as error:
            raise QueryError(FAILED, reason=str(error)) from error

    def construct(self, text: str) -> bytes:
        """The triples of a CONSTRUCT as N-Triples, sorted, each once. Raises what `query` raises."""
        answer = self.query(text)
        return b"".join(sorted(set(answer.serialize("nt").splitlines(keepends=True))))

    def canonical(self) -> bytes:
        """The dataset as RDFC-1.0 canonical N-Quads: blank nodes renamed, lines sorted.

        For a release or N-Quads in memory. Source: https://www.w3.org/TR/rdf-canon/
        """
        source = {"input": self._source} if isinstance(self._source, bytes) else {"path": self._source}
        dataset = engine.Dataset(engine.parse(**source, format=engine.RdfFormat.N_QUADS))
        dataset.canonicalize(engine.CanonicalizationAlgorithm.RDFC_1_0)
        lines = serialize(dataset, "nq").splitlines(keepends=True)
        return b"".join(sorted(lines))

    def dump(self, format_name: str, graph: str | None = None) -> bytes:
        """The dataset in another format, byte for byte the same for the same facts.

        format_name: nq, trig and jsonld keep the graphs, ttl, nt and rdf merge them.
        graph: the IRI of one graph; one that ends in "/" stands for every graph under it; None for all.
        """
        if format_name not in GRAPH_FORMATS:
            raise ParameterError("format", format_name, ", ".join(GRAPH_FORMATS))
        quads = [
            quad
            for quad in engine.parse(self.canonical(), format=engine.RdfFormat.N_QUADS)
            if graph is None or _within(quad.graph_name, graph)
        ]
        if format_name in _TRIPLES_ONLY:
            return serialize(sorted({quad.triple for quad in quads}, key=str), format_name)
        if format_name != "nq":  # its lines are sorted already
            quads.sort(key=lambda quad: (str(quad.graph_name), str(quad.triple)))
        return serialize(quads, format_name)

    def _ask(
        self, text: str, default_graphs: tuple[str, ...], named_graphs: tuple[str, ...], base: str | None
    ) -> engine.QuerySolutions | engine.QueryBoolean | engine.QueryTriples:
        if not (default_graphs or named_graphs):
            return self._engine.query(text, base_iri=base)
        named: list[engine.NamedNode | engine.BlankNode] = [engine.NamedNode(iri) for iri in named_graphs]
        if len(default_graphs) < 2:
            return self._engine.query(
                text,
                base_iri=base,
                default_graph=[engine.NamedNode(iri) for iri in default_graphs],
                named_graphs=named,
            )
        return self._merge(default_graphs, named).query(
            text, base_iri=base, default_graph=engine.DefaultGraph(), named_graphs=named
        )

    def _merge(
        self, default_graphs: tuple[str, ...], named: Iterable[engine.NamedNode | engine.BlankNode]
    ) -> engine.Store:
        """These graphs apart, the first ones merged: the engine itself would count a triple of two twice.

        Source: https://www.w3.org/TR/sparql11-query/#rdfDataset, section 13.2
        """
        small = engine.Store()
        for iri in dict.fromkeys(default_graphs):
            small.bulk_extend(engine.Quad(*quad.triple) for quad in self._in(engine.NamedNode(iri)))
        for name in named:
            small.bulk_extend(self._in(name))
        return small

    def _in(self, graph: engine.NamedNode | engine.BlankNode) -> Iterable[engine.Quad]:
        return self._engine.quads_for_pattern(None, None, None, graph)


def _within(name: object, graph: str) -> bool:
    if not isinstance(name, engine.NamedNode):
        return False
    return name.value.startswith(graph) if graph.endswith("/") else name.value == graph
