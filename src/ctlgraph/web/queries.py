"""Saved queries over HTTP: the catalogue, each question as a page and as files, what an answer rests on.

Knows addresses and headers; `site.questions` and its neighbours know what pages show, `files` what forms
there are. Every answer is remembered under its whole address.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from rdflib import Graph
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import BaseRoute, Route
from starlette.types import Send

from ctlgraph import workers
from ctlgraph.catalogue import Catalogue, SavedQuery, Table, answering, as_turtle, cautions, drive
from ctlgraph.catalogue.pieces import pieces
from ctlgraph.errors import ParameterError
from ctlgraph.export import About
from ctlgraph.export.delimited import LOCALES
from ctlgraph.search import folded
from ctlgraph.store import canonical
from ctlgraph.vocabulary import BASE
from ctlgraph.web import files
from ctlgraph.web.cache import Headers
from ctlgraph.web.files import Form
from ctlgraph.web.keeping import Made, keep, link_header
from ctlgraph.web.negotiation import reader_language
from ctlgraph.web.protocol import Question, answer
from ctlgraph.web.reading import Reading, asked_form
from ctlgraph.web.sending import with_headers
from ctlgraph.web.service import Service
from ctlgraph.web.site import content, questions, sheet, statements
from ctlgraph.web.site.asking import Asked, remembering
from ctlgraph.web.site.basis import basis
from ctlgraph.web.site.forms import helped
from ctlgraph.web.site.tables import page_number
from ctlgraph.web.transfer import Presence

_LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def saved_queries(service: Service, catalogue: Catalogue) -> list[BaseRoute]:
    """The addresses of saved queries."""
    listed = Reading(partial(_catalogue, service, catalogue))
    one = {
        "/queries/{name}": _answer,
        "/queries/{name}/statements": _statements,
        "/sheet/cluster/{slug}": _sheet,
    }
    return [
        *(Route(path, listed) for path in ("/queries", "/queries.{ending}")),
        *(Route(path, Reading(partial(send, service, catalogue))) for path, send in one.items()),
    ]


async def _catalogue(service: Service, catalogue: Catalogue, request: Request, send: Send) -> None:
    """All questions: a page unless asked otherwise, JSON or Turtle."""
    ending = request.path_params.get("ending", "")
    form, media = files.chosen(("html", "json", *files.QUESTION), *asked_form(request, ending))
    lang = reader_language(request)

    async def make() -> Made:
        if form.name in files.QUESTION:
            return Made(await _said(service, request, catalogue, form, f"{BASE}queries"), media)
        if form.name == "json":
            base = f"{service.base(request.scope)}queries/"
            listed = [questions.described(saved, base + name) for name, saved in catalogue.items()]
            return Made(json.dumps(listed, ensure_ascii=False).encode(), "application/json")
        return Made(await questions.catalogue_page(request, service, catalogue), media, lang)

    await keep(service, request, send, key=("catalogue", form.name, lang), make=make)


async def _said(service: Service, request: Request, catalogue: Catalogue, form: Form, iri: str) -> bytes:
    """Questions as RDF; iri: what stands first in JSON-LD."""
    turtle = as_turtle(catalogue)
    if form.name == "ttl":
        return turtle
    graph = await asyncio.to_thread(Graph().parse, data=turtle, format="turtle")
    lines = canonical(graph.serialize(format="nt", encoding="utf-8"))
    words = await content.words(remembering(request, service), service.current.served)
    context = f"{service.base(request.scope)}context.jsonld"
    return await content.as_form(lines, form.name, words, context, iri)


async def _statements(service: Service, catalogue: Catalogue, request: Request, send: Send) -> None:
    """What an answer or one of its rows rests on: a page."""
    saved = catalogue.get_near(request.path_params["name"])
    await _page(service, request, send, partial(statements.statements, request, service, saved))


async def _sheet(service: Service, catalogue: Catalogue, request: Request, send: Send) -> None:
    """A cluster on one page."""
    slug = request.path_params["slug"]
    await _page(service, request, send, partial(sheet.sheet, request, service, catalogue, slug))


async def _page(
    service: Service, request: Request, send: Send, show: Callable[[], Awaitable[bytes | None]]
) -> None:
    """Send a page; HTTPException 404 if there is nothing to show."""
    form, media = files.chosen(("html",), *asked_form(request, ""))
    lang = reader_language(request)

    async def make() -> Made:
        body = await show()
        if body is None:
            raise HTTPException(404)
        return Made(body, media, lang)

    await keep(service, request, send, key=("page", form.name, lang), make=make)


async def _answer(service: Service, catalogue: Catalogue, request: Request, send: Send) -> None:
    """One question: its page, or its answer in any form."""
    name, ending = _split(request.path_params["name"])
    saved = catalogue.get_near(name)
    form, media = files.chosen(files.offered(saved), *asked_form(request, ending))
    _check(saved, request)
    one = _One(service, request, saved, form, media)
    if files.of_engine(saved, form) and not one.locale:
        async with Presence(request.receive):
            table, asked = await one.table()
        text, links = one.page(table.filled.text, len(table.rows), asked)
        question = Question(workers.Request(text, (form.name,)), (media,))
        return await answer(service, question, request.scope, request.receive, with_headers(send, links))
    await keep(service, request, send, key=(form.name, media, one.lang), make=one.made)


@dataclass(frozen=True)
class _One:
    """A request for the answer to one question in one form."""

    service: Service
    request: Request
    saved: SavedQuery
    form: Form
    media: str

    @property
    def lang(self) -> str:
        """The language of its reader, or of the spreadsheet."""
        return self.locale or reader_language(self.request)

    @property
    def locale(self) -> str:
        """Of a CSV, the country whose spreadsheets should open it."""
        return self.request.query_params.get("locale", "") if self.form.name == "csv" else ""

    async def table(self) -> tuple[Table, Asked]:
        """The answer, and how it was asked for. Raises ParameterError, with the nearest choices."""
        asked = Asked.of(self.saved, self.request, self.service)
        ask = remembering(self.request, self.service)
        try:
            return await drive(answering(asked.filled()), ask), asked
        except ParameterError as error:
            raise await helped(ask, self.saved, error, self.lang) from None

    async def made(self) -> Made:
        """What `keep` keeps."""
        if self.form.name == "html":
            status, body = await questions.question(self.request, self.service, self.saved)
            links = link_header(self._links(Asked.of(self.saved, self.request, self.service)))
            return Made(body, self.media, self.lang, status, links)
        if self.form.name == "rq":
            asked = Asked.of(self.saved, self.request, self.service)
            return Made(asked.filled().text.encode(), self.media, headers=link_header(self._links(asked)))
        table, asked = await self.table()
        if self.form.name in files.QUESTION:  # of a table: the question itself
            alone = Catalogue({self.saved.name: self.saved})
            iri = f"{BASE}queries/{self.saved.name}"
            said = await _said(self.service, self.request, alone, self.form, iri)
            about = link_header([(iri, "canonical", ""), (_LICENCE, "license", "")])
            return Made(said, self.media, headers=about)
        headers = link_header(self._links(asked)) + self._name()
        body = await files.made(self.form, table, self.lang, await self._about(table, asked), self.locale)
        return Made(body, self.media, self.lang, headers=headers)

    def page(self, text: str, rows: int, asked: Asked) -> tuple[str, Headers]:
        """The query for the rows that `page` asks for, with links to those beside them; else for all."""
        links = list(self._links(asked))
        if "page" not in self.request.query_params or self.saved.kind != "select":
            return text, link_header(links) + self._name()
        page, size = page_number(self.request.query_params["page"]), questions.ROWS
        last = max(1, -(-rows // size))
        around = {"first": 1, "prev": page - 1, "next": page + 1, "last": last}
        links += [
            (self._address("", {**asked.arguments, "page": str(number)}), rel, "")
            for rel, number in around.items()
            if 1 <= number <= last
        ]
        parts, columns = pieces(text), " ".join(f"?{name}" for name in self.saved.columns)
        within = f"LIMIT {size} OFFSET {(page - 1) * size}"
        text = f"{parts.prologue}SELECT {columns} WHERE {{ {{ {parts.whole} }} }} {within}"
        return text, link_header(links) + self._name()

    def _links(self, asked: Asked) -> Iterator[tuple[str, str, str]]:
        """Address, relation and media type of what belongs to the answer."""
        for name in files.alternates(self.saved):
            if name not in (self.form.name, "ttl"):
                yield self._address(f".{name}", asked.arguments), "alternate", files.FORMS[name].media[0]
        yield self._address(".ttl", {}), "describedby", "text/turtle"
        yield _LICENCE, "license", ""

    def _address(self, ending: str, arguments: Mapping[str, str]) -> str:
        path = f"{self.service.base(self.request.scope)}queries/{self.saved.name}{ending}"
        return f"{path}?{urlencode(arguments)}" if arguments else path

    def _name(self) -> Headers:
        """The name under which a browser saves a file: that of the question, in Italian its title."""
        title = "-".join(re.findall("[a-z0-9]+", folded(self.saved.title[self.lang])))
        name = f"{title if self.lang == 'it' else self.saved.name}.{self.form.name}".encode()
        return ((b"content-disposition", b'attachment; filename="%b"' % name),) if self.form.download else ()

    async def _about(self, table: Table, asked: Asked) -> About:
        """What a file says of itself."""
        served = self.service.current.served
        ask = remembering(self.request, self.service)
        rests, doubts = await asyncio.gather(
            basis(ask, table.filled, self.lang), drive(cautions(table.filled), ask)
        )
        date = str(dict(served.facts).get("Date", ""))
        return About(
            version=served.version if served.validated else "",
            date=date,
            address=self._address("", asked.arguments),
            sources=tuple((each.thing.iri, each.named(self.lang)) for each in rests.documents),
            cautions=tuple((each.iri, each.label(self.lang)) for each in doubts),
        )


def _check(saved: SavedQuery, request: Request) -> None:
    """Raise ParameterError for a word of the service that says nothing, in whatever form."""
    given = request.query_params
    if "page" in given:
        page_number(given["page"])
    if "locale" in given and given["locale"] not in LOCALES:
        raise ParameterError("locale", given["locale"], ", ".join(LOCALES))
    if "sort" in given and given["sort"].removeprefix("-") not in saved.columns:
        raise ParameterError("sort", given["sort"], ", ".join(saved.columns))


def _split(name: str) -> tuple[str, str]:
    """A name without its ending, and the ending if it names a form: "" else."""
    rest, dot, ending = name.rpartition(".")
    return (rest, ending) if dot and ending in files.FORMS else (name, "")
