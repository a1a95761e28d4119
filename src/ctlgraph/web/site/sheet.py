"""The cluster sheet: a cluster on one page, from saved queries that take a cluster.

Knows which questions stand on it and in which order; not how it looks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request

from ctlgraph.catalogue import Catalogue, SavedQuery, answering, drive
from ctlgraph.messages import N_, translate
from ctlgraph.vocabulary import BASE, expand
from ctlgraph.web.negotiation import reader_language
from ctlgraph.web.service import Service
from ctlgraph.web.site import answers
from ctlgraph.web.site.answers import Row
from ctlgraph.web.site.asking import remembering
from ctlgraph.web.site.entities import Entity, Fact, entity
from ctlgraph.web.site.facts import Ask
from ctlgraph.web.site.rendering import Crumb, render
from ctlgraph.web.site.tables import Column

QUESTIONS = {
    "members-of-cluster": N_("Members"),
    "seats-of-cluster": N_("Seats"),
    "networks-of": N_("Networks"),
    "projects-of-cluster": N_("Projects"),
    "themes-of-cluster": N_("S3 and recovery plan"),
}
"""The questions of the sheet with their headings."""

FACTS = tuple(
    map(
        expand,
        ("rov:legalName", "ctl:acronym", "org:classification", "ctl:coversSector", "ctl:technologyArea",
         "ctl:composition", "foaf:homepage"),
    )
)  # fmt: skip
_LEFT_OUT = (
    "cluster",
    "file",
    "first",
    "last",
    "name",
    "heading",
)  # what the sheet says already, or shows less well
ROWS = 24
"""Rows of a table on the sheet; the question itself has them all."""


@dataclass(frozen=True)
class Part:
    """A question about the cluster with its answer. more: rows that are left out."""

    heading: str
    saved: SavedQuery
    arguments: Mapping[str, str]
    sentence: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    more: int


async def sheet(request: Request, service: Service, catalogue: Catalogue, slug: str) -> bytes | None:
    """The sheet of a cluster; None if there is no technology cluster of that name."""
    lang, ask = reader_language(request), remembering(request, service)
    iri = f"{BASE}id/cluster/{slug}"
    found = await entity(ask, iri, lang) if slug.replace("-", "").isalnum() and slug.isascii() else None
    if found is None or expand("ctl:TechnologyCluster") not in {kind.iri for kind in found.kinds}:
        return None
    asked = [catalogue[name] for name in QUESTIONS if name in catalogue]
    parts = await asyncio.gather(*(_part(ask, saved, f"cluster/{slug}", lang) for saved in asked))
    title = found.thing.label
    context = {
        "entity": found,
        "title": title,
        "facts": _facts(found),
        "parts": [part for part in parts if part.rows],
        "documents": found.documents,
        "together": answers.together,
    }
    crumbs = (Crumb(title, found.thing.path), Crumb(translate(N_("Cluster sheet"), lang)))
    return await render(request, service, "sheet.html", crumbs=crumbs, **context)


async def _part(ask: Ask, saved: SavedQuery, cluster: str, lang: str) -> Part:
    arguments = {"cluster": cluster} | ({"language": lang} if "language" in saved.parameters else {})
    table = await drive(answering(saved.fill(arguments)), ask)
    columns = [column for column in answers.columns(table, lang) if column.key not in _LEFT_OUT]
    rows = _distinct(answers.cells(table, lang), [column.key for column in columns])
    return Part(
        translate(QUESTIONS[saved.name], lang),
        saved,
        arguments,
        table.sentence(lang),
        tuple(column for column in columns if any(row[column.key] != "" for row in rows)),
        tuple(rows[:ROWS]),
        max(0, len(rows) - ROWS),
    )


def _distinct(rows: Sequence[Row], shown: Sequence[str]) -> list[Row]:
    """The rows that differ in what is shown of them."""
    return list({tuple(str(row[key]) for key in shown): row for row in reversed(rows)}.values())[::-1]


def _facts(found: Entity) -> Sequence[Fact]:
    """Who it is, in the order of FACTS."""
    known = {fact.relation.iri: fact for fact in found.facts}
    return [known[iri] for iri in FACTS if iri in known]
