"""The options that several commands share."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from ctlgraph import __version__
from ctlgraph.cli.words import _

log = logging.getLogger("ctlgraph")


def _set_level(level: int, wanted: bool) -> bool:
    if wanted:
        log.setLevel(level)
    return wanted


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ctlgraph {__version__}")
        raise typer.Exit


Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet",
        "-q",
        help=_("Say nothing but results and errors."),
        callback=lambda wanted: _set_level(logging.WARNING, wanted),
    ),
]
Verbose = Annotated[
    bool,
    typer.Option(
        "--verbose",
        "-v",
        help=_("Say more on standard error."),
        callback=lambda wanted: _set_level(logging.DEBUG, wanted),
    ),
]
ReleaseName = Annotated[
    str | None,
    typer.Option("--release", help=_("A version or a release directory, in place of the current one.")),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help=_("A file, written as a whole, in place of standard output.")),
]
Version = Annotated[
    bool,
    typer.Option("--version", help=_("Print the version and stop."), callback=_print_version, is_eager=True),
]
