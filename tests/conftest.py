"""Fixtures that every folder of tests may use."""

import shutil
from pathlib import Path

import pytest

from ctlgraph import release as releases
from ctlgraph.release import Release

TESTS = Path(__file__).parent


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
