"""The map of the clusters' seats, for a page about something else: two saved queries, one drawn, one listed.

Knows which questions these are; not how the page looks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ctlgraph.catalogue import Catalogue, answering, drive
from ctlgraph.charts import description
from ctlgraph.web.site import answers
from ctlgraph.web.site.facts import Ask
from ctlgraph.web.site.tables import Column

_MAP, _LIST = "provinces-of-seats", "clusters-with-seat-in"


@dataclass(frozen=True)
class Seats:
    """Where the clusters are: the question that is drawn, with its arguments, its chart and its finding in
    words; and the seats one by one, as rows of columns.

    listed, those: the question that lists them, with its arguments.
    """

    drawn: str
    arguments: Mapping[str, str]
    picture: str
    sentence: str
    listed: str
    those: Mapping[str, str]
    columns: Sequence[Column]
    rows: Sequence[answers.Row]


async def seats(ask: Ask, catalogue: Catalogue, source: str | None, lang: str) -> Seats | None:
    """The seats that one source gives, or all; None where none is known or no such question is saved."""
    if not {_MAP, _LIST} <= catalogue.keys():
        return None
    arguments = {"source": f"id/source/{source}" if source else ""}
    those = arguments | {"place": ""}
    asked = catalogue[_MAP].fill(arguments), catalogue[_LIST].fill(those)
    drawn, listed = await asyncio.gather(*(drive(answering(each), ask) for each in asked))
    if not drawn.rows:
        return None
    picture = await asyncio.to_thread(description, drawn, lang)
    columns, rows = answers.columns(listed, lang), answers.cells(listed, lang)
    return Seats(_MAP, arguments, picture, drawn.sentence(lang), _LIST, those, columns, rows)
