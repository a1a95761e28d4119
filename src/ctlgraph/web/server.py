"""The process that serves: a socket first, so that a taken port is one clear line; then uvicorn on it."""

from __future__ import annotations

import asyncio
import gc
import math
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import uvicorn
import uvloop

from ctlgraph.errors import CtlgraphError
from ctlgraph.messages import N_
from ctlgraph.settings import Settings
from ctlgraph.web import logs
from ctlgraph.web.app import create_app
from ctlgraph.web.connection import Connection
from ctlgraph.web.served import Served
from ctlgraph.web.service import Service

_STOP_S = 30  # the longest time that running queries get to end
_FILES = 2**12  # descriptors: for connections, and one for each query


@contextmanager
def listen(settings: Settings) -> Iterator[tuple[socket.socket, str]]:
    """A listening socket and its address as a URL. Raises CtlgraphError if it is taken or not allowed."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        server = socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        text = N_("cannot listen on {host}, port {port}: {reason}: choose another with --port")
        facts = {
            "host": settings.host,
            "port": settings.port,
            "reason": os.strerror(error.errno) if error.errno else str(error),
        }
        raise CtlgraphError(text, **facts) from error
    server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else each answer waits 40 ms for an ACK
    with server:
        host = f"[{settings.host}]" if family == socket.AF_INET6 else settings.host
        yield server, f"http://{host}:{server.getsockname()[1]}/"


def run(
    settings: Settings,
    served: Served,
    listening: socket.socket,
    *,
    reopen: Callable[[], Served],
    started: Callable[[], None] = lambda: None,
) -> None:
    """Serve until SIGINT or SIGTERM; then finish what is under way, end the query processes, exit 0.

    reopen: what to serve from the next SIGHUP on; called in a thread. started: called when it takes requests.
    Raises CtlgraphError if the content cannot be opened.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))  # uvicorn stops first, then raises the signal again
    if not os.isatty(0):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until there is something to reload
    logs.set_up(settings.log)
    _allow_many_files()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(Service(settings, served, reopen), listening, started))


class _Server(uvicorn.Server):
    """Says when it has started."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._say_so = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Take requests from now on."""
        await super().startup(sockets)
        self._say_so()


async def _serve(service: Service, listening: socket.socket, started: Callable[[], None]) -> None:
    settings = service.settings
    config = uvicorn.Config(
        create_app(service),
        http=Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_graceful_shutdown=math.ceil(min(settings.query_time_s, _STOP_S)) + 1,
    )
    async with service:
        gc.freeze()  # what has been loaded by now stays: no collection need look at it again
        await _Server(config, started).serve(sockets=[listening])


def _allow_many_files() -> None:
    """Let the process have as many connections as the system allows it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError):  # macOS says that it has no limit, and then has one
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, _FILES), most))
