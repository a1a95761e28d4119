"""One version number everywhere: code, ontology, changelog, citation; and one date."""

import re
import tomllib
from pathlib import Path

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, XSD

from ctlgraph.vocabulary import BASE


def test_there_is_one_version_and_one_date(project: Path) -> None:
    version = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    changelog = (project / "CHANGELOG.md").read_text("utf-8")
    entries = re.findall(r"^## \[([\d.]+)\] - (\d{4}-\d{2}-\d{2})$", changelog, re.MULTILINE)
    ontology = Graph().parse(project / "ontology" / "core.ttl")
    header = URIRef(BASE + "ontology")
    earlier = [URIRef(f"{header}/{number}") for number, _ in entries[1:2]]
    assert entries[0][0] == version
    assert ontology.value(header, OWL.versionInfo) == Literal(version)
    assert ontology.value(header, OWL.versionIRI) == URIRef(f"{header}/{version}")
    assert list(ontology.objects(header, OWL.priorVersion)) == earlier
    assert ontology.value(header, DCTERMS.modified) == Literal(entries[0][1], datatype=XSD.date)
    assert ontology.value(header, DCTERMS.issued) == Literal(entries[-1][1], datatype=XSD.date)
    assert f"version: {version}\n" in (project / "CITATION.cff").read_text("utf-8")


def test_every_dated_version_but_the_last_is_kept(project: Path) -> None:
    """A finished version stands in releases/, where its contents never change."""
    changelog = (project / "CHANGELOG.md").read_text("utf-8")
    versions = re.findall(r"^## \[([\d.]+)\] - ", changelog, re.MULTILINE)
    for version in versions[1:]:
        assert (project / "releases" / version / "manifest.json").is_file(), version
