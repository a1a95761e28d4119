"""A real server on a free port of this machine."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import httpx
import pytest

from ctlgraph.release import build

SMALL = Path(__file__).parents[1] / "data" / "small"

Serve = Callable[..., AbstractContextManager[tuple[subprocess.Popen[str], str]]]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of two clusters."""
    folder = tmp_path_factory.mktemp("served")
    return build(shutil.copytree(SMALL, folder / "project"), folder / "releases").path


@pytest.fixture(scope="session")
def server(serve: Serve, served: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and its address; a query has a second, a body 64 KiB."""
    limits = {"CTLGRAPH_BODY_KIB": "64", "CTLGRAPH_LOG": "json", "CTLGRAPH_QUERY_TIME_S": "1"}
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as environment:  # for the server alone, not for later tests
            for name, value in limits.items():
                environment.setenv(name, value)
            running = stack.enter_context(serve("--release", served))
        yield running


def reader(address: str) -> httpx.Client:
    """A client that asks for nothing of its own accord: no Accept, no language, no compression."""
    client = httpx.Client(base_url=address, timeout=20, trust_env=False)
    for name in ("accept", "accept-encoding"):
        del client.headers[name]
    return client


@pytest.fixture(scope="session")
def client(server: tuple[subprocess.Popen[str], str]) -> Iterator[httpx.Client]:
    """A client of the server."""
    with reader(server[1]) as client:
        yield client
