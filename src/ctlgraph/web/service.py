"""What is served at the moment, and how it is replaced by the next release while requests go on.

Knows the query processes and the remembered answers of one content, which live and end together; and the
counters that outlive them.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, replace

from starlette.exceptions import HTTPException
from starlette.types import Scope

from ctlgraph.errors import CtlgraphError
from ctlgraph.messages import N_, language
from ctlgraph.settings import Settings
from ctlgraph.web.budget import Budget
from ctlgraph.web.cache import Cache
from ctlgraph.web.earlier import Earlier
from ctlgraph.web.logs import note
from ctlgraph.web.metrics import Gauge, Metrics
from ctlgraph.web.names import Names
from ctlgraph.web.served import Served
from ctlgraph.web.transfer import header
from ctlgraph.workers import Limits, Workers

_AT_ONCE = 8  # so many answers of the largest size may be on their way to readers
_BODIES_MIB = 64
_CACHE_BESIDE_MIB = 16


@dataclass(frozen=True)
class Current:
    """One content with its query processes, its remembered answers and the index of its names."""

    served: Served
    workers: Workers
    cache: Cache
    names: Names

    async def close(self) -> None:
        """End its processes."""
        await self.names.close()
        await self.workers.__aexit__(None, None, None)


class Service:
    """The current content; a request takes it once, and so is answered by one content alone.

    prefix: the path below which an earlier release is served, "" for the current one. earlier: the others.
    """

    def __init__(self, settings: Settings, served: Served, reopen: Callable[[], Served]) -> None:
        """`reopen` says, in a thread, what to serve from the next SIGHUP on."""
        self.settings = settings
        self.prefix = ""
        self.earlier = Earlier(self._beside)
        self.metrics = Metrics(self._gauges)
        self.answers = Budget("answers", _AT_ONCE * settings.result_mib)
        self.bodies = Budget("bodies", max(_BODIES_MIB, _AT_ONCE * settings.body_kib // 1024))
        self._first = served
        self._reopen = reopen
        self._reloading: asyncio.Task[None] | None = None
        self._outdated = False  # a SIGHUP has come that no reload has seen yet
        self._current: Current | None = None
        self._retiring: list[Workers] = []

    def base(self, scope: Scope) -> str:
        """The address of the service, as its readers see it, with a slash at the end.

        The Host of the request has been compared with those that are allowed.
        """
        if self.settings.base_url:
            return f"{self.settings.base_url.rstrip('/')}{self.prefix}/"
        return f"{scope['scheme']}://{header(scope, b'host').decode('latin-1')}{self.prefix}/"

    async def release(self, version: str) -> Service:
        """The service over a release; itself for its own, or for "". Raises what `Earlier.service` raises."""
        if version in ("", self.current.served.version):
            return self
        if not self.current.served.validated:
            raise HTTPException(404, "release")
        return await self.earlier.service(version)

    @property
    def current(self) -> Current:
        """What is served now. Raises RuntimeError outside of its ``async with``."""
        if self._current is None:
            raise RuntimeError("the service has not been started")
        return self._current

    @property
    def workers(self) -> tuple[Workers, ...]:
        """Whose queries run: those of what is served now, of what was before, and of earlier releases."""
        return (self.current.workers, *self._retiring, *self.earlier.workers)

    async def __aenter__(self) -> Service:
        """Open the first content, and the next at every SIGHUP. Raises CtlgraphError if that fails."""
        self._current = await self._open(self._first)
        if not os.isatty(0):  # there, SIGHUP means that the terminal is gone, and ends the server
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._hang_up)
        return self

    async def __aexit__(self, *_: object) -> None:
        """End the query processes."""
        asyncio.get_running_loop().remove_signal_handler(signal.SIGHUP)
        if self._reloading:
            self._reloading.cancel()
            await asyncio.wait([self._reloading])
        await self.earlier.close()
        await self.current.close()

    def _hang_up(self) -> None:
        self._outdated = True
        if self._reloading is None or self._reloading.done():
            self._reloading = asyncio.create_task(self._reload_until_up_to_date())

    async def _reload_until_up_to_date(self) -> None:
        while self._outdated:
            self._outdated = False
            await self._reload()

    async def _reload(self) -> None:
        """Serve what is there now; the old content ends when its last query has.

        If the new one cannot be opened, the old one stays.
        """
        try:
            served = await asyncio.to_thread(self._reopen)
            if served == self.current.served:
                self.metrics.reloads["unchanged"] += 1
                return note(
                    logging.INFO, N_("there is nothing new to serve: {version}"), version=served.version
                )
            fresh = await self._open(served)
        except (CtlgraphError, OSError) as error:
            self.metrics.reloads["failed"] += 1
            reason = error.text(language()) if isinstance(error, CtlgraphError) else str(error)
            return note(logging.ERROR, N_("nothing was reloaded: {reason}"), reason=reason)
        old, self._current = self.current, fresh
        self.metrics.reloads["done"] += 1
        note(logging.INFO, N_("serving {version} from now on"), version=served.version)
        self._retiring.append(old.workers)
        try:
            await old.workers.drain()
        finally:  # even if the server is stopped meanwhile
            await old.close()
            self._retiring.remove(old.workers)
        return None

    def _gauges(self) -> Iterator[Gauge]:
        served, workers, cache = self.current.served, self.current.workers, self.current.cache
        running = [query for each in self.workers for query in each.running]
        yield Gauge("ctlgraph_ready", "1 if queries are taken.", workers.ready)
        yield Gauge("ctlgraph_queries_running", "Queries that run now.", len(running))
        yield Gauge("ctlgraph_queries_slow", "Those in the slow lane.", sum(each.slow for each in running))
        yield Gauge("ctlgraph_queries_waiting", "Queries that wait for a process.", workers.waiting)
        yield Gauge("ctlgraph_cache_hits", "Answers from the cache of what is served.", cache.hits)
        yield Gauge("ctlgraph_cache_misses", "Answers that were not in it.", cache.misses)
        yield Gauge("ctlgraph_cache_answers", "Answers in the cache.", len(cache))
        yield Gauge("ctlgraph_cache_bytes", "Bytes in the cache.", cache.size)
        labels = {"version": served.version, "validated": str(served.validated).lower()}
        yield Gauge("ctlgraph_served", "What is served.", 1, labels)

    async def _beside(self, served: Served, prefix: str) -> Service:
        """Another content as a service below a path: few processes, the same limits and figures."""
        fewer = min(self.settings.cache_mib, _CACHE_BESIDE_MIB)
        beside = copy(self)
        beside.prefix = prefix
        beside.settings = replace(self.settings, workers=1, workers_max=2, cache_mib=fewer)
        beside._current = await beside._open(served)
        return beside

    async def _open(self, served: Served) -> Current:
        workers = Workers(
            served.content,
            limits=Limits.of(self.settings),
            fast=self.settings.workers,
            most=self.settings.workers_max,
            slow_s=self.settings.slow_s,
            queue=self.settings.queue,
            client_queries=self.settings.client_queries,
            disk_mib=self.settings.disk_mib,
        )
        names = Names(served.content, disk_mib=self.settings.disk_mib)
        return Current(served, await workers.__aenter__(), Cache(self.settings.cache_mib * 2**20), names)
