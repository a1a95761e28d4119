"""The ontology is well kept: a hygiene rule finds nothing, examples are true, terms are real."""

import json
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS

from ctlgraph.release import Release
from ctlgraph.store import Store
from ctlgraph.vocabulary import BASE, PREFIXES, compact

HERE = Path(__file__).parent
WAITING = HERE / "waiting.txt"
VOCABULARIES = HERE.parents[2] / "shared" / "checks" / "vocabularies"
NOT_IN_THE_FOLDER = {
    "http://purl.org/cerif/frapo/FundingProgramme",
    "http://purl.org/ontology/bibo/status",
    "http://www.w3.org/ns/oa#exact",
}
"""Reused terms whose publishers' files are not among the official vocabularies beside the project."""


@pytest.fixture(scope="session")
def store(release: Release) -> Store:
    return Store.open(release.path)


@pytest.fixture(scope="session")
def ontology(project: Path) -> Graph:
    graph = Graph()
    for path in sorted((project / "ontology").glob("*.ttl")):
        graph.parse(path)
    return graph


@pytest.mark.parametrize("rule", sorted(HERE.glob("*.rq")), ids=lambda path: path.stem)
def test_a_hygiene_rule_finds_nothing(rule: Path, store: Store) -> None:
    found = json.loads(store.query(rule.read_text("utf-8")).serialize("json"))["results"]["bindings"]
    rows = [{name: compact(cell["value"]) for name, cell in row.items()} for row in found]
    assert rows == [], rule.read_text("utf-8").splitlines()[0]


def test_a_hygiene_rule_can_fail() -> None:
    """Each rule finds what it looks for in an ontology that breaks all of them."""
    broken = Store.from_nquads((HERE / "broken.nq").read_bytes())
    silent = [
        rule.stem
        for rule in sorted(HERE.glob("*.rq"))
        if not json.loads(broken.query(rule.read_text("utf-8")).serialize("json"))["results"]["bindings"]
    ]
    assert silent == []


def examples(ontology: Graph) -> dict[str, str]:
    """Each example as an ASK query, by its term."""
    prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    return {
        compact(str(term)): f"{prefixes}ASK {{ {value} }}"
        if isinstance(value, Literal)
        else f"ASK {{ <{value}> a <{term}> }}"
        for term, value in ontology.subject_objects(SKOS.example)
    }


def test_an_example_is_a_statement_of_the_data(store: Store, ontology: Graph) -> None:
    """What the data lack yet stands in waiting.txt, and leaves it when it has come."""
    absent = {
        term for term, ask in examples(ontology).items() if b"true" not in store.query(ask).serialize("json")
    }
    assert sorted(absent) == WAITING.read_text("utf-8").splitlines()


def official_terms() -> set[URIRef]:
    found: set[URIRef] = set()
    for path in sorted(VOCABULARIES.iterdir()):
        if path.suffix == ".nq":  # the subject opens each line
            lines = path.read_text("utf-8").splitlines()
            found |= {URIRef(line[1 : line.index(">")]) for line in lines if line.startswith("<")}
        else:
            graph = Graph().parse(path, format="xml" if path.suffix == ".rdf" else "turtle")
            found |= {term for term in graph.subjects() if isinstance(term, URIRef)}
    return found


def reused_terms(ontology: Graph) -> set[URIRef]:
    """The terms of others: declared here, or named in the alignments."""
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    declared = {term for kind in kinds for term in ontology.subjects(RDF.type, kind)}
    matched = set(ontology.objects(None, SKOS.closeMatch))
    return {term for term in declared | matched if isinstance(term, URIRef) and not term.startswith(BASE)}


def test_a_reused_term_exists_in_the_file_of_its_publisher(ontology: Graph) -> None:
    if not VOCABULARIES.is_dir():
        pytest.skip("../shared/checks/vocabularies is absent: the reused terms cannot be looked up")
    official = official_terms()
    assert {str(term) for term in reused_terms(ontology) - official} == NOT_IN_THE_FOLDER


def test_the_header_is_complete(ontology: Graph, project: Path) -> None:
    """Title and description in both languages, who, when, under which licence and prefix, which version."""
    header = URIRef(BASE + "ontology")
    for both in (DCTERMS.title, DCTERMS.description, RDFS.label):
        languages = sorted(getattr(text, "language", "") for text in ontology.objects(header, both))
        assert languages == ["en", "it"], both
    given = {compact(str(term)) for term in ontology.predicates(header)}
    dublin_core = {"creator", "issued", "license", "modified", "publisher", "rightsHolder"}
    assert given >= {f"dct:{name}" for name in dublin_core}
    assert given >= {"bibo:status", "dcat:keyword", "dcat:theme", "owl:versionIRI", "owl:versionInfo"}
    assert given >= {"vann:preferredNamespacePrefix", "vann:preferredNamespaceUri"}
