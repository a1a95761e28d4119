"""What arrives: headers, a body within its bounds, and the news that the client has left.

Knows ASGI and the bounds; nothing of SPARQL.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope

from ctlgraph.web.budget import Budget

BODY_S = 10.0  # seconds in which a body has to arrive
WATCH_S = 0.02

_CLOSE = {"Connection": "close"}  # the rest of a body that is not read is not waited for


class ClientLeftError(Exception):
    """The client closed its connection: there is nobody to answer."""


def header(scope: Scope, name: bytes) -> bytes:
    """The values of a header, joined as RFC 9110, section 5.3 says; b"" if there is none."""
    return b", ".join([value for key, value in scope["headers"] if key == name])


def client(scope: Scope) -> str:
    """Whose request this is: the address of the peer, or what a trusted proxy says it is."""
    peer = scope.get("client")
    return str(peer[0]) if peer else ""


async def body(scope: Scope, receive: Receive, most_kib: int, bodies: Budget) -> bytes:
    """The whole body of a request, which counts among the bodies while it arrives.

    Raises HTTPException 413 if it is longer than `most_kib` KiB, 415 if it is compressed, 408 if it takes
    longer than BODY_S seconds; QueryBusyError if too much arrives at once; ClientLeftError.
    """
    too_long = HTTPException(413, f"{most_kib} KiB", _CLOSE)
    if header(scope, b"content-encoding") not in (b"", b"identity"):
        raise HTTPException(415, "Content-Encoding: identity", _CLOSE)
    length = int(header(scope, b"content-length") or most_kib * 1024)
    if length > most_kib * 1024:
        raise too_long
    read = bytearray()
    try:
        with bodies.holding(client(scope), length):
            async with asyncio.timeout(BODY_S):
                async for part in _parts(receive):
                    read += part
                    if len(read) > most_kib * 1024:
                        raise too_long
    except TimeoutError:
        raise HTTPException(408, headers=_CLOSE) from None
    return bytes(read)


async def _parts(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeftError
        yield message["body"]
        more = message["more_body"]


class Presence:
    """Cancels what is inside its ``async with`` when the client closes its connection: ClientLeftError.

    The connection is watched from WATCH_S on, because most queries have been answered by then.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._left = False
        self._watch: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        """Begin."""
        loop = asyncio.get_running_loop()
        self._inside = cast("asyncio.Task[Any]", asyncio.current_task())
        self._timer = loop.call_later(WATCH_S, self._begin)

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Watch no more."""
        self._timer.cancel()
        if self._watch is not None:
            self._watch.cancel()
        if self._left and kind is asyncio.CancelledError:
            self._inside.uncancel()
            raise ClientLeftError from None

    def _begin(self) -> None:
        self._watch = asyncio.create_task(self._until_left())

    async def _until_left(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._left = True
        self._inside.cancel()
