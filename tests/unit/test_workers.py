"""Workers: a query cannot harm the server, nor leave it, nor keep others waiting."""

import asyncio
import errno
import gc
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TypeVar

import pyoxigraph
import pytest
import uvloop

from ctlgraph.errors import (
    ParameterError,
    QueryBusyError,
    QueryCancelledError,
    QueryError,
    QueryLimitError,
    QueryRefusedError,
    QuerySyntaxError,
    SourceError,
)
from ctlgraph.store import Content, Files, Store, disk_folder, tables
from ctlgraph.terminals import scan
from ctlgraph.workers import Limits, Reply, Request, Workers, child, wire
from ctlgraph.workers.connection import Connection
from ctlgraph.workers.process import Process

T = TypeVar("T")
ASK = Request("ASK { }")
ENDLESS = Request("SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(8)) + " }")
ENDLESS_ROWS = Request("SELECT * { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(8)) + " }", ("json",))
SORTED = Request("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?f ?c", ("json",))
DOUBLED = Request(
    'SELECT (STRLEN(?s40) AS ?n) { BIND("x" AS ?s0) '
    + " ".join(f"BIND(CONCAT(?s{i}, ?s{i}) AS ?s{i + 1})" for i in range(40))
    + " }"
)
PATIENCE_S = 30  # for what happens within milliseconds on a machine that has nothing else to do


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """Five hundred facts."""
    lines = (f'<x:s{i}> <x:p{i % 7}> "v{i}" <x:g{i % 9}> .\n' for i in range(500))
    (tmp_path / "ctlgraph.nq").write_text("".join(lines))
    return tmp_path


def run(
    content: Content,
    work: Callable[[Workers], Awaitable[T]],
    *,
    limits: Limits = Limits(60),  # noqa: B008  # frozen
    loop: Callable[[], asyncio.AbstractEventLoop] | None = None,
    **options: Any,
) -> T:
    """What `work` gives with workers over the content; no process of theirs is left afterwards."""

    async def inside() -> T:
        async with Workers(content, limits=limits, **{"fast": 2, "most": 4} | options) as workers:
            async with asyncio.timeout(4 * PATIENCE_S):
                found = await work(workers)
            zygote = zygote_of(workers)
        assert not alive(zygote)
        return found

    with asyncio.Runner(loop_factory=loop) as runner:
        return runner.run(inside())


def zygote_of(workers: Workers) -> int:
    assert workers._zygote is not None
    return workers._zygote.pid


def children(pid: int) -> set[int]:
    """The processes that this one has started and not yet buried."""
    try:
        return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    except FileNotFoundError:
        return set()


def alive(pid: int) -> bool:
    """Whether there is such a process, other than one that waits to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def niceness(thread: int) -> int | None:
    """That of a thread; None if it has just ended, as another takes its place."""
    try:
        return os.getpriority(os.PRIO_PROCESS, thread)
    except ProcessLookupError:
        return None


def resident(pid: int) -> int:
    """Bytes of memory that this process has for itself."""
    fields = Path(f"/proc/{pid}/smaps_rollup").read_text().split("\n")
    return sum(int(line.split()[1]) * 1024 for line in fields if line.startswith("Private_"))


async def until(true: Callable[[], bool]) -> None:
    """Wait for what comes soon by itself."""
    async with asyncio.timeout(PATIENCE_S):
        while not true():
            await asyncio.sleep(0.005)


async def busy_child(workers: Workers) -> int:
    """The process of the query that runs, once it has taken it."""
    assert workers._zygote is not None
    board = workers._zygote._board

    def rows() -> list[memoryview]:
        numbers = {query.number for query in workers._lanes._running}
        return [row for row in board if row[wire.NUMBER] in numbers]

    await until(lambda: bool(rows()))
    return rows()[0][wire.PID]


async def failing(workers: Workers, request: Request) -> QueryError:
    """The error of a query; the next one is answered, and there are as many processes as there should be."""
    with pytest.raises(QueryError) as caught:
        await workers.answer(request)
    assert (await workers.answer(ASK)).format == "json"
    await until(lambda: 2 <= len(children(zygote_of(workers))) <= 4)
    return caught.value


def limit_of(error: QueryError) -> tuple[str, float]:
    assert isinstance(error, QueryLimitError)
    return error.limit, error.value


# Answers


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


def test_a_process_goes_on_after_an_error(release: Path) -> None:
    """A syntax error costs no process, and neither its timer nor its watch outlives it."""

    async def work(workers: Workers) -> None:
        before = children(zygote_of(workers))
        for _ in range(10):
            with pytest.raises(QuerySyntaxError):
                await workers.answer(Request("SELECT"))
        await asyncio.sleep(1.5)  # longer than the limit
        assert children(zygote_of(workers)) == before

    run(release, work, limits=Limits(1))


def test_an_answer_that_may_change_says_so(release: Path) -> None:
    """Nobody keeps it for the next who asks."""

    async def work(workers: Workers) -> list[bool]:
        queries = ("SELECT (NOW() AS ?n) { }", "SELECT ('NOW()' AS ?n) { }")
        return [(await workers.answer(Request(query))).volatile for query in queries]

    assert run(release, work) == [True, False]


@pytest.mark.parametrize(("rows", "inline"), [(10, True), (500 * 500, False)], ids=["short", "long"])
def test_an_answer_is_whole_and_the_engines_own(release: Path, rows: int, inline: bool) -> None:
    """Byte for byte what the same store writes in this process, in one piece or in chunks."""
    query = f"SELECT * {{ ?a ?b ?c . ?d ?e ?f }} LIMIT {rows}"

    async def work(workers: Workers) -> tuple[bytes, int]:
        with await workers.answer(Request(query, ("csv",))) as reply:
            assert (reply.body is not None) == inline
            assert max(map(len, reply.chunks())) <= 2**18
            return reply.read(), reply.size

    data, size = run(release, work, limits=Limits(60, rows=10**6))
    assert data == Store.open(release).query(query).serialize("csv")
    assert size == len(data)


def test_hundreds_of_long_answers_leave_no_open_file(release: Path) -> None:
    """Neither here nor in the zygote; its children, too, have no more than they began with."""

    async def work(workers: Workers) -> None:
        def open_files() -> list[int]:
            pids = [os.getpid(), zygote_of(workers), *sorted(children(zygote_of(workers)))]
            return [len(os.listdir(f"/proc/{pid}/fd")) for pid in pids]  # noqa: PTH208

        long = Request("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 3000", ("json",))
        for reply in await asyncio.gather(workers.answer(long), workers.answer(long)):
            reply.close()  # both processes have a connection now, whichever gets the queries that follow
        before = open_files()
        for number in range(300):
            with await workers.answer(long if number % 2 else ASK) as reply:
                assert reply.size == len(reply.read())
        await until(lambda: open_files() == before)

    run(release, work, slow_s=60)  # none is slow here, whatever else the machine does: as many children


def test_a_request_of_900_kib_passes(release: Path) -> None:
    """The text of a query is bounded by the server's `body_kib` alone."""
    query = f"SELECT ('{'x' * 900 * 1024}' AS ?x) {{ }}"
    reply = run(release, lambda workers: workers.answer(Request(query, ("csv",))))
    with reply:
        assert reply.size > 900 * 1024


def test_many_queries_at_once_all_get_their_own_answer(release: Path) -> None:
    """They wait for a free process."""

    async def work(workers: Workers) -> list[Reply]:
        queries = (Request(f"SELECT ({n} AS ?n) {{ }}", ("csv",)) for n in range(200))
        return await asyncio.gather(*map(workers.answer, queries))

    replies = run(release, work, queue=200, client_queries=200)
    assert [reply.body for reply in replies] == [f"n\r\n{n}\r\n".encode() for n in range(200)]


def test_relative_iris_are_resolved_against_the_base_of_the_request(release: Path) -> None:
    """In the query and in its FROM."""

    async def work(workers: Workers) -> bytes | None:
        with pytest.raises(QueryRefusedError, match="FROM <http://localhost/g>"):
            await workers.answer(Request("ASK FROM <g> { }", base="http://localhost/sparql"))
        query = "SELECT (<a> AS ?a) { }"
        return (await workers.answer(Request(query, ("csv",), base="http://localhost/sparql"))).body

    assert run(release, work) == b"a\r\nhttp://localhost/a\r\n"


def test_the_dataset_of_the_request_is_the_one_that_is_asked(release: Path) -> None:
    """It replaces the whole release; a graph that is not there is refused."""

    async def work(workers: Workers) -> bytes | None:
        count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
        with pytest.raises(QueryRefusedError, match="FROM <x:none>"):
            await workers.answer(Request(count, default_graphs=("x:none",)))
        return (await workers.answer(Request(count, ("csv",), default_graphs=("x:g0",)))).body

    assert run(release, work) == b"n\r\n56\r\n"


def test_data_larger_than_the_threshold_is_opened_from_disk(
    release: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is written there once, and answers and limits are the same; the log says so."""
    query = "SELECT ?g ?s { GRAPH ?g { ?s <x:p3> ?o } } ORDER BY ?s"

    async def work(workers: Workers) -> bytes | None:
        assert limit_of(await failing(workers, ENDLESS_ROWS)) == ("size", 1)
        return (await workers.answer(Request(query, ("csv",)))).body

    for _ in range(2):
        body = run(release, work, disk_mib=0, limits=Limits(60, size_mib=1))
        assert body == Store.open(release).query(query).serialize("csv")
    assert disk_folder(release).is_dir()
    assert "from disk" in caplog.text


def test_a_store_on_disk_of_many_tables_is_read_to_its_end(tmp_path: Path) -> None:
    """The engine opens the first of its files with the store, the others when a query comes to them."""
    content = tmp_path / "release"
    content.mkdir()
    (content / "ctlgraph.nq").write_bytes(b"")
    folder = disk_folder(content)
    folder.parent.mkdir()
    engine = pyoxigraph.Store(str(folder))
    for number in range(20):  # in the order of its keys, so that the engine joins no tables
        line = f'<x:s> <x:p> "{number}"^^<http://www.w3.org/2001/XMLSchema#integer> <x:g> .'
        engine.bulk_load(line, format=pyoxigraph.RdfFormat.N_QUADS)
    engine.flush()
    del engine
    assert tables(folder) > 100

    async def work(workers: Workers) -> bytes:
        query = "SELECT (COUNT(?o) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
        with await workers.answer(Request(query, ("csv",))) as reply:
            return reply.read()

    assert run(content, work, disk_mib=-1, limits=Limits(20, memory_mib=512)).split() == [b"n", b"20"]


def test_data_that_cannot_be_put_on_disk_is_known_at_once(tmp_path: Path) -> None:
    """The error of the process that was to do it arrives here."""
    (tmp_path / "ctlgraph.nq").write_text("<x:s> <x:p> .\n")
    with pytest.raises(SourceError, match=r"ctlgraph\.nq"):
        run(tmp_path, lambda workers: workers.answer(ASK), disk_mib=0)


def test_any_files_are_served_as_a_release_is(tmp_path: Path) -> None:
    """Their triples are the default graph, named ones stay apart."""
    (tmp_path / "plain.ttl").write_text("<x:s> <x:p> 1 .")
    (tmp_path / "other.ttl").write_text("<x:s> <x:p> 2 .")
    files = Files(data=(tmp_path / "plain.ttl",), named=(("x:g", tmp_path / "other.ttl"),))
    query = Request("SELECT ?o ?n { ?s ?p ?o GRAPH <x:g> { ?s ?p ?n } }", ("csv",))
    assert run(files, lambda workers: workers.answer(query)).body == b"o,n\r\n1,2\r\n"


def test_the_loop_of_the_server_serves_as_well(release: Path) -> None:
    """uvloop has its own ways with sockets, pipes and processes."""

    async def work(workers: Workers) -> None:
        assert (await workers.answer(ASK)).body
        with await workers.answer(Request("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 9999", ("csv",))) as reply:
            assert len(reply.read()) == reply.size
        with pytest.raises(QuerySyntaxError):
            await workers.answer(Request("SELECT"))
        task = asyncio.create_task(workers.answer(ENDLESS))
        pid = await busy_child(workers)
        task.cancel()
        await until(lambda: not alive(pid))

    run(release, work, loop=uvloop.new_event_loop)


# Limits


def test_a_query_over_its_time_is_killed(release: Path) -> None:
    """The limit is in the error; the processor is free again."""

    async def work(workers: Workers) -> QueryError:
        task = asyncio.create_task(failing(workers, ENDLESS))
        pid = await busy_child(workers)
        error = await task
        assert not alive(pid)
        return error

    assert limit_of(run(release, work, limits=Limits(0.3))) == ("time", 0.3)


def test_setting_the_clock_ends_no_query(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour forward or back, and a query has had no more time than before."""

    async def work(workers: Workers) -> None:
        task = asyncio.create_task(workers.answer(ENDLESS))
        await busy_child(workers)
        now = time.time() + 3600
        monkeypatch.setattr("time.time", lambda: now)
        done, _ = await asyncio.wait([task], timeout=1)
        assert not done
        task.cancel()

    run(release, work)


def test_without_a_way_to_a_process_the_reader_is_told_to_ask_again(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the server has too many files open; nothing of the query is left behind."""

    def refused(*_: object) -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    async def work(workers: Workers) -> None:
        assert workers._zygote is not None
        with monkeypatch.context() as patch:
            patch.setattr(workers._zygote, "_connect", refused)
            with pytest.raises(QueryBusyError):
                await workers.answer(ASK)
        assert not workers._zygote._deaths
        assert (await workers.answer(ASK)).body

    run(release, work)


def test_an_answer_that_cannot_be_taken_is_no_crash(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The open file of a long answer does not arrive where there are too many open files already."""
    receive = socket.recv_fds

    def without(*arguments: Any) -> tuple[Any, ...]:
        data, descriptors, *rest = receive(*arguments)
        for descriptor in descriptors:
            os.close(descriptor)
        return (data, [], *rest)

    long = Request('SELECT ("%s" AS ?x) { ?a ?b ?c }' % ("x" * 1000), ("csv",))

    async def work(workers: Workers) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(socket, "recv_fds", without)
            with pytest.raises(QueryBusyError):
                await workers.answer(long)
        (await workers.answer(long)).close()

    run(release, work)


def test_a_process_that_its_own_timer_does_not_end_is_killed(release: Path) -> None:
    """A stopped process stands for one that the system does not let run."""

    async def work(workers: Workers) -> QueryError:
        task = asyncio.create_task(failing(workers, ENDLESS))
        pid = await busy_child(workers)
        os.kill(pid, signal.SIGSTOP)
        error = await task
        await until(lambda: not alive(pid))
        return error

    assert limit_of(run(release, work, limits=Limits(0.3))) == ("time", 0.3)


@pytest.mark.parametrize("bomb", [SORTED, DOUBLED], ids=["sorted cross join", "doubled string"])
def test_a_query_over_its_memory_is_stopped_and_its_memory_comes_back(release: Path, bomb: Request) -> None:
    """What it took went with its process."""

    async def work(workers: Workers) -> QueryError:
        error = await failing(workers, bomb)
        zygote = zygote_of(workers)
        assert all(resident(pid) < 64 * 2**20 for pid in children(zygote))
        return error

    assert limit_of(run(release, work, limits=Limits(60, memory_mib=128))) == ("memory", 128)


def test_an_answer_over_its_size_is_refused(release: Path) -> None:
    """However many rows would have come."""
    limits = Limits(60, size_mib=2)
    assert limit_of(run(release, lambda w: failing(w, ENDLESS_ROWS), limits=limits)) == ("size", 2)


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_more_rows_than_the_limit_are_refused(release: Path, name: str) -> None:
    """In every format; as many as the limit are fine."""

    async def work(workers: Workers) -> QueryError:
        (await workers.answer(Request("SELECT * { ?s ?p ?o } LIMIT 100", (name,)))).close()
        return await failing(workers, Request("SELECT * { ?s ?p ?o } LIMIT 101", (name,)))

    assert limit_of(run(release, work, limits=Limits(60, rows=100))) == ("rows", 100)


def test_the_limit_of_rows_is_for_solutions(release: Path) -> None:
    """Triples are bounded by the size of the answer."""
    query = Request("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", ("nt",))
    run(release, lambda workers: workers.answer(query), limits=Limits(60, rows=100)).close()


# Nesting


def test_deep_nesting_is_refused_before_it_is_parsed(release: Path) -> None:
    """2,200 nested groups would overflow the engine's stack."""
    crash = Request("ASK " + "{" * 2200 + "}" * 2200)
    assert limit_of(run(release, lambda workers: failing(workers, crash)))[0] == "depth"


@pytest.mark.parametrize(
    "query",
    [
        f"ASK {{ FILTER({'!' * 300_000}true) }}",
        f"ASK {{ FILTER(1 {'+ 1 ' * 100_000} = 1) }}",
        f"ASK {{ FILTER(true {'|| true' * 50_000}) }}",
        f"ASK {{ ?s <x:p>{'/<x:p>' * 50_000} ?o }}",
        f"ASK {{ ?s <x:p>{'|<x:p>' * 50_000} ?o }}",
        f"ASK {{ {'{} UNION ' * 50_000} {{}} }}",
        f"ASK {{ {'OPTIONAL {} ' * 50_000} }}",
    ],
    ids=["not", "plus", "or", "sequence", "alternative", "union", "optional"],
)
def test_nesting_that_no_bracket_shows_ends_its_own_process(release: Path, query: str) -> None:
    """It overflows the stack of the engine, and others are answered after it."""
    scan(query)
    error = run(release, lambda workers: failing(workers, Request(query)))
    assert "nesting" in str(error)


# Leaving, cancelling, dying


def test_a_reader_who_leaves_takes_the_query_along(release: Path) -> None:
    """Nobody waits for the answer, so nobody computes it."""

    async def work(workers: Workers) -> None:
        task = asyncio.create_task(workers.answer(ENDLESS))
        pid = await busy_child(workers)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(lambda: not alive(pid))
        assert not workers.running
        await workers.answer(ASK)

    run(release, work)


def test_a_query_is_cancelled_by_its_identifier(release: Path) -> None:
    """Who awaits it is told; the process ends; an unknown identifier changes nothing."""

    async def work(workers: Workers) -> None:
        task = asyncio.create_task(workers.answer(ENDLESS, id="endless", client="me"))
        pid = await busy_child(workers)
        (running,) = workers.running
        assert (running.id, running.client) == ("endless", "me")
        assert abs(time.time() - running.since) < PATIENCE_S
        assert not workers.cancel("another")
        assert workers.cancel("endless")
        with pytest.raises(QueryCancelledError):
            await task
        await until(lambda: not alive(pid))
        assert not workers.cancel("endless")

    run(release, work)


def test_a_query_without_an_identifier_gets_one_that_nobody_guesses(release: Path) -> None:
    """Whoever knows it may stop the query."""

    async def work(workers: Workers) -> str:
        waiting = asyncio.create_task(workers.answer(ENDLESS))
        await until(lambda: len(workers.running) == 1)
        (running,) = workers.running
        waiting.cancel()
        await asyncio.wait([waiting])
        return running.id

    assert len(run(release, work)) >= 16


def test_a_long_query_is_read_in_its_own_process(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading a megabyte takes seconds, which the server has not."""
    for module in ("ctlgraph.terminals", "ctlgraph.store", "ctlgraph.workers"):
        monkeypatch.setattr(f"{module}.scan", None, raising=False)  # in this process
    query = Request("SELECT (NOW() AS ?n) { " + "FILTER(1 + 1 = 2) " * 2000 + "}")
    assert run(release, lambda workers: workers.answer(query)).volatile


def test_a_waiting_query_is_cancelled_too(release: Path) -> None:
    """It never runs."""

    async def work(workers: Workers) -> None:
        others = [asyncio.create_task(workers.answer(ENDLESS)) for _ in range(2)]
        await until(lambda: len(workers.running) == 2)
        waits = asyncio.create_task(workers.answer(ASK, id="waits"))
        await until(lambda: workers.waiting == 1)
        assert workers.cancel("waits")
        with pytest.raises(QueryCancelledError):
            await waits
        for task in others:
            task.cancel()
        await workers.drain()

    run(release, work, fast=2, most=3, slow_s=1000)


def test_a_task_cancelled_from_outside_stays_cancelled(release: Path) -> None:
    """Even when the query was stopped at the same moment: a time limit around it must see its own."""

    async def work(workers: Workers) -> None:
        task = asyncio.create_task(workers.answer(ENDLESS, id="both"))
        await busy_child(workers)
        workers.cancel("both")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(release, work)


def test_a_query_process_killed_from_outside_is_replaced(release: Path) -> None:
    """Idle or busy, for instance by the system when memory is short; only a busy one costs an answer."""

    async def work(workers: Workers) -> None:
        zygote = zygote_of(workers)
        before = children(zygote)
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        await until(lambda: len(children(zygote) - before) == 2)
        task = asyncio.create_task(failing(workers, ENDLESS))
        os.kill(await busy_child(workers), signal.SIGKILL)
        assert limit_of(await task)[0] == "memory"

    run(release, work)


def test_a_zygote_that_dies_is_replaced(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Queries in flight and those that come meanwhile are told to come again; later ones are answered."""
    monkeypatch.setattr("ctlgraph.workers._RESTART_S", 0.2)

    async def work(workers: Workers) -> None:
        first = zygote_of(workers)
        old = children(first)
        task = asyncio.create_task(workers.answer(ENDLESS))
        await busy_child(workers)
        assert workers.ready
        os.kill(first, signal.SIGKILL)
        with pytest.raises(QueryBusyError) as caught:
            await task
        assert caught.value.limit == "starting"
        with pytest.raises(QueryBusyError):
            await workers.answer(ASK)
        assert not workers.ready
        await until(lambda: workers.ready)
        assert zygote_of(workers) != first
        assert (await workers.answer(ASK)).body
        await until(lambda: not any(map(alive, old)))

    run(release, work)


def test_a_zygote_is_tried_again_until_its_data_can_be_opened(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a release is moved away and back."""
    monkeypatch.setattr("ctlgraph.workers._RESTART_S", 0.1)
    data = release / "ctlgraph.nq"

    async def work(workers: Workers) -> None:
        data.rename(release / "away")
        os.kill(zygote_of(workers), signal.SIGKILL)
        await until(lambda: not workers.ready)
        await asyncio.sleep(0.5)
        assert not workers.ready
        (release / "away").rename(data)
        await until(lambda: workers.ready)
        await workers.answer(ASK)

    run(release, work)


def test_a_zygote_is_tried_again_until_there_is_room_for_a_process(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What killed the zygote, such as a lack of memory, may keep the next from starting."""

    async def work(workers: Workers) -> None:
        execute, refused = asyncio.create_subprocess_exec, 0

        async def refuse_once(*arguments: Any, **options: Any) -> asyncio.subprocess.Process:
            nonlocal refused
            refused += 1
            if refused == 1:
                raise BlockingIOError(11, "Resource temporarily unavailable")
            return await execute(*arguments, **options)

        monkeypatch.setattr(asyncio, "create_subprocess_exec", refuse_once)
        os.kill(zygote_of(workers), signal.SIGKILL)
        await until(lambda: not workers.ready)
        await until(lambda: workers.ready)
        assert refused == 2
        assert (await workers.answer(ASK)).body

    run(release, work)


def test_a_release_that_cannot_be_opened_is_known_at_once(tmp_path: Path) -> None:
    """Before any query is taken; nothing stays behind."""
    before = children(os.getpid())
    with pytest.raises(SourceError):
        run(tmp_path, lambda workers: workers.answer(ASK))
    assert children(os.getpid()) == before


def test_no_process_and_no_folder_outlives_a_server_that_is_killed(release: Path) -> None:
    """Not even while one of them is deep in a query."""
    program = f"""if True:
        import asyncio
        from pathlib import Path
        from ctlgraph.workers import Request, Workers
        async def main():
            async with Workers(Path({str(release)!r}), fast=2, most=4) as workers:
                print(workers._zygote.pid, workers._address, flush=True)
                await workers.answer(Request({ENDLESS.query!r}))
        asyncio.run(main())
    """
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        pid, address = server.stdout.readline().split()
        family = {int(pid), *children(int(pid))}
        assert len(family) == 3
        server.kill()
        server.wait()
    asyncio.run(until(lambda: not any(map(alive, family)) and not Path(address).parent.exists()))


def test_leaving_ends_queries_that_run(release: Path) -> None:
    """Their readers are told to come again."""

    async def work() -> None:
        async with Workers(release, fast=1, most=2) as workers:
            task = asyncio.create_task(workers.answer(ENDLESS))
            pid = await busy_child(workers)
        with pytest.raises(QueryError):
            await task
        assert not alive(pid)
        gc.collect()

    asyncio.run(work())


def test_drain_waits_for_what_runs(release: Path) -> None:
    """After it no query is lost by leaving."""

    async def work(workers: Workers) -> None:
        tasks = [asyncio.create_task(workers.answer(Request("SELECT * { ?s ?p ?o }"))) for _ in range(5)]
        await asyncio.sleep(0)
        await workers.drain()
        for task in tasks:
            task.result().close()

    run(release, work)


# Lanes


@pytest.mark.parametrize("client", ["other", "hostile"])
def test_endless_queries_do_not_keep_quick_ones_waiting(release: Path, client: str) -> None:
    """Ten endless queries of one client fill every place and more; others are answered, and its own too."""

    async def work(workers: Workers) -> None:
        hostile = [asyncio.create_task(workers.answer(ENDLESS, client="hostile")) for _ in range(10)]
        await until(lambda: sum(query.slow for query in workers.running) == 4)
        for _ in range(20):
            assert (await workers.answer(ASK, client=client)).body
        assert len(workers.running) >= 2
        assert not any(task.done() for task in hostile)
        for task in hostile:
            task.cancel()

    run(release, work, slow_s=0.05)


def test_a_displaced_query_is_answered_later(release: Path) -> None:
    """It begins again; its reader notices nothing but the time."""
    slow = Request("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(STR(?c) < STR(?f)) }", ("csv",))

    async def work(workers: Workers) -> list[bytes | None]:
        tasks = [asyncio.create_task(workers.answer(slow, client="slow")) for _ in range(4)]
        await until(lambda: sum(query.slow for query in workers.running) == 2)
        assert (await workers.answer(ASK, client="quick")).body
        return [(await task).body for task in tasks]

    bodies = run(release, work, fast=1, most=2, slow_s=0.001)
    assert len(bodies) == 4
    assert len(set(bodies)) == 1


def test_a_slow_query_gets_a_lower_priority(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh process takes its place meanwhile; its own goes on at full priority, and ends when idle."""
    monkeypatch.setattr("ctlgraph.workers.process._REST_S", 3.0)
    slow = Request(
        'SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(CONCAT(STR(?c), "-") < CONCAT(STR(?f), "+")) }',
        ("csv",),
    )

    async def work(workers: Workers) -> None:
        zygote = zygote_of(workers)
        task = asyncio.create_task(workers.answer(slow))
        pid = await busy_child(workers)
        assert workers._zygote is not None
        (row,) = (row for row in workers._zygote._board if row[wire.PID] == pid)
        await until(lambda: (niceness(row[wire.THREAD]) or 0) >= 15)
        await until(lambda: len(children(zygote)) == 3)
        (await task).close()
        assert (await workers.answer(ASK)).body
        await until(lambda: niceness(row[wire.THREAD]) == os.getpriority(os.PRIO_PROCESS, 0))
        assert alive(pid)
        await until(lambda: not alive(pid) and len(children(zygote)) == 2)

    run(release, work, slow_s=0.05)  # of processor: the quick query is never slow, the other always


def test_the_longer_a_query_runs_the_more_it_gives_way(release: Path) -> None:
    """One that has just become slow gets more of the processor than one that has run for long."""

    async def work(workers: Workers) -> None:
        task = asyncio.create_task(workers.answer(ENDLESS))
        pid = await busy_child(workers)
        assert workers._zygote is not None
        (row,) = (row for row in workers._zygote._board if row[wire.PID] == pid)
        await until(lambda: os.getpriority(os.PRIO_PROCESS, row[wire.THREAD]) == 19)
        task.cancel()

    run(release, work, slow_s=0.001)


def test_queries_that_touch_much_share_a_process(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has a copy of what they touch; the others leave it to them, whatever constants all of them name."""
    heavy = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(STR(?c) < STR(?f)) } # %d"
    taken: list[Connection] = []
    connect = Process._connect

    def recorded(self: Process, address: str, query: str) -> Connection:
        taken.append(connect(self, address, query))
        return taken[-1]

    monkeypatch.setattr(Process, "_connect", recorded)

    async def ask(workers: Workers, query: str) -> Connection:
        (await workers.answer(Request(query))).close()
        return taken.pop()

    async def work(workers: Workers) -> None:
        begun = asyncio.create_task(ask(workers, heavy % 0))
        await busy_child(workers)
        assert await ask(workers, "ASK { <x:s1> ?p ?o }") is not await begun
        took = {
            text: {await ask(workers, text % n) for n in range(3)}
            for text in (heavy, "ASK { <x:s%d> ?p ?o }")
        }
        assert [len(each) for each in took.values()] == [1, 1]
        assert not set.intersection(*took.values())

    run(release, work, slow_s=0.02)


def test_a_worn_process_is_better_than_none(release: Path) -> None:
    """A quick query takes it where there is no other and may be no other."""
    heavy = Request("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(STR(?c) < STR(?f)) }", ("csv",))

    async def work(workers: Workers) -> None:
        (await workers.answer(heavy)).close()
        endless = [asyncio.create_task(workers.answer(ENDLESS)) for _ in range(2)]
        await until(lambda: sum(query.slow for query in workers.running) == 2)
        async with asyncio.timeout(PATIENCE_S):
            (await workers.answer(ASK)).close()
        for task in endless:
            task.cancel()

    run(release, work, slow_s=0.02, fast=2, most=3)


def test_too_many_waiting_and_too_many_of_one_client_are_refused(release: Path) -> None:
    """At once, with the limit that was reached."""

    async def work(workers: Workers) -> list[tuple[str, float]]:
        running = [asyncio.create_task(workers.answer(ENDLESS, client=name)) for name in "abc"]
        await until(lambda: len(workers.running) == 2 and workers.waiting == 1)
        errors = []
        for name in "ad":
            with pytest.raises(QueryBusyError) as caught:
                await workers.answer(ASK, client=name)
            errors.append(limit_of(caught.value))
        for task in running:
            task.cancel()
        return errors

    refused = run(release, work, queue=1, client_queries=1, slow_s=1000)
    assert refused == [("client_queries", 1), ("queue", 1)]


# The outside


def test_no_file_and_no_connection_can_be_opened_while_the_engine_works() -> None:
    """Not by any call: the kernel has no descriptor to give. Afterwards all is as before."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        with child.confined():
            for attempt in (
                lambda: socket.socket(),
                lambda: socket.socketpair(),
                lambda: os.open("/etc/passwd", os.O_RDONLY),
                lambda: os.pipe(),
                lambda: server.accept(),
            ):
                with pytest.raises(OSError, match="Too many open files"):
                    attempt()
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == before
        socket.create_connection(server.getsockname()).close()


@pytest.mark.parametrize("silent", ["", "SILENT"])
def test_the_engine_reaches_no_network(silent: str) -> None:
    """Should a SERVICE ever get past `scan`, it finds no connection."""
    engine = Store.from_nquads(b"")._engine
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        iri = f"<http://127.0.0.1:{server.getsockname()[1]}/>"
        query = f"ASK {{ SERVICE {silent} {iri} {{ ?a ?b ?c }} }}"
        with child.confined(), nullcontext() if silent else pytest.raises(OSError, match=r"os error 24"):
            assert bool(engine.query(query)) == bool(silent)
        with pytest.raises(TimeoutError):
            server.accept()


def test_service_is_refused(release: Path) -> None:
    """Before any process sees it."""
    with pytest.raises(QueryRefusedError, match="SERVICE"):
        run(release, lambda workers: workers.answer(Request("ASK { SERVICE <http://example.org/> { } }")))


def test_another_user_cannot_reach_the_processes(release: Path) -> None:
    """The folder of their socket is open to this user only."""

    async def work(workers: Workers) -> int:
        return Path(workers._address).parent.stat().st_mode & 0o777

    assert run(release, work) == 0o700
