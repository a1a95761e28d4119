"""The catalogue of what is published, in DCAT-AP: datasets with their files, and the SPARQL service.

Everything comes from `Published`, which the caller reads off a release; here stands only in whose words it is
said. Authority concepts of the European Union are named, never described or invented.
Source: https://semiceu.github.io/DCAT-AP/releases/3.0.0/
"""

from __future__ import annotations

from rdflib import XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from ctlgraph.export.authorities import EU, FILE_TYPES, PROTOCOL, SHA256, SHACL
from ctlgraph.export.beside import Beside, texts
from ctlgraph.export.published import (
    CATALOG,
    DESCRIPTIONS,
    GRAPH,
    ONTOLOGY,
    QUERIES,
    SERVICE,
    SHAPES,
    TITLES,
    VOCABULARIES,
    Download,
    Published,
)
from ctlgraph.messages import LANGUAGES, N_, translate
from ctlgraph.vocabulary import BASE, PREFIXES

_DCAT, _AP, _DCT, _FOAF, _OWL, _RDFS, _SPDX, _VOID = (
    Namespace(PREFIXES[prefix]) for prefix in ("dcat", "dcatap", "dct", "foaf", "owl", "rdfs", "spdx", "void")
)

_DOWNLOAD = N_("{form}: {what}")
_COMPRESSED = N_("{form}, compressed: {what}")


def catalog(published: Published) -> bytes:
    """The catalogue as N-Triples, sorted."""
    lines = _Catalog(published).whole().serialize(format="nt", encoding="utf-8")
    return b"".join(sorted(lines.splitlines(keepends=True)))


class _Catalog(Beside):
    def whole(self) -> Graph:
        """Everything that is said."""
        datasets = [self._dataset(iri) for iri in self.of.datasets]
        self._service(datasets[0])
        self._versions(datasets[0])
        taxonomy = EU["data-theme"]
        self.say(
            URIRef(CATALOG),
            _DCAT.Catalog,
            {
                **self._described(CATALOG),
                _DCT.license: [self.licence()],
                _DCT.language: self.languages(),
                _DCT.spatial: [self.place()],
                _DCAT.themeTaxonomy: [taxonomy],
                _FOAF.homepage: [self.document("")],
                _DCAT.dataset: datasets,
                _DCAT.service: [URIRef(SERVICE)],
            },
        )
        return self.graph

    def _described(self, iri: str) -> dict[URIRef, list[Node]]:
        """What a catalogue, a dataset and a service have in common."""
        of = self.of
        return {
            _DCT.title: texts(TITLES[iri]),
            _DCT.description: [Literal(of.description(iri, lang), lang=lang) for lang in LANGUAGES],
            _DCT.publisher: [self.publisher()],
            _DCT.rightsHolder: [self.publisher()],
            _DCT.creator: [self.publisher()],
            _DCT.identifier: [Literal(iri)],
            _DCT.issued: [Literal(of.issued, datatype=XSD.date)],
            _DCT.modified: [Literal(of.modified, datatype=XSD.date)],
        }

    def _dataset(self, iri: str) -> URIRef:
        of, kinds = self.of, {ONTOLOGY: "ONTOLOGY", VOCABULARIES: "CODE_LIST"}
        pages = {
            **{GRAPH: "", ONTOLOGY: "ontology", VOCABULARIES: "catalog"},
            **{SHAPES: "shapes", QUERIES: "queries"},
        }
        kind = [EU[f"dataset-type/{kinds[iri]}"]] if iri in kinds else []
        downloads = [self._distribution(iri, each) for each in of.downloads.get(iri, ())]
        if iri == GRAPH:
            downloads.append(self._access())
        if iri == GRAPH:
            self._counted()
        return self.say(
            URIRef(iri),
            _DCAT.Dataset,
            {
                **self._described(iri),
                **self._covered(),
                _DCT.type: kind,
                _DCT.accessRights: [EU["access-right/PUBLIC"]],
                _DCT.accrualPeriodicity: [EU["frequency/IRREG"]],
                _DCT.conformsTo: self._standards(iri),
                _DCT.license: [self.licence_itself()],
                _DCT.provenance: [self.provenance()],
                _DCAT.version: [Literal(of.version)],
                _OWL.versionInfo: [Literal(of.version)],
                _DCAT.landingPage: [self.document(pages[iri])],
                _DCAT.distribution: downloads,
            },
        )

    def _standards(self, iri: str) -> list[Node]:
        """What a dataset is written in the terms of, and what it has passed."""
        found = [] if iri in (ONTOLOGY, SHAPES) else [URIRef(f"{BASE}ontology")]
        if iri == GRAPH and SHAPES in self.of.datasets:
            found.append(URIRef(f"{BASE}shapes"))
        if iri == SHAPES:
            found.append(SHACL)
        return [self.standard(each) for each in found]

    def _counted(self) -> None:
        """How much the graph holds, a triple of several graphs once; `void` says more."""
        said: dict[URIRef, list[Node]] = {
            _VOID.triples: [Literal(self.of.counts["triples"])],
            _VOID.sparqlEndpoint: [URIRef(f"{self.of.base}sparql")],
            _RDFS.seeAlso: [URIRef(f"{self.of.base}.well-known/void")],
        }
        self.say(URIRef(GRAPH), _VOID.Dataset, said)

    def _covered(self) -> dict[URIRef, list[Node]]:
        """What a dataset is about, where and when, in which languages, and whom to ask."""
        return {
            **self._about(),
            _DCT.language: self.languages(),
            _DCT.spatial: [self.place()],
            _DCT.temporal: self._period(),
        }

    def _period(self) -> list[Node]:
        first, last = (Literal(year, datatype=XSD.gYear) for year in self.of.period)
        said: dict[URIRef, list[Node]] = {_DCAT.startDate: [first], _DCAT.endDate: [last]}
        return [self.say(URIRef(f"{CATALOG}#period"), _DCT.PeriodOfTime, said)] if all(self.of.period) else []

    def _about(self) -> dict[URIRef, list[Node]]:
        return {
            _DCAT.theme: [URIRef(theme) for theme in self.of.themes],
            _DCAT.keyword: [Literal(text, lang=lang) for text, lang in self.of.keywords],
            _DCAT.contactPoint: self.contact(),
        }

    def _distribution(self, dataset: str, file: Download) -> URIRef:
        iri = URIRef(f"{dataset}-{file.name}")
        text = _COMPRESSED if file.compression else _DOWNLOAD
        described: list[Node] = [
            Literal(translate(text, lang, form=file.label, what=file.what[lang]), lang=lang)
            for lang in LANGUAGES
        ]
        checksum = self.say(
            URIRef(f"{iri}-sum"),
            _SPDX.Checksum,
            {
                _SPDX.algorithm: [
                    self.say(
                        SHA256, _SPDX.ChecksumAlgorithm, {_RDFS.seeAlso: [_SPDX.checksumAlgorithm_sha256]}
                    )
                ],
                _SPDX.checksumValue: [Literal(file.sha256, datatype=XSD.hexBinary)],
            },
        )
        return self.say(
            iri,
            _DCAT.Distribution,
            {
                **self._offered(file.form),
                _DCT.title: [Literal(file.name)],
                _DCT.description: described,
                _DCT.language: self.languages(),
                _DCAT.accessURL: [URIRef(file.page)],
                _DCAT.downloadURL: [URIRef(file.address)],
                _DCAT.byteSize: [Literal(str(file.size), datatype=XSD.nonNegativeInteger)],
                _DCAT.mediaType: [self.media(file.media)],
                _DCAT.compressFormat: [self.media(file.compression)] if file.compression else [],
                _DCAT.packageFormat: [self.media(file.package)] if file.package else [],
                _SPDX.checksum: [checksum],
            },
        )

    def _offered(self, form: str) -> dict[URIRef, list[Node]]:
        of = self.of
        return {
            _DCT.license: [self.licence()],
            _DCT["format"]: [EU[f"file-type/{FILE_TYPES[form]}"]],
            _DCT.issued: [Literal(of.modified, datatype=XSD.date)],
            _DCT.modified: [Literal(of.modified, datatype=XSD.date)],
            _AP.availability: [EU["planned-availability/STABLE"]],
        }

    def _access(self) -> URIRef:
        """The graph by way of the service."""
        return self.say(
            URIRef(f"{GRAPH}-sparql"),
            _DCAT.Distribution,
            {
                **self._offered("sparql"),
                _DCT.title: texts(TITLES[SERVICE]),
                _DCT.description: texts(DESCRIPTIONS[SERVICE]),
                _DCAT.accessURL: [URIRef(f"{self.of.base}sparql")],
                _DCAT.accessService: [URIRef(SERVICE)],
            },
        )

    def _service(self, served: URIRef) -> None:
        base = self.of.base
        self.say(
            URIRef(SERVICE),
            _DCAT.DataService,
            {
                **self._described(SERVICE),
                **self._about(),
                _DCT.license: [self.licence()],
                _DCT.accessRights: [EU["access-right/PUBLIC"]],
                _DCT.conformsTo: [self.standard(PROTOCOL)],
                _DCAT.endpointURL: [URIRef(f"{base}sparql")],
                _DCAT.endpointDescription: [
                    URIRef(f"{base}sparql?format=ttl"),
                    URIRef(f"{base}openapi.json"),
                ],
                _DCAT.landingPage: [self.document("sparql")],
                _DCAT.servesDataset: [served],
            },
        )

    def _versions(self, dataset: URIRef) -> None:
        """This release and those before it, by their IRIs."""
        for version in self.of.versions:
            self.graph.add((dataset, _DCAT.hasVersion, URIRef(f"{BASE}releases/{version}")))
        for later, earlier in zip(self.of.versions, self.of.versions[1:], strict=False):
            self.graph.add(
                (
                    URIRef(f"{BASE}releases/{later}"),
                    _DCAT.previousVersion,
                    URIRef(f"{BASE}releases/{earlier}"),
                )
            )
