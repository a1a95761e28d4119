"""What is made for a reader and remembered: pages and files, compressed for those who take that.

Knows HTTP's headers for what may be kept; nothing of what is made.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Awaitable, Callable, Hashable, Iterable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.types import Scope, Send

from ctlgraph.web.cache import Answer, Headers
from ctlgraph.web.negotiation import preferences
from ctlgraph.web.sending import pieces, respond
from ctlgraph.web.service import Service
from ctlgraph.web.transfer import Presence, header

_KEEPING = 2048  # bytes that a remembered answer takes beside its body; one of a longer address is not kept
_TEXTS = (
    *("text/", "image/svg+xml", "application/json", "application/sparql-query", "application/ld+json"),
    *("application/n-", "application/trig", "application/rdf+xml"),
)
_LEAST = 512  # bytes below which compression gains nothing


@dataclass(frozen=True)
class Made:
    """A body with its media type. status: of a page that tells of an error; then nothing is kept.

    lang: "" for what is the same in all languages. headers: more of them. keep_s: seconds for which a reader
    need not ask again.
    """

    body: bytes
    media: str
    lang: str = ""
    status: int = 200
    headers: Headers = ()
    keep_s: int = 60


def link_header(links: Iterable[tuple[str, str, str]]) -> Headers:
    """The Link header of addresses, each with its relation and its media type or "" (RFC 8288)."""
    values = [
        f'<{address}>; rel="{rel}"' + f'; type="{media}"' * bool(media) for address, rel, media in links
    ]
    return ((b"link", ", ".join(values).encode("ascii")),)


async def keep(
    service: Service, request: Request, send: Send, *, key: Hashable, make: Callable[[], Awaitable[Made]]
) -> None:
    """Send what was kept under a key and this address, else make it and keep it; or 304."""
    scope = request.scope
    compressed = _takes_gzip(scope)
    cache = service.current.cache
    whole = (key, service.base(scope), scope["path"], scope["query_string"], compressed)
    found = cache.get(whole)
    if found is None:
        async with Presence(request.receive):
            made = await make()
        found = _answer(made, compressed)
        if made.status != 200:
            await send({"type": "http.response.start", "status": made.status, "headers": found.headers})
            return await send({"type": "http.response.body", "body": found.body})
        if len(scope["path"]) + len(scope["query_string"]) <= _KEEPING:
            cache.put(whole, found)
    return await respond(scope, send, found.headers, found.etag, pieces(found.body))


def _takes_gzip(scope: Scope) -> bool:
    return dict(preferences([header(scope, b"accept-encoding").decode("latin-1")])).get("gzip", 0) > 0


def _answer(made: Made, compressed: bool) -> Answer:
    squeezed = compressed and made.media.startswith(_TEXTS) and len(made.body) > _LEAST
    body = gzip.compress(made.body, 6, mtime=0) if squeezed else made.body
    etag = b'"%b"' % hashlib.blake2b(body, digest_size=16).hexdigest().encode()
    text = made.media.startswith("text/") and "charset" not in made.media
    kept = made.status == 200
    headers = (
        (b"content-type", f"{made.media}; charset=utf-8".encode() if text else made.media.encode()),
        (b"content-length", b"%d" % len(body)),
        *(((b"content-encoding", b"gzip"),) if squeezed else ()),
        *(((b"content-language", made.lang.encode()),) if made.lang else ()),
        (b"vary", b"Accept, Accept-Encoding, Accept-Language"),
        (b"cache-control", b"public, max-age=%d" % made.keep_s if kept else b"no-store"),
        *(((b"etag", etag),) if kept else ()),
        *made.headers,
    )
    return Answer(headers, etag, body, len(body) + _KEEPING)
