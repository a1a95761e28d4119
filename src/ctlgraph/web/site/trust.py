"""The pages that tell how far the data can be trusted: disagreements, what is known and what is not,
the documents with what was taken from them.

Knows what they show; the graph is asked by modules of their own.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

from starlette.exceptions import HTTPException
from starlette.requests import Request

from ctlgraph.messages import N_, translate
from ctlgraph.parameters import short_iri
from ctlgraph.search import folded
from ctlgraph.web.negotiation import reader_language
from ctlgraph.web.service import Service
from ctlgraph.web.site.asking import remembering
from ctlgraph.web.site.coverage import coverage, listed
from ctlgraph.web.site.disagreements import FIGURES_OF, GROUPS, Disagreement, disagreements
from ctlgraph.web.site.facts import Ask, Thing, labels, rows
from ctlgraph.web.site.rendering import Crumb, render
from ctlgraph.web.site.sources import Entry, Section, decisions, document, documents, entries, quoted, spans
from ctlgraph.web.site.tables import page_number

SIZE = 80
"""Passages of a page of a document, with the lines between them."""

_CHOICES = (
    """SELECT DISTINCT ?x { ?x a ?class FILTER(?class IN (ctl:TechnologyCluster, ctl:SourceDocument)) }"""
)


async def disagreeing(request: Request, service: Service) -> bytes:
    """All disagreements, or those that have some words or are about a document or a cluster."""
    lang, asked = reader_language(request), request.query_params
    ask = remembering(request, service)
    text, on = asked.get("q", "").strip(), asked.get("about", "")
    every = await disagreements(ask, lang)
    asked_for = {iri for each in every for iri in each.about if short_iri(iri) == on}
    choices = await _choices(ask, asked_for, lang)
    words = folded(text).split()
    shown = [each for each in every if each.has(words) and (not on or on in map(short_iri, each.about))]
    context = {
        "groups": [
            (translate(GROUPS[group], lang), list(of))
            for group, of in groupby(shown, lambda each: each.group)
        ],
        "shown": len(shown),
        "total": len(every),
        "counted": _counted(shown),
        "text": text,
        "about": on,
        "choices": [
            (short_iri(thing.iri), thing.label, count)
            for thing in choices
            if (count := sum(thing.iri in each.about for each in every))
        ],
    }
    crumb = Crumb(translate(N_("Disagreements"), lang))
    return await render(request, service, "disagreements.html", crumbs=(crumb,), **context)


def _counted(shown: Sequence[Disagreement]) -> Mapping[str, int]:
    """How many are about numbers and dates, about names and readings, and no contrast at all."""
    groups = Counter(each.group for each in shown)
    figures = sum(groups[group] for group in range(FIGURES_OF))
    return {"figures": figures, "readings": groups[FIGURES_OF], "apparent": groups[FIGURES_OF + 1]}


async def covering(request: Request, service: Service) -> bytes:
    """What is known of each cluster, kind and class, in numbers."""
    lang = reader_language(request)
    found = await coverage(remembering(request, service), lang)
    crumb = Crumb(translate(N_("Coverage"), lang))
    return await render(request, service, "coverage.html", crumbs=(crumb,), found=found)


async def listing(request: Request, service: Service) -> bytes:
    """The things of which something is known, and the others. Raises HTTPException 404."""
    lang, name = reader_language(request), request.path_params["name"]
    cluster = request.query_params.get("cluster", "")
    found = await listed(remembering(request, service), name, cluster, lang)
    if found is None:
        raise HTTPException(404)
    heading = f"{found.kind}: {found.label}"
    context = {
        "found": found,
        "name": name,
        "heading": heading,
        "cluster": cluster,
        "clusters": [(short_iri(each.iri), each.label) for each in found.clusters],
        "by_cluster": not name.startswith("cluster-"),
    }
    crumbs = (Crumb(translate(N_("Coverage"), lang), "/coverage"), Crumb(heading))
    return await render(request, service, "listed.html", crumbs=crumbs, **context)


async def sources(request: Request, service: Service) -> bytes:
    """The documents, with how much of each was taken; and what no document says by itself."""
    lang, ask = reader_language(request), remembering(request, service)
    found, beside = await asyncio.gather(documents(ask, lang), decisions(ask, lang))
    crumb = Crumb(translate(N_("Sources"), lang))
    return await render(request, service, "sources.html", crumbs=(crumb,), documents=found, decisions=beside)


async def source(request: Request, service: Service) -> bytes:
    """One document with its passages by line, some of many. Raises HTTPException 404, ParameterError."""
    lang, name = reader_language(request), request.path_params["name"]
    page = page_number(request.query_params.get("page", "1"))
    ask = remembering(request, service)
    found = await document(ask, name, lang)
    if found is None:
        raise HTTPException(404)
    every = await entries(ask, found)
    pages = max(1, -(-len(every) // SIZE))
    page = min(page, pages)
    shown = every[(page - 1) * SIZE : page * SIZE]
    context = {
        "document": found,
        "spans": spans(every),
        "groups": [(section, list(of)) for section, of in groupby(shown, lambda each: each.section)],
        "passages": await quoted(ask, shown, lang),
        "places": _places(every),
        "page": page,
        "pages": pages,
    }
    crumbs = (Crumb(translate(N_("Sources"), lang), "/sources"), Crumb(found.thing.label))
    return await render(request, service, "source.html", crumbs=crumbs, **context)


def _places(every: Sequence[Entry]) -> list[tuple[Section, int]]:
    """Each section with the page that it begins on."""
    found: dict[Section, int] = {}
    for place, entry in enumerate(every):
        if entry.section:
            found.setdefault(entry.section, place // SIZE + 1)
    return list(found.items())


async def _choices(ask: Ask, more: set[str], lang: str) -> list[Thing]:
    """What the disagreements can be narrowed down to: documents, then clusters and what else is asked for."""
    iris = {row["x"].value for row in await rows(ask, _CHOICES)} | more
    known = await labels(ask, iris, lang)
    things = {known.thing(iri) for iri in iris}
    return sorted(things, key=lambda thing: ("/source/" not in thing.iri, thing.label.casefold()))
