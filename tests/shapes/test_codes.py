"""What SPARQL says of a partita IVA and of a codice fiscale, python-stdnum says too."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Dataset, Graph, Literal, URIRef
from stdnum import luhn
from stdnum.it import codicefiscale, iva

from ctlgraph.sources import Sources
from ctlgraph.validation import validate
from ctlgraph.validation.engines import ENGINES
from ctlgraph.vocabulary import BASE, expand

SHAPES = Graph().parse(Path(__file__).parents[2] / "shapes" / "integrity.ttl")
IDENTIFIER, KIND = URIRef(expand("org:identifier")), URIRef(expand("dct:type"))
UPPER = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
OMOCODES = "LMNPQRSTUV"
"""What stands in the place of a digit where two people would have the same code."""


def refused(codes: Iterable[str], kind: str, engine: str) -> set[str]:
    """The codes that are not valid, by the shapes."""
    rules = Graph()
    for name in ("shapes#VatNumberShape", "shapes#TaxCodeShape", "shapes"):
        rules += SHAPES.cbd(URIRef(BASE + name))
    dataset = Dataset(default_union=True)
    graph = dataset.graph(URIRef(BASE + "graph/x"))
    for number, code in enumerate(codes):
        registration = URIRef(f"{BASE}id/registration/{number}")
        graph.add((registration, IDENTIFIER, Literal(code)))
        graph.add((registration, KIND, URIRef(expand(f"registrationtype:{kind}"))))
    report = validate(Sources(dataset, rules, {}, (), (), "", "", ""), engine=engine)
    return {str(finding.value) for finding in report.findings}


@st.composite
def eleven_digits(draw: st.DrawFn) -> str:
    """Often with an office that exists and the right check digit."""
    office = draw(
        st.sampled_from(["000", "001", "010", "099", "100", "101", "120", "121", "122", "888", "999"])
    )
    digits = (
        draw(st.sampled_from(["0000000", "0000001"]) | st.from_regex(r"[0-9]{7}", fullmatch=True)) + office
    )
    return digits + draw(st.just(luhn.calc_check_digit(digits)) | st.sampled_from("0123456789"))


@st.composite
def sixteen_signs(draw: st.DrawFn) -> str:
    """Of someone born on a day that there is, often with the right check letter."""
    born = draw(st.dates())
    day = born.day + draw(st.sampled_from([0, 40]))
    digits = f"{born.year % 100:02}{day:02}{draw(st.integers(0, 999)):03}"
    if draw(st.booleans()):
        place = draw(st.integers(0, 6))
        digits = digits[:place] + OMOCODES[int(digits[place])] + digits[place + 1 :]
    name = "".join(draw(st.lists(UPPER, min_size=6, max_size=6)))
    code = name + digits[:2] + "ABCDEHLMPRST"[born.month - 1] + digits[2:4] + draw(UPPER) + digits[4:]
    return code + draw(st.just(codicefiscale.calc_check_digit(code)) | UPPER)


@pytest.mark.parametrize("engine", ENGINES)
@settings(deadline=None, max_examples=30, derandomize=True)
@given(codes=st.lists(eleven_digits() | st.from_regex(r"[0-9]{9,12}", fullmatch=True), max_size=20))
def test_a_vat_number_is_refused_where_python_stdnum_refuses_it(engine: str, codes: list[str]) -> None:
    assert refused(codes, "vat-number", engine) == {code for code in codes if not iva.is_valid(code)}


@pytest.mark.parametrize("engine", ENGINES)
@settings(deadline=None, max_examples=30, derandomize=True)
@given(codes=st.lists(sixteen_signs() | eleven_digits() | st.text("AB01", max_size=17), max_size=20))
def test_a_tax_code_is_refused_where_python_stdnum_refuses_it(engine: str, codes: list[str]) -> None:
    assert refused(codes, "tax-code", engine) == {code for code in codes if not codicefiscale.is_valid(code)}
