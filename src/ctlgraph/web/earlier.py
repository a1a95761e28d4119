"""Earlier releases, each served like the current one below ``/releases/{version}``.

One is opened when it is first asked for, in few query processes of its own with the limits of all others. At
most `_OPEN` are open at once: for another, the one that was asked for longest ago closes when its queries are
done. Knows versions and folders; `Service` knows what is served.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from ctlgraph.errors import CtlgraphError, ReleaseError
from ctlgraph.messages import N_
from ctlgraph.release import Release
from ctlgraph.release.kept import known, opened
from ctlgraph.settings import releases_folder
from ctlgraph.sources import root
from ctlgraph.web.served import Served
from ctlgraph.workers import Workers

if TYPE_CHECKING:
    from ctlgraph.web.service import Service

_log = logging.getLogger(__name__)
_OPEN = 2


class Earlier:
    """The earlier releases that are open, by version, that which was asked for last at the end."""

    def __init__(self, open_beside: Callable[[Served, str], Awaitable[Service]]) -> None:
        """`open_beside` opens a content as a service below a path."""
        self._open_beside = open_beside
        self._open: dict[str, Service] = {}
        self._one = asyncio.Lock()
        self._closing: set[asyncio.Task[None]] = set()

    @staticmethod
    def known() -> Mapping[str, Path]:
        """The folders of the finished releases by version, newest first."""
        return known(root(), releases_folder(root()))

    @property
    def workers(self) -> tuple[Workers, ...]:
        """The query processes of those that are open."""
        return tuple(service.current.workers for service in self._open.values())

    async def release(self, version: str) -> Release:
        """The release of a version, whole. Raises HTTPException 404, CtlgraphError if it is damaged."""
        path = self.known().get(version)
        if path is None:
            raise HTTPException(404, "release")
        try:
            return await asyncio.to_thread(opened, path, releases_folder(root()))
        except ReleaseError as error:
            _log.error("%s", error)
            name = getattr(error.facts.get("path"), "name", path.name)
            reason = N_("release {version} is damaged, in the file {name}: it is not served")
            raise CtlgraphError(reason, version=version, name=name) from error

    async def service(self, version: str) -> Service:
        """A release as a service, opened if it is not. Raises what `release` and `Workers` raise."""
        async with self._one:
            found = self._open.pop(version, None)
            if found is None:
                release = await self.release(version)
                while len(self._open) >= _OPEN:
                    self._retire(self._open.pop(next(iter(self._open))))
                found = await self._open_beside(Served.of(release), f"/releases/{version}")
            self._open[version] = found
            return found

    async def close(self) -> None:
        """End all of them, whatever they do."""
        for task in self._closing:
            task.cancel()
        await asyncio.gather(*self._closing, return_exceptions=True)
        for service in self._open.values():
            await service.current.close()
        self._open.clear()

    def _retire(self, service: Service) -> None:
        task = asyncio.create_task(_end(service))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


async def _end(service: Service) -> None:
    try:
        await service.current.workers.drain()
    finally:
        await service.current.close()
