"""SHACL: sources in, findings out, each with its file and line, in Italian and English.

It knows what a shape reports, not how shapes are run (`engines.py`) nor what a release does about it: a
violation forbids a release, warnings and infos are published with it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from rdflib import RDF, SH, SKOS, BNode, Graph, Literal, URIRef
from rdflib.extras.shacl import parse_shacl_path
from rdflib.paths import InvPath, Path
from rdflib.term import Node

from ctlgraph.errors import SourceError
from ctlgraph.messages import LANGUAGES, N_, language, translate
from ctlgraph.sources import Location, Quad, Sources
from ctlgraph.validation.engines import ENGINES, ShapeFault
from ctlgraph.validation.report import SEVERITIES, Finding, Report, name, order
from ctlgraph.vocabulary import compact

_SEVERITY_NAMES = {iri: word for word, iri in SEVERITIES.items()}
_TAG, _MARK = "\x1f", "\x1e"
_FIELD = re.compile(r"\{[?$]\w+\}")
_MARKED = re.compile(f"{_MARK}([^{_MARK}]*){_MARK}")


def validate(
    sources: Sources, derived: Iterable[tuple[Any, Any, Any]] = (), *, engine: str = "turbo"
) -> Report:
    """Return what the shapes say of the union of all graphs and the derived statements.

    derived: triples that a release adds, such as the superclasses of each type; shapes count on them.
    engine: "turbo", or "pyshacl", the reference, which is much slower. Raises SourceError if a shape
    cannot be used.
    """
    added = Graph()
    for triple in derived:
        added.add(triple)
    ntriples = "".join(graph.serialize(format="nt") for graph in (*sources.dataset.graphs(), added))
    return judge(ntriples, sources.shapes, sources.locations, engine=engine)


def judge(
    ntriples: str, shapes: Graph, locations: Mapping[Quad, Location] | None = None, *, engine: str = "turbo"
) -> Report:
    """Return what the shapes say of N-Triples, and where in the files that is, if anyone knows."""
    locations = locations or {}
    try:
        results = ENGINES[engine](ntriples, _tagged(shapes))
    except ShapeFault as fault:
        raise _unusable(locations, fault) from fault
    places = _Places(locations)
    found = (_finding(results, node, shapes, places) for node in results.objects(None, SH.result))
    return Report(tuple(sorted(found, key=order)))


_UNUSABLE = N_("a shape cannot be used: {detail}")


def _unusable(locations: Mapping[Quad, Location], fault: ShapeFault) -> SourceError:
    for (_, predicate, value, _), place in locations.items():
        if fault.query and predicate == SH.select and str(value).strip() in fault.query:
            return SourceError(place.path, place.line, _UNUSABLE, detail=fault)
    return SourceError("shapes", None, _UNUSABLE, detail=fault)


def _tagged(shapes: Graph) -> Graph:
    """Return the shapes with the language of each message inside its text too, and marks round its fields.

    A message that is filled in loses its language and has whole IRIs: what is in its text, it keeps. What its
    shape tells editors comes behind it: a message is what a rule asks, a note where it is mended.
    """
    notes = {
        (subject, note.language): note
        for subject, note in shapes.subject_objects(SKOS.editorialNote)
        if isinstance(note, Literal)
    }
    tagged = Graph()
    for subject, predicate, value in shapes:
        if predicate == SH.message and isinstance(value, Literal) and value.language:
            note = notes.get((subject, value.language), "")
            text = _FIELD.sub(lambda field: _MARK + field[0] + _MARK, f"{value} {note}".rstrip())
            value = Literal(value.language + _TAG + text, lang=value.language)
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
        description=_described(shapes, rule),
    )


def _named(shapes: Graph, node: Node) -> Node:
    """Return the shape itself, or the nearest one with a name that it is part of."""
    while isinstance(node, BNode) and (whole := next(shapes.subjects(None, node), None)) is not None:
        node = whole
    return node


def _described(shapes: Graph, rule: Node) -> dict[str, str]:
    """Return what a rule asks, by language; its name if it does not say."""
    texts = [*shapes.objects(rule, SH.name), *shapes.objects(rule, SH.description)]
    return {text.language: str(text) for text in texts if isinstance(text, Literal) and text.language}


def _messages(texts: Iterable[str], rule: Node, component: Node) -> dict[str, str]:
    by_language = defaultdict(list)
    for text in sorted(texts):
        lang, tag, message = text.rpartition(_TAG)
        if tag:
            by_language[language(lang)].append(_MARKED.sub(lambda value: compact(value[1]), message))
    plain = N_("the shape {rule} ({component}) is not met")
    facts = {"rule": name(rule), "component": name(component)}
    return {lang: "; ".join(by_language[lang]) or translate(plain, lang, **facts) for lang in LANGUAGES}


class _Places:
    """Where each node's statements are written."""

    def __init__(self, locations: Mapping[Quad, Location]) -> None:
        self._of: defaultdict[Node, list[tuple[Node, Node, Location]]] = defaultdict(list)
        for (subject, predicate, value, _), place in locations.items():
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
