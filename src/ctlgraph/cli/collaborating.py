"""The command collaboration: a graph of who works together, and what is measured of it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TextIO

import typer

from ctlgraph.cli import inputs
from ctlgraph.cli.app import app
from ctlgraph.cli.options import Data, NamedData, Output, Quiet, ReleaseName, UnionDefaultGraph, Verbose
from ctlgraph.cli.outputs import emit
from ctlgraph.cli.questions import Lang, Timeout
from ctlgraph.cli.words import LANG, Command, _
from ctlgraph.errors import ParameterError
from ctlgraph.messages import N_, translate

if TYPE_CHECKING:
    from ctlgraph.collaboration import Asked, Collaboration, Measured
    from ctlgraph.settings import Settings
    from ctlgraph.store import Content

    Ask = Callable[[str], bytes]

# One's own machine and nobody waits: a graph may be large. A limit that is set holds.
_ROOM: Mapping[str, float] = {
    "query_time_s": 600,
    "query_memory_mib": 4096,
    "result_rows": 10_000_000,
    "result_mib": 4096,
}
_SHOWN = 30  # rows of a table on a terminal


@app.command(
    cls=Command,
    help=_("Build a graph of who works together and measure it."),
    epilog=_("Example: ctlgraph collaboration --of clusters --by networks --measure degree,betweenness"),
)
def collaboration(
    of: Annotated[
        str,
        typer.Option(
            metavar="A",
            help=_(
                "What the graph is of: clusters, projects, networks, organisations, ecosystems, components,"
                " technologies, regions."
            ),
        ),
    ] = "clusters",
    by: Annotated[
        str,
        typer.Option(
            metavar="B",
            help=_(
                "What joins them: networks, projects, ecosystems, components, technologies, all of these, or"
                " clusters, organisations."
            ),
        ),
    ] = "networks",
    projection: Annotated[
        str,
        typer.Option(metavar="P", help=_("Weight of a tie: newman, count, jaccard; none keeps both sides.")),
    ] = "newman",
    measure: Annotated[
        str | None,
        typer.Option(metavar="M,...", help=_("What is measured, with commas; list names all measures.")),
    ] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "--parameter",
            "-p",
            metavar="MEASURE.KEY=VALUE",
            help=_("A parameter of a measure, such as communities.runs=100; repeatable."),
        ),
    ] = None,
    guests: Annotated[bool, typer.Option("--guests", help=_("Count guests as taking part."))] = False,
    role: Annotated[
        list[str] | None, typer.Option(metavar="ROLE", help=_("Only this role of taking part; repeatable."))
    ] = None,
    since: Annotated[int | None, typer.Option(metavar="YEAR", help=_("Only from this year on."))] = None,
    until: Annotated[int | None, typer.Option(metavar="YEAR", help=_("Only up to this year."))] = None,
    source: Annotated[
        str | None,
        typer.Option(metavar="DOC", help=_("Only what this document says, such as doc-003.")),
    ] = None,
    parts: Annotated[
        bool, typer.Option("--parts", help=_("Take the pilots of a network for networks of their own."))
    ] = False,
    backbone: Annotated[
        float | None,
        typer.Option(metavar="LEVEL", help=_("Only ties that are significant at this level, such as 0.05.")),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="RELEASE|YEAR-YEAR",
            help=_("The release or the years that the measure change compares with."),
        ),
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(metavar="E", help=_("networkx, networkit or scipy, in place of what fits the size.")),
    ] = None,
    format: Annotated[
        Literal["table", "csv", "json", "graphml", "ttl"], typer.Option(help=_("Form of the result."))
    ] = "table",
    lang: Lang = None,
    output: Output = None,
    timeout: Timeout = None,
    release: ReleaseName = None,
    data: Data = None,
    named_data: NamedData = None,
    union_default_graph: UnionDefaultGraph = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Print sentences and tables, or write the graph or the values for other programs."""
    from ctlgraph.collaboration import Asked

    reader = lang or LANG
    if measure == "list":
        return _list(reader, sys.stdout)
    asked = Asked(of, by, projection, guests, tuple(role or ()), since, until, source, parts, backbone)
    names, told = _measures(measure, parameter or (), against=against, format=format)
    settings = _roomy(inputs.settings(release=release, timeout=timeout))
    files = inputs.files(data, named_data, union=union_default_graph, release=release)
    content, version = _content(files, settings)
    with _asking(content, settings) as ask:
        graph = _built(asked, version, ask)
        other = _other(against, asked, version, ask, settings)
        measured = [_measured(graph, name, told.get(name, {}), engine or "", other, ask) for name in names]
    _give(graph, measured, format, reader, output)
    if measured and all(each.reason for each in measured):
        raise typer.Exit(1)


def _list(lang: str, out: TextIO) -> None:
    """Every measure with its definition and parameters."""
    from ctlgraph.collaboration import MEASURES

    width = max(map(len, MEASURES))
    for measure in MEASURES.values():
        keys = ", ".join(f"{each.name}={each.default}" for each in measure.parameters)
        out.write(f"{measure.name:<{width}}  {translate(measure.definition, lang)}\n")
        if keys:
            out.write(f"{'':<{width}}  {keys}\n")


def _measures(
    measure: str | None, parameters: Sequence[str], *, against: str | None, format: str
) -> tuple[tuple[str, ...], dict[str, dict[str, str]]]:
    """The names of the measures, and what their parameters are told. Raises ParameterError for misuse."""
    from ctlgraph.collaboration import DEFAULT, MEASURES
    from ctlgraph.vocabulary import nearest

    usual = ("change",) if against else () if format in ("graphml", "json") else DEFAULT
    names = tuple(dict.fromkeys(filter(None, (measure or "").split(",")))) or usual
    for name in names:
        if name not in MEASURES:
            close = nearest(name, MEASURES)
            raise ParameterError("--measure", name, ", ".join(MEASURES), (close,) if close else ())
    told: dict[str, dict[str, str]] = {}
    for text in parameters:
        key, equals, value = text.partition("=")
        name, dot, own = key.partition(".")
        if not (equals and dot) or name not in names:
            raise ParameterError("--parameter", text, N_("MEASURE.KEY=VALUE of a measure that is asked for"))
        told.setdefault(name, {})[own] = value
    return names, told


def _roomy(settings: Settings) -> Settings:
    """The settings with more room wherever they are as they come."""
    usual = type(settings)()
    wider = {name: value for name, value in _ROOM.items() if getattr(settings, name) == getattr(usual, name)}
    return replace(settings, **wider)  # type: ignore[arg-type]  # numbers, as the fields are


def _content(files: Any, settings: Settings) -> tuple[Content, str]:
    if files is not None:
        return files, ""
    found = inputs.release(settings.release)
    return found.path, found.version


@contextmanager
def _asking(content: Content, settings: Settings) -> Iterator[Ask]:
    """Answers queries in processes of their own, one at a time: Ctrl-C stops whatever runs between them."""
    from ctlgraph.catalogue import FORMATS

    loop, stack = asyncio.new_event_loop(), AsyncExitStack()
    try:
        ask = loop.run_until_complete(stack.enter_async_context(inputs.asking(content, settings)))
        yield lambda text: loop.run_until_complete(ask(text, FORMATS))[1]
    finally:
        loop.run_until_complete(stack.aclose())
        loop.close()


def _built(asked: Asked, version: str, ask: Ask) -> Collaboration:
    from ctlgraph.catalogue import drive_now
    from ctlgraph.collaboration import collaborating

    with _progress(N_("{count} questions to the data")) as step:
        return drive_now(collaborating(asked, release=version), lambda text: step(ask(text)))


def _other(
    against: str | None, asked: Asked, version: str, ask: Ask, settings: Settings
) -> Collaboration | None:
    """The graph to compare with: the same of another release, or of other years."""
    if against is None:
        return None
    first, dash, last = against.partition("-")
    if dash and (first + last).isdigit():
        return _built(replace(asked, since=int(first or 1), until=int(last or 9999)), version, ask)
    found = inputs.release(against)
    with _asking(found.path, settings) as other:
        return _built(asked, found.version, other)


def _measured(
    graph: Collaboration,
    name: str,
    told: Mapping[str, str],
    engine: str,
    other: Collaboration | None,
    ask: Ask,
) -> Measured:
    from ctlgraph.catalogue import drive_now
    from ctlgraph.collaboration import measuring

    with _progress(f"{name} … {{count}}") as step:
        steps = measuring(graph, name, told, engine=engine, other=other)
        return drive_now(steps, lambda text: step(ask(text)))


@contextmanager
def _progress(text: str) -> Iterator[Callable[[bytes], bytes]]:
    """Says on a terminal how far the work is, and leaves no trace of it."""
    count, shown = 0, sys.stderr.isatty()

    def step(answer: bytes) -> bytes:
        nonlocal count
        count += 1
        if shown:
            sys.stderr.write(f"\r\033[K{translate(text, LANG, count=count)}")
            sys.stderr.flush()
        return answer

    if shown:
        sys.stderr.write(f"\r\033[K{translate(text, LANG, count=0)}")
        sys.stderr.flush()
    try:
        yield step
    finally:
        if shown:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


def _give(
    graph: Collaboration, measured: Sequence[Measured], format: str, lang: str, output: Path | None
) -> None:
    from ctlgraph.collaboration import rdf, writing
    from ctlgraph.export import write

    match format:
        case "graphml":
            made = writing.graphml(graph, measured)
        case "json":
            made = writing.as_json(graph, measured)
        case "csv":
            made = writing.as_csv(measured, lang)
        case "ttl":
            made = rdf.turtle(graph, measured)
        case _:
            made = _table(graph, measured, lang, whole=output is not None or not sys.stdout.isatty())
    if output is None:
        emit(made)
    else:
        write(output, made)


def _table(graph: Collaboration, measured: Sequence[Measured], lang: str, *, whole: bool) -> bytes:
    """Sentences, tables, and what they must be read with."""
    from io import StringIO

    from ctlgraph.collaboration import words

    out = StringIO()
    out.write(f"{words.title(graph.asked, lang)}\n")
    for heading, text in words.graph_lines(graph, lang):
        out.write(f"  {heading}: {text}\n")
    for each in measured:
        out.write(f"\n{translate(each.measure.label, lang).capitalize()}\n{each.sentence(lang)}\n")
        if each.rows:
            out.write("\n")
            _rows(each, lang, out, None if whole else _SHOWN)
        for heading, text in words.measure_lines(each, lang):
            out.write(f"  {heading}: {text}\n")
    return out.getvalue().encode()


def _rows(measured: Measured, lang: str, out: TextIO, most: int | None) -> None:
    from ctlgraph.export import print_rows

    columns = [(place, each) for place, each in enumerate(measured.columns) if each.type != "nodes"]
    why = len(columns) < len(measured.columns)
    headings = [translate(each.label, lang) for _, each in columns] + [_why(lang)] * why
    lines = [
        [measured.shown(row[place], each, lang) for place, each in columns]
        + [measured.reasons(row, lang)] * why
        for row in measured.rows[:most]
    ]
    numbers = [place for place, (_, each) in enumerate(columns) if each.type in ("integer", "decimal")]
    print_rows(headings, lines, out, numbers=numbers)
    if most and len(measured.rows) > most:
        text = N_("{count} rows in all")
        out.write(f"  {translate(text, lang, count=len(measured.rows))}\n")


def _why(lang: str) -> str:
    return translate(N_("What they have in common"), lang)
