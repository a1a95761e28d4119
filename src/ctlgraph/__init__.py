"""The Lombardy technology clusters as a validated, versioned knowledge graph."""

from importlib.metadata import version

from ctlgraph.errors import (
    CtlgraphError,
    QueryError,
    QueryLimitError,
    QuerySyntaxError,
    ReleaseError,
    SourceError,
)
from ctlgraph.store import Answer, Store

__all__ = [
    "Answer",
    "CtlgraphError",
    "QueryError",
    "QueryLimitError",
    "QuerySyntaxError",
    "ReleaseError",
    "SourceError",
    "Store",
]

__version__ = version("ctlgraph")
