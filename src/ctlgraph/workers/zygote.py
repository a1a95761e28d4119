"""The process that holds the store and forks the query processes.

It has one thread, so that forking is safe, and waits for two things: orders of the server on its standard
input, and the death of a child. It ends, with its children, when the server closes that input or is gone.
"""

from __future__ import annotations

import gc
import os
import select
import shutil
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from ctlgraph.errors import CtlgraphError, QueryError
from ctlgraph.messages import N_
from ctlgraph.store import Content, Store, disk_folder, size, tables
from ctlgraph.workers import child, wire
from ctlgraph.workers.wire import MIB, NUMBER, PID, SLOW, THREAD, Death, Plan

_NOT_BEGUN = 71  # a child could not even begin, so its successors will not either
_ORDERS, _NOTICES = 0, 1  # standard input and output


def main() -> None:
    """Be the zygote: read the plan, open the store, say None or the error, then fork until the end."""
    plan: Plan = wire.read(_ORDERS)
    try:
        opened, files = _open(plan)
    except CtlgraphError as error:
        os.write(_NOTICES, wire.pack(error))
        return
    gc.collect()
    gc.freeze()  # what is there now is not touched again, so the children go on sharing it
    Zygote(plan, opened, files).run()


class Zygote:
    """The children: `fast` that are idle or run a quick query, and those whose query is slow."""

    def __init__(self, plan: Plan, opened: Callable[[], Store], tables: int) -> None:
        self._plan = plan
        self._opened = opened
        self._tables = tables
        self._listening = socket.socket(fileno=plan.listening)
        self._free = wire.board(plan.board, plan.most)
        self._rows: dict[int, memoryview] = {}  # of each child, by its process identifier

    def run(self) -> None:
        """Fork, reap and obey until there is nobody left to obey."""
        deaths = _wake_at(signal.SIGCHLD)
        poll = select.poll()
        for descriptor in (_ORDERS, deaths):
            poll.register(descriptor, select.POLLIN)
        self._fill()
        os.write(_NOTICES, wire.pack(None))
        try:
            while True:
                ready = [descriptor for descriptor, _event in poll.poll()]
                if deaths in ready:
                    os.read(deaths, 4096)
                    self._reap()
                if _ORDERS in ready:
                    self._obey(*wire.COMMAND.unpack(wire.read_exactly(_ORDERS, wire.COMMAND.size)))
                self._fill()
        except (EOFError, BrokenPipeError):  # the server was killed, and its socket's folder is left
            shutil.rmtree(Path(self._listening.getsockname()).parent, ignore_errors=True)
        finally:
            for pid in self._rows:
                os.kill(pid, signal.SIGKILL)

    def _fill(self) -> None:
        """Fork until `fast` children are idle or quick, or there are as many as there may be."""
        while self._free:
            slow = sum(row[SLOW] for row in self._rows.values())
            if len(self._rows) - slow >= self._plan.fast:
                return
            self._fork()

    def _fork(self) -> None:
        row = self._free.pop()
        row[NUMBER] = row[SLOW] = 0
        zygote = os.getpid()
        if pid := os.fork():
            row[PID] = pid
            self._rows[pid] = row
            return
        status = _NOT_BEGUN
        try:
            child.settle(zygote, self._plan.limits)
            store = self._opened()
            status = child.FAILED
            child.Child(self._listening, store, self._plan.limits, row, self._tables).serve()
            status = 0
        finally:
            os._exit(status)

    def _reap(self) -> None:
        while self._rows:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            row, code = self._rows.pop(pid), os.waitstatus_to_exitcode(status)
            if code == _NOT_BEGUN:
                sys.exit(1)
            if row[NUMBER]:
                os.write(_NOTICES, wire.pack(Death(row[NUMBER], code)))
            self._free.append(row)

    def _obey(self, command: int, number: int, niceness: int) -> None:
        """Lower the priority of the child that runs this query, or kill it; nothing if none runs it."""
        if command == wire.END:
            sys.exit(0)
        for pid, row in self._rows.items():
            if row[NUMBER] == number:
                if command == wire.KILL:
                    os.kill(pid, signal.SIGKILL)
                else:
                    row[SLOW] = 1
                    with suppress(ProcessLookupError):  # the thread has just ended
                        os.setpriority(os.PRIO_PROCESS, row[THREAD], niceness)


def _open(plan: Plan) -> tuple[Callable[[], Store], int]:
    """How a child gets the store: it has it in its memory, from here, or opens it on disk by itself.

    Then also the number of its tables there.
    """
    if size(plan.content) > plan.disk_mib * MIB:
        folder = disk_folder(plan.content)
        _put_on_disk(plan.content, folder)
        return partial(Store.read_only, folder), tables(folder)
    store = Store.open(plan.content)
    _ = store.graphs  # kept by the store, so that no child has to look for them
    return lambda: store, 0


def _put_on_disk(content: Content, folder: Path) -> None:
    """In a process of its own: the engine then starts threads, and a process with threads should not fork."""
    zygote = os.getpid()
    told, telling = os.pipe()
    if not os.fork():
        problem: CtlgraphError | None = QueryError(N_("a query process did not start"))
        try:
            child.die_with(zygote)
            Store.on_disk(content, folder)
            problem = None
        except CtlgraphError as error:
            problem = error
        finally:
            os.write(telling, wire.pack(problem))
            os._exit(0)
    os.close(telling)
    problem = wire.read(told)
    os.close(told)
    os.wait()
    if problem is not None:
        raise problem


def _wake_at(number: signal.Signals) -> int:
    """A descriptor that has something to read after this signal."""
    wake, woken = os.pipe()
    for end in (wake, woken):
        os.set_blocking(end, False)
    signal.signal(number, lambda *_: None)
    signal.set_wakeup_fd(woken)
    return wake
