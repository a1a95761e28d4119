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

from ctlgraph.catalogue import Catalogue
from ctlgraph.web.cache import Answer
from ctlgraph.web.negotiation import PAGES, preferences, reader_language, worths
from ctlgraph.web.sending import pieces, respond
from ctlgraph.web.service import Service
from ctlgraph.web.site import comparison, data, ontology, pages, trust
from ctlgraph.web.site.assets import Assets
from ctlgraph.web.site.catalog import Catalog, Start, Void
from ctlgraph.web.site.comparison import Compare
from ctlgraph.web.site.documents import OFFERED, Context, Documents, Things
from ctlgraph.web.site.rendering import Links
from ctlgraph.web.transfer import Presence, header

Show = Callable[[Request, Service], Awaitable[bytes]]

_OFFERED = {"html": PAGES, "json": ("application/json",)}
_READING = ("GET", "HEAD")
_INDEXES = {
    **dict.fromkeys(("/vocab", "/vocab/", "/ontology/", "/ontology/terms", "/ontology/terms/"), "/ontology"),
    **dict.fromkeys(("/graph", "/graph/"), "/sources"),
}
_KEEPING = 2048  # bytes that a remembered page takes beside its body; one of a longer address is not kept


def site(service: Service, graphs: ASGIApp, catalogue: Catalogue) -> list[BaseRoute]:
    """The addresses of the site; `graphs` answers for named graphs of any name."""
    documents, published = Documents(service, graphs, catalogue), Catalog(service, catalogue)
    held = Void(service, catalogue)
    endings = ("", *(f".{ending}" for ending in OFFERED))
    searched = partial(pages.search, catalogue=catalogue)
    searched_json = partial(pages.search_json, catalogue=catalogue)
    shown: dict[str, Show] = {
        "/accessibility": pages.accessibility,
        "/disagreements": trust.disagreeing,
        "/coverage": trust.covering,
        "/coverage/{name}": trust.listing,
        "/sources": trust.sources,
        "/sources/{name}": trust.source,
        "/data": data.page,
        "/ontology/terms/{name}": partial(ontology.term, catalogue=catalogue),
        "/privacy": pages.privacy,
        "/api/docs": pages.api,
        "/problem/{slug}": pages.problem,
    }
    described = (
        *("/doc/{kind}/{slug}", "/vocab/{name:path}", "/graph/{name:path}"),
        *("/ontology", "/ontology.{ending}", "/ontology/{name:path}", "/shapes", "/shapes.{ending}"),
    )
    return [
        *(Route(path, partial(_elsewhere, service, to)) for path, to in _INDEXES.items()),
        Route("/", Start(service, Page(service, partial(pages.start, catalogue=catalogue)))),
        *(Route(path, Page(service, show)) for path, show in shown.items()),
        *(Route(f"/catalog{ending}", published) for ending in endings),
        *(Route(f"/.well-known/void{ending}", held) for ending in endings),
        Route("/compare", Compare(service, Page(service, partial(comparison.page, catalogue=catalogue)))),
        Route("/search", Page(service, searched, json=searched_json)),
        Route("/robots.txt", partial(_robots, service)),
        *(Route(path, documents) for path in described),
        Route("/id/{kind}/{slug}", Things(service)),
        Route("/context.jsonld", Context(service)),
        Mount("/static", Assets()),
    ]


class Page:
    """The ASGI application that sends one page, or what it says in another form: `json=`."""

    def __init__(self, service: Service, show: Show, **others: Show) -> None:
        self._service = service
        self._shows = {"html": show, **others}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it in the form that its reader takes. Raises HTTPException 406 if there is none.

        If there is no such page either, that is what it raises.
        """
        _only_reading(scope)
        try:
            form = _form(scope, tuple(self._shows))
        except HTTPException:
            await self._shows["html"](Request(scope, receive), self._service)
            raise
        await self.send(form, scope, receive, send)

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


async def _elsewhere(service: Service, path: str, request: Request) -> RedirectResponse:
    """Lead from the beginning of addresses, where nothing is, to what lists them."""
    return RedirectResponse(Links.of(request, service).at(path), 303)


async def _robots(service: Service, request: Request) -> PlainTextResponse:
    """What those who collect pages may read: everything but what is made for one question at a time."""
    root = Links.of(request, service).root
    closed = (
        "/sparql/",
        "/sparql?query=",
        "/search?q=",
        "/*?*q=",
        "/*?*sort=",
        "/*?*release=",
        "/releases/*/",
    )
    lines = ["User-agent: *", *(f"Disallow: {root}{path}" for path in closed), f"Allow: {root}/", ""]
    return PlainTextResponse("\n".join(lines), headers={"Cache-Control": "public, max-age=86400"})


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
    worth = {form: max(each for _, each in worths(ranges, (*_OFFERED[form], form))) for form in forms}
    best = max(forms, key=worth.__getitem__)
    if not worth[best]:
        raise HTTPException(406, ", ".join(_OFFERED[form][0] for form in forms))
    return best


def _asked(scope: Scope) -> list[str]:
    parameters = Request(scope).query_params
    return [name for name in (*parameters.getlist("format"), *parameters.getlist("output")) if name]
