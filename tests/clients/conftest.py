"""A service over two clusters, as every client finds it."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def endpoint(
    serve: Callable[..., AbstractContextManager[tuple[subprocess.Popen[str], str]]],
) -> Iterator[str]:
    """The address that a client is given."""
    with serve("--data", Path(__file__).with_name("clusters.ttl")) as (_, address):
        yield f"{address}/sparql"


@pytest.fixture
def select() -> str:
    """A query whose answer is `rows`."""
    return """
        PREFIX : <http://example.org/>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?name ?members ?founded {
            ?cluster a :Cluster ; rdfs:label ?name ; :members ?members OPTIONAL { ?cluster :founded ?founded }
        } ORDER BY ?members
    """


@pytest.fixture
def rows() -> list[tuple[str, int, str | None]]:
    """Name, members and date of foundation of both clusters."""
    return [
        ('Fabbrica "intelligente", Lombardia', 144, "2013-05-20"),
        ("Energia:\ncittà & <ambiente>; 100€", 150, None),
    ]
