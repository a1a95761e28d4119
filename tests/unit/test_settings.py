"""Settings: defaults, environment, options."""

from pathlib import Path

import pytest

from ctlgraph.errors import ParameterError
from ctlgraph.settings import Settings, releases_folder


def test_defaults_are_safe() -> None:
    """Loopback only, a time limit, a bounded number of processes."""
    assert Settings.read({}) == Settings("127.0.0.1", 8000, None, 10.0, 6)


def test_options_win_over_the_environment() -> None:
    """And the environment over the defaults; an empty variable is none."""
    environment = {"CTLGRAPH_PORT": "9000", "CTLGRAPH_QUERY_TIME_S": "2.5", "CTLGRAPH_HOST": ""}
    assert Settings.read(environment, port=9001, release=None) == Settings(port=9001, query_time_s=2.5)


@pytest.mark.parametrize(
    ("name", "text"),
    [("PORT", "http"), ("PORT", "70000"), ("WORKERS", "0"), ("QUERY_TIME_S", "-1"), ("QUERY_TIME_S", "nan")],
)
def test_a_wrong_value_is_named(name: str, text: str) -> None:
    """The error says which setting and what it takes."""
    with pytest.raises(ParameterError, match="expected") as caught:
        Settings.read({f"CTLGRAPH_{name}": text})
    assert name in caught.value.name.upper()


def test_a_clone_builds_in_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The data of an installed wheel are read only: its releases go to the user's data folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    assert releases_folder(tmp_path) == tmp_path / "home" / "ctlgraph" / "releases"
    (tmp_path / "pyproject.toml").touch()
    assert releases_folder(tmp_path) == tmp_path / "build" / "releases"
