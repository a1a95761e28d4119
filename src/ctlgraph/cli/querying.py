"""The commands that answer queries: query, serve."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import Annotated, Any, Literal

import typer

from ctlgraph.cli import inputs
from ctlgraph.cli.app import app
from ctlgraph.cli.options import (
    Data,
    NamedData,
    Quiet,
    ReleaseName,
    UnionDefaultGraph,
    Verbose,
    log,
    with_settings,
)
from ctlgraph.cli.outputs import emit
from ctlgraph.cli.words import LANG, Command, _
from ctlgraph.messages import N_, translate
from ctlgraph.settings import Settings


@app.command(
    cls=Command,
    help=_("Answer a SPARQL query over a release, or over RDF files."),
    epilog=_("Example: echo 'ASK { ?s ?p ?o }' | ctlgraph query -"),
)
def query(
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help=_("A file with the query, or - for standard input."))
    ],
    format: Annotated[
        Literal["table", "json", "xml", "csv", "tsv", "ttl", "nt", "nq", "trig", "jsonld"],
        typer.Option(help=_("Form of the answer; a table of triples is Turtle.")),
    ] = "table",
    timeout: Annotated[
        float | None, typer.Option(metavar="SECONDS", help=_("Stop the query after so many seconds."))
    ] = None,
    release: ReleaseName = None,
    data: Data = None,
    named_data: NamedData = None,
    union_default_graph: UnionDefaultGraph = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Print the answer; the query runs in a process of its own, within its time."""
    from ctlgraph.export import print_table

    text = inputs.read_query(file)
    settings = inputs.settings(release=release, timeout=timeout)
    files = inputs.files(data, named_data, union=union_default_graph, release=release)
    formats = {"table": ("json", "ttl"), "xml": ("xml", "rdf")}.get(format, (format,))

    async def answer() -> tuple[str, bytes]:
        content = files or inputs.release(settings.release).path
        async with inputs.asking(content, settings) as ask:
            return await ask(text, formats)

    taken, body = asyncio.run(answer())
    if format == "table" and taken == "json":
        print_table(body, sys.stdout)
    else:
        emit(body)


@app.command(
    cls=Command,
    help=_("Serve the release, or RDF files, over HTTP until it is interrupted."),
    epilog=_("Example: ctlgraph serve --port 8080"),
)
@with_settings
def serve(
    data: Data = None,
    named_data: NamedData = None,
    union_default_graph: UnionDefaultGraph = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    **options: Any,
) -> None:
    """Say the address and serve; exit 0 when stopped, 1 if the port is taken."""
    from ctlgraph.web import server
    from ctlgraph.web.served import Served

    settings = Settings.read(**options)
    files = inputs.files(data, named_data, union=union_default_graph, release=options["release"])
    log.setLevel(min(log.level, logging.INFO) if not quiet else logging.WARNING)

    def reopen() -> Served:
        return Served.files(files) if files else Served.of(inputs.release(settings.release))

    served = reopen()
    text = N_("serving release {version} on {address} (stop with Ctrl-C)")
    if files:
        text = N_("serving files, not validated, on {address} (stop with Ctrl-C)")
    with server.listen(settings) as (socket, address):

        def started() -> None:
            if not quiet:
                typer.echo(translate(text, LANG, version=served.version, address=address))
                sys.stdout.flush()

        server.run(settings, served, socket, reopen=reopen, started=started)
