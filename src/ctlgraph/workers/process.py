"""The zygote as the server sees it, and its children, each at the end of a connection."""

from __future__ import annotations

import asyncio
import math
import os
import pickle
import re
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from typing import Any, cast

from ctlgraph.errors import CtlgraphError, QueryError
from ctlgraph.messages import N_
from ctlgraph.workers import wire
from ctlgraph.workers.connection import Connection
from ctlgraph.workers.reply import Reply
from ctlgraph.workers.wire import BEGUN, NUMBER, PID, Death, Plan, Request

_PROGRAM = "from ctlgraph.workers import zygote; zygote.main()"
_END_S = 5  # a zygote told to end has so long before it is killed
_REST_S = 10  # a child that is not needed ends so long after its last query
_NOTICE_S = 2  # the word of a death comes within milliseconds of the death
_MOST_OUTLINES = 1000
_LONG = 4096  # characters of a query: those behind them are not looked at
_DETAIL = re.compile(r"""<[^<>\s]*>|"[^"\n]*"|'[^'\n]*'|#[^\n]*|\d+|\s+""")


class ChildDied(Exception):
    """A child died of its query: its exit code, None if it is not known."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class Process:
    """A running zygote. `Process.start` makes one; `gone` is set when it has ended, for whatever reason."""

    def __init__(self, process: asyncio.subprocess.Process, board: list[memoryview], fast: int) -> None:
        self._process = process
        self._board = board
        self._orders = cast(asyncio.StreamWriter, process.stdin)
        self._notices = cast(asyncio.StreamReader, process.stdout)
        self._deaths: dict[int, asyncio.Future[int | None]] = {}
        self._fast = fast
        self._idle: list[Connection] = []  # the one used last is last
        self._slow: set[int] = set()
        self._heavy: dict[int, None] = {}  # outlines of queries that were slow, the latest last
        self._rest: asyncio.TimerHandle | None = None
        self._listener: asyncio.Task[None] | None = None
        self.gone = asyncio.Event()

    @classmethod
    async def start(cls, plan: Plan) -> Process:
        """A zygote that is ready. Raises what kept it from opening the store, or QueryError."""
        with wire.memory_file() as file:
            plan = replace(plan, board=file.fileno())
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-c", _PROGRAM),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                pass_fds=[plan.listening, plan.board],
                start_new_session=True,  # Ctrl-C reaches the server, which then ends it
            )
            self = cls(process, wire.board(plan.board, plan.most), plan.fast)
        try:
            self._orders.write(wire.pack(plan))
            problem = await self._notice()
            if isinstance(problem, CtlgraphError):
                raise problem
        except (EOFError, ConnectionError):
            await self.end()
            raise QueryError(N_("a query process did not start")) from None
        except BaseException:
            await self.end()
            raise
        self._listener = asyncio.create_task(self._listen())
        return self

    @property
    def pid(self) -> int:
        """The process identifier of the zygote."""
        return self._process.pid

    def tell(self, command: int, number: int, niceness: int = 0) -> None:
        """Have the child that runs this query made slow, of that niceness, or killed."""
        if command == wire.DEMOTE:
            self._slow.add(number)
        if not self.gone.is_set():
            self._orders.write(wire.COMMAND.pack(command, number, niceness))

    def spent(self, number: int) -> float:
        """Seconds of the processor that this query has had; infinite where the system does not tell."""
        row = next((row for row in self._board if row[NUMBER] == number), None)
        if row is None:
            return 0  # no child has taken it yet, or it has just ended
        try:
            return (wire.processor_ns(row[PID]) - row[BEGUN]) / 1e9
        except OSError:
            return math.inf

    async def ask(self, address: str, number: int, request: Request) -> Reply:
        """The answer of a child to this query. Cancelling the task kills the child.

        Raises what the child raised, ChildDied with its exit code if it died of the query, and OSError if
        there is no way to a child, as when there are too many open files.
        """
        connection = self._connect(address, request.query)
        death = self._deaths[number] = asyncio.get_running_loop().create_future()
        try:
            reply = await connection.ask(wire.ask(number, request))
            if number in self._slow:
                self._remember(request.query)
            return reply
        except (EOFError, ConnectionError):
            raise ChildDied(await _within(_NOTICE_S, death)) from None
        finally:
            del self._deaths[number]
            connection.worn = connection.worn or number in self._slow
            self._slow.discard(number)
            if connection.usable:
                self._put_by(connection)
            else:
                connection.close()

    def _put_by(self, connection: Connection) -> None:
        """Keep it for the next query."""
        connection.idle_since = asyncio.get_running_loop().time()
        self._idle.append(connection)
        if self._rest is None:
            self._rest = asyncio.get_running_loop().call_later(_REST_S, self._retire)

    def _retire(self) -> None:
        """End the children that have rested and are too many, or have a copy of the store from slow queries.

        The zygote forks others where they are missed, which share all memory with it.
        """
        loop = asyncio.get_running_loop()
        rested = [each for each in self._idle if loop.time() - each.idle_since >= _REST_S]
        for connection in rested:
            if connection.worn or len(self._idle) > self._fast:
                self._idle.remove(connection)
                connection.close()
        self._rest = loop.call_later(_REST_S, self._retire) if self._idle else None

    def _connect(self, address: str, query: str) -> Connection:
        """A connection to a child that is idle: the one used last, whose memory is warm, or a new one.

        Queries like one that was slow take those that slow queries have worn, the others leave these to them:
        such a query touches most of the store, and a child has a copy of its own to make of what it touches.
        """
        self._idle = [each for each in self._idle if each.usable]
        heavy = any(each.worn for each in self._idle) and _outline(query) in self._heavy
        alike = [each for each in self._idle if each.worn == heavy]
        if not self._idle or (not (alike or heavy) and self._has_spare):
            return Connection(address)
        connection = (alike or self._idle)[-1]
        self._idle.remove(connection)
        return connection

    @property
    def _has_spare(self) -> bool:
        """Whether a child without a connection is sure to be there, or to come.

        The zygote sees to it that `fast` children are idle or quick while there may be more in all.
        """
        connected = len(self._idle) + len(self._deaths)
        return connected < len(self._board) and connected - len(self._slow) < self._fast

    def _remember(self, query: str) -> None:
        """Remember a query that was slow and was answered."""
        outline = _outline(query)
        self._heavy.pop(outline, None)
        self._heavy[outline] = None
        if len(self._heavy) > _MOST_OUTLINES:
            del self._heavy[next(iter(self._heavy))]

    async def end(self) -> None:
        """End it and its children."""
        self.tell(wire.END, 0)
        self._orders.close()
        if self._rest is not None:
            self._rest.cancel()
        while self._idle:
            self._idle.pop().close()
        try:
            async with asyncio.timeout(_END_S):
                await self._process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)  # .kill() would take the exit status from asyncio
            await self._process.wait()
        if self._listener is not None:
            await self._listener

    async def _listen(self) -> None:
        with suppress(EOFError, ConnectionError):
            while True:
                notice: Death = await self._notice()
                death = self._deaths.get(notice.number)
                if death and not death.done():
                    death.set_result(notice.code)
        self.gone.set()
        for death in self._deaths.values():
            if not death.done():
                death.set_result(None)

    async def _notice(self) -> Any:
        (length,) = wire.LENGTH.unpack(await self._notices.readexactly(wire.LENGTH.size))
        return pickle.loads(await self._notices.readexactly(length))  # noqa: S301  # our zygote's


def _outline(query: str) -> int:
    """A number that queries have in common which differ in comments and constants only."""
    return hash(_DETAIL.sub(" ", query[:_LONG]))


async def _within(seconds: float, code: asyncio.Future[int | None]) -> int | None:
    try:
        return await asyncio.wait_for(code, seconds)
    except TimeoutError:
        return None
