"""Problems as pages: what went wrong, told to a reader with a browser, with a way on.

Knows problem documents and nothing of how they came about: whatever sends one, a browser gets a page.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ctlgraph.web import problems
from ctlgraph.web.negotiation import prefers_page
from ctlgraph.web.service import Service
from ctlgraph.web.site import pages
from ctlgraph.web.transfer import header


class ErrorPages:
    """Passes everything on, but for problem documents to readers that prefer a page."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; a problem as a page with the same status and headers."""
        accept = header(scope, b"accept")
        if b"html" not in accept or not prefers_page(accept.decode("latin-1")):
            return await self._app(scope, receive, send)
        held: list[Message] = []
        body = bytearray()

        async def sift(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_problem(message):
                held.append(message)
            elif held:
                body.extend(message.get("body", b""))
                if not message.get("more_body"):
                    await self._send(Request(scope), held[0], json.loads(body), send)
            else:
                await send(message)

        return await self._app(scope, receive, sift)

    async def _send(self, request: Request, start: Message, problem: dict[str, Any], send: Send) -> None:
        headers = MutableHeaders(scope=start)
        page = await pages.error(request, self._service, problem, headers.get("retry-after", ""))
        headers["content-type"], headers["content-length"] = "text/html; charset=utf-8", str(len(page))
        await send(start)
        await send({"type": "http.response.body", "body": page})


def _is_problem(message: Message) -> bool:
    return Headers(raw=message["headers"]).get("content-type", "").startswith(problems.MEDIA_TYPE)
