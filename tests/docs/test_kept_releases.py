"""A release kept in `releases/` is whole: its sums hold, and its quads are those its manifest speaks of."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest

from ctlgraph.release import Release, open_release, verify
from ctlgraph.vocabulary import BASE

KEPT = sorted(path for path in (Path(__file__).parents[2] / "releases").iterdir() if path.is_dir())


@pytest.mark.parametrize("folder", KEPT, ids=lambda path: path.name)
def test_a_kept_release_is_whole(folder: Path) -> None:
    release = open_release(folder)
    verify(release)
    quads = gzip.decompress((folder / "ctlgraph.nq.gz").read_bytes())
    assert release.version == folder.name
    assert hashlib.sha256(quads).hexdigest() == release.manifest["rdfc10"]
    assert quads.count(b"\n") == release.manifest["counts"]["quads"]


def test_the_first_release_is_kept() -> None:
    assert "0.1.0" in {folder.name for folder in KEPT}


@pytest.mark.parametrize("folder", KEPT, ids=lambda path: path.name)
def test_no_iri_is_forgotten(folder: Path, release: Release) -> None:
    """What was published once is in use, or said to be withdrawn: an address never just disappears."""
    published = re.compile(rf"<({BASE}(?:id|vocab|graph)/[^>]+)>")
    before = set(published.findall(gzip.decompress((folder / "ctlgraph.nq.gz").read_bytes()).decode()))
    assert before - set(published.findall((release.path / "ctlgraph.nq").read_text("utf-8"))) == set()
