"""A query of a reader as a question: as a file to save, drawn as a chart; and why it has no rows.

Asks the graph; `catalogue` knows what a question is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ctlgraph.catalogue import SavedQuery, Sentence, answering, drive
from ctlgraph.catalogue.conditions import iris, reasons, standing
from ctlgraph.catalogue.writing import Said, written
from ctlgraph.errors import ParameterError
from ctlgraph.messages import LANGUAGES, N_, translate
from ctlgraph.search import folded
from ctlgraph.vocabulary import BASE, compact, nearest
from ctlgraph.web.site.completing import words
from ctlgraph.web.site.entities import siblings
from ctlgraph.web.site.facts import Ask

LONGEST = 500
"""Characters of a text that an author writes."""

FIELDS = tuple(f"{what}-{lang}" for what in ("title", "description") for lang in LANGUAGES)
"""The texts that an author writes."""

_UNKNOWN = N_("the graph has no {name}:")
_MEANT = N_("the graph has no {name}: is {nearest} meant?")
_DRAFT = Said("chart", dict.fromkeys(LANGUAGES, "…"), dict.fromkeys(LANGUAGES, "…"), "draft")


def said(form: Mapping[str, str]) -> Said:
    """What an author says of a query, in the fields of a form. Raises ParameterError for what is missing."""
    title = {lang: _text(form, f"title-{lang}") for lang in LANGUAGES}
    description = {lang: _text(form, f"description-{lang}") for lang in LANGUAGES}
    name = re.sub(r"[^a-z0-9]+", "-", folded(title["en"])).strip("-") or "question"
    return Said(name, title, description, re.sub(r"[^a-z0-9-]", "", form.get("tag", "")) or "draft")


async def question(ask: Ask, query: str, about: Said) -> SavedQuery:
    """The query as a saved one. Raises ParameterError if it cannot be one, and what asking raises."""
    return written(query, await ask(query), about)


async def chart(ask: Ask, query: str, lang: str) -> bytes:
    """The answer as a drawing. Raises ChartError if it has no names with numbers, or too many."""
    from ctlgraph.charts import svg_soon

    saved = await question(ask, query, _DRAFT)
    if saved.chart:
        x, y = saved.chart.x, saved.chart.y
        title = {"it": f"{y} per {x}", "en": f"{y} by {x}"}
        saved = replace(saved, title=title) if saved.rank else _untold(saved, title)
    return (await svg_soon(await drive(answering(saved.fill({})), ask), lang)).encode()


def _untold(saved: SavedQuery, title: Mapping[str, str]) -> SavedQuery:
    """A query that ranks nothing, whose chart is called by what it shows instead of a finding."""
    count = saved.tests[0].least
    rows = {lang: translate(N_("Rows: {count}."), lang, count=count) for lang in LANGUAGES}
    sentence = {lang: Sentence(text, text, text) for lang, text in title.items()}
    return replace(saved, title=rows, sentence=sentence)


async def why(ask: Ask, query: str, lang: str) -> list[dict[str, object]]:
    """Sentences on why there is no row, each with the parts of the query that it is about."""
    found = await drive(standing(query), ask)
    misspelt = await _misspelt(ask, iris(query, found), lang)
    told = {part for _, part in misspelt}
    others = [
        (each.text(lang), each.parts) for each in reasons(found) if not each.parts or {*each.parts} - told
    ]
    return [{"text": text, "parts": parts} for text, parts in (*((t, (p,)) for t, p in misspelt), *others)]


async def _misspelt(ask: Ask, named: Sequence[tuple[str, str]], lang: str) -> list[tuple[str, str]]:
    """A sentence on each IRI that the graph does not have, and the part that it stands in."""
    told = []
    for iri, part in dict(named).items():
        if await _has(ask, iri):
            continue
        near = nearest(compact(iri), await _like(ask, iri, lang))
        message = _MEANT if near else _UNKNOWN
        told.append((translate(message, lang, name=compact(iri), nearest=near or ""), part))
    return told


async def _has(ask: Ask, iri: str) -> bool:
    answer = await ask(f"ASK {{ {{ <{iri}> ?p ?o }} UNION {{ ?s <{iri}> ?o }} UNION {{ ?s ?p <{iri}> }} }}")
    return bool(json.loads(answer)["boolean"])


async def _like(ask: Ask, iri: str, lang: str) -> list[str]:
    """The names among which a misspelt one may be meant: terms in use, or what begins as it does."""
    if "#" not in iri and iri.startswith(BASE):
        return list(map(compact, await siblings(ask, iri)))
    used = await words(ask, lang)
    return [compact(word.thing.iri) for word in (*used.classes, *used.properties)]


def _text(form: Mapping[str, str], name: str) -> str:
    said = (sign if sign.isprintable() else " " for sign in form.get(name, ""))
    text = " ".join("".join(said).split())
    if not text or len(text) > LONGEST:
        raise ParameterError(name, text[:20], N_("a short text"))
    return text
