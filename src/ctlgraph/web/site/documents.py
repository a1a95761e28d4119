"""The documents about the IRIs of the graph: a page each, or the RDF of the same thing, in every form.

Knows HTTP: which form a reader wants, where a thing has gone, what belongs to a document; `pages` and
`content` know what it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ctlgraph.catalogue import Catalogue
from ctlgraph.errors import GoneError, UnknownIriError
from ctlgraph.export.about import LICENCE
from ctlgraph.vocabulary import BASE
from ctlgraph.web.keeping import Made, keep, link_header
from ctlgraph.web.negotiation import MEDIA_TYPES, PAGES, formats, most_wanted, preferences, reader_language
from ctlgraph.web.sending import with_headers
from ctlgraph.web.service import Service
from ctlgraph.web.site import content, facts, ontology, pages
from ctlgraph.web.site.asking import remembering
from ctlgraph.web.site.rendering import Links
from ctlgraph.web.site.tables import page_number
from ctlgraph.web.transfer import header

RDF = ("ttl", "jsonld", "trig", "nt", "rdf", "nq")
OFFERED = {
    "html": PAGES,
    **{form: MEDIA_TYPES[form] for form in RDF},
    "jsonld": (*MEDIA_TYPES["jsonld"], "application/json"),
}
"""The forms of a document with their media types, our own preference first."""

_READING = ("GET", "HEAD")
_OF_STORE = ("ttl", "nt", "rdf")  # forms of a named graph in the Graph Store Protocol
_CONTEXT_S = 3600
_VERSION = re.compile(r"/ontology/(\d+\.\d+\.\d+)", re.ASCII)


@dataclass(frozen=True)
class Documents:
    """The ASGI application for documents; `graphs` answers for named graphs whose names are not ours.

    catalogue: the questions that pages of things lead to.
    """

    service: Service
    graphs: ASGIApp
    catalogue: Catalogue

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what is said of an IRI, 301 if it has another now.

        Raises UnknownIriError if nothing is said of it, GoneError if it was withdrawn, HTTPException 406 if
        the reader takes no form.
        """
        path, ending = split(scope["path"])
        version = _VERSION.fullmatch(path)
        if version and version[1] != self.service.current.served.version.partition("+")[0]:
            return await self._earlier(scope, receive, send, version[1], ending)
        path = "/ontology" if version else path
        if scope["method"] not in _READING and path.startswith("/graph/"):
            return await self.graphs(scope, receive, send)
        only_reading(scope)
        form, media = chosen(ending, Request(scope))
        request = Request(scope, receive)
        document = _Document(
            self.service, self.catalogue, request, pages.iri_of(path) or "", path, form, media
        )
        moved = await successor(self.service, request, document.iri, "/doc/") if document.stands_alone else ""
        if moved:
            address = Links.of(request, self.service).at(moved + (f".{ending}" if ending else ""))
            return await RedirectResponse(address, 301)(scope, receive, send)
        if path.startswith("/graph/") and form in _OF_STORE and not document.iri:
            return await self._graph(scope, receive, send, document, ending)
        return await document.send(send)

    async def _earlier(self, scope: Scope, receive: Receive, send: Send, version: str, ending: str) -> None:
        """Lead from an earlier version of the ontology to it in its release, which is the whole of it."""
        only_reading(scope)
        if version not in self.service.earlier.known():
            raise await unknown(self.service, Request(scope, receive), f"{BASE}ontology/{version}")
        path = f"/releases/{version}/ontology" + (f".{ending}" if ending else "")
        root = Links.of(Request(scope), self.service).root.removesuffix(self.service.prefix)
        address = Links(root, path, tuple(Request(scope).query_params.multi_items())).here()
        await RedirectResponse(address, 303)(scope, receive, send)

    async def _graph(
        self, scope: Scope, receive: Receive, send: Send, document: _Document, ending: str
    ) -> None:
        """Send what is in a named graph of other people's data, which may have any name."""
        raw = scope["raw_path"].removesuffix(f".{ending}".encode()) if ending else scope["raw_path"]
        asked = f"format={document.form}".encode()
        scope = {**scope, "path": document.path, "raw_path": raw, "query_string": asked}
        links = link_header(document.links())
        await self.graphs(scope, receive, with_headers(send, links))


@dataclass(frozen=True)
class _Document:
    """A document in the form that its reader wants."""

    service: Service
    catalogue: Catalogue
    request: Request
    iri: str
    path: str
    form: str
    media: str

    @property
    def page(self) -> int:
        """Which part of a long document is asked for. Raises ParameterError."""
        return page_number(self.request.query_params.get("page", "1"))

    @property
    def part(self) -> int:
        """Which part of a very long page is asked for. Raises ParameterError."""
        return page_number(self.request.query_params.get("part", "1"))

    @property
    def stands_alone(self) -> bool:
        """Whether the graph has to say something of it."""
        return bool(self.iri) and self.iri != content.SHAPES

    async def send(self, send: Send) -> None:
        """Send it."""
        lang = reader_language(self.request) if self.form == "html" else ""
        key = ("document", self.form, self.media, lang)
        await keep(self.service, self.request, send, key=key, make=self._made)

    async def _made(self) -> Made:
        if self.form == "html":
            shown = await self._shown()
            lang = reader_language(self.request)
            beside = self._next(page=self.page + 1) if shown.more else []
            beside = beside or (self._next(part=self.part + 1, page=None) if shown.parts else [])
            return Made(shown.body, self.media, lang, headers=link_header([*self.links(), *beside]))
        ask, served = remembering(self.request, self.service), self.service.current.served
        found = await self._said()
        if found is None:
            raise await unknown(self.service, self.request, self.iri)
        words = await content.words(ask, served)
        context = f"{self.service.base(self.request.scope)}context.jsonld"
        body = await content.as_form(found.nquads, self.form, words, context, self.iri)
        beside = self._next(page=self.page + 1) if found.more else []
        return Made(body, self.media, headers=link_header([*self.links(), *beside]))

    async def _shown(self) -> pages.Shown:
        """The page."""
        if self.iri == content.SHAPES:
            found = await pages.shapes(self.request, self.service)
        elif self.path == "/ontology":
            found = pages.Shown(await ontology.ontology(self.request, self.service))
        else:
            found = await pages.entity(self.request, self.service, self.catalogue, self.path, self.iri)
        if found is None:
            raise await unknown(self.service, self.request, self.iri)
        return found

    async def _said(self) -> content.Content | None:
        ask, served = remembering(self.request, self.service), self.service.current.served
        if self.iri == content.SHAPES:
            shapes = await content.shapes(served)
            return content.Content(shapes) if shapes else None
        if not self.iri:
            return None
        return await content.said(ask, self.iri, merged=served.merged, page=self.page)

    def links(self) -> Iterator[tuple[str, str, str]]:
        """What belongs to it: its other forms, its name, who may use it, the pages beside it.

        To a graph belongs what is in it and nothing else, by the Graph Store Protocol.
        """
        yield self.iri, "canonical", ""
        for form in OFFERED:
            if form != self.form:
                yield self._address(f".{form}"), "alternate", OFFERED[form][0]
        if self.form != "ttl":
            yield self._address(".ttl"), "describedby", OFFERED["ttl"][0]
        if self.iri and self.path.startswith("/graph/"):
            store = self.service.base(self.request.scope) + "graphs?" + urlencode({"graph": self.iri})
            yield store, "related", OFFERED["ttl"][0]
        if self.service.current.served.validated:
            yield LICENCE, "license", ""
        if self.page > 1:
            yield self._here(page=self.page - 1), "prev", ""
        elif self.part > 1:
            yield self._here(part=self.part - 1), "prev", ""

    def _address(self, ending: str = "") -> str:
        root = self.service.base(self.request.scope).rstrip("/")
        return root + Links("", self.path).here() + ending

    def _next(self, **changes: object) -> list[tuple[str, str, str]]:
        return [(self._here(**changes), "next", "")]

    def _here(self, **changes: object) -> str:
        links = Links.of(self.request, self.service)
        return self.service.base(self.request.scope) + links.here(**changes).removeprefix(f"{links.root}/")


@dataclass(frozen=True)
class Things:
    """The ASGI application for things, which are not their pages: 303 from the one to the other."""

    service: Service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say where the document is, with what was asked. Raises what `successor` does, 404 and 410."""
        only_reading(scope)
        request = Request(scope, receive)
        path = scope["path"].replace("/id/", "/doc/", 1)
        iri = pages.iri_of(path)
        if iri is None:
            raise UnknownIriError(f"{BASE}{scope['path'][1:]}")
        moved = await successor(self.service, request, iri, "/id/")
        document = self.service.base(scope).rstrip("/") + Links("", path).here()
        links = {"Link": f'<{document}>; rel="describedby"'}
        at = Links.of(request, self.service).at
        answer = RedirectResponse(at(moved), 301) if moved else RedirectResponse(at(path), 303, links)
        await answer(scope, receive, send)


@dataclass(frozen=True)
class Context:
    """The ASGI application for the context of all JSON-LD: which word stands for which IRI."""

    service: Service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it. Raises HTTPException 406 for a reader that takes no JSON."""
        only_reading(scope)
        request = Request(scope, receive)
        _, media = chosen("", request, ("jsonld",))

        async def make() -> Made:
            ask = remembering(request, self.service)
            words = await content.words(ask, self.service.current.served)
            return Made(words.context(), media, keep_s=_CONTEXT_S)

        await keep(self.service, request, send, key=("context", media), make=make)


async def successor(service: Service, request: Request, iri: str, to: str) -> str:
    """The path of what an IRI was renamed to or merged with, "" if it is in use.

    to: "/doc/" for the path of the document of a thing, "/id/" for the path of the thing.
    Raises UnknownIriError if nothing is said of it; GoneError if it was withdrawn without a successor on this
    site, or with several.
    """
    found = await content.standing(remembering(request, service), iri)
    if not found.known:
        raise await unknown(service, request, iri)
    path = facts.path_of(found.replaced[0]) if len(found.replaced) == 1 else ""
    if found.withdrawn and not path:
        raise GoneError(iri, found.replaced)
    return path.replace("/doc/", to, 1)


async def unknown(service: Service, request: Request, iri: str) -> UnknownIriError:
    """That nothing is said of an IRI, or of an address that is none, with those that look most like it."""
    if not iri:
        return UnknownIriError(f"{BASE}{request.scope['path'][1:]}")
    return UnknownIriError(iri, await pages.nearest(remembering(request, service), iri))


def only_reading(scope: Scope) -> None:
    """Raise HTTPException 405 for a method that does more."""
    if scope["method"] not in _READING:
        raise HTTPException(405, headers={"Allow": ", ".join(_READING)})


def chosen(ending: str, request: Request, forms: tuple[str, ...] = tuple(OFFERED)) -> tuple[str, str]:
    """The form that a reader wants, by ending, by ``format=`` or by Accept, and the media type to send.

    Raises HTTPException 406 if none fits, ParameterError for a format that does not exist.
    """
    given = request.query_params
    asked = [ending] if ending else [*given.getlist("format"), *given.getlist("output")]
    wanted = next((name.lower() for name in asked if name), "")
    unfit = HTTPException(406, ", ".join(OFFERED[form][0] for form in forms))
    if wanted:
        names = ["html"] if wanted in ("html", *OFFERED["html"]) else formats([wanted], "")
        found = [(form, OFFERED[form][0]) for form in names if form in forms]
        if not found:
            raise unfit
        return found[0]
    ranges = dict(preferences([header(request.scope, b"accept").decode("latin-1")]) or [("*/*", 1.0)])
    best = most_wanted(ranges, {form: OFFERED[form] for form in forms})
    if best is None:
        raise unfit
    return best


def split(path: str) -> tuple[str, str]:
    """A path without its ending, and the ending if it names a form: "" else."""
    rest, dot, ending = path.rpartition(".")
    return (rest, ending) if dot and ending in OFFERED else (path, "")
