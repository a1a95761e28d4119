"""Random queries: the service and rdflib give the same answers, or a listed reason says why not.

`make test` tries a few; if CTLGRAPH_FUZZ_S is set, as many as fit in so many seconds, from the seed
CTLGRAPH_FUZZ_SEED on. A failure of ours is never explained.
"""

import os
import re
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from io import BytesIO
from itertools import count, islice, takewhile
from pathlib import Path
from random import Random

import httpx
import pytest
from rdflib import XSD, Dataset, Graph, Literal
from rdflib.plugins import sparql
from rdflib.query import Result
from rdflib.term import Node

pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")  # in rdflib's own use

DATA = Path(__file__).with_name("data.trig")
SECONDS = float(os.environ.get("CTLGRAPH_FUZZ_S", "0"))
FIRST = int(os.environ.get("CTLGRAPH_FUZZ_SEED", "0"))
FEW = 150

Rows = Counter[frozenset[tuple[str, str]]]
Answer = bool | Rows | Exception
NUMBERS = (XSD.integer, XSD.decimal, XSD.double)


@dataclass(frozen=True)
class Reason:
    """Why the answers to some queries differ, with such a query."""

    why: str
    holds: Callable[[str, Answer, Answer], bool]
    example: str


def _only_in_number(ours: Answer, theirs: Answer) -> bool:
    return isinstance(ours, Counter) and isinstance(theirs, Counter) and set(ours) == set(theirs)


def _only_more(ours: Answer, theirs: Answer) -> bool:
    """Whether theirs has all of our rows, some with more bound in them, and maybe others."""
    if not (isinstance(ours, Counter) and isinstance(theirs, Counter)):
        return (ours, theirs) == (False, True)
    return all(any(row < other for other in theirs - ours) for row in ours - theirs)


REASONS = (
    Reason(
        "rdflib makes one empty row of no groups",
        lambda query, ours, theirs: "GROUP BY" in query and not ours and theirs == Counter([frozenset()]),
        "SELECT ?s (COUNT(*) AS ?n) { ?s :nothing ?o } GROUP BY ?s",
    ),
    Reason(
        "SPARQL counts a pair once for each alternative of a path (section 18.4), our engine once in all",
        lambda query, ours, theirs: "|" in query and _only_in_number(ours, theirs),
        "SELECT ?o { :a (:p|(:p/:p)) ?o }",
    ),
    Reason(
        "SPARQL counts each way of a sequence, any length once (section 18.4), and rdflib not always",
        lambda query, ours, theirs: bool(re.search(r"\)[*?+]|/", query)) and _only_in_number(ours, theirs),
        "SELECT ?o { :a (:p|:q)? ?o }",
    ),
    Reason(
        "rdflib has a path of no step also from what is bound to a term that is not in the graph",
        lambda query, ours, theirs: (
            bool(re.search(r"\)[*?]", query))
            and (_only_more(ours, theirs) or ("MINUS" in query and _only_more(theirs, ours)))
        ),
        "SELECT ?x { VALUES ?x { :none } ?x (:p|:q)? ?y }",
    ),
    Reason(
        "rdflib joins with a group as with a set of solutions, and loses its doubles (section 18.5)",
        lambda query, ours, theirs: bool(re.search(r"\{.*\{", query)) and _only_in_number(ours, theirs),
        "SELECT ?a { ?d :p ?c { ?a :p ?d { ?d :q ?a . ?a :p ?c } UNION { ?d :q ?a . ?c :p ?a } } }",
    ),
    Reason(
        "rdflib lets what is bound before a group into its OPTIONAL (section 18.6 joins what groups give)",
        lambda query, ours, theirs: bool(re.search(r"\{.*\{.*OPTIONAL", query)) and _only_more(ours, theirs),
        "SELECT ?a { ?b :q ?d { :a :p 'a' OPTIONAL { ?a :q 2.5 . ?c :p ?b } } }",
    ),
)


@pytest.fixture(scope="module")
def service(
    serve: Callable[..., AbstractContextManager[tuple[subprocess.Popen[str], str]]],
) -> Iterator[httpx.Client]:
    """A client of a service over the data, with limits that a small query does not reach."""
    limits = ("--query-time-s=60", "--result-rows=10000000", "--result-mib=1024", "--log=human")
    with (
        serve("--data", DATA, *limits) as (_, address),
        httpx.Client(base_url=address, timeout=120, trust_env=False) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def other() -> Iterator[Dataset]:
    """The same data in rdflib, which reads no graph from the network."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sparql, "SPARQL_LOAD_GRAPHS", False)
        data = Dataset()
        data.parse(data=DATA.read_text(), format="trig")
        yield data


def ask(service: httpx.Client, query: str) -> Answer:
    accept = "application/n-triples, application/sparql-results+json"
    response = service.post("/sparql", data={"query": query}, headers={"Accept": accept})
    assert response.status_code == 200, query
    if response.headers["content-type"].startswith("application/n-triples"):
        return triples(Graph().parse(data=response.text, format="nt"))
    return rows(Result.parse(source=BytesIO(response.content), format="json"))


def ask_rdflib(data: Dataset, query: str) -> Answer:
    try:
        result = data.query(query)
        return rows(result) if result.graph is None else triples(result.graph)
    except Exception as error:  # noqa: BLE001  # whatever it is, a reason has to explain it
        return error


def rows(result: Result) -> bool | Rows:
    """Solutions in any order; or the answer to an ASK."""
    if result.askAnswer is not None:
        return result.askAnswer
    return Counter(
        frozenset((str(name), written(term)) for name, term in row.items()) for row in result.bindings
    )


def triples(graph: Graph) -> Rows:
    """Triples; rdflib also gives what is none, with a literal for a subject (SPARQL, section 16.2.1)."""
    return Counter(
        frozenset(zip("spo", map(written, triple), strict=True))
        for triple in graph
        if not any(isinstance(term, Literal) for term in triple[:2])
    )


def written(term: Node) -> str:
    """A term as it is written; a number as its value and its type."""
    if isinstance(term, Literal) and term.datatype in NUMBERS:
        return f"{float(term):.12g} {term.datatype}"
    if isinstance(term, Literal) and term.datatype == XSD.string:
        return Literal(str(term)).n3()
    return term.n3()


def seeds() -> Iterator[int]:
    """A few, or as many as half of the time allows: two tests share it."""
    end, all_ = time.monotonic() + SECONDS / 2, count(FIRST)
    return takewhile(lambda _: time.monotonic() < end, all_) if SECONDS else islice(all_, FEW)


def test_random_queries_have_the_same_answers(
    service: httpx.Client, other: Dataset, write: Callable[[int], str]
) -> None:
    """Each difference has a listed reason; most queries need none."""
    found: Counter[str] = Counter()
    for seed in seeds():
        query = write(seed)
        ours, theirs = ask(service, query), ask_rdflib(other, query)
        reasons = (reason.why for reason in REASONS if reason.holds(query, ours, theirs))
        why = "the same" if ours == theirs else next(reasons, "")
        assert why, f"seed {seed}: {query}\nthe service: {ours}\nrdflib: {theirs}"
        found[why] += 1
    assert found["the same"] > 0.8 * found.total()


@pytest.mark.parametrize("reason", REASONS, ids=[reason.why for reason in REASONS])
def test_each_reason_is_still_needed(service: httpx.Client, other: Dataset, reason: Reason) -> None:
    """An engine that has been repaired leaves the list."""
    query = f"PREFIX : <http://example.org/>\n{reason.example}"
    ours, theirs = ask(service, query), ask_rdflib(other, query)
    assert ours != theirs
    assert reason.holds(query, ours, theirs)


def test_damaged_queries_hurt_no_one(service: httpx.Client, write: Callable[[int], str]) -> None:
    """Words lost, doubled, swapped or strange: an answer or a problem, never a failure of ours."""
    for seed in seeds():
        random, words = Random(seed), re.findall(r"\w+|\s+|\W", write(seed))
        for _ in range(random.randint(1, 3)):
            at, to = random.randrange(len(words)), random.randrange(len(words))
            strange = random.choice(["\\", "\0", "'''", "<<(", "é", "\U0001f600", "{" * 150, "\\u0000"])
            words[at : at + 1] = random.choice([[], [words[at]] * 2, [words[to]], [strange]])
        response = service.post("/sparql", data={"query": "".join(words)})
        assert response.status_code in (200, 400, 403), "".join(words)
