"""How bytes reach a file: as a whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def write(path: Path, data: bytes) -> None:
    """Write a file as a whole or not at all: a reader never sees half of it. Raises what `whole` raises."""
    with whole(path) as file:
        file.write(data)


@contextmanager
def whole(path: Path) -> Iterator[IO[bytes]]:
    """A file that has its name when everything is written and on the disk, and not before.

    A device such as /dev/stdout is written to, not replaced. Raises OSError, naming the path; an earlier
    file is then untouched. A process that is killed leaves a hidden part of another name.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        if error.errno is None:  # what was written is at fault, not the disk
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        temporary.unlink(missing_ok=True)
