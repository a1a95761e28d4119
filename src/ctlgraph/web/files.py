"""The forms that the answer to a saved query comes in: their names, media types and how each is made.

Knows negotiation and what makes a file; not where an answer comes from.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException

from ctlgraph.catalogue import SavedQuery, Table
from ctlgraph.errors import ParameterError
from ctlgraph.export import About
from ctlgraph.web.negotiation import MEDIA_TYPES, PAGES, most_wanted, preferences


@dataclass(frozen=True)
class Form:
    """A form. media: its types, the one to send first. label: its name for people.

    download: whether a browser should save it, not show it.
    """

    name: str
    media: tuple[str, ...]
    label: str
    download: bool = False

    @property
    def sent(self) -> tuple[str, ...]:
        """The types that it is sent as: who asks for XHTML gets HTML."""
        return self.media[:1] if self.media == PAGES else self.media


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_GRAPHS = ("ttl", "nt", "jsonld", "rdf")
_RESULTS = ("json", "csv", "tsv", "xml")
QUESTION = ("ttl", "jsonld", "trig", "nt", "rdf")
"""The forms of RDF that a question comes in, whose answer is a table or a truth value."""

FORMS: Mapping[str, Form] = {
    form.name: form
    for form in (
        Form("json", MEDIA_TYPES["json"], "JSON"),
        Form("html", PAGES, "HTML"),
        Form("xlsx", (_XLSX,), "Excel (XLSX)", download=True),
        Form("csv", MEDIA_TYPES["csv"], "CSV", download=True),
        Form("tsv", MEDIA_TYPES["tsv"], "TSV", download=True),
        Form("xml", MEDIA_TYPES["xml"], "XML"),
        Form("parquet", ("application/vnd.apache.parquet",), "Parquet", download=True),
        Form("ttl", MEDIA_TYPES["ttl"], "Turtle"),
        Form("nt", MEDIA_TYPES["nt"][:1], "N-Triples"),
        Form("jsonld", MEDIA_TYPES["jsonld"], "JSON-LD"),
        Form("rdf", MEDIA_TYPES["rdf"], "RDF/XML"),
        Form("trig", MEDIA_TYPES["trig"], "TriG"),
        Form("rq", ("application/sparql-query",), "SPARQL"),
        Form("graphml", ("application/graphml+xml",), "GraphML", download=True),
        Form("svg", ("image/svg+xml",), "SVG"),
        Form("png", ("image/png",), "PNG"),
    )
}


ENDINGS = tuple(FORMS)


def forms_of(saved: SavedQuery) -> tuple[str, ...]:
    """The forms that an answer comes in, our own preference first; the Turtle of a table is its question."""
    first = ("ttl", "html", *(name for name in _GRAPHS if name != "ttl"))
    results = {"construct": first, "ask": ("json", "html", "csv", "xml", "ttl")}
    usual = results.get(saved.kind, ("json", "html", *_RESULTS[1:], "ttl"))
    return (*usual, "xlsx", "parquet", "rq", *(("svg", "png") if saved.chart else ()))


def alternates(saved: SavedQuery) -> tuple[str, ...]:
    """The forms that every answer comes in: not each can be drawn, one without rows for instance."""
    return tuple(name for name in forms_of(saved) if name not in ("svg", "png"))


def offered(saved: SavedQuery) -> tuple[str, ...]:
    """All forms that can be asked for: of the answer, and of the question where the answer is no RDF."""
    answers = forms_of(saved)
    return (
        answers
        if saved.kind == "construct"
        else (*answers, *(each for each in QUESTION if each not in answers))
    )


def of_engine(saved: SavedQuery, form: Form) -> bool:
    """Whether the engine writes this form of the answer itself."""
    engine = {"construct": _GRAPHS, "ask": ("json", "xml")}
    return form.name in engine.get(saved.kind, _RESULTS)


def chosen(
    names: Iterable[str], ending: str, asked: Sequence[str], accept: str, known: Mapping[str, Form] = FORMS
) -> tuple[Form, str]:
    """Of these forms the one that a reader wants, and the media type to send.

    By the ending of the address, by what `format` says, or by Accept; without any of them the first. Raises
    HTTPException 404 for an ending that is none of them, 406 if the reader takes none; ParameterError for a
    format that does not exist.
    """
    forms = [known[name] for name in names]
    if ending:
        return _named(ending, forms, HTTPException(404))
    unfit = HTTPException(406, ", ".join(form.media[0] for form in forms))
    wanted = next((name.lower() for name in asked if name), "")
    if wanted and not any(wanted in (form.name, *form.media) for form in FORMS.values()):
        raise ParameterError("format", wanted, ", ".join(form.name for form in forms))
    if wanted:
        return _named(wanted, forms, unfit)
    ranges = dict(preferences([accept]) or [("*/*", 1.0)])
    best = most_wanted(ranges, {form: form.media for form in forms})
    if best is None:
        raise unfit
    return best


def _named(wanted: str, forms: Iterable[Form], otherwise: HTTPException) -> tuple[Form, str]:
    for form in forms:
        if wanted in (form.name, *form.media):
            return form, form.media[0]
    raise otherwise


async def made(form: Form, table: Table, lang: str, about: About, locale: str) -> bytes:
    """The answer as a file that the engine does not write. Raises ChartError for one that cannot be drawn."""
    from ctlgraph import charts, export

    match form.name:
        case "svg":
            return (await charts.svg_soon(table, lang)).encode()
        case "png":
            return await charts.png_soon(table, lang)
        case "xlsx":
            return await asyncio.to_thread(export.workbook, table, lang, about)
        case "parquet":
            return await asyncio.to_thread(export.parquet_of, table, about, lang)
    return await asyncio.to_thread(export.csv_of, table, locale or None)
