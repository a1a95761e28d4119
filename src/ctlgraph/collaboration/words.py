"""What a graph and a number must be read with, as lines for people: heading and text in their language."""

from __future__ import annotations

from collections.abc import Iterator

from ctlgraph.catalogue import join, number
from ctlgraph.collaboration.asked import KINDS, PROJECTIONS, Asked
from ctlgraph.collaboration.graphs import Collaboration
from ctlgraph.collaboration.measures.base import TEXT, Column, Measured, written
from ctlgraph.messages import N_, translate

Line = tuple[str, str]
ALL = N_("networks, projects, ecosystems, components and technologies")
"""What "all" stands for, in words."""
_NETWORKS = N_("also a body that is no network, where a source has someone take part in it as in one")
_NOT_VALIDATED = N_("files that were not validated")


def title(asked: Asked, lang: str) -> str:
    """What the graph is of, in one line."""
    by = ALL if asked.by == "all" else KINDS[asked.by]
    text = N_("Collaboration graph: {of}, by {by}")
    return translate(text, lang, of=KINDS[asked.of], by=by)


def graph_lines(graph: Collaboration, lang: str) -> Iterator[Line]:
    """How the graph came about, of which release it is, and how much is known."""
    yield from made_lines(graph, lang)
    yield translate(N_("Release"), lang), graph.release or translate(_NOT_VALIDATED, lang)
    yield translate(N_("Coverage"), lang), graph.covers(lang)


def made_lines(graph: Collaboration, lang: str) -> Iterator[Line]:
    """How the graph came about: weight, roles, period, source, pilots, backbone."""
    asked = graph.asked

    def say(text: str, **facts: object) -> str:
        return translate(text, lang, **facts)

    yield say(N_("Projection")), f"{asked.projection}: {say(PROJECTIONS[asked.projection])}"
    yield say(N_("Roles")), _roles(asked, lang)
    if asked.has_period:
        years = N_("from {since} to {until}; ties without a year, left out: {undated}")
        yield (
            say(N_("Period")),
            say(years, since=asked.since or "…", until=asked.until or "…", undated=graph.undated),
        )
    if asked.source:
        yield say(N_("Source")), asked.source
    if "networks" in (asked.of, *asked.sides):
        yield say(N_("Networks")), say(_NETWORKS)
    if not asked.parts and "networks" in (asked.of, *asked.sides):
        yield say(N_("Pilots")), say(N_("who takes part in a pilot takes part in the network it is part of"))
    if asked.backbone is not None:
        text = N_("only ties that the disparity filter finds significant at {level}")
        yield say(N_("Backbone")), say(text, level=written(asked.backbone, lang))


def measure_lines(measured: Measured, lang: str) -> Iterator[Line]:
    """How a number came about: its definition, parameters, seeds, engine and paper."""
    measure = measured.measure
    yield translate(N_("Definition"), lang), translate(measure.definition, lang)
    labels = {each.name: each.label for each in measure.parameters}
    told = [
        f"{translate(labels[name], lang)}: {measured.shown(value, _PLAIN, lang)}"
        for name, value in measured.parameters.items()
    ]
    if told:
        yield translate(N_("Parameters"), lang), "; ".join(told)
    if measured.found.seeds:
        yield translate(N_("Seeds"), lang), _range(measured.found.seeds, lang)
    if measured.found.engine:
        yield translate(N_("Engine"), lang), measured.found.engine
    yield translate(N_("Reference"), lang), measure.reference


_PLAIN = Column("", "", TEXT)


def _roles(asked: Asked, lang: str) -> str:
    if asked.roles:
        return join((*asked.roles, *(["guest"] if asked.guests else [])), lang)
    return translate(N_("any, guests too") if asked.guests else N_("any but guests"), lang)


def _range(seeds: tuple[int, ...], lang: str) -> str:
    if len(seeds) > 1 and seeds == tuple(range(seeds[0], seeds[-1] + 1)):
        return f"{number(seeds[0], lang)}–{number(seeds[-1], lang)}"
    return ", ".join(number(seed, lang) for seed in seeds)
