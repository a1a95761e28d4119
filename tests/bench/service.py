"""How fast the service answers beside its peers, and whether it does so among hostile clients: `make bench`.

The peers are `oxigraph serve` (the same engine in memory, without a process for each query) and
rdflib-endpoint, over the same N-Quads, whose default graph merges the named ones. They take turns on this
machine within seconds; only the ratios of one run are worth comparing, and no ratio that the noise beside it
exceeds. A shape is timed only at servers whose answers are those of oxigraph. "fresh" queries differ by a
comment, so that no cache answers; "repeated" ones are the same. An answer counts if its status is 200.

    python -m tests.bench.service [--quick] [--release FOLDER]
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPException
from math import ceil, nan
from pathlib import Path
from typing import Any

from tests.bench.load import GENERATOR, Load, Measure, Row, answer, endless, measure
from tests.bench.servers import (
    LIMIT_S,
    NGINX,
    Server,
    ctlgraph,
    memory,
    nginx,
    oxigraph,
    rdflib,
    settle,
    stop,
)
from tests.bench.shapes import BESIEGED, BUSIEST, ENDLESS, POINT, Shape, prefixed, questions, shapes

from ctlgraph.generate import Size, synthesise
from ctlgraph.release import build
from ctlgraph.sources import root

FEW = 200_000  # triples
HEAVY_MS = 20  # a shape is heavy if oxigraph takes longer
LOADS = ONE, MANY, ONE_AGAIN, MANY_AGAIN = Load(1, True), Load(16, True), Load(1, False), Load(16, False)
HEAD = f"""
{"ratio: to oxigraph":36}{"1 client, fresh":>16}{"16, fresh":>22}{"1, repeated":>16}{"16, repeated":>22}
{"shape":15}{"rows":>6} {"server":14}{2 * f"{'median':>8}{'p99':>8}{'per s':>9}{'noise':>6}{'ratio':>7}"}"""
SIEGE = f"""
{"while four clients ask without end":32}{"quiet, ms":>16}{"besieged, ms":>16}{"ratio":>14}
{"server":15} {"shape":16}{2 * f"{'median':>8}{'p99':>8}"}{"median":>7}{"p99":>7}{"failed":>8}"""


@dataclass(frozen=True)
class Plan:
    """Which shapes a run has, its rounds, seconds of a load at least and at most, of quiet and of siege."""

    shapes: slice
    rounds: int
    least_s: int
    most_s: int
    quiet_s: int
    siege_s: int


FULL = Plan(slice(None), rounds=2, least_s=1, most_s=4, quiet_s=5, siege_s=15)
QUICK = Plan(slice(None, None, 2), rounds=1, least_s=1, most_s=1, quiet_s=3, siege_s=11)
MILLION = Size(clusters=30, organisations=10_100, projects=9450, seed=1)  # gives so many statements


class Contest:
    """The servers over one release and what each did: for each shape, server and load a measure per round."""

    def __init__(self, plan: Plan, servers: Sequence[Server], cache: Server | None) -> None:
        self.plan, self.servers, self.cache = plan, servers, cache
        self.heavy: list[str] = []  # shapes
        self.measures: dict[tuple[str, str, Load], list[Measure]] = defaultdict(list)

    def race(self, shape: Shape) -> None:
        """Let the servers take turns at a shape, and print a line for each."""
        answers = {server: asked(server, shape) for server in self.servers}
        expected, cost = answers[self.servers[1]]
        racing = [server for server, (rows, _) in answers.items() if rows == expected]
        long = ceil(min(max(self.plan.least_s, cost * 16), self.plan.most_s))
        if cost > HEAVY_MS / 1000:
            self.heavy.append(shape.name)
        for load in LOADS:
            if load == MANY:  # untimed: the processes of this service then copy, once, what they share
                for server in racing[:2]:
                    self._measure(server, shape, load, long)
            cached = [self.cache] if self.cache and load == MANY_AGAIN else []
            others = racing[2:] if load.fresh else cached
            for turn in range(1 if load == ONE_AGAIN else self.plan.rounds):
                for server in (*racing[:2], *(others if turn == 0 else ())):
                    figures = self._measure(server, shape, load, long if load == MANY else self.plan.least_s)
                    self.measures[shape.name, server.name, load].append(figures)
        for server in (*self.servers, *filter(None, [self.cache])):
            rows = answers.get(server, (expected,))[0]
            note = "" if rows == expected else "  not the rows of oxigraph: not timed"
            line = self._figures(shape.name, server.name)
            say(f"{shape.name:15}{rows.total():>6} {server.name:14}{line}{note}")

    def rate(self, shape: str, server: str, load: Load) -> float:
        """Answers per second, on average of the rounds; nan where it was not measured."""
        rounds = self.measures.get((shape, server, load))
        return statistics.fmean(each.rate for each in rounds) if rounds else nan

    def ratio(self, shape: str, load: Load, server: str = "ctlgraph", peer: str = "oxigraph") -> float:
        """How many answers a server gives while its peer gives one."""
        rate = self.rate(shape, peer, load)
        return self.rate(shape, server, load) / rate if rate else nan

    def _measure(self, server: Server, shape: Shape, load: Load, seconds: int) -> Measure:
        heavy = load.fresh and shape.name in self.heavy
        figures = measure(server, shape, load, seconds, heavy=heavy)
        settle(server)
        return figures

    def _figures(self, shape: str, server: str) -> str:
        line, failed = "", 0
        for load in LOADS:
            rounds = self.measures.get((shape, server, load), [])
            failed += sum(each.failed for each in rounds)
            if not rounds:
                line += " " * (22 if load.clients > 1 else 16)
            elif load.clients == 1:
                line += f"{statistics.fmean(each.median_ms for each in rounds):>8.2f}"
                line += f"{max(each.p99_ms for each in rounds):>8.1f}"
            else:
                rates = [each.rate for each in rounds]
                mean = statistics.fmean(rates)
                noise = f"{50 * (max(rates) - min(rates)) / mean:.0f}%" if len(rates) > 1 and mean else ""
                line += f"{mean:>9.1f}{noise:>6}{self.ratio(shape, load, server):>7.2f}"
        return f"{line}  {failed} failed" if failed else line


def main() -> None:
    """Compare the servers over the real data and over a generated release."""
    options = argparse.ArgumentParser(description="Compare the service with its peers.")
    options.add_argument("--quick", action="store_true", help="two minutes: some shapes, the real data alone")
    options.add_argument("--release", type=Path, help="a release in place of the generated one")
    chosen = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # which ends the servers
    say(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    say(f"load by {GENERATOR}; a query may take {LIMIT_S} s")
    with tempfile.TemporaryDirectory() as folder:
        release = build(root(), Path(folder, "real")).path
        compare("the real data", release, QUICK if chosen.quick else FULL, questions())
        if not chosen.quick:
            release = chosen.release or synthesise(root(), Path(folder, "synthetic"), MILLION)
            compare("a synthetic release", release, FULL)


def compare(title: str, release: Path, plan: Plan, *more: Shape) -> None:
    """Race the servers over a release, then besiege each."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        quads, triples = merged(release, Path(folder, "merged.nq"))
        say(f"\n{title}: {triples:,} triples")
        servers = [running.enter_context(ctlgraph(release)), running.enter_context(oxigraph(quads))]
        if triples < FEW:
            servers.append(running.enter_context(rdflib(quads)))
        else:
            say(f"without rdflib-endpoint, which would load for minutes more than {FEW:,}")
        cache = running.enter_context(nginx(servers[0], Path(folder, "nginx"))) if NGINX else None
        ((nodes, _),) = answer(servers[1], prefixed(BUSIEST)).items()
        known = shapes(dict(nodes))
        chosen = [*known, *more][plan.shapes]
        contest = Contest(plan, servers, cache)
        say(HEAD)
        for shape in chosen:
            contest.race(shape)
        conclude(contest, [shape.name for shape in chosen])
        say(SIEGE)
        for server in servers:
            besiege(server, [shape for shape in known if shape.name in BESIEGED], plan)
            stop(server)  # for what it has not ended would slow the next


def merged(release: Path, path: Path) -> tuple[Path, int]:
    """Write the release with its triples in the default graph as well; return the path and their number."""
    triples = set()
    with (release / "ctlgraph.nq").open(encoding="utf-8") as quads, path.open("w", encoding="utf-8") as file:
        for quad in quads:
            file.write(quad)
            triples.add(quad.rsplit(" ", 2)[0])
        file.writelines(f"{triple} .\n" for triple in triples)
    return path, len(triples)


def asked(server: Server, shape: Shape) -> tuple[Counter[Row], float]:
    """The rows of all queries of a shape, and the mean seconds of one; no rows if one fails."""
    rows: Counter[Row] = Counter()
    started = time.monotonic()
    try:
        for query in shape.queries:
            rows += answer(server, query, shape.accept)
    except (OSError, HTTPException, ValueError):
        rows.clear()
    return rows, (time.monotonic() - started) / len(shape.queries)


def conclude(contest: Contest, names: Sequence[str]) -> None:
    """Print the goals that are ratios of throughput."""
    say("")
    for what, load, peer, chosen in (
        (
            f"fresh, heavy (oxigraph over {HEAVY_MS} ms): must 0.8, should 0.95",
            MANY,
            "oxigraph",
            contest.heavy,
        ),
        ("fresh, point look-up: should 0.15", MANY, "oxigraph", [POINT]),
        ("fresh", MANY, "oxigraph", names),
        ("repeated: should 1", MANY_AGAIN, "oxigraph", names),
        ("fresh, to rdflib-endpoint: should 20", MANY, "rdflib-endpoint", names),
    ):
        ratios = {name: contest.ratio(name, load, peer=peer) for name in chosen}
        ratios = {name: ratio for name, ratio in ratios.items() if ratio > 0}  # nor nan
        if ratios:
            least, mean = (
                min(ratios, key=lambda name: ratios[name]),
                statistics.geometric_mean(ratios.values()),
            )
            say(f"{what}: least {ratios[least]:.2f} ({least}), mean of {len(ratios)} shapes {mean:.2f}")


def besiege(server: Server, shapes: Sequence[Shape], plan: Plan) -> None:
    """Compare what others get in quiet with what they get while four clients send endless cross joins."""
    before = memory(server)
    quiet = victims(server, shapes, plan.quiet_s)
    with ThreadPoolExecutor() as pool:
        attack = pool.submit(endless, server, ENDLESS, clients=4, seconds=plan.siege_s)
        watch = pool.submit(peak, server, attack)
        time.sleep(1)
        besieged = victims(server, shapes, plan.siege_s - 1)
        ended, during = attack.result(), watch.result()
    time.sleep(3)
    for shape, one, other in zip(shapes, quiet, besieged, strict=True):
        times = f"{one.median_ms:>8.1f}{one.p99_ms:>8.1f}{other.median_ms:>8.1f}{other.p99_ms:>8.1f}"
        ratios = f"{other.median_ms / one.median_ms:>7.2f}{other.p99_ms / one.p99_ms:>7.2f}"
        say(f"{server.name:15} {shape.name:16}{times}{ratios}{one.failed + other.failed:>8}")
    said = ", ".join(f"{count} x {status}" for status, count in Counter(said for _, said in ended).items())
    say(f"  the endless queries: {said}; the longest {max(seconds for seconds, _ in ended):.2f} s")
    say(f"  memory: before {before:.0f} MiB, then {during:.0f}; after three seconds {memory(server):.0f}")


def victims(server: Server, shapes: Sequence[Shape], seconds: int) -> list[Measure]:
    """What four clients that ask the first shape and one that asks the second get; they pause in between."""
    with ThreadPoolExecutor() as pool:
        loads = [Load(clients, fresh=True, think_ms=20) for clients in (4, 1)]
        return list(pool.map(lambda shape, load: measure(server, shape, load, seconds), shapes, loads))


def peak(server: Server, until: Future[Any]) -> float:
    """The most memory, in MiB, that is seen until something is done."""
    most = memory(server)
    while not until.done():
        time.sleep(0.5)
        most = max(most, memory(server))
    return most


def say(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
