"""The servers that are compared: each started over one release on a free port, and ended by its process id.

What a process tree takes is read from /proc; where there is none, as on macOS, memory is nan.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from getpass import getuser
from http.client import HTTPConnection
from math import nan
from pathlib import Path

from ctlgraph.sources import root

HOST = "127.0.0.1"
BIN = Path(sys.executable).parent
START_S = 60  # for a server to load its data
LIMIT_S = 10  # for one query, where a server knows a limit
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
CONFIGURATION = root() / "deploy" / "nginx.conf"


@dataclass(frozen=True)
class Server:
    """A running server; its path goes up to the text of the query."""

    name: str
    pid: int
    port: int
    path: str


@contextmanager
def ctlgraph(release: Path) -> Iterator[Server]:
    """This service."""
    port = free_port()
    command = [BIN / "ctlgraph", "serve", "--release", release, "--port", port, "--query-time-s", LIMIT_S]
    with _running("ctlgraph", command, port, "/sparql?query=") as server:
        yield server


@contextmanager
def oxigraph(quads: Path) -> Iterator[Server]:
    """`oxigraph serve` in memory: it has no option for a file, so the N-Quads are sent to it.

    Without its --timeout-s, which starts a thread for each query that lives until that time: some thousand
    queries a second exhaust the threads, and it dies. Nor does it end a count over a cross join.
    """
    port = free_port()
    command = [BIN / "oxigraph", "serve", "--bind", f"{HOST}:{port}"]
    with _running("oxigraph", command, port, "/query?query=") as server, quads.open("rb") as body:
        connection = HTTPConnection(HOST, port)
        connection.request("POST", "/store", body, {"Content-Type": "application/n-quads"})
        if connection.getresponse().status >= 300:
            raise OSError("oxigraph does not take the N-Quads")
        yield server


@contextmanager
def rdflib(quads: Path) -> Iterator[Server]:
    """rdflib-endpoint in memory."""
    port = free_port()
    command = [BIN / "rdflib-endpoint", "serve", "--host", HOST, "--port", port, quads]
    with _running("rdflib-endpoint", command, port, "/?query=") as server:
        yield server


@contextmanager
def nginx(behind: Server, folder: Path) -> Iterator[Server]:
    """The cache of deploy/nginx.conf, on another port and in this folder, in front of the service."""
    port = free_port()
    folder.mkdir()
    text = CONFIGURATION.read_text("utf-8")
    text = re.sub(r"listen .*;", f"listen {HOST}:{port};", text)
    text = re.sub(r"server 127\.0\.0\.1:8000", f"server {HOST}:{behind.port}", text)
    (folder / "nginx.conf").write_text(text, "utf-8")
    command = [
        NGINX,
        "-p",
        folder,
        "-c",
        folder / "nginx.conf",
        "-e",
        "stderr",
        "-g",
        f"daemon off; user {getuser()};",
    ]
    with _running("behind nginx", command, port, behind.path) as server:
        yield server


def memory(server: Server) -> float:
    """MiB of the server's processes, each shared page counted once (PSS)."""
    texts = _read(server.pid, "smaps_rollup")
    return sum(int(text.split("\nPss:")[1].split()[0]) for text in texts) / 1024 if texts else nan


def stop(server: Server) -> None:
    """End a server at once, with whatever it is doing."""
    os.kill(server.pid, signal.SIGKILL)


def settle(server: Server, most_s: float = 10) -> None:
    """Return when the server's processes rest, so that what one leaves undone does not slow the next."""
    until, before = time.monotonic() + most_s, -9
    while (now := _ticks(server.pid)) > before + 1 and time.monotonic() < until:
        before = now
        time.sleep(0.05)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server((HOST, 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def _running(
    name: str, command: Sequence[object], port: int, path: str, start_s: float = 60
) -> Iterator[Server]:
    quiet = subprocess.DEVNULL
    with subprocess.Popen(list(map(str, command)), stdout=quiet, stderr=quiet) as process:
        try:
            _wait(process, port)
            yield Server(name, process.pid, port, path)
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(5)
            process.kill()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + START_S
    while True:
        try:
            connection = HTTPConnection(HOST, port, timeout=START_S)
            connection.request("GET", "/")
            connection.getresponse().read()
        except OSError as error:
            if process.poll() is not None or time.monotonic() > until:
                raise TimeoutError(f"{process.args!r} does not answer") from error
            time.sleep(0.1)
        else:
            return


def _ticks(pid: int) -> int:
    """Hundredths of a second that the processes have computed so far."""
    stats = [text.rpartition(")")[2].split() for text in _read(pid, "stat")]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats)


def _read(pid: int, name: str) -> list[str]:
    """That file of /proc, for a process and all that descend from it."""
    children = defaultdict(list)
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            children[int(path.read_text().rpartition(")")[2].split()[1])].append(int(path.parent.name))
    family = [pid]
    for member in family:  # which grows on the way
        family += children[member]
    texts = []
    for member in family:
        with suppress(OSError):
            texts.append(Path(f"/proc/{member}/{name}").read_text())
    return texts
