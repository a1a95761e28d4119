"""The command line: check, release, query, export, generate, serve.

Knows options, exit codes and where output goes; each command leaves the work to the module it is named after.
Results go to standard output, errors in one line to standard error. Heavy modules are imported by the command
that needs them, so that help and completion answer at once.

Exit codes: 0 done, 1 an error or a violation, 2 misuse, 3 a limit.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ctlgraph.cli.options import Output, Quiet, ReleaseName, Verbose, Version, log
from ctlgraph.cli.words import LANG, Command, Group, _, misuse
from ctlgraph.errors import CtlgraphError, ParameterError, QueryLimitError, ReleaseError, SourceError
from ctlgraph.messages import N_, translate
from ctlgraph.settings import Settings, is_clone, releases_folder

if TYPE_CHECKING:
    from ctlgraph.release import Release
    from ctlgraph.validation import Report

# What the operating system says most often, for the catalogues.
_REASONS = (
    N_("No such file or directory"),
    N_("Permission denied"),
    N_("Is a directory"),
    N_("Not a directory"),
    N_("No space left on device"),
    N_("Read-only file system"),
    N_("Address already in use"),
)

_OWL = {
    "consistent": N_("OWL: consistent"),
    "inconsistent": N_("OWL: inconsistent, or a class without any possible instance"),
    "not checked": N_(
        "OWL consistency was not checked: it takes a project and Java (pip install 'ctlgraph[reasoning]')"
    ),
}

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


@app.command(
    cls=Command,
    help=_("Check syntax, shapes and consistency, and say where each finding is and what to do."),
    epilog=_("Example: ctlgraph check --lang it"),
)
def check(
    context: typer.Context,
    path: Annotated[
        list[Path] | None,
        typer.Argument(
            help=_("A project or a release; or files and folders of Turtle and TriG, to check with our own.")
        ),
    ] = None,
    lang: Annotated[Literal["it", "en"] | None, typer.Option(help=_("Language of the findings."))] = None,
    format: Annotated[Literal["text", "json", "ttl"], typer.Option(help=_("Form of the report."))] = "text",
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Print the findings; exit 1 if one is a violation or a file cannot be read."""
    from ctlgraph import release, sources

    reader = lang or LANG
    folder, extra = _project(path or [])
    try:
        report = release.check(folder or sources.root(), extra=extra, reasoning=True)
    except CtlgraphError as error:
        raise _fail(error, reader) from error
    if format == "ttl":
        _emit(report.turtle())
    elif format == "json":
        findings = [finding.to_json() for finding in report.findings]
        facts = {
            "conforms": report.conforms,
            "counts": report.counts,
            "findings": findings,
            "owl": report.owl,
        }
        typer.echo(json.dumps(facts, ensure_ascii=False, indent=2))
    elif quiet or context.find_root().params["quiet"]:
        for line in report.lines(reader, rules=False):
            typer.echo(line)
    else:
        _print_report(report, reader)
        typer.echo(translate(_OWL[report.owl], reader))
    raise typer.Exit(0 if report.conforms else 1)


@app.command(
    cls=Command,
    help=_("Build a validated, immutable release and make it the current one."),
    epilog=_("Example: ctlgraph release --out build/releases"),
)
def release(
    out: Annotated[Path | None, typer.Option(help=_("The folder of the releases."))] = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Print version, counts and folder; exit 1, with the findings, if a shape is violated."""
    from ctlgraph.release import build
    from ctlgraph.sources import root

    folder = root()
    built = build(folder, out or releases_folder(folder))
    counts = built.manifest["counts"]
    text = N_("release {version} of {date}: {quads} statements in {graphs} graphs")
    facts = {
        "version": built.version,
        "date": built.date,
        "quads": counts["quads"],
        "graphs": counts["graphs"],
    }
    typer.echo(translate(text, LANG, **facts))
    typer.echo(built.path)


@app.command(
    cls=Command,
    help=_("Answer a SPARQL query over a release."),
    epilog=_("Example: echo 'ASK { ?s ?p ?o }' | ctlgraph query -"),
)
def query(
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help=_("A file with the query, or - for standard input."))
    ],
    format: Annotated[
        Literal["table", "json", "xml", "csv", "tsv", "ttl", "nt", "trig", "jsonld"],
        typer.Option(help=_("Form of the answer; a table of triples is Turtle.")),
    ] = "table",
    timeout: Annotated[
        float | None, typer.Option(metavar="SECONDS", help=_("Stop the query after so many seconds."))
    ] = None,
    release: ReleaseName = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Print the answer; the query runs in a process of its own, within its time."""
    from ctlgraph.export import print_table
    from ctlgraph.workers import Reply, Request, Workers

    text = _read(file)
    settings = Settings.read(release=release, query_time_s=timeout)
    formats = ("json", "ttl") if format == "table" else (format,)
    folder = _open(settings.release).path

    async def ask() -> Reply:
        async with Workers(folder, time_s=settings.query_time_s) as workers:
            return await workers.answer(Request(text, formats))

    reply = asyncio.run(ask())
    if format == "table" and reply.format == "json":
        print_table(reply.body, sys.stdout)
    else:
        _emit(reply.body)


@app.command(
    cls=Command,
    help=_("Write the release in another form."),
    epilog=_("Example: ctlgraph export --format trig -o ctlgraph.trig"),
)
def export(
    format: Annotated[
        Literal["nq", "trig", "ttl", "nt", "jsonld"],
        typer.Option(help=_("nq, trig and jsonld keep the named graphs; ttl and nt merge them.")),
    ] = "nq",
    output: Output = None,
    release: ReleaseName = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Print the release, or write it to a file as a whole."""
    from ctlgraph.export import release_as, write

    data = release_as(_open(Settings.read(release=release).release).path, format)
    if output is None:
        _emit(data)
    else:
        write(output, data)


@app.command(
    cls=Command,
    help=_("Write a synthetic release of any size, the same for the same seed; `check` validates it."),
    epilog=_(
        "Example: ctlgraph generate --clusters 30 --organisations 10000 --projects 9300 --seed 1 -o synthetic"
    ),
)
def generate(
    clusters: Annotated[int, typer.Option(min=1, help=_("How many clusters."))],
    organisations: Annotated[int, typer.Option(min=1, help=_("How many organisations."))],
    projects: Annotated[int, typer.Option(min=1, help=_("How many projects; a hundred statements each."))],
    output: Annotated[
        Path, typer.Option("--output", "-o", help=_("A folder that is not there yet, or empty."))
    ],
    seed: Annotated[int, typer.Option(help=_("Another number, another world."))] = 0,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Print the counts and the folder; exit 2 if the folder has something in it."""
    from ctlgraph.generate import Size, synthesise
    from ctlgraph.release import open_release
    from ctlgraph.sources import root

    synthesise(root(), output, Size(clusters, organisations, projects, seed))
    counts = open_release(output).manifest["counts"]
    text = N_("synthetic, not validated: {quads} statements in {graphs} graphs")
    typer.echo(translate(text, LANG, quads=counts["quads"], graphs=counts["graphs"]))
    typer.echo(output)


@app.command(
    cls=Command,
    help=_("Serve the release over HTTP until it is interrupted."),
    epilog=_("Example: ctlgraph serve --port 8080"),
)
def serve(
    release: ReleaseName = None,
    host: Annotated[
        str | None, typer.Option(help=_("Address to listen on: CTLGRAPH_HOST, else 127.0.0.1."))
    ] = None,
    port: Annotated[
        int | None, typer.Option(help=_("Port, 0 for any that is free: CTLGRAPH_PORT, else 8000."))
    ] = None,
    query_time_s: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", help=_("Seconds for one query: CTLGRAPH_QUERY_TIME_S, else 10.")),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help=_("Processes that answer queries: CTLGRAPH_WORKERS, else 6."))
    ] = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Say the address and serve; exit 0 when stopped, 1 if the port is taken."""
    from ctlgraph.web import server

    settings = Settings.read(
        release=release, host=host, port=port, query_time_s=query_time_s, workers=workers
    )
    log.setLevel(min(log.level, logging.INFO) if not quiet else logging.WARNING)
    opened = _open(settings.release)
    with server.listen(settings) as (socket, address):
        text = N_("serving release {version} on {address} (stop with Ctrl-C)")
        if not quiet:
            typer.echo(translate(text, LANG, version=opened.version, address=address))
        server.run(settings, opened, socket)


def main() -> None:
    """Run the command line; every expected error ends in one line and an exit code."""
    log.handlers = [logging.StreamHandler(sys.stderr)]
    log.setLevel(logging.INFO if sys.stderr.isatty() else logging.WARNING)
    logging.getLogger("rdflib").setLevel(logging.CRITICAL)  # of a date that is none the shapes say enough
    started = time.monotonic()
    try:
        status = app(standalone_mode=False)
        sys.stdout.flush()
    except typer.TyperException as error:
        _complain(misuse(error))
        status = 2
    except CtlgraphError as error:
        status = _fail(error, LANG).exit_code
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except OSError as error:
        reason = translate(error.strerror or str(error), LANG)
        _complain(f"{error.filename}: {reason}" if error.filename else reason)
        status = 1
    log.debug("%.2f s", time.monotonic() - started)
    sys.exit(status)


def _fail(error: CtlgraphError, lang: str) -> typer.Exit:
    report = error.report if isinstance(error, ReleaseError) else None
    if report is not None:
        _print_report(report, lang)
    _complain(error.text(lang))
    if isinstance(error, QueryLimitError):
        return typer.Exit(3)
    return typer.Exit(2 if isinstance(error, ParameterError) else 1)


def _complain(text: str) -> None:
    typer.echo(f"ctlgraph: {text}", err=True)


def _emit(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _print_report(report: Report, lang: str) -> None:
    for line in report.lines(lang):
        typer.echo(line)
    text = N_("violations: {violation}, warnings: {warning}, infos: {info}")
    typer.echo(translate(text, lang, **report.counts))


def _project(paths: list[Path]) -> tuple[Path | None, tuple[Path, ...]]:
    """A project or a release on its own, or the files and folders to check with our ontology and shapes."""
    if len(paths) == 1 and any((paths[0] / part).exists() for part in ("ontology", "manifest.json")):
        return paths[0], ()
    return None, tuple(paths)


def _read(file: str) -> str:
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SourceError(file, line, N_("this is not UTF-8: save the file in that encoding")) from error


def _open(name: str | None) -> Release:
    """The release of that version or directory; the current one, built first if there is none.

    A clone's data are being written, so its current release stays until `ctlgraph release`; an installed
    package carries finished data, so that after an upgrade theirs is the current one.
    """
    from ctlgraph.release import build, current, open_release
    from ctlgraph.sources import root

    folder = root()
    releases = releases_folder(folder)
    if name is not None:
        path = next((path for path in (Path(name), releases / name) if path.is_dir()), None)
        if path is None:
            raise ReleaseError(
                N_("there is no release {name}, in {folder} or elsewhere"), name=name, folder=releases
            )
        return open_release(path)
    found = current(releases)
    if found and is_clone(folder):
        return found
    if found is None:
        log.info(translate(N_("there is no release yet: building one in {folder}"), LANG, folder=releases))
    return build(folder, releases)
