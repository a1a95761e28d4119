"""The SPARQL 1.1 Protocol for queries, at ``/sparql``: from the request to the answer in one file.

A request is read, looked up among the answers that are remembered, else evaluated by `workers`, and answered
whole; `problems` words what goes wrong. Raw ASGI, because a remembered answer takes less time than a
framework needs to find its route.
Source: https://www.w3.org/TR/sparql11-protocol/
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ctlgraph import workers
from ctlgraph.errors import CtlgraphError, ParameterError, QueryRefusedError
from ctlgraph.messages import N_
from ctlgraph.web import description, problems
from ctlgraph.web.cache import Answer, Headers
from ctlgraph.web.logs import note_query
from ctlgraph.web.negotiation import MEDIA_TYPES, formats, prefers_page
from ctlgraph.web.sending import pieces, respond
from ctlgraph.web.service import Current, Service
from ctlgraph.web.transfer import ClientLeftError, Presence, body, client, header

METHODS = ("GET", "HEAD", "OPTIONS", "POST")

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_MOST_PARAMETERS = 1000
_SMALL = 2**16  # bytes of an answer that is not counted while it leaves
_SHORT = 4096  # bytes of a request up to which it is remembered how it was read
_KEEPING = 2048  # bytes that a remembered answer takes beside its body and its query
_NAMING = 128  # bytes that the name of a graph takes beside its characters


@dataclass(frozen=True)
class Question:
    """A query, with the media type to send for each of its formats."""

    request: workers.Request
    media: tuple[str, ...]
    release: str = ""


class Sparql:
    """The ASGI application at ``/sparql``."""

    def __init__(self, service: Service, form: Callable[[Service], ASGIApp]) -> None:
        """`form` makes what a person gets who brings no query, over the release that is asked."""
        self._service = service
        self._form = form

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; whatever goes wrong on purpose is answered as a problem."""
        try:
            await self._answer(scope, receive, send)
        except (CtlgraphError, HTTPException) as error:
            await problems.response(Request(scope), error)(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        method, url_query = scope["method"], scope["query_string"]
        if method not in METHODS:
            raise HTTPException(405, headers={"Allow": ", ".join(METHODS)})
        if method == "OPTIONS":
            return await Response(None, 204, {"Allow": ", ".join(METHODS)})(scope, receive, send)
        accept, kind, sent = header(scope, b"accept"), b"", b""
        if method == "POST":
            kind = header(scope, b"content-type")
            sent = await body(scope, receive, self._service.settings.body_kib, self._service.bodies)
        short = len(url_query) + len(accept) + len(kind) + len(sent) <= _SHORT
        address = f"{self._service.base(scope)}sparql"
        if len(sent) <= _SMALL:
            question = (_read_before if short else read)(address, url_query, accept, kind, sent)
        else:  # others are answered meanwhile
            question = await asyncio.to_thread(read, address, url_query, accept, kind, sent)
        if question is None and method == "POST":
            raise ParameterError("query", "0", N_("exactly one query"))
        if method != "POST" and (question is None or prefers_page(accept.decode("latin-1"))):
            asked = _parse(url_query)
            service = await self._service.release(asked.get("release", [""])[0])
            if not _only_protocol(asked) and prefers_page(accept.decode("latin-1")):
                if question is not None:
                    await check(service, question.request, scope, receive)
                return await self._form(service)(scope, receive, send)
        if question is None:
            question = self._description(address, asked, accept, service)
        return await answer(self._service, question, scope, receive, send)

    def _description(
        self, address: str, asked: dict[str, list[str]], accept: bytes, service: Service
    ) -> Question:
        served = service.current.served
        text = description.query(address, served)
        media = _formats(asked, accept)
        return Question(workers.Request(text, tuple(media)), tuple(media.values()), served.version)


def read(address: str, url_query: bytes, accept: bytes, kind: bytes, sent: bytes) -> Question | None:
    """What a request asks; None if it carries no query.

    address: of this service, for relative IRIs. kind, sent: Content-Type and body of a POST, else b"".
    Raises ParameterError for several queries and for text that is not UTF-8; QueryRefusedError for an update;
    HTTPException 415 for a body of another kind.
    """
    try:
        parameters = _parse(url_query)
        for name, values in sent_parameters(kind.decode("latin-1").lower(), sent).items():
            parameters.setdefault(name, []).extend(values)
    except UnicodeDecodeError as error:
        raise ParameterError("query", repr(error.object[:20]), N_("text in UTF-8")) from error
    if "update" in parameters:
        raise QueryRefusedError("SPARQL Update")
    if "query" not in parameters:
        return None
    if len(parameters["query"]) > 1:
        raise ParameterError("query", str(len(parameters["query"])), N_("exactly one query"))
    media = _formats(parameters, accept)
    request = workers.Request(
        parameters["query"][0],
        tuple(media),
        default_graphs=tuple(parameters.get("default-graph-uri", ())),
        named_graphs=tuple(parameters.get("named-graph-uri", ())),
        base=address,
    )
    return Question(request, tuple(media.values()), parameters.get("release", [""])[0])


_read_before = lru_cache(1024)(read)


def sent_parameters(kind: str, sent: bytes) -> dict[str, list[str]]:
    """The parameters in a body, which may also be the query itself. kind: its Content-Type in small letters.

    Raises HTTPException 415 for a body of another kind, QueryRefusedError for an update, UnicodeDecodeError.
    """
    media, _, options = kind.partition(";")
    charset = options.partition("charset=")[2].strip(' "')
    if charset and not charset.startswith("utf-8"):
        raise HTTPException(415, "charset=utf-8")
    if media.strip() == _FORM:
        return _parse(sent)
    if media.strip() == _QUERY:
        return {"query": [sent.decode()]}
    if media.strip() == _UPDATE:
        raise QueryRefusedError("SPARQL Update")
    if media or sent:
        raise HTTPException(415, f"{_FORM}, {_QUERY}")
    return {}


def _parse(text: bytes) -> dict[str, list[str]]:
    if text.count(b"&") >= _MOST_PARAMETERS:
        raise ParameterError("&", str(text.count(b"&")), N_("fewer parameters"))
    return parse_qs(text.decode(), keep_blank_values=True, errors="strict")


def _formats(parameters: dict[str, list[str]], accept: bytes) -> dict[str, str]:
    return formats(_named(parameters), accept.decode("latin-1"))


def _named(parameters: dict[str, list[str]]) -> list[str]:
    """The formats that are asked for by name."""
    return [name for name in (*parameters.get("format", ()), *parameters.get("output", ())) if name]


def _only_protocol(parameters: dict[str, list[str]]) -> bool:
    """Whether a page cannot say what is asked: a format by name, or over which graphs."""
    return bool(_named(parameters) or parameters.keys() & {"default-graph-uri", "named-graph-uri"})


async def check(service: Service, request: workers.Request, scope: Scope, receive: Receive) -> None:
    """Raise what is wrong with a query, without asking it: that it is no SPARQL, or is refused."""
    asked = replace(request, formats=("json",), check=True)
    async with Presence(receive):
        with await service.current.workers.answer(asked, client=client(scope)):
            pass


async def answer(service: Service, question: Question, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a question from the remembered answers, else by evaluating it.

    Raises HTTPException 404 for a release that is not there, 406 if the reader takes no format of
    this kind of answer; what `Workers.answer` raises; ClientLeftError.
    """
    service = await service.release(question.release)
    current = service.current
    found = current.cache.get(question)
    if found is not None:
        many = len(found.body) > _SMALL
        with service.answers.holding(client(scope), len(found.body)) if many else nullcontext():
            return await respond(scope, send, found.headers, found.etag, pieces(found.body))
    with await _evaluated(service, current, question, scope, receive) as reply:
        media = question.media[question.request.formats.index(reply.format)]
        etag = b"" if reply.volatile else await _etag(reply, current.served.version, media)
        headers = _headers(media, reply.size, etag)
        size = reply.size + _size(question.request)
        if etag and current.cache.fits(size):
            current.cache.put(question, Answer(headers, etag, reply.read(), size))
        if reply.body is not None:
            return await respond(scope, send, headers, etag, (reply.body,))
        with service.answers.holding(client(scope), reply.size):
            return await respond(scope, send, headers, etag, reply.chunks())


async def _evaluated(
    service: Service, current: Current, question: Question, scope: Scope, receive: Receive
) -> workers.Reply:
    """The reply of the query processes, with its line in the log and its place in the figures."""
    id, started, outcome, size = scope["state"]["id"], time.perf_counter(), "failed", 0
    try:
        async with Presence(receive):
            reply = await current.workers.answer(question.request, id=id, client=client(scope))
        outcome, size = "answered", reply.size
    except ParameterError as error:  # no format that the reader takes can hold this kind of answer
        outcome = "http-406"
        names = str(error.expected).split(", ")
        raise HTTPException(406, ", ".join(MEDIA_TYPES[name][0] for name in names)) from error
    except CtlgraphError as error:
        outcome = problems.problem_of(error).slug
        raise
    except ClientLeftError:
        outcome = "client-left"
        raise
    finally:
        seconds = time.perf_counter() - started
        service.metrics.count(outcome, seconds, size)
        query = question.request.query if service.settings.log_queries else ""
        note_query(id=id, outcome=outcome, seconds=seconds, size=size, query=query)
    return reply


def _size(request: workers.Request) -> int:
    """The bytes, at most, that remembering a request takes: a client may name a graph many times."""
    names = (*request.default_graphs, *request.named_graphs)
    characters = len(request.query) + sum(map(len, names))
    return 4 * characters + _NAMING * len(names) + _KEEPING


def _headers(media: str, size: int, etag: bytes) -> Headers:
    """The headers of an answer; the first two are of its body, which a 304 does not have."""
    media = f"{media}; charset=utf-8" if media.startswith("text/") else media
    about_body = (b"content-type", media.encode()), (b"content-length", b"%d" % size)
    if not etag:
        return (*about_body, (b"vary", b"Accept"), (b"cache-control", b"no-store"))
    kept = (b"etag", etag), (b"cache-control", b"public, max-age=60"), (b"accept-ranges", b"bytes")
    return (*about_body, (b"vary", b"Accept"), *kept)


async def _etag(reply: workers.Reply, *parts: str) -> bytes:
    """A strong entity tag: a hash of these parts and of the bytes; of many bytes in a thread."""
    total = hashlib.blake2b("\n".join(parts).encode(), digest_size=16)

    def add() -> None:
        for chunk in reply.chunks():
            total.update(chunk)

    if reply.body is None:
        await asyncio.to_thread(add)
    else:
        add()
    return b'"%b"' % total.hexdigest().encode()
