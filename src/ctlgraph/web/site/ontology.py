"""The pages of the ontology: its terms with how much they are used, each term by itself, the vocabularies.

Asks the graph and fills templates; knows nothing of addresses and headers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request

from ctlgraph.catalogue import Catalogue
from ctlgraph.charts.tree import Branch, tree
from ctlgraph.export import void
from ctlgraph.messages import N_, translate
from ctlgraph.vocabulary import BASE, PREFIXES, expand
from ctlgraph.web.negotiation import reader_language
from ctlgraph.web.service import Service
from ctlgraph.web.site import content, rules, terms
from ctlgraph.web.site.around import surroundings
from ctlgraph.web.site.asking import remembering
from ctlgraph.web.site.facts import Ask, Term, Thing, labels, path_of_term, rows
from ctlgraph.web.site.model import model
from ctlgraph.web.site.rendering import Crumb, Links, number, render
from ctlgraph.web.site.term import LOOKED_AT, Used, used
from ctlgraph.web.site.terms import Defined, Group

_SCHEMES = f"""SELECT ?scheme ?text (COUNT(?concept) AS ?concepts) {{
    ?concept skos:inScheme ?scheme . ?scheme a skos:ConceptScheme
    FILTER(STRSTARTS(STR(?scheme), "{BASE}vocab/"))
    OPTIONAL {{ ?scheme skos:definition ?text FILTER(LANG(?text) = "LANG") }} }} GROUP BY ?scheme ?text"""

_INFERRING = f"""SELECT ?x {{ GRAPH <{BASE}ontology> {{ ?x rdfs:domain|rdfs:range ?y }} }} LIMIT 1"""
_ABOVE = f"""SELECT ?below ?above {{ GRAPH <{BASE}ontology> {{ ?below rdfs:subClassOf ?above }} }}"""


@dataclass(frozen=True)
class Scheme:
    """A vocabulary with its definition and the number of its concepts."""

    thing: Thing
    definition: str
    concepts: int


async def ontology(request: Request, service: Service) -> bytes:
    """The terms of the ontology with definitions and uses; those that have a text, if one is asked for."""
    lang, ask = reader_language(request), remembering(request, service)
    text = request.query_params.get("q", "").strip()
    url = Links.of(request, service).url
    every, schemes, above, counted, inferring, hanging = await asyncio.gather(
        terms.groups(ask, lang),
        _schemes(ask, lang),
        rows(ask, _ABOVE),
        _counted(ask),
        rows(ask, _INFERRING),
        model(ask, lang, url),
    )
    declared = sum(len(group.terms) for group in every)
    classes = sum(each.is_class for group in every for each in group.terms)
    context = {
        "declared": (classes, declared - classes),
        "counted": counted,
        "inferring": bool(inferring),
        "reused": terms.reused(every, lang),
        "drawings": [] if text else _drawings(every, above, lang, url),
        "model": None if text else hanging,
        "looked_at": LOOKED_AT,
        "groups": terms.having(every, text),
        "schemes": [] if text else schemes,
        "text": text,
        "path_of_term": path_of_term,
    }
    crumb = Crumb(translate(N_("Ontology"), lang))
    return await render(request, service, "ontology.html", crumbs=(crumb,), **context)


async def _counted(ask: Ask) -> tuple[int, int]:
    """How many classes and properties occur in the data, as VoID counts them."""
    classes, properties = await asyncio.gather(
        *(rows(ask, void.QUERIES[name]) for name in ("classes", "properties"))
    )
    return len(classes), len(properties)


def _drawings(
    every: Sequence[Group], found: Sequence[Mapping[str, Term]], lang: str, url: Callable[[str], str]
) -> list[Markup]:
    """The classes below one another, for wide and for narrow screens; nothing if there are none."""
    classes = {each.thing.iri: each for group in every for each in group.terms if each.is_class}
    below: dict[str, list[Defined]] = {}
    placed = set()
    for row in found:
        one, other = row["below"].value, row["above"].value
        if one in classes and other in classes and one != other:
            below.setdefault(other, []).append(classes[one])
            placed.add(one)

    def branch(each: Defined, seen: frozenset[str]) -> Branch:
        inside = [of for of in below.get(each.thing.iri, ()) if of.thing.iri not in seen]
        inside.sort(key=lambda of: of.thing.label.casefold())
        address = path_of_term(each.thing.iri)
        return Branch(
            each.thing.label,
            f"({number(each.uses, lang)})",
            url(address) if address else "",
            [branch(of, seen | {of.thing.iri}) for of in inside],
        )

    roots = [branch(each, frozenset({iri})) for iri, each in classes.items() if iri not in placed]
    roots.sort(key=lambda root: (not root.below, root.label.casefold()))
    title = translate(
        N_("The classes, each with those that are a kind of it and the number of its things"), lang
    )
    return [Markup(tree(roots, title, columns=n)) for n in (2, 1)] if roots else []  # noqa: S704  # escaped


async def term(request: Request, service: Service, catalogue: Catalogue) -> bytes:
    """A term with examples, rules and questions. Raises HTTPException 404 for one that there is not."""
    lang, ask, name = reader_language(request), remembering(request, service), request.path_params["name"]
    prefix, colon, _ = name.partition(":")
    if not colon or prefix not in PREFIXES:
        raise HTTPException(404)
    iri = expand(name)
    found, nt = await asyncio.gather(terms.defined(ask, iri, lang), content.shapes(service.current.served))
    if found is None:
        raise HTTPException(404)
    said = await used(ask, found, await rules.rules(ask, nt, lang) if nt else (), catalogue, lang)
    context = {
        "used": said,
        "around": surroundings(found.thing, _rings(said, lang), lang, Links.of(request, service).url),
        "path_of_term": path_of_term,
        "looked_at": LOOKED_AT,
    }
    crumbs = (Crumb(translate(N_("Ontology"), lang), "/ontology"), Crumb(found.thing.label))
    return await render(request, service, "term.html", crumbs=crumbs, **context)


async def _schemes(ask: Ask, lang: str) -> Sequence[Scheme]:
    found = await rows(ask, _SCHEMES.replace('"LANG"', f'"{lang}"'))
    known = await labels(ask, {row["scheme"].value for row in found}, lang)
    made = [
        Scheme(
            known.thing(row["scheme"].value),
            row["text"].value if "text" in row else "",
            int(row["concepts"].value),
        )
        for row in found
        if "scheme" in row
    ]
    return sorted(made, key=lambda scheme: scheme.thing.label.casefold())


def _rings(said: Used, lang: str) -> Mapping[str, Sequence[Thing]]:
    """What a term is tied to, as it is drawn."""
    if said.term.is_class:
        out = [_arrow(tie.property, tie.other, "→") for tie in said.out if tie.other]
        into = [_arrow(tie.property, tie.other, "←") for tie in said.into if tie.other]
        found = {
            N_("Kind of"): said.above,
            N_("Kinds of it"): said.below,
            N_("Leads to"): out,
            N_("Is led to by"): into,
        }
    else:
        found = {
            N_("Kind of"): said.above,
            N_("Kinds of it"): said.below,
            N_("Leads from"): [tie.other for tie in said.out if tie.other],
            N_("Leads to"): [tie.other for tie in said.into if tie.other],
        }
    return {
        translate(heading, lang): [_page(thing) for thing in dict.fromkeys(things)]
        for heading, things in found.items()
        if things
    }


def _arrow(relation: Thing, other: Thing, sign: str) -> Thing:
    """A property and where it leads, as one neighbour."""
    return replace(other, label=f"{relation.label} {sign} {other.label}")


def _page(thing: Thing) -> Thing:
    return replace(thing, path=path_of_term(thing.iri))
