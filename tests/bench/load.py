"""Load on a server, and what it did: clients that ask as fast as they are answered, or after a pause.

It is made by wrk where that is installed, else by threads of Python, which reach some thousand answers a
second and so flatter the slower of two fast servers. Threads make the load of heavy queries everywhere: they
wait for the last answers, from which wrk runs away, and this service would end the processes of those.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from itertools import count
from math import nan
from urllib.parse import quote

from tests.bench.servers import HOST, LIMIT_S, Server
from tests.bench.shapes import JSON, NTRIPLES, Shape

WRK = shutil.which("wrk")
GENERATOR = "wrk" if WRK else "threads of Python (wrk is not installed)"
PATIENCE_S = 60  # for one answer
LATE_S = LIMIT_S + 5  # a query that runs so long is taken for one that no limit ends

Row = tuple[tuple[str, str], ...]  # variable and value of each binding; a triple is one text

_UNIQUE = count(time.time_ns())  # a number for each load: no cache of an earlier run knows its queries
_SCRIPT = """
local paths, unique, sent = {%(paths)s}, "%(unique)s", 0
wrk.headers["Accept"] = "%(accept)s"
function request()
  sent = sent + 1
  return wrk.format("GET", paths[sent %% #paths + 1] .. (unique ~= "" and unique .. sent or ""))
end
function delay() return %(think_ms)d end
function done(summary, latency)
  local e = summary.errors
  local others = e.connect + e.read + e.write + e.timeout
  print(summary.requests - e.status, e.status + others, summary.duration,
        latency:percentile(50), latency:percentile(99))
end
"""


@dataclass(frozen=True)
class Load:
    """How many clients, whether a comment makes each of their queries new, and how long they pause."""

    clients: int
    fresh: bool
    think_ms: int = 0


@dataclass(frozen=True)
class Measure:
    """What a load got: answers of status 200 per second, milliseconds that answers took, other answers."""

    rate: float
    median_ms: float
    p99_ms: float
    failed: int


def measure(server: Server, shape: Shape, load: Load, seconds: int, *, heavy: bool = False) -> Measure:
    """Put a load on a server for so many seconds. The times are nan where nothing was answered."""
    return (_wrk if WRK and not heavy else _threads)(server, shape, load, seconds)


def ask(connection: HTTPConnection, path: str, accept: str) -> tuple[int, bytes]:
    """The status and body of one answer. Raises OSError or HTTPException for an answer that is cut."""
    connection.request("GET", path, headers={"Accept": accept})
    response = connection.getresponse()
    return response.status, response.read()


def answer(server: Server, query: str, accept: str = JSON) -> Counter[Row]:
    """The rows or triples of an answer. Raises OSError, HTTPException, or ValueError if it is not one."""
    status, body = ask(_connection(server), server.path + quote(query, safe=""), accept)
    if status != 200:
        raise ValueError(f"{server.name} answers {status}: {body[:200]!r}")
    if accept == NTRIPLES:
        return Counter({(("", line),): 1 for line in body.decode().splitlines() if line})
    found = json.loads(body)
    if "boolean" in found:
        return Counter({(("", str(found["boolean"])),): 1})
    rows = found["results"]["bindings"]
    return Counter(tuple(sorted((name, term["value"]) for name, term in row.items())) for row in rows)


def endless(server: Server, query: str, clients: int, seconds: float) -> list[tuple[float, str]]:
    """Send a query that never ends, from so many clients, again and again; seconds and status of each."""
    until = time.monotonic() + seconds

    def client(number: int) -> list[tuple[float, str]]:
        ended = []
        while (started := time.monotonic()) < until:
            try:
                path = server.path + quote(f"{query}\n# {next(_UNIQUE)}", safe="")
                status, body = ask(_connection(server, LATE_S), path, JSON)
                said = str(status) if status != 200 or body.endswith(b"}") else "200, cut"
            except TimeoutError:
                said = "not ended"
            except (OSError, HTTPException) as error:
                said = type(error).__name__
            ended.append((time.monotonic() - started, said))
        return ended

    with ThreadPoolExecutor(clients) as pool:
        return [one for several in pool.map(client, range(clients)) for one in several]


def _connection(server: Server, patience_s: float = PATIENCE_S) -> HTTPConnection:
    return HTTPConnection(HOST, server.port, timeout=patience_s)


def _paths(server: Server, shape: Shape) -> list[str]:
    return [server.path + quote(query, safe="") for query in shape.queries]


def _unique(load: Load) -> str:
    return f"%0A%23{next(_UNIQUE)}." if load.fresh else ""


def _wrk(server: Server, shape: Shape, load: Load, seconds: int) -> Measure:
    script = _SCRIPT % {
        "paths": ",".join(f'"{path}"' for path in _paths(server, shape)),
        "unique": _unique(load),
        "accept": shape.accept,
        "think_ms": load.think_ms,
    }
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        options = f"-t1 -c{load.clients} -d{seconds}s --timeout {PATIENCE_S}s -s".split()
        url = f"http://{HOST}:{server.port}"
        done = subprocess.run([str(WRK), *options, file.name, url], check=True, stdout=subprocess.PIPE)
    answers, failed, took, median, p99 = map(float, done.stdout.split(b"\n")[-2].split())
    if not answers:
        return Measure(0, nan, nan, int(failed))
    return Measure(answers / took * 1e6, median / 1e3, p99 / 1e3, int(failed))


def _threads(server: Server, shape: Shape, load: Load, seconds: int) -> Measure:
    paths, unique, sent = _paths(server, shape), _unique(load), count()
    begun = time.monotonic()

    def client(number: int) -> Sequence[float | None]:
        connection, times = _connection(server, 2 * LATE_S), list[float | None]()
        while (started := time.monotonic()) < begun + seconds:
            turn = next(sent)
            path = paths[turn % len(paths)] + (f"{unique}{turn}" if unique else "")
            try:
                good = ask(connection, path, shape.accept)[0] == 200
            except (OSError, HTTPException):
                connection.close()  # the next request opens it again
                good = False
            times.append((time.monotonic() - started) * 1e3 if good else None)
            time.sleep(load.think_ms / 1e3)
        return times

    with ThreadPoolExecutor(load.clients) as pool:
        times = [one for several in pool.map(client, range(load.clients)) for one in several]
    took = time.monotonic() - begun
    good = sorted(one for one in times if one is not None)
    if not good:
        return Measure(0, nan, nan, len(times))
    middle, late = good[len(good) // 2], good[len(good) * 99 // 100]
    return Measure(len(good) / took, middle, late, len(times) - len(good))
