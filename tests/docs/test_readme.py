"""Documentation that is run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"
NEEDS_A_READER = ("make", "git", "curl", "ctlgraph serve")  # set-up, or a server that does not end by itself


def commands() -> list[str]:
    """Each line of the ``sh`` blocks of README.md; a line that ends in a backslash goes on."""
    text = README.read_text() if README.exists() else ""
    blocks = "\n".join(re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE))
    lines = blocks.replace("\\\n", "").splitlines()
    return [line for line in lines if line.strip() and not line.startswith(("#", *NEEDS_A_READER))]


@pytest.mark.parametrize("command", commands())
def test_a_command_of_the_readme_runs(command: str, project: Path) -> None:
    """As it is written, from the folder of the project, with the installed command on the PATH."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    run = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=project,
        env={**os.environ, "PATH": path, "LC_ALL": "C"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr


def test_the_readme_has_commands() -> None:
    """A reader can copy at least the first query."""
    assert commands()
