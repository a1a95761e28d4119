"""The process that draws, as the others see it: one at a time, started when there is something to draw.

Rendering holds the interpreter's lock and cannot be interrupted, and a process that has rendered cannot be
forked: hence a process of its own, started afresh. Knows nothing of tables.
"""

from __future__ import annotations

import asyncio
import atexit
import hashlib
import json
import logging
import signal
import struct
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import IO, Any, cast

from ctlgraph.errors import ChartError, QueryBusyError
from ctlgraph.messages import N_

HEAD = struct.Struct(">?Q")
"""Before each answer: whether the chart was drawn, and the bytes that follow."""
TIME_S = 20
"""What one chart may take, the start of the process included."""

_PROGRAM = "from ctlgraph.charts.drawing import main; main()"
_KEPT_MIB = 32
_QUEUE = 64

_log = logging.getLogger(__name__)


class Renderer:
    """Specifications in, drawings out; those of late are kept."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = Lock()
        self._kept: dict[bytes, bytes] = {}
        self._size = 0
        self._executor: ThreadPoolExecutor | None = None
        self._waiting = 0

    def draw(self, spec: Mapping[str, Any], form: str) -> bytes:
        """The drawing, as svg or png; the same bytes for the same specification.

        Raises ChartError if it takes too long or cannot be drawn.
        """
        return self._draw(*_request(spec, form))

    async def draw_soon(self, spec: Mapping[str, Any], form: str) -> bytes:
        """As `draw`, in its turn. Raises QueryBusyError if too many wait."""
        key, request = _request(spec, form)
        if key in self._kept:
            return self._kept[key]
        if self._waiting >= _QUEUE:
            raise QueryBusyError("queue", _QUEUE, "charts")
        self._executor = self._executor or ThreadPoolExecutor(1, "charts")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, self._draw, key, request)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            self._end()
        if self._executor is not None:
            self._executor.shutdown()
            self._executor = None

    @property
    def pid(self) -> int | None:
        """The process identifier of the process that draws, None if there is none."""
        return self._process.pid if self._process else None

    def _draw(self, key: bytes, request: bytes) -> bytes:
        with self._lock:
            if key not in self._kept:
                self._keep(key, self._ask(request))
            return self._kept[key]

    def _ask(self, request: bytes) -> bytes:
        """The process's answer, or that of another one if it had died or gone before it was asked."""
        for _ in range(2):
            process = self._process = self._process or self._start()
            try:
                return _answer(process, request)
            except (EOFError, OSError):
                code = self._end()
                if code == -signal.SIGALRM:
                    raise ChartError(
                        N_("there is no chart: it took longer than {time} s to draw"), time=TIME_S
                    ) from None
                _log.warning("the process that draws charts has ended (%s): starting another", code)
        raise ChartError(N_("there is no chart: it cannot be drawn here"))

    def _start(self) -> subprocess.Popen[bytes]:
        atexit.unregister(self.close)
        atexit.register(self.close)
        return subprocess.Popen(  # noqa: S603  # nothing of it comes from outside
            [sys.executable, "-P", "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C reaches the server, whose end ends it
        )

    def _keep(self, key: bytes, drawing: bytes) -> None:
        self._kept[key] = drawing
        self._size += len(drawing)
        while self._size > _KEPT_MIB << 20 and len(self._kept) > 1:
            self._size -= len(self._kept.pop(next(iter(self._kept))))

    def _end(self) -> int | None:
        process, self._process = self._process, None
        if process is None:
            return None
        for pipe in (process.stdin, process.stdout):
            try:
                cast(IO[bytes], pipe).close()
            except OSError:  # it has not read all that was written
                _log.debug("the process that draws charts had gone before it was closed")
        return process.wait()


def _request(spec: Mapping[str, Any], form: str) -> tuple[bytes, bytes]:
    """What a drawing is kept under, and what the process is sent: one line."""
    line = json.dumps(
        {"form": form, "spec": spec}, ensure_ascii=False, allow_nan=False, sort_keys=True
    ).encode()
    return hashlib.sha256(line).digest(), line + b"\n"


def _answer(process: subprocess.Popen[bytes], request: bytes) -> bytes:
    stdin, stdout = cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout)
    stdin.write(request)
    stdin.flush()
    drawn, size = HEAD.unpack(_exactly(stdout, HEAD.size))
    answer = _exactly(stdout, size)
    if not drawn:
        _log.error("a chart cannot be drawn: %s", answer.decode())
        raise ChartError(N_("there is no chart: it cannot be drawn here"))
    return answer


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


RENDERER = Renderer()
