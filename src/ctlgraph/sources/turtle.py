"""Turtle and TriG in, statements with their line out.

The parser is rdflib's. What is added: the line of each object, numbers kept as written, and reasons that
a person can act on. It knows nothing of the project's own rules: those are in `checks.py`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import MutableSequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple, NoReturn

from rdflib import XSD, BNode, Graph, Literal, URIRef
from rdflib.plugins.parsers.notation3 import BadSyntax, RDFSink, SinkParser, sfloat
from rdflib.plugins.parsers.trig import TrigSinkParser

from ctlgraph.errors import SourceError
from ctlgraph.messages import N_
from ctlgraph.terminals import check_depth
from ctlgraph.vocabulary import PREFIXES, nearest

Term = URIRef | BNode | Literal

_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`]')
_NUMBERS = {int: XSD.integer, Decimal: XSD.decimal, sfloat: XSD.double}
_NO_BASE = "no-base:/"  # what a relative IRI is resolved against in a file without @base: then it is refused
_UNBOUND = re.compile(r'Prefix "(?P<prefix>.*):" not bound')
_REASONS = (
    (
        r"EOF|found end|file ends",
        N_("the file ends too early: close the last statement with '.', a graph with '}}'"),
    ),
    (
        r"expected '\.'",
        N_("'.' or ';' is missing before '{near}': close the statement above or on this line"),
    ),
    (r"objectList expected", N_("a value is missing before '{near}': write it after the property")),
    (r"propertylist", N_("a property is expected at '{near}': write subject, property, value and '.'")),
    (
        r"string|Quote",
        N_("a text is not closed at '{near}': add its quote; a text of several lines takes three"),
    ),
    (r"relative", N_("the IRI at '{near}' is not valid: write it in full, without spaces, or with a prefix")),
    (r"subject", N_("the statement that ends at '{near}' is not RDF: subject and property must be IRIs")),
    (r"", N_("not valid Turtle or TriG at '{near}' (column {column}): correct it or remove it")),
)


class Statement(NamedTuple):
    """One statement; graph is None outside every graph block, line that of its object."""

    subject: URIRef | BNode
    predicate: URIRef
    object: Term
    graph: URIRef | None
    line: int


@dataclass
class Document:
    """What one file says: its statements in order, and its graph blocks with their line."""

    statements: list[Statement] = field(default_factory=list)
    graphs: list[tuple[URIRef, int]] = field(default_factory=list)


def decode(path: str, data: bytes) -> str:
    """Return the text of a file. Raises SourceError, with the byte and its line, if it is not UTF-8."""
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise SourceError(
            path,
            data.count(b"\n", 0, error.start) + 1,
            N_("byte 0x{byte} is not UTF-8: save the file again with the encoding UTF-8"),
            byte=f"{data[error.start]:02X}",
        ) from error


def parse(path: str, data: bytes) -> Document:
    """Return the statements of a Turtle or (`.trig`) TriG file.

    Raises SourceError, with the line, at the first thing that is not Turtle or nests without end.
    """
    text = decode(path, data)
    check_depth(path, data)
    sink = _Sink()
    parser = (_TrigParser if path.endswith(".trig") else _TurtleParser)(sink, text)
    try:
        parser.loadBuf(text + "\n")  # type: ignore[no-untyped-call, unused-ignore]
    except BadSyntax as error:
        position = parser.position if "string" in error._why else error._i
        raise _explain(path, text, position, error._why, parser._bindings) from error
    except (AssertionError, IndexError, ValueError, RecursionError) as error:
        raise _explain(path, text, parser.position, str(error), parser._bindings) from error
    return sink.document


def _explain(path: str, text: str, position: int, why: str, bindings: dict[str, str]) -> SourceError:
    position = position if 0 <= position < len(text) else len(text.rstrip())
    line = text.count("\n", 0, position) + 1
    unbound = _UNBOUND.search(why)
    if unbound:
        return _undeclared(path, line, unbound["prefix"], bindings)
    column = position - text.rfind("\n", 0, position)
    near = text[position : position + 40].split("\n")[0].strip()
    reason = next(reason for pattern, reason in _REASONS if re.search(pattern, why))
    return SourceError(path, line, reason, near=near, column=column)


def _undeclared(path: str, line: int, prefix: str, bindings: dict[str, str]) -> SourceError:
    if prefix in PREFIXES:
        reason = N_(
            "the prefix '{prefix}:' is not declared: add  @prefix {prefix}: <{namespace}> .  at the top"
        )
        return SourceError(path, line, reason, prefix=prefix, namespace=PREFIXES[prefix])
    meant = nearest(prefix, {*bindings, *PREFIXES} - {""})
    if meant:
        reason = N_("the prefix '{prefix}:' is not declared: did you mean '{nearest}:'?")
        return SourceError(path, line, reason, prefix=prefix, nearest=meant)
    reason = N_("the prefix '{prefix}:' is not declared: add its @prefix line at the top, or correct it")
    return SourceError(path, line, reason, prefix=prefix)


class _Located(NamedTuple):
    term: Any
    line: int


def _bare(term: Any) -> Any:
    return term.term if isinstance(term, _Located) else term


class _Sink(RDFSink):
    """Takes the parser's statements; `line` is that of the object being read."""

    def __init__(self) -> None:
        super().__init__(Graph())
        self.document = Document()
        self.line = 1

    def newSymbol(self, *args: str) -> URIRef:
        if _NOT_IN_IRI.search(args[0]) or args[0].startswith(_NO_BASE):
            raise ValueError("relative or invalid IRI")
        return URIRef(args[0])

    def newLiteral(self, s: str, dt: URIRef | None = None, lang: str | None = None) -> Literal:
        s.encode()  # half of a surrogate pair is no text: UnicodeEncodeError
        return Literal(s, datatype=dt, lang=lang, normalize=False)

    def newGraph(self, identifier: Any) -> Graph:
        self.document.graphs.append((identifier, self.line))
        return Graph(identifier=identifier)

    def makeStatement(self, quadruple: tuple[Any, Any, Any, Any], why: Any = None) -> None:
        graph, predicate, subject, value = quadruple
        subject, predicate, value = (self.normalise(None, term) for term in (subject, predicate, value))
        if not isinstance(subject, URIRef | BNode) or not isinstance(predicate, URIRef):
            raise ValueError("subject or property is not an IRI")
        name = None if graph is None else graph.identifier
        self.document.statements.append(Statement(subject, predicate, value, name, self.line))


class _Lines(SinkParser):
    """rdflib's parser, which also tells its sink the line of each object."""

    _store: _Sink

    def __init__(self, sink: _Sink, text: str) -> None:
        super().__init__(sink, baseURI=_NO_BASE, turtle=True)
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self.position = 0

    def _line(self, position: int) -> int:
        return bisect_right(self._starts, position)

    def object(self, argstr: str, i: int, res: MutableSequence[Any]) -> int:
        start = max(self.skipSpace(argstr, i), i)
        self.position = start
        self._store.line = line = self._line(start)
        end = super().object(argstr, i, res)
        if end >= 0:
            res[-1] = _Located(res[-1], line)
        return end

    def nodeOrLiteral(self, argstr: str, i: int, res: MutableSequence[Any]) -> int:
        end = super().nodeOrLiteral(argstr, i, res)
        kind = _NUMBERS.get(type(res[-1])) if end >= 0 else None
        if kind:
            res[-1] = Literal(argstr[self.skipSpace(argstr, i) : end], datatype=kind, normalize=False)
        return end

    def path(self, argstr: str, i: int, res: MutableSequence[Any]) -> int:
        return self.nodeOrLiteral(argstr, i, res)  # without the "!" and "^" of N3

    def statement(self, argstr: str, i: int) -> int:
        before = len(self._store.document.statements)
        end = super().statement(argstr, i)
        if end >= 0 and len(self._store.document.statements) == before:
            self._refuse(argstr, i, "expected propertylist")
        return end

    def uri_ref2(self, argstr: str, i: int, res: MutableSequence[Any]) -> int:
        try:
            return super().uri_ref2(argstr, i, res)
        except (AssertionError, ValueError):
            self._refuse(argstr, i, "relative or invalid IRI")

    def makeStatement(self, quadruple: tuple[Any, Any, Any, Any]) -> None:
        graph, predicate, subject, value = quadruple
        if isinstance(value, _Located):
            self._store.line = value.line
        super().makeStatement((graph, predicate, _bare(subject), _bare(value)))

    def _refuse(self, argstr: str, i: int, why: str) -> NoReturn:
        self.BadSyntax(argstr, max(self.skipSpace(argstr, i), i), why)


class _TurtleParser(_Lines):
    """Turtle."""


class _TrigParser(_Lines, TrigSinkParser):
    """TriG, with the line on which each graph block begins."""

    def graph(self, argstr: str, i: int) -> int:
        self._store.line = self._line(i)
        return super().graph(argstr, i)
