"""A service with low limits, something to lure it, and a bystander who is served while it is attacked."""

import ctypes
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

LIMITS = {
    "query-time-s": 1,
    "query-memory-mib": 64,
    "result-rows": 1000,
    "result-mib": 1,
    "body-kib": 128,
    "workers": 3,
    "workers-max": 6,
    "queue": 64,
    "client-queries": 4,
}
CLIQUE = 40
SECRET = "canary"


@dataclass(frozen=True)
class Lure:
    """A file and an address of this machine that no query may touch."""

    path: Path
    port: int
    watch: int
    listening: socket.socket

    def __call__(self, text: str) -> str:
        """The text with FILE and PORT filled in."""
        return text.replace("FILE", self.path.as_uri()).replace("PORT", str(self.port))

    def touched(self) -> bool:
        """Whether the file was opened or the address connected to, up to now."""
        try:
            if self.watch >= 0 and os.read(self.watch, 4096):
                return True
        except BlockingIOError:
            pass
        try:
            self.listening.accept()
        except BlockingIOError:
            return False
        return True


@pytest.fixture(scope="session")
def lure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lure]:
    """The file is watched by the kernel (inotify), where it can."""
    path = tmp_path_factory.mktemp("lure") / "canary.nt"
    path.write_text(f'<http://example.org/{SECRET}> <http://example.org/p> "{SECRET}" .\n')
    watch = -1
    if libc := getattr(ctypes.CDLL(None), "inotify_init1", None):
        watch = libc(os.O_NONBLOCK)
        assert ctypes.CDLL(None).inotify_add_watch(watch, os.fsencode(path), 0xFFF) >= 0
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield Lure(path, listening.getsockname()[1], watch, listening)
    if watch >= 0:
        os.close(watch)


@pytest.fixture(scope="session")
def attacked(
    serve: Callable[..., AbstractContextManager[tuple[subprocess.Popen[str], str]]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[int, str]]:
    """Process and address of a service over a small graph in which everyone knows everyone."""
    data = tmp_path_factory.mktemp("clique") / "clique.nt"
    one = "<http://example.org/{}> <http://example.org/knows> <http://example.org/{}> .\n".format
    data.write_text("".join(one(a, b) for a in range(CLIQUE) for b in range(CLIQUE) if a != b))
    with serve("--data", data, *(f"--{name}={value}" for name, value in LIMITS.items())) as (
        process,
        address,
    ):
        yield process.pid, address


@pytest.fixture(scope="session")
def target(attacked: tuple[int, str]) -> Iterator[httpx.Client]:
    """The attacker, who is patient."""
    with httpx.Client(base_url=attacked[1], timeout=60, trust_env=False) as client:
        del client.headers["accept"]
        yield client


@pytest.fixture(scope="module")  # not longer: it would keep the machine busy under the tests that follow
def answers(attacked: tuple[int, str]) -> Iterator[list[bool]]:
    """Whether another client, at another address of loopback, got what it asked, time after time."""
    answers: list[bool] = []
    enough = threading.Event()

    def ask() -> None:
        transport = httpx.HTTPTransport(local_address="127.0.0.2")
        with httpx.Client(base_url=attacked[1], timeout=30, trust_env=False, transport=transport) as client:
            while not enough.wait(0.01):
                number = len(answers)  # so that no answer comes from the cache
                query = f"SELECT ({number} AS ?n) {{ ?s ?p ?o }} LIMIT 1"
                answer = client.get("/sparql", params={"query": query, "format": "csv"})
                answers.append(answer.text == f"n\r\n{number}\r\n")

    thread = threading.Thread(target=ask)
    thread.start()
    yield answers
    enough.set()
    thread.join()


@pytest.fixture(autouse=True)
def bystander(answers: list[bool]) -> Iterator[None]:
    """The other client is answered all the while, and afterwards."""
    before = len(answers)
    yield
    end = time.monotonic() + 60
    after = len(answers)
    while len(answers) < after + 2 and time.monotonic() < end:
        time.sleep(0.005)
    assert len(answers) >= after + 2
    assert all(answers[before:])
