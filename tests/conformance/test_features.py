"""Every feature of SPARQL 1.0, 1.1 and 1.2 that the engine has: the service answers as the engine in process.

Not whether the engine is right, which W3C's suites say, but that nothing on the way to a reader changes it.
"""

import json
import subprocess
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as engine
import pytest

from ctlgraph.store import GRAPH_FORMATS

PREFIXES = """PREFIX : <http://e/> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> """
CASES = tomllib.loads(Path(__file__).with_name("features.toml").read_text(encoding="utf-8"))
SELECTS = {
    **CASES["solutions"],
    **{f"path: {name}": f"SELECT * {{ {path} }}" for name, path in CASES["paths"].items()},
    **{
        f"aggregate: {name}": f"SELECT ({call} AS ?x) {{ ?s :name ?n ; :age ?a }}"
        for name, call in CASES["aggregates"].items()
    },
}
EXTENSIONS = {"json": "srj", "xml": "srx"}
NOT_HELD = {("construct of triple terms", "jsonld"), ("construct of annotations", "jsonld")}
NO_ROWS = {"limit of nothing", "no groups"}


@pytest.fixture(scope="module")
def quads() -> bytes:
    """The data as N-Quads."""
    parsed = engine.parse(PREFIXES + CASES["data"], format=engine.RdfFormat.TRIG)
    return engine.serialize(parsed, format=engine.RdfFormat.N_QUADS) or b""


@pytest.fixture(scope="module")
def store(quads: bytes) -> engine.Store:
    """The engine in this process."""
    store = engine.Store()
    store.load(quads, format=engine.RdfFormat.N_QUADS)
    return store


@pytest.fixture(scope="module")
def service(
    quads: bytes,
    tmp_path_factory: pytest.TempPathFactory,
    serve: Callable[..., AbstractContextManager[tuple[subprocess.Popen[str], str]]],
) -> Iterator[httpx.Client]:
    """The service over the same data in a file."""
    path = tmp_path_factory.mktemp("features") / "data.nq"
    path.write_bytes(quads)
    with (
        serve("--data", path) as (_, address),
        httpx.Client(base_url=address, timeout=30, trust_env=False) as client,
    ):
        yield client


def asked(service: httpx.Client, query: str, format_name: str) -> bytes:
    """The service's answer."""
    answer = service.get("/sparql", params={"query": PREFIXES + query, "format": format_name})
    assert answer.status_code == 200, answer.text
    return answer.content


def rows(results: bytes) -> list[str]:
    """The solutions in order, each with blank nodes that have lost their names."""

    def bare(term: dict[str, Any]) -> dict[str, Any]:
        value = (
            {key: bare(part) for key, part in term["value"].items()}
            if term["type"] == "triple"
            else term["value"]
        )
        return {**term, "value": "" if term["type"] == "bnode" else value}

    bindings = json.loads(results)["results"]["bindings"]
    return [json.dumps({name: bare(term) for name, term in row.items()}, sort_keys=True) for row in bindings]


def results(store: engine.Store, query: str, format_name: str) -> bytes:
    """The engine's answer."""
    form = engine.QueryResultsFormat.from_extension(EXTENSIONS.get(format_name, format_name))
    found = store.query(PREFIXES + query)
    assert isinstance(found, engine.QuerySolutions)
    return found.serialize(format=form) or b""


def select(store: engine.Store, query: str) -> list[str]:
    """The engine's solutions."""
    return rows(results(store, query, "json"))


def canonical(triples: Any) -> list[str]:
    """The triples with blank nodes named alike, sorted and each once."""
    dataset = engine.Dataset(engine.Quad(*triple) for triple in triples)
    dataset.canonicalize(engine.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


@pytest.mark.parametrize("name", SELECTS)
def test_solutions_are_those_of_the_engine(service: httpx.Client, store: engine.Store, name: str) -> None:
    """The same, as often, in any order."""
    expected = select(store, SELECTS[name])
    assert Counter(rows(asked(service, SELECTS[name], "json"))) == Counter(expected)
    assert expected or name in NO_ROWS


@pytest.mark.parametrize("name", CASES["orders"])
def test_the_order_of_solutions_is_that_of_the_engine(
    service: httpx.Client, store: engine.Store, name: str
) -> None:
    """Row by row."""
    expected = select(store, CASES["orders"][name])
    assert rows(asked(service, CASES["orders"][name], "json")) == expected
    assert expected or name in NO_ROWS


@pytest.mark.parametrize("line", CASES["functions"].strip().splitlines())
def test_functions_give_what_the_engine_gives(service: httpx.Client, store: engine.Store, line: str) -> None:
    """Values, and no value where there is an error; one query for the functions of a line."""
    calls = " ".join(f"({each} AS ?x{number})" for number, each in enumerate(line.split(" | ")))
    query = f"SELECT {calls} {{ :bob :born ?t }}"
    assert rows(asked(service, query, "json")) == select(store, query)


@pytest.mark.parametrize(("name", "format_name"), [*product(CASES["graphs"], GRAPH_FORMATS)])
def test_graphs_are_those_of_the_engine(
    service: httpx.Client, store: engine.Store, name: str, format_name: str
) -> None:
    """Isomorphic, in every format that holds them."""
    form = engine.RdfFormat.from_extension(format_name)
    assert form
    if (name, format_name) in NOT_HELD:
        with pytest.raises(AssertionError, match="JSON-LD does not"):
            asked(service, CASES["graphs"][name], format_name)
        return
    body = asked(service, CASES["graphs"][name], format_name)
    expected = canonical(store.query(PREFIXES + CASES["graphs"][name]))
    assert canonical(quad.triple for quad in engine.parse(body, format=form)) == expected
    assert expected or "nothing" in name


@pytest.mark.parametrize("name", CASES["truths"])
def test_truth_is_that_of_the_engine(service: httpx.Client, store: engine.Store, name: str) -> None:
    """True and false."""
    expected = bool(store.query(PREFIXES + CASES["truths"][name]))
    assert json.loads(asked(service, CASES["truths"][name], "json"))["boolean"] is expected


@pytest.mark.parametrize("format_name", ["json", "xml", "tsv", "csv"])
def test_every_result_format_is_the_engines_own(
    service: httpx.Client, store: engine.Store, format_name: str
) -> None:
    """Byte for byte: of literals of every kind, and of what is unbound."""
    query = "SELECT ?s ?p ?o ?none { ?s ?p ?o FILTER(!isBlank(?s) && !isBlank(?o)) } ORDER BY ?s ?p ?o"
    assert asked(service, query, format_name) == results(store, query, format_name)


def test_what_the_engine_alone_gets_wrong_is_put_right(service: httpx.Client) -> None:
    """Escapes of code points outside strings, the merge of several default graphs, the request as base."""
    escaped = r"SEL\u0045CT ?n { :alice :n\u0061me ?\u006E }"
    assert [json.loads(row)["n"]["value"] for row in rows(asked(service, escaped, "json"))] == ["Alice"]
    merged = "SELECT * FROM :g1 FROM :g2 FROM :g1 { ?s :likes :tea }"
    assert len(rows(asked(service, merged, "json"))) == 2
    relative = "SELECT (<a> AS ?x) { }"
    assert json.loads(rows(asked(service, relative, "json"))[0])["x"]["value"] == f"{service.base_url}/a"
