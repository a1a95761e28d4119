"""SHACL: sources in, findings out, each with its file and line, in Italian and English.

This module alone names pyshacl. It knows what a shape reports, not what a release does about it: a
violation forbids a release, warnings and infos are published with it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import pyshacl
from pyshacl.constraints.constraint_component import ConstraintComponent
from pyshacl.errors import ReportableRuntimeError
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.extras.shacl import build_shacl_path, parse_shacl_path
from rdflib.paths import InvPath, Path
from rdflib.plugins import sparql
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.term import Node

from ctlgraph.errors import SourceError
from ctlgraph.messages import LANGUAGES, N_, language, translate
from ctlgraph.sources import Location, Sources
from ctlgraph.vocabulary import BASE, PREFIXES, compact

sparql.SPARQL_LOAD_GRAPHS = False  # the query of a shape reads the data it is given, never the web

SEVERITIES = {"violation": SH.Violation, "warning": SH.Warning, "info": SH.Info}

_WORDS = {"violation": N_("violation"), "warning": N_("warning"), "info": N_("info")}
_SEVERITY_NAMES = {iri: word for word, iri in SEVERITIES.items()}
_TAG = "\x1f"


@dataclass(frozen=True)
class Finding:
    """One thing that a shape reports.

    severity: "violation", "warning" or "info". focus, path, value: the node at fault, as SHACL has them.
    rule: the shape, or the named one that it is part of. component: the kind of constraint.
    messages: by language. location: of the statement at fault, else of the type or the first statement of
    the node; None if all of these are derived.
    """

    severity: str
    focus: Node
    path: URIRef | Path | None
    value: Node | None
    rule: Node
    component: Node
    messages: Mapping[str, str]
    location: Location | None

    def to_json(self) -> dict[str, Any]:
        """Return the facts under their own names, with compact names of nodes, and file and line."""
        return {
            "severity": self.severity,
            "file": self.location and self.location.path,
            "line": self.location and self.location.line,
            "focus": _name(self.focus),
            "path": self.path and _name(self.path),
            "value": self.value and _name(self.value),
            "rule": _name(self.rule),
            "component": _name(self.component),
            "messages": dict(self.messages),
        }


@dataclass(frozen=True)
class Report:
    """What all shapes report: violations first, then as one reads the files, always in the same order."""

    findings: tuple[Finding, ...]

    @property
    def conforms(self) -> bool:
        """True if nothing forbids a release: no finding is a violation."""
        return not self.counts["violation"]

    @property
    def counts(self) -> dict[str, int]:
        """The number of findings of each severity, the zeros too."""
        found = Counter(finding.severity for finding in self.findings)
        return {severity: found[severity] for severity in SEVERITIES}

    @cached_property
    def graph(self) -> Graph:
        """The same as a SHACL validation report, without blank nodes for its results."""
        graph = Graph(bind_namespaces="none")
        for prefix, namespace in PREFIXES.items():
            graph.bind(prefix, namespace)
        report = URIRef(BASE + "report")
        graph.add((report, RDF.type, SH.ValidationReport))
        graph.add((report, SH.conforms, Literal(not self.findings)))
        for number, finding in enumerate(self.findings, start=1):
            result = URIRef(f"{report}#{number}")
            graph.add((report, SH.result, result))
            for predicate, value in _statements(finding, graph):
                graph.add((result, predicate, value))
        return graph

    def turtle(self) -> bytes:
        """Return the report as Turtle, byte for byte the same for the same findings."""
        return self.graph.serialize(format="turtle", encoding="utf-8")


def _statements(finding: Finding, graph: Graph) -> Iterable[tuple[URIRef, Any]]:
    yield RDF.type, SH.ValidationResult
    yield SH.resultSeverity, SEVERITIES[finding.severity]
    yield SH.focusNode, finding.focus
    yield SH.sourceShape, finding.rule
    yield SH.sourceConstraintComponent, finding.component
    if finding.path is not None:
        yield SH.resultPath, build_shacl_path(finding.path, graph)[0]
    if finding.value is not None:
        yield SH.value, finding.value
    for lang, message in finding.messages.items():
        yield SH.resultMessage, Literal(message, lang=lang)


def render(finding: Finding, lang: str) -> str:
    """Return one line: `data/ttl/doc-003/afil.trig:31: violation: cluster:afil skos:prefLabel: <message>`."""
    lang = language(lang)
    place = [str(finding.location)] if finding.location else []
    node = " ".join(_name(part) for part in (finding.focus, finding.path) if part is not None)
    return ": ".join([*place, translate(_WORDS[finding.severity], lang), node, finding.messages[lang]])


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
    return Report(tuple(sorted(found, key=_order)))


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
    facts = {"rule": _name(rule), "component": _name(component)}
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


def _order(finding: Finding) -> tuple[Any, ...]:
    """By severity, then as one reads the files, then by name."""
    place = (finding.location.path, finding.location.line) if finding.location else ("", 0)
    facts = (finding.focus, finding.path, finding.rule, finding.component, finding.value)
    names = (_name(fact) if fact is not None else "" for fact in facts)
    return (list(SEVERITIES).index(finding.severity), *place, *names, *finding.messages.values())


def _name(node: Node | Path) -> str:
    """Return the compact name of an IRI, a path and a literal as SPARQL has them, "[]" for a blank node."""
    if isinstance(node, BNode):
        return "[]"
    if isinstance(node, URIRef):
        return compact(str(node))
    return re.sub("<([^<>]*)>", lambda iri: compact(iri[1]), node.n3())
