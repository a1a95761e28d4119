"""Settings: defaults, environment, options, and one line of help for each."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from ctlgraph.errors import ParameterError
from ctlgraph.messages import translate
from ctlgraph.settings import Settings, releases_folder

DEFAULTS = {
    "host": "127.0.0.1",
    "port": 8000,
    "release": None,
    "base_url": None,
    "allowed_hosts": ("localhost", "127.0.0.1", "::1"),
    "trusted_proxies": (),
    "query_time_s": 10.0,
    "query_memory_mib": 1024,
    "result_rows": 100_000,
    "result_mib": 64,
    "body_kib": 1024,
    "workers": 6,
    "workers_max": 12,
    "slow_s": 0.1,
    "queue": 64,
    "client_queries": 32,
    "cache_mib": 256,
    "disk_mib": 1024,
    "contact": None,
    "log": "auto",
    "log_queries": False,
}
UNITS = {"s": "Seconds", "mib": "MiB", "kib": "KiB"}
NAMES = [each.name for each in fields(Settings)]


def test_defaults_are_safe() -> None:
    """Loopback only, every limit set: the defaults are those that are promised, and there are no others."""
    assert vars(Settings.read({})) == DEFAULTS


@pytest.mark.parametrize("name", NAMES)
def test_a_setting_has_a_line_of_help_in_both_languages(name: str) -> None:
    """It says the unit that its name ends in."""
    text = next(each.metadata["help"] for each in fields(Settings) if each.name == name)
    unit = UNITS.get(name.rpartition("_")[2])
    assert unit is None or unit in text
    assert translate(text, "it") != text
    assert not text.endswith(".")


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("host", "::1", "::1"),
        ("port", "0", 0),
        ("release", "0.4.0", "0.4.0"),
        ("base_url", "https://example.org/graph/", "https://example.org/graph/"),
        ("allowed_hosts", "example.org, localhost,", ("example.org", "localhost")),
        ("trusted_proxies", "10.0.0.1", ("10.0.0.1",)),
        ("query_time_s", "2.5", 2.5),
        ("workers", "3", 3),
        ("log", "json", "json"),
        ("log_queries", "1", True),
        ("log_queries", "False", False),
    ],
)
def test_a_setting_is_read_from_text(name: str, text: str, value: object) -> None:
    """From the environment, and alike from an option."""
    assert getattr(Settings.read({f"CTLGRAPH_{name.upper()}": text}), name) == value
    assert getattr(Settings.read({}, **{name: text}), name) == value


def test_options_win_over_the_environment() -> None:
    """And the environment over the defaults; an empty variable is none."""
    environment = {"CTLGRAPH_PORT": "9000", "CTLGRAPH_QUERY_TIME_S": "2.5", "CTLGRAPH_HOST": ""}
    assert Settings.read(environment, port=9001, release=None) == Settings(port=9001, query_time_s=2.5)


@pytest.mark.parametrize("name", [name for name in NAMES if isinstance(DEFAULTS[name], int | float)])
def test_a_number_out_of_range_is_refused_with_the_range(name: str) -> None:
    """Whatever the setting: less than nothing is no limit, and no more is a text."""
    for text in ("-1", "99999999999", "ten"):
        with pytest.raises(ParameterError, match="expected") as caught:
            Settings.read({f"CTLGRAPH_{name.upper()}": text})
        assert name in caught.value.name.lower()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("port", "70000", "0 … 65535"),
        ("query_time_s", "nan", "0.001 … 86400"),
        ("workers", "12", "more than workers"),
        ("workers_max", "6", "more than workers"),
        ("workers", "6.5", "a whole number"),
        ("log", "xml", "auto, human, json"),
        ("log_queries", "maybe", "1 or 0"),
        ("base_url", "example.org", "https://"),
    ],
)
def test_a_wrong_value_is_named(name: str, text: str, words: str) -> None:
    """The error says what is taken."""
    with pytest.raises(ParameterError, match=re.escape(words)):
        Settings.read({f"CTLGRAPH_{name.upper()}": text})


def test_a_clone_builds_in_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The data of an installed wheel are read only: its releases go to the user's data folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    assert releases_folder(tmp_path) == tmp_path / "home" / "ctlgraph" / "releases"
    (tmp_path / "pyproject.toml").touch()
    assert releases_folder(tmp_path) == tmp_path / "build" / "releases"
