"""A new release without a dropped request: SIGHUP."""

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import httpx
import pytest

from ctlgraph.release import Release, build

from .conftest import Serve, reader

OWN = "of-our-own"  # the X-Request-Id that we give, by which a query is stopped
COUNT = "SELECT ?n { ?s <https://w3id.org/ctlgraph/ontology#memberCount> ?n }"
LONG = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(3)) + " }"
ENDLESS = LONG.replace("?c0 .", "?c0 . ?x ?y ?z . ?u ?v ?w .")


@pytest.fixture
def clone(small: Path) -> Path:
    """A project with a current release."""
    build(small, small / "build" / "releases")
    return small


@pytest.fixture
def running(serve: Serve, clone: Path) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """The process that serves whatever is current, and a client."""
    options = ("--release", clone / "build" / "releases" / "current", "--query-time-s", 60)
    with serve(*options) as (process, address), reader(address) as client:
        yield process, client


def renew(clone: Path) -> Release:
    """Build another release, in which AFIL has 145 members."""
    passage = clone / "data" / "ttl" / "doc-000" / "afil.trig"
    passage.write_text(passage.read_text().replace("144", "145"))
    return build(clone, clone / "build" / "releases")


def ask(client: httpx.Client, query: str = COUNT) -> httpx.Response:
    return client.get("/sparql", params={"query": query, "format": "csv"}, headers={"X-Request-Id": OWN})


def has_reloaded(client: httpx.Client, outcome: str) -> bool:
    return f'ctlgraph_reloads_total{{outcome="{outcome}"}} 1.0' in client.get("/metrics").text


def until(holds: Callable[[], bool]) -> None:
    """Wait; the time is generous, so that no machine is too slow."""
    for _ in range(600):
        if holds():
            return
        time.sleep(0.05)
    pytest.fail("it did not come to pass")


def test_a_reload_drops_no_request(running: tuple[subprocess.Popen[str], httpx.Client], clone: Path) -> None:
    """Each is answered by one release, the old or the new; and what began in the old one ends there."""
    process, client = running
    renewed: list[Release] = []

    def keep_asking() -> list[httpx.Response]:
        answers: list[httpx.Response] = []
        while not renewed or answers[-1].text.split() != ["n", "145"]:
            answers.append(ask(client))
        return answers

    with ThreadPoolExecutor(5) as pool:
        before = ask(client)
        asking = [pool.submit(keep_asking) for _ in range(3)]
        long = pool.submit(ask, client, LONG)
        renewed.append(renew(clone))
        process.send_signal(signal.SIGHUP)
        answers = [answer for each in asking for answer in each.result(60)]
        assert long.result(60).status_code == 200
    assert {answer.status_code for answer in answers} == {200}
    assert {tuple(answer.text.split()) for answer in answers} == {("n", "144"), ("n", "145")}
    assert client.get("/healthz").json()["release"] == renewed[0].version
    assert ask(client).headers["etag"] != before.headers["etag"]


def test_a_release_that_cannot_be_opened_is_not_served(
    running: tuple[subprocess.Popen[str], httpx.Client], clone: Path
) -> None:
    """The old one stays."""
    process, client = running
    before = client.get("/healthz").json()
    (renew(clone).path / "ctlgraph.nq").write_text("spoilt")
    process.send_signal(signal.SIGHUP)
    until(lambda: has_reloaded(client, "failed"))
    assert client.get("/healthz").json() == before
    assert ask(client).text.split() == ["n", "144"]


def test_a_reload_of_the_same_changes_nothing(
    running: tuple[subprocess.Popen[str], httpx.Client],
) -> None:
    """The remembered answers stay, and so do the query processes."""
    process, client = running
    assert ask(client).status_code == 200
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    before = children.read_text()
    process.send_signal(signal.SIGHUP)
    until(lambda: has_reloaded(client, "unchanged"))
    assert children.read_text() == before


def test_a_query_of_the_release_before_is_listed_and_can_be_stopped(
    running: tuple[subprocess.Popen[str], httpx.Client], clone: Path
) -> None:
    """It runs on after the reload, and so its reader still has a say."""
    process, client = running
    with ThreadPoolExecutor(1) as pool:
        endless = pool.submit(ask, client, ENDLESS)
        until(lambda: bool(client.get("/sparql/running").json()))
        renew(clone)
        process.send_signal(signal.SIGHUP)
        until(lambda: has_reloaded(client, "done"))
        assert len(client.get("/sparql/running").json()) == 1
        assert client.get(f"/sparql/running/{OWN}").status_code == 200
        assert client.delete(f"/sparql/running/{OWN}").status_code == 204
        assert endless.result(60).status_code == 503
        assert client.get("/sparql/running").json() == []


def test_a_reload_while_one_is_under_way_is_not_lost(
    running: tuple[subprocess.Popen[str], httpx.Client], clone: Path
) -> None:
    """The first waits for a query of the old release to end; the second comes meanwhile."""
    process, client = running
    with ThreadPoolExecutor(1) as pool:
        endless = pool.submit(ask, client, ENDLESS)
        until(lambda: bool(client.get("/sparql/running").json()))
        renew(clone)
        process.send_signal(signal.SIGHUP)
        until(lambda: has_reloaded(client, "done"))
        process.send_signal(signal.SIGHUP)
        assert client.delete(f"/sparql/running/{OWN}").status_code == 204
        until(lambda: has_reloaded(client, "unchanged"))
        assert endless.result(60).status_code == 503


def test_on_a_terminal_a_hang_up_ends_the_server(clone: Path) -> None:
    """Closing the window must not leave a server behind."""
    terminal, standard_input = pty.openpty()
    command = [sys.executable, "-m", "ctlgraph", "serve", "--port", "0"]
    command += ["--release", str(clone / "build" / "releases" / "current")]
    heard = partial(signal.signal, signal.SIGHUP, signal.SIG_DFL)  # as the tests may run under nohup
    with subprocess.Popen(
        command, stdin=standard_input, stdout=subprocess.PIPE, text=True, preexec_fn=heard
    ) as process:
        try:
            assert process.stdout is not None
            assert "serving" in process.stdout.readline()
            process.send_signal(signal.SIGHUP)
            assert process.wait(30) == -signal.SIGHUP
        finally:
            process.kill()
    os.close(terminal)
    os.close(standard_input)
