"""Workers: a query cannot harm the server, nor leave it."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from ctlgraph.errors import (
    ParameterError,
    QueryError,
    QueryLimitError,
    QueryRefusedError,
    QuerySyntaxError,
    SourceError,
)
from ctlgraph.workers import Reply, Request, Workers, refuse

T = TypeVar("T")
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(8)) + " }"


@pytest.fixture
def release(tmp_path: Path) -> Path:
    lines = (f'<x:s{i}> <x:p{i % 7}> "v{i}" <x:g{i % 9}> .\n' for i in range(500))
    (tmp_path / "ctlgraph.nq").write_text("".join(lines))
    return tmp_path


def run(release: Path, work: Callable[[Workers], Awaitable[T]], count: int = 1, time_s: float = 5) -> T:
    async def inside() -> T:
        async with Workers(release, count=count, time_s=time_s) as workers:
            return await work(workers)

    return asyncio.run(inside())


def children() -> set[str]:
    """The processes that this one has started and not yet buried."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


async def after(workers: Workers, request: Request, expected: type[QueryError]) -> Reply:
    """Let one query fail, then ask another."""
    with pytest.raises(expected):
        await workers.answer(request)
    return await workers.answer(Request("ASK { }"))


def test_the_first_format_that_fits_is_taken(release: Path) -> None:
    """One list of preferences serves every kind of query."""
    formats = ("csv", "ttl", "json")
    queries = ("SELECT * { } ", "ASK { }", "CONSTRUCT { } WHERE { }")

    async def work(workers: Workers) -> list[str]:
        return [(await workers.answer(Request(query, formats))).format for query in queries]

    assert run(release, work) == ["csv", "json", "ttl"]


def test_no_format_that_fits_is_an_error(release: Path) -> None:
    """It names the formats that would do."""
    with pytest.raises(ParameterError, match="json, xml"):
        run(release, lambda workers: workers.answer(Request("ASK { }", ("ttl", "csv"))))


def test_errors_cross_the_process_with_their_facts(release: Path) -> None:
    """Line and column of a syntax error are those that the engine gave."""
    with pytest.raises(QuerySyntaxError) as caught:
        run(release, lambda workers: workers.answer(Request("SELECT *\n{ ?s ?p ?o")))
    assert caught.value.line == 2


def test_a_query_over_its_time_is_killed(release: Path) -> None:
    """The limit is in the error; the next query is answered by another process."""
    before = children()
    assert run(release, lambda w: after(w, Request(ENDLESS), QueryLimitError), time_s=0.3).format == "json"
    assert children() == before


def test_a_crash_of_the_engine_is_an_error_of_that_query(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """2,200 nested groups overflow the engine's stack, should they ever get past `refuse`."""
    monkeypatch.setattr("ctlgraph.workers.MAX_DEPTH", 10_000)
    crash = Request("ASK " + "{" * 2200 + "}" * 2200)
    assert run(release, lambda workers: after(workers, crash, QueryError)).format == "json"


def test_a_process_that_died_idle_is_replaced(release: Path) -> None:
    """For instance by the hand of the system when memory is short."""

    async def work(workers: Workers) -> Reply:
        (child,) = workers._idle
        child.kill()
        await child.wait()
        return await workers.answer(Request("ASK { }"))

    assert run(release, work).body


def test_more_queries_than_processes_all_get_their_own_answer(release: Path) -> None:
    """They wait for a free process."""

    async def work(workers: Workers) -> list[Reply]:
        queries = (Request(f"SELECT ({n} AS ?n) {{ }}", ("csv",)) for n in range(40))
        return await asyncio.gather(*map(workers.answer, queries))

    replies = run(release, work, count=3)
    assert [reply.body for reply in replies] == [f"n\r\n{n}\r\n".encode() for n in range(40)]


def test_a_cancelled_query_ends_its_process(release: Path) -> None:
    """Nobody waits for the answer, so nobody computes it."""

    async def work(workers: Workers) -> Reply:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(workers.answer(Request(ENDLESS)), 0.3)
        return await workers.answer(Request("ASK { }"))

    assert run(release, work).format == "json"


def test_a_release_that_cannot_be_opened_is_known_at_once(tmp_path: Path) -> None:
    """Before any query is taken."""
    before = children()
    with pytest.raises(SourceError):
        run(tmp_path, lambda workers: workers.answer(Request("ASK { }")))
    assert children() == before


def test_no_query_reaches_the_network(release: Path) -> None:
    """A text that hides SERVICE from `refuse`, even with SILENT, finds no file descriptor to connect with."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        iri = f"<http://127.0.0.1:{server.getsockname()[1]}/>"
        hidden = 'SELECT * { ?s ?p ?o OPTIONAL { FILTER(?s <#>"""\n ?o) } '
        hidden += f'SERVICE SILENT {iri} {{ ?a ?b ?c }} #"""\n}}'
        refuse(hidden)  # deceived
        reply = run(release, lambda workers: workers.answer(Request(hidden, ("csv",))))
        with pytest.raises(TimeoutError):
            server.accept()
    assert reply.format == "csv"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o.service silent ?where { } }",
        "SELECT * { ?s ?p 'a'SERVICE<x:y>{} }",
        "ASK { # <a>\n SERVICE ?x { } }",
        "ASK { ?a <?b)SERVICE ?x { } }",
        "ASK { ?s ?p 5.SERVICE ?x { } }",
    ],
)
def test_service_is_refused(query: str) -> None:
    """In any case, and wherever the grammar lets it begin."""
    with pytest.raises(QueryRefusedError, match="SERVICE"):
        refuse(query)


@pytest.mark.parametrize(
    "text",
    [
        "?service",
        "$SERVICE",
        "'SERVICE'",
        '"a \\" SERVICE"',
        "'''it's\nSERVICE'''",
        '"""a ""quoted"" SERVICE"""',
        "<http://example.org/SERVICE>",
        "service:x",
        "my-service:SERVICE",
        ":service",
        "_:SERVICE",
        "ex:a.SERVICE",
        "# SERVICE\n",
        "SERVICES",
        "'x'@service",
    ],
)
def test_the_word_service_is_fine_elsewhere(text: str) -> None:
    """In strings, IRIs, comments, names and variables."""
    refuse(f"ASK {{ ?s ?p {text} }}")


@pytest.mark.parametrize("pair", ["{}", "()", "[]"])
def test_deep_nesting_is_refused(pair: str) -> None:
    """128 levels are fine, 129 are not; brackets in strings do not count."""
    refuse(pair[0] * 128 + "'" + pair[0] * 500 + "'" + pair[1] * 128)
    with pytest.raises(QueryLimitError) as caught:
        refuse(pair[0] * 129 + pair[1] * 129)
    assert (caught.value.limit, caught.value.value) == ("depth", 128)


@pytest.mark.parametrize(
    "text",
    ["a-" * 100_000, '"""\\"' * 40_000, "<" * 200_000, "<a" * 100_000, "'a\n" * 60_000, ":" * 200_000],
    ids=["words", "long strings", "less than", "open IRIs", "open strings", "colons"],
)
def test_long_texts_are_read_in_one_pass(text: str) -> None:
    """No text makes the reading quadratic: these would take minutes."""
    refuse(text)
