"""The pages that tell how far the data can be trusted: disagreements.

Knows what they show; the graph is asked by modules of their own.
"""

from __future__ import annotations

from itertools import groupby

from starlette.requests import Request

from ctlgraph.messages import N_, translate
from ctlgraph.parameters import short_iri
from ctlgraph.search import folded
from ctlgraph.web.negotiation import reader_language
from ctlgraph.web.service import Service
from ctlgraph.web.site.asking import remembering
from ctlgraph.web.site.disagreements import GROUPS, disagreements
from ctlgraph.web.site.facts import Ask, Thing, labels, rows
from ctlgraph.web.site.rendering import Crumb, render

_CHOICES = (
    """SELECT DISTINCT ?x { ?x a ?class FILTER(?class IN (ctl:TechnologyCluster, ctl:SourceDocument)) }"""
)


async def disagreeing(request: Request, service: Service) -> bytes:
    """All disagreements, or those that have some words or are about a document or a cluster."""
    lang, asked = reader_language(request), request.query_params
    ask = remembering(request, service)
    text, about = asked.get("q", "").strip(), asked.get("about", "")
    every = await disagreements(ask, lang)
    asked_for = {iri for each in every for iri in each.about if short_iri(iri) == about}
    choices = await _choices(ask, asked_for, lang)
    words = folded(text).split()
    shown = [each for each in every if each.has(words) and (not about or about in map(short_iri, each.about))]
    context = {
        "groups": [
            (translate(GROUPS[group], lang), list(of))
            for group, of in groupby(shown, lambda each: each.group)
        ],
        "shown": len(shown),
        "total": len(every),
        "text": text,
        "about": about,
        "choices": [
            (short_iri(thing.iri), thing.label, count)
            for thing in choices
            if (count := sum(thing.iri in each.about for each in every))
        ],
    }
    crumb = Crumb(translate(N_("Disagreements"), lang))
    return await render(request, service, "disagreements.html", crumbs=(crumb,), **context)


async def _choices(ask: Ask, more: set[str], lang: str) -> list[Thing]:
    """What the disagreements can be narrowed down to: documents, then clusters and what else is asked for."""
    iris = {row["x"].value for row in await rows(ask, _CHOICES)} | more
    known = await labels(ask, iris, lang)
    things = {known.thing(iri) for iri in iris}
    return sorted(things, key=lambda thing: ("/source/" not in thing.iri, thing.label.casefold()))
