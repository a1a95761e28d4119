"""Ties inside and between groups: the E-I index, and the matrix of who is tied with whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from ctlgraph.collaboration.engines import OWN
from ctlgraph.collaboration.graphs import upper
from ctlgraph.collaboration.measures.base import INTEGER, NODE, Column, Found, Frame, Measure
from ctlgraph.collaboration.measures.holes import ALONE, GROUP, ONE_GROUP
from ctlgraph.errors import CollaborationError
from ctlgraph.messages import N_

_NO_GROUP = N_(
    "no meaning here, because no tie joins two nodes that both have a group: group by something else"
)
_SIDES = N_("groups are those of one side")
Ends = tuple[tuple[str, ...], tuple[str, ...], float]


def _ei(frame: Frame) -> Found:
    ends = list(_grouped(frame))
    if not ends:
        return Found(reason=CollaborationError(_NO_GROUP), engine=OWN)
    sizes = [len(nodes) for nodes in _nodes_by_group(frame).values()]
    if len(sizes) < 2 or max(sizes) < 2:
        return Found(reason=CollaborationError(ALONE if len(sizes) > 1 else ONE_GROUP), engine=OWN)
    external, internal = ei_counts(ends)
    names = sorted(external.keys() | internal.keys())
    listed = [
        (name, _index(external[name], internal[name]), external[name], internal[name]) for name in names
    ]
    inside = sum(not set(one).isdisjoint(other) for one, other, _ in ends)
    facts = {
        "index": _index(len(ends) - inside, inside),
        "outside": len(ends) - inside,
        "inside": inside,
        "left_out": frame.adjacency.nnz // 2 - len(ends),
    }
    return Found(listed, facts, OWN, labels=frame.labels)


def ei_counts(ends: Sequence[Ends]) -> tuple[defaultdict[str, int], defaultdict[str, int]]:
    """How many ties of each group leave it and stay inside it.

    A tie of two nodes that share a group stays inside; of one that is in several groups, it counts for each.
    """
    external: defaultdict[str, int] = defaultdict(int)
    internal: defaultdict[str, int] = defaultdict(int)
    for one, other, _ in ends:
        for group in {*one, *other}:
            within = group in one and group in other
            internal[group] += within
            external[group] += not within
    return external, internal


def _index(external: int, internal: int) -> float:
    """From -1, all inside, to 1, all outside."""
    return (external - internal) / (external + internal)


def _mixing(frame: Frame) -> Found:
    ends = list(_grouped(frame))
    if not ends:
        return Found(reason=CollaborationError(_NO_GROUP), engine=OWN)
    weights = mixing(ends)
    listed = [(one, other, weight, float(count)) for (one, other), (weight, count) in sorted(weights.items())]
    facts = {"assortativity": assortativity({pair: count for pair, (_, count) in weights.items()})}
    return Found(listed, facts, OWN, labels=frame.labels)


def mixing(ends: Sequence[Ends]) -> dict[tuple[str, str], tuple[float, float]]:
    """Weight and number of ties between groups, each pair once, in order.

    A tie of nodes in several groups is spread evenly over their pairs, so that the sum is that of the ties.
    """
    found: defaultdict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for one, other, weight in ends:
        share = 1 / (len(one) * len(other))
        for left in one:
            for right in other:
                cell = found[min(left, right), max(left, right)]
                cell[0] += weight * share
                cell[1] += share
    return {pair: (weight, count) for pair, (weight, count) in found.items()}


def assortativity(counts: dict[tuple[str, str], float]) -> float:
    """Whether ties join like with like: 1 if all do, 0 as chance has it, below 0 if they join unlike.

    Newman (2003), Phys. Rev. E 67, 026126, equation 2. Where all ties are in one group it is 0: nothing could
    be otherwise.
    """
    total = sum(counts.values())
    ends: defaultdict[str, float] = defaultdict(float)
    for (one, other), count in counts.items():
        ends[one] += count / (2 * total)
        ends[other] += count / (2 * total)
    inside = sum(count for (one, other), count in counts.items() if one == other) / total
    chance = sum(share * share for share in ends.values())
    return 0.0 if len(ends) < 2 else (inside - chance) / (1 - chance)


def _grouped(frame: Frame) -> Iterator[Ends]:
    """The groups of the two ends of each tie whose ends both have one, and its weight."""
    groups = [frame.groups.get(iri, ()) for iri in frame.iris]
    for one, other, weight in upper(frame.adjacency):
        if groups[one] and groups[other]:
            yield groups[one], groups[other], weight


def _nodes_by_group(frame: Frame) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for iri in frame.iris:
        for group in frame.groups.get(iri, ()):
            found[group].add(iri)
    return found


MEASURES = (
    Measure(
        "ei",
        N_("E-I index"),
        N_(
            "Ties that leave a group less those inside it, out of both: -1 if all stay inside, 1 if all"
            " leave. Ties of nodes without a group are left out; two nodes that share one of several groups"
            " are inside it."
        ),
        "Krackhardt and Stern (1988), doi:10.2307/2786835",
        "groups",
        (
            Column("group", N_("Group"), NODE),
            Column("index", N_("E-I index")),
            Column("external", N_("Ties outside"), INTEGER),
            Column("internal", N_("Ties inside"), INTEGER),
        ),
        {
            "none": N_("No ties between {kind}."),
            "one": N_("Of the ties between {kind}, {inside} stay inside a group and {outside} leave it."),
            "ties": N_("Of the ties between {kind}, {inside} stay inside a group and {outside} leave it."),
        },
        _ei,
        small=N_("without a tie none is inside or outside"),
        parameters=(GROUP,),
        needs="groups",
        two_mode=_SIDES,
    ),
    Measure(
        "mixing",
        N_("mixing matrix"),
        N_(
            "How much weight and how many ties there are inside each group and between every two; a node of"
            " several groups counts for each in equal parts."
        ),
        "Newman (2003), doi:10.1103/PhysRevE.67.026126",
        "pairs",
        (
            Column("one", N_("Group"), NODE),
            Column("other", N_("Other group"), NODE),
            Column("weight", N_("Weight")),
            Column("ties", N_("Ties")),
        ),
        {
            "none": N_("No ties between {kind}."),
            "one": N_("Most joined groups: {names} (weight {weight})."),
            "ties": N_("Most joined groups: {names} (weight {weight} each)."),
        },
        _mixing,
        rank="weight",
        parameters=(GROUP,),
        needs="groups",
        two_mode=_SIDES,
    ),
)
