"""What the project asks of its files beyond being Turtle: each statement in its graph, each term declared.

These are the rules that a person meets while writing; what the data must say is for the shapes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from rdflib import OWL, RDF, RDFS, BNode, URIRef

from ctlgraph.errors import SourceError
from ctlgraph.messages import N_
from ctlgraph.sources.turtle import Document, Statement, Term
from ctlgraph.vocabulary import BASE, PREFIXES, compact, nearest, passage

CURATED = BASE + "graph/curated/"

_TERMS = PREFIXES["ctl"]
_CONCEPTS = BASE + "vocab/"
_SPACES = (_TERMS, _CONCEPTS)
_PROPERTY_KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
_BUILT_IN = frozenset(
    str(namespace[name]) for namespace in (RDF, RDFS, OWL) for name in namespace.__annotations__
)


def misplaced(path: str, document: Document, home: str) -> Iterator[SourceError]:
    """Yield each blank node, and each graph that is not where the file should write.

    home: the IRI of the one graph of a Turtle file, or the start, with its slash, of those of a TriG file.
    """
    yield from _blank_nodes(path, document)
    if home.endswith("/"):
        yield from _strays(path, document, home)
        for graph, line in document.graphs:
            if isinstance(graph, URIRef):
                yield from _wrong_graph(path, line, graph, home)


def _blank_nodes(path: str, document: Document) -> Iterator[SourceError]:
    found = (
        s.line for s in document.statements if isinstance(s.subject, BNode) or isinstance(s.object, BNode)
    )
    for line in dict.fromkeys(found):
        yield SourceError(path, line, N_("a blank node: the data has none, give it an IRI of its own"))


def _strays(path: str, document: Document, home: str) -> Iterator[SourceError]:
    for statement in document.statements:
        if not isinstance(statement.graph, URIRef):
            reason = N_(
                "a statement outside every named graph: put it inside a block such as {example} {{ }}"
            )
            example = compact(home + ("labels" if home == CURATED else "30-32"))
            yield SourceError(path, statement.line, reason, example=example)
            return


def _wrong_graph(path: str, line: int, graph: str, home: str) -> Iterator[SourceError]:
    if not graph.startswith(home):
        reason = N_("the graph {graph} is outside its folder: here a graph begins with {home}")
        yield SourceError(path, line, reason, graph=compact(graph), home=home)
    elif home == CURATED:
        if not re.fullmatch(r"[a-z0-9-]+", graph.removeprefix(home)):
            reason = N_("{graph} is no topic: write {home} and one word in small letters, digits and hyphens")
            yield SourceError(path, line, reason, graph=graph, home=home)
    else:
        lines = passage(graph)
        if lines is None or not 1 <= lines[1] <= lines[2]:
            reason = N_(
                "{graph} is no passage: write {home} and first-last line, the first not after the last"
            )
            yield SourceError(path, line, reason, graph=graph, home=home)


def unknown_terms(documents: Mapping[str, Document]) -> Iterator[SourceError]:
    """Yield each term that no file of `ontology/` declares, with the nearest known one.

    In the data and the vocabularies every property and class must be declared; anywhere at all, in the
    shapes too, every term of the project's own and every concept. One problem for each term of a file.
    """
    known = _Known(documents)
    for path, document in documents.items():
        strict = not path.startswith(("ontology/", "shapes/")) or path.startswith("ontology/vocab/")
        seen: set[str] = set()
        for statement in document.statements:
            for term, candidates in known.missing(statement, strict=strict):
                if term not in seen:
                    seen.add(term)
                    yield _unknown(path, statement.line, term, candidates)


class _Known:
    """What the files of `ontology/` declare."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        by_kind: defaultdict[str, set[str]] = defaultdict(set)
        for path, document in documents.items():
            if path.startswith("ontology/"):
                for subject, predicate, kind, *_ in document.statements:
                    if predicate == RDF.type:
                        by_kind[str(kind)].add(str(subject))
        self.classes = by_kind[str(OWL.Class)] | _BUILT_IN
        self.properties = _BUILT_IN.union(*(by_kind[str(kind)] for kind in _PROPERTY_KINDS))
        self.named = set().union(*by_kind.values())

    def missing(self, statement: Statement, *, strict: bool) -> Iterator[tuple[str, AbstractSet[str]]]:
        """Yield each undeclared term of a statement with the terms that could have been meant."""
        predicate, value = str(statement.predicate), str(statement.object)
        if strict and predicate not in self.properties:
            yield predicate, self.properties
        if strict and statement.predicate == RDF.type and value not in self.classes:
            yield value, self.classes
        for term in filter(_is_own, statement[:3]):
            if str(term) not in self.named:
                space = _TERMS if term.startswith(_TERMS) else _CONCEPTS
                yield str(term), {name for name in self.named if name.startswith(space)}


def _is_own(term: Term) -> bool:
    return isinstance(term, URIRef) and str(term).startswith(_SPACES) and str(term) not in _SPACES


def _unknown(path: str, line: int, term: str, candidates: AbstractSet[str]) -> SourceError:
    meant = nearest(compact(term), map(compact, candidates))
    if meant:
        return SourceError(
            path, line, N_("unknown term {term}: did you mean {nearest}?"), term=compact(term), nearest=meant
        )
    return SourceError(
        path,
        line,
        N_("unknown term {term}: declare it in ontology/, or use a declared one"),
        term=compact(term),
    )
