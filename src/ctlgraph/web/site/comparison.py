"""The page that compares: two clusters, two years of a cluster, two releases.

Knows what an address asks for and what the page shows; `comparing` asks the graph.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ctlgraph.catalogue import Catalogue, answering, drive
from ctlgraph.errors import ParameterError
from ctlgraph.messages import N_, translate
from ctlgraph.parameters import short_iri
from ctlgraph.release.kept import numbers
from ctlgraph.vocabulary import nearest
from ctlgraph.web.negotiation import reader_language
from ctlgraph.web.service import Service
from ctlgraph.web.site.asking import remembering
from ctlgraph.web.site.comparing import clusters, over, two, years
from ctlgraph.web.site.documents import only_reading
from ctlgraph.web.site.facts import Ask, Thing
from ctlgraph.web.site.home import Bar
from ctlgraph.web.site.rendering import Crumb, Links, render

SHARED = "common-ground-of-two-clusters"
PAIRS = "pairs-with-most-common-ground"
"""The questions that say what two have in common, and which have most."""
_PAIRS = 4  # that are offered


@dataclass(frozen=True)
class Compare:
    """The ASGI application at ``/compare``: two releases are compared elsewhere, the rest on the page."""

    service: Service
    page: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the page; 303 to the difference of two releases."""
        only_reading(scope)
        request = Request(scope, receive)
        a, b = (request.query_params.get(name, "") for name in ("a", "b"))
        if a and b:
            address = Links.of(request, self.service).whole(f"/releases/{a}...{b}")
            return await RedirectResponse(address, 303)(scope, receive, send)
        return await self.page(scope, receive, send)


async def page(request: Request, service: Service, catalogue: Catalogue) -> bytes:
    """What is asked for side by side, else what can be. Raises ParameterError."""
    lang, ask, given = reader_language(request), remembering(request, service), request.query_params
    every, when = await clusters(ask, lang), await years(ask)
    one, other = (_cluster(name, given.get(name, ""), every) for name in ("one", "other"))
    before, after = (_year(name, given.get(name, ""), when) for name in ("from", "to"))
    context: dict[str, Any] = {
        "clusters": [(short_iri(each.iri), each.label) for each in every],
        "years": [(year, year) for year in when],
        "versions": [(version, version) for version in _versions(service)],
        "one": short_iri(one.iri) if one else "",
        "other": short_iri(other.iri) if other else "",
        "before": before,
        "after": after,
        "compared": None,
        "sentence": "",
        "bars": (),
        "pairs": (),
    }
    if one and before and after:
        context["compared"] = await over(ask, one, before, after, lang)
    elif one and other:
        found = await two(ask, one, other, lang)
        context |= {"compared": found, "bars": _bars(found.sides, found.categories)}
        context["sentence"] = await _sentence(ask, catalogue, one, other, lang)
    else:
        context["pairs"] = await _pairs(ask, catalogue, every)
    crumb = Crumb(translate(N_("Compare"), lang))
    return await render(request, service, "compare.html", crumbs=(crumb,), **context)


def _cluster(name: str, text: str, every: Sequence[Thing]) -> Thing | None:
    """The cluster that a parameter names. Raises ParameterError."""
    known = {short_iri(each.iri): each for each in every}
    if text and text not in known:
        close = nearest(text, known)
        raise ParameterError(name, text, N_("a cluster, such as cluster/clm"), (close,) if close else ())
    return known.get(text)


def _year(name: str, text: str, known: Sequence[str]) -> str:
    """The year that a parameter names. Raises ParameterError."""
    if text and text not in known:
        raise ParameterError(name, text, ", ".join(known) or N_("a year"))
    return text


def _versions(service: Service) -> list[str]:
    """The releases that can be compared, the newest first."""
    served = service.current.served
    if not served.validated:
        return []
    found = {*service.earlier.known(), served.version}
    return sorted(found, key=lambda version: (numbers(version), version), reverse=True)


def _bars(sides: Sequence[Any], categories: Sequence[Thing]) -> tuple[Bar, ...]:
    """The members of each side by category, for a chart."""
    made = []
    for side in sides:
        of = {count.category: count.count for count in side.counts}
        total = next((count.count for count in side.counts if count.total), None)
        parts = tuple((each.label, of[each]) for each in categories[1:] if each in of)
        if total is not None and parts:
            made.append(Bar(side.thing, total, parts))
    return tuple(made)


async def _sentence(ask: Ask, catalogue: Catalogue, one: Thing, other: Thing, lang: str) -> str:
    """What two clusters have in common, in words; "" where the question is not there."""
    if SHARED not in catalogue or one == other:
        return ""
    arguments = {"one": short_iri(one.iri), "other": short_iri(other.iri)}
    return (await drive(answering(catalogue[SHARED].fill(arguments)), ask)).sentence(lang)


async def _pairs(
    ask: Ask, catalogue: Catalogue, every: Sequence[Thing]
) -> list[tuple[Mapping[str, str], str]]:
    """Pairs that have most in common, as parameters of this page and in words."""
    if PAIRS not in catalogue:
        return []
    table = await drive(answering(catalogue[PAIRS].fill({})), ask)
    known = {each.iri: each for each in every}
    found: list[tuple[Mapping[str, str], str]] = []
    for row in table.rows:
        pair = [known[cell.value] for cell in row if cell and cell.value in known]
        if len(pair) == 2:
            asked = {"one": short_iri(pair[0].iri), "other": short_iri(pair[1].iri)}
            found.append((asked, f"{pair[0].label} – {pair[1].label}"))
    return found[:_PAIRS]
