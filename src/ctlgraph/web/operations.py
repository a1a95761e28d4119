"""For those who run the service: is it well, what does it count, which queries run, and how to stop one."""

from __future__ import annotations

import ipaddress
import time
from dataclasses import dataclass

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.exceptions import HTTPException

from ctlgraph import workers
from ctlgraph.errors import QueryRefusedError
from ctlgraph.web.openapi import PROBLEM
from ctlgraph.web.service import Service
from ctlgraph.web.transfer import client

_FORWARDED = ("forwarded", "x-forwarded-for")


@dataclass(frozen=True)
class Health:
    """That the service runs, and on what."""

    status: str
    release: str
    validated: bool


@dataclass(frozen=True)
class Ready:
    """That queries are answered now."""

    status: str


@dataclass(frozen=True)
class RunningQuery:
    """A query that runs: for how long, and whether it has left the fast lane."""

    seconds: float
    slow: bool


@dataclass(frozen=True)
class OwnQuery(RunningQuery):
    """The same for who asked it and so has its identifier, with which it can be stopped."""

    id: str


def register(app: FastAPI, service: Service) -> None:
    """Add these paths to the application."""

    async def healthz() -> Health:
        """Say that the service runs, and on which release."""
        served = service.current.served
        return Health("ok", served.version, served.validated)

    async def readyz() -> Ready:
        """Say that queries are answered, after having asked one; else 503."""
        with await service.current.workers.answer(workers.Request("ASK { }", ("json",))):
            return Ready("ready")

    async def metrics() -> Response:
        """Counters in the text format of Prometheus."""
        return Response(service.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    async def running(request: Request) -> list[RunningQuery]:
        """The queries that run now, without their identifiers; only for readers on the machine itself."""
        if not _local(request):
            raise HTTPException(403)
        every = (query for each in service.workers for query in each.running)
        return [RunningQuery(_seconds(query), query.slow) for query in every]

    async def one(id: str) -> OwnQuery:
        """The running query of this identifier, which its answer would carry as X-Request-Id."""
        query = _find(service, id)
        return OwnQuery(_seconds(query), query.slow, query.id)

    async def stop(id: str) -> None:
        """Stop the query of this identifier, which runs or waits."""
        if not any(each.cancel(id) for each in service.workers):
            raise HTTPException(404, "query")

    async def update() -> None:
        """Refuse: nothing is written here."""
        raise QueryRefusedError("SPARQL Update")

    routes = APIRouter(tags=["service"], responses={"default": PROBLEM})
    routes.add_api_route("/healthz", healthz, summary="Whether it lives")
    routes.add_api_route("/readyz", readyz, summary="Whether it answers queries")
    routes.add_api_route("/metrics", metrics, response_class=_Text, summary="Counters")
    routes.add_api_route("/sparql/running", running, summary="All queries that run")
    routes.add_api_route("/sparql/running/{id}", one, summary="A query that runs")
    routes.add_api_route(
        "/sparql/running/{id}", stop, methods=["DELETE"], status_code=204, summary="Stop a query"
    )
    routes.add_api_route("/sparql/update", update, methods=["POST"], include_in_schema=False)
    app.include_router(routes)


class _Text(Response):
    media_type = "text/plain; version=0.0.4; charset=utf-8"


def _local(request: Request) -> bool:
    """Whether the reader sits at the machine itself; one that a proxy there speaks for does not."""
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(client(request.scope)).is_loopback
    except ValueError:
        return False


def _find(service: Service, id: str) -> workers.Running:
    for each in service.workers:
        for query in each.running:
            if query.id == id:
                return query
    raise HTTPException(404, "query")


def _seconds(query: workers.Running) -> float:
    return round(time.time() - query.since, 3)
