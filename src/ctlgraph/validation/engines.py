"""The two engines that run the shapes: pyshacl-turbo every day, pyshacl as the reference.

This module alone names them. `tests/unit/test_engines.py` shows that they report the same on every fixture,
on the real data and on damaged data, `tests/conformance/test_shacl_suite.py` that both do what W3C expects.
One thing they read differently: in the query of a shape, a chain such as `a - b + c` needs parentheses. What
pyshacl-turbo refuses is asked of the reference, which says why.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pyshacl_turbo
from pyshacl_turbo.rdf import Input
from rdflib import BNode, Graph
from rdflib.plugins import sparql
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result

sparql.SPARQL_LOAD_GRAPHS = False  # the query of a shape reads the data it is given, never the web


class ShapeFault(Exception):
    """A shape cannot be used: why, and the query that is no SPARQL if that is the reason."""

    def __init__(self, reason: str, query: str | None = None) -> None:
        super().__init__(" ".join(reason.split()))
        self.query = query


def turbo(ntriples: str, shapes: Graph) -> Graph:
    """Return the SHACL report of these triples. Raises ShapeFault."""
    # As Input they reach the engine as they are; a plain text it would first read into rdflib.
    data = Input(ntriples, "nt", None, {}, preserve_ids=True)
    try:
        _, report, _ = pyshacl_turbo.validate(data, shacl_graph=shapes)
    except (RuntimeError, ValueError):
        return reference(ntriples, shapes)
    return report if isinstance(report, Graph) else reference(ntriples, shapes)


def reference(ntriples: str, shapes: Graph) -> Graph:
    """Return the SHACL report of these triples. Raises ShapeFault."""
    import pyshacl  # here, for it takes a third of a second
    from pyshacl.errors import ReportableRuntimeError

    data = _Data().parse(data=ntriples, format="nt", bnode_context=_Labels())
    try:
        _, report, text = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    except ReportableRuntimeError as error:
        raise ShapeFault(str(error)) from error
    if not isinstance(report, Graph):  # pyshacl hands its failure back in place of the report
        raise ShapeFault(text)
    return report


ENGINES: dict[str, Callable[[str, Graph], Graph]] = {"turbo": turbo, "pyshacl": reference}


class _Labels(dict[str, BNode]):
    """Blank nodes by the label that they keep."""

    def get(self, label: str, default: object = None) -> BNode:
        return BNode(label)


class _Data(Graph):
    """A graph that parses each query once, where pyshacl asks it again for every node."""

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        prepared = _prepared(query_object) if isinstance(query_object, str) else query_object
        return super().query(prepared, *args, **kwargs)


@lru_cache(maxsize=512)
def _prepared(query: str) -> Query:
    try:
        return sparql.prepareQuery(query)
    except Exception as error:  # rdflib raises the bare Exception for an unknown prefix
        raise ShapeFault(str(error), query) from error
