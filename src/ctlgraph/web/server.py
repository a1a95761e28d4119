"""The process that serves: a socket first, so that a taken port is one clear line; then uvicorn on it."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from ctlgraph.errors import CtlgraphError
from ctlgraph.messages import N_
from ctlgraph.release import Release
from ctlgraph.settings import Settings
from ctlgraph.web.app import create_app


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


def run(settings: Settings, release: Release, listening: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM; then finish what is under way, end the query processes, exit 0."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))  # uvicorn stops first, then raises the signal again
    config = uvicorn.Config(
        create_app(settings, release), access_log=False, log_level="warning", timeout_graceful_shutdown=5
    )
    uvicorn.Server(config).run(sockets=[listening])
