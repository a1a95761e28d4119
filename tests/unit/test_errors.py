"""Errors keep their facts and speak both languages."""

import pickle
import re

import pytest

from ctlgraph import errors
from ctlgraph.errors import (
    CollaborationError,
    CtlgraphError,
    GoneError,
    ParameterError,
    QueryLimitError,
    QueryRefusedError,
    QuerySyntaxError,
    ReleaseError,
    SourceError,
    UnknownIriError,
    UnknownQueryError,
)
from ctlgraph.messages import N_

ONE_OF_EACH = [
    SourceError("data/ttl/x.trig", 12, "unknown term {term}: did you mean {nearest}?", term="a", nearest="b"),
    ReleaseError(
        "violations that forbid a release: {count}; correct what is listed, then build again", count=2
    ),
    QuerySyntaxError(N_("expected {tokens}"), line=3, column=7, tokens='")"'),
    UnknownQueryError("member-cuonts", "member-counts"),
    UnknownQueryError("nothing-like-it"),
    UnknownIriError("x:a", ("x:b",)),
    UnknownIriError("x:a"),
    GoneError("x:a", ("x:b", "x:c")),
    GoneError("x:a"),
    ParameterError("since", "31/12/22", N_("text in UTF-8")),
    QueryRefusedError("SERVICE"),
    QueryLimitError("QUERY_TIME_S", 10, "s"),
]


def test_the_tree_at_the_top_of_the_module_names_every_error() -> None:
    """The drawing is what a reader trusts, so it may not fall behind."""
    drawn = set(re.findall(r"\w+Error", errors.__doc__ or ""))
    defined = {name for name, value in vars(errors).items() if isinstance(value, type)}
    assert drawn == {name for name in defined if name.endswith("Error")}


@pytest.mark.parametrize("error", ONE_OF_EACH, ids=str)
def test_an_error_says_the_same_in_both_languages(error: CtlgraphError) -> None:
    """An Italian reader gets Italian; str() is English, for logs."""
    assert str(error) == error.text("en")
    assert error.text("it") != error.text("en")
    assert "{" not in error.text("it") + error.text("en")


@pytest.mark.parametrize("error", ONE_OF_EACH, ids=str)
def test_an_error_crosses_from_a_query_process_whole(error: CtlgraphError) -> None:
    """Query processes send their errors to the server: type, text and attributes must survive."""
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert copy.text("it") == error.text("it")
    assert vars(copy).keys() == vars(error).keys()


def test_a_marked_fact_is_translated_with_its_error() -> None:
    """Half a sentence in each language helps nobody."""
    assert "testo in UTF-8" in ParameterError("query", "x", N_("text in UTF-8")).text("it")
    assert "'text in UTF-8'" in ParameterError("query", "text in UTF-8", "y").text("en")


def test_a_syntax_error_is_of_one_language() -> None:
    """What was expected is part of the sentence; the signs themselves belong to SPARQL."""
    error = QuerySyntaxError("expected {tokens}", 3, 7, tokens='")"')
    assert error.text("it").endswith('riga 3, colonna 7: ci si aspettava ")"')
    assert error.text("en").endswith('line 3, column 7: expected ")"')


def test_an_error_inside_an_error_speaks_the_same_language() -> None:
    """A rule that cannot run tells its cause in the reader's language."""
    cause = QueryLimitError("QUERY_TIME_S", 10, "s")
    assert "limite" in CtlgraphError("the rule must be a CONSTRUCT query: {detail}", detail=cause).text("it")


def test_a_source_error_begins_with_file_and_line() -> None:
    """Editors and terminals open `path:line`."""
    assert str(SourceError("shapes/core.ttl", 4, "is not there")) == "shapes/core.ttl:4: is not there"
    assert str(SourceError("shapes", None, "is not there")) == "shapes: is not there"


def test_a_source_error_gives_one_line_for_each_problem() -> None:
    """A writer wants to see all unknown terms at once."""
    error = SourceError("a.ttl", 1, "first")
    error.others = (SourceError("b.ttl", 2, "second"),)
    assert str(error).splitlines() == ["a.ttl:1: first", "b.ttl:2: second"]


def test_a_collaboration_error_keeps_its_reason() -> None:
    """Errors keep facts as attributes."""
    assert CollaborationError("not bipartite").reason == "not bipartite"
