"""The index of the names in what is served, made when it is first asked for."""

from __future__ import annotations

import asyncio

from ctlgraph.search import Index, building
from ctlgraph.store import Content


class Names:
    """The index of one content: made once, in another process, however many ask at the same time."""

    def __init__(self, content: Content, *, disk_mib: int) -> None:
        """disk_mib: from which size on a content is read from disk."""
        self._content = content
        self._disk_mib = disk_mib
        self._making: asyncio.Task[Index] | None = None

    async def index(self) -> Index:
        """The index. Raises QueryError if it cannot be made; who asks next tries again."""
        if self._making is None or (self._making.done() and not self._made(self._making)):
            self._making = asyncio.create_task(self._make())
        return await asyncio.shield(self._making)  # one reader who leaves does not take it from the others

    async def close(self) -> None:
        """Make it no longer, if it is being made."""
        if self._making is not None and not self._making.done():
            self._making.cancel()
            await asyncio.wait([self._making])

    async def _make(self) -> Index:
        data = await building(self._content, disk_mib=self._disk_mib)
        return await asyncio.to_thread(Index, data)

    @staticmethod
    def _made(making: asyncio.Task[Index]) -> bool:
        return not making.cancelled() and making.exception() is None
