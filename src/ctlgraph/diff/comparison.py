"""Two releases by their names, compared: statements, terms and saved queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ctlgraph.diff import Difference, difference
from ctlgraph.diff.breaking import Breaking, Columns, breaking, current_columns, recorded
from ctlgraph.release import Release
from ctlgraph.release.disk import CURRENT
from ctlgraph.release.kept import find


@dataclass(frozen=True)
class Comparison:
    """A difference, with what it takes away.

    recorded: whether the columns of the saved queries of both releases are known.
    """

    difference: Difference
    gone: Sequence[Breaking]
    recorded: bool


def compare(a: str, b: str, root: Path, out: Path) -> Comparison:
    """Compare two releases. Raises ReleaseError for one that is not there or is damaged, SourceError."""
    return compared(find(a, root, out), find(b, root, out), root, out)


def compared(a: Release, b: Release, root: Path, out: Path) -> Comparison:
    """The same for releases that are open."""
    found = difference(a, b)
    before, after = (_columns(release, root, out) for release in (a, b))
    gone = breaking(found, before, after)
    return Comparison(found, gone, before is not None and after is not None)


def _columns(release: Release, root: Path, out: Path) -> Columns | None:
    """Those kept with a release; of the current one, those of the project."""
    current = out / CURRENT
    if release.path.resolve() == current.resolve():
        return current_columns(root)
    kept = root / "releases" / release.version  # what was built here has no record of its own
    return recorded(release.path) or recorded(kept)
