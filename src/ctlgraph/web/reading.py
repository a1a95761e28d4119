"""What addresses that are only read have in common: their methods, and how a form is asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

Answer = Callable[[Request, Send], Awaitable[None]]


class Reading:
    """The ASGI application of an address that is only read. Raises HTTPException 405."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer GET and HEAD."""
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        await self._answer(Request(scope, receive), send)


def asked_form(request: Request, ending: str) -> tuple[str, list[str], str]:
    """What a request says of the form it wants: the ending of its address, `format` and `output`, Accept."""
    given = request.query_params
    return ending, [*given.getlist("format"), *given.getlist("output")], request.headers.get("accept", "")
