"""What `/openapi.json` says is true: schemathesis finds no request that is answered otherwise.

A few requests of each kind; many where CTLGRAPH_FUZZ_S is set.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

DATA = Path(__file__).parents[1] / "fuzz" / "data.trig"
EXAMPLES = 300 if os.environ.get("CTLGRAPH_FUZZ_S") else 10  # of each operation
OF_QUESTIONS = 20 if os.environ.get("CTLGRAPH_FUZZ_S") else 2  # there are many, and they are alike
QUESTIONS = "/queries/"
ENDINGS = (".{ending}", ".{form}", "/releases/{version}/{address}", "/{version}", "/{slug}", "/{lines}")
QUERIES = (
    "ASK { ?s ?p ?o }",
    "SELECT * { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
    "CONSTRUCT WHERE { ?s ?p ?o }",
    "DESCRIBE <http://example.org/a>",
)
ACCEPTANCE = [negative_data_rejection, positive_data_acceptance]
EXCEPTIONS = {
    "/sparql": ACCEPTANCE,
    "/graphs": ACCEPTANCE,
    **{
        path: [positive_data_acceptance] for path in ("/compare", "/collaboration", "/collaboration.{ending}")
    },
    **dict.fromkeys(("/sparql/chart", "/sparql/question"), ACCEPTANCE),
}
"""What OpenAPI cannot say of these paths: that what is empty or not needed is ignored, whatever it is; that a
format has to fit the kind of the query (else 406); that it is either `graph` or `default` (else 400); that an
answer has to have something to draw (else 404), and that not every query can be saved (else 400). Nor can
it say of the questions and of what is compared that a thing has to be one that the graph has, nor which
parameter goes with which measure of a collaboration graph.
"""

schemathesis.openapi.format("sparql-query", st.sampled_from(QUERIES))


@pytest.fixture(scope="module")
def description(
    serve: Callable[..., AbstractContextManager[tuple[subprocess.Popen[str], str]]],
) -> Iterator[Any]:
    """The description that a service gives of itself, as schemathesis reads it."""
    with serve("--data", DATA) as (_, address):
        yield schemathesis.openapi.from_url(f"{address}/openapi.json")


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_the_description_is_true(description: Any, mode: GenerationMode) -> None:
    """Of good requests and of bad ones: status, type and form of every answer are described."""
    for operation in (result.ok() for result in description.get_all_operations()):

        @settings(
            max_examples=OF_QUESTIONS if alike(operation.path) else EXAMPLES,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            case.call_and_validate(excluded_checks=excluded(case.path))

        with suppress(Unsatisfiable):  # without parameters there is no bad request
            ask()


def alike(path: str) -> bool:
    """Whether many others are answered by the same code."""
    return path.startswith(QUESTIONS) or path.endswith(ENDINGS)


def test_nothing_is_said_to_be_xhtml(description: Any) -> None:
    """Pages are HTML, whatever their readers call them."""
    assert "text/html" in str(description.raw_schema)
    assert "xhtml" not in str(description.raw_schema)


def test_the_description_tells_of_every_address(description: Any) -> None:
    """What is asked first comes first, the service itself last; every group says what it is."""
    told = description.raw_schema
    groups = {
        tag
        for path in told["paths"].values()
        for name, each in path.items()
        if name in ("get", "post", "delete")
        for tag in each["tags"]
    }
    names = [tag["name"] for tag in told["tags"]]
    assert (names[0], names[1], names[-1]) == ("SPARQL", "questions", "service")
    assert set(names) == groups
    assert all(tag["description"] for tag in told["tags"])
    assert "SPARQL" in told["info"]["description"]
    assert next(iter(told["paths"])) == "/sparql"
    asked = {each["name"] for each in told["paths"]["/sparql"]["get"]["parameters"]}
    assert "release" in asked
    assert {"/ontology.{ending}", "/queries/{name}.{form}", "/vocab/{scheme}/{slug}"} <= told["paths"].keys()


def excluded(path: str) -> list[Any]:
    """The checks that do not hold of this path."""
    return [positive_data_acceptance] if alike(path) else EXCEPTIONS.get(path, [])
