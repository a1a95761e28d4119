"""A release in another form, and how bytes reach a file."""

from __future__ import annotations

import os
from pathlib import Path

from ctlgraph.errors import SourceError
from ctlgraph.messages import N_
from ctlgraph.store import dump


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
