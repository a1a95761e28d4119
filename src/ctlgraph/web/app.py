"""The application: which part answers which path.

`Guard` comes first, then `ErrorPages`; ``/sparql`` goes straight to the protocol, everything else through
FastAPI's routes.
"""

from __future__ import annotations

import re
from functools import partial
from weakref import WeakKeyDictionary

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from ctlgraph import __version__
from ctlgraph.catalogue import Catalogue, read
from ctlgraph.errors import CtlgraphError
from ctlgraph.sources import root
from ctlgraph.web import openapi, operations, problems
from ctlgraph.web.collaboration import collaborations
from ctlgraph.web.editor import editing
from ctlgraph.web.graphs import Graphs
from ctlgraph.web.guard import Guard
from ctlgraph.web.protocol import Sparql
from ctlgraph.web.queries import saved_queries
from ctlgraph.web.releases import published
from ctlgraph.web.service import Service
from ctlgraph.web.site import pages
from ctlgraph.web.site.errors import ErrorPages
from ctlgraph.web.site.routes import Page, site
from ctlgraph.web.transfer import ClientLeftError

_EARLIER = re.compile(r"/releases/(\d+\.\d+\.\d+(?:\+[0-9a-f]{8})?)(/.*)", re.ASCII)
_OF_ALL = ("/releases", "/openapi.json", "/api/docs")  # what there is one of for all releases


class _Releases:
    """What is asked of an earlier release to the same application over that release, the rest to ours."""

    def __init__(self, app: ASGIApp, service: Service, catalogue: Catalogue) -> None:
        self._app = app
        self._service = service
        self._catalogue = catalogue
        self._apps: WeakKeyDictionary[Service, ASGIApp] = WeakKeyDictionary()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = _EARLIER.fullmatch(scope["path"])
        version, path = found.groups() if found else (_release_asked(scope), scope["path"])
        if found is None and not version:
            return await self._app(scope, receive, send)
        try:
            service = await self._service.release(version)
        except (CtlgraphError, HTTPException) as error:
            return await problems.response(Request(scope), error)(scope, receive, send)
        if found and path.startswith(_OF_ALL):
            query = scope["query_string"].decode("latin-1")
            address = self._service.base(scope) + path[1:] + (f"?{query}" if query else "")
            return await RedirectResponse(address, 308)(scope, receive, send)
        if found:
            raw = scope["raw_path"].split(b"/", 3)[3]
            scope = {**scope, "path": path, "raw_path": b"/" + raw}
        app = self._app if service is self._service else self._over(service)
        return await app(scope, receive, send)

    def _over(self, service: Service) -> ASGIApp:
        if service not in self._apps:
            routes = FastAPI(openapi_url=None)
            self._apps[service] = ErrorPages(_content(service, self._catalogue, routes), service)
        return self._apps[service]


def _release_asked(scope: Scope) -> str:
    """The release that a page is asked of; ``/sparql`` reads its parameters itself."""
    if b"release=" not in scope["query_string"] or scope["path"] == "/sparql":
        return ""
    return Request(scope).query_params.get("release", "")


class _Paths:
    """``/sparql`` to the protocol, the rest to the routes."""

    def __init__(self, sparql: ASGIApp, routes: FastAPI) -> None:
        self._sparql = sparql
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/sparql":
            return await self._sparql(scope, receive, send)
        if scope["method"] == "OPTIONS" and not scope["path"].startswith("/graph"):
            return await self._options(scope, receive, send)
        if scope["method"] == "HEAD":  # is GET to every route; the connection leaves the body out
            scope = {**scope, "method": "GET"}
        return await self._routes(scope, receive, send)

    async def _options(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say what may be done at an address; 404 if it is none of ours."""
        allowed = [method for method in ("DELETE", "GET", "POST") if self._takes(method, scope)]
        if allowed:
            reading = ("HEAD", "OPTIONS") if "GET" in allowed else ("OPTIONS",)
            answer = Response(None, 204, {"Allow": ", ".join(sorted((*allowed, *reading)))})
        else:
            answer = problems.response(Request(scope), HTTPException(404))
        await answer(scope, receive, send)

    def _takes(self, method: str, scope: Scope) -> bool:
        """Whether some route has this method; a page has GET, though its route leaves that to it."""
        asked = {**scope, "method": method}
        found = [route for route in self._routes.routes if route.matches(asked)[0] is Match.FULL]
        of_one = [route for route in found if getattr(route, "methods", not isinstance(route, Mount))]
        return bool(found if method == "GET" else of_one)


def create_app(service: Service) -> ASGIApp:
    """A service over HTTP; what it serves has to be open by the first request."""
    address = service.settings.base_url
    routes = FastAPI(
        title="ctlgraph",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        servers=[{"url": address}] if address else None,
    )
    operations.register(routes, service)
    catalogue = read(root())
    routes.router.routes.append(Route("/openapi.json", openapi.Document(routes, service, catalogue)))
    ours = _content(service, catalogue, routes)
    return Guard(ErrorPages(_Releases(ours, service, catalogue), service), service)


def _content(service: Service, catalogue: Catalogue, routes: FastAPI) -> ASGIApp:
    """All that is said of one content, beside what the routes have already."""
    routes.router.routes += saved_queries(service, catalogue)
    routes.router.routes += published(service)
    routes.router.routes += collaborations(service, catalogue)
    routes.router.routes += editing(service)
    graphs = Graphs(service)
    routes.router.routes += (Route(path, graphs) for path in ("/graphs", "/graphs/{name:path}"))
    routes.router.routes += site(service, graphs, catalogue)
    for kind in (CtlgraphError, HTTPException, Exception):
        routes.add_exception_handler(kind, _problem)
    routes.add_exception_handler(ClientLeftError, _nobody)
    return _Paths(
        Sparql(service, form=lambda asked: Page(asked, partial(pages.sparql, catalogue=catalogue))), routes
    )


async def _nobody(request: Request, error: Exception) -> Response:
    return Response(status_code=499)  # for the figures: nobody reads it


async def _problem(request: Request, error: Exception) -> Response:
    return problems.response(request, error)
