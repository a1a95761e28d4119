"""SHACL: sources in, findings out, each with its file and line, in Italian and English.

This module alone names pyshacl. It knows what a shape reports, not what a release does about it: a
violation forbids a release, warnings and infos are published with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import pyshacl
from pyshacl.constraints.constraint_component import ConstraintComponent
from pyshacl.errors import ReportableRuntimeError
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.extras.shacl import parse_shacl_path
from rdflib.paths import InvPath, Path
from rdflib.plugins import sparql
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.term import Node

from ctlgraph.errors import SourceError
from ctlgraph.messages import LANGUAGES, N_, language, translate
from ctlgraph.sources import Location, Sources
from ctlgraph.validation.report import SEVERITIES, Finding, Report, name, order
from ctlgraph.vocabulary import compact

sparql.SPARQL_LOAD_GRAPHS = False  # the query of a shape reads the data it is given, never the web

_SEVERITY_NAMES = {iri: word for word, iri in SEVERITIES.items()}
_TAG = "\x1f"


def validate(sources: Sources, derived: Iterable[tuple[Any, Any, Any]] = ()) -> Report:
    """Return what the shapes say of the union of all graphs and the derived statements.

    derived: triples that a release adds, such as the superclasses of each type; shapes count on them.
    Raises SourceError if a shape cannot be used.
    """
    data = _Data()
    for subject, predicate, value, _ in sources.dataset.quads():
        data.add((subject, predicate, value))
    for triple in derived:
        data.add(triple)
    try:
        _, results, text = pyshacl.validate(data, shacl_graph=_tagged(sources.shapes), inplace=True)
    except (ReportableRuntimeError, _QueryFault) as error:
        raise _unusable(sources, error) from error
    if not isinstance(results, Graph):  # pyshacl hands its failure back in place of the report
        raise SourceError("shapes", None, _UNUSABLE, detail=text)
    places = _Places(sources)
    found = (_finding(results, node, sources.shapes, places) for node in results.objects(None, SH.result))
    return Report(tuple(sorted(found, key=order)))


_UNUSABLE = N_("a shape cannot be used: {detail}")


class _QueryFault(Exception):
    """The query of a shape is not SPARQL."""

    def __init__(self, query: str, detail: str) -> None:
        super().__init__(detail)
        self.query = query


def _unusable(sources: Sources, error: Exception) -> SourceError:
    query = getattr(error, "query", None)
    for (_, predicate, value, _), place in sources.locations.items():
        if query and predicate == SH.select and str(value).strip() in query:
            return SourceError(place.path, place.line, _UNUSABLE, detail=_one_line(error))
    return SourceError("shapes", None, _UNUSABLE, detail=_one_line(error))


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _shown(bound: Any) -> Any:
    """Return what fills in a message: compact names, and no backslash that a pattern takes for its own."""
    if isinstance(bound, dict):
        return {variable: _shown(value) for variable, value in bound.items()}
    if isinstance(bound, tuple):
        return tuple(map(_shown, bound))
    text = compact(bound) if isinstance(bound, URIRef) else bound
    return text and str(text).replace("\\", r"\\")


_pyshacl_fill: Callable[[Any, str, Any], str] = ConstraintComponent._format_sparql_based_result_message


def _fill(constraint: ConstraintComponent, message: str, bound: Any) -> str:
    return _pyshacl_fill(constraint, message, _shown(bound))


ConstraintComponent._format_sparql_based_result_message = _fill  # type: ignore[method-assign]


class _Data(Graph):
    """A graph that parses each query once, where pyshacl asks it again for every node."""

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        prepared = _prepared(query_object) if isinstance(query_object, str) else query_object
        return super().query(prepared, *args, **kwargs)


@lru_cache(maxsize=512)
def _prepared(query: str) -> Query:
    try:
        return sparql.prepareQuery(query)
    except Exception as error:  # rdflib raises the bare Exception for an unknown prefix
        raise _QueryFault(query, str(error)) from error


def _tagged(shapes: Graph) -> Graph:
    """Return the shapes with the language of each message inside its text too.

    pyshacl drops the language of a message that it fills in, so the text has to carry it.
    """
    tagged = Graph()
    for subject, predicate, value in shapes:
        if predicate == SH.message and isinstance(value, Literal) and value.language:
            value = Literal(value.language + _TAG + value, lang=value.language)
        tagged.add((subject, predicate, value))
    return tagged


def _finding(results: Graph, node: Node, shapes: Graph, places: _Places) -> Finding:
    def fact(predicate: URIRef) -> Any:
        return results.value(node, predicate)

    path = fact(SH.resultPath)
    path = None if path is None else parse_shacl_path(results, path)
    focus, value, component = fact(SH.focusNode), fact(SH.value), fact(SH.sourceConstraintComponent)
    rule = _named(shapes, fact(SH.sourceShape))
    return Finding(
        severity=_SEVERITY_NAMES[fact(SH.resultSeverity)],
        focus=focus,
        path=path,
        value=value,
        rule=rule,
        component=component,
        messages=_messages(map(str, results.objects(node, SH.resultMessage)), rule, component),
        location=places.of(focus, path, value),
    )


def _named(shapes: Graph, node: Node) -> Node:
    """Return the shape itself, or the nearest one with a name that it is part of."""
    while isinstance(node, BNode) and (whole := next(shapes.subjects(None, node), None)) is not None:
        node = whole
    return node


def _messages(texts: Iterable[str], rule: Node, component: Node) -> dict[str, str]:
    by_language = defaultdict(list)
    for text in sorted(texts):
        lang, tag, message = text.rpartition(_TAG)
        if tag:
            by_language[language(lang)].append(message)
    plain = N_("the shape {rule} ({component}) is not met")
    facts = {"rule": name(rule), "component": name(component)}
    return {lang: "; ".join(by_language[lang]) or translate(plain, lang, **facts) for lang in LANGUAGES}


class _Places:
    """Where each node's statements are written."""

    def __init__(self, sources: Sources) -> None:
        self._of: defaultdict[Node, list[tuple[Node, Node, Location]]] = defaultdict(list)
        for (subject, predicate, value, _), place in sources.locations.items():
            self._of[subject].append((predicate, value, place))

    def of(self, focus: Node, path: URIRef | Path | None, value: Node | None) -> Location | None:
        """Return the place of focus-path-value, else of focus-path, of the type, of any statement."""
        if isinstance(path, InvPath) and value is not None:
            focus, path, value = value, path.arg, focus
        ranked = (
            (
                0
                if (predicate, found) == (path, value)
                else 1
                if predicate == path
                else 2 + (predicate != RDF.type),
                place,
            )
            for predicate, found, place in self._of.get(focus, ())
        )
        return min(ranked, key=lambda item: (item[0], item[1].path, item[1].line), default=(0, None))[1]
