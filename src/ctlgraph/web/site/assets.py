"""The front end as it was built: which file a name stands for, and how it is sent.

A file's name carries the hash of its content, so that a browser keeps it for a year. Without a build there
are no assets, and pages are plain. Knows `frontend/build.mjs` by what it writes: ``static/dist``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parents[1] / "static"
_CODINGS = {"br": ".br", "gzip": ".gz"}  # best first
_FOREVER = "public, max-age=31536000, immutable"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


@cache
def manifest() -> Mapping[str, str]:
    """From a name, such as "main.css", to the path of its file below ``static/``; empty without a build."""
    try:
        built = json.loads((STATIC / "dist" / "manifest.json").read_bytes())
    except FileNotFoundError:
        built = {}
    return MappingProxyType({name: f"dist/{file}" for name, file in built.items()})


class Assets(StaticFiles):
    """The folder ``static``; a hashed file is sent compressed if its reader takes that, and kept for good."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, in the best coding that there is of it."""
        if path not in manifest().values():
            return await super().get_response(path, scope)
        taken = Headers(scope=scope).get("accept-encoding", "")
        there = [
            name for name, end in _CODINGS.items() if name in taken and (STATIC / (path + end)).is_file()
        ]
        response = await super().get_response(path + (_CODINGS[there[0]] if there else ""), scope)
        if there:
            response.headers["Content-Encoding"] = there[0]
        response.headers["Content-Type"] = _TYPES[Path(path).suffix]
        response.headers["Cache-Control"] = _FOREVER
        response.headers["Vary"] = "Accept-Encoding"
        return response
