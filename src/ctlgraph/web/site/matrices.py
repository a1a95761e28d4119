"""A collaboration graph as tables: who takes part in what, and how strong the tie of each two is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ctlgraph.catalogue import number
from ctlgraph.collaboration import Collaboration, Node, Tie
from ctlgraph.messages import N_, translate
from ctlgraph.web.site.facts import Labels, Thing, path_of
from ctlgraph.web.site.study import Study

WHOLE = 30
"""Nodes up to which every pair has a cell of its own."""

_ACROSS = 14  # things across a matrix


@dataclass(frozen=True)
class Matrix:
    """Things across, nodes down; a cell has the words in it and the sources behind, "" for nothing.

    left_out: how many things join nobody, and so have no column.
    """

    across: tuple[Thing, ...]
    rows: tuple[tuple[Thing, tuple[Any, ...]], ...]
    left_out: int


def matrix(study: Study, known: Labels, lang: str) -> Matrix | None:
    """Who takes part in what, for the things that join two or more, those of most nodes first."""
    graph = study.graph
    takers: dict[int, int] = {}
    for tie in graph.ties:
        takers[tie.thing] = takers.get(tie.thing, 0) + 1
    shared = sorted(
        (thing for thing, count in takers.items() if count > 1), key=lambda thing: (-takers[thing], thing)
    )
    across = shared[:_ACROSS]
    if not across or len(graph.nodes) > 4 * WHOLE:
        return None
    ties = {(tie.node, tie.thing): tie for tie in graph.ties}
    rows = []
    for place, node in enumerate(graph.nodes):
        cells = [_taking(study, ties.get((place, thing)), known, lang) for thing in across]
        if any(cells):
            rows.append((named(node, lang), tuple(cells)))
    heads = tuple(named(graph.things[thing], lang) for thing in across)
    return Matrix(heads, tuple(rows), len(graph.things) - len(across))


def _taking(study: Study, tie: Tie | None, known: Labels, lang: str) -> dict[str, Any] | None:
    """The roles of a tie, and the first of its sources."""
    if tie is None:
        return None
    roles = [study.role(slug, lang) for slug in tie.roles]
    sources = [known.source(passage) for passage in tie.passages]
    return {"text": ", ".join(roles) or translate(N_("yes"), lang), "source": sources[0] if sources else None}


@dataclass(frozen=True)
class Heat:
    """The weight between each two nodes: shades from 0 to 5, and the number in the reader's form."""

    nodes: tuple[Thing, ...]
    rows: tuple[tuple[tuple[int, str], ...], ...]


def heat(graph: Collaboration, lang: str) -> Heat | None:
    """None for a graph of two sides, of too many nodes, or without ties."""
    if graph.two_mode or len(graph.nodes) > WHOLE or not graph.adjacency.nnz:
        return None
    weights = graph.adjacency.toarray()
    most = weights.max()
    rows = tuple(tuple(_shade(weight, most, lang) for weight in row) for row in weights.tolist())
    return Heat(tuple(named(node, lang) for node in graph.nodes), rows)


def _shade(weight: float, most: float, lang: str) -> tuple[int, str]:
    """From 1 to 5 by the weight, and the weight; 0 and nothing for none."""
    return (1 + round(4 * weight / most), number(Decimal(f"{weight:.2f}"), lang)) if weight else (0, "")


def named(node: Node, lang: str) -> Thing:
    """A node as pages name things."""
    return Thing(node.iri, node.label(lang), "", path_of(node.iri))
