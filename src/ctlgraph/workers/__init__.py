"""Queries run in processes of their own, which the kernel can kill.

A zygote holds the data and forks query processes from itself; the server asks one query over one connection,
and closing it kills the query. What a query may take is in `Limits`; who may run one, and when, in `lanes`.
Unix only: Linux holds every limit, macOS those of time and size. Knows nothing of HTTP.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import shutil
import signal
import socket
import tempfile
import time
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, cast

from ctlgraph.errors import (
    CtlgraphError,
    QueryBusyError,
    QueryCancelledError,
    QueryError,
    QueryLimitError,
)
from ctlgraph.messages import N_
from ctlgraph.store import Content, size
from ctlgraph.workers import wire
from ctlgraph.workers.lanes import Displaced, Lanes, Query, Running
from ctlgraph.workers.process import ChildDied, Process
from ctlgraph.workers.reply import Reply
from ctlgraph.workers.wire import MIB, Limits, Plan, Request

__all__ = ["Limits", "Reply", "Request", "Running", "Workers"]

_log = logging.getLogger(__name__)
_RESTART_S = 1
_BRACE_S = 0.5  # the kernel ends a query at its limit; should it not, the zygote does so much later
_SLOW_BY_CLOCK = 10  # times `slow_s`, for a query that waits for the disk or for others
_VERY_SLOW = 10  # times `slow_s`
_NICE, _NICER = 15, 19  # of slow and of very slow queries: who has run longer gives way to who began later
_BACKLOG = 1024  # connections; the lanes let far fewer in
_CRASHED = N_("the query crashed the engine: write it with less nesting")


class Workers:
    """The query processes over one release, or over any files.

    Use as ``async with Workers(...) as workers``: leaving it ends them all.

    fast: processes for quick queries. most: processes in all, with those for queries that take more than
    `slow_s` seconds of the processor. queue: queries that may wait. client_queries: queries of one client,
    running or waiting. disk_mib: data of more MiB is opened from disk.
    """

    def __init__(
        self,
        content: Content,
        *,
        limits: Limits = Limits(),  # noqa: B008  # frozen
        fast: int = 6,
        most: int = 12,
        slow_s: float = 0.1,
        queue: int = 64,
        client_queries: int = 32,
        disk_mib: int = 1024,
    ) -> None:
        self._limits = limits
        self._slow_s = slow_s
        self._lanes = Lanes(fast=fast, slow=most - fast, queue=queue, client_queries=client_queries)
        self._plan = Plan(content, limits, fast, most, disk_mib)
        self._numbers = count(1)
        self._watches: dict[Query, asyncio.TimerHandle] = {}
        self._address = ""
        self._listening: socket.socket | None = None
        self._zygote: Process | None = None
        self._keeper: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Workers:
        """Start them. Raises SourceError when the data cannot be opened, QueryError if they do not start."""
        if size(self._plan.content) > self._plan.disk_mib * MIB:
            _log.warning("the data is larger than %d MiB: it is opened from disk", self._plan.disk_mib)
        folder = tempfile.mkdtemp(prefix="ctlgraph-")  # mode 0700: for this user only
        self._address = str(Path(folder) / "queries")
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._listening.bind(self._address)
            self._listening.listen(_BACKLOG)
            self._plan = replace(self._plan, listening=self._listening.fileno())
            self._zygote = await Process.start(self._plan)
        except BaseException:
            self._close()
            raise
        self._keeper = asyncio.create_task(self._keep())
        return self

    async def __aexit__(self, *_: object) -> None:
        """End every process, whatever it does."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
        if self._zygote is not None:
            await self._zygote.end()
        self._close()

    @property
    def ready(self) -> bool:
        """Whether queries are answered now: not while a zygote that died is being replaced."""
        return self._zygote is not None and not self._zygote.gone.is_set()

    @property
    def running(self) -> tuple[Running, ...]:
        """The queries that run, oldest first."""
        return self._lanes.running

    @property
    def waiting(self) -> int:
        """How many queries wait."""
        return self._lanes.waiting

    def knows(self, id: str) -> bool:
        """Whether a query of this identifier runs or waits."""
        return self._lanes.find(id) is not None

    def cancel(self, id: str) -> bool:
        """Stop the query of this identifier, running or waiting; False if there is none.

        Who awaits its answer gets QueryCancelledError.
        """
        query = self._lanes.find(id)
        if query is not None:
            query.stop(QueryCancelledError())
        return query is not None

    async def drain(self) -> None:
        """Wait until no query runs or waits."""
        await self._lanes.empty()

    async def answer(self, request: Request, *, id: str | None = None, client: str = "") -> Reply:
        """The answer in the first of the request's formats that this kind of query has.

        id: for `cancel` and `running`; the caller sees to it that no other query has it; without one, it is
        one that nobody guesses. client: whose share of the processes it counts to. Cancelling the task that
        awaits this kills the query.

        Raises QueryLimitError at a limit, QueryBusyError if too many queries run, QueryCancelledError,
        QueryError if the engine crashed, ParameterError if no format fits, and what `Store.query` raises.
        """
        task = cast("asyncio.Task[Any]", asyncio.current_task())
        query = Query(next(self._numbers), id or secrets.token_urlsafe(12), client, task)
        return await self._admit(query, request, task)

    async def _admit(self, query: Query, request: Request, task: asyncio.Task[Any]) -> Reply:
        """The answer to a query that runs when there is a place, and once more if it is displaced."""
        cancelling = task.cancelling()
        while True:
            try:
                return await self._run(query, request)
            except asyncio.CancelledError:
                if query.stopped is None or task.uncancel() > cancelling:
                    raise
                if not isinstance(query.stopped, Displaced):
                    raise query.stopped from None
                query.stopped, query.displaced = None, True
                query.number = next(self._numbers)

    async def _run(self, query: Query, request: Request) -> Reply:
        await self._lanes.enter(query)
        self._look_after(self._slow_s, query)
        try:
            return await self._ask(query, request)
        finally:
            self._watches.pop(query).cancel()
            self._lanes.leave(query)

    async def _ask(self, query: Query, request: Request) -> Reply:
        zygote = self._zygote
        if zygote is None or not self.ready:
            raise QueryBusyError("starting", _RESTART_S, "s")
        try:
            return await zygote.ask(self._address, query.number, request)
        except ChildDied as death:
            raise self._reason(death.code) from None
        except OSError as error:
            _log.error("no query process can be reached: %s", error)
            raise QueryBusyError("starting", _RESTART_S, "s") from error

    def _reason(self, code: int | None) -> QueryError:
        """What the way a process died says of its query; None: the zygote died, and took it along."""
        match code:
            case None:
                return QueryBusyError("starting", _RESTART_S, "s")
            case _ if -code == signal.SIGALRM:
                return QueryLimitError("time", self._limits.time_s, "s")
            case _ if -code == signal.SIGPROF:
                return QueryLimitError("cpu", self._limits.time_s, "s")
            case _ if -code in (signal.SIGABRT, signal.SIGKILL):  # the engine's end, or the kernel's choice
                return QueryLimitError("memory", self._limits.memory_mib, "MiB")
        return QueryError(_CRASHED)

    def _look_after(self, seconds: float, query: Query) -> None:
        later = asyncio.get_running_loop().call_later(seconds, self._look, query)
        self._watches[query] = later

    def _look(self, query: Query) -> None:
        """Demote a query that has had its time of the processor, or long by the clock; else look again."""
        zygote, so_far = self._zygote, time.monotonic() - query.begun
        if zygote is None or query.stopped:
            return
        left = self._slow_s - zygote.spent(query.number)
        last_look = self._limits.time_s + _BRACE_S
        if so_far >= last_look:
            zygote.tell(wire.KILL, query.number)
            query.stop(QueryLimitError("time", self._limits.time_s, "s"))
        elif not query.slow and left > 0 and so_far < _SLOW_BY_CLOCK * self._slow_s:
            self._look_after(max(left, self._slow_s / 4), query)
        else:
            zygote.tell(wire.DEMOTE, query.number, _NICER if query.slow else _NICE)
            seconds = last_look - so_far if query.slow else _VERY_SLOW * self._slow_s
            self._lanes.demote(query)
            self._look_after(min(seconds, last_look - so_far), query)

    async def _keep(self) -> None:
        """Replace a zygote that dies, for ever."""
        while self._zygote is not None:
            await self._zygote.gone.wait()
            _log.error("the process that starts the query processes died: starting another")
            await self._zygote.end()
            await asyncio.sleep(_RESTART_S)
            try:
                self._zygote = await Process.start(self._plan)
            except (CtlgraphError, OSError) as error:  # such as no memory for another process
                _log.error("it cannot be started: %s", error)

    def _close(self) -> None:
        if self._listening is not None:
            self._listening.close()
        shutil.rmtree(Path(self._address).parent, ignore_errors=True)
