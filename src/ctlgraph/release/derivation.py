"""What a release adds to its sources: descriptions of passages, what rules derive, measures of graphs.

A rule is a CONSTRUCT in `ontology/derived/`; this module knows how rules are run, not what they say. What is
measured of collaboration graphs, which no rule can say, `collaboration` knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rdflib import RDF, Graph, Literal, Namespace, URIRef

from ctlgraph.errors import QueryError, QuerySyntaxError, SourceError
from ctlgraph.messages import N_
from ctlgraph.sources import Sources
from ctlgraph.sources.turtle import parse
from ctlgraph.store import Store
from ctlgraph.vocabulary import BASE, PREFIXES, passage

DERIVED = BASE + "graph/derived"
DESCRIBED = BASE + "graph/sources"

_CTL, _DCT, _OA, _PROV = (Namespace(PREFIXES[prefix]) for prefix in ("ctl", "dct", "oa", "prov"))
_BLANK = re.compile(rb"^(?:\S+ \S+ )?_:", re.MULTILINE)


@dataclass(frozen=True)
class Derived:
    """All quads, given and derived, as N-Quads, and the derived ones as triples."""

    nquads: bytes
    triples: tuple[tuple[Any, Any, Any], ...]


def derive(sources: Sources) -> Derived:
    """Run the rules by name, once each; a rule sees what those before it derived.

    Then collaboration graphs are measured, and the rules run again over what that has added, if anything.
    """
    described = _describe_passages(sources)
    given = [(graph, str(graph.identifier)) for graph in sources.dataset.graphs()]
    nquads = b"".join(_in_graph(ntriples(graph), name) for graph, name in [*given, (described, DESCRIBED)])
    store = Store.from_nquads(nquads)
    derived = _ruled(sources, store)
    measured = _measured(store)
    if measured:
        store.add(measured)
        derived += measured + _ruled(sources, store)
    added = parse("derived", b"".join(line.rsplit(b"<", 1)[0] + b".\n" for line in derived.splitlines()))
    triples = [*described, *(statement[:3] for statement in added.statements)]
    return Derived(nquads + derived, tuple(triples))


def _ruled(sources: Sources, store: Store) -> bytes:
    """What the rules derive from the store, which takes it in, as quads."""
    derived = b""
    for path, query in sources.rules:
        constructed = _in_graph(_construct(path, query, store), DERIVED)
        store.add(constructed)
        derived += constructed
    return derived


def _measured(store: Store) -> bytes:
    """The named graphs of what is measured of the store."""
    from ctlgraph.catalogue import drive_now  # only a build measures; who opens a release does not wait
    from ctlgraph.collaboration.published import publishing

    return drive_now(publishing(), lambda text: store.query(text).serialize("json"))


def _construct(path: str, query: str, store: Store) -> bytes:
    try:
        constructed = store.construct(query)
    except QuerySyntaxError as error:
        raise SourceError(path, error.line, error.message, **error.facts) from error
    except QueryError as error:
        raise SourceError(
            path, None, N_("the rule must be a CONSTRUCT query: {detail}"), detail=error
        ) from error
    if _BLANK.search(constructed):
        raise SourceError(
            path, None, N_("the rule derives blank nodes: add FILTER(isIRI(?...)) for each variable")
        )
    return constructed


def ntriples(graph: Graph) -> bytes:
    """Return a graph as N-Triples, in no order."""
    return graph.serialize(format="nt", encoding="utf-8")


def _in_graph(triples: bytes, graph: str) -> bytes:
    end = f"<{graph}> .\n".encode()
    return b"".join(line[:-1] + end for line in triples.splitlines() if line.endswith(b"."))


def _describe_passages(sources: Sources) -> Graph:
    """Return what the IRI of each passage says: document, lines, section; and its quote."""
    described = Graph()
    sections = list(_sections(sources))
    for graph in sources.dataset.graphs():
        lines = passage(str(graph.identifier))
        if lines:
            document, first, last = lines
            node, source = URIRef(str(graph.identifier)), URIRef(f"{BASE}id/source/{document}")
            around = [
                (end - start, section)
                for section, of, start, end in sections
                if of == source and start <= first and last <= end
            ]
            described.add((node, RDF.type, _CTL.Passage))
            described.add((node, _PROV.wasDerivedFrom, source))
            described.add((node, _CTL.firstLine, Literal(first)))
            described.add((node, _CTL.lastLine, Literal(last)))
            for quote in graph.objects(node, _OA.exact):
                described.add((node, _OA.exact, quote))
            for _, section in sorted(around)[:1]:
                described.add((node, _DCT.isPartOf, section))
    return described


def _sections(sources: Sources) -> Iterator[tuple[URIRef, Any, int, int]]:
    """Yield section, document, first and last line of each section that has all of them."""
    data = sources.dataset.graph(URIRef(DESCRIBED))
    for section in data.subjects(RDF.type, _CTL.SourceSection):
        lines = [str(data.value(section, edge)) for edge in (_CTL.firstLine, _CTL.lastLine)]
        if all(map(str.isdecimal, lines)):
            yield (
                URIRef(str(section)),
                data.value(section, _PROV.wasDerivedFrom),
                int(lines[0]),
                int(lines[1]),
            )
