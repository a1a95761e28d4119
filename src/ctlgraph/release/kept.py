"""The releases that there are, built here or kept with the sources, and how one of them is opened.

A kept release is compressed; opened, it stands beside the built ones, where everything that takes a release
takes it. Whatever is opened here has been compared with its sums.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from ctlgraph.errors import ReleaseError
from ctlgraph.messages import N_
from ctlgraph.release import ALTERED, Release, open_release, verify
from ctlgraph.release.disk import alone, publish, writing

KEPT = ".kept"

_FINISHED = re.compile(r"(\d+)\.(\d+)\.(\d+)\Z", re.ASCII)
_QUADS = "ctlgraph.nq"


def numbers(version: str) -> tuple[int, ...]:
    """A version as numbers to order and compare by; what follows them does not count.

    >>> numbers("0.10.2+1234abcd")
    (0, 10, 2)
    """
    return tuple(map(int, re.findall(r"\d+", version.partition("+")[0].partition("-")[0])[:3]))


def known(root: Path, out: Path) -> Mapping[str, Path]:
    """The folders of the finished releases by version, newest first: kept in `root` or built in `out`."""
    folders = [path for place in (root / "releases", out) if place.is_dir() for path in place.iterdir()]
    found = {path.name: path for path in folders if _FINISHED.match(path.name) and path.is_dir()}
    return dict(sorted(found.items(), key=lambda item: numbers(item[0]), reverse=True))


def find(name: str, root: Path, out: Path) -> Release:
    """The release of a version, or in a directory, whole and ready to be opened for SPARQL.

    Raises ReleaseError if there is none of that name, or if it is damaged, naming the file.
    """
    places = (Path(name), out / name, root / "releases" / name)
    path = next((path for path in places if (path / "manifest.json").is_file()), None)
    if path is None:
        path = next((path for path in places if path.is_dir()), None)
    if path is None or not name:
        missing = N_("there is no release {name}, in {folder} or elsewhere")
        raise ReleaseError(missing, name=name, folder=out)
    return opened(path, out)


def opened(path: Path, out: Path) -> Release:
    """The release in a folder, unpacked below `out` if it is a kept one. Raises ReleaseError if damaged."""
    release = open_release(path)
    verify(release)
    return release if (path / _QUADS).is_file() else _unpacked(release, out / KEPT)


def triples(release: Release) -> int:
    """How many triples a release holds, kept or not: one that several graphs state counts once.

    Raises ReleaseError if it is damaged.
    """
    return _counted(release.path, str(release.manifest["rdfc10"]))


@lru_cache(64)
def _counted(folder: Path, rdfc10: str) -> int:
    packed = folder / f"{_QUADS}.gz"
    total, count, last = hashlib.sha256(), 0, b""
    try:
        with gzip.open(packed) if packed.is_file() else (folder / _QUADS).open("rb") as lines:
            for line in lines:  # sorted, so that the same triples stand together
                total.update(line)
                triple = line.rsplit(b" ", 2)[0]
                count, last = count + (triple != last), triple
    except (OSError, EOFError, zlib.error) as error:
        raise ReleaseError(ALTERED, path=packed) from error
    if total.hexdigest() != rdfc10:
        raise ReleaseError(ALTERED, path=folder)
    return count


def _unpacked(release: Release, folder: Path) -> Release:
    total = str(release.manifest["rdfc10"])
    name = f"{release.version}-{total[:8]}"
    with writing(folder), alone(folder):
        if not (folder / name).is_dir():
            packed = release.path / f"{_QUADS}.gz"
            quads = gzip.decompress(packed.read_bytes())
            if hashlib.sha256(quads).hexdigest() != total:
                raise ReleaseError(ALTERED, path=packed)
            publish(folder, name, {_QUADS: quads, **_beside(release.path)})
    unpacked = open_release(folder / name)
    verify(unpacked)
    return unpacked


def _beside(folder: Path) -> dict[str, bytes]:
    """What stands as it is beside the statements."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.json"))}
