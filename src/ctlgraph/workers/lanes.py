"""Who may run a query now, who waits, and who gives way.

A quick query takes a place in the fast lane and gives it back when it ends. One that runs on moves to the
slow lane, which lets the next in; when the slow lane is full, it stays where it is until its place is wanted.
Then the client with most slow queries has its newest displaced, at once for one who has fewer, else for one
who has waited long: that query waits, and begins again when the slow lane has a place. So one client alone
may use every place, none keeps another out, and only the length of the queue makes a query refused.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from ctlgraph.errors import QueryBusyError, QueryError


class Cancellable(Protocol):
    """What `Query.stop` stops: the task that awaits the answer."""

    def cancel(self) -> object:
        """End it."""


@dataclass(frozen=True)
class Running:
    """A query that runs: its identifier, who asked, since when (seconds of the Unix epoch), in which lane."""

    id: str
    client: str
    since: float
    slow: bool


class Displaced(QueryError):
    """A query gave its place to another and is to enter again."""

    def __init__(self) -> None:
        super().__init__("displaced")


@dataclass(eq=False)
class Query:
    """A query from its admission to its end. `stopped` is the error it ends with if someone stops it.

    since: when it began to run, or to wait; begun: the same, by a clock that nobody sets. slow: it has run
    longer than a quick one does. displaced: it had to begin again, which happens once at most. impatient: it
    has waited longer than one should.
    """

    number: int
    id: str
    client: str
    task: Cancellable
    since: float = field(default_factory=time.time)
    begun: float = field(default_factory=time.monotonic)
    slow: bool = False
    displaced: bool = False
    impatient: bool = False
    stopped: QueryError | None = None

    def stop(self, error: QueryError) -> None:
        """End its task, for this reason; an earlier reason stays, unless the query was to enter again."""
        if self.stopped is None:
            self.task.cancel()
        if self.stopped is None or isinstance(self.stopped, Displaced):
            self.stopped = error


class Lanes:
    """The two lanes and the queue before them; `fast` and `slow` are their places."""

    def __init__(
        self, *, fast: int, slow: int, queue: int = 64, client_queries: int = 32, patience_s: float = 5.0
    ) -> None:
        self._fast = fast
        self._places = slow
        self._queue = queue
        self._client_queries = client_queries
        self._patience_s = patience_s
        self._clients: Counter[str] = Counter()
        self._waiting: dict[Query, asyncio.Future[None]] = {}  # in the order of arrival
        self._running: dict[Query, None] = {}
        self._slow: dict[Query, None] = {}  # of those that run, in the order in which they became slow
        self._empty = asyncio.Event()
        self._empty.set()

    @property
    def running(self) -> tuple[Running, ...]:
        """The queries that run, oldest first; those that wait are not among them."""
        return tuple(Running(query.id, query.client, query.since, query.slow) for query in self._running)

    @property
    def waiting(self) -> int:
        """How many queries wait."""
        return len(self._waiting)

    def find(self, id: str) -> Query | None:
        """The query of that identifier, running or waiting."""
        return next((query for query in (*self._running, *self._waiting) if query.id == id), None)

    async def empty(self) -> None:
        """Wait until no query runs or waits."""
        while self._clients:
            await self._empty.wait()

    async def enter(self, query: Query) -> None:
        """Take a place, after those that came before or have less; whoever enters must `leave`.

        Raises QueryBusyError if too many wait, or if too many queries of this client run or wait.
        """
        if not query.displaced:
            self._check_bounds(query)
        self._clients[query.client] += 1
        self._empty.clear()
        if self._fitting([query]):  # then none that waits fits there
            self._let_in(query)
            return
        loop = asyncio.get_running_loop()
        turn = self._waiting[query] = loop.create_future()
        self._make_way()
        patience = loop.call_later(self._patience_s, self.lose_patience, query)
        try:
            await turn
        except asyncio.CancelledError:
            self.leave(query)
            raise
        finally:
            patience.cancel()

    def _check_bounds(self, query: Query) -> None:
        if self._clients[query.client] >= self._client_queries:
            raise QueryBusyError("client_queries", self._client_queries, "queries")
        if self._free <= 0 and len(self._waiting) >= self._queue:
            raise QueryBusyError("queue", self._queue, "queries")

    def lose_patience(self, query: Query) -> None:
        """Let a query that waits have the place of a slow one, whosever it is."""
        query.impatient = True
        self._make_way()

    def demote(self, query: Query) -> None:
        """Count a query that runs as slow."""
        if query in self._running and query not in self._slow:
            query.slow = True
            self._slow[query] = None
            self._admit()

    def leave(self, query: Query) -> None:
        """Give the place back, or leave the queue."""
        self._waiting.pop(query, None)
        self._running.pop(query, None)
        self._slow.pop(query, None)
        self._clients[query.client] -= 1
        if not self._clients[query.client]:
            del self._clients[query.client]
        if not self._clients:
            self._empty.set()
        if self._waiting:
            self._admit()

    @property
    def _free(self) -> int:
        """Places in the fast lane that nobody has; slow queries have them where the slow lane is full."""
        return self._fast + min(len(self._slow), self._places) - len(self._running)

    def _fitting(self, queries: Iterable[Query]) -> list[Query]:
        """Those of these queries that have a place in the lane they wait for."""
        quick, slow = self._free > 0, len(self._slow) < self._places
        return [query for query in queries if (slow if query.slow else quick)] if quick or slow else []

    def _let_in(self, query: Query) -> None:
        query.since, query.begun = time.time(), time.monotonic()
        self._running[query] = None
        if query.slow:
            self._slow[query] = None

    def _admit(self) -> None:
        """Let in who waits while there is a place, first those whose client has fewest queries running."""
        while fitting := self._fitting(self._waiting):
            held = Counter(query.client for query in self._running)
            query = min(fitting, key=lambda waiting: held[waiting.client])
            turn = self._waiting.pop(query)
            self._let_in(query)
            if not turn.done():  # else its reader has left, and it will too
                turn.set_result(None)
        self._make_way()

    def _make_way(self) -> None:
        """Displace a slow query for each that waits with more right to its place."""
        if len(self._slow) <= self._places:
            return
        coming = sum(query.stopped is not None for query in self._slow)
        for waiting in self._waiting:
            slow = [query for query in self._slow if query.stopped is None]
            if len(slow) <= self._places:  # no place of the fast lane would be won
                return
            held = Counter(query.client for query in slow)
            once = [query for query in reversed(slow) if not query.displaced]
            loser = max(once, key=lambda query: held[query.client])
            if waiting.slow or not (waiting.impatient or held[waiting.client] + 1 < held[loser.client]):
                continue
            if coming:
                coming -= 1
            else:
                loser.stop(Displaced())
