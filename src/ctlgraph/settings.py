"""What an operator may set: environment variables ``CTLGRAPH_<NAME>`` and the options of ``serve``.

Knows names, units and safe defaults; not what the settings are used for.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from platformdirs import user_data_path

from ctlgraph.errors import ParameterError
from ctlgraph.messages import N_

_EXPECTED = {int: N_("a whole number above 0"), float: N_("seconds, above 0 and up to 86400")}


@dataclass(frozen=True)
class Settings:
    """The settings of the service; each is checked when it is made.

    release: a version or a release directory; None stands for the current one. query_time_s: seconds of
    wall-clock time for one query. workers: processes that answer queries. port 0 takes any free port.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    release: str | None = None
    query_time_s: float = 10.0
    workers: int = 6

    def __post_init__(self) -> None:
        """Raise ParameterError for a value out of range."""
        if not 0 <= self.port <= 65535:
            raise ParameterError("port", str(self.port), "0 to 65535")
        if not 0 < self.query_time_s <= 86400:
            raise ParameterError("query_time_s", str(self.query_time_s), _EXPECTED[float])
        if self.workers < 1:
            raise ParameterError("workers", str(self.workers), _EXPECTED[int])

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ, **options: object) -> Settings:
        """The defaults, then the environment, then the options that are not None.

        Raises ParameterError for a variable that is not of its kind.
        """
        values: dict[str, object] = {}
        for field in fields(cls):
            name = f"CTLGRAPH_{field.name.upper()}"
            if environment.get(name):
                values[field.name] = _convert(name, environment[name], field.name)
        values |= {name: value for name, value in options.items() if value is not None}
        return replace(cls(), **values)  # type: ignore[arg-type]  # the names are the fields'


def is_clone(root: Path) -> bool:
    """Whether the project stands in its repository, not in an installed package."""
    return (root / "pyproject.toml").is_file()


def releases_folder(root: Path) -> Path:
    """Where releases are built: ``build/releases`` of a clone, else a folder of the user's own data."""
    if is_clone(root):
        return root / "build" / "releases"
    return user_data_path("ctlgraph", appauthor=False) / "releases"


def _convert(variable: str, text: str, name: str) -> object:
    kind = {"port": int, "workers": int, "query_time_s": float}.get(name, str)
    try:
        return kind(text)
    except ValueError:
        raise ParameterError(variable, text, _EXPECTED.get(kind, str(kind.__name__))) from None
