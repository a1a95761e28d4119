"""The measures: each with its definition, parameters, paper, smallest meaningful graph and sentences."""

from __future__ import annotations

from collections.abc import Mapping

from ctlgraph.catalogue import Steps
from ctlgraph.collaboration.asked import one_of
from ctlgraph.collaboration.graphs import Collaboration
from ctlgraph.collaboration.measures import (
    cohesion,
    communities,
    groups,
    holes,
    needs,
    pairs,
    position,
    scenarios,
)
from ctlgraph.collaboration.measures.base import (
    NO_TIES,
    SMALL,
    Column,
    Found,
    Frame,
    Measure,
    Measured,
    Value,
)
from ctlgraph.errors import CollaborationError
from ctlgraph.messages import N_

__all__ = ["DEFAULT", "MEASURES", "Column", "Measure", "Measured", "measuring"]

_BY_MODULE = (position, cohesion, holes, groups, communities, pairs, scenarios)
MEASURES: Mapping[str, Measure] = {each.name: each for module in _BY_MODULE for each in module.MEASURES}
"""Every measure by its name."""
DEFAULT = ("degree", "strength", "betweenness")
"""What is measured unless something is asked for."""

_NO_OTHER = N_("{measure} compares two graphs: name another release or period to compare with")
_TWO_MODE = N_("no meaning on a two-mode graph, because {why}")


def measuring(
    graph: Collaboration,
    name: str,
    parameters: Mapping[str, Value | None] | None = None,
    *,
    engine: str = "",
    other: Collaboration | None = None,
) -> Steps[Measured]:
    """The result of a measure; where it has no meaning on this graph, its reason in words.

    parameters: those not given have their defaults. engine: "networkx", "networkit", "scipy", or "networkx:"
    and one of its backends, in place of the one that fits the size. other: the graph to compare with.
    Raises ParameterError for a name or a value that there is not, CollaborationError if another graph is
    missing.
    """
    one_of("measure", name, tuple(MEASURES))
    measure = MEASURES[name]
    read = measure.read(parameters or {})
    if measure.needs == "other" and other is None:
        raise CollaborationError(_NO_OTHER, measure=measure.label)
    reason = _meaningless(measure, graph)
    if reason is not None:
        return Measured(measure, graph, read, Found(reason=reason))
    asked, labels, extra = yield from needs.gathering(measure.needs, graph, read)
    frame = Frame(graph, read, asked, labels, {**extra, "other": other}, engine)
    return Measured(measure, graph, read, measure.compute(frame))


def _meaningless(measure: Measure, graph: Collaboration) -> CollaborationError | None:
    """Why the measure has no meaning on this graph, None if it has."""
    if graph.two_mode and measure.two_mode:
        return CollaborationError(_TWO_MODE, why=measure.two_mode)
    if not measure.smallest:
        return None
    tied = _tied(graph)
    if not tied:
        return CollaborationError(NO_TIES)
    return CollaborationError(SMALL, why=measure.small) if tied < measure.smallest else None


def _tied(graph: Collaboration) -> int:
    import numpy as np

    return int((np.diff(graph.adjacency.indptr) > 0).sum())
