"""What the server, the zygote and the query processes say to each other, and how.

Pickles travel only between processes of our own: the socket lies in a folder that no other user may enter.
"""

from __future__ import annotations

import marshal
import mmap
import os
import pickle
import socket
import struct
import tempfile
import time
from dataclasses import dataclass
from io import FileIO
from typing import Any

from ctlgraph.settings import Settings
from ctlgraph.store import GRAPH_FORMATS, RESULT_FORMATS, Content

MIB = 2**20
INLINE = 2**16  # bytes: a longer answer is passed on as an open file
ASK = struct.Struct("=QI")  # number of the query, length of the request that follows
# One of the three below, the name of the format, the size, whether it is volatile, whether it is the last.
ANSWER = struct.Struct("=B7sQ??")
WHOLE, FILE, ERROR = range(3)  # the answer follows; its open file rides along; a pickled error follows
# From the server to the zygote: one of the three below, number of the query, niceness for a demotion.
COMMAND = struct.Struct("=BQB")
DEMOTE, KILL, END = range(3)
NUMBER, PID, THREAD, BEGUN, SLOW = range(5)  # columns of the board
LENGTH = struct.Struct("=I")  # before every pickle in a pipe


@dataclass(frozen=True)
class Request:
    """A query, the formats its reader takes, best first, and the dataset that the Protocol may name.

    base: what relative IRIs of the query are resolved against. check: only whether it is a query; the answer
    then is empty.
    """

    query: str
    formats: tuple[str, ...] = tuple(RESULT_FORMATS) + tuple(GRAPH_FORMATS)
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    base: str = ""
    check: bool = False


@dataclass(frozen=True)
class Limits:
    """What one query may take.

    time_s: seconds by the clock, and as many of the processor should the engine use several of them.
    memory_mib: what it may add to its process; not held where there is no ``/proc``, as on macOS.
    """

    time_s: float = 10.0
    memory_mib: int = 1024
    rows: int = 100_000
    size_mib: int = 64

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """The limits that an operator has set."""
        return cls(
            time_s=settings.query_time_s,
            memory_mib=settings.query_memory_mib,
            rows=settings.result_rows,
            size_mib=settings.result_mib,
        )


@dataclass(frozen=True)
class Plan:
    """What a zygote needs to know: the data, how many processes, and two descriptors that it inherits."""

    content: Content
    limits: Limits
    fast: int
    most: int
    disk_mib: int
    listening: int = -1
    board: int = -1


@dataclass(frozen=True)
class Death:
    """A process ended while it ran the query of that number; code as `os.waitstatus_to_exitcode` has it."""

    number: int
    code: int


def board(descriptor: int, count: int) -> list[memoryview]:
    """What is known of each process: rows of integers that server, zygote and children share.

    A row holds the number of the query that runs, 0 for none; the identifiers of process and thread; the
    nanoseconds of the processor that the process had taken when the query began; and whether it is slow.
    """
    width = SLOW + 1
    size = 8 * width * count
    os.truncate(descriptor, size)
    cells = memoryview(mmap.mmap(descriptor, size)).cast("Q")
    return [cells[start : start + width] for start in range(0, width * count, width)]


def memory_file() -> FileIO:
    """A file without a name, gone when its last descriptor is closed; in memory where the system has that."""
    if hasattr(os, "memfd_create"):
        return FileIO(os.memfd_create("ctlgraph"), "w+")
    with tempfile.TemporaryFile() as file:
        return FileIO(os.dup(file.fileno()), "w+")


def processor_ns(pid: int) -> int:
    """Nanoseconds that a process has had of the processor, without what the kernel did for it.

    So it does not count as slowness that a fork copies the pages that its first reads touch.
    Raises OSError for no such process, and where there is no such clock, as on macOS.
    Source: clock_getcpuclockid(3); the clock is CPUCLOCK_VIRT
    """
    return time.clock_gettime_ns(~pid << 3 | 1)


def pack(message: object) -> bytes:
    """A pickle behind its length, as `read` takes it from a pipe."""
    data = pickle.dumps(message)
    return LENGTH.pack(len(data)) + data


def read(descriptor: int) -> Any:
    """The next message of a pipe. Raises EOFError at its end."""
    (length,) = LENGTH.unpack(read_exactly(descriptor, LENGTH.size))
    return pickle.loads(read_exactly(descriptor, length))  # noqa: S301  # our own process wrote it


def read_exactly(descriptor: int, count: int) -> bytes:
    """So many bytes of a pipe. Raises EOFError if it ends before."""
    data = b""
    while len(data) < count:
        if not (part := os.read(descriptor, count - len(data))):
            raise EOFError
        data += part
    return data


def ask(number: int, request: Request) -> bytes:
    """What the server sends over the connection of one query."""
    data = marshal.dumps(tuple(vars(request).values()))
    return ASK.pack(number, len(data)) + data


def receive(connection: socket.socket, count: int) -> bytes:
    """So many bytes of a connection. Raises EOFError if it ends before."""
    data = connection.recv(count, socket.MSG_WAITALL)
    if len(data) < count:
        raise EOFError
    return data
