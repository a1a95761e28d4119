"""Answers that are asked for again, kept within so many bytes.

Knows nothing of SPARQL: an answer is a body with its headers.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True)
class Answer:
    """A whole answer: its headers, its entity tag and its bytes; and the bytes that keeping it takes."""

    headers: Headers
    etag: bytes
    body: bytes
    size: int


class Cache:
    """The answers that were asked for last, up to `size` bytes; one takes an eighth of them at most."""

    def __init__(self, size: int) -> None:
        self._most = size
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self.size = self.hits = self.misses = 0

    def __len__(self) -> int:
        """The number of answers."""
        return len(self._answers)

    def get(self, key: Hashable) -> Answer | None:
        """The answer that was kept under this key, if it still is."""
        found = self._answers.get(key)
        if found is None:
            self.misses += 1
        else:
            self.hits += 1
            self._answers.move_to_end(key)
        return found

    def fits(self, size: int) -> bool:
        """Whether an answer that takes so many bytes would be kept."""
        return 8 * size <= self._most

    def put(self, key: Hashable, answer: Answer) -> None:
        """Keep an answer if it fits, in place of those that nobody asked for the longest."""
        if not self.fits(answer.size):
            return
        old = self._answers.pop(key, None)
        self.size += answer.size - (old.size if old else 0)
        self._answers[key] = answer
        while self.size > self._most:
            self.size -= self._answers.popitem(last=False)[1].size
