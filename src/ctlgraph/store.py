"""A release opened for SPARQL.

Knows the embedded engine, which no other module names, and a directory that holds ``ctlgraph.nq``; not how a
release is made. What a query sees as its default graph is the merge of all graphs: a fact that two passages
state counts once there, and twice under ``GRAPH ?g``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as engine

from ctlgraph.errors import ParameterError, QueryError, QuerySyntaxError, SourceError
from ctlgraph.messages import N_
from ctlgraph.vocabulary import PREFIXES

RESULT_FORMATS = {
    "json": engine.QueryResultsFormat.JSON,
    "xml": engine.QueryResultsFormat.XML,
    "csv": engine.QueryResultsFormat.CSV,
    "tsv": engine.QueryResultsFormat.TSV,
}
GRAPH_FORMATS = {
    "ttl": engine.RdfFormat.TURTLE,
    "nt": engine.RdfFormat.N_TRIPLES,
    "trig": engine.RdfFormat.TRIG,
    "jsonld": engine.RdfFormat.JSON_LD,
    "nq": engine.RdfFormat.N_QUADS,
}
_OF_KIND = {"select": tuple(RESULT_FORMATS), "ask": ("json", "xml"), "construct": tuple(GRAPH_FORMATS)}
_TRIPLES_ONLY = ("ttl", "nt")

_ENGINE_SAYS = re.compile(
    r"error at (?P<line>\d+):(?P<column>\d+): expected (?:one of )?(?P<expected>.*)", re.DOTALL
)
_EXPECTED = re.compile(
    r"""  "(?:[^"\\]|\\.)*"  |  \[(?:'[^\n]*?'|[^]'])*\]  |  \b[A-Z]{2,}\b  """, re.VERBOSE
)
_REASONS = {
    "Prefix not found": N_("a name has a prefix without a PREFIX line"),
    "IRI parsing failed": N_("an IRI is relative or has a character that IRIs do not take"),
    "The SELECT contains a variable that is unbound": N_("SELECT names a variable that GROUP BY does not"),
}
_UNEXPECTED = N_("unexpected text, or the query ends too early")
_FAILED = N_("the engine cannot answer the query: {reason}")


@dataclass(frozen=True)
class Answer:
    """What a query gave: solutions ("select"), a truth value ("ask") or triples ("construct").

    DESCRIBE gives triples too. It is read once: `serialize` consumes it.
    """

    kind: str
    _result: engine.QuerySolutions | engine.QueryBoolean | engine.QueryTriples

    @property
    def formats(self) -> tuple[str, ...]:
        """The names that `serialize` takes. CSV and TSV have no form for the answer of an ASK."""
        return _OF_KIND[self.kind]

    def serialize(self, format_name: str) -> bytes:
        """The answer, written by the engine; triples sorted and each once.

        Raises ParameterError if this kind of answer has no such format, QueryError if the engine fails.
        """
        if format_name not in self.formats:
            raise ParameterError("format", format_name, ", ".join(self.formats))
        try:
            if isinstance(self._result, engine.QueryTriples):
                triples = sorted(set(self._result), key=str)
                return _serialize(triples, format_name)
            return self._result.serialize(format=RESULT_FORMATS[format_name]) or b""
        except (OSError, RuntimeError, ValueError) as error:
            raise QueryError(_FAILED, reason=str(error)) from error


class Store:
    """A dataset in memory, read only. `Store.open` and `Store.from_nquads` make one."""

    def __init__(self, quads: Iterable[engine.Quad]) -> None:
        self._quads = frozenset(quads)
        self._engine = engine.Store()
        self._engine.bulk_extend(self._quads)
        self._engine.bulk_extend(engine.Quad(*quad.triple) for quad in self._quads)

    @classmethod
    def from_nquads(cls, data: bytes) -> Store:
        """A store of these N-Quads. Raises SourceError with the line when they are damaged."""
        try:
            return cls(engine.parse(data, format=engine.RdfFormat.N_QUADS))
        except SyntaxError as error:
            raise SourceError("ctlgraph.nq", error.lineno or 1, str(error.msg)) from error

    @classmethod
    def open(cls, release: Path) -> Store:
        """The store of a release directory. Raises SourceError when its ``ctlgraph.nq`` cannot be read."""
        path = release / "ctlgraph.nq"
        try:
            return cls.from_nquads(path.read_bytes())
        except OSError as error:
            raise SourceError(str(path), 1, error.strerror or str(error)) from error

    def __len__(self) -> int:
        """The number of quads."""
        return len(self._quads)

    def query(
        self, text: str, *, default_graphs: tuple[str, ...] = (), named_graphs: tuple[str, ...] = ()
    ) -> Answer:
        """Answer one SPARQL query.

        default_graphs, named_graphs: IRIs that replace the dataset, as the SPARQL Protocol has it; both empty
        means the whole release. Raises QuerySyntaxError with line and column, QueryError if the engine fails.
        """
        chosen = bool(default_graphs or named_graphs)
        try:
            result = self._engine.query(
                text,
                default_graph=[engine.NamedNode(iri) for iri in default_graphs] if chosen else None,
                named_graphs=[engine.NamedNode(iri) for iri in named_graphs] if chosen else None,
            )
        except SyntaxError as error:
            raise _syntax_error(str(error)) from error
        except (OSError, RuntimeError, ValueError) as error:
            raise QueryError(_FAILED, reason=str(error)) from error
        return Answer(_kind(result), result)

    def construct(self, text: str) -> bytes:
        """The triples of a CONSTRUCT as N-Triples, sorted."""
        return self.query(text).serialize("nt")

    def canonical(self) -> bytes:
        """The dataset as RDFC-1.0 canonical N-Quads: blank nodes renamed, lines sorted.

        Source: https://www.w3.org/TR/rdf-canon/
        """
        dataset = engine.Dataset(self._quads)
        dataset.canonicalize(engine.CanonicalizationAlgorithm.RDFC_1_0)
        lines = _serialize(dataset, "nq").splitlines(keepends=True)
        return b"".join(sorted(lines))

    def dump(self, format_name: str, graph: str | None = None) -> bytes:
        """The dataset in another format, byte for byte the same for the same facts.

        format_name: nq, trig and jsonld keep the graphs, ttl and nt merge them.
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
            return _serialize(sorted({quad.triple for quad in quads}, key=str), format_name)
        if format_name != "nq":  # its lines are sorted already
            quads.sort(key=lambda quad: (str(quad.graph_name), str(quad.triple)))
        return _serialize(quads, format_name)


def _serialize(
    statements: Sequence[engine.Triple] | Sequence[engine.Quad] | engine.Dataset, name: str
) -> bytes:
    """The statements in their order, with the prefixes that they use."""
    lines = engine.serialize(statements, format=engine.RdfFormat.N_QUADS) or b""
    used = {prefix: iri for prefix, iri in PREFIXES.items() if b"<" + iri.encode() in lines}
    if name in ("nq", "nt"):
        return lines
    return engine.serialize(statements, format=GRAPH_FORMATS[name], prefixes=used) or b""


def _kind(result: object) -> str:
    if isinstance(result, engine.QuerySolutions):
        return "select"
    return "ask" if isinstance(result, engine.QueryBoolean) else "construct"


def _within(name: object, graph: str) -> bool:
    if not isinstance(name, engine.NamedNode):
        return False
    return name.value.startswith(graph) if graph.endswith("/") else name.value == graph


def _syntax_error(text: str) -> QuerySyntaxError:
    """The engine's message in parts; of its long list of what it expected, what a person can type."""
    found = _ENGINE_SAYS.match(text)
    if not found:
        return QuerySyntaxError(text, 1, 1)
    line, column, expected = int(found["line"]), int(found["column"]), found["expected"]
    for words, reason in _REASONS.items():
        if words in expected:
            return QuerySyntaxError(reason, line, column)
    tokens = [token for token in _EXPECTED.findall(expected) if not token.startswith("[")]
    return QuerySyntaxError(f"expected {', '.join(tokens)}" if tokens else _UNEXPECTED, line, column)
