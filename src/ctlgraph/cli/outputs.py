"""Where output goes: results to standard output, an error in one line to standard error."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from ctlgraph.errors import CtlgraphError, ParameterError, QueryLimitError, ReleaseError, UnknownQueryError
from ctlgraph.messages import N_, translate

if TYPE_CHECKING:
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


def emit(data: bytes) -> None:
    """Write a result as it is."""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def complain(text: str) -> None:
    """Write one line of error."""
    typer.echo(f"ctlgraph: {text}", err=True)


def fail(error: CtlgraphError, lang: str) -> typer.Exit:
    """Say what is wrong, with the report if there is one; return the exit: 1, 2 of misuse, 3 of a limit."""
    report = error.report if isinstance(error, ReleaseError) else None
    if report is not None:
        print_report(report, lang)
    complain(error.text(lang))
    return typer.Exit(status(error))


def status(error: CtlgraphError) -> int:
    """The exit code of an error: 3 of a limit, 2 of misuse, else 1."""
    if isinstance(error, QueryLimitError):
        return 3
    return 2 if isinstance(error, ParameterError | UnknownQueryError) else 1


def print_report(report: Report, lang: str) -> None:
    """Print findings and counts."""
    for line in report.lines(lang):
        typer.echo(line)
    text = N_("violations: {violation}, warnings: {warning}, infos: {info}")
    typer.echo(translate(text, lang, **report.counts))
