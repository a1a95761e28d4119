"""The application that the commands hang on."""

from __future__ import annotations

import typer

from ctlgraph.cli.options import Quiet, Verbose, Version
from ctlgraph.cli.words import Group, _

app = typer.Typer(
    cls=Group,
    help=_("The Lombardy technology clusters as a validated, versioned knowledge graph."),
    epilog=_("Example: ctlgraph serve"),
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


@app.callback(invoke_without_command=True)
def _main(
    context: typer.Context,
    version: Version = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
