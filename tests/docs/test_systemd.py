"""The systemd unit of `deploy/`: systemd itself reads it; it is not run here."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")


@pytest.fixture
def unit(project: Path, tmp_path: Path) -> Path:
    """The unit, with a program that is there in place of ours."""
    text = (project / "deploy" / "ctlgraph.service").read_text("utf-8")
    copy = tmp_path / "ctlgraph.service"
    copy.write_text(re.sub(r"(?<=ExecStart=)\S+", "/bin/true", text), "utf-8")
    return copy


@needs_systemd
def test_systemd_takes_the_unit(unit: Path) -> None:
    """No setting is misspelt or unknown."""
    assert ANALYZE is not None
    found = subprocess.run([ANALYZE, "verify", str(unit)], capture_output=True, text=True, check=True)
    assert found.stderr == ""


@needs_systemd
def test_the_unit_leaves_little_open(unit: Path) -> None:
    """The service may do what it needs, which systemd rates below 2 of 10."""
    assert ANALYZE is not None
    command = [ANALYZE, "security", "--offline=yes", "--json=short", "--threshold=20", str(unit)]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(found.stdout)
