"""Fixtures that every folder of tests may use."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from ctlgraph import release as releases
from ctlgraph.release import Release

TESTS = Path(__file__).parent
UNCOUNTED = tuple(
    f"tests/{name}"
    for name in (
        "clients/",
        "conformance/hostile/",
        "conformance/test_openapi",
        "docs/",
        "e2e/",
        "fuzz/",
        "ontology/",
        "property/",
        "queries/",
        "reasoning/",
        "shapes/",
        "unit/test_engines",
        "unit/test_evidence",
    )
)
"""Tests of no coverage: laws over all data, and what drives from outside what other tests look into."""
SERVICE = tuple(
    f"tests/{name}" for name in ("clients/", "conformance/", "e2e/", "fuzz/", "unit/test_workers")
)
"""Tests that look at what runs on the machine."""


def pytest_itemcollected(item: pytest.Item) -> None:
    """Count no coverage where it tells nothing: it takes as long again, or twice that."""
    if item.nodeid.startswith(UNCOUNTED):
        item.add_marker("no_cover")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Nor in the programs that such a test, or a fixture that it is the first to need, starts."""
    with pytest.MonkeyPatch.context() as patch:
        if item.get_closest_marker("no_cover"):
            patch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
        return (yield)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Give the service to one process as a whole, and to each the other files in turn."""
    return ByFile(config, log)


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """Files as a whole, those of the service as one."""

    def _split_scope(self, nodeid: str) -> str:
        return "" if nodeid.startswith(SERVICE) else nodeid.partition("::")[0]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A copy of a project of two clusters, to be spoilt at will."""
    return shutil.copytree(TESTS / "data" / "small", tmp_path / "small")


@pytest.fixture(scope="session")
def project() -> Path:
    """The repository itself."""
    return TESTS.parent


@pytest.fixture(scope="session")
def release(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of the real ontology, shapes and data."""
    return releases.build(project, tmp_path_factory.mktemp("releases"))


@pytest.fixture(scope="session")
def serve() -> Callable[..., AbstractContextManager[tuple[subprocess.Popen[str], str]]]:
    """Start `ctlgraph serve` on a free port with further options: its process and its address.

    It ends with SIGTERM, which is a clean end.
    """

    @contextmanager
    def start(*options: object) -> Iterator[tuple[subprocess.Popen[str], str]]:
        command = [sys.executable, "-m", "ctlgraph", "serve", "--port", "0", *map(str, options)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                address = re.search(r"http://\S+", process.stdout.readline())
                assert address
                yield process, address[0].rstrip("/")
            finally:
                process.terminate()
            assert process.wait(20) == 0

    return start
