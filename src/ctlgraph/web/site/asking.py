"""A saved query as an address asks for it, and how the graph is asked so that nothing is asked twice.

Knows the parameters of an address; not how an answer looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from starlette.exceptions import HTTPException
from starlette.requests import Request

from ctlgraph import workers
from ctlgraph.catalogue import FORMATS, Filled, SavedQuery
from ctlgraph.web.cache import Answer
from ctlgraph.web.service import Service
from ctlgraph.web.site.facts import Ask
from ctlgraph.web.transfer import client

WORDS = ("format", "lang", "locale", "output", "page", "q", "release", "sort")
"""What an address says beside the parameters of a question; none of these is called so."""

ROW = "row."
"""Before the name of a column, in an address that means one row of the answer."""

_KEEPING = 512  # bytes that a remembered answer takes beside its body and its query


@dataclass(frozen=True)
class Asked:
    """A saved query with the arguments of an address, as they were written, and the row it means."""

    saved: SavedQuery
    arguments: Mapping[str, str]
    row: Mapping[str, str]

    @classmethod
    def of(cls, saved: SavedQuery, request: Request, service: Service) -> Asked:
        """What an address asks. Raises HTTPException 404 for another release than that of the service."""
        given = request.query_params
        if given.get("release", "") not in ("", service.current.served.version):
            raise HTTPException(404, "release")
        row = {name.removeprefix(ROW): value for name, value in given.items() if name.startswith(ROW)}
        arguments = {
            name: value for name, value in given.items() if name not in WORDS and not name.startswith(ROW)
        }
        return cls(saved, arguments, row)

    def read_in(self, lang: str) -> Asked:
        """The same, asked in the reader's language where the query leaves that to the reader."""
        own = {name: lang for name, each in self.saved.parameters.items() if each.reader}
        return replace(self, arguments={**own, **self.arguments}) if own else self

    def filled(self) -> Filled:
        """The query to ask. Raises ParameterError."""
        return self.saved.fill(self.arguments)


def remembering(request: Request, service: Service) -> Ask:
    """How to ask the graph like any other query of this client, but once: the answer is kept."""
    current = service.current

    async def ask(query: str) -> bytes:
        key = ("asked", query)
        found = current.cache.get(key)
        if found is None:
            asked = workers.Request(query, FORMATS)
            with await current.workers.answer(asked, client=client(request.scope)) as reply:
                body = bytes(reply.read())
            found = Answer((), b"", body, len(body) + 4 * len(query) + _KEEPING)
            current.cache.put(key, found)
        return found.body

    return ask
