"""What a dataset holds, counted: classes, properties, links to others, vocabularies, in VoID.

The queries say what is counted; `Counted` is what they answered.
Source: https://www.w3.org/TR/void/
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from ctlgraph.export.published import GRAPH, TITLES, Published
from ctlgraph.messages import LANGUAGES, translate
from ctlgraph.vocabulary import BASE, PREFIXES, compact

VOID = f"{BASE}.well-known/void"

_LINKS = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
_RDFS_LINKS = ("subClassOf", "subPropertyOf")
_PREDICATES = (
    *(f"<{PREFIXES['skos']}{name}>" for name in _LINKS),
    *(f"<{PREFIXES['rdfs']}{name}>" for name in _RDFS_LINKS),
    *(f"<{PREFIXES['owl']}{name}>" for name in ("sameAs", "equivalentClass", "equivalentProperty")),
)
QUERIES: Mapping[str, str] = {
    "totals": """SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects)
        (COUNT(DISTINCT ?o) AS ?objects) { ?s ?p ?o }""",
    "entities": f"""SELECT (COUNT(DISTINCT ?s) AS ?entities)
        {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{BASE}")) }}""",
    "classes": "SELECT ?class (COUNT(DISTINCT ?s) AS ?entities) { ?s a ?class FILTER(isIRI(?class)) } "
    "GROUP BY ?class ORDER BY ?class",
    "properties": "SELECT ?property (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) "
    "(COUNT(DISTINCT ?o) AS ?objects) { ?s ?property ?o } GROUP BY ?property ORDER BY ?property",
    "links": f"""SELECT ?property ?space (COUNT(*) AS ?triples) {{ ?s ?property ?o
        FILTER(?property IN ({", ".join(_PREDICATES)}))
        FILTER(isIRI(?o) && STRSTARTS(STR(?s), "{BASE}") && !STRSTARTS(STR(?o), "{BASE}"))
        BIND(REPLACE(STR(?o), "[^/#]*$", "") AS ?space) }}
        GROUP BY ?property ?space ORDER BY ?property ?space""",
    "examples": f"""SELECT ?class (MIN(STR(?s)) AS ?example) {{ ?s a ?class
        FILTER(STRSTARTS(STR(?s), "{BASE}id/") && STRSTARTS(STR(?class), "{PREFIXES["ctl"]}")) }}
        GROUP BY ?class ORDER BY ?class""",
    "together": """SELECT ?class ?property (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) {
        ?s a ?class ; ?property ?o FILTER(isIRI(?class)) }
        GROUP BY ?class ?property ORDER BY ?class ?property""",
}
"""What is counted, by name; each answers rows. ``together``, which may take long, may be left out."""

_DUMPS = ("nq", "trig", "ttl", "nt", "jsonld")
_FORMATS = ("Turtle", "N-Triples", "TriG", "N-Quads", "JSON-LD", "RDF_XML")
_DCT, _FOAF, _RDFS, _VOID = (Namespace(PREFIXES[prefix]) for prefix in ("dct", "foaf", "rdfs", "void"))

Row = Mapping[str, str]


@dataclass(frozen=True)
class Counted:
    """The rows that QUERIES answered, by their names."""

    rows: Mapping[str, Sequence[Row]]

    def of(self, iri: str) -> list[Row]:
        """What is said of the things of a class: its properties."""
        return [row for row in self.rows.get("together", ()) if row["class"] == iri]

    @property
    def vocabularies(self) -> tuple[str, ...]:
        """The namespaces of the properties and classes in use."""
        used = [row["property"] for row in self.rows["properties"]]
        used += [row["class"] for row in self.rows["classes"]]
        found = {iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in used}
        return tuple(sorted(found - {""}))


def void(counted: Counted, base: str, published: Published | None) -> bytes:
    """The description as N-Triples, sorted.

    base: the address of the service. published: what a release says of itself.
    """
    graph = Graph()
    dataset = URIRef(GRAPH)
    _say(graph, URIRef(VOID), _VOID.DatasetDescription, {_FOAF.primaryTopic: [dataset]})
    _say(
        graph,
        dataset,
        _VOID.Dataset,
        {
            **_totals(counted),
            **(_said(published) if published else {}),
            _FOAF.homepage: [URIRef(base)],
            _VOID.uriSpace: [Literal(BASE)],
            _VOID.uriRegexPattern: [Literal(f"^{BASE.replace('.', chr(92) + '.')}.+")],
            _VOID.sparqlEndpoint: [URIRef(f"{base}sparql")],
            _VOID.rootResource: [URIRef(f"{BASE}id/set/ctl")] if published else [],
            _VOID.feature: [URIRef(f"http://www.w3.org/ns/formats/{name}") for name in _FORMATS],
            _VOID.vocabulary: [URIRef(iri) for iri in counted.vocabularies],
            _VOID.exampleResource: sorted({URIRef(row["example"]) for row in counted.rows["examples"]}),
            _VOID.classPartition: [
                _class(graph, row, counted.of(row["class"])) for row in counted.rows["classes"]
            ],
            _VOID.propertyPartition: [_property(graph, row) for row in counted.rows["properties"]],
            _VOID.subset: [_linkset(graph, dataset, row) for row in counted.rows["links"]],
        },
    )
    return b"".join(sorted(graph.serialize(format="nt", encoding="utf-8").splitlines(keepends=True)))


def _say(graph: Graph, subject: URIRef, kind: URIRef, said: Mapping[URIRef, Iterable[Node]]) -> URIRef:
    graph.add((subject, RDF.type, kind))
    for predicate, values in said.items():
        for value in values:
            graph.add((subject, predicate, value))
    return subject


def _said(published: Published) -> dict[URIRef, list[Node]]:
    dumps = [file for file in published.downloads.get(GRAPH, ()) if file.form in _DUMPS]
    return {
        _DCT.title: [Literal(translate(TITLES[GRAPH], lang), lang=lang) for lang in LANGUAGES],
        _DCT.license: [URIRef(published.licence)],
        _DCT.publisher: [URIRef(published.publisher[0])],
        _DCT.modified: [Literal(published.modified, datatype=URIRef(f"{PREFIXES['xsd']}date"))],
        _RDFS.seeAlso: [URIRef(f"{published.base}catalog")],
        _VOID.dataDump: [URIRef(file.address) for file in dumps],
    }


def _totals(counted: Counted) -> dict[URIRef, list[Node]]:
    (totals,), (entities,) = counted.rows["totals"], counted.rows["entities"]
    return {
        _VOID.triples: [_number(totals["triples"])],
        _VOID.entities: [_number(entities["entities"])],
        _VOID.distinctSubjects: [_number(totals["subjects"])],
        _VOID.distinctObjects: [_number(totals["objects"])],
        _VOID.classes: [Literal(len(counted.rows["classes"]))],
        _VOID.properties: [Literal(len(counted.rows["properties"]))],
    }


def _class(graph: Graph, row: Row, together: Iterable[Row]) -> URIRef:
    said: dict[URIRef, list[Node]] = {
        _VOID["class"]: [URIRef(row["class"])],
        _VOID.entities: [_number(row["entities"])],
        _VOID.propertyPartition: [_of_class(graph, each) for each in together],
    }
    return _say(graph, _part("class", row["class"]), _VOID.Dataset, said)


def _of_class(graph: Graph, row: Row) -> URIRef:
    """The statements with one property about things of one class."""
    said: dict[URIRef, list[Node]] = {
        _VOID.property: [URIRef(row["property"])],
        _VOID.triples: [_number(row["triples"])],
        _VOID.distinctSubjects: [_number(row["subjects"])],
    }
    return _say(graph, _part("of", f"{row['class']} {row['property']}"), _VOID.Dataset, said)


def _property(graph: Graph, row: Row) -> URIRef:
    said: dict[URIRef, list[Node]] = {
        _VOID.property: [URIRef(row["property"])],
        _VOID.triples: [_number(row["triples"])],
        _VOID.distinctSubjects: [_number(row["subjects"])],
        _VOID.distinctObjects: [_number(row["objects"])],
    }
    return _say(graph, _part("property", row["property"]), _VOID.Dataset, said)


def _linkset(graph: Graph, dataset: URIRef, row: Row) -> URIRef:
    """Statements of one property whose values are in one space of others."""
    target = _part("space", row["space"])
    _say(graph, target, _VOID.Dataset, {_VOID.uriSpace: [Literal(row["space"])]})
    said: dict[URIRef, list[Node]] = {
        _VOID.linkPredicate: [URIRef(row["property"])],
        _VOID.subjectsTarget: [dataset],
        _VOID.objectsTarget: [target],
        _VOID.triples: [_number(row["triples"])],
    }
    return _say(graph, _part("links", f"{row['property']} {row['space']}"), _VOID.Linkset, said)


def _part(kind: str, iri: str) -> URIRef:
    """A name for a part of the description: readable where the IRI has a short name."""
    short = compact(iri)
    name = short.replace(":", "-") if short != iri else hashlib.sha256(iri.encode()).hexdigest()[:12]
    return URIRef(f"{VOID}#{kind}-{name}")


def _number(text: str) -> Literal:
    return Literal(int(text))
