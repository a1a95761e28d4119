"""What an answer or one of its rows rests on: each statement in words, under the passage that makes it.

Asks the graph and fills a template; knows nothing of addresses and headers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request

from ctlgraph.catalogue import SavedQuery, Table, answering, drive, parameter
from ctlgraph.catalogue.evidence import evidence
from ctlgraph.errors import ParameterError
from ctlgraph.export.columns import heading
from ctlgraph.messages import N_, translate
from ctlgraph.vocabulary import PREFIXES
from ctlgraph.web.negotiation import reader_language
from ctlgraph.web.service import Service
from ctlgraph.web.site import answers
from ctlgraph.web.site.asking import ROW, Asked, remembering
from ctlgraph.web.site.basis import KINDS
from ctlgraph.web.site.entities import Value
from ctlgraph.web.site.facts import Ask, Labels, Source, Sources, Term, Thing, labels, rows
from ctlgraph.web.site.rendering import Crumb, render
from ctlgraph.web.site.tables import page_number

SIZE = 25
"""Sources of a page."""
MOST = 2000
"""Statements that are looked at; an answer that rests on more says so."""

_TYPE = PREFIXES["rdf"] + "type"


@dataclass(frozen=True)
class Statement:
    """What is said of a thing, in words that follow it."""

    thing: Thing
    relation: Thing
    value: Value


@dataclass(frozen=True)
class Said:
    """A source with the statements that it makes."""

    source: Source
    statements: tuple[Statement, ...]


async def statements(request: Request, service: Service, saved: SavedQuery) -> bytes:
    """The statements behind an answer, or behind the row that the address means.

    Raises ParameterError if it means none, or a page that is no number.
    """
    lang, ask = reader_language(request), remembering(request, service)
    asked = Asked.of(saved, request, service)
    page = page_number(request.query_params.get("page", "1"))
    table = await drive(answering(asked.filled()), ask)
    place = _place(table, asked.row) if asked.row else None
    found = await _said(ask, table, place, lang)
    pages = max(1, -(-len(found) // SIZE))
    page = min(page, pages)
    context = {
        "saved": saved,
        "arguments": asked.arguments,
        "row": _row(table, place, lang) if place is not None else (),
        "chosen": [
            (each.label[lang], parameter(table, name, lang)) for name, each in saved.parameters.items()
        ],
        "sentence": table.sentence(lang),
        "said": found[(page - 1) * SIZE : page * SIZE],
        "sources": len(found),
        "count": sum(len(each.statements) for each in found),
        "most": MOST,
        "page": page,
        "pages": pages,
    }
    crumbs = (
        Crumb(translate(N_("Questions"), lang), "/queries"),
        Crumb(saved.title[lang], f"/queries/{saved.name}"),
        Crumb(translate(N_("Statements"), lang)),
    )
    return await render(request, service, "statements.html", crumbs=crumbs, **context)


def _place(table: Table, wanted: Mapping[str, str]) -> int:
    place = answers.found_row(table, wanted)
    if place is None:
        name, value = next(iter(wanted.items()))
        raise ParameterError(f"{ROW}{name}", value, N_("the values of one row of the answer"))
    return place


def _row(table: Table, place: int, lang: str) -> tuple[tuple[str, object], ...]:
    """The headings and cells of a row."""
    shown = answers.cells(table, lang)[place]
    return tuple(
        (heading(column, lang), shown[column.name]) for column in table.columns if shown[column.name] != ""
    )


async def _said(ask: Ask, table: Table, place: int | None, lang: str) -> Sequence[Said]:
    """The sources with their statements: passages by document and line, then those that are no document."""
    cells = table.rows[place] if place is not None else ()
    row = {
        column.name: cell.term
        for column, cell in zip(table.columns, cells, strict=False)
        if cell and cell.kind != "bnode"
    }
    found = await rows(ask, f"{evidence(table.saved, table.filled.text, row)} LIMIT {MOST}")
    found = [each for each in found if each["p"].value != _TYPE] or found
    iris = {term.value for each in found for term in each.values() if term.kind == "uri"}
    known = await labels(ask, iris, lang)
    documents = {source.document.iri for g in iris if (source := known.source(g)).document}
    known = Labels(lang, {**known.known, **(await labels(ask, documents, lang)).known})
    by_graph: dict[str, list[Statement]] = {}
    for each in found:
        by_graph.setdefault(each["g"].value, []).append(_statement(each, known))
    said = [Said(known.source(graph), tuple(sorted(of, key=_words))) for graph, of in by_graph.items()]
    return sorted(said, key=_order)


def _statement(found: Mapping[str, Term], known: Labels) -> Statement:
    s, p, o = found["s"], found["p"], found["o"]
    value = Value(o, known.thing(o.value) if o.kind == "uri" else None, Sources())
    return Statement(known.thing(s.value), known.thing(p.value), value)


def _words(statement: Statement) -> tuple[str, str, str]:
    return statement.thing.label, statement.relation.label, str(statement.value)


def _order(said: Said) -> tuple[int, str, int, int]:
    source = said.source
    return KINDS.index(source.kind), source.document.iri if source.document else "", source.first, source.last
