"""What an operator may set: environment variables ``CTLGRAPH_<NAME>`` and the options of ``serve``.

Knows names, units, ranges and safe defaults; not what the settings are used for.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from ctlgraph.errors import ParameterError
from ctlgraph.messages import N_

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def _setting(default: object, help: str, *, least: float | None = None, most: float = 2**31) -> Any:
    """A field with its line of help in English; a number lies between `least` and `most`."""
    return field(default=default, metadata={"help": help, "least": least, "most": most})


@dataclass(frozen=True)
class Settings:
    """The settings of the service, checked when they are made. The metadata of a field say what it is."""

    host: str = _setting("127.0.0.1", N_("Address to listen on"))
    port: int = _setting(8000, N_("Port; 0 takes any that is free"), least=0, most=65535)
    release: str | None = _setting(None, N_("A version or a release directory, in place of the current one"))
    base_url: str | None = _setting(
        None, N_("The address that readers see, such as https://example.org/graph/")
    )
    allowed_hosts: tuple[str, ...] = _setting(
        LOOPBACK, N_("Host names that requests may carry, with commas; others get 400")
    )
    trusted_proxies: tuple[str, ...] = _setting(
        (), N_("Addresses of proxies whose X-Forwarded-For is believed, with commas")
    )
    query_time_s: float = _setting(10.0, N_("Seconds for one query"), least=0.001, most=86400)
    query_memory_mib: int = _setting(1024, N_("Memory that one query may add to its process, MiB"), least=16)
    result_rows: int = _setting(100_000, N_("Rows of one answer"), least=1)
    result_mib: int = _setting(64, N_("Size of one answer, MiB"), least=1)
    body_kib: int = _setting(1024, N_("Size of the body of a request, KiB"), least=1)
    workers: int = _setting(6, N_("Processes for queries that are quick"), least=1, most=256)
    workers_max: int = _setting(12, N_("Processes in all, with those for slow queries"), least=2, most=512)
    slow_s: float = _setting(
        0.1,
        N_("Seconds of the processor after which a query counts as slow and leaves the fast lane"),
        least=0.001,
        most=86400,
    )
    queue: int = _setting(64, N_("Queries that may wait"), least=0)
    client_queries: int = _setting(32, N_("Queries of one client at once"), least=1)
    cache_mib: int = _setting(256, N_("Memory for answers that are asked again, MiB; 0 for none"), least=0)
    disk_mib: int = _setting(
        1024, N_("Size of a release, MiB of N-Quads, from which on it is opened from disk"), least=0
    )
    contact: str | None = _setting(None, N_("Mail address for reports"))
    log: str = _setting("auto", N_("Form of the log: human, json, or auto (human on a terminal)"))
    log_queries: bool = _setting(False, N_("Write the text of queries to the log"))

    def __post_init__(self) -> None:
        """Raise ParameterError for a value out of range."""
        for each in fields(self):
            _check(each, getattr(self, each.name))
        if self.base_url is not None and not self.base_url.startswith(("http://", "https://")):
            raise ParameterError(
                "base_url", self.base_url, N_("an address that begins with http:// or https://")
            )
        if self.log not in ("auto", "human", "json"):
            raise ParameterError("log", self.log, "auto, human, json")
        if self.workers_max <= self.workers:
            raise ParameterError("workers_max", str(self.workers_max), N_("more than workers"))

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ, **options: object) -> Settings:
        """The defaults, then the environment, then the options that are not None; all may be text.

        Raises ParameterError for a value that is not of its kind.
        """
        values: dict[str, object] = {}
        for each in fields(cls):
            variable = f"CTLGRAPH_{each.name.upper()}"
            if environment.get(variable):
                values[each.name] = _convert(each, variable, environment[variable])
            given = options.get(each.name)
            if given is not None:
                values[each.name] = _convert(each, each.name, given) if isinstance(given, str) else given
        return replace(cls(), **values)  # type: ignore[arg-type]  # the names are the fields'


def is_clone(root: Path) -> bool:
    """Whether the project stands in its repository, not in an installed package."""
    return (root / "pyproject.toml").is_file()


def releases_folder(root: Path) -> Path:
    """Where releases are built: ``build/releases`` of a clone, else a folder of the user's own data."""
    if is_clone(root):
        return root / "build" / "releases"
    return user_data_path("ctlgraph", appauthor=False) / "releases"


def _check(each: Field[Any], value: object) -> None:
    least, most = each.metadata["least"], each.metadata["most"]
    if least is not None and not (isinstance(value, int | float) and least <= value <= most):
        raise ParameterError(each.name, str(value), f"{least} … {most}")


def _convert(each: Field[Any], name: str, text: str) -> object:
    """The text as a value of the field's kind, which its default shows."""
    try:
        match each.default:
            case bool():
                return {"1": True, "true": True, "0": False, "false": False}[text.lower()]
            case int():
                return int(text)
            case float():
                return float(text)
            case tuple():
                return tuple(part.strip() for part in text.split(",") if part.strip())
    except (KeyError, ValueError):
        kind = type(each.default).__name__
        expected = {"bool": N_("1 or 0"), "int": N_("a whole number"), "float": N_("a number")}[kind]
        raise ParameterError(name, text, expected) from None
    return text
