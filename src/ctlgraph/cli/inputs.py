"""What a command works on: a query, a release, RDF files, a project."""

from __future__ import annotations

import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ctlgraph.cli.options import log
from ctlgraph.cli.words import LANG
from ctlgraph.errors import ParameterError, SourceError
from ctlgraph.messages import N_, translate
from ctlgraph.settings import Settings, is_clone, releases_folder

if TYPE_CHECKING:
    from ctlgraph.release import Release
    from ctlgraph.store import Content, Files

Ask = Callable[[str, tuple[str, ...]], Awaitable[tuple[str, bytes]]]
"""Answers a query in the first of these formats that it has, and says which."""

_NAMED = re.compile(r"(?P<iri>[A-Za-z][\w+.-]*:.*)=(?P<path>.+)")


def read_query(file: str) -> str:
    """The text of a file, or of standard input if it is called "-". Raises SourceError if it is not UTF-8."""
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SourceError(file, line, N_("this is not UTF-8: save the file in that encoding")) from error


@asynccontextmanager
async def asking(content: Content, settings: Settings) -> AsyncIterator[Ask]:
    """Answers queries over the data, each in a process that its limits end."""
    from ctlgraph.workers import Limits, Request, Workers

    async def ask(text: str, formats: tuple[str, ...]) -> tuple[str, bytes]:
        with await workers.answer(Request(text, formats)) as reply:
            return reply.format, reply.read()

    limits = Limits.of(settings)
    async with Workers(content, limits=limits, fast=1, most=2, disk_mib=settings.disk_mib) as workers:
        yield ask


def settings(*, release: str | None, timeout: float | None) -> Settings:
    """The settings, with these options. Raises ParameterError, by the option's name, for a wrong value."""
    try:
        return Settings.read(release=release, query_time_s=timeout)
    except ParameterError as error:
        if error.name != "query_time_s" or timeout is None:
            raise
        raise ParameterError("--timeout", error.value, error.expected) from error


def project(paths: list[Path]) -> tuple[Path | None, tuple[Path, ...]]:
    """A project or a release on its own, or the files and folders to check with our ontology and shapes."""
    if len(paths) == 1 and any((paths[0] / part).exists() for part in ("ontology", "manifest.json")):
        return paths[0], ()
    return None, tuple(paths)


def files(
    data: list[Path] | None, named: list[str] | None, *, union: bool, release: str | None
) -> Files | None:
    """The RDF files that the options name, None if they name none. Raises ParameterError for misuse."""
    from ctlgraph.store import Files

    if not (data or named):
        if union:
            raise ParameterError("union-default-graph", "", N_("--data or --named-data beside it"))
        return None
    if release is not None:
        raise ParameterError("release", release, N_("either a release or files"))
    return Files(tuple(data or ()), tuple(map(_named, named or ())), union)


def _named(text: str) -> tuple[str, Path]:
    found = _NAMED.fullmatch(text)
    if not found:
        raise ParameterError("named-data", text, "IRI=PATH")
    return found["iri"], Path(found["path"])


def release(name: str | None) -> Release:
    """The release of that version or directory, whole; the current one, built first if there is none.

    Raises ReleaseError, naming the file, for one that is not as it was released. A clone's data are being
    written, so its current release stays until `ctlgraph release`; an installed package carries finished
    data, so that after an upgrade theirs is the current one.
    """
    from ctlgraph.export import dumped
    from ctlgraph.release import build, current, verify
    from ctlgraph.release.kept import find
    from ctlgraph.sources import root

    folder = root()
    releases = releases_folder(folder)
    if name is not None:
        return find(name, folder, releases)
    found = current(releases)
    if found and is_clone(folder):
        verify(found)
        return found
    if found is None:
        log.info(translate(N_("there is no release yet: building one in {folder}"), LANG, folder=releases))
    return build(folder, releases, finish=dumped)
