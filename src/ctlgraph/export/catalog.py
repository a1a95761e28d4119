"""The catalogue of what is published, in DCAT-AP: datasets with their files, and the SPARQL service.

Everything comes from `Published`, which the caller reads off a release; here stands only in whose words it is
said. Authority concepts of the European Union are named, never described or invented.
Source: https://semiceu.github.io/DCAT-AP/releases/3.0.0/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from ctlgraph.export.authorities import (
    ATTRIBUTION,
    BOUNDS,
    EU,
    FILE_TYPES,
    IANA,
    LANGUAGE,
    LICENCES,
    LOMBARDY,
    PRIVATE,
    PROTOCOL,
    REGISTERED,
    SHA256,
    WKT,
)
from ctlgraph.export.published import (
    CATALOG,
    DESCRIPTIONS,
    GRAPH,
    ONTOLOGY,
    QUERIES,
    SERVICE,
    TITLES,
    VOCABULARIES,
    Download,
    Published,
)
from ctlgraph.messages import LANGUAGES, N_, translate
from ctlgraph.vocabulary import BASE, PREFIXES

_DCAT, _AP, _DCT, _FOAF, _OWL, _RDFS, _SPDX, _VCARD, _VOID = (
    Namespace(PREFIXES[prefix])
    for prefix in ("dcat", "dcatap", "dct", "foaf", "owl", "rdfs", "spdx", "vcard", "void")
)

_PROVENANCE = N_(
    "Read from the documents passage by passage; what no document says itself stands in graphs of its own, "
    "with how sure it is and why. Every release has passed its SHACL shapes."
)
_DOWNLOAD = N_("{form}: {what}")
_COMPRESSED = N_("{form}, compressed: {what}")


def catalog(published: Published) -> bytes:
    """The catalogue as N-Triples, sorted."""
    lines = _Catalog(published).graph().serialize(format="nt", encoding="utf-8")
    return b"".join(sorted(lines.splitlines(keepends=True)))


class _Catalog:
    def __init__(self, published: Published) -> None:
        self._of = published
        self._graph = Graph()

    def graph(self) -> Graph:
        """Everything that is said."""
        datasets = [self._dataset(iri) for iri in (GRAPH, ONTOLOGY, VOCABULARIES, QUERIES)]
        self._service(datasets[0])
        self._versions(datasets[0])
        taxonomy = EU["data-theme"]
        self._say(
            URIRef(CATALOG),
            _DCAT.Catalog,
            {
                **self._described(CATALOG),
                _DCT.license: [self._licence()],
                _DCT.language: self._languages(),
                _DCT.spatial: [self._place()],
                _DCAT.themeTaxonomy: [taxonomy],
                _FOAF.homepage: [self._document("")],
                _DCAT.dataset: datasets,
                _DCAT.service: [URIRef(SERVICE)],
            },
        )
        return self._graph

    def _say(self, subject: URIRef, kind: URIRef, said: Mapping[URIRef, Iterable[Node]]) -> URIRef:
        self._graph.add((subject, RDF.type, kind))
        for predicate, values in said.items():
            for value in values:
                self._graph.add((subject, predicate, value))
        return subject

    def _described(self, iri: str) -> dict[URIRef, list[Node]]:
        """What a catalogue, a dataset and a service have in common."""
        of = self._of
        return {
            _DCT.title: _texts(TITLES[iri]),
            _DCT.description: [Literal(of.description(iri, lang), lang=lang) for lang in LANGUAGES],
            _DCT.publisher: [self._publisher()],
            _DCT.rightsHolder: [self._publisher()],
            _DCT.creator: [self._publisher()],
            _DCT.identifier: [Literal(iri)],
            _DCT.issued: [Literal(of.issued, datatype=XSD.date)],
            _DCT.modified: [Literal(of.modified, datatype=XSD.date)],
        }

    def _dataset(self, iri: str) -> URIRef:
        of, kinds = self._of, {ONTOLOGY: "ONTOLOGY", VOCABULARIES: "CODE_LIST"}
        pages = {GRAPH: "", ONTOLOGY: "ontology", VOCABULARIES: "catalog", QUERIES: "queries"}
        kind = [EU[f"dataset-type/{kinds[iri]}"]] if iri in kinds else []
        downloads = [self._distribution(iri, each) for each in of.downloads.get(iri, ())]
        if iri == GRAPH:
            downloads.append(self._access())
        if iri == GRAPH:
            self._counted()
        return self._say(
            URIRef(iri),
            _DCAT.Dataset,
            {
                **self._described(iri),
                **self._covered(),
                _DCT.type: kind,
                _DCT.accessRights: [EU["access-right/PUBLIC"]],
                _DCT.accrualPeriodicity: [EU["frequency/IRREG"]],
                _DCT.conformsTo: [] if iri == ONTOLOGY else [self._standard(URIRef(f"{BASE}ontology"))],
                _DCT.provenance: [self._provenance()],
                _DCAT.version: [Literal(of.version)],
                _OWL.versionInfo: [Literal(of.version)],
                _DCAT.landingPage: [self._document(pages[iri])],
                _DCAT.distribution: downloads,
            },
        )

    def _counted(self) -> None:
        """How much the graph holds, a triple of several graphs once; `void` says more."""
        said: dict[URIRef, list[Node]] = {
            _VOID.triples: [Literal(self._of.counts["triples"])],
            _VOID.sparqlEndpoint: [URIRef(f"{self._of.base}sparql")],
            _RDFS.seeAlso: [URIRef(f"{self._of.base}.well-known/void")],
        }
        self._say(URIRef(GRAPH), _VOID.Dataset, said)

    def _covered(self) -> dict[URIRef, list[Node]]:
        """What a dataset is about, where and when, in which languages, and whom to ask."""
        return {
            **self._about(),
            _DCT.language: self._languages(),
            _DCT.spatial: [self._place()],
            _DCT.temporal: self._period(),
        }

    def _period(self) -> list[Node]:
        first, last = (Literal(year, datatype=XSD.gYear) for year in self._of.period)
        said: dict[URIRef, list[Node]] = {_DCAT.startDate: [first], _DCAT.endDate: [last]}
        return (
            [self._say(URIRef(f"{CATALOG}#period"), _DCT.PeriodOfTime, said)] if all(self._of.period) else []
        )

    def _about(self) -> dict[URIRef, list[Node]]:
        return {
            _DCAT.theme: [URIRef(theme) for theme in self._of.themes],
            _DCAT.keyword: [Literal(text, lang=lang) for text, lang in self._of.keywords],
            _DCAT.contactPoint: self._contact(),
        }

    def _distribution(self, dataset: str, file: Download) -> URIRef:
        iri = URIRef(f"{dataset}-{file.name}")
        text = _COMPRESSED if file.compression else _DOWNLOAD
        described: list[Node] = [
            Literal(translate(text, lang, form=file.label, what=file.what[lang]), lang=lang)
            for lang in LANGUAGES
        ]
        checksum = self._say(
            URIRef(f"{iri}-sum"),
            _SPDX.Checksum,
            {
                _SPDX.algorithm: [SHA256],
                _SPDX.checksumValue: [Literal(file.sha256, datatype=XSD.hexBinary)],
            },
        )
        return self._say(
            iri,
            _DCAT.Distribution,
            {
                **self._offered(file.form),
                _DCT.title: [Literal(file.name)],
                _DCT.description: described,
                _DCT.language: self._languages(),
                _DCAT.accessURL: [URIRef(file.page)],
                _DCAT.downloadURL: [URIRef(file.address)],
                _DCAT.byteSize: [Literal(str(file.size), datatype=XSD.nonNegativeInteger)],
                _DCAT.mediaType: [self._media(file.media)],
                _DCAT.compressFormat: [self._media(file.compression)] if file.compression else [],
                _DCAT.packageFormat: [self._media(file.package)] if file.package else [],
                _SPDX.checksum: [checksum],
            },
        )

    def _offered(self, form: str) -> dict[URIRef, list[Node]]:
        of = self._of
        return {
            _DCT.license: [self._licence()],
            _DCT["format"]: [EU[f"file-type/{FILE_TYPES[form]}"]],
            _DCT.issued: [Literal(of.modified, datatype=XSD.date)],
            _DCT.modified: [Literal(of.modified, datatype=XSD.date)],
            _AP.availability: [EU["planned-availability/STABLE"]],
        }

    def _access(self) -> URIRef:
        """The graph by way of the service."""
        return self._say(
            URIRef(f"{GRAPH}-sparql"),
            _DCAT.Distribution,
            {
                **self._offered("sparql"),
                _DCT.title: _texts(TITLES[SERVICE]),
                _DCT.description: _texts(DESCRIPTIONS[SERVICE]),
                _DCAT.accessURL: [URIRef(f"{self._of.base}sparql")],
                _DCAT.accessService: [URIRef(SERVICE)],
            },
        )

    def _service(self, served: URIRef) -> None:
        base = self._of.base
        self._say(
            URIRef(SERVICE),
            _DCAT.DataService,
            {
                **self._described(SERVICE),
                **self._about(),
                _DCT.license: [self._licence()],
                _DCT.accessRights: [EU["access-right/PUBLIC"]],
                _DCT.conformsTo: [self._standard(PROTOCOL)],
                _DCAT.endpointURL: [URIRef(f"{base}sparql")],
                _DCAT.endpointDescription: [
                    URIRef(f"{base}sparql?format=ttl"),
                    URIRef(f"{base}openapi.json"),
                ],
                _DCAT.landingPage: [self._document("sparql")],
                _DCAT.servesDataset: [served],
            },
        )

    def _versions(self, dataset: URIRef) -> None:
        """This release and those before it, by their IRIs."""
        for version in self._of.versions:
            self._graph.add((dataset, _DCAT.hasVersion, URIRef(f"{BASE}releases/{version}")))
        for later, earlier in zip(self._of.versions, self._of.versions[1:], strict=False):
            self._graph.add(
                (
                    URIRef(f"{BASE}releases/{later}"),
                    _DCAT.previousVersion,
                    URIRef(f"{BASE}releases/{earlier}"),
                )
            )

    def _publisher(self) -> URIRef:
        iri, names = self._of.publisher
        said: dict[URIRef, list[Node]] = {
            _FOAF.name: [Literal(name, lang=lang) for lang, name in names.items()],
            _DCT.type: [PRIVATE],
        }
        return self._say(URIRef(iri), _FOAF.Agent, said)

    def _contact(self) -> list[Node]:
        if not self._of.contact:
            return []
        names = self._of.publisher[1]
        said: dict[URIRef, list[Node]] = {
            _VCARD.fn: [Literal(name, lang=lang) for lang, name in names.items()],
            _VCARD.hasEmail: [URIRef(f"mailto:{self._of.contact}")],
        }
        return [self._say(URIRef(f"{CATALOG}#contact"), _VCARD.Kind, said)]

    def _licence(self) -> URIRef:
        """The European Union's concept of a licence that has one, else the licence itself."""
        iri = LICENCES.get(self._of.licence, URIRef(self._of.licence))
        known: dict[URIRef, list[Node]] = {
            _DCT.type: [ATTRIBUTION],
            _RDFS.seeAlso: [URIRef(self._of.licence)],
        }
        return self._say(iri, _DCT.LicenseDocument, known if iri != URIRef(self._of.licence) else {})

    def _place(self) -> URIRef:
        west, south, east, north = BOUNDS
        corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
        box = ", ".join(f"{x} {y}" for x, y in corners)
        centre = f"POINT({(west + east) / 2:.4f} {(south + north) / 2:.4f})"
        said: dict[URIRef, list[Node]] = {
            _RDFS.label: _texts(N_("Lombardy")),
            _DCAT.bbox: [Literal(f"POLYGON(({box}))", datatype=WKT)],
            _DCAT.centroid: [Literal(centre, datatype=WKT)],
        }
        return self._say(LOMBARDY, _DCT.Location, said)

    def _provenance(self) -> URIRef:
        said: dict[URIRef, list[Node]] = {_RDFS.label: _texts(_PROVENANCE)}
        return self._say(URIRef(f"{CATALOG}#provenance"), _DCT.ProvenanceStatement, said)

    def _languages(self) -> list[Node]:
        return [LANGUAGE[code] for code in self._of.languages if code in LANGUAGE]

    def _document(self, path: str) -> URIRef:
        return self._say(URIRef(f"{self._of.base}{path}"), _FOAF.Document, {})

    def _standard(self, iri: URIRef) -> URIRef:
        return self._say(iri, _DCT.Standard, {})

    def _media(self, media: str) -> URIRef:
        plain = media.partition(";")[0]
        return self._say(URIRef(IANA + REGISTERED.get(plain, plain)), _DCT.MediaType, {})


def _texts(text: str) -> list[Node]:
    return [Literal(translate(text, lang), lang=lang) for lang in LANGUAGES]
