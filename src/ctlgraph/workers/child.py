"""A query process: forked from the zygote, which has the store in its memory.

It accepts a connection of the server, on the socket that all of them share, and answers its queries in turn.
What ends a query too long, too large or no longer wanted is the kernel, by signals left at their default
action: it needs no help from this process, which may be deep in the engine. While the engine works, the
process can open nothing.
"""

from __future__ import annotations

import ctypes
import fcntl
import marshal
import os
import pickle
import resource
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ctlgraph.errors import CtlgraphError, ParameterError, QueryLimitError
from ctlgraph.store import Store, count_rows
from ctlgraph.workers import wire
from ctlgraph.workers.wire import BEGUN, MIB, NUMBER, SLOW, THREAD, Limits, Request

_DEADLY = (signal.SIGALRM, signal.SIGPROF, signal.SIGIO, signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)
_PR_SET_PDEATHSIG = 1
_M_ARENA_MAX = -8
_MOST_QUERIES = 20_000
_MOST_GROWTH = 64 * MIB
_STACK = 8 * MIB
_PRIORITY_OF_THREADS = sys.platform == "linux"
FAILED = 70  # the exit status after an error that nobody expected
_libc = ctypes.CDLL(None)


def settle(zygote: int, limits: Limits) -> None:
    """Make this fork a process of its own: deadly signals, no input or output, dead with the zygote."""
    signal.set_wakeup_fd(-1)
    for number in _DEADLY:
        signal.signal(number, signal.SIG_DFL)
    die_with(zygote)
    if hasattr(_libc, "mallopt"):
        _libc.mallopt(_M_ARENA_MAX, 1)  # else the thread gets 64 MiB of addresses of its own
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.close(nothing)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.size_mib * MIB,) * 2)


def die_with(parent: int) -> None:
    """Have the kernel end this process when that one, which forked it, ends; on Linux."""
    if sys.platform == "linux":
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before it could take us along
        os._exit(0)


class Child:
    """A query process at work, for one connection of the server. row: its row of the board.

    tables: files that the engine opens only as it comes to read them; 0 for a store in memory.

    Priority belongs to a thread, and only a privileged process can raise it again. So a thread answers the
    queries, and after a slow one another takes its place: the process, which has by then a copy of what its
    queries touch of the store, lives on.
    """

    def __init__(
        self, listening: socket.socket, store: Store, limits: Limits, row: memoryview, tables: int = 0
    ) -> None:
        self._store = store
        self._limits = limits
        self._row = row
        self._size = _size()
        start = self._size()
        self._grown = start + _MOST_GROWTH
        self._ceiling = start + limits.memory_mib * MIB if start else resource.RLIM_INFINITY
        self._file = wire.memory_file()  # of the next answer; what an earlier one left in it does not matter
        self._descriptors = _highest() + 1 + tables if tables else 0
        self._left = _MOST_QUERIES
        self._last = False
        self._connection, _address = listening.accept()
        fcntl.fcntl(self._connection, fcntl.F_SETOWN, os.getpid())

    def serve(self) -> None:
        """Answer queries until the connection is closed, or this process has grown, or is old."""
        threading.stack_size(_STACK)
        while not self._last:
            thread = threading.Thread(target=self._answer_until_slow)
            thread.start()
            thread.join()

    def _answer_until_slow(self) -> None:
        try:
            self._row[THREAD] = threading.get_native_id() if _PRIORITY_OF_THREADS else os.getpid()
            while not self._last and not self._row[SLOW]:
                self._answer(self._connection)
                self._row[NUMBER] = 0
            self._last = self._last or not _PRIORITY_OF_THREADS
            self._row[SLOW] = 0
        except (ConnectionError, EOFError):
            os._exit(0)
        except BaseException:  # noqa: BLE001  # the engine's panics are no Exceptions
            os._exit(FAILED)

    def _answer(self, connection: socket.socket) -> None:
        number, length = wire.ASK.unpack(wire.receive(connection, wire.ASK.size))
        self._file.seek(0)
        try:
            with _timed(self._limits.time_s):
                with suppress(OSError):
                    self._row[BEGUN] = wire.processor_ns(os.getpid())
                self._row[NUMBER] = number
                request = Request(*marshal.loads(wire.receive(connection, length)))  # noqa: S302  # our server's
                with _watched(connection):
                    name, volatile = self._evaluate(request)
        except CtlgraphError as error:
            self._file.truncate(0)
            problem = pickle.dumps(error)
            connection.sendall(self._head(wire.ERROR, "", len(problem)) + problem)
        else:
            self._send(connection, name, volatile)

    def _evaluate(self, request: Request) -> tuple[str, bool]:
        """Write the answer to the file; the name of the format taken, and whether the answer may change."""
        try:
            with confined(self._ceiling, self._descriptors):
                if request.check:
                    self._store.check(request.query, base=request.base or None)
                    return request.formats[0], False
                answer = self._store.query(
                    request.query,
                    default_graphs=request.default_graphs,
                    named_graphs=request.named_graphs,
                    base=request.base or None,
                )
                name = next((name for name in request.formats if name in answer.formats), None)
                if name is None:
                    raise ParameterError("format", ", ".join(request.formats), ", ".join(answer.formats))
                answer.write(name, self._file)
        except MemoryError:
            raise QueryLimitError("memory", self._limits.memory_mib, "MiB") from None
        except (CtlgraphError, OSError):
            if os.fstat(self._file.fileno()).st_size >= self._limits.size_mib * MIB:
                raise QueryLimitError("size", self._limits.size_mib, "MiB") from None
            raise
        if answer.kind == "select" and self._rows(name) > self._limits.rows:
            raise QueryLimitError("rows", self._limits.rows, "rows")
        return name, answer.volatile

    def _rows(self, name: str) -> int:
        """The rows of the answer; not counted where they cannot be too many: a row takes a byte."""
        size = self._file.tell()
        if size <= self._limits.rows:
            return 0
        return count_rows(name, os.pread(self._file.fileno(), size, 0), self._limits.rows)

    def _send(self, connection: socket.socket, name: str, volatile: bool) -> None:
        size = self._file.tell()
        if size <= wire.INLINE:
            body = os.pread(self._file.fileno(), size, 0)
            connection.sendall(self._head(wire.WHOLE, name, size, volatile) + body)
            return
        with self._file:  # the server has it from now on
            self._file.truncate()
            head = self._head(wire.FILE, name, size, volatile)
            socket.send_fds(connection, [head], [self._file.fileno()])
        self._file = wire.memory_file()

    def _head(self, kind: int, name: str, size: int, volatile: bool = False) -> bytes:
        """The head of an answer. It is decided here whether it is the last, so that the server knows."""
        self._left -= 1
        self._last = not self._left or self._size() > self._grown
        return wire.ANSWER.pack(kind, name.encode(), size, volatile, self._last)


@contextmanager
def confined(ceiling: int = resource.RLIM_INFINITY, descriptors: int = 0) -> Iterator[None]:
    """Within, this process can open neither file nor socket, and its memory stays below so many bytes.

    The kernel gives no descriptor, whatever the call; those that are open stay so. descriptors: those below
    this number may be given all the same, for the engine to open the tables of a store on disk.
    """
    before = [(limit, resource.getrlimit(limit)) for limit in (resource.RLIMIT_NOFILE, resource.RLIMIT_AS)]
    for (limit, (_soft, hard)), soft in zip(before, (descriptors, ceiling), strict=True):
        resource.setrlimit(limit, (soft, hard))
    try:
        yield
    finally:
        for limit, pair in before:
            resource.setrlimit(limit, pair)


@contextmanager
def _timed(seconds: float) -> Iterator[None]:
    """Within, this process dies after so many seconds, or so many of the processor."""
    timers = (signal.ITIMER_REAL, signal.ITIMER_PROF)
    for timer in timers:
        signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        for timer in timers:
            signal.setitimer(timer, 0)


@contextmanager
def _watched(connection: socket.socket) -> Iterator[None]:
    """Within, this process dies when the other end is closed. Raises EOFError if it is closed already."""
    fcntl.fcntl(connection, fcntl.F_SETFL, os.O_ASYNC)
    try:
        with suppress(BlockingIOError):
            if not connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT):
                raise EOFError
        yield
    finally:
        fcntl.fcntl(connection, fcntl.F_SETFL, 0)  # else room to write would be a signal too


def _highest() -> int:
    """The highest descriptor that is open."""
    return max(int(path.name) for path in Path("/dev/fd").iterdir())


def _size() -> Callable[[], int]:
    """A function that tells the bytes of this process's address space; 0 where there is no ``/proc``."""
    try:
        statm = os.open("/proc/self/statm", os.O_RDONLY)
    except OSError:
        return lambda: 0
    page = resource.getpagesize()
    return lambda: int(os.pread(statm, 64, 0).split()[0]) * page
