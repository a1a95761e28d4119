"""Pairs of nodes: the backbone, and opportunities between those who share much but no project."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations
from math import log

from ctlgraph.collaboration.asked import KINDS
from ctlgraph.collaboration.engines import OWN, named
from ctlgraph.collaboration.graphs import upper
from ctlgraph.collaboration.measures.base import (
    INTEGER,
    NODE,
    NODES,
    Cell,
    Column,
    Found,
    Frame,
    Measure,
    Parameter,
)
from ctlgraph.collaboration.projection import disparity, projected
from ctlgraph.errors import CollaborationError
from ctlgraph.messages import N_

GROUND = ("networks", "ecosystems", "components", "technologies")
"""What two may share without a project."""
_ENDS = (Column("one", N_("Name"), NODE), Column("other", N_("Other"), NODE))
_MOST_SHARING = 200  # what more than so many share says nothing of two of them, and their pairs are too many
_NO_GROUND = N_("no meaning here, because {kind} are not what opportunities are looked for between")


def _edges(frame: Frame) -> Found:
    listed: list[tuple[Cell, ...]] = [
        (one, other, facts["weight"], facts.get("shared", ""), facts["passages"])
        for one, other, facts in frame.graph.edges()
    ]
    return Found(listed, {"ties": len(listed)}, named("scipy"))


def _backbone(frame: Frame) -> Found:
    weights = projected(frame.graph.incidence, frame.graph.asked.projection)
    chances = {(one, other): chance for one, other, chance in upper(disparity(weights))}
    level = float(frame.parameters["alpha"])
    kept: list[tuple[Cell, ...]] = [
        (frame.iris[one], frame.iris[other], weight, chances[one, other])
        for one, other, weight in upper(weights)
        if chances.get((one, other), 0.0) < level
    ]
    ends = {row[0] for row in kept} | {row[1] for row in kept}
    facts = {"ties": len(kept), "of_ties": weights.nnz // 2, "nodes": len(ends)}
    return Found(kept, facts, named("scipy"))


def _opportunities(frame: Frame) -> Found:
    if frame.graph.asked.of not in ("clusters", "organisations"):
        why = CollaborationError(_NO_GROUND, kind=KINDS[frame.graph.asked.of])
        return Found(reason=why, engine=OWN)
    shared = opportunities(frame.extra["ground"], frame.extra["projects"])
    kinds: Mapping[str, str] = frame.extra["kinds"]
    most = int(frame.parameters["most"])
    listed: list[tuple[Cell, ...]] = []
    for (one, other), (score, things) in shared.items():
        by_kind = [sorted(thing for thing in things if kinds[thing] == kind) for kind in GROUND]
        listed.append((one, other, score, len(things), *(" ".join(each) for each in by_kind)))
    listed.sort(key=lambda row: (-round(float(row[2]), 9), str(row[0]), str(row[1])))
    kept = listed[: most or None]
    return Found(kept, {"pairs": len(listed)}, OWN, labels=frame.labels)


def opportunities(
    ground: Mapping[str, frozenset[str]], projects: Mapping[str, frozenset[str]]
) -> dict[tuple[str, str], tuple[float, frozenset[str]]]:
    """Pairs that share some ground but no project, each with its score and what is shared.

    ground: what each node has in networks, ecosystems, components and technologies; projects: those of each.
    Each thing shared adds one over the logarithm of how many share it, so that what few share counts more.
    Adamic and Adar (2003), Social Networks 25, 211; Liben-Nowell and Kleinberg (2007), J. Am. Soc. Inf. Sci.
    Technol. 58, 1019, who found it one of the best guesses at who will work together next.
    """
    sharers: defaultdict[str, list[str]] = defaultdict(list)
    for node in sorted(ground):
        for thing in ground[node]:
            sharers[thing].append(node)
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for thing in sorted(sharers):
        if len(sharers[thing]) <= _MOST_SHARING:
            for pair in combinations(sharers[thing], 2):
                found[pair].add(thing)
    none: frozenset[str] = frozenset()
    return {
        (one, other): (sum(1 / log(len(sharers[thing])) for thing in sorted(things)), frozenset(things))
        for (one, other), things in found.items()
        if projects.get(one, none).isdisjoint(projects.get(other, none))
    }


MEASURES = (
    Measure(
        "edges",
        N_("ties one by one"),
        N_("Who is tied with whom, with the weight, what they have in common, and the passages that say so."),
        "Newman (2001), doi:10.1103/PhysRevE.64.016132",
        "pairs",
        (
            Column("source", N_("Name"), NODE),
            Column("target", N_("Other"), NODE),
            Column("weight", N_("Weight")),
            Column("shared", N_("In common"), NODES),
            Column("passages", N_("Passages"), NODES),
        ),
        {
            "none": N_("No ties between {kind}."),
            "one": N_("Heaviest tie of {rows}: {names} ({weight})."),
            "ties": N_("Heaviest ties of {rows}: {names} ({weight} each)."),
        },
        _edges,
        rank="weight",
    ),
    Measure(
        "backbone",
        N_("backbone"),
        N_(
            "The ties that carry more of a node's weight than chance would give them if it spread its weight"
            " over its ties at random (disparity filter)."
        ),
        "Serrano, Boguna and Vespignani (2009), doi:10.1073/pnas.0808904106",
        "pairs",
        (*_ENDS, Column("weight", N_("Weight")), Column("chance", N_("Probability by chance"))),
        {
            "none": N_("No tie stands out from what chance would give."),
            "one": N_("Of {of_ties} ties one stands out from what chance would give: {names}."),
            "ties": N_("Of {of_ties} ties {ties} stand out from what chance would give."),
        },
        _backbone,
        smallest=10,
        small=N_("with fewer than ten tied nodes no weight can be told from chance"),
        parameters=(Parameter("alpha", N_("level of significance"), 0.05, least=1e-9, most=0.999),),
        two_mode=N_("ties of a two-mode graph all weigh the same"),
    ),
    Measure(
        "opportunities",
        N_("opportunities"),
        N_(
            "Pairs that share networks, ecosystems, components of the recovery plan or technology areas but"
            " no project: the more they share, and the fewer others share it, the higher. Being tied in no"
            " project is what the sources say, not that there is none."
        ),
        "Adamic and Adar (2003), doi:10.1016/S0378-8733(03)00009-1; Liben-Nowell and Kleinberg (2007),"
        " doi:10.1002/asi.20591",
        "pairs",
        (
            *_ENDS,
            Column("score", N_("Score")),
            Column("shared", N_("Things shared"), INTEGER),
            *(Column(kind, KINDS[kind], NODES) for kind in GROUND),
        ),
        {
            "none": N_("No two {kind} share anything without a project together."),
            "one": N_("Most in common, but no project: {names}."),
            "ties": N_("Most in common, but no project: {names}."),
        },
        _opportunities,
        smallest=0,
        rank="score",
        parameters=(Parameter("most", N_("pairs listed; 0 for all"), 100),),
        needs="ground",
    ),
)
