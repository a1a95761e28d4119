"""The things of a release and the links between them as GraphML, for Gephi, networkx and igraph.

A node is a thing or a concept, an edge a statement that joins two of them. Written in two readings of the
release; nothing is held. Source: http://graphml.graphdrawing.org/specification.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from ctlgraph.export.about import LICENCE, Origin
from ctlgraph.export.statements import Entity, entities
from ctlgraph.export.tables import Term, survey
from ctlgraph.messages import LANGUAGES
from ctlgraph.vocabulary import BASE, PREFIXES, compact

_TYPE, _LABEL = PREFIXES["rdf"] + "type", PREFIXES["skos"] + "prefLabel"
_NODES = (BASE + "id/", BASE + "vocab/")
_KEYS = {
    "graph": ("citation_it", "citation_en", "licence"),
    "node": ("label", "label_it", "kind", "classes"),
    "edge": ("property", "label", "label_it", "sources"),
}
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'


def network(origin: Origin, file: IO[bytes], scratch: Path) -> None:
    """Write the graph. Raises SourceError for damaged statements, OSError."""
    terms = survey(origin.quads).terms
    file.write(_HEAD.encode())
    for of, names in _KEYS.items():
        for name in names:
            key = f'<key id="{of}-{name}" for="{of}" attr.name="{name}" attr.type="string"/>\n'
            file.write(key.encode())
    known = {f"citation_{lang}": origin.citation(lang) for lang in LANGUAGES} | {"licence": LICENCE}
    file.write(f'<graph id="ctlgraph" edgedefault="directed">{_data("graph", known)}\n'.encode())
    for part in (_nodes(origin.quads), _edges(origin.quads, terms)):
        for element in part:
            file.write(element.encode())
    file.write(b"</graph>\n</graphml>\n")


def _nodes(quads: Path) -> Iterator[str]:
    for entity in entities(quads):
        if entity.iri.startswith(_NODES):
            yield f"<node id={quoteattr(entity.iri)}>{_data('node', _said(entity))}</node>\n"


def _said(entity: Entity) -> dict[str, str]:
    """English label, Italian label, kind as the IRI has it, and classes."""
    italian = entity.text(_LABEL, "it")
    return {
        "label": entity.text(_LABEL, "en") or italian or compact(entity.iri),
        "label_it": italian,
        "kind": entity.iri.removeprefix(BASE).split("/")[1],
        "classes": " ".join(map(compact, entity.iris(_TYPE))),
    }


def _edges(quads: Path, terms: Mapping[str, Term]) -> Iterator[str]:
    for entity in entities(quads):
        if not entity.iri.startswith(_NODES):
            continue
        source = quoteattr(entity.iri)
        for property, value, graphs in entity.said:
            if value[0] == "<" and value[1:].startswith(_NODES) and property != _TYPE:
                known = _meaning(property, terms) | {"sources": " ".join(map(compact, graphs))}
                target = quoteattr(value[1:-1])
                yield f"<edge source={source} target={target}>{_data('edge', known)}</edge>\n"


def _meaning(property: str, terms: Mapping[str, Term]) -> dict[str, str]:
    name = compact(property)
    labels = terms[property].label if property in terms else {}
    return {"property": name, "label": labels.get("en") or name, "label_it": labels.get("it") or name}


_ILLEGAL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF), "\ufffd")  # in XML 1.0


def _data(of: str, known: Mapping[str, str]) -> str:
    said = ((name, escape(text.translate(_ILLEGAL))) for name, text in known.items() if text)
    return "".join(f'<data key="{of}-{name}">{text}</data>' for name, text in said)
