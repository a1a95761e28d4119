"""Collaboration graphs over HTTP: a page, and the same as JSON, CSV, GraphML, Turtle and SVG.

Knows addresses, forms and headers; `site.study` and `site.collaboration` know what is measured and shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.routing import BaseRoute, Route
from starlette.types import Send

from ctlgraph.catalogue import Catalogue
from ctlgraph.web import files
from ctlgraph.web.keeping import Made, keep, link_header
from ctlgraph.web.negotiation import reader_language
from ctlgraph.web.reading import Reading, asked_form
from ctlgraph.web.service import Service
from ctlgraph.web.site.collaboration import page
from ctlgraph.web.site.rendering import Links
from ctlgraph.web.site.study import studying

_JSON = files.Form("json", ("application/json",), "JSON")  # nodes and ties, no results of SPARQL
FORMS = {
    name: _JSON if name == "json" else files.FORMS[name]
    for name in ("html", "json", "csv", "graphml", "ttl", "svg")
}


def collaborations(service: Service, catalogue: Catalogue) -> list[BaseRoute]:
    """The addresses of collaboration graphs."""
    answer = Reading(partial(_answer, service, catalogue))
    return [Route(path, answer) for path in ("/collaboration", "/collaboration.{ending}")]


async def _answer(service: Service, catalogue: Catalogue, request: Request, send: Send) -> None:
    asked = asked_form(request, request.path_params.get("ending", ""))
    form, media = files.chosen(FORMS, *asked, known=FORMS)
    lang = reader_language(request)

    async def make() -> Made:
        links = link_header(_links(service, request, form.name))
        if form.name == "html":
            status, body = await page(request, service, catalogue)
            return Made(body, media, lang, status, links)
        study = await studying(request, service)
        body = await asyncio.to_thread(study.written, form.name, lang, Links.of(request, service))
        name = (
            ((b"content-disposition", f'attachment; filename="collaboration.{form.name}"'.encode()),)
            if form.download
            else ()
        )
        return Made(body, media, lang, headers=links + name)

    await keep(service, request, send, key=("collaboration", form.name, lang), make=make)


def _links(service: Service, request: Request, form: str) -> Iterator[tuple[str, str, str]]:
    """The other forms of the same."""
    given = {name: value for name, value in request.query_params.items() if name not in ("format", "output")}
    query = f"?{urlencode(given)}" if given else ""
    for name, other in FORMS.items():
        if name != form:
            address = f"{service.base(request.scope)}collaboration.{name}{query}"
            yield address, "alternate", other.media[0]
