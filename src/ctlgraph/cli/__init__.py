"""The command line: check, release, query, queries, run, collaboration, export, diff, generate, serve.

Knows options, exit codes and where output goes; each command leaves the work to the module it is named after.
Results go to standard output, errors in one line to standard error. Heavy modules are imported by the command
that needs them, so that help and completion answer at once.

Exit codes: 0 done, 1 an error or a violation, 2 misuse, 3 a limit, 130 interrupted.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import time

import typer

from ctlgraph.cli import building, collaborating, comparing, querying, questions  # noqa: F401  # they join
from ctlgraph.cli.app import app
from ctlgraph.cli.options import log
from ctlgraph.cli.outputs import complain, fail
from ctlgraph.cli.words import LANG, misuse, spoken
from ctlgraph.errors import CtlgraphError
from ctlgraph.messages import translate


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
        complain(misuse(error))
        status = 2
    except CtlgraphError as error:
        status = fail(error, spoken(sys.argv)).exit_code
    except (KeyboardInterrupt, typer.Abort):  # Ctrl-C: who typed it knows
        status = 128 + signal.SIGINT
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except OSError as error:
        reason = translate(error.strerror or str(error), LANG)
        complain(f"{error.filename}: {reason}" if error.filename else reason)
        status = 1
    log.debug("%.2f s", time.monotonic() - started)
    sys.exit(status)
