"""What the SPARQL editor asks beside the protocol, below ``/sparql/``.

Knows addresses, forms and headers; the modules of `site` know what is answered.
"""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Send

from ctlgraph.errors import ParameterError, QueryRefusedError, QuerySyntaxError
from ctlgraph.messages import N_
from ctlgraph.web import problems
from ctlgraph.web.keeping import Made, keep
from ctlgraph.web.negotiation import reader_language
from ctlgraph.web.protocol import Question, check, read, sent_parameters
from ctlgraph.web.reading import Reading
from ctlgraph.web.service import Service
from ctlgraph.web.site import drafts
from ctlgraph.web.site.asking import remembering
from ctlgraph.web.site.completing import as_json, words
from ctlgraph.web.transfer import Presence, body, header

_NO_STORE = {"Cache-Control": "no-store", "Vary": "Accept-Language"}


def editing(service: Service) -> list[BaseRoute]:
    """The addresses that the editor asks."""
    return [
        Route("/sparql/terms", Reading(partial(_terms, service))),
        Route("/sparql/check", partial(_check, service), methods=["POST"]),
        Route("/sparql/why", partial(_why, service), methods=["POST"]),
        Route("/sparql/chart", partial(_chart, service), methods=["POST"]),
        Route("/sparql/question", partial(_file, service), methods=["POST"]),
    ]


async def _terms(service: Service, request: Request, send: Send) -> None:
    """Prefixes, classes and properties for completion, in the reader's language."""
    lang = reader_language(request)

    async def make() -> Made:
        found = await words(remembering(request, service), lang)
        return Made(as_json(found), "application/json", lang)

    await keep(service, request, send, key=("terms", lang), make=make)


async def _check(service: Service, request: Request) -> Response:
    """Whether a text is a query that may be asked here: 200 with null, or with the problem that it has."""
    asked, lang = (await _question(service, request)).request, reader_language(request)
    problem = None
    try:
        await check(service, asked, request.scope, request.receive)
    except (QuerySyntaxError, QueryRefusedError) as error:
        problem = problems.details(error, lang)
    return JSONResponse({"problem": problem}, headers={**_NO_STORE, "Content-Language": lang})


async def _why(service: Service, request: Request) -> Response:
    """Why a query has no rows, in sentences."""
    query, lang = (await _question(service, request)).request.query, reader_language(request)
    async with Presence(request.receive):
        found = await drafts.why(remembering(request, service), query, lang)
    return JSONResponse({"reasons": found}, headers={**_NO_STORE, "Content-Language": lang})


async def _chart(service: Service, request: Request) -> Response:
    """The answer drawn. Raises ChartError if it has nothing to draw."""
    query, lang = (await _question(service, request)).request.query, reader_language(request)
    async with Presence(request.receive):
        drawn = await drafts.chart(remembering(request, service), query, lang)
    return Response(drawn, headers={**_NO_STORE, "Content-Language": lang}, media_type="image/svg+xml")


async def _file(service: Service, request: Request) -> Response:
    """The query as the file of a saved one, with the title and description of a form."""
    sent = await body(request.scope, request.receive, service.settings.body_kib, service.bodies)
    given = sent_parameters(request.headers.get("content-type", "").lower(), sent)
    form = {name: values[0] for name, values in given.items()}
    said = drafts.said(form)
    async with Presence(request.receive):
        saved = await drafts.question(remembering(request, service), form.get("query", ""), said)
    headers = {**_NO_STORE, "Content-Disposition": f'attachment; filename="{saved.name}.rq"'}
    return Response(saved.text, headers=headers, media_type="application/sparql-query")


async def _question(service: Service, request: Request) -> Question:
    """The query in the body of a request. Raises what `protocol.read` raises; ParameterError for none."""
    scope, settings = request.scope, service.settings
    sent = await body(scope, request.receive, settings.body_kib, service.bodies)
    address = f"{service.base(scope)}sparql"
    question = read(address, b"", b"", header(scope, b"content-type"), sent)
    if question is None:
        raise ParameterError("query", "0", N_("exactly one query"))
    return question
