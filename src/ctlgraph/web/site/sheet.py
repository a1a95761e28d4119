"""The cluster sheet: a cluster on one page, from the tables that its own page begins with.

Knows which of them stand on it, in which order and with which columns; not how it looks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request

from ctlgraph.catalogue import Catalogue, answering, drive
from ctlgraph.messages import N_, translate
from ctlgraph.vocabulary import BASE, expand
from ctlgraph.web.negotiation import reader_language
from ctlgraph.web.service import Service
from ctlgraph.web.site.asking import remembering
from ctlgraph.web.site.discrepancies import discrepancies
from ctlgraph.web.site.entities import Entity, Fact, entity
from ctlgraph.web.site.facts import Ask
from ctlgraph.web.site.parts import Row, Said, Section, said
from ctlgraph.web.site.rendering import Crumb, render

LEFT = {
    "counts": ("period", "total", "of"),
    "timeline": ("date", "what"),
    "people": ("who", "role"),
    "seats": ("address", "seat"),
    "networks": ("network", "role", "whole"),
    "themes": ("theme", "work"),
}
RIGHT = {
    "projects": ("project", "role", "status", "money"),
    "figures": ("indicator", "of", "value", "out", "period"),
}
"""The tables of the two halves of the sheet with their columns, in this order."""
FACTS = tuple(
    map(
        expand,
        ("rov:legalName", "ctl:acronym", "org:classification", "ctl:referenceEcosystem", "ctl:coversSector",
         "ctl:technologyArea", "ctl:recognisedBy", "foaf:homepage"),
    )
)  # fmt: skip
_PLAIN = expand("participationrole:participant")
ROWS = 24
"""Rows of a table on the sheet; the page of the cluster has them all."""


@dataclass(frozen=True)
class Part:
    """A table of the sheet. sentence: of members, the finding in words; more: rows that are left out."""

    section: Section
    columns: Mapping[str, str]
    rows: tuple[Row, ...]
    more: int
    sentence: str = ""


async def sheet(request: Request, service: Service, catalogue: Catalogue, slug: str) -> bytes | None:
    """The sheet of a cluster; None if there is no technology cluster of that name."""
    lang, ask = reader_language(request), remembering(request, service)
    iri = f"{BASE}id/cluster/{slug}"
    found = await entity(ask, iri, lang) if slug.replace("-", "").isalnum() and slug.isascii() else None
    if found is None or expand("ctl:TechnologyCluster") not in {kind.iri for kind in found.kinds}:
        return None
    told, odd, sentence = await asyncio.gather(
        said(ask, found, lang),
        discrepancies(ask, iri, lang),
        _sentence(ask, catalogue, f"cluster/{slug}", lang),
    )
    title = found.thing.label
    context = {
        "entity": found,
        "title": title,
        "facts": _facts(found),
        "parts": [_parts(told, sentence, half) for half in (LEFT, RIGHT)],
        "discrepancies": odd,
        "numbers": {each.slug: place for place, each in enumerate(odd, 1)},
        "documents": found.documents,
    }
    crumbs = (Crumb(title, found.thing.path), Crumb(translate(N_("Cluster sheet"), lang)))
    return await render(request, service, "sheet.html", crumbs=crumbs, **context)


def _parts(told: Said, sentence: str, half: Mapping[str, Sequence[str]]) -> list[Part]:
    """The tables of a half that have rows; of members with the finding in words."""
    known = {each.part.name: each for each in told.sections if each.rows}
    return [
        Part(
            each,
            _columns(each, columns),
            each.rows[:ROWS],
            max(0, len(each.rows) - ROWS),
            sentence if name == "counts" else "",
        )
        for name, columns in half.items()
        if (each := known.get(name))
    ]


def _columns(section: Section, wanted: Sequence[str]) -> Mapping[str, str]:
    """Those of the sheet with their headings; not the role, if all only take part."""
    roles = {value.term.value for row in section.rows for value in row.cells.get("role", ())}
    left_out = {"role"} if roles == {_PLAIN} else set()
    return {n: label for n, label in section.columns.items() if n in wanted and n not in left_out}


async def _sentence(ask: Ask, catalogue: Catalogue, cluster: str, lang: str) -> str:
    """How many members it has, in words; "" where that question is not there."""
    if "members-of-cluster" not in catalogue:
        return ""
    filled = catalogue["members-of-cluster"].fill({"cluster": cluster})
    return (await drive(answering(filled), ask)).sentence(lang)


def _facts(found: Entity) -> Sequence[Fact]:
    """Who it is, in the order of FACTS."""
    known = {fact.relation.iri: fact for fact in found.facts}
    return [known[iri] for iri in FACTS if iri in known]
