"""Both engines report the same: severity, node, path, value, rule, component, message and place.

On the suite of W3C, see `tests/conformance/test_shacl_suite.py`.
"""

import os
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random

import pytest
from rdflib import SH, Dataset, Graph, URIRef

from ctlgraph.generate import Size, synthesise
from ctlgraph.release.derivation import derive
from ctlgraph.sources import Sources, read
from ctlgraph.validation import Report, validate
from ctlgraph.validation.engines import ENGINES
from ctlgraph.vocabulary import PREFIXES

ROOT = Path(__file__).parents[2]
FIXTURES = sorted((ROOT / "tests" / "shapes").glob("*/*.ttl"))


@cache
def shapes() -> Graph:
    graph = Graph()
    for path in sorted((ROOT / "shapes").glob("*.ttl")):
        graph.parse(path)
    return graph


def alone(shape: str) -> Graph:
    """A shape with the named ones and the prefixes that it refers to."""
    own = shapes().cbd(URIRef(PREFIXES["ctlsh"] + shape))
    for named in [*own.objects(None, SH.property), *own.objects(None, SH.prefixes)]:
        if isinstance(named, URIRef):
            own += shapes().cbd(named)
    return own


def both(sources: Sources, derived: object = ()) -> Report:
    """What pyshacl-turbo reports, after a look at what pyshacl does."""
    fast, slow = (validate(sources, derived, engine=engine) for engine in ("turbo", "pyshacl"))  # type: ignore[arg-type]
    assert Counter(map(str, fast.findings)) == Counter(map(str, slow.findings))
    return fast


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_engines_agree_on_a_fixture(fixture: Path) -> None:
    dataset = Dataset(default_union=True)
    dataset.graph(URIRef("http://e/")).parse(fixture)
    both(Sources(dataset, alone(fixture.parent.name), {}, (), (), "", "", ""))


@pytest.mark.slow
def test_the_engines_agree_on_the_real_data() -> None:
    sources = read(ROOT)
    both(sources, derive(sources).triples)


DAMAGES = (
    (r'"(\d+)"(\^\^<\S+#integer>)', r'"\g<1>7"\2'),  # a figure changed
    (r"@en ", "@de "),  # a language lost
    (r"/id/(organisation|cluster|call|programme)/s-", r"/id/\1/x-"),  # a link cut
    (r'"(20[0-9]{2})"(\^\^<\S+#gYear>)', r'"1\1"\2'),  # a year spoilt
    (r"participation-role/partner", "participation-role/lead"),  # a lead doubled
    (r"ontology#(Project|Participation|Passage)>", "ontology#Unknown>"),  # an unknown term
    (r'^(.*) "([^"]+)"@it ', r'\1 " \2"@it '),  # a blank at the edge
)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(int(os.environ.get("DAMAGE_SEEDS", "1"))))
def test_the_engines_agree_on_damaged_data(seed: int, tmp_path: Path) -> None:
    """Random lines of a synthetic release are spoilt, each in one of several ways, and some are lost."""
    path = synthesise(ROOT, tmp_path / "synthetic", Size(3, 20, 10, seed)) / "ctlgraph.nq"
    random = Random(seed)
    triples = (
        line.rsplit(" ", 2)[0] + " .\n" for line in spoilt(path.read_text("utf-8").splitlines(True), random)
    )
    dataset = Dataset(default_union=True)
    dataset.graph(URIRef("http://e/")).parse(data="".join(triples), format="nt")
    report = both(Sources(dataset, shapes(), {}, (), (), "", "", ""))
    assert report.counts["violation"] > 20


def spoilt(lines: list[str], random: Random) -> Iterator[str]:
    for line in lines:
        fitting = [damage for damage in DAMAGES if re.search(damage[0], line)]
        chance = random.random()
        if fitting and chance < 0.05 and "/graph/" in line:
            pattern, replacement = random.choice(fitting)
            yield re.sub(pattern, replacement, line, count=1)
        elif chance < 0.99 or "/graph/" not in line:
            yield line


@pytest.mark.parametrize(
    ("expression", "fast", "slow"),
    [
        ("10 - 3 + 2", "5", "9"),
        ("8 / 4 / 2", "4", "1"),
        ("(10 - 3) + 2", "9", "9"),
        ("10 - (3 + 2)", "5", "5"),
    ],
)
def test_a_chain_of_minus_or_division_needs_parentheses(expression: str, fast: str, slow: str) -> None:
    """pyshacl-turbo 0.6.5 reads one from the right: when this fails, queries of shapes may do without."""
    rules = f"""@prefix sh: <http://www.w3.org/ns/shacl#> .
        <urn:shape> a sh:NodeShape ; sh:targetNode <urn:node> ;
            sh:sparql [
              sh:select "SELECT $this ?value WHERE {{ $this ?p ?o BIND ({expression} AS ?value) }}" ] ."""
    reports = [ENGINES[engine](NODE, Graph().parse(data=rules)) for engine in ("turbo", "pyshacl")]
    values = [str(value) for report in reports for value in report.objects(None, SH.value)]
    assert values == [fast, slow]


NODE = '<urn:node> <urn:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .'
