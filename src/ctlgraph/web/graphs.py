"""The Graph Store Protocol for reading: ``/graphs?graph=IRI``, ``/graphs?default``, graphs by their address.

A graph is the answer of a query whose default graph it is, so that it has the same limits, formats and entity
tags. Writing comes later; until then it is refused.
Source: https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ctlgraph import workers
from ctlgraph.errors import ParameterError, QueryRefusedError
from ctlgraph.messages import N_
from ctlgraph.vocabulary import BASE
from ctlgraph.web.negotiation import formats
from ctlgraph.web.protocol import Question, answer
from ctlgraph.web.service import Service
from ctlgraph.web.transfer import header

READING = ("GET", "HEAD", "OPTIONS")
WRITING = ("DELETE", "PATCH", "POST", "PUT")

_BEYOND_ASCII = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


class Graphs:
    """The ASGI application at ``/graphs`` and ``/graph/…``."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send one graph. Raises HTTPException 404 if there is none of this name, 403 for writing."""
        method = scope["method"]
        if method in WRITING:
            raise HTTPException(403, "writing")
        if method not in READING:
            raise HTTPException(405, headers={"Allow": ", ".join(READING)})
        if method == "OPTIONS":
            return await Response(None, 204, {"Allow": ", ".join(READING)})(scope, receive, send)
        request = Request(scope)
        asked = [*request.query_params.getlist("format"), *request.query_params.getlist("output")]
        media = formats(asked, header(scope, b"accept").decode("latin-1"))
        asks = workers.Request(_ALL, tuple(media), default_graphs=self._named(request))
        try:
            return await answer(self._service, Question(asks, tuple(media.values())), scope, receive, send)
        except QueryRefusedError:  # our query can only be refused for naming a graph that is not there
            raise HTTPException(404, "graph") from None

    def _named(self, request: Request) -> tuple[str, ...]:
        """The graph that a request names; () for the default graph."""
        path = _path(request.scope)
        if path.startswith("/graph/"):
            return (f"{BASE}{path[1:]}",)
        if path.startswith("/graphs/"):
            return (f"{self._service.base(request.scope)}{path[1:]}",)
        names = request.query_params.getlist("graph")
        if len(names) + ("default" in request.query_params) != 1:
            raise ParameterError("graph", ", ".join(names), N_("the IRI of one graph, or ?default"))
        return tuple(names)


def _path(scope: Scope) -> str:
    """The path as an IRI has it: what is escaped stays so, but for letters that are not ASCII.

    Source: RFC 3987, section 3.2
    """
    return _BEYOND_ASCII.sub(lambda found: unquote(found[0]), scope["raw_path"].decode("ascii"))
