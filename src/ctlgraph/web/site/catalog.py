"""The catalogue and VoID: what is published, read off what is served, in every form.

Knows HTTP; `publishing` knows what is published, `export` the vocabularies.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ctlgraph.catalogue import Catalogue
from ctlgraph.export import published as names
from ctlgraph.export import void
from ctlgraph.export.about import LICENCE
from ctlgraph.export.catalog import catalog
from ctlgraph.export.published import Published
from ctlgraph.messages import translate
from ctlgraph.web.keeping import Made, keep, link_header
from ctlgraph.web.negotiation import reader_language
from ctlgraph.web.sending import with_headers
from ctlgraph.web.service import Service
from ctlgraph.web.site import content
from ctlgraph.web.site.asking import remembering
from ctlgraph.web.site.completing import together
from ctlgraph.web.site.documents import OFFERED, RDF, chosen, only_reading, split
from ctlgraph.web.site.facts import Ask, rows
from ctlgraph.web.site.publishing import published
from ctlgraph.web.site.rendering import Crumb, Links, render


@dataclass(frozen=True)
class Catalog:
    """The ASGI application at ``/catalog``."""

    service: Service
    catalogue: Catalogue

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the catalogue. Raises HTTPException 404 if no release is served, 406."""
        form, media, request = _asked(scope, receive, tuple(OFFERED))
        lang = reader_language(request) if form == "html" else ""

        async def make() -> Made:
            links = link_header(_links(self.service, request, "catalog", form, names.CATALOG))
            found = await published(self.service, self.catalogue, request)
            if found is None:
                raise HTTPException(404, "catalog")
            if form == "html":
                return Made(await _page(request, self.service, found), media, lang, headers=links)
            nquads = await asyncio.to_thread(catalog, found)
            return Made(await _written(self.service, request, nquads, form), media, headers=links)

        key = ("catalog", form, media, lang, self.service.settings.contact)
        await keep(self.service, request, send, key=key, make=make)


@dataclass(frozen=True)
class Void:
    """The ASGI application at ``/.well-known/void``."""

    service: Service
    catalogue: Catalogue

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what the graph holds, counted. Raises HTTPException 406."""
        form, media, request = _asked(scope, receive, RDF)

        async def make() -> Made:
            ask = remembering(request, self.service)
            known = await published(self.service, self.catalogue, request)
            counted = await _counted(ask)
            base = self.service.base(request.scope)
            nquads = await asyncio.to_thread(void.void, counted, base, known)
            links = link_header(_links(self.service, request, ".well-known/void", form, void.VOID))
            return Made(await _written(self.service, request, nquads, form), media, headers=links)

        await keep(self.service, request, send, key=("void", form, media), make=make)


@dataclass(frozen=True)
class Start:
    """The ASGI application at ``/``: the home page, which leads to the catalogue; its RDF is that."""

    service: Service
    page: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the page; 303 to the catalogue, for a reader that wants RDF more."""
        only_reading(scope)
        request = Request(scope, receive)
        form, _ = chosen("", request)
        if form != "html":
            address = Links.of(request, self.service).at("/catalog")
            return await RedirectResponse(address, 303, {"Vary": "Accept"})(scope, receive, send)
        base = self.service.base(scope)
        whole = base.removesuffix(f"{self.service.prefix}/")  # of the service there is one description
        beside = [(f"{base}catalog", "describedby", "")] if self.service.current.served.validated else []
        beside += [
            (f"{base}.well-known/void", "describedby", ""),
            (f"{whole.rstrip('/')}/openapi.json", "service-desc", ""),
        ]
        await self.page(scope, receive, with_headers(send, link_header(beside)))


def _asked(scope: Scope, receive: Receive, forms: tuple[str, ...]) -> tuple[str, str, Request]:
    only_reading(scope)
    request = Request(scope, receive)
    return *chosen(split(scope["path"])[1], request, forms), request


def _links(service: Service, request: Request, path: str, form: str, iri: str) -> list[tuple[str, str, str]]:
    """What belongs to a description."""
    address = service.base(request.scope) + path
    forms = OFFERED if iri == names.CATALOG else RDF
    others = [(f"{address}.{each}", "alternate", OFFERED[each][0]) for each in forms if each != form]
    licence = [(LICENCE, "license", "")] if service.current.served.validated else []
    return [(iri, "canonical", ""), *others, *licence]


async def _written(service: Service, request: Request, nquads: bytes, form: str) -> bytes:
    words = await content.words(remembering(request, service), service.current.served)
    context = f"{service.base(request.scope)}context.jsonld"
    return await content.as_form(nquads, form, words, context, names.CATALOG)


async def _counted(ask: Ask) -> void.Counted:
    names = [name for name in void.QUERIES if name != "together"]
    answers = await asyncio.gather(*(rows(ask, void.QUERIES[name]) for name in names), together(ask))
    plain = [[{name: term.value for name, term in row.items()} for row in answer] for answer in answers]
    return void.Counted(dict(zip((*names, "together"), plain, strict=True)))


async def _page(request: Request, service: Service, found: Published) -> bytes:
    lang = reader_language(request)
    context: Mapping[str, object] = {
        "found": found,
        "title": translate(names.TITLES[names.CATALOG], lang),
        "datasets": [_shown(found, iri, lang) for iri in found.datasets],
        "sparql": _shown(found, names.SERVICE, lang),
    }
    crumb = Crumb(translate(names.TITLES[names.CATALOG], lang))
    return await render(request, service, "catalog.html", crumbs=(crumb,), **context)


def _shown(found: Published, iri: str, lang: str) -> Mapping[str, object]:
    return {
        "anchor": iri.rpartition("#")[2],
        "title": translate(names.TITLES[iri], lang),
        "description": found.description(iri, lang),
        "files": found.downloads.get(iri, ()),
    }
