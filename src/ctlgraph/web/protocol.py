"""The SPARQL 1.1 Protocol for queries, at ``/sparql``.

Knows how a query arrives and how an answer leaves; `workers` runs it, `problems` words what goes wrong.
Source: https://www.w3.org/TR/sparql11-protocol/
"""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ctlgraph import workers
from ctlgraph.errors import ParameterError, QueryRefusedError
from ctlgraph.messages import N_
from ctlgraph.web.negotiation import formats

METHODS = ("GET", "POST", "OPTIONS")

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"


async def sparql(request: Request) -> Response:
    """Answer the one query that a request carries, whole, in the format that its reader prefers."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": "GET, HEAD, OPTIONS, POST"})
    parameters = await _parameters(request)
    if "update" in parameters:
        raise QueryRefusedError("SPARQL Update")
    queries = parameters.get("query", [])
    if len(queries) != 1:
        raise ParameterError("query", str(len(queries)), N_("exactly one query"))
    taken = formats(request)
    query = workers.Request(
        queries[0],
        formats=tuple(taken),
        default_graphs=tuple(parameters.get("default-graph-uri", ())),
        named_graphs=tuple(parameters.get("named-graph-uri", ())),
    )
    try:
        reply = await request.app.state.workers.answer(query)
    except ParameterError as error:  # no format that the reader takes can hold this kind of answer
        raise HTTPException(406, error.expected) from error
    return Response(reply.body, media_type=taken[reply.format], headers={"Vary": "Accept, Accept-Language"})


async def _parameters(request: Request) -> dict[str, list[str]]:
    """The parameters of the URL and of the body, which may also be the query itself."""
    try:
        parameters = _parse(request.url.query)
        if request.method == "POST":
            body = (await request.body()).decode()
            content = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if content == _FORM:
                for name, values in _parse(body).items():
                    parameters.setdefault(name, []).extend(values)
            elif content == _QUERY:
                parameters.setdefault("query", []).append(body)
            elif content == _UPDATE:
                raise QueryRefusedError("SPARQL Update")
            else:
                raise HTTPException(415, f"{_FORM}, {_QUERY}")
    except UnicodeDecodeError as error:
        raise ParameterError("query", repr(error.object[:20]), N_("text in UTF-8")) from error
    return parameters


def _parse(text: str) -> dict[str, list[str]]:
    return parse_qs(text, keep_blank_values=True, errors="strict")
