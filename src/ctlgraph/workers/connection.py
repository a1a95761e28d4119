"""A connection to one query process, over which the server asks one query after the other."""

from __future__ import annotations

import asyncio
import errno
import os
import pickle
import socket
from io import FileIO

from ctlgraph.errors import CtlgraphError
from ctlgraph.workers import wire
from ctlgraph.workers.reply import Reply

_AT_ONCE = 2**14  # bytes, most answers have fewer


class Connection:
    """Open from its making to `close`, which kills a query that runs over it."""

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.setblocking(False)
        self._socket.connect(address)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket, self._read)
        self._answer: asyncio.Future[Reply] | None = None
        self._data = b""
        self._files: list[FileIO] = []
        self.usable = True
        self.worn = False  # a slow query ran over it
        self.idle_since = 0.0

    async def ask(self, message: bytes) -> Reply:
        """The answer to what `wire.ask` packed; afterwards `usable` says whether another may be asked.

        Raises what the process raised, EOFError or ConnectionError if it died, OSError if there are too many
        open files to take the answer.
        """
        self.usable = False
        answer: asyncio.Future[Reply] = self._loop.create_future()
        self._answer = answer
        sent = self._socket.send(message)
        if sent < len(message):
            await self._loop.sock_sendall(self._socket, message[sent:])
        try:
            return await answer
        except asyncio.CancelledError:
            if answer.done() and not answer.cancelled() and not answer.exception():
                answer.result().close()  # it came at the same moment
            raise

    def close(self) -> None:
        """Close it; nothing if it is closed."""
        self.usable = False
        if self._socket.fileno() >= 0:
            self._loop.remove_reader(self._socket)
            self._socket.close()
        while self._files:
            self._files.pop().close()

    def _read(self) -> None:
        try:
            data, descriptors, *_ = socket.recv_fds(self._socket, _AT_ONCE, 1)
        except ConnectionError:
            data, descriptors = b"", []
        for descriptor in descriptors:
            os.set_inheritable(descriptor, False)
            self._files.append(FileIO(descriptor))
        self._data += data
        if not data:
            self.close()
            self._give(EOFError())
        elif len(self._data) >= wire.ANSWER.size:
            self._take()

    def _take(self) -> None:
        """Give the answer if all of it has come."""
        kind, name, size, volatile, last = wire.ANSWER.unpack_from(self._data)
        whole = wire.ANSWER.size + (0 if kind == wire.FILE else size)
        if len(self._data) < whole:
            return
        body, self._data = self._data[wire.ANSWER.size : whole], b""
        self.usable = not last
        if kind == wire.FILE and not self._files:  # this process may open no more
            self._give(OSError(errno.EMFILE, os.strerror(errno.EMFILE)))
        elif kind == wire.ERROR:
            self._give(pickle.loads(body))  # noqa: S301  # our own child wrote it
        elif kind == wire.FILE:
            self._give(Reply(name.rstrip(b"\0").decode(), size, volatile, file=self._files.pop()))
        else:
            self._give(Reply(name.rstrip(b"\0").decode(), size, volatile, body))

    def _give(self, outcome: Reply | CtlgraphError | EOFError | OSError) -> None:
        if self._answer is None or self._answer.done():  # nobody waits
            self.close()
        elif isinstance(outcome, Reply):
            self._answer.set_result(outcome)
        else:
            self._answer.set_exception(outcome)
