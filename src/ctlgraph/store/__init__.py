"""A release, or RDF files, opened for SPARQL.

The only part of ctlgraph that knows the embedded engine; it does not know how a release is made. What a query
over a release sees as its default graph is the merge of all graphs: a fact that two passages state counts
once there, and twice under ``GRAPH ?g``.

The engine keeps numbers, booleans, times and durations by value: ``"01"^^xsd:integer`` is answered as 1,
types derived from xsd:integer as xsd:integer. `canonical` and `dump` give them as written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import pyoxigraph as engine

from ctlgraph.errors import QueryError, QueryRefusedError
from ctlgraph.store.answers import FAILED, GRAPH_FORMATS, RESULT_FORMATS, Answer, count_rows
from ctlgraph.store.content import Content, Files, load, merged, read, size
from ctlgraph.store.disk import disk_folder, tables, write
from ctlgraph.store.quads import Node, canonical, dump, rewrite, triples
from ctlgraph.store.syntax import syntax_error
from ctlgraph.terminals import decode, scan

__all__ = [
    "GRAPH_FORMATS",
    "RESULT_FORMATS",
    "Answer",
    "Content",
    "Files",
    "Node",
    "Store",
    "canonical",
    "count_rows",
    "disk_folder",
    "dump",
    "rewrite",
    "size",
    "tables",
    "triples",
]

_MERGE = "INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"


@contextmanager
def _worded(text: str) -> Iterator[None]:
    """Within, what the engine says of a query is put into words: QuerySyntaxError, QueryError."""
    try:
        yield
    except SyntaxError as error:
        raise syntax_error(str(error), decode(text), engine.Store().query) from error
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(FAILED, reason=str(error)) from error


class Store:
    """A dataset: in memory (`open`, `from_nquads`) or on disk (`on_disk`, then `read_only`).

    It is read only but for `add`, with which a release comes to be.
    """

    def __init__(self, opened: engine.Store) -> None:
        """A store over what the engine has open."""
        self._engine = opened

    @classmethod
    def from_nquads(cls, data: bytes) -> Store:
        """A store of these N-Quads. Raises SourceError with the line when they are damaged."""
        opened = engine.Store()
        read(opened, Path("ctlgraph.nq"), engine.RdfFormat.N_QUADS, source=data)
        opened.update(_MERGE)
        return cls(opened)

    def add(self, data: bytes) -> None:
        """Take in these N-Quads, without blank nodes, in their graphs and in the merge."""
        quads = list(engine.parse(data, format=engine.RdfFormat.N_QUADS))
        self._engine.extend(quads)
        self._engine.extend(engine.Quad(*quad.triple) for quad in quads)

    @classmethod
    def open(cls, content: Content) -> Store:
        """The store, in memory, of a release directory or of files. Raises SourceError."""
        opened = engine.Store()
        load(opened, content)
        if merged(content):
            opened.update(_MERGE)
        return cls(opened)

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
        self._refuse_unknown(*default_graphs, *named_graphs)
        with _worded(text):
            result = self._ask(decode(text), default_graphs, named_graphs, base)
            return Answer.of(result, volatile=found.volatile)

    def check(self, text: str, *, base: str | None = None) -> None:
        """Say whether a text is a query that may be asked here, without asking it of the data.

        Raises what `query` raises.
        """
        found = scan(text, base or "")
        self._refuse_unknown(*found.default_graphs, *found.named_graphs)
        with _worded(text):
            engine.Store().query(decode(text), base_iri=base)

    def construct(self, text: str) -> bytes:
        """The triples of a CONSTRUCT as N-Triples, sorted, each once. Raises what `query` raises."""
        answer = self.query(text)
        return b"".join(sorted(set(answer.serialize("nt").splitlines(keepends=True))))

    def _refuse_unknown(self, *graphs: str) -> None:
        for iri in graphs:
            if iri not in self.graphs:
                raise QueryRefusedError(f"FROM <{iri}>")

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
