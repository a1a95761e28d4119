"""The commands that make and write releases: check, release, export, generate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from ctlgraph.cli import inputs
from ctlgraph.cli.app import app
from ctlgraph.cli.options import Output, Quiet, ReleaseName, Verbose
from ctlgraph.cli.outputs import emit, fail, print_report
from ctlgraph.cli.words import LANG, Command, _
from ctlgraph.errors import CtlgraphError
from ctlgraph.messages import N_, translate
from ctlgraph.settings import Settings, releases_folder

_OWL = {
    "consistent": N_("OWL: consistent"),
    "inconsistent": N_("OWL: inconsistent, or a class without any possible instance"),
    "not checked": N_(
        "OWL consistency was not checked: it takes a project and Java (pip install 'ctlgraph[reasoning]')"
    ),
}


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
    folder, extra = inputs.project(path or [])
    try:
        report = release.check(folder or sources.root(), extra=extra, reasoning=True)
    except CtlgraphError as error:
        raise fail(error, reader) from error
    if format == "ttl":
        emit(report.turtle())
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
        print_report(report, reader)
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
    from ctlgraph.export import dumped
    from ctlgraph.release import build
    from ctlgraph.sources import root

    folder = root()
    built = build(folder, out or releases_folder(folder), finish=dumped)
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
    _print_drift(folder, built.path)


def _print_drift(folder: Path, built: Path) -> None:
    """Say which saved queries no longer answer as their tests say: a report, no refusal."""
    from ctlgraph.catalogue import FORMATS, drifting, drive_now, read
    from ctlgraph.store import Store

    store, found = Store.open(built), read(folder)

    def ask(text: str) -> bytes:
        answer = store.query(text)
        return answer.serialize(next(name for name in FORMATS if name in answer.formats))

    drifted = drive_now(drifting(found), ask)
    for drift in drifted:
        typer.echo(drift.line(LANG))
    text = N_("saved queries: {number}, changed answers: {drifted}")
    typer.echo(translate(text, LANG, number=len(found), drifted=len(drifted)))


@app.command(
    cls=Command,
    help=_("Write the release in another form."),
    epilog=_("Example: ctlgraph export --format trig -o ctlgraph.trig"),
)
def export(
    format: Annotated[
        Literal["nq", "trig", "ttl", "nt", "jsonld", "rdf12", "csv", "parquet", "graphml", "geojson"],
        typer.Option(
            help=_(
                "nq, trig, jsonld and rdf12 keep the named graphs; csv and parquet are ZIP files of tables."
            )
        ),
    ] = "nq",
    output: Output = None,
    release: ReleaseName = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Print the release, or write it to a file as a whole."""
    import shutil
    import sys
    from tempfile import TemporaryFile

    from ctlgraph.export import Origin, whole
    from ctlgraph.export import export as write

    origin = Origin.of(inputs.release(Settings.read(release=release).release))
    if output is not None:
        with whole(output) as file:
            write(origin, format, file, output.parent if output.is_file() or not output.exists() else None)
        return
    with TemporaryFile() as file:  # standard output gets all of it or nothing
        write(origin, format, file)
        file.seek(0)
        shutil.copyfileobj(file, sys.stdout.buffer)
        sys.stdout.buffer.flush()


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
