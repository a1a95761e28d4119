"""How long validation takes, and how much memory, beside pyshacl: `make bench`.

Each measure is one run in a process of its own, on synthetic releases of three sizes and on the real data.
A measure that takes too long is stopped, and then pyshacl is not asked of anything larger. Only the ratios
of one run are worth comparing.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rdflib import Graph

from ctlgraph.generate import Size, synthesise
from ctlgraph.release import build
from ctlgraph.sources import root
from ctlgraph.validation import judge

SIZES = (Size(5, 68, 45, 1), Size(9, 1100, 850, 1), Size(30, 10_100, 9450, 1))  # 10,000, 100,000, a million
LIMIT_S = 300  # for each measure
Measure = dict[str, float]


def generating(folder: str, size: str) -> int:
    """Write a synthetic release and return the number of its statements."""
    path = synthesise(root(), Path(folder), Size(*map(int, size.split())))
    return int(json.loads((path / "manifest.json").read_bytes())["counts"]["quads"])


def building(folder: str) -> int:
    """Build the release of the real data from nothing and return the number of its statements."""
    return int(build(root(), Path(folder)).manifest["counts"]["quads"])


def validating(folder: str, engine: str) -> int:
    """Validate a release and return the number of findings."""
    with (Path(folder) / "ctlgraph.nq").open(encoding="utf-8") as quads:
        ntriples = "".join(quad.rsplit(" ", 2)[0] + " .\n" for quad in quads)
    shapes = Graph().parse(Path(folder) / "shapes.nt", format="nt")
    return len(judge(ntriples, shapes, engine=engine).findings)


TASKS: dict[str, Callable[..., int]] = {task.__name__: task for task in (generating, building, validating)}


def measured(task: str, *arguments: str) -> Measure | None:
    """Run a task in a process of its own; return its result, seconds and peak memory in MiB, None if late."""
    command = [sys.executable, __file__, task, *arguments]
    try:
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        return None
    return dict(json.loads(done.stdout))


def main() -> None:
    """Print the table, line by line as it comes."""
    say(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    say(f"{'':30}{'statements':>12}{'seconds':>10}{'MiB':>8}{'findings':>10}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as folder:
        real = measured("building", f"{folder}/real")
        row("full build of the real data", real, real)
        reference = True
        for number, size in enumerate(SIZES):
            path = f"{folder}/{number}"
            wanted = f"{size.clusters} {size.organisations} {size.projects} {size.seed}"
            generated = measured("generating", path, wanted)
            row("generate", generated, generated)
            fast = measured("validating", path, "turbo")
            row("validate, pyshacl-turbo", generated, fast, fast)
            if reference:
                slow = measured("validating", path, "pyshacl")
                row("validate, pyshacl", generated, slow, fast)
                reference = slow is not None


def row(what: str, size: Measure | None, measure: Measure | None, fast: Measure | None = None) -> None:
    """Print one measure, and how it compares with the fast one."""
    start = f"{what:30}" + (f"{size['result']:>12,}" if size else f"{'?':>12}")
    if measure is None:
        ratio = f"{LIMIT_S / fast['seconds']:.0f}" if fast else "?"
        say(f"{start}{f'> {LIMIT_S}':>10}{f'> {ratio}':>26}")
    else:
        line = f"{start}{measure['seconds']:>10.1f}{measure['peak']:>8.0f}"
        if fast:
            line += f"{measure['result']:>10.0f}{measure['seconds'] / fast['seconds']:>8.0f}"
        say(line)


def say(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__" and len(sys.argv) > 1:
    started = time.perf_counter()
    result = TASKS[sys.argv[1]](*sys.argv[2:])
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(json.dumps({"result": result, "seconds": seconds, "peak": peak}))
elif __name__ == "__main__":
    main()
