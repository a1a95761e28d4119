"""The files of a release in every form, beside it: made once, whole or not at all, with their sums.

Knows the folder ``dump``; not who asks for it.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from platformdirs import user_cache_path

from ctlgraph.errors import ReleaseError
from ctlgraph.export.about import Origin
from ctlgraph.export.forms import FORMS, SUMS, Form
from ctlgraph.export.whole import export
from ctlgraph.messages import N_
from ctlgraph.release import Release
from ctlgraph.release.disk import alone, seal, writing

_DUMP, _BUILDING = "dump", ".building"
_CHUNK = 2**20
_DAMAGED = N_(
    "{path} is not what was written: remove the folder {folder}, and it is made again from the release"
)


@dataclass(frozen=True)
class File:
    """A file of a dump: its form, size in bytes, SHA-256 in hexadecimal, and where it is.

    compression, package: media types, "" for none.
    """

    name: str
    form: Form
    compression: str
    package: str
    size: int
    sha256: str
    path: Path


def dump_folder(release: Release) -> Path:
    """Where the files of a release are, or will be: beside it if one may write there, else in the cache."""
    beside = release.path.resolve() / _DUMP
    if beside.is_dir() or os.access(beside.parent, os.W_OK):
        return beside
    cache = user_cache_path("ctlgraph", appauthor=False) / "dumps"
    return cache / str(release.manifest["rdfc10"])[:16] / _DUMP


def dumped(release: Release) -> Path:
    """The folder with all files of a release, which are made if they are not there.

    Raises ReleaseError if they cannot be written; then there is none of them. A process that is killed
    leaves nothing that counts.
    """
    folder = dump_folder(release)
    if folder.is_dir():
        return folder
    with writing(folder.parent), alone(folder.parent):
        if not folder.is_dir():
            _make(release, folder.parent / _BUILDING)
            seal(folder.parent / _BUILDING, folder)
    return folder


def listed(release: Release) -> tuple[File, ...]:
    """The files of a release in the order of their forms, made first if need be, their sums compared.

    Raises ReleaseError with the first that is damaged or missing.
    """
    folder = dumped(release)
    sums = _sums(folder)
    found = []
    for form in FORMS.values():
        for name, (compression, package) in form.files.items():
            path = folder / name
            try:
                about = path.stat()
                total = _sha256(path, about.st_size, about.st_mtime_ns)
            except OSError as error:
                raise ReleaseError(_DAMAGED, path=path, folder=folder) from error
            if sums.get(name) != total:
                raise ReleaseError(_DAMAGED, path=path, folder=folder)
            found.append(File(name, form, compression, package, about.st_size, total, path))
    return tuple(found)


def _make(release: Release, folder: Path) -> None:
    folder.mkdir()
    origin = Origin.of(release)
    sums: dict[str, str] = {}
    for form in FORMS.values():
        path = folder / form.file
        with path.open("wb") as file:
            export(origin, form.name, file, folder)
        if not form.packed:
            _compress(path, folder / f"{form.file}.gz")
        sums |= {name: _hash(folder / name) for name in form.files}
    text = "".join(f"{total}  {name}\n" for name, total in sorted(sums.items()))
    (folder / SUMS).write_text(text, "utf-8")


def _compress(path: Path, target: Path) -> None:
    with (
        path.open("rb") as file,
        target.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=raw, mtime=0) as packed,
    ):
        shutil.copyfileobj(file, packed, _CHUNK)


def _sums(folder: Path) -> Mapping[str, str]:
    try:
        lines = (folder / SUMS).read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise ReleaseError(_DAMAGED, path=folder / SUMS, folder=folder) from error
    return {name: total for total, _, name in (line.partition("  ") for line in lines)}


@lru_cache(256)
def _sha256(path: Path, size: int, changed_ns: int) -> str:
    """Once for each state of a file: a dump of many megabytes is not read at each request."""
    return _hash(path)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
