"""The names of a release, to be searched as people type: some words, with slips, without accents.

An index is a SQLite database in memory, made of the content that is served. Knows names, and to what things
belong; not how a page looks.
"""

from ctlgraph.search.building import build, building
from ctlgraph.search.index import FACETS, MOST, Found, Hit, Index, Named, Recognised
from ctlgraph.search.letters import folded
from ctlgraph.search.ranking import Ranking, ranked, telling

__all__ = [
    "FACETS",
    "MOST",
    "Found",
    "Hit",
    "Index",
    "Named",
    "Ranking",
    "Recognised",
    "build",
    "building",
    "folded",
    "ranked",
    "telling",
]
