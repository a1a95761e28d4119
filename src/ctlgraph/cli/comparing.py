"""The command that compares two releases."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from ctlgraph.cli.app import app
from ctlgraph.cli.options import Quiet, Verbose
from ctlgraph.cli.outputs import emit, fail
from ctlgraph.cli.words import LANG, Command, _
from ctlgraph.errors import CtlgraphError
from ctlgraph.settings import releases_folder

_MISUSE = 2


@app.command(
    cls=Command,
    help=_("Say what changed from one release to another: exit 0 nothing, 1 something, 2 misuse."),
    epilog=_("Example: ctlgraph diff 0.1.0 0.2.0 --lang it"),
)
def diff(
    a: Annotated[str, typer.Argument(metavar="A", help=_("A version or a release directory."))],
    b: Annotated[str, typer.Argument(metavar="B", help=_("Another one; `current` is the current release."))],
    format: Annotated[
        Literal["text", "json", "patch"],
        typer.Option(help=_("Sentences, JSON, or a SPARQL Update that turns A into B.")),
    ] = "text",
    lang: Annotated[Literal["it", "en"] | None, typer.Option(help=_("Language of the sentences."))] = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Print the difference; exit 2 too if one of them is not there or is damaged."""
    from ctlgraph.diff.comparison import compare
    from ctlgraph.diff.patch import patch
    from ctlgraph.diff.report import as_json, lines
    from ctlgraph.sources import root

    reader = lang or LANG
    try:
        found = compare(a, b, root(), releases_folder(root()))
    except CtlgraphError as error:
        fail(error, reader)
        raise typer.Exit(_MISUSE) from error
    if format == "patch":
        emit(patch(found.difference).encode())
    elif format == "json":
        emit(as_json(found.difference, found.gone, recorded=found.recorded))
    else:
        for line in lines(found.difference, found.gone, recorded=found.recorded, lang=reader):
            typer.echo(line)
    raise typer.Exit(int(not found.difference.same or bool(found.gone)))
