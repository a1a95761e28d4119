"""A release or a result in another form, and how it reaches a file.

Knows forms that the engine does not write, such as a table for a terminal; `store` knows the others.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TextIO

from ctlgraph.errors import SourceError
from ctlgraph.messages import N_
from ctlgraph.store import dump
from ctlgraph.vocabulary import compact


def release_as(release: Path, format_name: str) -> bytes:
    """The whole of a release directory in another format, the same bytes each time.

    nq, trig and jsonld keep the named graphs; ttl and nt hold their merge.
    """
    path = release / "ctlgraph.nq"
    try:
        return dump(path.read_bytes(), format_name)
    except SyntaxError as error:
        reason = N_("this is not valid {form}: {reason}")
        raise SourceError(str(path), error.lineno, reason, form="N-Quads", reason=error.msg) from error
    except OSError as error:
        raise SourceError(str(path), None, error.strerror or str(error)) from error


def write(path: Path, data: bytes) -> None:
    """Write a file as a whole or not at all: a reader never sees half of it.

    A device such as /dev/stdout is written to, not replaced. Raises OSError, naming the path; an earlier
    file is then untouched.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        temporary.unlink(missing_ok=True)


def print_table(results: bytes, out: TextIO) -> None:
    """Print SPARQL JSON results as a table: IRIs compact, nothing cut off where the output is not a terminal.

    The answer of an ASK is the one word true or false.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    answer = json.loads(results)
    if "boolean" in answer:
        out.write(f"{json.dumps(answer['boolean'])}\n")
        return
    names = answer["head"]["vars"]
    table = Table(*names, box=box.SIMPLE_HEAD, pad_edge=False)
    for row in answer["results"]["bindings"]:
        table.add_row(*(Text(cell(row[name])) if name in row else "" for name in names))
    terminal = out.isatty()
    for column in table.columns:
        column.overflow, column.no_wrap = "fold", not terminal
    Console(file=out, width=None if terminal else 100_000, highlight=False).print(table)


def cell(term: dict[str, str]) -> str:
    """A term of SPARQL JSON results as a person reads it: IRIs compact, a literal with its language."""
    if term["type"] == "uri":
        return compact(term["value"])
    if term["type"] == "bnode":
        return f"_:{term['value']}"
    lang = term.get("xml:lang")
    return f"{term['value']}@{lang}" if lang else term["value"]
