"""One query, one process that can be killed.

A query runs in a child process, which holds the release in its own memory. The parent waits for the time
limit and then kills the child; a query that crashes the engine takes only its child with it. The kernel
refuses the child any new file descriptor, so no query reaches the network or a file. Knows nothing of HTTP.
Unix only.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import re
import resource
import signal
import struct
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from ctlgraph.errors import (
    CtlgraphError,
    ParameterError,
    QueryError,
    QueryLimitError,
    QueryRefusedError,
)
from ctlgraph.messages import N_
from ctlgraph.store import GRAPH_FORMATS, RESULT_FORMATS, Store

MAX_DEPTH = 128
_SIZE = struct.Struct("!Q")
_GRACE_S = 5  # an orphan's query ends this long after its limit, should the parent be gone
_CHILD = f"import {__name__} as workers; workers.serve()"
_CRASHED = N_("the query crashed the engine: write it with less nesting")

_TOKEN = re.compile(
    r"""
    \#[^\n\r]*  |  <[^<>"{}|^`\\\x00-\x20]*>                           # comment, IRI
    | "{3}(?:"{0,2}(?:[^"\\]|\\.))*"{3}  |  "(?:[^"\\\n\r]|\\.)*"      # strings
    | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}  |  '(?:[^'\\\n\r]|\\.)*'
    | [?$]\w+  |  @[\w-]+                                              # variable, language
    | (?P<word>[\w.-]+)(?P<local>:(?:[\w.:%-]|\\.)*)?  |  :[\w.:%-]*   # keyword, or a name with its prefix
    | (?P<open>[{(\[])  |  (?P<close>[])}])
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Request:
    """A query, the formats its reader takes, best first, and the dataset that the protocol may name."""

    query: str
    formats: Sequence[str] = tuple(RESULT_FORMATS) + tuple(GRAPH_FORMATS)
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reply:
    """A whole answer: the format that was taken, and its bytes."""

    format: str
    body: bytes


def refuse(query: str) -> None:
    """Raise QueryRefusedError for a SERVICE clause, QueryLimitError for nesting deeper than MAX_DEPTH.

    Strings, IRIs, comments, variables and prefixed names are skipped. A text made to deceive this reading
    gains nothing: the child cannot open a connection, and a crash is its own.
    """
    depth = 0
    for token in _TOKEN.finditer(query):
        if token.lastgroup == "word" and "SERVICE" in re.split("[.-]", token["word"].upper()):
            raise QueryRefusedError("SERVICE")
        depth += (token.lastgroup == "open") - (token.lastgroup == "close")
        if depth > MAX_DEPTH:
            raise QueryLimitError("depth", MAX_DEPTH, "levels")


class Workers:
    """Up to `count` child processes over one release, each started when it is first needed.

    Use as ``async with Workers(...) as workers``: leaving it ends them all.
    """

    def __init__(self, release: Path, *, count: int = 1, time_s: float = 10.0) -> None:
        self._release = release
        self._time_s = time_s
        self._free = asyncio.Semaphore(count)
        self._idle: list[asyncio.subprocess.Process] = []
        self._all: set[asyncio.subprocess.Process] = set()

    async def __aenter__(self) -> Workers:
        """Start the first child, so that a release that cannot be opened is known at once."""
        self._idle.append(await self._start())
        return self

    async def __aexit__(self, *_: object) -> None:
        """End every child."""
        for child in list(self._all):
            await self._end(child)

    async def answer(self, request: Request) -> Reply:
        """The answer in the first of its formats that this kind of query has.

        Raises QueryLimitError after `time_s` seconds, QueryError if the engine crashed, ParameterError if
        none of the formats fits, and what `refuse` and `Store.query` raise.
        """
        refuse(request.query)
        async with self._free:
            child = await self._take()
            try:
                async with asyncio.timeout(self._time_s):
                    reply = await _exchange(child, pickle.dumps(request))
            except TimeoutError:
                raise QueryLimitError("time", self._time_s, "s") from None
            except (EOFError, ConnectionError):
                raise QueryError(_CRASHED) from None
            else:
                self._idle.append(child)
            finally:
                if child not in self._idle:
                    await self._end(child)
        return _unpack(reply)

    async def _take(self) -> asyncio.subprocess.Process:
        while self._idle:
            child = self._idle.pop()
            if child.returncode is None:
                return child
            await self._end(child)
        return await self._start()

    async def _start(self) -> asyncio.subprocess.Process:
        # A session of its own: Ctrl-C reaches the parent, which then ends its children.
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-c", _CHILD, str(self._release.resolve()), str(self._time_s)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            limit=2**20,
        )
        self._all.add(child)
        try:
            _unpack(await _receive(child))
        except EOFError:
            await self._end(child)
            raise QueryError(N_("a query process did not start")) from None
        except CtlgraphError:
            await self._end(child)
            raise
        return child

    async def _end(self, child: asyncio.subprocess.Process) -> None:
        self._all.discard(child)
        if child.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(child.pid, signal.SIGKILL)  # child.kill() would take the exit status from asyncio
        await child.communicate()


async def _exchange(child: asyncio.subprocess.Process, message: bytes) -> bytes:
    pipe = cast(asyncio.StreamWriter, child.stdin)
    pipe.write(_SIZE.pack(len(message)) + message)
    await pipe.drain()
    return await _receive(child)


async def _receive(child: asyncio.subprocess.Process) -> bytes:
    pipe = cast(asyncio.StreamReader, child.stdout)
    (size,) = _SIZE.unpack(await pipe.readexactly(_SIZE.size))
    return await pipe.readexactly(size)


def _unpack(message: bytes) -> Reply:
    reply: Reply | CtlgraphError = pickle.loads(message)  # noqa: S301  # written by our own child
    if isinstance(reply, CtlgraphError):
        raise reply
    return reply


# What follows runs in the child.


def serve() -> None:
    """Be the child: answer requests from standard input on standard output until it is closed."""
    release, time_s = Path(sys.argv[1]), float(sys.argv[2])
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    try:
        store = Store.open(release)
    except CtlgraphError as error:
        return _send(sink, error)
    for kind in (resource.RLIMIT_CORE, resource.RLIMIT_NOFILE):
        resource.setrlimit(kind, (0, 0))
    _send(sink, Reply("", b""))
    while head := source.read(_SIZE.size):
        request = pickle.loads(source.read(*_SIZE.unpack(head)))  # noqa: S301  # written by our own parent
        signal.setitimer(
            signal.ITIMER_REAL, time_s + _GRACE_S
        )  # the default action of SIGALRM ends the process
        _send(sink, _reply(store, request))
        signal.setitimer(signal.ITIMER_REAL, 0)
    return None


def _reply(store: Store, request: Request) -> Reply | CtlgraphError:
    try:
        answer = store.query(
            request.query, default_graphs=request.default_graphs, named_graphs=request.named_graphs
        )
        name = next((name for name in request.formats if name in answer.formats), None)
        if name is None:
            return ParameterError("format", ", ".join(request.formats), ", ".join(answer.formats))
        return Reply(name, answer.serialize(name))
    except CtlgraphError as error:
        return error


def _send(sink: BinaryIO, reply: Reply | CtlgraphError) -> None:
    message = pickle.dumps(reply)
    sink.write(_SIZE.pack(len(message)) + message)
    sink.flush()
