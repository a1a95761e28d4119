"""Lines in the order of their bytes, however many: sorted in runs on disk, then merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from heapq import merge
from itertools import groupby, islice
from pathlib import Path

RUN = 100_000
"""Lines that are in memory at once: about 50 MB."""


def in_order(lines: Iterable[str], folder: Path, run: int = RUN) -> Iterator[str]:
    """Yield each line once, sorted, with at most `run` of them in memory; the runs are files in `folder`."""
    lines = iter(lines)
    paths: list[Path] = []
    while some := sorted(set(islice(lines, run))):
        paths.append(folder / f"run-{len(paths)}")
        paths[-1].write_text("".join(some), "utf-8", newline="")
    with ExitStack() as files:
        opened = [files.enter_context(path.open(encoding="utf-8", newline="\n")) for path in paths]
        for line, _ in groupby(merge(*opened)):
            yield line
    for path in paths:
        path.unlink()
