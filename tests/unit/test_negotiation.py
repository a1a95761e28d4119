"""What a reader prefers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from ctlgraph.errors import ParameterError
from ctlgraph.web.negotiation import ALIASES, MEDIA_TYPES, formats, prefers_page, reader_language

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize("accept", ["", "*/*"])
def test_a_reader_that_says_nothing_takes_everything(accept: str) -> None:
    """In our own order of preference, each as the first of its types."""
    assert formats([], accept) == {name: types[0] for name, types in MEDIA_TYPES.items()}


@pytest.mark.parametrize(
    ("accept", "first"),
    [
        ("text/csv", ("csv", "text/csv")),
        ("text/csv;q=0.5, application/json", ("json", "application/json")),
        ("application/sparql-results+xml;q=0.9, application/xml", ("xml", "application/xml")),
        ("*/*;q=0.1, text/turtle;q=0.2", ("ttl", "text/turtle")),
        ("application/rdf+xml", ("rdf", "application/rdf+xml")),
        ("TEXT/TURTLE", ("ttl", "text/turtle")),
        ("text/turtle;q=nan, text/csv;q=0.1", ("csv", "text/csv")),
        ("text/turtle;q=2, text/csv", ("ttl", "text/turtle")),
    ],
)
def test_the_best_comes_first(accept: str, first: tuple[str, str]) -> None:
    """RFC 9110, section 12.5.1: the quality of the most specific range that holds a type."""
    assert next(iter(formats([], accept).items())) == first


@pytest.mark.parametrize("accept", ["image/png", "*/*;q=0", "text/csv;q=0", "nonsense"])
def test_nothing_may_fit(accept: str) -> None:
    """Then there is no format, and the answer is 406."""
    assert formats([], accept) == {}


def test_rdf_and_results_in_xml_are_two_things() -> None:
    """Who takes one does not get the other; the name xml means whichever the answer can be."""
    assert "xml" not in formats([], "application/rdf+xml")
    assert "rdf" not in formats([], "application/sparql-results+xml")
    assert list(formats(["xml"], "")) == ["xml", "rdf"]


@pytest.mark.parametrize(
    "name", [*{**MEDIA_TYPES, **ALIASES}, *(types[-1] for types in MEDIA_TYPES.values())]
)
def test_a_format_may_be_named(name: str) -> None:
    """By its name, another name that clients use, or a media type; it overrides Accept."""
    assert formats([name], "image/png")
    assert formats(["nonsense", name.upper()], "") == formats([name], "")


def test_a_format_that_does_not_exist_is_an_error() -> None:
    """With the names of those that do."""
    with pytest.raises(ParameterError, match="json, ttl, xml, csv"):
        formats(["nonsense"], "")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (BROWSER, True),
        ("text/html", True),
        ("application/xhtml+xml;q=0.1", True),
        ("text/turtle, text/html;q=0.9", False),
        ("*/*", False),
        ("", False),
        ("text/html;q=0", False),
    ],
)
def test_a_page_is_for_those_who_ask_for_it(accept: str, expected: bool) -> None:
    """A browser names HTML; a program that takes anything does not."""
    assert prefers_page(accept) is expected


@pytest.mark.parametrize(
    ("query", "header", "expected"),
    [
        ("", "it", "it"),
        ("", "de, it;q=0.5, en;q=0.1", "it"),
        ("", "en;q=0.1, it-CH;q=0.2", "it"),
        ("", "it;q=0", "en"),
        ("", "de", "en"),
        ("lang=en", "it", "en"),
        ("lang=xx", "it", "it"),
    ],
)
def test_the_language_of_the_reader(query: str, header: str, expected: str) -> None:
    """The parameter, then the preferences, then English."""
    scope = {
        "type": "http",
        "query_string": query.encode(),
        "headers": [(b"accept-language", header.encode())],
    }
    assert reader_language(Request(scope)) == expected


@given(st.text())
def test_any_header_is_read(accept: str) -> None:
    """However odd, it is a list of preferences; what it does not name is not sent."""
    for name, media in formats([], accept).items():
        assert media in MEDIA_TYPES[name]
