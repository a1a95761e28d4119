"""What every request passes before anything else sees it, and every answer on its way out.

The Host has to be ours, each request has an identifier, each answer the same safety headers; an error that
nobody expected is logged and told without its details.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ctlgraph.web import problems
from ctlgraph.web.logs import log
from ctlgraph.web.service import Service
from ctlgraph.web.transfer import ClientLeftError

_Headers = tuple[tuple[bytes, bytes], ...]

_CSP = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    b"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_SAFETY: _Headers = (
    (b"content-security-policy", _CSP),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
_OPEN: _Headers = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Link, X-Request-Id"),
)
_PREFLIGHT: _Headers = (
    (b"access-control-allow-methods", b"GET, HEAD, POST"),
    (b"access-control-allow-headers", b"Accept, Accept-Language, Content-Type, If-None-Match, X-Request-Id"),
    (b"access-control-max-age", b"86400"),
)
_NOT_VALIDATED: _Headers = ((b"x-ctlgraph-validated", b"false"),)
_READS = ("GET", "HEAD", "OPTIONS")
_OPERATIONS = ("/sparql/running", "/sparql/update")  # no page of another site has any business there

_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{8,64}")
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?")


def safety(id: str = "") -> _Headers:
    """What every answer carries: the identifier of its request, a new one if it has none, and safety."""
    return ((b"x-request-id", (id or secrets.token_urlsafe(12)).encode()), *_SAFETY)


class Guard:
    """The outermost ASGI application."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service
        address = urlsplit(service.settings.base_url or "").hostname or ""
        names = (*service.settings.allowed_hosts, service.settings.host, address)
        self._names = {name.strip("[]").lower() for name in names}
        self._ours = lru_cache(64)(self._is_ours)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; 400 if its Host is not ours, 500 if an error was not expected."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        hosts, ids = _values(scope)
        scope["state"]["id"] = self._identifier(ids)
        headers = self._headers(scope)
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._service.metrics.requests[message["status"]] += 1
                message["headers"] = (*message["headers"], *headers)
            await send(message)

        try:
            if not self._ours(hosts):
                raise HTTPException(400, headers={"Connection": "close"})
            return await self._app(scope, receive, send_guarded)
        except ClientLeftError:
            return None
        except HTTPException as error:
            answer = problems.response(Request(scope), error)
        except Exception as error:  # noqa: BLE001  # the last resort: it is in the log
            log.exception("unexpected error", extra={"facts": {"id": scope["state"]["id"]}})
            answer = problems.response(Request(scope), error)
        return None if started else await answer(scope, receive, send_guarded)

    def _identifier(self, asked: Sequence[bytes]) -> str:
        """The identifier that the client gave, if it is one that no query has yet; else a new one."""
        id = asked[0].decode("latin-1") if len(asked) == 1 else ""
        if _IDENTIFIER.fullmatch(id) and not any(each.knows(id) for each in self._service.workers):
            return id
        return secrets.token_urlsafe(12)

    def _headers(self, scope: Scope) -> _Headers:
        """What this answer carries; other sites may read what anyone may read."""
        headers = safety(scope["state"]["id"])
        if not self._service.current.served.validated:
            headers += _NOT_VALIDATED
        method, path = scope["method"], scope["path"]
        reads = method in _READS or (method == "POST" and path == "/sparql")
        if reads and not path.startswith(_OPERATIONS):
            headers += _OPEN
            if method == "OPTIONS":
                headers += _PREFLIGHT
        return headers

    def _is_ours(self, hosts: tuple[bytes, ...]) -> bool:
        found = _HOST.fullmatch(hosts[0].decode("latin-1").lower()) if len(hosts) == 1 else None
        return found is not None and found["name"].strip("[]") in self._names


def _values(scope: Scope) -> tuple[tuple[bytes, ...], Sequence[bytes]]:
    """What the request says of its Host and of its identifier."""
    hosts: tuple[bytes, ...] = ()
    ids: tuple[bytes, ...] = ()
    for name, value in scope["headers"]:
        if name == b"host":
            hosts += (value,)
        elif name == b"x-request-id":
            ids += (value,)
    return hosts, ids
