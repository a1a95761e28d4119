"""Notebooks that are run."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from ctlgraph.release import Release

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call,no-any-return]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_its_outputs(path: Path) -> None:
    """What a cell prints belongs to the machine and the release that it ran on."""
    cells = [cell for cell in read(path).cells if cell.cell_type == "code"]
    assert cells
    assert not any(cell.outputs or cell.execution_count for cell in cells)
    assert not re.search(r"/(home|root|tmp|work|Users)/", path.read_text("utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_its_first_cell_to_its_last(
    path: Path, release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a kernel of its own, where an event loop runs; a cell that fails fails the test."""
    monkeypatch.setenv("CTLGRAPH_RELEASE", str(release.path))
    notebook = read(path)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    kinds = {kind for output in outputs for kind in output.get("data", {})}
    texts = [output.get("data", {}).get("text/plain", "") for output in outputs]
    assert {"image/svg+xml", "text/html"} <= kinds
    assert "np.int64(755)" in texts or "755" in texts
    assert release.version in texts[0]
    assert not list(tmp_path.iterdir())
