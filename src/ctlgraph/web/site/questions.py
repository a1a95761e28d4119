"""The catalogue of saved queries, and the page of each: the question, its form, its answer and what that
rests on. Knows what the pages show; `queries` knows addresses, forms and headers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.requests import Request

from ctlgraph.catalogue import (
    Catalogue,
    Caution,
    Filled,
    SavedQuery,
    Table,
    answering,
    cautions,
    drive,
    relaxing,
)
from ctlgraph.catalogue import parameter as worded
from ctlgraph.errors import ChartError, CtlgraphError, ParameterError, QueryBusyError, QueryLimitError
from ctlgraph.messages import N_, translate
from ctlgraph.parameters import UNDEF, Parameter, short
from ctlgraph.search import folded
from ctlgraph.web.files import FORMS, forms_of
from ctlgraph.web.negotiation import reader_language
from ctlgraph.web.service import Service
from ctlgraph.web.site import answers, forms
from ctlgraph.web.site.asking import Asked, remembering
from ctlgraph.web.site.basis import Basis, basis, coverage
from ctlgraph.web.site.facts import Ask
from ctlgraph.web.site.forms import Field
from ctlgraph.web.site.leads import leads
from ctlgraph.web.site.related import Related
from ctlgraph.web.site.rendering import Crumb, render
from ctlgraph.web.site.tables import table as page_of
from ctlgraph.web.site.themes import THEMES, found, theme

ROWS = 50
"""Rows of a page of an answer."""

T = TypeVar("T")


async def catalogue_page(request: Request, service: Service, catalogue: Catalogue) -> bytes:
    """All questions by theme, or those with a text, best first, or with a tag."""
    lang, asked = reader_language(request), request.query_params
    text, tag = asked.get("q", "").strip(), asked.get("tag", "")
    tag = tag if tag in catalogue.tags else ""
    order = [*THEMES, *catalogue.tags]
    ranking = found(catalogue, text, tag)
    ask = remembering(request, service)
    listed = [] if ranking.every else await _led(ask, service, catalogue, text, lang)
    listed = [way for way in listed if not tag or tag in way.saved.tags]
    told = {way.saved.name for way in listed}
    listed += [Related(catalogue[name], {}) for name in ranking.keys if name not in told]
    groups: dict[str, list[Related]] = {}
    for way in listed if text else sorted(listed, key=lambda way: folded(way.saved.title[lang])):
        groups.setdefault("" if text else tag or way.saved.tags[0], []).append(way)
    context = {
        "text": text,
        "ranking": ranking,
        "tag": tag,
        "tags": [(each, theme(each, lang)) for each in sorted(catalogue.tags, key=order.index)],
        "groups": [
            (each, theme(each, lang), groups[each]) for each in dict.fromkeys(("", *order)) if each in groups
        ],
        "chosen": _chosen,
        "count": len(listed),
        "total": len(catalogue),
    }
    return await render(request, service, "questions.html", crumbs=(Crumb(_questions(lang)),), **context)


async def _led(ask: Ask, service: Service, catalogue: Catalogue, text: str, lang: str) -> list[Related]:
    """The questions that a sentence leads to, with what it names filled in; none if that takes too long."""
    try:
        found = await leads(ask, catalogue, await service.current.names.index(), text, lang)
    except QueryLimitError:
        return []
    return [lead.related for lead in found.questions]


def _chosen(way: Related, lang: str) -> str:
    """The names of the parameters that are filled in."""
    return ", ".join(way.saved.parameters[name].label[lang] for name in way.arguments)


@dataclass(frozen=True)
class Parts:
    """What the page of a question needs; what is missing went wrong or is not there."""

    fields: tuple[Field, ...]
    filled: Filled | None = None
    table: Table | None = None
    basis: Basis | None = None
    limit: QueryLimitError | None = None
    cautions: tuple[Caution, ...] = ()


async def question(request: Request, service: Service, saved: SavedQuery) -> tuple[int, bytes]:
    """The page of a question, with its status: 400 if a parameter is wrong, 503 if it is over a limit."""
    lang, ask = reader_language(request), remembering(request, service)
    asked = Asked.of(saved, request, service).read_in(lang)
    parts = await _parts(ask, asked, lang)
    context: dict[str, Any] = {
        "saved": saved,
        "parts": parts,
        "arguments": asked.arguments,
        "narrower": _narrower(parts) if parts.limit else (),
        "limit": parts.limit.text(lang) if parts.limit else "",
        "theme": theme,
        "forms": [FORMS[name] for name in forms_of(saved)],
        "together": answers.together,
    }
    if parts.table is not None and parts.filled is not None:
        context |= await _answer(ask, parts.filled, parts.table, request.query_params, lang)
        stable = f"{service.base(request.scope)}queries/{saved.name}"
        context["stable"] = f"{stable}?{urlencode(asked.arguments)}" if asked.arguments else stable
    status = 503 if parts.limit else 200 if parts.table else 400
    crumbs = (Crumb(_questions(lang), "/queries"), Crumb(saved.title[lang]))
    return status, await render(request, service, "question.html", crumbs=crumbs, **context)


async def _parts(ask: Ask, asked: Asked, lang: str) -> Parts:
    """Choices, answer and sources, asked for at the same time."""
    saved = asked.saved
    unknown = next((name for name in asked.arguments if name not in saved.parameters), None)
    if unknown is not None:
        saved.fill({unknown: asked.arguments[unknown]})
    choosing = forms.choices_of(ask, saved, asked.arguments)
    try:
        filled = asked.filled()
    except ParameterError:
        return Parts(forms.fields(saved, asked.arguments, await choosing, lang))
    choices, table, rests, doubts = await asyncio.gather(
        choosing,
        _tried(drive(answering(filled), ask)),
        _tried(basis(ask, filled, lang)),
        _tried(drive(cautions(filled), ask)),
    )
    fields = forms.fields(saved, asked.arguments, choices, lang)
    if isinstance(table, ParameterError):
        return Parts(fields)
    return Parts(
        fields,
        filled,
        table if isinstance(table, Table) else None,
        rests if isinstance(rests, Basis) else None,
        table if isinstance(table, QueryLimitError) else None,
        doubts if isinstance(doubts, tuple) else (),
    )


async def _answer(
    ask: Ask, filled: Filled, table: Table, asked: Mapping[str, str], lang: str
) -> dict[str, Any]:
    """What the template needs of an answer."""
    shown = page_of(answers.columns(table, lang), answers.cells(table, lang), asked, size=ROWS)
    return {
        "table": table,
        "shown": shown,
        "numbers": any(column.number for column in shown.columns),
        "sentence": table.sentence(lang),
        "coverage": await coverage(ask, table, lang),
        "chosen": [
            (each.label[lang], worded(table, name, lang)) for name, each in filled.saved.parameters.items()
        ],
        "query": query_text(filled),
        "citation": _citation(table, filled, lang),
        "why": await _why(ask, filled, lang) if not table.rows else None,
        "picture": await _described(table, lang) if filled.saved.chart and table.rows else None,
    }


@dataclass(frozen=True)
class Why:
    """Why an answer is empty, in sentences; and the parameters that would have to give way."""

    lines: tuple[str, ...]
    parameters: tuple[str, ...]


async def _why(ask: Ask, filled: Filled, lang: str) -> Why:
    relaxed = await drive(relaxing(filled), ask)
    alone = (names[0] for names, _ in relaxed.without if len(names) == 1)
    return Why(tuple(relaxed.lines(lang)), tuple(alone))


def _citation(table: Table, filled: Filled, lang: str) -> str:
    """The title of an answer: of the question, and what was chosen."""
    saved = filled.saved
    chosen = [
        f"{saved.parameters[name].label[lang]}: {worded(table, name, lang)}" for name in filled.arguments
    ]
    return f"{saved.title[lang]} ({'; '.join(chosen)})" if chosen else saved.title[lang]


def described(saved: SavedQuery, address: str) -> dict[str, object]:
    """A question as the catalogue tells programs of it."""
    return {
        "name": saved.name,
        "kind": saved.kind,
        "title": dict(saved.title),
        "description": dict(saved.description),
        "tags": list(saved.tags),
        "parameters": [_parameter(each) for each in saved.parameters.values()],
        "columns": [
            {
                "name": name,
                "type": each.type,
                "label": dict(each.label),
                "unit": dict(each.unit) if each.unit else None,
            }
            for name, each in saved.columns.items()
        ],
        "address": address,
        "formats": {name: f"{address}.{name}" for name in forms_of(saved)},
    }


def _parameter(parameter: Parameter) -> dict[str, object]:
    return {
        "name": parameter.name,
        "type": parameter.type,
        "label": dict(parameter.label),
        "optional": parameter.optional,
        "default": short(parameter.default or UNDEF),
    }


def query_text(filled: Filled) -> str:
    """The SPARQL as it runs, without what stands before it for us."""
    return "\n".join(line for line in filled.text.splitlines() if not line.startswith("#+")).strip() + "\n"


async def _described(table: Table, lang: str) -> str | None:
    """The chart in words; None if it cannot be drawn."""
    from ctlgraph.charts import description

    try:
        return await asyncio.to_thread(description, table, lang)
    except ChartError:
        return None


async def _tried(something: Awaitable[T]) -> T | CtlgraphError:
    """What comes of it, or what is wrong with the question; that the service is busy is no answer."""
    try:
        return await something
    except QueryBusyError:
        raise
    except (ParameterError, QueryLimitError) as error:
        return error


def _narrower(parts: Parts) -> Sequence[tuple[Field, Sequence[forms.Option]]]:
    """The parameters that leave everything in, each with choices that would leave less."""
    return [(field, field.options[:5]) for field in parts.fields if not field.value and field.options]


def _questions(lang: str) -> str:
    return translate(N_("Questions"), lang)
