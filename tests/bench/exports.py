"""What a release of any size costs to write in each form: seconds, memory, size of the file: `make bench`.

Two synthetic releases, of about a hundred thousand statements and of a million; each form in a process of
its own. The peak of its resident memory should be nearly the same for both.

    python -m tests.bench.exports
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ctlgraph.export import FORMS, Origin, export
from ctlgraph.generate import Size, synthesise
from ctlgraph.release import open_release
from ctlgraph.sources import root

SIZES = (Size(10, 1_000, 930, 1), Size(30, 10_000, 9_300, 1))


def main() -> None:
    """Print a line for each form, with both sizes side by side."""
    with tempfile.TemporaryDirectory() as folder:
        made = [synthesise(root(), Path(folder, str(number)), size) for number, size in enumerate(SIZES)]
        counts = [open_release(path).manifest["counts"]["quads"] for path in made]
        say(f"{'form':10}" + "".join(f"{f'{count:,} statements':>36}" for count in counts))
        for form in FORMS:
            found = [in_a_process(path, form) for path in made]
            say(f"{form:10}" + "".join("{:14.1f} s {:8} MiB {:6} MiB".format(*each) for each in found))
    say("seconds, peak of resident memory, size of the file; a process that writes nothing has about 60 MiB")


def in_a_process(release: Path, form: str) -> tuple[float, int, int]:
    """Seconds, peak of resident memory and size of the file, both in MiB."""
    command = [sys.executable, "-m", "tests.bench.exports", str(release), form]
    return tuple(json.loads(subprocess.run(command, capture_output=True, check=True).stdout))


def measure(release: Path, form: str) -> None:
    """Write one form and print what it took."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FORMS[form].file
        with path.open("wb") as file:
            export(Origin.of(open_release(release)), form, file, Path(folder))
        size = path.stat().st_size >> 20
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    say(json.dumps([time.monotonic() - started, peak, size]))


def say(line: str) -> None:
    """Print at once."""
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    measure(Path(sys.argv[1]), sys.argv[2]) if sys.argv[1:] else main()
