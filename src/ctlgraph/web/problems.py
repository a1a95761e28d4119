"""Errors as RFC 9457 problem details, in the reader's language: one table from errors to status.

Each kind of problem has a stable type, an IRI under ``problem/``. Knows nothing of how an error came about.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ctlgraph.errors import (
    ChartError,
    CollaborationError,
    CtlgraphError,
    GoneError,
    ParameterError,
    QueryBusyError,
    QueryCancelledError,
    QueryError,
    QueryLimitError,
    QueryRefusedError,
    QuerySyntaxError,
    UnknownIriError,
    UnknownQueryError,
)
from ctlgraph.messages import N_, Text, translate
from ctlgraph.vocabulary import BASE
from ctlgraph.web.negotiation import reader_language

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Problem:
    """A kind of problem: the last part of its type's IRI, its status and its title."""

    slug: str
    status: int
    title: str


ERRORS = {
    QuerySyntaxError: Problem("query-syntax", 400, N_("The query is not valid SPARQL")),
    QueryRefusedError: Problem("query-refused", 403, N_("The operation is not allowed")),
    QueryBusyError: Problem("query-busy", 503, N_("There is too much to do at the moment")),
    QueryLimitError: Problem("query-limit", 503, N_("The query went over a limit")),
    QueryCancelledError: Problem("query-cancelled", 503, N_("The query was cancelled")),
    ParameterError: Problem("parameter", 400, N_("A parameter is not as expected")),
    UnknownQueryError: Problem("unknown-query", 404, N_("There is no such query")),
    UnknownIriError: Problem("unknown-iri", 404, N_("The graph says nothing of this")),
    GoneError: Problem("gone", 410, N_("This has been withdrawn")),
    ChartError: Problem("chart", 404, N_("There is no chart of this answer")),
    CollaborationError: Problem("collaboration", 400, N_("There is no such collaboration graph")),
    QueryError: Problem("query", 400, N_("The query cannot be answered")),
    CtlgraphError: Problem("internal", 500, N_("The service failed")),
}
_DEPTH = Problem("query-depth", 400, N_("The query is nested too deeply"))
_CLIENT = Problem("client-busy", 429, N_("Too many queries of one client at once"))
_HTTP = {
    400: (N_("This is not a request to this service"), N_("the request is damaged, or its Host is not ours")),
    403: (N_("The operation is not allowed"), N_("this can only be read, or only from the machine itself")),
    404: (N_("There is no such page"), N_("nothing is at this address: start from /")),
    405: (N_("The method is not allowed here"), N_("use one of the methods in the Allow header")),
    406: (
        N_("No format fits"),
        N_("none of the accepted formats can hold the answer: ask for one of {offers}"),
    ),
    408: (N_("The request took too long to arrive"), N_("send it at once, or over a better line")),
    413: (N_("The body is too long"), N_("send at most {offers}")),
    415: (N_("The body is of a kind that is not read here"), N_("send the query as one of {offers}")),
    416: (N_("There is no such part"), N_("ask for bytes that the answer has, or for all of it")),
    431: (N_("The header is too long"), N_("send a long query by POST, in the body")),
    500: (N_("The service failed"), N_("the error is ours and is in the log: try another query")),
    503: (N_("The service is not ready"), N_("it is starting or stopping: ask again soon")),
}
_OURS = {  # by the detail of an HTTPException
    "graph": (
        Problem("http-404", 404, N_("There is no such graph")),
        N_("the data has no graph of this name: /graphs?default has the data of all"),
    ),
    "query": (
        Problem("http-404", 404, N_("There is no such query")),
        N_("none of this identifier runs: it is the X-Request-Id of the request that asked it"),
    ),
    "catalog": (
        Problem("http-404", 404, N_("There is no catalogue")),
        N_("what is served is no release: /.well-known/void counts what it holds"),
    ),
    "release": (
        Problem("http-404", 404, N_("There is no such release")),
        N_("there is none of this version: /releases lists those that there are"),
    ),
    "writing": (
        Problem("query-refused", 403, N_("The operation is not allowed")),
        N_("nothing is written here: read with GET"),
    ),
}


def kinds() -> dict[str, Problem]:
    """Every kind of problem by the last part of its type's IRI."""
    of_status = (Problem(f"http-{status}", status, texts[0]) for status, texts in _HTTP.items())
    return {problem.slug: problem for problem in (*ERRORS.values(), _DEPTH, _CLIENT, *of_status)}


def problem_of(error: Exception) -> Problem:
    """The kind of an error: of its own class, else of the nearest class above it."""
    if isinstance(error, HTTPException) and error.detail in _OURS:
        return _OURS[error.detail][0]
    if isinstance(error, HTTPException) and error.status_code in _HTTP:
        return Problem(f"http-{error.status_code}", error.status_code, _HTTP[error.status_code][0])
    if isinstance(error, QueryLimitError) and error.limit == "depth":
        return _DEPTH
    if isinstance(error, QueryBusyError) and error.limit == "client_queries":
        return _CLIENT
    return next((ERRORS[kind] for kind in type(error).__mro__ if kind in ERRORS), ERRORS[CtlgraphError])


def response(request: Request, error: Exception) -> Response:
    """The problem of an error, for the reader of this request; what is not ours is our failure."""
    lang = reader_language(request)
    body = details(error, lang)
    headers = {"Cache-Control": "no-store", "Content-Language": lang, "Vary": "Accept, Accept-Language"}
    if isinstance(error, QueryBusyError):
        headers["Retry-After"] = str(error.retry_s)
    if not isinstance(error, CtlgraphError):
        headers |= getattr(error, "headers", None) or {}
    return JSONResponse(body, problem_of(error).status, headers, f"{MEDIA_TYPE}; charset=utf-8")


def details(error: Exception, lang: str) -> dict[str, object]:
    """What is wrong, as RFC 9457 has it; what is not ours is our failure."""
    problem = problem_of(error)
    facts: dict[str, object] = {}
    if isinstance(error, CtlgraphError):
        facts, detail = _facts(error, lang), error.text(lang)
    else:
        status, offers = getattr(error, "status_code", 500), getattr(error, "detail", "")
        text = _OURS[offers][1] if offers in _OURS else _HTTP.get(status, _HTTP[500])[1]
        detail = translate(text, lang, offers=offers)
    return facts | {
        "type": f"{BASE}problem/{problem.slug}",
        "title": translate(problem.title, lang),
        "status": problem.status,
        "detail": detail,
    }


def _facts(error: CtlgraphError, lang: str) -> dict[str, object]:
    """The facts of an error as JSON has them; those that are texts in the reader's language."""
    facts: dict[str, object] = {}
    for name, fact in error.facts.items():
        worded = translate(fact, lang) if isinstance(fact, Text) else fact
        facts[name] = fact.text(lang) if isinstance(fact, CtlgraphError) else worded
    if isinstance(error, ParameterError):
        facts = {"parameter": error.name, **facts, "nearest": list(error.nearest)}
    if isinstance(error, UnknownIriError):
        facts["nearest"] = list(error.nearest)
    if isinstance(error, GoneError):
        facts["replaced"] = list(error.replaced)
    return facts
