"""Structural holes and brokerage: who joins those that are not joined otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ctlgraph.collaboration.engines import OWN, as_networkx, backend, chosen, named
from ctlgraph.collaboration.measures.base import INTEGER, Cell, Column, Found, Frame, Measure, Parameter
from ctlgraph.collaboration.measures.position import NODE_COLUMN, degrees, rows, strengths
from ctlgraph.errors import CollaborationError
from ctlgraph.messages import N_

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_array  # type: ignore[import-untyped]

GROUPS = ("cluster", "province", "region", "ecosystem")
"""By what nodes may be grouped."""
GROUP = Parameter("group", N_("grouped by"), "cluster", choices=GROUPS)
ALONE = N_("no meaning here, because no group has two tied nodes: group by something else")
ONE_GROUP = N_("no meaning here, because fewer than two groups have tied nodes: group by something else")
_BLOCK = 1_000  # nodes whose paths of two ties are held at once


def _constraint(frame: Frame) -> Found:
    engine = chosen(frame.engine, frame.adjacency, "scipy")
    return _tied(frame, constraint(frame.adjacency, engine), engine)


def constraint(adjacency: csr_array, engine: str) -> np.ndarray:
    """How far a node's ties lead back to one another; NaN for a node without ties.

    The sum, over its partners j, of the square of p_ij + sum over q of p_iq p_qj, where p_ij is the share of
    i's weight that goes to j. Burt (1992), equation 2.4.
    """
    import numpy as np

    if engine != "scipy":
        import networkx as nx  # type: ignore[import-untyped]

        found = nx.constraint(as_networkx(adjacency), weight="weight", **backend(engine))
        return np.array([found[place] for place in range(adjacency.shape[0])], dtype=float)
    shares = _shares(adjacency)
    values = np.full(adjacency.shape[0], np.nan)
    for start, stop in _blocks(adjacency):
        own = shares[start:stop]
        total = (own + own @ shares).multiply(adjacency[start:stop] != 0)
        values[start:stop] = np.asarray(total.multiply(total).sum(axis=1)).ravel()
    values[degrees(adjacency) == 0] = np.nan
    return values


def _effective_size(frame: Frame) -> Found:
    engine = chosen(frame.engine, frame.adjacency, "scipy")
    return _tied(frame, effective_size(frame.adjacency, engine), engine)


def effective_size(adjacency: csr_array, engine: str) -> np.ndarray:
    """How many partners of a node lead to different others: its ties less the mean ties among its partners.

    By weight, the sum over partners j of 1 - sum over q of p_iq m_jq, where m_jq is the weight between j and
    q out of the largest of j. NaN for a node without ties. Burt (1992), equation 2.2.
    """
    import numpy as np

    if engine != "scipy":
        import networkx as nx

        graph = as_networkx(adjacency)
        # Over all nodes at once networkx 3.6.1 divides by the largest weight of the wrong node.
        found = nx.effective_size(graph, nodes=list(graph), weight="weight", **backend(engine))
        return np.array([found[place] for place in range(adjacency.shape[0])], dtype=float)
    from scipy.sparse import dia_array

    count, ties = adjacency.shape[0], degrees(adjacency)
    largest = np.asarray(adjacency.max(axis=1).todense()).ravel()
    inverse = np.divide(1.0, largest, out=np.zeros(count), where=largest > 0)
    marginal = (dia_array((inverse[None, :], [0]), shape=(count, count)) @ adjacency).tocsr()
    shares = _shares(adjacency)
    values = np.full(count, np.nan)
    for start, stop in _blocks(adjacency):
        redundant = (shares[start:stop] @ marginal.T).multiply(adjacency[start:stop] != 0)
        values[start:stop] = ties[start:stop] - np.asarray(redundant.sum(axis=1)).ravel()
    values[ties == 0] = np.nan
    return values


def _brokerage(frame: Frame) -> Found:
    groups = [frame.groups.get(iri, ()) for iri in frame.iris]
    only = [found[0] if len(found) == 1 else "" for found in groups]
    tied = Counter(
        group for group, ties in zip(only, degrees(frame.adjacency), strict=True) if group and ties
    )
    if len(tied) < 2 or max(tied.values()) < 2:
        return Found(reason=CollaborationError(ALONE if len(tied) > 1 else ONE_GROUP), engine=OWN)
    counts = brokerage(frame.adjacency, only)
    listed: list[tuple[Cell, ...]] = [
        (iri, *(int(each) for each in row), int(sum(row)))
        for iri, group, row in zip(frame.iris, only, counts, strict=True)
        if group
    ]
    facts = {"left_out": sum(not group for group in only), "groups": len(tied)}
    return Found(listed, facts, OWN)


ROLES = ("coordinator", "itinerant", "gatekeeper", "liaison")


def brokerage(adjacency: csr_array, groups: Sequence[str]) -> list[tuple[int, ...]]:
    """How often each node is the middle of two that are not tied with each other, by ROLES.

    Coordinator: all three are of one group; itinerant: the two are of one, the middle of another; gatekeeper:
    the middle is of the group of one of the two, which without directions is also the representative;
    liaison: all three are of different groups. groups: one for each node, "" for none, who is left out.
    Gould and Fernandez (1989), Sociological Methodology 19, 89.
    """
    indptr, indices = adjacency.indptr.tolist(), adjacency.indices.tolist()
    partners = [
        [each for each in indices[indptr[node] : indptr[node + 1]] if groups[each]]
        for node in range(adjacency.shape[0])
    ]
    found = []
    for node, own in enumerate(groups):
        counts = _all_pairs([groups[each] for each in partners[node]], own) if own else Counter[str]()
        if counts:
            near = set(partners[node])
            for one in partners[node]:
                for other in near.intersection(partners[one]):
                    if one < other:
                        counts[_role(own, groups[one], groups[other])] -= 1
        found.append(tuple(counts[role] for role in ROLES))
    return found


def _all_pairs(partners: Sequence[str], own: str) -> Counter[str]:
    """The roles of a node between every two of its partners, by their groups, tied or not."""
    sizes = Counter(partners)
    inside, outside = sizes.pop(own, 0), sum(sizes.values())
    same = sum(size * (size - 1) // 2 for size in sizes.values())
    return Counter(
        coordinator=inside * (inside - 1) // 2,
        itinerant=same,
        gatekeeper=inside * outside,
        liaison=outside * (outside - 1) // 2 - same,
    )


def _role(own: str, one: str, other: str) -> str:
    if one == other:
        return "coordinator" if one == own else "itinerant"
    return "gatekeeper" if own in (one, other) else "liaison"


def _tied(frame: Frame, values: np.ndarray, engine: str) -> Found:
    """The rows of nodes that have a tie: the others have no value."""
    import numpy as np

    listed = [row for row in rows(frame, values) if not np.isnan(row[1])]
    return Found(listed, {"left_out": len(frame.iris) - len(listed)}, named(engine))


def _shares(adjacency: csr_array) -> csr_array:
    """What share of its weight each node gives to each partner."""
    import numpy as np

    shares = adjacency.copy()
    shares.data = shares.data / np.repeat(strengths(adjacency), degrees(adjacency))
    return shares


def _blocks(adjacency: csr_array) -> Iterator[tuple[int, int]]:
    count = adjacency.shape[0]
    for start in range(0, count, _BLOCK):
        yield start, min(start + _BLOCK, count)


MEASURES = (
    Measure(
        "constraint",
        N_("constraint"),
        N_(
            "How far a node's ties lead back to one another: low for who joins parts that are not joined"
            " otherwise, high for who has few partners, all tied together. Nodes without ties have none."
        ),
        "Burt (1992), Structural Holes, equation 2.4, ISBN 0-674-84371-1",
        "nodes",
        (NODE_COLUMN, Column("constraint", N_("Constraint"))),
        {
            "none": N_("No ties between {kind}."),
            "one": N_("Most bound by partners who are tied with one another: {names} ({constraint})."),
            "ties": N_("Most bound by partners who are tied with one another: {names} ({constraint} each)."),
        },
        _constraint,
        smallest=3,
        small=N_("between two nodes nothing can lead back"),
        rank="constraint",
        two_mode=N_("partners of one side are never tied with each other"),
    ),
    Measure(
        "effective-size",
        N_("effective size"),
        N_(
            "How many of a node's partners lead to different others: its ties, less those that its partners"
            " have with one another, by weight. Nodes without ties have none."
        ),
        "Burt (1992), Structural Holes, equation 2.2, ISBN 0-674-84371-1",
        "nodes",
        (NODE_COLUMN, Column("effective_size", N_("Effective size"))),
        {
            "none": N_("No ties between {kind}."),
            "one": N_("Most partners who lead to different others: {names} ({effective_size})."),
            "ties": N_("Most partners who lead to different others: {names} ({effective_size} each)."),
        },
        _effective_size,
        smallest=3,
        small=N_("between two nodes there is nobody else to lead to"),
        rank="effective_size",
        two_mode=N_("partners of one side are never tied with each other"),
    ),
    Measure(
        "brokerage",
        N_("brokerage roles"),
        N_(
            "How often a node joins two that are not tied with each other: as coordinator of two of its own"
            " group, as itinerant between two of another, as gatekeeper or representative between its own"
            " and another, as liaison between two different ones. Nodes of no group or of several are left"
            " out."
        ),
        "Gould and Fernandez (1989), doi:10.2307/270949",
        "nodes",
        (
            NODE_COLUMN,
            Column("coordinator", N_("Coordinator"), INTEGER),
            Column("itinerant", N_("Itinerant"), INTEGER),
            Column("gatekeeper", N_("Gatekeeper or representative"), INTEGER),
            Column("liaison", N_("Liaison"), INTEGER),
            Column("total", N_("In all"), INTEGER),
        ),
        {
            "none": N_("Nobody joins two that are not tied with each other."),
            "one": N_("Joins most pairs that are not tied with each other: {names} ({total})."),
            "ties": N_("Join most pairs that are not tied with each other: {names} ({total} each)."),
        },
        _brokerage,
        smallest=3,
        small=N_("a broker needs two others"),
        rank="total",
        parameters=(GROUP,),
        needs="groups",
        two_mode=N_("groups are those of one side"),
    ),
)
