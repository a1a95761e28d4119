"""What the SPARQL editor asks beside the protocol, below ``/sparql/``.

Knows addresses, forms and headers; the modules of `site` know what is answered.
"""

from __future__ import annotations

from dataclasses import replace
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
from ctlgraph.web.protocol import Question, read
from ctlgraph.web.reading import Reading
from ctlgraph.web.service import Service
from ctlgraph.web.site.asking import remembering
from ctlgraph.web.site.completing import as_json, words
from ctlgraph.web.transfer import Presence, body, client, header

_NO_STORE = {"Cache-Control": "no-store", "Vary": "Accept-Language"}


def editing(service: Service) -> list[BaseRoute]:
    """The addresses that the editor asks."""
    return [
        Route("/sparql/terms", Reading(partial(_terms, service))),
        Route("/sparql/check", partial(_check, service), methods=["POST"]),
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
    asked = replace((await _question(service, request)).request, formats=("json",), check=True)
    lang = reader_language(request)
    problem = None
    try:
        async with Presence(request.receive):
            with await service.current.workers.answer(asked, client=client(request.scope)):
                pass
    except (QuerySyntaxError, QueryRefusedError) as error:
        problem = problems.details(error, lang)
    return JSONResponse({"problem": problem}, headers={**_NO_STORE, "Content-Language": lang})


async def _question(service: Service, request: Request) -> Question:
    """The query in the body of a request. Raises what `protocol.read` raises; ParameterError for none."""
    scope, settings = request.scope, service.settings
    sent = await body(scope, request.receive, settings.body_kib, service.bodies)
    address = f"{service.base(scope)}sparql"
    question = read(address, b"", b"", header(scope, b"content-type"), sent)
    if question is None:
        raise ParameterError("query", "0", N_("exactly one query"))
    return question
