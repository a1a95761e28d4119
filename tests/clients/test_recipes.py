"""The recipes of `clients/README.md` run as they are written, against a service over the real release."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from ctlgraph.release import Release

HERE = Path(__file__).parents[2] / "clients"
ADDRESS = "http://127.0.0.1:8000"
BLOCK = re.compile(
    r"^```(?P<how>\w+)(?: package=(?P<package>\w+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
FOUND = [match.groupdict() for match in BLOCK.finditer((HERE / "README.md").read_text("utf-8"))]
RSCRIPT = shutil.which("Rscript")
SAYS = {  # what a block prints, by words of it
    "Graph.open": "83",
    "read_parquet": "36 36 Int64",
    "SPARQLWrapper": "Lombardy Mobility Cluster",
    "Project.csv": "55 ",
    "read_graphml": "13 True",
    "read.csv": "55",
    "library(SPARQL)": "55",
}


@pytest.fixture(scope="module")
def address(
    serve: Callable[..., AbstractContextManager[tuple[subprocess.Popen[str], str]]], release: Release
) -> Iterator[str]:
    with serve("--release", release.path) as (_, address):
        yield address


def has_package(name: str) -> bool:
    ask = [str(RSCRIPT), "-e", f"quit(status = !requireNamespace('{name}', quietly = TRUE))"]
    return subprocess.run(ask, capture_output=True).returncode == 0


@pytest.mark.parametrize("block", FOUND, ids=[f"{each['how']}-{n}" for n, each in enumerate(FOUND)])
def test_a_recipe_runs_as_it_is_written(block: dict[str, str], address: str, tmp_path: Path) -> None:
    """But for the port of the service; in an empty folder, with the answer that it is for."""
    if block["how"] == "r" and RSCRIPT is None:
        pytest.skip("R is not installed: apt-get install r-base-core")
    if block["package"] and not has_package(block["package"]):
        pytest.skip(f"the R package {block['package']} is not installed: apt-get install r-cran-sparql")
    text = block["text"].replace(ADDRESS, address)
    command = {
        "sh": ["bash", "-euo", "pipefail", "-c", text],
        "python": [sys.executable, "-W", "error", "-W", "ignore::ResourceWarning", "-c", text],
        "r": [str(RSCRIPT), "--vanilla", "-e", text],
    }[block["how"]]
    if block["how"] == "sh" and shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    words = next((words for name, words in SAYS.items() if name in text), "")
    assert words in run.stdout
    if block["how"] == "sh":
        assert (tmp_path / "projects.csv").read_text().split() == ["projects", "55"]
        assert "83" in (tmp_path / "member-counts.csv").read_text()
        assert "cluster:clm" in (tmp_path / "clm.ttl").read_text()
    else:
        assert words


def test_both_languages_have_the_same_recipes() -> None:
    """And each program that is named as not run is named in both."""
    italian = [match.groupdict() for match in BLOCK.finditer((HERE / "README.it.md").read_text("utf-8"))]
    assert italian == FOUND
    texts = [(HERE / name).read_text("utf-8") for name in ("README.md", "README.it.md")]
    for text, heading in zip(texts, ("## Not run here", "## Non eseguito qui"), strict=True):
        names = re.findall(r"^- \*\*([\w, ]+)\*\*", text.partition(heading)[2], re.MULTILINE)
        assert names == ["Excel, Power Query", "QGIS", "Gephi", "Observable"]
