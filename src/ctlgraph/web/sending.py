"""How an answer leaves: whole, in part, or not at all because the reader has it.

Knows HTTP's conditional and range requests (RFC 9110, sections 13 and 14); nothing of SPARQL.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from starlette.exceptions import HTTPException
from starlette.types import Message, Scope, Send

from ctlgraph.web.cache import Headers
from ctlgraph.web.transfer import header

CHUNK = 2**18  # bytes

_CONDITIONS = (b"if-none-match", b"if-range", b"range")
_RANGE = re.compile(rb"bytes=(\d{0,18})-(\d{0,18})")


async def respond(scope: Scope, send: Send, headers: Headers, etag: bytes, chunks: Iterable[bytes]) -> None:
    """Send an answer in chunks, each when the one before has left; of HEAD the headers alone.

    headers: the first two are Content-Type and Content-Length. With an entity tag the reader may ask for the
    answer only if it has changed, or for a part of it. Raises HTTPException 416 for a part that is not there.
    """
    status = 200
    reads = etag and scope["method"] in ("GET", "HEAD")
    asked = {name: value for name in _CONDITIONS if reads and (value := header(scope, name))}
    if unchanged(etag, asked.get(b"if-none-match", b"")):
        status, headers, chunks = 304, headers[2:], ()
    elif b"range" in asked and scope["method"] == "GET" and asked.get(b"if-range", etag) == etag:
        part = requested(asked[b"range"], int(headers[1][1]))
        if part:
            status, headers, chunks = 206, _of_part(headers, part), _cut(chunks, part)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    if scope["method"] == "HEAD":
        chunks = ()
    last = b""
    for chunk in chunks:
        if last:
            await send({"type": "http.response.body", "body": last, "more_body": True})
        last = chunk
    await send({"type": "http.response.body", "body": last})


def with_headers(send: Send, headers: Headers) -> Send:
    """Send with more headers."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = (*message["headers"], *headers)
        await send(message)

    return sent


def pieces(body: bytes) -> Iterable[bytes]:
    """The body in chunks."""
    if len(body) <= CHUNK:
        return (body,)
    return (body[start : start + CHUNK] for start in range(0, len(body), CHUNK))


def unchanged(etag: bytes, if_none_match: bytes) -> bool:
    """Whether If-None-Match names this entity tag, so that the reader has the answer already.

    The comparison is weak, ``*`` means any. Source: RFC 9110, section 13.1.2.

    >>> unchanged(b'"a"', b'W/"b", W/"a"'), unchanged(b'"a"', b"*"), unchanged(b'"a"', b'"b"')
    (True, True, False)
    """
    tags = (tag.strip().removeprefix(b"W/") for tag in if_none_match.split(b","))
    return bool(if_none_match) and any(tag in (etag, b"*") for tag in tags)


def requested(asked: bytes, size: int) -> range | None:
    """The positions that a Range header asks for; None if all are sent, as for several ranges at once.

    Raises HTTPException 416 if none of them is there. Source: RFC 9110, section 14.1.2.

    >>> requested(b"bytes=2-", 9), requested(b"bytes=-2", 9), requested(b"bytes=0-99", 9)
    (range(2, 9), range(7, 9), range(0, 9))
    """
    found = _RANGE.fullmatch(asked)
    if found is None or found[0] == b"bytes=-":
        return None
    first, last = found.groups()
    part = range(int(first or max(size - int(last), 0)), min(int(last) + 1, size) if first and last else size)
    if first and last and int(first) > int(last):
        return None
    if not part:
        raise HTTPException(416, headers={"Content-Range": f"bytes */{size}"})
    return part


def _of_part(headers: Headers, part: range) -> Headers:
    media, (name, size), *others = headers
    place = b"bytes %d-%d/%b" % (part[0], part[-1], size)
    return (media, (name, b"%d" % len(part)), (b"content-range", place), *others)


def _cut(chunks: Iterable[bytes], part: range) -> Iterator[bytes]:
    position = 0
    for chunk in chunks:
        piece = chunk[max(part.start - position, 0) : max(part.stop - position, 0)]
        if piece:
            yield piece
        position += len(chunk)
        if position >= part.stop:
            return
