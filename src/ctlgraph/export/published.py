"""What is published of a release: datasets, their files, and the words in which they are described.

Knows nothing of the vocabularies that say it: those are `catalog`'s and `void`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ctlgraph.catalogue.sentence import number
from ctlgraph.messages import N_, translate
from ctlgraph.vocabulary import BASE

CATALOG = f"{BASE}catalog"
GRAPH, ONTOLOGY, VOCABULARIES, SHAPES, QUERIES, SERVICE = (
    f"{CATALOG}#{name}" for name in ("graph", "ontology", "vocabularies", "shapes", "queries", "sparql")
)

TITLES = {
    CATALOG: N_("Catalogue of ctlgraph"),
    GRAPH: N_("Knowledge graph of the Lombardy Technology Clusters"),
    ONTOLOGY: N_("Ontology of the Lombardy Technology Clusters"),
    VOCABULARIES: N_("Controlled vocabularies of the Lombardy Technology Clusters"),
    SHAPES: N_("Rules for the data on the Lombardy Technology Clusters"),
    QUERIES: N_("Saved queries on the Lombardy Technology Clusters"),
    SERVICE: N_("SPARQL service of ctlgraph"),
}
DESCRIPTIONS = {
    CATALOG: N_("What the ctlgraph project publishes: data, terms, vocabularies, questions and the service."),
    GRAPH: N_(
        "The nine Technology Clusters of Lombardy, their members, projects, networks and regional acts: "
        "{statements} statements in {graphs} named graphs. {passages} of them were read from {documents} "
        "documents, each with its lines; the others are terms, vocabularies, descriptions of the sources, "
        "editorial decisions, measures, and what follows from the rest."
    ),
    ONTOLOGY: N_("The classes and properties of the graph, with definitions in Italian and English (OWL)."),
    VOCABULARIES: N_("The {schemes} concept schemes of the graph, in Italian and English (SKOS)."),
    SHAPES: N_(
        "What is required of the data before they are published, with messages in both languages (SHACL)."
    ),
    QUERIES: N_("{questions} questions that the graph answers, as SPARQL with titles and parameters."),
    SERVICE: N_("Queries on the graph by the SPARQL 1.1 Protocol, within limits of time and size."),
}


@dataclass(frozen=True)
class Download:
    """A file that can be fetched. page: where it is explained; size: bytes; sha256: hexadecimal.

    form: a key of FILE_TYPES; media: of its content; compression, package: media types, "" for none.
    label: the form in every language; what: what it holds, by language.
    """

    name: str
    form: str
    label: str
    what: Mapping[str, str]
    media: str
    address: str
    page: str
    size: int
    sha256: str
    compression: str = ""
    package: str = ""


@dataclass(frozen=True)
class Published:
    """What is published: the release, its header and its files, and where it is served.

    base: the address of the service, with a slash at its end. issued: the day of the first release, modified:
    of this one. period: the first and last year that the data tell of. contact: a mail address, "" for none.
    publisher: its IRI and its names by language. versions: all of them, newest first. counts: for the texts,
    and "triples": a statement that several graphs make counts once there.
    """

    base: str
    version: str
    issued: str
    modified: str
    period: tuple[str, str]
    licence: str
    themes: tuple[str, ...]
    keywords: tuple[tuple[str, str], ...]
    languages: tuple[str, ...]
    publisher: tuple[str, Mapping[str, str]]
    counts: Mapping[str, int]
    downloads: Mapping[str, tuple[Download, ...]]
    contact: str = ""
    versions: tuple[str, ...] = ()

    @property
    def datasets(self) -> tuple[str, ...]:
        """Those that have files: a kept release has no shapes of its own."""
        every = (GRAPH, ONTOLOGY, VOCABULARIES, SHAPES, QUERIES)
        return tuple(iri for iri in every if self.downloads.get(iri))

    def description(self, iri: str, lang: str) -> str:
        """What one of the things published is, with its numbers in the form of the language."""
        facts = {name: number(value, lang) for name, value in self.counts.items()}
        return translate(DESCRIPTIONS[iri], lang, **facts)
