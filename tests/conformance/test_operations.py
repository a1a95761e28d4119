"""For those who run the service: health, figures, running queries, and the log."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from .conftest import Serve, reader

ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(12)) + " }"


@pytest.fixture(scope="module")
def patient(serve: Serve, served: Path) -> Iterator[httpx.Client]:
    """A client of a service in which a query has time enough to be stopped."""
    with (
        serve("--release", served, "--query-time-s", 60) as (_, address),
        reader(address) as client,
    ):
        yield client


def figures(client: httpx.Client) -> dict[str, float]:
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {
        " ".join([sample.name, *sorted(sample.labels.values())]): sample.value
        for family in families
        for sample in family.samples
    }


def test_it_is_ready(client: httpx.Client) -> None:
    """A query has been answered."""
    assert client.get("/readyz").json() == {"status": "ready"}


def test_it_counts(client: httpx.Client) -> None:
    """Requests by status, queries by outcome, and what is served."""
    before = figures(client)
    client.get("/sparql", params={"query": "ASK { ?counted ?p ?o }"})
    client.get("/sparql", params={"query": "ASK {"})
    after = figures(client)
    grown = {name for name in after if after[name] > before.get(name, 0)}
    assert "ctlgraph_http_requests_total 400" in grown
    assert "ctlgraph_query_seconds_count query-syntax" in grown
    assert "ctlgraph_query_seconds_count answered" in grown
    assert "ctlgraph_answer_bytes_total" in grown
    assert after["ctlgraph_served 0.0.2 true"] == 1


def test_a_request_has_an_identifier(client: httpx.Client) -> None:
    """Its own, if it gives one that is fit; else a new one that nobody guesses."""
    asked = client.get("/healthz", headers={"X-Request-Id": "abcd-1234_Z"})
    assert asked.headers["x-request-id"] == "abcd-1234_Z"
    unfit = [
        client.get("/healthz", headers={"X-Request-Id": id}) for id in ("short", "a b c d e f", "x" * 65)
    ]
    found = [answer.headers["x-request-id"] for answer in unfit]
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{16}", id) for id in found)
    assert len(set(found)) == 3


def test_a_running_query_is_seen_and_stopped(patient: httpx.Client) -> None:
    """By its identifier; who waits for it is told."""
    with ThreadPoolExecutor(1) as pool:
        headers = {"X-Request-Id": "the-endless-one"}
        waiting = pool.submit(patient.get, "/sparql", params={"query": ENDLESS}, headers=headers)
        shown = _appears(patient, "/sparql/running/the-endless-one")
        assert shown["id"] == "the-endless-one"
        [listed] = patient.get("/sparql/running").json()
        assert listed.keys() == {"seconds", "slow"}  # who reads the list cannot stop what others ask
        assert patient.delete("/sparql/running/the-endless-one").status_code == 204
        answer = waiting.result(20)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (503, "query-cancelled")
    assert patient.get("/sparql/running/the-endless-one").status_code == 404
    assert patient.delete("/sparql/running/the-endless-one").status_code == 404


def test_a_waiting_query_is_stopped_too(serve: Serve, served: Path) -> None:
    """It has its identifier before it runs."""
    names = ["endless-1", "endless-2", "endless-3"]
    few = ("--workers", 1, "--workers-max", 2, "--query-time-s", 60)
    with (
        serve("--release", served, *few) as (_, address),
        reader(address) as client,
        ThreadPoolExecutor(3) as pool,
    ):
        asked = [
            pool.submit(client.get, "/sparql", params={"query": ENDLESS}, headers={"X-Request-Id": name})
            for name in names
        ]
        _until(lambda: figures(client)["ctlgraph_queries_waiting"] == 1)
        runs = {name: client.get(f"/sparql/running/{name}").status_code == 200 for name in names}
        for name in sorted(names, key=runs.__getitem__):  # first the one that waits
            assert client.delete(f"/sparql/running/{name}").status_code == 204
        assert [each.result(20).status_code for each in asked] == [503] * 3


def test_a_query_ends_when_its_client_leaves(patient: httpx.Client) -> None:
    """Nobody waits for it any more."""
    headers = {"X-Request-Id": "left-alone"}
    leaving = threading.Thread(target=_leave, args=(patient, headers))
    leaving.start()
    _appears(patient, "/sparql/running/left-alone")
    leaving.join()
    _until(lambda: patient.get("/sparql/running/left-alone").status_code == 404)


def test_a_client_that_leaves_is_no_failure_of_ours(serve: Serve, tmp_path: Path) -> None:
    """The figures say 499, on every path."""
    data = tmp_path / "large.nt"
    data.write_text("".join(f"<x:s{n}> <x:p> <x:o{n}> .\n" for n in range(200_000)))
    with serve("--data", data) as (_, address), reader(address) as client:
        with pytest.raises(httpx.ReadTimeout):
            client.get("/graphs?default", timeout=0.05)
        _until(lambda: "ctlgraph_http_requests_total 499" in figures(client))
        assert "ctlgraph_http_requests_total 500" not in figures(client)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
def test_only_the_machine_itself_sees_what_runs(client: httpx.Client, header: str) -> None:
    """What a proxy passes on comes from elsewhere, even if the proxy does not."""
    assert client.get("/sparql/running").status_code == 200
    assert client.get("/sparql/running", headers={header: "for=127.0.0.1"}).status_code == 403


def test_other_sites_see_nothing_of_it(client: httpx.Client) -> None:
    """No CORS for operations, and none for what is not reading."""
    for method, path in (
        ("GET", "/sparql/running"),
        ("DELETE", "/sparql/running/x"),
        ("POST", "/sparql/update"),
        ("PUT", "/graphs"),
    ):
        answer = client.request(method, path, headers={"Origin": "https://example.org"})
        assert "access-control-allow-origin" not in answer.headers


def test_the_log_has_a_line_for_each_query(
    serve: Serve, served: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """As JSON, with identifier, outcome, time and size; without the query's text; hits are not evaluated."""
    with serve("--release", served) as (_, address), reader(address) as client:
        for query in ("ASK { ?secret ?p ?o }", "ASK { ?secret ?p ?o }", "ASK {"):
            client.get("/sparql", params={"query": query}, headers={"X-Request-Id": f"logged-{len(query)}"})
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert [(line["id"], line["outcome"]) for line in lines] == [
        ("logged-21", "answered"),
        ("logged-5", "query-syntax"),
    ]
    assert all({"time", "level", "message", "ms", "bytes"} <= line.keys() for line in lines)
    assert "secret" not in str(lines)


@pytest.mark.parametrize("form", ["human", "json"])
def test_the_text_of_a_query_is_logged_if_asked(
    serve: Serve, served: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """In one line, whatever characters it has."""
    monkeypatch.setenv("CTLGRAPH_LOG_QUERIES", "1")
    monkeypatch.setenv("CTLGRAPH_LOG", form)
    with serve("--release", served) as (_, address), reader(address) as client:
        client.get("/sparql", params={"query": "ASK { }\n2026-01-01 forged\r\n\x1b[31m\u2028line"})
    [line] = capfd.readouterr().err.splitlines()
    assert "ASK { }" in line
    assert line.isprintable()


def _leave(client: httpx.Client, headers: dict[str, str]) -> None:
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(
            client.base_url.join("sparql"),
            params={"query": ENDLESS},
            headers=headers,
            timeout=2,
            trust_env=False,
        )


def _appears(client: httpx.Client, path: str) -> dict[str, object]:
    _until(lambda: client.get(path).status_code == 200)
    shown: dict[str, object] = client.get(path).json()
    return shown


def _until(holds: Callable[[], bool]) -> None:
    """Wait; the time is generous, so that no machine is too slow."""
    for _ in range(600):
        if holds():
            return
        time.sleep(0.05)
    pytest.fail("it did not come to pass")
