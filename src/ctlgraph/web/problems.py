"""Errors as RFC 9457 problem details, in the reader's language: one table from errors to status.

Each kind of problem has a stable type, an IRI under ``problem/``. Knows nothing of how an error came about.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ctlgraph.errors import (
    CtlgraphError,
    ParameterError,
    QueryError,
    QueryLimitError,
    QueryRefusedError,
    QuerySyntaxError,
    UnknownQueryError,
)
from ctlgraph.messages import N_, translate
from ctlgraph.vocabulary import BASE
from ctlgraph.web.negotiation import reader_language


@dataclass(frozen=True)
class Problem:
    """A kind of problem: the last part of its type's IRI, its status and its title."""

    slug: str
    status: int
    title: str


ERRORS = {
    QuerySyntaxError: Problem("query-syntax", 400, N_("The query is not valid SPARQL")),
    QueryRefusedError: Problem("query-refused", 403, N_("The operation is not allowed")),
    QueryLimitError: Problem("query-limit", 503, N_("The query went over a limit")),
    ParameterError: Problem("parameter", 400, N_("A parameter is not as expected")),
    UnknownQueryError: Problem("unknown-query", 404, N_("There is no such query")),
    QueryError: Problem("query", 400, N_("The query cannot be answered")),
    CtlgraphError: Problem("internal", 500, N_("The service failed")),
}
_DEPTH = Problem("query-depth", 400, N_("The query is nested too deeply"))
_HTTP = {
    404: (N_("There is no such page"), N_("nothing is at this address: start from /")),
    405: (N_("The method is not allowed here"), N_("use one of the methods in the Allow header")),
    406: (
        N_("No format fits"),
        N_("none of the accepted formats can hold the answer: ask for one of {offers}"),
    ),
    415: (N_("The body is of a kind that is not read here"), N_("send the query as one of {offers}")),
    500: (N_("The service failed"), N_("the error is ours and is in the log: try another query")),
}


def register(app: FastAPI) -> None:
    """Make every error of the application a problem."""

    @app.exception_handler(CtlgraphError)
    async def own(request: Request, error: CtlgraphError) -> Response:
        return _response(request, problem_of(error), error.text(reader_language(request)), error.facts)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        return _http(request, error)

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> Response:
        return _http(request, HTTPException(500))


def problem_of(error: CtlgraphError) -> Problem:
    """The kind of an error: of its own class, else of the nearest class above it."""
    if isinstance(error, QueryLimitError) and error.limit == "depth":
        return _DEPTH
    return next(ERRORS[kind] for kind in type(error).__mro__ if kind in ERRORS)


def _http(request: Request, error: HTTPException) -> Response:
    title, detail = _HTTP.get(error.status_code, (error.detail, error.detail))
    problem = Problem(f"http-{error.status_code}", error.status_code, title)
    detail = translate(detail, reader_language(request), offers=error.detail)
    response = _response(request, problem, detail, {})
    response.headers.update(error.headers or {})
    return response


def _response(request: Request, problem: Problem, detail: str, facts: dict[str, object]) -> Response:
    lang = reader_language(request)
    body = facts | {
        "type": f"{BASE}problem/{problem.slug}",
        "title": translate(problem.title, lang),
        "status": problem.status,
        "detail": detail,
    }
    headers = {"Content-Language": lang, "Vary": "Accept, Accept-Language"}
    return JSONResponse(
        body, problem.status, media_type="application/problem+json; charset=utf-8", headers=headers
    )
