"""The package: what it names, and the wheel that a user installs."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import ctlgraph

ROOT = Path(__file__).parents[2]
CARRIED = ("ontology", "shapes", "data", "queries", "CHANGELOG.md")


def test_public_names_are_what_is_there() -> None:
    """`__all__` is the whole list, sorted, and each name is a thing of ours."""
    here = {name for name in vars(ctlgraph) if not name.startswith("_")} | {ctlgraph.Graph.__name__}
    modules = {name for name in here if type(getattr(ctlgraph, name)).__name__ == "module"}
    assert set(ctlgraph.__all__) == here - modules - {"version"}
    assert list(ctlgraph.__all__) == sorted(ctlgraph.__all__)


def test_python_version_is_the_projects() -> None:
    """The installed version is that of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert ctlgraph.__version__ == project["version"]
    assert f"version: {project['version']}\n" in (ROOT / "CITATION.cff").read_text()


def test_constraints_are_versions_only() -> None:
    """No address of a registry or of a machine."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.+!]*", line) for line in lines)
    assert not any(line.lower().startswith("ctlgraph") for line in lines)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The Python of a new environment that has the wheel; its dependencies come from the package index."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    ignored = shutil.ignore_patterns(".venv", "build", "node_modules", ".git", "__pycache__", ".*_cache")
    shutil.copytree(ROOT, source, ignore=ignored)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(source)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    python = folder / "venv" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    pip = [str(python), "-m", "pip", "install", "-q", "-c", str(ROOT / "constraints.txt"), str(wheel)]
    run = subprocess.run(pip, capture_output=True, text=True)
    if run.returncode and re.search("connection|resolve|No matching distribution", run.stderr, re.IGNORECASE):
        pytest.skip("wheel installation: the package index cannot be reached")
    assert run.returncode == 0, run.stderr
    yield python
    shutil.rmtree(folder)


@pytest.mark.slow
def test_an_installed_wheel_serves_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    """It carries all it needs, builds its release in the user's data folder, and answers a query."""
    empty, home = tmp_path / "empty", tmp_path / "home"
    empty.mkdir()
    kept = {name: os.environ[name] for name in ("PATH",)}
    environment = {**kept, "HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "LC_ALL": "C"}
    command = [str(installed.with_name("ctlgraph")), "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=empty, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = next(found[0] for line in process.stdout if (found := re.search(r"http://\S+", line)))
        query = (
            "SELECT (COUNT(*) AS ?n) { ?cluster a <https://w3id.org/ctlgraph/ontology#TechnologyCluster> }"
        )
        answer = httpx.get(f"{address}sparql", params={"query": query}, trust_env=False, timeout=30)
        process.terminate()
        assert process.wait(10) == 0
    assert int(answer.json()["results"]["bindings"][0]["n"]["value"]) >= 2
    assert (home / "data" / "ctlgraph" / "releases" / "current" / "ctlgraph.nq").is_file()
    assert not list(empty.iterdir())


@pytest.mark.slow
def test_a_wheel_carries_the_data_and_the_texts(installed: Path) -> None:
    """Ontology, shapes, data, queries, changelog; the catalogues of both languages; both licences."""
    (wheel,) = installed.parents[2].glob("*.whl")
    listed = subprocess.run(
        [sys.executable, "-m", "zipfile", "-l", str(wheel)], check=True, capture_output=True, text=True
    ).stdout
    for name in CARRIED:
        assert f"ctlgraph/_data/{name}" in listed
    for name in ("locale/it/", "locale/en/", "templates/home.html", "static/dist/manifest.json", "py.typed"):
        assert name in listed
    for name in ("LICENSE", "LICENSE-DATA"):
        assert f"licenses/{name}" in listed
