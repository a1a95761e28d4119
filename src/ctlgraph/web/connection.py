"""One connection: uvicorn's own protocol, with bounds on what httptools leaves unbounded.

There are MOST connections, MOST_OF_ONE with one address; a header has HEADER_BYTES and HEADER_S to arrive;
MOST_AHEAD requests may wait for the answer before theirs; a reader that takes nothing for READ_S is cut off.
"""

from __future__ import annotations

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from ctlgraph.web import problems
from ctlgraph.web.guard import safety

MOST = 2048  # connections
MOST_OF_ONE = 1024
MOST_AHEAD = 32  # requests of one connection
HEADER_BYTES = 2**16
HEADER_S = 10.0
READ_S = 20.0

_AT_ONCE = 2**18  # bytes that uvloop receives at once
_CLOSE = {"Connection": "close"}


class Connection(HttpToolsProtocol):
    """Refuses what is too much (503), too long (431), too slow (408) or no HTTP (400)."""

    _arriving = False  # a header has begun and has not ended
    _arrived = 0  # bytes of that header, and what came together with its first ones
    _latest = 0  # bytes that came last
    _header_timer: asyncio.TimerHandle | None = None
    _reader_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a header from now on."""
        super().connection_made(transport)
        if len(self.connections) > MOST_OF_ONE and self._too_many():
            return self._refuse(503)
        self._header_timer = self.loop.call_later(HEADER_S, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget what was being waited for."""
        for timer in (self._header_timer, self._reader_timer):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in what has arrived; if a header is still not whole, see how long it is by now."""
        self._latest = len(data)
        if self._arriving:
            self._arrived += len(data)
        super().data_received(data)
        if self._arriving and self._arrived > HEADER_BYTES + _AT_ONCE:
            self._refuse(431)
        elif self._header_timer is None and (self._arriving or self._idle):
            self._header_timer = self.loop.call_later(HEADER_S, self._give_up)

    def on_message_begin(self) -> None:
        """Begin to count. Raises OverflowError, which ends the connection, if too many requests wait."""
        if len(self.pipeline) >= MOST_AHEAD:
            raise OverflowError
        super().on_message_begin()
        self._arriving, self._arrived = True, self._latest

    def on_headers_complete(self) -> None:
        """Pass the request on, unless its header is too long."""
        self._arriving = False
        if self._header_timer is not None:
            self._header_timer.cancel()
            self._header_timer = None
        if self._arrived > HEADER_BYTES:
            size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
            if size > HEADER_BYTES:
                self.app = _too_long
        super().on_headers_complete()

    def pause_writing(self) -> None:
        """Wait for the reader."""
        super().pause_writing()
        self._reader_timer = self.loop.call_later(READ_S, self.transport.abort)

    def resume_writing(self) -> None:
        """The reader has taken something."""
        if self._reader_timer is not None:
            self._reader_timer.cancel()
            self._reader_timer = None
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP, or is too long for the parser."""
        self._refuse(431 if self._arrived > HEADER_BYTES else 400)

    def _unsupported_upgrade_warning(self) -> None:
        """Leave out two lines of the log: a request to upgrade is answered like any other."""

    @property
    def _idle(self) -> bool:
        """Whether nothing has been asked, but for empty lines, since the last answer."""
        return self.cycle is None or self.cycle.response_complete

    def _too_many(self) -> bool:
        clients = [getattr(each, "client", None) for each in self.connections]
        theirs = [client for client in clients if client and self.client and client[0] == self.client[0]]
        return len(theirs) > MOST_OF_ONE or len(clients) > MOST

    def _give_up(self) -> None:
        if self._arriving:
            self._refuse(408)
        else:
            self.transport.close()

    def _refuse(self, status: int) -> None:
        """Answer a request that is not whole, unless an answer has begun already; then close."""
        if self.transport.is_closing():
            return
        if self._idle or not (self.pipeline or self.cycle.response_started):
            answer = _problem({"type": "http", "headers": self.headers or [], "query_string": b""}, status)
            lines = [b"%b: %b\r\n" % header for header in answer.raw_headers]
            self.transport.write(b"".join([STATUS_LINE[status], *lines, b"\r\n", bytes(answer.body)]))
        self.transport.close()


async def _too_long(scope: Scope, receive: Receive, send: Send) -> None:
    await _problem(scope, 431)(scope, receive, send)


def _problem(scope: Scope, status: int) -> Response:
    answer = problems.response(Request(scope), HTTPException(status, headers=_CLOSE))
    answer.raw_headers.extend(safety())
    return answer
