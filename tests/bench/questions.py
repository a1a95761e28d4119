"""How fast each saved question comes from the service, and how many rows it has: `make bench`.

The rows as JSON, the triples of a graph as N-Triples, which is what the question itself costs; and its page,
with form, sentence, table and sources, without the chart, which a page fetches by itself. Cold is the first
request since the server started, warm the median of WARM more, from its memory. Milliseconds, of one client
on loopback.

    python -m tests.bench.questions
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection
from pathlib import Path

from tests.bench.servers import HOST, Server, ctlgraph

from ctlgraph.catalogue import read
from ctlgraph.release import build
from ctlgraph.sources import root

COLD_MS, WARM_MS = 300, 20  # what is aimed at
WARM = 5


def main() -> None:
    """Ask every question at its defaults, and print a line for each."""
    names = read(root())
    forms = {name: "nt" if saved.kind == "construct" else "json" for name, saved in names.items()}
    with tempfile.TemporaryDirectory() as folder:
        release = build(root(), Path(folder)).path
        with ctlgraph(release) as server:
            answers = {name: ask(server, f"/queries/{name}.{form}") for name, form in forms.items()}
        with ctlgraph(release) as server:
            pages = {name: ask(server, f"/queries/{name}.html") for name in names}
    say(f"{'question':45}{'rows':>6}{'rows, ms':>18}{'page, ms':>18}")
    say(f"{'':51}{'cold':>9}{'warm':>9}{'cold':>9}{'warm':>9}")
    for name in names:
        (body, *times), (_, *of_page) = answers[name], pages[name]
        rows = count(body, forms[name])
        say(f"{name:45}{rows:>6}" + "".join(f"{one:>9.1f}" for one in (*times, *of_page)))
    conclude("rows", [times for _, *times in answers.values()])
    conclude("page", [times for _, *times in pages.values()])


def count(body: bytes, form: str) -> int:
    """The rows of an answer; the triples of a graph; one for yes or no."""
    if form == "nt":
        return len(body.splitlines())
    return len(json.loads(body).get("results", {}).get("bindings", [()]))


def ask(server: Server, path: str, headers: Mapping[str, str] | None = None) -> tuple[bytes, float, float]:
    """The body, the milliseconds of the first request, and the median of those after it.

    Raises ValueError for an answer that is none.
    """
    connection, times = HTTPConnection(HOST, server.port, timeout=60), []
    for _ in range(1 + WARM):
        begun = time.perf_counter()
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        body = answer.read()
        times.append((time.perf_counter() - begun) * 1e3)
        if answer.status != 200:
            raise ValueError(f"{path} answers {answer.status}: {body[:200]!r}")
    connection.close()
    return body, times[0], statistics.median(times[1:])


def conclude(what: str, times: Sequence[Sequence[float]], aims: Sequence[float] = (COLD_MS, WARM_MS)) -> None:
    """Print how they stand together to what is aimed at, cold and warm."""
    for state, aim, found in zip(("cold", "warm"), aims, zip(*times, strict=True), strict=True):
        within = sum(one <= aim for one in found)
        middle = statistics.median(found)
        say(
            f"{what}, {state}: median {middle:.1f}, worst {max(found):.1f}; {within} of {len(found)} in {aim}"
        )


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
