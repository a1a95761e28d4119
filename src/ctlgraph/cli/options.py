"""The options that several commands share."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from dataclasses import Field, fields
from pathlib import Path
from typing import Annotated, Any

import typer

from ctlgraph import __version__
from ctlgraph.cli.words import LANG, _
from ctlgraph.messages import N_, translate
from ctlgraph.settings import Settings

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
Data = Annotated[
    list[Path] | None,
    typer.Option(
        "--data",
        metavar="PATH",
        help=_(
            "An RDF file in place of a release, not validated: Turtle, TriG, N-Quads and others; repeatable."
        ),
    ),
]
NamedData = Annotated[
    list[str] | None,
    typer.Option("--named-data", metavar="IRI=PATH", help=_("An RDF file as a named graph; repeatable.")),
]
UnionDefaultGraph = Annotated[
    bool,
    typer.Option("--union-default-graph", help=_("Merge all graphs of the files into the default graph.")),
]


def with_settings(command: Callable[..., None]) -> Callable[..., None]:
    """Give the command an option for each setting, None where it is not used; they come as ``**options``."""
    signature = inspect.signature(command, eval_str=True)
    own = [each for each in signature.parameters.values() if each.kind != inspect.Parameter.VAR_KEYWORD]
    settings = [_option(each) for each in fields(Settings)]
    command.__signature__ = signature.replace(parameters=settings + own)  # type: ignore[attr-defined]
    return command


def _option(each: Field[Any]) -> inspect.Parameter:
    kind = type(each.default) if isinstance(each.default, bool | int | float) else str
    text = translate(
        N_("{help}: {variable}, else {default}."),
        LANG,
        help=each.metadata["help"],
        variable=f"CTLGRAPH_{each.name.upper()}",
        default=_shown(each.default),
    )
    name = f"--{each.name.replace('_', '-')}"
    return inspect.Parameter(
        each.name,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        default=None,
        annotation=Annotated[kind | None, typer.Option(name, help=text)],
    )


def _shown(default: object) -> str:
    if isinstance(default, tuple):
        return ",".join(default) or N_("none")
    if isinstance(default, float):
        return f"{default:g}"
    return N_("none") if default is None else N_("no") if default is False else str(default)
