"""Which page is where, and in which forms: HTML for people, RDF of the same things for programs.

A page is remembered like any other answer. Knows HTTP; what a page shows is `pages`' to say.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Awaitable, Callable
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from ctlgraph import workers
from ctlgraph.web.cache import Answer
from ctlgraph.web.negotiation import MEDIA_TYPES, formats, preferences, quality, reader_language
from ctlgraph.web.protocol import Question, answer
from ctlgraph.web.sending import pieces, respond
from ctlgraph.web.service import Service
from ctlgraph.web.site import pages, quads
from ctlgraph.web.site.assets import Assets
from ctlgraph.web.site.rendering import Links
from ctlgraph.web.transfer import Presence, header

Show = Callable[[Request, Service], Awaitable[bytes]]

_RDF = ("ttl", "nt", "trig", "jsonld", "nq", "rdf")
_HTML = ("text/html", "application/xhtml+xml")
_OFFERED = {"html": _HTML, "json": ("application/json",), **{form: MEDIA_TYPES[form] for form in quads.FORMS}}
_READING = ("GET", "HEAD")
_KEEPING = 2048  # bytes that a remembered page takes beside its body; one of a longer address is not kept


def site(service: Service, graphs: ASGIApp) -> list[BaseRoute]:
    """The addresses of the site; `graphs` answers for named graphs in RDF."""
    documents = Documents(service, graphs)
    shown = {
        "/": pages.start,
        "/accessibility": pages.accessibility,
        "/privacy": pages.privacy,
        "/api/docs": pages.api,
    }
    described = (
        *("/doc/{kind}/{slug}", "/vocab/{name:path}", "/graph/{name:path}"),
        *("/ontology", "/ontology.{ending}", "/ontology/{name:path}"),
    )
    return [
        *(Route(path, Page(service, show)) for path, show in shown.items()),
        Route("/search", Page(service, pages.search, json=pages.search_json)),
        Route("/robots.txt", partial(_robots, service)),
        *(Route(path, documents) for path in described),
        Route("/id/{kind}/{slug}", partial(_see_document, service)),
        Mount("/static", Assets()),
    ]


class Page:
    """The ASGI application that sends one page, or what it says in another form: `json=`, `trig=`."""

    def __init__(self, service: Service, show: Show, **others: Show) -> None:
        self._service = service
        self._shows = {"html": show, **others}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it in the form that its reader takes. Raises HTTPException 406 if there is none."""
        _only_reading(scope)
        await self.send(_form(scope, tuple(self._shows)), scope, receive, send)

    async def send(self, form: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it in this form, compressed if its reader takes that; or 304."""
        request = Request(scope, receive)
        lang = reader_language(request)
        compressed = (
            dict(preferences([header(scope, b"accept-encoding").decode("latin-1")])).get("gzip", 0) > 0
        )
        cache = self._service.current.cache
        key = (self._service.base(scope), scope["path"], scope["query_string"], form, lang, compressed)
        found = cache.get(key)
        if found is None:
            async with Presence(receive):
                body = await self._shows[form](request, self._service)
            body = gzip.compress(body, 6, mtime=0) if compressed else body
            found = _answer(body, _OFFERED[form][0], lang, compressed)
            if len(scope["path"]) + len(scope["query_string"]) <= _KEEPING:
                cache.put(key, found)
        await respond(scope, send, found.headers, found.etag, pieces(found.body))


class Documents:
    """The ASGI application for the IRIs of the graph: a page each, or the RDF of the same thing."""

    def __init__(self, service: Service, graphs: ASGIApp) -> None:
        self._service = service
        self._graphs = graphs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what the graph says of an IRI. Raises HTTPException 404 if nothing, 406 if in no such form."""
        path, ending = _split(scope["path"])
        asked = [ending] if ending else _asked(scope)
        accept = header(scope, b"accept").decode("latin-1")
        if scope["method"] in _READING and ("html" in asked or (not asked and _prefers_page(accept))):
            show = pages.ontology if path == "/ontology" else partial(self._entity, path=path)
            return await Page(self._service, show).send("html", scope, receive, send)
        media = {name: of for name, of in formats(asked, accept).items() if name in _RDF}
        form = next(iter(media), "")
        if scope["method"] in _READING and form in quads.FORMS:
            show = partial(self._quads, path=path, form=form)
            return await Page(self._service, show, **{form: show}).send(form, scope, receive, send)
        if path.startswith("/graph/"):
            if ending:
                raw = scope["raw_path"].removesuffix(f".{ending}".encode())
                scope = {**scope, "path": path, "raw_path": raw, "query_string": f"format={ending}".encode()}
            return await self._graphs(scope, receive, send)
        _only_reading(scope)
        if not media:
            raise HTTPException(406, ", ".join((_HTML[0], *(MEDIA_TYPES[name][0] for name in _RDF))))
        query = await pages.description(Request(scope, receive), self._service, path)
        if query is None:
            raise HTTPException(404)
        question = Question(workers.Request(query, tuple(media)), tuple(media.values()))
        return await answer(self._service, question, scope, receive, send)

    async def _quads(self, request: Request, service: Service, path: str, form: str) -> bytes:
        return _there(await pages.with_graphs(request, service, path, form))

    async def _entity(self, request: Request, service: Service, path: str) -> bytes:
        return _there(await pages.entity(request, service, path))


def _there(found: bytes | None) -> bytes:
    """What was found. Raises HTTPException 404 if it is nothing."""
    if found is None:
        raise HTTPException(404)
    return found


async def _robots(service: Service, request: Request) -> PlainTextResponse:
    """What those who collect pages may read: everything but what is made for one question at a time."""
    root = Links.of(request, service).root
    closed = ("/sparql/", "/sparql?query=", "/search?q=", "/*?*q=", "/*?*sort=")
    lines = ["User-agent: *", *(f"Disallow: {root}{path}" for path in closed), f"Allow: {root}/", ""]
    return PlainTextResponse("\n".join(lines), headers={"Cache-Control": "public, max-age=86400"})


async def _see_document(service: Service, request: Request) -> RedirectResponse:
    """A thing is not its page: 303 from the one to the other, with what was asked."""
    path = request.scope["path"].replace("/id/", "/doc/", 1)
    return RedirectResponse(Links.of(request, service).at(path), 303)


def _answer(body: bytes, media: str, lang: str, compressed: bool) -> Answer:
    etag = b'"%b"' % hashlib.blake2b(body, digest_size=16).hexdigest().encode()
    headers = (
        (
            b"content-type",
            f"{media}; charset=utf-8".encode() if media.startswith("text/") else media.encode(),
        ),
        (b"content-length", b"%d" % len(body)),
        *(((b"content-encoding", b"gzip"),) if compressed else ()),
        (b"content-language", lang.encode()),
        (b"vary", b"Accept, Accept-Encoding, Accept-Language"),
        (b"cache-control", b"public, max-age=60"),
        (b"etag", etag),
    )
    return Answer(headers, etag, body, len(body) + _KEEPING)


def _only_reading(scope: Scope) -> None:
    if scope["method"] not in _READING:
        raise HTTPException(405, headers={"Allow": ", ".join(_READING)})


def _form(scope: Scope, forms: tuple[str, ...]) -> str:
    """The form that a reader wants most: asked for by name, else by Accept; the first if they are equal."""
    asked, accept = _asked(scope), header(scope, b"accept").decode("latin-1")
    ranges = dict.fromkeys(asked, 1.0) or dict(preferences([accept])) or {"*/*": 1.0}
    worth = {form: max(quality(ranges, name) for name in (form, *_OFFERED[form])) for form in forms}
    best = max(forms, key=worth.__getitem__)
    if not worth[best]:
        raise HTTPException(406, ", ".join(_OFFERED[form][0] for form in forms))
    return best


def _split(path: str) -> tuple[str, str]:
    """A path without its ending, and the ending if it names a form: "" else."""
    rest, dot, ending = path.rpartition(".")
    return (rest, ending) if dot and ending in ("html", *_RDF) else (path, "")


def _asked(scope: Scope) -> list[str]:
    parameters = Request(scope).query_params
    return [name for name in (*parameters.getlist("format"), *parameters.getlist("output")) if name]


def _prefers_page(accept: str) -> bool:
    """Whether a reader takes HTML at least as gladly as RDF; one that says nothing does."""
    ranges = dict(preferences([accept]) or [("*/*", 1.0)])
    page = max(quality(ranges, media) for media in _HTML)
    return page > 0 and page >= max(quality(ranges, media) for name in _RDF for media in MEDIA_TYPES[name])
