"""Collaboration graphs: who works together, built by SPARQL over any release, and measured.

>>> from ctlgraph.collaboration import Asked
>>> Asked(of="clusters", by="networks").projection
'newman'

Knows networkx, networkit and scipy, which are imported when they are needed; knows nothing of the engine of
SPARQL: like `catalogue`, it yields texts and is sent the answers.
"""

from ctlgraph.collaboration.asked import BY, KINDS, OF, PROJECTIONS, Asked
from ctlgraph.collaboration.graphs import Collaboration, Node, Tie, collaborating, upper
from ctlgraph.collaboration.measures import DEFAULT, MEASURES, Measure, Measured, measuring

__all__ = [
    "BY",
    "DEFAULT",
    "KINDS",
    "MEASURES",
    "OF",
    "PROJECTIONS",
    "Asked",
    "Collaboration",
    "Measure",
    "Measured",
    "Node",
    "Tie",
    "collaborating",
    "measuring",
    "upper",
]
