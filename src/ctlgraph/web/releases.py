"""Releases over HTTP: which there are, what is in one, what changed between two, and their files.

Knows addresses, forms and headers; `site.history` knows what pages show.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Route
from starlette.types import Send

from ctlgraph.diff.telling import Told, telling
from ctlgraph.errors import CtlgraphError, ReleaseError
from ctlgraph.export import SUMS, File, listed
from ctlgraph.export.about import LICENCE
from ctlgraph.export.dumps import dump_folder
from ctlgraph.messages import N_
from ctlgraph.release import Release, open_release
from ctlgraph.release.kept import numbers
from ctlgraph.store import dump
from ctlgraph.web.keeping import Made, keep, link_header
from ctlgraph.web.negotiation import preferences, quality, reader_language
from ctlgraph.web.reading import Reading
from ctlgraph.web.sending import CHUNK, respond
from ctlgraph.web.service import Service
from ctlgraph.web.site import history
from ctlgraph.web.site.rendering import Links

_RDF = {"ttl": "text/turtle", "jsonld": "application/ld+json", "nt": "application/n-triples"}
_LISTED = {"html": "text/html", "json": "application/json", **_RDF}
_PLAIN = {name: _LISTED[name] for name in ("html", "json")}
_CHANGED = {"html": "text/html", "json": "application/json", "patch": "application/sparql-update"}
_BETWEEN = "..."
_DAY_S = 86400
_MAKING = asyncio.Lock()


def published(service: Service) -> list[BaseRoute]:
    """The addresses of releases and of their files."""
    releases = Releases(service)
    return [
        Route(path, Reading(answer))
        for path, answer in {
            "/releases": releases.all,
            "/releases/{name}": releases.named,
            "/dump/{version}": releases.folder,
            "/dump/{version}/": releases.files,
            "/dump/{version}/{file}": releases.file,
        }.items()
    ]


class Releases:
    """What is answered at these addresses; each method sends one answer."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._comparing = asyncio.Lock()

    async def all(self, request: Request, send: Send) -> None:
        """Every release: a page, JSON or RDF."""
        form = _form(request, _LISTED)
        lang = reader_language(request)

        async def make() -> Made:
            found = self._known()
            if form == "html":
                return Made(await history.releases(request, self._service, found), _LISTED[form], lang)
            base = self._service.base(request.scope)
            if form == "json":
                return _json(
                    await asyncio.to_thread(lambda: [history.described(each, base) for each in found])
                )
            return Made(dump(await asyncio.to_thread(history.statements, found), form), _RDF[form])

        await self._keep(request, send, ("releases", form, lang), make)

    async def named(self, request: Request, send: Send) -> None:
        """One release, or the difference of two."""
        name = request.path_params["name"]
        if _BETWEEN in name:
            return await self._between(request, send, *name.split(_BETWEEN, 1))
        form, lang = _form(request, _LISTED), reader_language(request)
        release = await self._release(name)

        async def make() -> Made:
            known = self._known()
            if form == "html":
                page = await history.release(request, self._service, release, known)
                return Made(page, _LISTED[form], lang)
            if form == "json":
                base = self._service.base(request.scope)
                return _json(await asyncio.to_thread(history.described, release, base))
            place = [each.version for each in known].index(release.version)
            said = await asyncio.to_thread(history.statements, known[place : place + 2], only=release.version)
            return Made(dump(said, form), _RDF[form])

        return await self._keep(request, send, ("release", form, lang), make)

    async def _between(self, request: Request, send: Send, a: str, b: str) -> None:
        """What changed: a page, JSON, or a SPARQL Update."""
        form, lang = _form(request, _CHANGED), reader_language(request)
        before, after = await self._release(a), await self._release(b)

        async def make() -> Made:
            told = await self._told(before, after)
            if form == "json":
                return Made(told.json, _CHANGED[form])
            if form == "patch":
                return Made(told.patch, _CHANGED[form])
            page = await history.changes(request, self._service, before, after, told)
            return Made(page, _CHANGED[form], lang)

        await self._keep(request, send, ("between", form, lang), make)

    async def folder(self, request: Request, send: Send) -> None:
        """The address of a folder ends in a slash."""
        to = Links.of(request, self._service).at(request.scope["path"] + "/")
        await RedirectResponse(to, 308)(request.scope, request.receive, send)

    async def files(self, request: Request, send: Send) -> None:
        """The files of a release: a page or JSON."""
        form, lang = _form(request, _PLAIN), reader_language(request)
        release = await self._release(request.path_params["version"])

        async def make() -> Made:
            found = await files_of(release)
            if form == "html":
                return Made(await history.files(request, self._service, release, found), _LISTED[form], lang)
            base = f"{self._service.base(request.scope)}dump/{release.version}/"
            return _json(history.listing(release, found, base))

        await self._keep(request, send, ("dump", form, lang), make)

    async def file(self, request: Request, send: Send) -> None:
        """One file, as it is on the disk. Raises HTTPException 404."""
        release = await self._release(request.path_params["version"])
        name = request.path_params["file"]
        found = {each.name: each for each in await files_of(release)}
        if name == SUMS:
            data = await asyncio.to_thread((dump_folder(release) / SUMS).read_bytes)
            return await keep(
                self._service, request, send, key=SUMS, make=partial(_made, Made(data, "text/plain"))
            )
        if name not in found:
            raise HTTPException(404)
        file = found[name]
        about = f"{self._service.base(request.scope)}releases/{release.version}"
        links = link_header([(LICENCE, "license", ""), (about, "describedby", "text/html")])
        await respond(request.scope, send, (*_headers(file), *links), _etag(file), _chunks(file.path))

    async def _keep(
        self, request: Request, send: Send, key: tuple[str, ...], make: Callable[[], Awaitable[Made]]
    ) -> None:
        await keep(self._service, request, send, key=key, make=make)

    def _known(self) -> list[Release]:
        """The releases, newest first, with the one that is served. Raises HTTPException 404 for none."""
        served = self._service.current.served
        if not served.validated or not isinstance(served.content, Path):
            raise HTTPException(404, "release")
        found = {version: open_release(path) for version, path in self._service.earlier.known().items()}
        found[served.version] = open_release(served.content)
        return sorted(found.values(), key=lambda each: (numbers(each.version), each.version), reverse=True)

    async def _release(self, version: str) -> Release:
        """One of them, whole. Raises HTTPException 404, CtlgraphError if it is damaged."""
        served = self._service.current.served
        if not served.validated:
            raise HTTPException(404, "release")
        if version == served.version and isinstance(served.content, Path):
            return open_release(served.content)
        return await self._service.earlier.release(version)

    async def _told(self, a: Release, b: Release) -> Told:
        async with self._comparing:
            return await telling(a.path, b.path)


async def files_of(release: Release) -> tuple[File, ...]:
    """The files of a release, made by another process if they are not there: of one release at a time.

    Raises CtlgraphError if they cannot be made, or are damaged.
    """
    async with _MAKING:
        if not dump_folder(release).is_dir():
            await _dump(release)
    try:
        return await asyncio.to_thread(listed, release)
    except ReleaseError as error:
        name = getattr(error.facts.get("path"), "name", "")
        reason = N_("the files of release {version} are damaged, in {name}: they are not served")
        raise CtlgraphError(reason, version=release.version, name=name) from error


async def _dump(release: Release) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "ctlgraph.export", str(release.path)), start_new_session=True
    )
    try:
        await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        reason = N_("the files of release {version} cannot be made at the moment: the log says why")
        raise CtlgraphError(reason, version=release.version)


async def _made(made: Made) -> Made:
    return made


def _json(value: object) -> Made:
    return Made((json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode(), "application/json")


def _form(request: Request, offered: Mapping[str, str]) -> str:
    """The form that a reader wants most: by ``format=``, else by Accept; the first if they are equal.

    Raises HTTPException 406 if none fits.
    """
    given = request.query_params
    asked = [name for name in (*given.getlist("format"), *given.getlist("output")) if name]
    ranges = dict.fromkeys(asked, 1.0) or dict(preferences(request.headers.getlist("accept")))
    ranges = ranges or {"*/*": 1.0}
    worth = {form: max(quality(ranges, form), quality(ranges, media)) for form, media in offered.items()}
    best = max(offered, key=worth.__getitem__)
    if not worth[best]:
        raise HTTPException(406, ", ".join(offered.values()))
    return best


def _headers(file: File) -> tuple[tuple[bytes, bytes], ...]:
    """What is known of a file before it is read, its sum included (RFC 9530)."""
    media = file.compression or file.package or file.form.media
    total = base64.b64encode(bytes.fromhex(file.sha256))
    return (
        (b"content-type", media.encode()),
        (b"content-length", b"%d" % file.size),
        (b"etag", _etag(file)),
        (b"accept-ranges", b"bytes"),
        (b"repr-digest", b"sha-256=:%b:" % total),
        (b"cache-control", b"public, max-age=%d" % _DAY_S),
        (b"content-disposition", f'attachment; filename="{file.name}"'.encode()),
    )


def _etag(file: File) -> bytes:
    return f'"{file.sha256[:32]}"'.encode()


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as opened:
        while chunk := opened.read(CHUNK):
            yield chunk
