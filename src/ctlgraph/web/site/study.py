"""A collaboration graph as an address asks for it, with its measures: built and measured in a thread.

Knows the parameters of an address and who answers queries; `ctlgraph.collaboration` knows the graphs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from starlette.requests import Request

from ctlgraph.catalogue import Steps, drive_now, labelling
from ctlgraph.charts.network import network
from ctlgraph.collaboration import (
    DEFAULT,
    MEASURES,
    Asked,
    Collaboration,
    Measured,
    collaborating,
    measuring,
    rdf,
    writing,
)
from ctlgraph.collaboration.layout import MOST
from ctlgraph.errors import CollaborationError, ParameterError
from ctlgraph.messages import N_
from ctlgraph.parameters import unknown
from ctlgraph.vocabulary import BASE, nearest
from ctlgraph.web.service import Service
from ctlgraph.web.site.asking import WORDS, remembering
from ctlgraph.web.site.facts import Ask, path_of
from ctlgraph.web.site.rendering import Links

GIVEN = (
    "of", "by", "projection", "guests", "parts", "roles", "since", "until", "source", "backbone", "measure"
)  # fmt: skip
"""The parameters of an address that say which graph and which measures."""

_TRUE = {"": False, "false": False, "0": False, "true": True, "1": True, "on": True}
_LARGE = N_("this graph has {count} nodes: here they are measured up to {most}; use 'ctlgraph collaboration'")


def asked_of(given: Mapping[str, str]) -> Asked:
    """The graph that an address asks for. Raises ParameterError, or CollaborationError for one side only."""
    plain = {name: given[name] for name in ("of", "by", "projection") if given.get(name)}
    return Asked(
        **plain,
        guests=_truth("guests", given.get("guests", "")),
        parts=_truth("parts", given.get("parts", "")),
        roles=tuple(given.get("roles", "").replace(",", " ").split()),
        since=_year("since", given.get("since", "")),
        until=_year("until", given.get("until", "")),
        source=given.get("source") or None,
        backbone=_level(given.get("backbone", "")),
    )


def _truth(name: str, text: str) -> bool:
    if text.lower() not in _TRUE:
        raise ParameterError(name, text, "true, false")
    return _TRUE[text.lower()]


def _year(name: str, text: str) -> int | None:
    if text and not (text.isascii() and text.isdecimal() and len(text) <= 4):
        raise ParameterError(name, text, N_("a year such as 2022"))
    return int(text) if text else None


def _level(text: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        raise ParameterError("backbone", text, N_("a level between 0 and 1, such as 0.05")) from None


@dataclass(frozen=True)
class Study:
    """A graph with its measures, as an address asks for them; roles: their labels by slug."""

    graph: Collaboration
    measured: tuple[Measured, ...]
    roles: Mapping[str, Mapping[str, str]]

    @cached_property
    def nodes(self) -> tuple[Measured, ...]:
        """The measures that have a value for each node."""
        return tuple(each for each in self.measured if each.measure.form == "nodes" and each.reason is None)

    def drawn(self, lang: str, links: Links) -> str:
        """The graph as SVG. Raises ChartError."""
        title = self.measured[0].sentence(lang) if self.measured else ""
        return network(self.graph, lang, title, link=lambda iri: links.url(path_of(iri)))

    def written(self, form: str, lang: str, links: Links) -> bytes:
        """The graph and its measures for another program.

        Raises ChartError, ParameterError, CollaborationError.
        """
        match form:
            case "svg":
                return self.drawn(lang, links).encode()
            case "graphml":
                return writing.graphml(self.graph, self.measured)
            case "csv":
                return writing.as_csv(self.measured, lang)
            case "ttl":
                return rdf.turtle(self.graph, self.measured)
        return writing.as_json(self.graph, self.measured)

    def role(self, slug: str, lang: str) -> str:
        """The name of a role."""
        known = self.roles.get(slug, {})
        return next((known[each] for each in (lang, "it", "en") if each in known), slug)


async def studying(request: Request, service: Service, *more: str) -> Study:
    """What an address asks for, measured in a thread, so that others are answered meanwhile.

    Raises ParameterError, CollaborationError, and what the queries raise.
    """
    asked = asked_of(request.query_params)
    names = tuple(dict.fromkeys((*measures_of(request.query_params.get("measure", "")), *more)))
    given = {name: value for name, value in request.query_params.items() if name not in WORDS}
    _check(given, names)
    told = {name: value for name, value in given.items() if value}
    ask, loop = remembering(request, service), asyncio.get_running_loop()

    def answer(query: str) -> bytes:
        return asyncio.run_coroutine_threadsafe(_asked(ask, query), loop).result()

    release = service.current.served.version if service.current.served.validated else ""
    steps = _studying(asked, names, told, release)
    return await asyncio.to_thread(drive_now, steps, answer)


def _check(given: Mapping[str, str], names: Sequence[str]) -> None:
    """Raise ParameterError for a parameter that neither the graph nor one of these measures has."""
    known = (*GIVEN, *(each.name for name in names for each in MEASURES[name].parameters))
    for name in given:
        if name not in known:
            raise unknown(name, given[name], known)


async def _asked(ask: Ask, query: str) -> bytes:
    return await ask(query)


def _studying(asked: Asked, names: Sequence[str], given: Mapping[str, str], release: str) -> Steps[Study]:
    graph = yield from collaborating(asked, release=release)
    if len(graph.nodes) + len(graph.things) > MOST:
        raise CollaborationError(_LARGE, count=len(graph.nodes) + len(graph.things), most=MOST)
    measured = []
    for name in names:
        own = {each.name for each in MEASURES[name].parameters}
        told = {key: value for key, value in given.items() if key in own}
        measured.append((yield from measuring(graph, name, told)))
    slugs = sorted({role for tie in graph.ties for role in tie.roles})
    scheme = f"{BASE}vocab/participation-role/"
    roles = yield from labelling(scheme + slug for slug in slugs)
    return Study(graph, tuple(measured), {slug: roles.get(scheme + slug, {}) for slug in slugs})


def measures_of(text: str) -> tuple[str, ...]:
    """The names of measures in a text, the usual ones without one. Raises ParameterError."""
    names = tuple(text.replace(",", " ").split()) or DEFAULT
    for name in names:
        if name not in MEASURES:
            close = nearest(name, MEASURES)
            raise ParameterError("measure", name, ", ".join(MEASURES), (close,) if close else ())
    return names
