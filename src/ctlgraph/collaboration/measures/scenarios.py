"""What if someone leaves, and what has changed between two graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctlgraph.collaboration.engines import OWN
from ctlgraph.collaboration.graphs import Collaboration, upper
from ctlgraph.collaboration.measures.base import (
    INTEGER,
    NODE,
    TEXT,
    Cell,
    Column,
    Found,
    Frame,
    Measure,
    Parameter,
)
from ctlgraph.collaboration.measures.distances import components
from ctlgraph.collaboration.projection import projected
from ctlgraph.errors import CollaborationError, ParameterError
from ctlgraph.messages import N_
from ctlgraph.vocabulary import nearest

if TYPE_CHECKING:
    from scipy.sparse import csr_array  # type: ignore[import-untyped]

_MOST = 500  # who leaves in turn
_MANY = N_("no meaning here for more than {most} in turn: say who leaves")
ALL, NODES, THINGS = "all", "nodes", "things"


def _what_if(frame: Frame) -> Found:
    graph, leaves = frame.graph, str(frame.parameters["leaves"])
    leaving = list(_leaving(graph, leaves))
    if len(leaving) > _MOST:
        return Found(reason=CollaborationError(_MANY, most=_MOST), engine=OWN)
    whole = projected(graph.incidence, "count")
    before = components(whole)
    return Found([_without(graph, whole, before, *who) for who in leaving], engine=OWN)


def _leaving(graph: Collaboration, leaves: str) -> list[tuple[str, int]]:
    """Side and place of each that leaves: those that are tied, or the one that is named."""
    sides = {NODES: graph.nodes, THINGS: graph.things}
    if leaves in (ALL, NODES, THINGS):
        tied = {NODES: {tie.node for tie in graph.ties}, THINGS: {tie.thing for tie in graph.ties}}
        return [(side, place) for side in sides if leaves in (ALL, side) for place in sorted(tied[side])]
    for side, those in sides.items():
        for place, node in enumerate(those):
            if leaves in (node.iri, node.iri.rpartition("/")[2]):
                return [(side, place)]
    names = {node.iri.rpartition("/")[2] for those in sides.values() for node in those}
    close = nearest(leaves, names)
    raise ParameterError(
        "leaves", leaves, N_("all, nodes, things, or one of them"), (close,) if close else ()
    )


def _without(
    graph: Collaboration, whole: csr_array, before: object, side: str, place: int
) -> tuple[Cell, ...]:
    """A row: who leaves, its side, and what that does to the others."""
    import numpy as np

    kept = np.arange(len(graph.nodes))
    incidence = graph.incidence
    if side == NODES:
        kept = np.delete(kept, place)
        incidence = incidence[kept]
    else:
        incidence = incidence[:, np.delete(np.arange(len(graph.things)), place)]
    after = projected(incidence.tocsr(), "count")
    among = whole[kept][:, kept]
    lost = (among.nnz - after.nnz) // 2
    separated = connected_pairs(np.asarray(before)[kept]) - connected_pairs(components(after))
    alone = int(((np.diff(among.indptr) > 0) & (np.diff(after.indptr) == 0)).sum())
    iri = (graph.nodes if side == NODES else graph.things)[place].iri
    return iri, separated, int(lost), alone, N_("takes part") if side == NODES else N_("joins others")


def connected_pairs(parts: object) -> int:
    """How many pairs can reach each other, given the component of each node."""
    import numpy as np

    sizes = np.bincount(np.asarray(parts))
    return int((sizes * (sizes - 1) // 2).sum())


def _change(frame: Frame) -> Found:
    later, earlier = frame.graph, frame.extra["other"]
    after, before = _edges(later), _edges(earlier)
    rows = []
    for ends in sorted(after.keys() | before.keys()):
        old, new = before.get(ends, 0.0), after.get(ends, 0.0)
        if abs(new - old) > 1e-9:
            rows.append((*ends, new - old, old, new))
    rows.sort(key=lambda row: (-abs(row[2]), row[0], row[1]))
    now, then = ({node.iri for node in each.members} for each in (later, earlier))
    facts = {
        "gained": len(after.keys() - before.keys()),
        "lost": len(before.keys() - after.keys()),
        "ties_before": len(before),
        "ties_after": len(after),
        "nodes_gained": len(now - then),
        "nodes_lost": len(then - now),
    }
    labels = {node.iri: node.labels for node in earlier.members}
    return Found(rows, facts, OWN, labels=labels)


def _edges(graph: Collaboration) -> dict[tuple[str, str], float]:
    iris = [node.iri for node in graph.members]
    found = {}
    for one, other, weight in upper(graph.adjacency):
        left, right = sorted((iris[one], iris[other]))
        found[left, right] = weight
    return found


MEASURES = (
    Measure(
        "what-if",
        N_("what if it leaves"),
        N_(
            "For each node and each thing in turn: how many pairs of the others could no longer reach each"
            " other without it, how many ties between others would be lost, and how many would be left"
            " without any."
        ),
        "Borgatti (2006), doi:10.1007/s10588-006-7084-x, on fragmentation",
        "nodes",
        (
            Column("who", N_("Who leaves"), NODE),
            Column("separated", N_("Pairs separated"), INTEGER),
            Column("lost", N_("Ties lost"), INTEGER),
            Column("alone", N_("Left alone"), INTEGER),
            Column("side", N_("What it does"), TEXT),
        ),
        {
            "none": N_("Whoever leaves, the others can still reach one another as before."),
            "one": N_("Without {names}, {separated} pairs of others could no longer reach each other."),
            "ties": N_(
                "Without any one of these, {separated} pairs of others could no longer reach each other:"
                " {names}."
            ),
        },
        _what_if,
        smallest=3,
        small=N_("if one of two leaves nobody is left to be separated"),
        rank="separated",
        parameters=(Parameter("leaves", N_("who leaves: all, nodes, things, or one of them"), ALL),),
    ),
    Measure(
        "change",
        N_("change"),
        N_(
            "Which ties are new, lost, heavier or lighter in comparison with another release or another"
            " period. What a source no longer names need not have ended."
        ),
        "Wasserman and Faust (1994), section 16.1, ISBN 0-521-38707-8, on two relations on the same nodes",
        "pairs",
        (
            Column("one", N_("Name"), NODE),
            Column("other", N_("Other"), NODE),
            Column("change", N_("Change")),
            Column("before", N_("Weight before")),
            Column("after", N_("Weight after")),
        ),
        {
            "none": N_("No tie has changed: there are {ties_after}."),
            "one": N_(
                "Ties gained: {gained}, lost: {lost}; there were {ties_before}, now there are {ties_after}."
            ),
            "ties": N_(
                "Ties gained: {gained}, lost: {lost}; there were {ties_before}, now there are {ties_after}."
            ),
        },
        _change,
        smallest=0,
        needs="other",
    ),
)
