"""The collaboration graphs whose measures are part of every release, as named graphs of it."""

from __future__ import annotations

from collections.abc import Mapping

from ctlgraph.catalogue import Steps
from ctlgraph.collaboration.asked import Asked
from ctlgraph.collaboration.graphs import collaborating
from ctlgraph.collaboration.measures import DEFAULT, measuring
from ctlgraph.collaboration.rdf import OF_NODES, nquads

PUBLISHED: Mapping[Asked, tuple[str, ...]] = {
    Asked("clusters", "networks"): OF_NODES,
    Asked("clusters", "all"): DEFAULT,
    Asked("networks", "clusters"): DEFAULT,
    Asked("organisations", "projects"): DEFAULT,
}
"""What is measured of which graph."""


def publishing() -> Steps[bytes]:
    """The named graphs as N-Quads; none where nothing is tied, or nothing can be measured."""
    found = b""
    for asked, names in PUBLISHED.items():
        graph = yield from collaborating(asked)
        measured = []
        for name in names if graph.ties else ():
            measured.append((yield from measuring(graph, name)))
        found += nquads(graph, measured)
    return found
