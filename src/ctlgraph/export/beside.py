"""What a catalogue names beside what it lists: who publishes, under which licence, where, by which standards.

Each is described as far as readers need to know what the name stands for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from ctlgraph.export.authorities import (
    ATTRIBUTION,
    BOUNDS,
    IANA,
    LANGUAGE,
    LICENCES,
    LOMBARDY,
    PRIVATE,
    REGISTERED,
    WKT,
)
from ctlgraph.export.published import CATALOG, Published
from ctlgraph.messages import LANGUAGES, N_, translate
from ctlgraph.vocabulary import PREFIXES

_DCAT, _DCT, _FOAF, _RDFS, _VCARD = (
    Namespace(PREFIXES[prefix]) for prefix in ("dcat", "dct", "foaf", "rdfs", "vcard")
)

_PROVENANCE = N_(
    "Read from the documents passage by passage; what no document says itself stands in graphs of its own, "
    "with how sure it is and why. Every release has passed its SHACL shapes."
)


class Beside:
    """A graph that comes to be, with what is named in it; each method says one thing and returns its IRI."""

    def __init__(self, published: Published) -> None:
        """Begin with nothing."""
        self.of = published
        self.graph = Graph()

    def say(self, subject: URIRef, kind: URIRef, said: Mapping[URIRef, Iterable[Node]]) -> URIRef:
        """Say what a thing is, and this of it."""
        self.graph.add((subject, RDF.type, kind))
        for predicate, values in said.items():
            for value in values:
                self.graph.add((subject, predicate, value))
        return subject

    def publisher(self) -> URIRef:
        """Who publishes: the project."""
        iri, names = self.of.publisher
        said: dict[URIRef, list[Node]] = {
            _FOAF.name: [Literal(name, lang=lang) for lang, name in names.items()],
            _DCT.type: [PRIVATE],
        }
        return self.say(URIRef(iri), _FOAF.Agent, said)

    def contact(self) -> list[Node]:
        """Whom to write to; nobody, if the service was given no address."""
        if not self.of.contact:
            return []
        names = self.of.publisher[1]
        said: dict[URIRef, list[Node]] = {
            _VCARD.fn: [Literal(name, lang=lang) for lang, name in names.items()],
            _VCARD.hasEmail: [URIRef(f"mailto:{self.of.contact}")],
        }
        return [self.say(URIRef(f"{CATALOG}#contact"), _VCARD.Kind, said)]

    def licence(self) -> URIRef:
        """The European Union's concept of a licence that has one, else the licence itself."""
        iri = LICENCES.get(self.of.licence, URIRef(self.of.licence))
        also = [self.licence_itself()] if iri != URIRef(self.of.licence) else []
        return self.say(iri, _DCT.LicenseDocument, {**self._kind_of_licence(), _RDFS.seeAlso: also})

    def licence_itself(self) -> URIRef:
        """As VoID and the releases name it."""
        return self.say(URIRef(self.of.licence), _DCT.LicenseDocument, self._kind_of_licence())

    def _kind_of_licence(self) -> dict[URIRef, list[Node]]:
        return {_DCT.type: [ATTRIBUTION] if self.of.licence in LICENCES else []}

    def place(self) -> URIRef:
        """What the data are about on the map."""
        west, south, east, north = BOUNDS
        corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
        box = ", ".join(f"{x} {y}" for x, y in corners)
        centre = f"POINT({(west + east) / 2:.4f} {(south + north) / 2:.4f})"
        said: dict[URIRef, list[Node]] = {
            _RDFS.label: texts(N_("Lombardy")),
            _DCAT.bbox: [Literal(f"POLYGON(({box}))", datatype=WKT)],
            _DCAT.centroid: [Literal(centre, datatype=WKT)],
        }
        return self.say(LOMBARDY, _DCT.Location, said)

    def provenance(self) -> URIRef:
        """How the data came to be."""
        said: dict[URIRef, list[Node]] = {_RDFS.label: texts(_PROVENANCE)}
        return self.say(URIRef(f"{CATALOG}#provenance"), _DCT.ProvenanceStatement, said)

    def languages(self) -> list[Node]:
        """The languages of texts."""
        return [LANGUAGE[code] for code in self.of.languages if code in LANGUAGE]

    def document(self, path: str) -> URIRef:
        """A page of the service."""
        return self.say(URIRef(f"{self.of.base}{path}"), _FOAF.Document, {})

    def standard(self, iri: URIRef) -> URIRef:
        """A standard that something conforms to."""
        return self.say(iri, _DCT.Standard, {})

    def media(self, media: str) -> URIRef:
        """A media type as IANA lists it."""
        plain = media.partition(";")[0]
        return self.say(URIRef(IANA + REGISTERED.get(plain, plain)), _DCT.MediaType, {})


def texts(text: str) -> list[Node]:
    """A text of ours in every language."""
    return [Literal(translate(text, lang), lang=lang) for lang in LANGUAGES]
