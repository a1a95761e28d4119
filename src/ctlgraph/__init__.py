"""The Lombardy technology clusters as a validated, versioned knowledge graph."""

import typing
from importlib.metadata import version

from ctlgraph.errors import (
    CtlgraphError,
    ParameterError,
    QueryError,
    QueryLimitError,
    QuerySyntaxError,
    ReleaseError,
    SourceError,
    UnknownQueryError,
)
from ctlgraph.store import Answer, Store

if typing.TYPE_CHECKING:
    from ctlgraph.graph import Graph

__all__ = [
    "Answer",
    "CtlgraphError",
    "Graph",
    "ParameterError",
    "QueryError",
    "QueryLimitError",
    "QuerySyntaxError",
    "ReleaseError",
    "SourceError",
    "Store",
    "UnknownQueryError",
]

__version__ = version("ctlgraph")


def __getattr__(name: str) -> object:
    """Load `Graph` when it is asked for: it brings the catalogue, which a command may not need."""
    if name != "Graph":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from ctlgraph.graph import Graph

    return Graph
