"""What each page shows: it asks the graph, and fills a template. Knows nothing of addresses and headers."""

from __future__ import annotations

import asyncio
import difflib
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request

from ctlgraph.catalogue import Catalogue
from ctlgraph.errors import CtlgraphError
from ctlgraph.messages import N_, translate
from ctlgraph.parameters import short_iri
from ctlgraph.search import Found, folded, telling
from ctlgraph.vocabulary import BASE, PREFIXES, TYPES
from ctlgraph.web import problems
from ctlgraph.web.negotiation import MEDIA_TYPES, reader_language
from ctlgraph.web.service import Service
from ctlgraph.web.site import content, disagreements, entities, facts, home, parts, rules
from ctlgraph.web.site import search as finding
from ctlgraph.web.site.around import around
from ctlgraph.web.site.asking import remembering
from ctlgraph.web.site.discrepancies import discrepancies
from ctlgraph.web.site.entities import Entity
from ctlgraph.web.site.examples import by_theme
from ctlgraph.web.site.facts import Ask, Thing, path_of_term
from ctlgraph.web.site.leads import Leads, leads
from ctlgraph.web.site.related import related
from ctlgraph.web.site.rendering import Crumb, Links, render
from ctlgraph.web.site.search import Search
from ctlgraph.web.site.structured import structured
from ctlgraph.web.site.tables import Column, Table, page_number, table
from ctlgraph.web.site.themes import themes

EXAMPLE = """\
PREFIX ctl: <https://w3id.org/ctlgraph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?cluster ?name
WHERE {
  ?cluster a ctl:TechnologyCluster ; skos:prefLabel ?name .
  FILTER(LANG(?name) = "LANGUAGE")
}
ORDER BY ?name
"""
ANY = """\
SELECT ?kind (COUNT(*) AS ?things)
WHERE {
  ?thing a ?kind .
}
GROUP BY ?kind
ORDER BY DESC(?things)
"""
_OURS = re.compile(r"/(doc|vocab|graph|ontology|shapes)(/[\w+-]+)*\Z", re.ASCII)
_CLUSTER = PREFIXES["ctl"] + "TechnologyCluster"


class Shown(NamedTuple):
    """A page, whether its table has a next one, and whether there is a next part of it."""

    body: bytes
    more: bool = False
    parts: bool = False


async def start(request: Request, service: Service, catalogue: Catalogue) -> bytes:
    """The home page: what this is, the figures, the clusters and the questions by theme."""
    lang = reader_language(request)
    found = await home.home(remembering(request, service), lang)
    return await render(request, service, "home.html", home=found, themes=themes(catalogue, lang))


async def search(request: Request, service: Service, catalogue: Catalogue) -> bytes:
    """What bears a text in a name, of all kinds or one, of all clusters and ecosystems or one.

    Of a sentence also the things that it names, and the questions that fit it.
    """
    lang = reader_language(request)
    asked, found, to, listed = await _search(request, service, catalogue)
    shown = {row["thing"].iri for row in listed.rows}
    context = {
        "search": asked,
        "found": found,
        "table": listed,
        "questions": to.questions,
        "named": [row for row in finding.rows(to.named.hits) if row["thing"].iri not in shown],
        "sentence": len(telling(asked.text)) > 2 or not found.total,
        "longest": finding.LONGEST,
    }
    return await render(
        request, service, "search.html", crumbs=(Crumb(translate("Explore", lang)),), **context
    )


async def search_json(request: Request, service: Service, catalogue: Catalogue) -> bytes:
    """The same for programs, and for suggestions: whole, best first."""
    _, found, to, _ = await _search(request, service, catalogue)
    return finding.as_json(found, to, Links.of(request, service).root, reader_language(request))


async def _search(
    request: Request, service: Service, catalogue: Catalogue
) -> tuple[Search, Found, Leads, Table]:
    """What is asked for, what is found, where else it leads, and the table of what is found.

    Raises ParameterError for what none of it can have.
    """
    lang, asked = reader_language(request), Search.of(request.query_params)
    page_number(request.query_params.get("page", "1"))
    index, ask = await service.current.names.index(), remembering(request, service)
    found = await asked.find(index, lang)
    columns = (Column("thing", translate("Name", lang)), Column("kind", translate("Kind", lang)))
    listed = table(columns, finding.rows(found.hits), {**request.query_params, "q": ""}, size=25)
    return asked, found, await leads(ask, catalogue, index, asked.text, lang), listed


async def accessibility(request: Request, service: Service) -> bytes:
    """What is done so that everyone can read the site."""
    crumb = Crumb(translate("Accessibility statement", reader_language(request)))
    return await render(request, service, "accessibility.html", crumbs=(crumb,))


async def privacy(request: Request, service: Service) -> bytes:
    """What is kept of a visit."""
    crumb = Crumb(translate("Privacy", reader_language(request)))
    kept = service.settings.log_queries
    return await render(request, service, "privacy.html", crumbs=(crumb,), log_queries=kept)


async def problem(request: Request, service: Service) -> bytes:
    """What a type of problem means. Raises HTTPException 404 for one that there is not."""
    found = problems.kinds().get(request.path_params["slug"])
    if found is None:
        raise HTTPException(404)
    crumb = Crumb(translate(found.title, reader_language(request)))
    return await render(request, service, "problem.html", crumbs=(crumb,), kind=found)


async def api(request: Request, service: Service) -> bytes:
    """The description of the service, to read and to try."""
    return await render(request, service, "api.html", crumbs=(Crumb("API"),))


async def sparql(request: Request, service: Service, catalogue: Catalogue) -> bytes:
    """A form that sends a query, which a script makes an editor with questions as examples."""
    lang = reader_language(request)
    example = EXAMPLE.replace("LANGUAGE", lang) if service.current.served.validated else ANY
    context = {
        "example": request.query_params.get("query", "").strip() or example,
        "formats": tuple(MEDIA_TYPES),
        "examples": by_theme(catalogue, lang) if service.current.served.validated else (),
        "tags": [(tag, name) for tag, name, _ in themes(catalogue, lang)],
    }
    return await render(request, service, "sparql.html", crumbs=(Crumb("SPARQL"),), **context)


async def shapes(request: Request, service: Service) -> Shown | None:
    """What is required of the data, rule by rule; None if what is served has no shapes."""
    lang, nt = reader_language(request), await content.shapes(service.current.served)
    if nt is None:
        return None
    text = request.query_params.get("q", "").strip()
    every = await rules.rules(remembering(request, service), nt, lang)
    shown = [rule for rule in every if rule.has(folded(text).split())]
    context = {
        "chapters": rules.chapters(shown, lang),
        "shown": len(shown),
        "total": len(every),
        "text": text,
        "path_of_term": path_of_term,
    }
    crumbs = (Crumb(translate("Ontology", lang), "/ontology"), Crumb(translate("Rules", lang)))
    return Shown(await render(request, service, "shapes.html", crumbs=crumbs, **context))


async def entity(
    request: Request, service: Service, catalogue: Catalogue, path: str, iri: str
) -> Shown | None:
    """What the graph says of an IRI, which has its page at this path; None if nothing."""
    lang, ask = reader_language(request), remembering(request, service)
    part = page_number(request.query_params.get("part", "1"))
    found = await entities.entity(ask, iri, lang, part) if iri else None
    if found is None:
        return None
    said, odd, asked = await asyncio.gather(
        parts.said(ask, found, lang), discrepancies(ask, iri, lang), related(ask, catalogue, found)
    )
    title = _title(found, lang)
    above = _above(found, lang)
    links, shown = Links.of(request, service), _links(found, request.query_params, lang)
    context = {
        "entity": found,
        "title": title,
        "document": path,
        "sheet": path.replace("/doc/", "/sheet/", 1)
        if _CLUSTER in {kind.iri for kind in found.kinds}
        else "",
        "table": shown,
        "said": said,
        "around": around(found, said, lang, links.url),
        "structured": structured(found, said, service.base(request.scope) + path.lstrip("/")),
        "discrepancies": odd,
        "related": asked,
        "questions": {each.saved.name: each.arguments for each in asked},
        "short": short_iri,
        "most": entities.MOST,
        "part": part,
        "disagreements": await disagreements.about(ask, iri, lang),
    }
    body = await render(request, service, "entity.html", crumbs=(*above, Crumb(title)), **context)
    return Shown(body, shown is not None and shown.page < shown.pages, found.more)


async def error(request: Request, service: Service, problem: Mapping[str, Any], retry: str) -> bytes:
    """What went wrong; for an IRI that nothing is said of, those like it or in its place.

    retry: seconds after which it is worth trying again, "" if that is not known.
    """
    iris = problem.get("replaced", problem.get("nearest", ()))
    near: tuple[Thing, ...] = ()
    if iris and problem["type"].endswith(("/unknown-iri", "/gone")):
        with suppress(CtlgraphError):
            known = await facts.labels(remembering(request, service), iris, reader_language(request))
            near = tuple(map(known.thing, iris))
    context: dict[str, Any] = {
        "problem": problem,
        "nearest": near,
        "retry": retry,
        "formats": tuple(MEDIA_TYPES),
    }
    return await render(request, service, "error.html", **context)


async def nearest(ask: Ask, iri: str) -> tuple[str, ...]:
    """Return up to three IRIs that look most like this one, of which the graph says nothing."""
    kind, _, slug = iri.removeprefix(f"{BASE}id/").partition("/")
    if iri.startswith(f"{BASE}id/") and kind not in TYPES:
        iri = f"{BASE}id/{next(iter(difflib.get_close_matches(kind, TYPES, n=1)), kind)}/{slug}"
    return tuple(difflib.get_close_matches(iri, await entities.siblings(ask, iri), n=3, cutoff=0.7))


def _above(found: Entity, lang: str) -> tuple[Crumb, ...]:
    """The way to an entity: over its document, its vocabulary, or the search."""
    document = found.source.document
    if document:
        return (Crumb(document.label, document.path),)
    if found.thing.path.startswith("/vocab/"):
        schemes = [value.thing for value in found.of("skos:inScheme") if value.thing]
        ontology = Crumb(translate("Ontology", lang), "/ontology")
        return (ontology, *(Crumb(scheme.label, scheme.path) for scheme in schemes[:1]))
    return (Crumb(translate("Explore", lang), "/search"),)


def _title(found: Entity, lang: str) -> str:
    """A passage is called by its document and lines, everything else by its label."""
    source = found.source
    if source.document is None:
        return found.thing.label
    named = {"document": source.document.label, "line": source.first, "last": source.last}
    if source.first == source.last:
        return translate("{document}, line {line}", lang, **named)
    return translate("{document}, lines {line}–{last}", lang, **named)


def _links(found: Entity, asked: Mapping[str, str], lang: str) -> Table | None:
    """The table of what a graph states, else of what points to the IRI; None if there is nothing."""
    labels = {"thing": N_("What"), "relation": N_("Relation"), "sources": N_("Source")}
    rows: tuple[Mapping[str, Any], ...] = found.incoming
    if found.statements:
        labels = {"thing": N_("Of what"), "relation": N_("Property"), "value": N_("Value")}
        rows = found.statements
    columns = tuple(Column(key, translate(label, lang)) for key, label in labels.items())
    return table(columns, rows, asked) if rows else None


def iri_of(path: str) -> str | None:
    """The IRI that has its page at a path of the site; None if none has.

    >>> iri_of("/doc/cluster/clm")
    'https://w3id.org/ctlgraph/id/cluster/clm'
    """
    return BASE + path.replace("/doc/", "/id/", 1)[1:] if _OURS.match(path) else None
