"""The recipes of the page of data run as a reader copies them, against the service that shows them."""

import html
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest

from ctlgraph.release import Release

RSCRIPT = shutil.which("Rscript")
COMMANDS = {
    "curl": ["bash", "-euo", "pipefail", "-c"],
    "python": [sys.executable, "-W", "error", "-W", "ignore::ResourceWarning", "-c"],
    "graph": [sys.executable, "-W", "error", "-W", "ignore::ResourceWarning", "-c"],
    "r": [str(RSCRIPT), "--vanilla", "-e"],
}
SAYS = {"curl": "55", "python": "144", "graph": "144", "r": "55"}


@pytest.fixture(scope="module")
def recipes(
    serve: Callable[..., AbstractContextManager[tuple[subprocess.Popen[str], str]]], release: Release
) -> Iterator[dict[str, str]]:
    """Each recipe of the page by its name, while the service runs."""
    with serve("--release", release.path) as (_, address):
        page = httpx.get(f"{address}/data", timeout=60, trust_env=False).text
        found = re.findall(r'id="recipe-([a-z]+)".*?<code>(.*?)</code>', page, re.DOTALL)
        yield {name: html.unescape(text) for name, text in found}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_recipe_runs_as_it_is_shown(recipes: dict[str, str], name: str, tmp_path: Path) -> None:
    """In an empty folder, with the answer that it is for."""
    if name == "r" and RSCRIPT is None:
        pytest.skip("R is not installed: apt-get install r-base-core")
    if name == "curl" and shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    done = subprocess.run(
        [*COMMANDS[name], recipes[name]], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert SAYS[name] in done.stdout


def test_the_address_for_excel_is_an_answer(recipes: dict[str, str]) -> None:
    """As CSV in UTF-8, with commas, as the page says."""
    answer = httpx.get(recipes["excel"], timeout=60, trust_env=False)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text.splitlines()[0].split(",")[0] == "cluster"
