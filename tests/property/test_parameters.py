"""What a reader types into a parameter is one term of the query, whatever it is, for two engines."""

from __future__ import annotations

import os
import string
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rdflib import Graph

from ctlgraph.catalogue import parse
from ctlgraph.catalogue.table import Cell, from_json
from ctlgraph.errors import ParameterError
from ctlgraph.parameters import Parameter, quote, short, term
from ctlgraph.store import Store

TEXTS = int(os.environ.get("CTLGRAPH_TEXTS", "2000"))
"""How many texts go to the engine; `make all` asks for a hundred thousand."""

TOGETHER = 20  # texts in one query to rdflib, whose parser takes its time

MATTER = """\
#+ title: {it: "Prova", en: "Trial"}
#+ description: {it: "Prova.", en: "Trial."}
#+ tags: [trial]
#+ parameters:
#+   text: {type: string, label: {it: "Testo", en: "Text"}}
#+ columns: {text: {type: string, label: {it: "Testo", en: "Text"}}}
#+ sentence:
#+   it: {none: "Nulla.", one: "{top.text}", ties: "{top.text}"}
#+   en: {none: "Nothing.", one: "{top.text}", ties: "{top.text}"}
#+ tests: [{args: {}, rows: 1}]
SELECT ?text WHERE { VALUES ?text { "safe" } }
"""
ECHO = parse(MATTER, "echo")

HOSTILE = (
    *("\\u0022 } #", '" } # ', '"} UNION { ?s ?p ?o } VALUES ?text {"', "\\", "\\\\", '\\"', "\\u0041"),
    *("\\U00000041", "\\\\u0041", "\\\\\\U00000041BEEF", "a\tb", "\t", "\r\n", "\x00", "\x1f\x7f\x85\u2028"),
    *(
        "?_text_iri",
        "{{x}}",
        "<http://x>",
        "'''",
        '"""',
        "%s %(a)s {0}",
        "}",
        "# x",
        "\u202e",
        "\ufeff",
        "UNDEF",
    ),
    *("\U0001f600", "è 'ù' \"ò\"", "_:b", "\\t", "\\n", '"@it', '"^^<x>', "\n} ; DROP ALL ; {", " "),
    *("SERVICE <http://x> { ?s ?p ?o }", "\x0c\x0b\x08"),
)
pieces = st.sampled_from((*HOSTILE, *"\"\\{}<>?$#uU\t\n\r'@^", "\\u", "\\U", "0041", "u005C"))
texts = st.one_of(
    st.text(min_size=1), st.lists(st.one_of(pieces, st.text(max_size=5)), min_size=1).map("".join)
)
texts = texts.filter(bool)


def usable(text: str) -> bool:
    return not any("\ud800" <= each <= "\udfff" for each in text)


def ours(text: str) -> list[str]:
    """What the service's engine answers to the question with this text."""
    answer = EMPTY.query(ECHO.fill({"text": text}).text).serialize("json")
    return [cell.value for (cell,) in from_json(answer)[1] if cell]


EMPTY = Store.from_nquads(b"")


@settings(max_examples=TEXTS, deadline=None)
@given(texts.filter(usable))
def test_a_text_comes_back_unchanged(text: str) -> None:
    """It is one value, none of its signs is read as SPARQL, and the form shows it as it was typed."""
    assert ours(text) == [text]
    assert short(quote(text)) == text


@pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")  # in rdflib's own parser
@settings(max_examples=max(TEXTS // TOGETHER, 1), deadline=None)
@given(st.lists(texts.filter(usable), min_size=TOGETHER, max_size=TOGETHER))
@example(list(HOSTILE))
def test_another_engine_reads_the_same_texts(several: list[str]) -> None:
    """rdflib, which replaces escapes before it parses and turns a tab into spaces."""
    rows = " ".join(f"({number} {quote(text)})" for number, text in enumerate(several))
    found: Any = Graph().query(f"SELECT ?n ?text WHERE {{ VALUES (?n ?text) {{ {rows} }} }}")
    assert [str(row[1]) for row in sorted(found, key=lambda row: int(row[0]))] == several


@pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")
@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stays_inside_its_literal(text: str) -> None:
    """In the whole question, in both engines."""
    found: Any = Graph().query(ECHO.fill({"text": text}).text)
    assert [str(row[0]) for row in found] == [text] == ours(text)


@settings(max_examples=max(TEXTS // 4, 1), deadline=None)
@given(st.sampled_from(("iri", "choice", "integer", "decimal", "date", "boolean")), texts)
def test_any_text_is_one_term_or_is_refused(kind: str, text: str) -> None:
    """Never a fault of the service, and never a query that the engine cannot read."""
    parameter = Parameter("x", kind, optional=False)
    try:
        spelling = term(parameter, text)
    except ParameterError:
        return
    answer = EMPTY.query(f"SELECT ?x WHERE {{ VALUES ?x {{ {spelling} }} }}").serialize("json")
    assert len(from_json(answer)[1]) == 1
    assert term(parameter, short(spelling)) == spelling


IRI_SIGNS = st.text(
    string.ascii_letters + string.digits + ":/?#[]@!$&'()*+,;=-._~%<>\"{}|^`\\ \u00e8\ue000", min_size=1
)


@settings(max_examples=max(TEXTS // 4, 1), deadline=None)
@given(st.sampled_from(("http://", "urn:", "cluster/", "vocab/", "id/", "ctl:", "a:", "")), IRI_SIGNS)
def test_an_identifier_is_an_iri_that_the_engine_takes(start: str, rest: str) -> None:
    """What is no IRI is refused as a value, not as a query."""
    parameter = Parameter("x", "iri")
    try:
        spelling = term(parameter, start + rest)
    except ParameterError:
        return
    answer = EMPTY.query(f"SELECT ?x WHERE {{ VALUES ?x {{ {spelling} }} }}").serialize("json")
    assert from_json(answer)[1] == [(Cell(spelling[1:-1], "iri"),)]
    assert term(parameter, short(spelling)) == spelling


@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_a_whole_number_keeps_its_value(number: int) -> None:
    assert int(term(Parameter("x", "integer"), str(number))) == number


@given(st.decimals(-(10**15), 10**15, places=6))
def test_a_number_keeps_its_value(number: Decimal) -> None:
    spelling = term(Parameter("x", "decimal"), f"{number:f}")
    assert Decimal(spelling) == number
    assert "." in spelling


@given(st.dates())
def test_a_date_keeps_its_value(day: date) -> None:
    assert short(term(Parameter("x", "date"), day.isoformat())) == day.isoformat()


@given(st.integers(-100, 100), st.integers(-100, 100), st.integers(-100, 100))
def test_a_number_out_of_its_range_is_refused(number: int, least: int, most: int) -> None:
    parameter = Parameter("x", "integer", minimum=str(least), maximum=str(most))
    if least <= number <= most:
        assert term(parameter, str(number)) == str(number)
    else:
        with pytest.raises(ParameterError):
            term(parameter, str(number))
