"""A real server on a free port of this machine."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from ctlgraph.release import build

SMALL = Path(__file__).parents[1] / "data" / "small"


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of two clusters."""
    folder = tmp_path_factory.mktemp("served")
    return build(shutil.copytree(SMALL, folder / "project"), folder / "releases").path


@pytest.fixture(scope="session")
def server(served: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and its address; stopped with SIGTERM, which is a clean end."""
    command = [sys.executable, "-m", "ctlgraph", "serve", "--release", str(served), "--port", "0"]
    options = ["--query-time-s", "1", "--workers", "3"]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = re.search(r"http://\S+", process.stdout.readline())
        assert address
        yield process, address[0]
        process.terminate()
        assert process.wait(10) == 0


@pytest.fixture(scope="session")
def client(server: tuple[subprocess.Popen[str], str]) -> Iterator[httpx.Client]:
    """A client that asks for nothing of its own accord: no Accept, no language."""
    with httpx.Client(base_url=server[1], timeout=20, trust_env=False) as client:
        del client.headers["accept"]
        yield client
