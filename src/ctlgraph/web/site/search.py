"""What bears a text in one of its names, and how it may be narrowed down: what an address asks for.

Knows the parameters of an address, and what a program is told; the index knows the names.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from ctlgraph.errors import ParameterError
from ctlgraph.messages import N_
from ctlgraph.search import FACETS, MOST, Found, Hit, Index, Named
from ctlgraph.web.site.facts import Thing, Things, path_of
from ctlgraph.web.site.leads import Leads

LONGEST = 200
"""Characters of a text that is looked for."""

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*\Z")


@dataclass(frozen=True)
class Search:
    """What is looked for: a text, of each facet the IRI of a value or "", and how many things at most."""

    text: str
    chosen: Mapping[str, str]
    most: int

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Search:
        """What an address asks for. Raises ParameterError for what cannot be looked for."""
        text = asked.get("q", "").strip()
        if len(text) > LONGEST:
            raise ParameterError("q", f"{text[:20]}…", N_("a short text"))
        chosen = {facet: asked.get(facet, "").strip() for facet in FACETS}
        for facet, iri in chosen.items():
            if iri and not _IRI.match(iri):
                raise ParameterError(facet, iri, N_("an IRI of the list"))
        most = asked.get("limit", "").strip() or str(MOST)
        if not (most.isdecimal() and 0 < int(most) <= MOST):
            raise ParameterError("limit", most, N_("a whole number"))
        return cls(text, chosen, int(most))

    async def find(self, index: Index, lang: str) -> Found:
        """What there is, in a thread."""
        return await asyncio.to_thread(index.find, self.text, lang, self.chosen, most=self.most)


def rows(hits: Iterable[Hit]) -> list[dict[str, Any]]:
    """Rows of a table: the thing, its kinds, and the name it was found by."""
    return [
        {"thing": _thing(hit.thing), "kind": Things(map(_thing, hit.kinds)), "known_as": hit.known_as}
        for hit in hits
    ]


def as_json(found: Found, to: Leads, root: str, lang: str) -> bytes:
    """What was found for a program: IRI, label, page and kinds of each; how many there are of each facet.

    Then what a sentence names, and the questions that it leads to.
    """
    results = [_hit(hit, root) for hit in found.hits]
    facets = {
        facet: [{**_plain(value), "count": count} for value, count in values]
        for facet, values in found.facets.items()
    }
    answer = {
        "results": results,
        "total": found.total,
        "complete": len(results) == found.total,
        "corrected": found.corrected,
        "facets": facets,
        "named": [_hit(hit, root) for hit in to.named.hits],
        "questions": [
            {
                "name": lead.related.saved.name,
                "title": lead.related.saved.title[lang],
                "page": f"{root}/queries/{lead.related.saved.name}{_asking(lead.related.arguments)}",
                "with": [thing.label for thing in lead.things],
            }
            for lead in to.questions
        ],
    }
    return json.dumps(answer, ensure_ascii=False).encode()


def _hit(hit: Hit, root: str) -> dict[str, Any]:
    return {
        **_plain(hit.thing),
        "page": root + path_of(hit.thing.iri),
        "knownAs": hit.known_as,
        "kinds": list(map(_plain, hit.kinds)),
    }


def _asking(arguments: Mapping[str, str]) -> str:
    return f"?{urlencode(arguments)}" if arguments else ""


def _thing(named: Named) -> Thing:
    return Thing(named.iri, named.label, named.lang, path_of(named.iri))


def _plain(named: Named) -> dict[str, str]:
    return {"iri": named.iri, "label": named.label}
