"""How a release comes to stand on the disk: whole or not at all.

Everything is written and synced beside its place, then renamed, so that a build killed at any moment, a
full disk or a power cut leaves what was there. It knows files and folders, not what is in them.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ctlgraph.errors import ReleaseError
from ctlgraph.messages import N_

CURRENT = "current"

_BUILDING = ".building"
_POINTING = ".pointing"


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Make the folder; turn an error of the disk into a ReleaseError, and leave nothing half written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        shutil.rmtree(folder / _BUILDING, ignore_errors=True)
        reason = N_(
            "the release cannot be written to {path}: {detail}; free some space or choose another folder"
        )
        raise ReleaseError(reason, path=folder, detail=N_(error.strerror or str(error))) from error


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """Wait until no other build writes here, and remove what a dead one left."""
    descriptor = os.open(out, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        shutil.rmtree(out / _BUILDING, ignore_errors=True)
        yield
    finally:
        os.close(descriptor)


def publish(folder: Path, name: str, contents: Mapping[str, bytes]) -> None:
    """Write the files and their sums beside, then give the whole its name in one step."""
    sums = (f"{hashlib.sha256(data).hexdigest()}  {path}\n" for path, data in sorted(contents.items()))
    building = folder / _BUILDING
    for path, data in {**contents, "SHA256SUMS": "".join(sums).encode()}.items():
        _write(building / path, data)
    seal(building, folder / name)


def seal(building: Path, folder: Path) -> None:
    """Sync what was written and give it its name in one step."""
    for path in building.rglob("*"):
        _sync(path)
    _sync(building)
    building.rename(folder)
    _sync(folder.parent)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _sync(path: Path) -> None:
    """Make a file, or the names in a folder, last through a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def point(out: Path, name: str) -> None:
    """Make a release the current one, in one step."""
    pointing = out / _POINTING
    pointing.unlink(missing_ok=True)
    pointing.symlink_to(name)
    pointing.replace(out / CURRENT)
    _sync(out)
