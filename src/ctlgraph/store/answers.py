"""What a query gave, in the bytes of a standard format: the engine's own serialisation."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO

import pyoxigraph as engine

from ctlgraph.errors import ParameterError, QueryError
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
    "rdf": engine.RdfFormat.RDF_XML,
}
FAILED = N_("the engine cannot answer the query: {reason}")

_OF_KIND = {"select": tuple(RESULT_FORMATS), "ask": ("json", "xml"), "construct": tuple(GRAPH_FORMATS)}
_SORTED = 1000  # triples: an answer of fewer is sorted, which more would pay for with their time
_NAMESPACES = {iri.encode(): prefix for prefix, iri in PREFIXES.items()}
_JSON_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"')
_CSV_QUOTED = re.compile(rb'"[^"]*+"')

Statements = Iterable[engine.Triple] | Iterable[engine.Quad] | engine.Dataset


@dataclass(frozen=True)
class Answer:
    """What a query gave: solutions ("select"), a truth value ("ask") or triples ("construct").

    DESCRIBE gives triples too. It is read once: `write` and `serialize` consume it.
    volatile: asking again may give another answer, over the same data.
    """

    kind: str
    _result: engine.QuerySolutions | engine.QueryBoolean | engine.QueryTriples
    volatile: bool = False

    @classmethod
    def of(
        cls, result: engine.QuerySolutions | engine.QueryBoolean | engine.QueryTriples, *, volatile: bool
    ) -> Answer:
        """The answer that a result of the engine is."""
        if isinstance(result, engine.QuerySolutions):
            return cls("select", result, volatile)
        return cls("ask" if isinstance(result, engine.QueryBoolean) else "construct", result, volatile)

    @property
    def formats(self) -> tuple[str, ...]:
        """The names that `write` takes. CSV and TSV have no form for the answer of an ASK."""
        return _OF_KIND[self.kind]

    def write(self, format_name: str, file: IO[bytes]) -> None:
        """Write the answer. Fewer than a thousand triples come sorted and each once, more as they are found.

        Raises ParameterError if this kind of answer has no such format, QueryError if the engine fails,
        OSError if the file does.
        """
        if format_name not in self.formats:
            raise ParameterError("format", format_name, ", ".join(self.formats))
        try:
            if isinstance(self._result, engine.QueryTriples):
                _write_triples(self._result, format_name, file)
            else:
                self._result.serialize(file, format=RESULT_FORMATS[format_name])
        except (OSError, RuntimeError, ValueError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise QueryError(FAILED, reason=str(error)) from error

    def serialize(self, format_name: str) -> bytes:
        """What `write` writes, as bytes: for small answers."""
        file = io.BytesIO()
        self.write(format_name, file)
        return file.getvalue()


def serialize(statements: Statements, name: str) -> bytes:
    """The statements in their order, with the prefixes that they use."""
    lines = engine.serialize(statements, format=engine.RdfFormat.N_QUADS) or b""
    used = {prefix: iri for prefix, iri in PREFIXES.items() if b"<" + iri.encode() in lines}
    if name in ("nq", "nt"):
        return lines
    return engine.serialize(statements, format=GRAPH_FORMATS[name], prefixes=used) or b""


def count_rows(format_name: str, data: bytes, limit: int = 0) -> int:
    """The number of solutions in the serialised answer of a SELECT.

    Exact; of JSON, where that takes longer, only if it may be over `limit`, else a number not over it.
    """
    match format_name:
        case "xml":
            return data.count(b"<result>")
        case "tsv":
            return data.count(b"\n") - 1
        case "csv":
            return _CSV_QUOTED.sub(b"", data).count(b"\r\n") - 1
    most = data.count(b"},{") + 1
    if most <= limit:
        return most
    bare = _JSON_STRING.sub(b"", data)
    return 0 if data.endswith(b":[]}}") else bare.count(b"},{") + 1


def _write_triples(found: engine.QueryTriples, name: str, file: IO[bytes]) -> None:
    first = list(islice(found, _SORTED))
    if len(first) == _SORTED:
        engine.serialize(chain(first, found), file, format=GRAPH_FORMATS[name], prefixes=PREFIXES)
        return
    triples = sorted(set(first), key=str)
    lines = engine.serialize(triples, format=engine.RdfFormat.N_TRIPLES) or b""
    if name in ("nq", "nt"):
        file.write(lines)
    else:
        engine.serialize(triples, file, format=GRAPH_FORMATS[name], prefixes=_prefixes(lines))


def _prefixes(lines: bytes) -> dict[str, str]:
    """The prefixes that shorten an IRI of these N-Triples: a short answer has a short head."""
    iris = {piece[: piece.find(b">")] for piece in lines.split(b"<")}
    namespaces = {iri[: max(iri.rfind(b"/"), iri.rfind(b"#")) + 1] for iri in iris}
    return {_NAMESPACES[each]: each.decode() for each in sorted(namespaces & _NAMESPACES.keys())}
