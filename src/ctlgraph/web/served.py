"""What is served: a release, or RDF files that no shape has judged.

Knows what readers are told of it, and what its version is; not how it is opened.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ctlgraph.messages import N_

if TYPE_CHECKING:
    from ctlgraph.release import Release
    from ctlgraph.store import Files


_DATE = N_("Date")


@dataclass(frozen=True)
class Served:
    """A content to be opened by `workers`, with its version; files are not validated.

    merged: whether the default graph is the merge of all graphs. facts: what the page tells, with labels.

    Two contents of one version are the same: what was remembered of one holds for the other.
    """

    content: Path | Files
    version: str
    validated: bool = True
    merged: bool = True
    facts: tuple[tuple[str, object], ...] = ()

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
        return cls(release.path.resolve(), release.version, facts=facts)

    @classmethod
    def files(cls, files: Files) -> Served:
        """The contents of RDF files; their version is a hash of names and bytes. Raises OSError."""
        total = hashlib.sha256(repr(files).encode())
        for path in (*files.data, *(path for _, path in files.named)):
            with path.open("rb") as source:
                total.update(hashlib.file_digest(source, "sha256").digest())
        return cls(files, f"files-{total.hexdigest()[:12]}", validated=False, merged=files.union)
