"""An answer, whole, as its reader takes it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO

_CHUNK = 2**18


@dataclass(frozen=True)
class Reply:
    """A whole answer: the format that was taken, and its bytes; close it, or use it in a ``with``.

    size: in bytes. volatile: asking again may give another answer, over the same data.
    body: the bytes of a short answer; a longer one lies in an open memory file and has None here.
    """

    format: str
    size: int
    volatile: bool = False
    body: bytes | None = None
    file: FileIO | None = None

    def read(self) -> bytes:
        """All of it."""
        return b"".join(self.chunks())

    def chunks(self) -> Iterator[bytes]:
        """All of it, at most 256 KiB at a time."""
        if self.file is None:
            yield self.body or b""
            return
        position = 0
        while chunk := os.pread(self.file.fileno(), _CHUNK, position):
            yield chunk
            position += len(chunk)

    def close(self) -> None:
        """Give the memory of the file back."""
        if self.file is not None:
            self.file.close()

    def __enter__(self) -> Reply:
        """The reply, closed at the end of the ``with``."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()
