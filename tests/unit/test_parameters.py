"""Parameters: what each type takes, how it is spelled in SPARQL, and what is said of the rest."""

import pytest

from ctlgraph.errors import ParameterError
from ctlgraph.parameters import UNDEF, Parameter, expand_iri, quote, short, term
from ctlgraph.vocabulary import BASE

AFIL = f"<{BASE}id/cluster/afil>"
PARTNER = f"<{BASE}vocab/role/partner>"
DATE = "<http://www.w3.org/2001/XMLSchema#date>"


@pytest.mark.parametrize(
    ("kind", "text", "spelling"),
    [
        *(
            ("iri", text, AFIL)
            for text in ("cluster/afil", "id/cluster/afil", "cluster:afil", AFIL, AFIL[1:-1])
        ),
        ("iri", " cluster/afil\n", AFIL),
        ("iri", "vocab/role/partner", PARTNER),
        ("iri", "ctl:Network", f"<{BASE}ontology#Network>"),
        ("iri", "ontology#Network", f"<{BASE}ontology#Network>"),
        ("iri", "urn:x:y", "<urn:x:y>"),
        ("choice", "partner", PARTNER),
        ("string", "due parole", '"due parole"'),
        ("string", " \t ", '" \\t "'),
        ("integer", "+012", "12"),
        ("integer", "-0", "0"),
        ("decimal", "12", "12.0"),
        ("decimal", "1.50", "1.5"),
        ("decimal", "-0.0", "0.0"),
        ("date", "2022-12-31", f'"2022-12-31"^^{DATE}'),
        ("boolean", "True", "true"),
        ("boolean", "0", "false"),
    ],
)
def test_a_text_becomes_the_term_of_its_type(kind: str, text: str, spelling: str) -> None:
    """The same term for every way in which it may be written."""
    parameter = Parameter("x", kind, scheme=BASE + "vocab/role" if kind == "choice" else None)
    assert term(parameter, text) == spelling


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *(
            ("iri", text)
            for text in ("afil", "nothing:afil", "id/cluster/a fil", "http://a:b/", "<>", "a> } #")
        ),
        ("choice", "a b"),
        ("string", "\ud800"),
        *(("integer", text) for text in ("x", "1.5", "1e3", "٣", "9" * 19, "1 2", "0x1")),
        *(("decimal", text) for text in ("12,5", "1.", ".5", "NaN", "1e3", "Infinity")),
        *(("date", text) for text in ("31/12/22", "2022-02-30", "20221231", "2022-W01-1", "2022")),
        *(("boolean", text) for text in ("sì", "2", "vero")),
        *((kind, "") for kind in ("iri", "string", "integer", "decimal", "date", "boolean")),
    ],
)
def test_another_text_is_refused_by_name(kind: str, text: str) -> None:
    """The error keeps what was given, and says what is taken in both languages."""
    with pytest.raises(ParameterError, match="parameter 'year': expected ") as caught:
        term(Parameter("year", kind), text)
    assert (caught.value.name, caught.value.value) == ("year", text)
    assert "atteso" in caught.value.text("it")


@pytest.mark.parametrize("kind", ["iri", "string", "integer", "decimal", "date", "boolean", "choice"])
def test_nothing_means_any_where_that_is_allowed(kind: str) -> None:
    """UNDEF, and the form shows it as nothing again."""
    assert term(Parameter("x", kind, optional=True), "") == UNDEF
    assert short(UNDEF) == ""


@pytest.mark.parametrize(
    ("kind", "least", "most", "taken", "refused", "words"),
    [
        ("integer", "2000", "2030", "2030", "2031", "a whole number from 2000 to 2030"),
        ("decimal", "0.5", None, "0.5", "0.4", "a number such as 12.5 from 0.5 on"),
        (
            "date",
            None,
            "2022-12-31",
            "2022-12-31",
            "2023-01-01",
            "a date such as 2022-12-31 up to 2022-12-31",
        ),
    ],
)
def test_a_range_includes_its_ends(
    kind: str, least: str | None, most: str | None, taken: str, refused: str, words: str
) -> None:
    """What lies outside is refused with the range."""
    parameter = Parameter("x", kind, minimum=least, maximum=most)
    assert short(term(parameter, taken)) == taken
    with pytest.raises(ParameterError, match=words):
        term(parameter, refused)


@pytest.mark.parametrize(
    ("spelling", "text"),
    [
        (AFIL, "cluster/afil"),
        (PARTNER, "vocab/role/partner"),
        (f"<{BASE}id/other/x>", "id/other/x"),
        (f"<{BASE}ontology#Network>", "ontology#Network"),
        ("<http://www.w3.org/ns/org#Organization>", "org:Organization"),
        ("<https://example.org/>", "https://example.org/"),
        (f'"2022-12-31"^^{DATE}', "2022-12-31"),
        ('"2022-12-31"^^xsd:date', "2022-12-31"),
        ("12", "12"),
        ("true", "true"),
        (r'"a \"b\" \\ \t \u00e8 \U000000e8"', 'a "b" \\ \t è è'),
    ],
)
def test_a_term_is_short_in_an_address(spelling: str, text: str) -> None:
    assert short(spelling) == text


def test_a_word_alone_is_in_its_scheme_only() -> None:
    """Without a scheme it stands for nothing."""
    assert expand_iri("partner", BASE + "vocab/role") == BASE + "vocab/role/partner"
    assert expand_iri("partner") is None


def test_a_letter_u_after_a_backslash_is_an_escape() -> None:
    """SPARQL would replace it before it reads the string; so does rdflib, wherever it stands."""
    assert quote("\\u0041") == '"' + r"\\\U000000750041" + '"'
    assert quote("\\U") == '"' + r"\\\U00000055" + '"'
