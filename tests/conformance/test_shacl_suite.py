"""Both engines give what the W3C test suite of SHACL expects, core and SPARQL, each test by its name.

The suite (w3c/data-shapes) lies beside the project. Of each result compared are focus node, path, value,
severity, kind of constraint and shape; a message only where the suite tests it.
"""

from collections import Counter
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from rdflib import SH, BNode, Graph, Namespace
from rdflib.extras.shacl import parse_shacl_path
from rdflib.term import Node

from ctlgraph.sources.turtle import parse
from ctlgraph.validation.engines import ENGINES, ShapeFault

SUITE = Path(__file__).resolve().parents[3] / "shared" / "checks" / "shacl-test-suite" / "tests"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")

NORMALISED = "rdflib turns an ill-typed boolean of the data into a good one"

EXCEPTIONS = {
    ("turbo", "core/property/uniqueLang-002"): "it takes '1' for true, where SHACL wants the word",
    ("pyshacl", "core/property/datatype-001"): NORMALISED,
    ("pyshacl", "core/property/or-datatypes-001"): NORMALISED,
    ("pyshacl", "core/property/uniqueLang-002"): "it takes '1' for true, where SHACL wants the word",
    (
        "pyshacl",
        "sparql/node/prefixes-001",
    ): "it seeks no prefixes through owl:imports: ours stand in one place",
    ("pyshacl", "sparql/pre-binding/shapesGraph-001"): "$shapesGraph, optional in SHACL, is not supported",
}
"""What an engine does not do, and why that is borne; one that starts to pass fails the run."""

FACTS = (SH.focusNode, SH.value, SH.resultSeverity, SH.sourceConstraintComponent, SH.sourceShape)

Results = Counter[tuple[str, ...]]


def names() -> list[str]:
    found = (path for path in SUITE.rglob("*.ttl") if "mf:entries" in path.read_text("utf-8"))
    return sorted(path.relative_to(SUITE).with_suffix("").as_posix() for path in found)


CASES = [
    pytest.param(
        engine,
        test,
        marks=[pytest.mark.xfail(reason=EXCEPTIONS[engine, test], strict=True)]
        if (engine, test) in EXCEPTIONS
        else [],
    )
    for engine in ENGINES
    for test in names()
]


@cache
def parsed(path: Path) -> Graph:
    """A file as the project reads its own: numbers and booleans stay as they are written."""
    graph = Graph()
    for statement in parse(
        path.name, f"@base <{path.as_uri()}> . {path.read_text('utf-8')}".encode()
    ).statements:
        graph.add(statement[:3])
    return graph


def written(node: Node | None) -> str:
    """A term as it is written, any blank node as the same: an engine may rename them."""
    return "" if node is None else "[]" if isinstance(node, BNode) else node.n3()


def results(graph: Graph, report: Node, messages: set[Node]) -> Results:
    found: Results = Counter()
    for result in graph.objects(report, SH.result):
        path = graph.value(result, SH.resultPath)
        found[
            "" if path is None else parse_shacl_path(graph, path).n3(),
            *(written(graph.value(result, fact)) for fact in FACTS),
            *sorted(written(text) for text in graph.objects(result, SH.resultMessage) if text in messages),
        ] += 1
    return found


def test_the_suite_is_there() -> None:
    if not SUITE.is_dir():
        pytest.skip("../shared/checks/shacl-test-suite is absent: the W3C tests of SHACL cannot be run")
    assert len(names()) == 121
    assert {test for _, test in EXCEPTIONS} <= set(names())


@pytest.mark.filterwarnings("ignore:Parsing weird boolean")
@pytest.mark.parametrize(("engine", "test"), CASES)
def test_an_engine_gives_what_the_suite_expects(engine: str, test: str) -> None:
    suite = parsed(SUITE / f"{test}.ttl")
    action, expected = next(suite.subjects(SHT.dataGraph)), next(suite.objects(None, MF.result))
    data, shapes = (
        parsed(Path(urlsplit(str(suite.value(action, graph))).path))
        for graph in (SHT.dataGraph, SHT.shapesGraph)
    )
    ntriples = data.serialize(format="nt")
    if expected == SHT.Failure:
        with pytest.raises(ShapeFault):
            ENGINES[engine](ntriples, shapes)
        return
    report = ENGINES[engine](ntriples, shapes)
    whole = next(report.subjects(SH.conforms))
    messages = set(suite.objects(None, SH.resultMessage))
    assert report.value(whole, SH.conforms) == suite.value(expected, SH.conforms)
    assert results(report, whole, messages) == results(suite, expected, messages)
