"""The application: routes, headers and the life of the query processes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ctlgraph.release import Release
from ctlgraph.settings import Settings
from ctlgraph.web import pages, problems, protocol
from ctlgraph.workers import Workers

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class _Headers:
    """Adds the same safety headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def create_app(settings: Settings, release: Release) -> FastAPI:
    """The service over one release; its query processes live as long as the application."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with Workers(release.path, count=settings.workers, time_s=settings.query_time_s) as workers:
            app.state.workers = workers
            yield

    app = FastAPI(title="ctlgraph", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.release = release
    app.add_route("/", pages.home, methods=["GET"])
    app.add_route("/healthz", pages.healthz, methods=["GET"])
    app.add_route("/sparql", protocol.sparql, methods=list(protocol.METHODS))
    app.mount("/static", StaticFiles(directory=Path(__file__).with_name("static")))
    app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["GET", "HEAD", "POST"])
    app.add_middleware(_Headers)
    problems.register(app)
    return app
