"""A store on disk, for what is too large for memory: written once, whole or not at all, then only read."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import pyoxigraph as engine
from platformdirs import user_cache_path

from ctlgraph.errors import SourceError
from ctlgraph.messages import N_
from ctlgraph.store.content import Content, Files, load, merged, paths

log = logging.getLogger("ctlgraph.store")

_FOLDER = ".disk"


def disk_folder(content: Content) -> Path:
    """Where the content has its place on disk: another for other bytes or another merge.

    That of a release stands beside the release if one may write there; everything else in the user's cache.
    """
    digest = hashlib.sha256(repr((engine.__version__, merged(content))).encode())
    for path in paths(content):
        with suppress(OSError):
            found = path.stat()
            digest.update(repr((str(path.resolve()), found.st_size, found.st_mtime_ns)).encode())
    if isinstance(content, Files):
        digest.update(repr(content.named).encode())
    else:
        above = content.resolve().parent
        if os.access(above, os.W_OK):
            return above / _FOLDER / digest.hexdigest()[:16]
    return user_cache_path("ctlgraph", appauthor=False) / digest.hexdigest()[:16]


def tables(folder: Path) -> int:
    """How many files of a store on disk the engine opens only as it comes to read them, at most."""
    return sum(path.suffix == ".sst" for path in folder.iterdir())


def write(content: Content, folder: Path) -> None:
    """Put the content into the folder, beside it first and then by its name in one step.

    Nothing is done if the folder is there. Raises SourceError if a file cannot be read or the disk is full.
    """
    if folder.is_dir():
        return
    log.info("writing a store to %s", folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            _fill(beside, content)
            with suppress(OSError):  # another process was quicker
                beside.rename(folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        reason = N_("the store cannot be written to disk: {detail}: free some space, or raise DISK_MIB")
        raise SourceError(str(folder), None, reason, detail=str(error)) from error


def _fill(folder: Path, content: Content) -> None:
    store = engine.Store(str(folder))
    load(store, content)
    if merged(content):  # quad by quad: an update would hold them all in memory
        store.bulk_extend(
            engine.Quad(*quad.triple) for quad in store if quad.graph_name != engine.DefaultGraph()
        )
    store.optimize()
    store.flush()
