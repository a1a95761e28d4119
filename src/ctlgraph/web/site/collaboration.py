"""The page of collaboration: who works with whom, measured and drawn, with what it rests on.

Knows what the page shows; `study` knows what an address asks for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from starlette.requests import Request

from ctlgraph.catalogue import Catalogue
from ctlgraph.collaboration import BY, DEFAULT, KINDS, MEASURES, OF, PROJECTIONS, Asked, Measured
from ctlgraph.collaboration.measures import Column as Told
from ctlgraph.collaboration.words import graph_lines, measure_lines
from ctlgraph.errors import ChartError, CollaborationError, ParameterError
from ctlgraph.messages import N_, translate
from ctlgraph.vocabulary import DOCUMENTS
from ctlgraph.web.negotiation import reader_language
from ctlgraph.web.service import Service
from ctlgraph.web.site.asking import remembering
from ctlgraph.web.site.facts import Thing, labels, path_of
from ctlgraph.web.site.matrices import heat, matrix, named
from ctlgraph.web.site.rendering import Crumb, Links, render
from ctlgraph.web.site.seats import seats
from ctlgraph.web.site.study import Study, asked_of, studying
from ctlgraph.web.site.tables import Column, Table, table

_NODES = ("degree", "strength", "betweenness")
_ALL = N_("networks, projects, ecosystems, components and technologies")
_LISTED = 10  # opportunities
_GUESTS = {"": N_("do not count"), "true": N_("count")}
_UNASKED = ("change",)  # it compares with another graph, which an address does not name


async def page(request: Request, service: Service, catalogue: Catalogue) -> tuple[int, bytes]:
    """The page, with its status: 400 if something is asked that cannot be."""
    lang = reader_language(request)
    given = request.query_params
    context: dict[str, Any] = {
        "fields": _fields(given, lang),
        "given": given,
        "kinds": KINDS,
        "study": None,
        "seats": None,
    }
    status = 200
    try:
        asked = asked_of(given)
        more = (*_NODES, *(("opportunities",) if asked.of in ("clusters", "organisations") else ()))
        study = await studying(request, service, *more)
        context |= await _shown(study, request, service, lang)
        if asked.of == "clusters":
            context["seats"] = await seats(remembering(request, service), catalogue, asked.source, lang)
    except (ParameterError, CollaborationError) as error:
        status, context["wrong"] = 400, error.text(lang)
    crumb = Crumb(translate(N_("Collaboration"), lang))
    return status, await render(request, service, "collaboration.html", crumbs=(crumb,), **context)


async def _shown(study: Study, request: Request, service: Service, lang: str) -> dict[str, Any]:
    graph, links = study.graph, Links.of(request, service)
    passages = {passage for tie in graph.ties for passage in tie.passages}
    known = await labels(remembering(request, service), passages, lang)
    drawing = await asyncio.to_thread(_drawing, study, lang, links)
    return {
        "study": study,
        "main": study.measured[0],
        "others": study.measured[1:],
        "drawing": drawing,
        "table": _ranked(study, request.query_params, lang),
        "matrix": matrix(study, known, lang),
        "heat": heat(graph, lang),
        "opportunities": _opportunities(study, lang),
        "covers": graph.covers(lang),
        "meaning": _meaning(graph.asked, lang),
        "how": list(graph_lines(graph, lang)),
        "told": [list(measure_lines(each, lang)) for each in study.measured],
        "documents": sorted({source.document for source in map(known.source, passages) if source.document},
                            key=lambda document: document.iri),
    }  # fmt: skip


def _meaning(asked: Asked, lang: str) -> str:
    """What a tie says, and what it does not."""
    by = translate(_ALL if asked.by == "all" else KINDS[asked.by], lang)
    said = [translate(N_("A tie says that two take part in the same: {by}."), lang, by=by)]
    if asked.by != "projects":
        said.append(translate(N_("It does not say that they work together: only shared projects do."), lang))
    return " ".join(said)


def _drawing(study: Study, lang: str, links: Links) -> Markup | str:
    """The drawing, for the page to hold; or why there is none."""
    try:
        return Markup(study.drawn(lang, links))  # noqa: S704  # every text in it is escaped
    except ChartError as error:
        return error.text(lang)


@dataclass(frozen=True)
class Field:
    """A choice: its name, its label, what can be chosen with its label, what is, and what is at first."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str
    usual: str

    @property
    def special(self) -> bool:
        """Whether something else than usual is chosen."""
        return self.value != self.usual


def _fields(given: Mapping[str, str], lang: str) -> list[Field]:
    kinds = {name: translate(text, lang) for name, text in (*KINDS.items(), ("all", _ALL))}
    measures = {name: each.label for name, each in MEASURES.items() if name not in _UNASKED}
    documents = {
        name: translate(N_("doc. {number}"), lang, number=name.removeprefix("doc-")) for name in DOCUMENTS
    }
    first = given.get("measure", "").replace(",", " ").split()[:1]

    def field(name: str, label: str, options: Mapping[str, str], value: str, usual: str) -> Field:
        told = tuple((key, translate(text, lang)) for key, text in options.items())
        return Field(name, translate(label, lang), told, value or usual, usual)

    return [
        field("of", N_("Of what"), {name: kinds[name] for name in OF}, given.get("of", ""), "clusters"),
        field("by", N_("Joined by"), {name: kinds[name] for name in BY}, given.get("by", ""), "networks"),
        field("measure", N_("Measure"), measures, first[0] if first else "", DEFAULT[0]),
        field("projection", N_("Weight of a tie"), PROJECTIONS, given.get("projection", ""), "newman"),
        field("guests", N_("Guests"), _GUESTS, given.get("guests", ""), ""),
        field("source", N_("Source"), {"": N_("all sources"), **documents}, given.get("source", ""), ""),
    ]


def _ranked(study: Study, asked: Mapping[str, str], lang: str) -> Table:
    """Every node with each measure that has a value for it; a cell is a number, sorted as such."""
    columns = [Column("thing", translate(N_("Name"), lang))]
    rows: dict[str, dict[str, Any]] = {node.iri: {"thing": named(node, lang)} for node in study.graph.members}
    for measured in study.nodes:
        for place, told in enumerate(measured.columns):
            if told.type == "node":
                continue
            key = f"{measured.measure.name}-{told.name}"
            label = translate(told.label, lang)
            columns.append(Column(key, label, number=told.type in ("integer", "decimal")))
            for row in measured.rows:
                # What if it leaves: a thing may leave that is no node of the graph.
                filled = rows.setdefault(str(row[0]), {"thing": _end(measured, str(row[0]), lang)})
                filled[key] = _cell(row[place], told, measured, lang)
    keys = [column.key for column in columns]
    complete = [{key: row.get(key, "") for key in keys} for row in rows.values()]
    order = keys[1] if len(keys) > 1 else keys[0]
    complete.sort(key=lambda row: -_value(row[order]))
    return table(columns, complete, asked, size=20)


class Shown(float):
    """A number that tables sort as such and readers see in their own form."""

    text = ""

    @classmethod
    def of(cls, value: float, text: str) -> Shown:
        """A number with its text."""
        shown = cls(value)
        shown.text = text
        return shown

    def __str__(self) -> str:
        """The text."""
        return self.text


def _cell(value: object, told: Told, measured: Measured, lang: str) -> object:
    text = measured.shown(value, told, lang)  # type: ignore[arg-type]
    return Shown.of(float(value), text) if isinstance(value, int | float) else text


def _value(cell: object) -> float:
    return float(cell) if isinstance(cell, int | float) else 0.0


def _opportunities(study: Study, lang: str) -> list[dict[str, Any]]:
    """Pairs without a project together, with what they share in words."""
    found = next((each for each in study.measured if each.measure.name == "opportunities"), None)
    if found is None:
        return []
    return [
        {"ends": [_end(found, str(end), lang) for end in row[:2]], "reasons": found.reasons(row, lang)}
        for row in found.rows[:_LISTED]
    ]


def _end(found: Measured, iri: str, lang: str) -> Thing:
    return Thing(iri, found.label(iri, lang), "", path_of(iri))
