"""What is served: a release, or RDF files that no shape has judged.

Knows what readers are told of it, and what its version is; not how it is opened.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ctlgraph.messages import N_
from ctlgraph.vocabulary import BASE, expand

if TYPE_CHECKING:
    from ctlgraph.release import Release
    from ctlgraph.store import Files


_DATE = N_("Date")

DESCRIBED = ("dct:publisher", "dct:issued", "dct:modified", "dct:license")
"""What a release must say of itself for there to be a catalogue of it."""


@dataclass(frozen=True)
class Served:
    """A content to be opened by `workers`, with its version; files are not validated.

    merged: whether the default graph is the merge of all graphs. facts: what the page tells, with labels.
    described: whether it says of itself what a catalogue needs.

    Two contents of one version are the same: what was remembered of one holds for the other.
    """

    content: Path | Files
    version: str
    validated: bool = True
    merged: bool = True
    facts: tuple[tuple[str, object], ...] = ()
    described: bool = False

    @property
    def date(self) -> str:
        """The day of the release, "" for files."""
        return str(dict(self.facts).get(_DATE, ""))

    @classmethod
    def of(cls, release: Release) -> Served:
        """The contents of a release; of a pointer such as `current`, those of what it points at now."""
        counts = release.manifest["counts"]
        facts = (
            (_DATE, release.date),
            (N_("Statements"), counts["quads"]),
            (N_("Named graphs"), counts["graphs"]),
            (N_("Documents covered"), counts["entities"].get("ctl:SourceDocument", 0)),
        )
        path = release.path.resolve()
        return cls(path, release.version, facts=facts, described=_described(path / "ctlgraph.nq"))

    @classmethod
    def files(cls, files: Files) -> Served:
        """The contents of RDF files; their version is a hash of names and bytes. Raises OSError."""
        total = hashlib.sha256(repr(files).encode())
        for path in (*files.data, *(path for _, path in files.named)):
            with path.open("rb") as source:
                total.update(hashlib.file_digest(source, "sha256").digest())
        return cls(files, f"files-{total.hexdigest()[:12]}", validated=False, merged=files.union)


def _described(quads: Path) -> bool:
    said = {line.split(b" ", 2)[1].decode() for line in _lines(quads, f"<{BASE}ontology> ".encode())}
    return {f"<{expand(name)}>" for name in DESCRIBED} <= said


def _lines(path: Path, start: bytes) -> Iterator[bytes]:
    """The lines of a sorted file that begin so, found by halves: it may be large, and is not read whole."""
    with path.open("rb") as file:
        low, high = 0, path.stat().st_size
        while low < high:
            middle = (low + high) // 2
            line = _line_at(file, middle)
            low, high = (middle + 1, high) if line and line < start else (low, middle)
        line = _line_at(file, low)
        while line.startswith(start):
            yield line
            line = file.readline()


def _line_at(file: BinaryIO, place: int) -> bytes:
    """The first line that begins at a place or after it; none at the end."""
    file.seek(max(0, place - 1))
    if place:
        file.readline()
    return file.readline()
