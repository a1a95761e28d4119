"""The commands of the catalogue: queries, run."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from ctlgraph.cli import guide, inputs
from ctlgraph.cli.app import app
from ctlgraph.cli.options import Data, NamedData, Output, Quiet, ReleaseName, UnionDefaultGraph, Verbose
from ctlgraph.cli.outputs import emit
from ctlgraph.cli.words import LANG, Command, _
from ctlgraph.errors import ParameterError
from ctlgraph.messages import N_

Lang = Annotated[
    Literal["it", "en"] | None, typer.Option(help=_("Language of the answer, else that of the terminal."))
]
Timeout = Annotated[
    float | None, typer.Option(metavar="SECONDS", help=_("Stop the query after so many seconds."))
]

_BINARY = ("xlsx", "parquet", "png")


class Run(Command):
    """The command `run`, whose help is that of the question if one is named."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse them; keep the name for the help, which comes before anything is parsed."""
        if "--help" in args:
            ctx.meta["question"] = next((each for each in args if each in guide.names()), None)
        parsed: list[str] = super().parse_args(ctx, args)
        return parsed

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help of the question, or of the command."""
        if name := ctx.meta.get("question"):
            typer.echo(guide.guide(name, LANG))
        else:
            super().format_help(ctx, formatter)


@app.command(
    cls=Command,
    help=_("List the saved queries: the questions that `run` answers."),
    epilog=_("Example: ctlgraph queries --tag members"),
)
def queries(
    lang: Lang = None,
    tag: Annotated[str | None, typer.Option(help=_("Only those with this tag."))] = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Print a line for each: its name and its title."""
    from ctlgraph.catalogue import read
    from ctlgraph.sources import root

    found = read(root())
    if tag is not None and tag not in found.tags:
        raise ParameterError("--tag", tag, ", ".join(found.tags))
    width = max(map(len, found), default=0)
    for query in found.values():
        if tag is None or tag in query.tags:
            typer.echo(f"{query.name:<{width}}  {query.title[lang or LANG]}")


def _arguments(context: typer.Context, incomplete: str) -> Iterator[str]:
    yield from guide.arguments(context.params.get("name"), incomplete)


@app.command(
    cls=Run,
    help=_("Answer a saved query; `run NAME --help` says what it takes."),
    epilog=_("Example: ctlgraph run total-members -p source=source/doc-003"),
)
def run(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help=_("The name of the question."),
            autocompletion=guide.completed,
            show_default=False,
        ),
    ] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "--parameter",
            "-p",
            metavar="KEY=VALUE",
            help=_("The value of a parameter, in place of its default; repeatable."),
            autocompletion=_arguments,
        ),
    ] = None,
    format: Annotated[
        Literal[
            "table",
            "json",
            "xml",
            "csv",
            "tsv",
            "xlsx",
            "parquet",
            "svg",
            "png",
            "ttl",
            "nt",
            "trig",
            "jsonld",
        ],
        typer.Option(
            help=_("Form of the answer; ttl, nt, trig and jsonld are for answers that are triples.")
        ),
    ] = "table",
    lang: Lang = None,
    locale: Annotated[
        Literal["it"] | None,
        typer.Option(help=_("CSV for an Italian spreadsheet: semicolons, decimal comma.")),
    ] = None,
    output: Output = None,
    all: Annotated[bool, typer.Option("--all", help=_("Every question, each to files of its own."))] = False,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help=_("The folder for --all."))] = None,
    timeout: Timeout = None,
    release: ReleaseName = None,
    data: Data = None,
    named_data: NamedData = None,
    union_default_graph: UnionDefaultGraph = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Print the answer in words and as a table, or write it as a file."""
    from ctlgraph import catalogue
    from ctlgraph.cli import answering
    from ctlgraph.export import write
    from ctlgraph.sources import root

    _check(name, all=all, out=out, format=format, output=output)
    settings = inputs.settings(release=release, timeout=timeout)
    files = inputs.files(data, named_data, union=union_default_graph, release=release)
    given, reader = dict(map(_argument, parameter or ())), lang or LANG
    questions = catalogue.read(root())
    if out is not None:
        from ctlgraph.cli.report import report

        raise typer.Exit(asyncio.run(report(questions, given, files, settings, lang=reader, out=out)))
    saved = questions.get_near(name or "")
    text = io.StringIO()
    printed = sys.stdout if output is None else text
    made = asyncio.run(
        answering.run(saved, given, files, settings, form=format, lang=reader, locale=locale, out=printed)
    )
    if output is not None:
        write(output, made if made is not None else text.getvalue().encode())
    elif made is not None:
        emit(made)


def _check(name: str | None, *, all: bool, out: Path | None, format: str, output: Path | None) -> None:
    """Raise ParameterError for options that do not go together."""
    if (name is None) != all:
        raise ParameterError("NAME", name or "", N_("the name of one question, or --all"))
    if all != (out is not None):
        raise ParameterError("--out", str(out or ""), N_("a folder, with --all"))
    if format in _BINARY and output is None and sys.stdout.isatty():
        raise ParameterError("--format", format, N_("--output FILE beside it"))


def _argument(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ParameterError("--parameter", text, "KEY=VALUE")
    return name, value
