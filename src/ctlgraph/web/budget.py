"""Memory that requests hold at once, which has a bound however many clients there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from ctlgraph.errors import QueryBusyError


class Budget:
    """So many MiB for all together, for something of this name; one client has half of it."""

    def __init__(self, name: str, mib: int) -> None:
        self._name = name
        self._mib = mib
        self._held: Counter[str] = Counter()

    @contextmanager
    def holding(self, client: str, size: int) -> Iterator[None]:
        """Count so many bytes for as long as it lasts. Raises QueryBusyError if they are too many."""
        most = self._mib * 2**20
        if self._held.total() + size > most or self._held[client] + size > most // 2:
            raise QueryBusyError(self._name, self._mib, "MiB")
        self._held[client] += size
        try:
            yield
        finally:
            self._held[client] -= size
            self._held += Counter()  # forgets clients that hold nothing
