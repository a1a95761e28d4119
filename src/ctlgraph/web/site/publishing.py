"""What is published, read off the release that is served: its header, its counts, its files.

Knows where each fact is found; `export` knows the vocabularies, `catalog` HTTP.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request

from ctlgraph.catalogue import Catalogue, as_turtle
from ctlgraph.export import published as names
from ctlgraph.export.published import Download, Published
from ctlgraph.messages import LANGUAGES, N_, translate
from ctlgraph.release import Release, open_release
from ctlgraph.release.kept import numbers
from ctlgraph.vocabulary import BASE
from ctlgraph.web.releases import files_of
from ctlgraph.web.served import Served
from ctlgraph.web.service import Service
from ctlgraph.web.site import content
from ctlgraph.web.site.asking import remembering
from ctlgraph.web.site.documents import OFFERED
from ctlgraph.web.site.facts import Ask, Term, labels, rows

_NEEDED = ("publisher", "issued", "modified", "license")
_HEADER = f"SELECT ?p ?o {{ <{BASE}ontology> ?p ?o }}"
_SCHEMES = f"""SELECT DISTINCT ?x {{ ?x a skos:ConceptScheme FILTER(STRSTARTS(STR(?x), "{BASE}vocab/")) }}
    ORDER BY ?x"""
_PERIOD = """SELECT (MIN(?year) AS ?first) (MAX(?year) AS ?last) { ?x ?p ?day
    FILTER(?p IN (ctl:refPeriod, ctl:startDate, ctl:endDate, dct:date))
    BIND(SUBSTR(STR(?day), 1, 4) AS ?year) }"""
_COUNTS = """SELECT (COUNT(*) AS ?triples)
    (SUM(IF(?p = rdf:type && ?o = ctl:SourceDocument, 1, 0)) AS ?documents) { ?s ?p ?o }"""
_PASSAGES = "SELECT (COUNT(*) AS ?statements) { ?g ctl:firstLine ?line GRAPH ?g { ?s ?p ?o } }"
_TERMS = N_("the terms of the graph with their definitions")
_SHAPES = N_("the rules that the data meet, with their messages")
_QUESTIONS = N_("the saved queries with titles, descriptions and texts")
_FORMS = {"ttl": "Turtle", "rdf": "RDF/XML", "jsonld": "JSON-LD", "nt": "N-Triples"}


async def published(service: Service, catalogue: Catalogue, request: Request) -> Published | None:
    """What is published, read off the release; None if what is served does not describe itself."""
    ask, served, base = remembering(request, service), service.current.served, service.base(request.scope)
    header, schemes, (period,) = await asyncio.gather(
        rows(ask, _HEADER), rows(ask, _SCHEMES), rows(ask, _PERIOD)
    )
    said = _Header(header)
    if not isinstance(served.content, Path) or not all(map(said.all, _NEEDED)):
        return None
    publisher = said.one("publisher").value
    called = (await _labelled(ask, [publisher]))[publisher]
    return Published(
        base=base,
        version=served.version,
        issued=said.one("issued").value,
        modified=said.one("modified").value,
        period=(period["first"].value, period["last"].value) if period else ("", ""),
        licence=said.one("license").value,
        themes=tuple(term.value for term in said.all("theme")),
        keywords=tuple((term.value, term.lang) for term in said.all("keyword")),
        languages=tuple(term.value for term in said.all("language")),
        publisher=(publisher, called),
        counts={
            **await _counts(ask, open_release(served.content)),
            "schemes": len(schemes),
            "questions": len(catalogue),
        },
        downloads={
            names.GRAPH: await _dumps(served, base),
            names.ONTOLOGY: await _of_iris(
                service, request, {f"{BASE}ontology": _texts(_TERMS)}, tuple(_FORMS)
            ),
            names.VOCABULARIES: await _of_iris(
                service, request, await _labelled(ask, [row["x"].value for row in schemes]), ("ttl",)
            ),
            names.SHAPES: await _rules(ask, served, base),
            names.QUERIES: (_questions(catalogue, base),),
        },
        contact=service.settings.contact or "",
        versions=_versions(service),
    )


@dataclass(frozen=True)
class _Header:
    """What the release says of itself, in the header of its ontology."""

    rows: list[dict[str, Term]]

    def all(self, name: str) -> list[Term]:
        """The values of a property by the last part of its IRI, in order."""
        ends = (f"/{name}", f"#{name}")
        found = [row["o"] for row in self.rows if row["p"].value.endswith(ends)]
        return sorted(found, key=lambda term: (term.lang, term.value))

    def one(self, name: str) -> Term:
        """The value of a property."""
        return self.all(name)[0]


async def _counts(ask: Ask, release: Release) -> Mapping[str, int]:
    """Statements with the graph of each, and how many of them passages make; triples, each of them once."""
    (counts,), (passages,) = await asyncio.gather(rows(ask, _COUNTS), rows(ask, _PASSAGES))
    return {
        "statements": release.manifest["counts"]["quads"],
        "graphs": release.manifest["counts"]["graphs"],
        "passages": int(passages["statements"].value),
        "documents": int(counts["documents"].value),
        "triples": int(counts["triples"].value),
    }


def _versions(service: Service) -> tuple[str, ...]:
    """The releases that can be asked for, newest first."""
    found = {*service.earlier.known(), service.current.served.version}
    return tuple(sorted(found, key=lambda version: (numbers(version), version), reverse=True))


async def _dumps(served: Served, base: str) -> tuple[Download, ...]:
    """The files of the release, which are made if need be."""
    if not isinstance(served.content, Path):
        return ()
    release = open_release(served.content)
    folder = f"{base}dump/{served.version}/"
    return tuple(
        Download(
            name=file.name,
            form=file.form.name,
            label=file.form.label,
            what=_texts(file.form.description),
            media=file.form.media,
            address=folder + file.name,
            page=folder,
            size=file.size,
            sha256=file.sha256,
            compression=file.compression,
            package=file.package,
        )
        for file in await files_of(release)
    )


def _texts(text: str) -> Mapping[str, str]:
    return {lang: translate(text, lang) for lang in LANGUAGES}


async def _labelled(ask: Ask, iris: list[str]) -> Mapping[str, Mapping[str, str]]:
    """The labels of IRIs by language."""
    known = [await labels(ask, iris, lang) for lang in LANGUAGES]
    return {iri: {each.lang: each.thing(iri).label for each in known} for iri in iris}


async def _of_iris(
    service: Service, request: Request, iris: Mapping[str, Mapping[str, str]], forms: tuple[str, ...]
) -> tuple[Download, ...]:
    """The documents about IRIs of ours, with what they hold, as files of the bytes that the service sends."""
    ask, served, base = remembering(request, service), service.current.served, service.base(request.scope)
    words = await content.words(ask, served)
    found = []
    for iri, what in iris.items():
        said = await content.said(ask, iri, merged=served.merged)
        nquads, path = said.nquads if said else b"", iri.removeprefix(BASE)
        for form in forms:
            body = await content.as_form(nquads, form, words, f"{base}context.jsonld", iri)
            found.append(_download(f"{path.replace('/', '-')}.{form}", form, what, base, path, body))
    return tuple(found)


async def _rules(ask: Ask, served: Served, base: str) -> tuple[Download, ...]:
    """The document about the shapes as files of the bytes that the service sends, if there are shapes."""
    shapes, words = await content.shapes(served), await content.words(ask, served)
    if shapes is None:
        return ()
    return tuple(
        [
            _download(f"shapes.{form}", form, _texts(_SHAPES), base, "shapes", body)
            for form in _FORMS
            for body in [await content.as_form(shapes, form, words, f"{base}context.jsonld", content.SHAPES)]
        ]
    )


def _questions(catalogue: Catalogue, base: str) -> Download:
    return _download("queries.ttl", "ttl", _texts(_QUESTIONS), base, "queries", as_turtle(catalogue))


def _download(name: str, form: str, what: Mapping[str, str], base: str, path: str, body: bytes) -> Download:
    return Download(
        name=name,
        form=form,
        label=_FORMS[form],
        what=what,
        media=OFFERED[form][0],
        address=f"{base}{path}.{form}",
        page=base + path,
        size=len(body),
        sha256=hashlib.sha256(body).hexdigest(),
    )
