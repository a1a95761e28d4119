"""A collaboration graph and what was measured of it as GraphML, JSON and CSV, for other programs.

Gephi, igraph and networkx open the GraphML; `networkx.node_link_graph(data, edges="edges")` the JSON.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from ctlgraph.collaboration.graphs import Collaboration
from ctlgraph.collaboration.measures.base import NODE, Cell, Measured
from ctlgraph.errors import CollaborationError, ParameterError
from ctlgraph.messages import LANGUAGES, N_

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns'
    ' http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n'
)
_TYPES = {str: "string", int: "long", float: "double"}
_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)  # XML 1.0 has no form for them
_ABOUT = {
    "projection": "projection",
    "weighting": "weight",  # a tie has columns called weight and source
    "backbone": "backbone",
    "roles": "roles",
    "period": "period",
    "document": "source",
    "release": "release",
}
_ONE_TABLE = N_("measures whose rows are nodes, or one alone")

Attributes = Mapping[str, Cell]


def graphml(graph: Collaboration, measured: Sequence[Measured] = ()) -> bytes:
    """The graph as GraphML, with the values of measures on the nodes and the provenance on the graph."""
    return b"".join(line.encode() for line in _graphml(graph, measured))


def as_json(graph: Collaboration, measured: Sequence[Measured] = ()) -> bytes:
    """Nodes and edges as networkx reads them, and each measure with rows, sentences and provenance."""
    found = {
        "directed": False,
        "multigraph": False,
        "graph": dict(graph.provenance),
        "nodes": [{"id": node, **attributes} for node, attributes in _nodes(graph, measured)],
        "edges": [{"source": one, "target": other, **facts} for one, other, facts in graph.edges()],
        "measures": [measure_json(each) for each in measured],
    }
    return json.dumps(found, ensure_ascii=False, indent=1).encode() + b"\n"


def measure_json(measured: Measured) -> dict[str, Any]:
    """A result as JSON has it; ``reason`` takes the place of rows where there is no value."""
    reason = measured.reason
    return {
        "name": measured.measure.name,
        "columns": [each.name for each in measured.columns],
        "rows": [list(row) for row in measured.rows],
        "facts": dict(measured.found.facts),
        "sentence": {lang: measured.sentence(lang) for lang in LANGUAGES},
        "reason": {lang: reason.text(lang) for lang in LANGUAGES} if reason else None,
        "provenance": dict(measured.provenance),
    }


def as_csv(measured: Sequence[Measured], lang: str) -> bytes:
    """The values as CSV (RFC 4180): of several measures a row for each node, of one its own rows.

    An IRI has its label beside it; the last columns say what the numbers must be read with. Raises
    ParameterError for measures that do not go into one table, CollaborationError if none has a value.
    """
    known = [each for each in measured if each.reason is None]
    if not known:
        raise measured[0].reason or CollaborationError(N_("nothing was measured"))
    if len(known) > 1 and any(each.measure.form != "nodes" for each in known):
        raise ParameterError("measure", ",".join(each.measure.name for each in measured), _ONE_TABLE)
    rows = _joined(known, lang) if len(known) > 1 else _alone(known[0], lang)
    about = _about(known)
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([*next(rows), *about])
    writer.writerows([*row, *about.values()] for row in rows)
    return file.getvalue().encode()


def _about(measured: Sequence[Measured]) -> dict[str, str]:
    """What the numbers must be read with, by column."""
    first = measured[0]
    told = [
        f"{each.measure.name}.{name}={value}" for each in measured for name, value in each.parameters.items()
    ]
    seeds = sorted({seed for each in measured for seed in each.found.seeds})
    return {
        **{column: str(first.provenance[name]) for column, name in _ABOUT.items()},
        "coverage": first.graph.covers("en"),
        "parameters": " ".join(told),
        "seeds": " ".join(map(str, seeds)),
        "engine": "; ".join(dict.fromkeys(each.found.engine for each in measured)),
    }


def _alone(measured: Measured, lang: str) -> Iterator[list[Cell]]:
    """Headings, then the rows of one measure."""
    columns = measured.columns
    yield [name for each in columns for name in _with_label(each.name, each.type)]
    for row in measured.rows:
        line: list[Cell] = []
        for cell, column in zip(row, columns, strict=True):
            line += [cell, measured.label(str(cell), lang)] if column.type == NODE else [cell]
        yield line


def _joined(measured: Sequence[Measured], lang: str) -> Iterator[list[Cell]]:
    """Headings, then a row for each node with the values of all measures, empty where there is none."""
    values = [{row[0]: row[1:] for row in each.rows} for each in measured]
    names = [column.name for each in measured for column in each.columns[1:]]
    yield ["node", "node_label", *names]
    for node in measured[0].graph.members:
        line: list[Cell] = [node.iri, node.label(lang)]
        for each, found in zip(measured, values, strict=True):
            line += found.get(node.iri, [""] * (len(each.columns) - 1))
        yield line


def _with_label(name: str, kind: str) -> list[str]:
    return [name, f"{name}_label"] if kind == NODE else [name]


def _nodes(graph: Collaboration, measured: Sequence[Measured]) -> Iterator[tuple[str, dict[str, Cell]]]:
    """Each node with its attributes and the values of the measures whose first column it is."""
    values: dict[str, dict[str, Cell]] = {}
    for each in measured:
        if each.columns[0].type == NODE and each.measure.form in ("nodes", "groups"):
            for row in each.rows:
                own = values.setdefault(str(row[0]), {})
                own.update(
                    {column.name: cell for column, cell in zip(each.columns[1:], row[1:], strict=True)}
                )
    for iri, attributes in graph.attributed():
        yield iri, {**attributes, **values.get(iri, {})}


def _graphml(graph: Collaboration, measured: Sequence[Measured]) -> Iterator[str]:
    nodes = list(_nodes(graph, measured))
    edges = list(graph.edges())
    about: dict[str, Cell] = dict(graph.provenance)
    for each in measured:
        about |= {f"{each.measure.name}: {name}": value for name, value in _own(each).items()}
    keys: dict[tuple[str, str], str] = {}
    yield _HEAD
    for where, found in (
        ("graph", [about]),
        ("node", [each for _, each in nodes]),
        ("edge", [facts for *_, facts in edges]),
    ):
        for name, kind in _kinds(found).items():
            keys[where, name] = f"{where[0]}{len(keys)}"
            named = f"attr.name={quoteattr(name)} attr.type={quoteattr(kind)}"
            yield f'<key id="{keys[where, name]}" for="{where}" {named}/>\n'
    yield '<graph edgedefault="undirected">\n'
    yield f"{_data(about, 'graph', keys)}\n"
    for iri, attributes in nodes:
        yield f"<node id={quoteattr(iri)}>{_data(attributes, 'node', keys)}</node>\n"
    for one, other, facts in edges:
        ends = f"source={quoteattr(one)} target={quoteattr(other)}"
        yield f"<edge {ends}>{_data(facts, 'edge', keys)}</edge>\n"
    yield "</graph>\n</graphml>\n"


def _own(measured: Measured) -> dict[str, Cell]:
    """What the provenance of a measure adds to that of its graph, and its facts."""
    known = measured.graph.provenance
    return {
        **{name: value for name, value in measured.provenance.items() if name not in known},
        **measured.found.facts,
    }


def _kinds(found: Iterable[Attributes]) -> dict[str, str]:
    """The type of each attribute, in order; one that is sometimes whole and sometimes not is a double."""
    kinds: dict[str, str] = {}
    for attributes in found:
        for name, value in attributes.items():
            kind = _TYPES.get(type(value), "string")
            kinds[name] = kind if kinds.get(name, kind) == kind else "double"
    return kinds


def _data(attributes: Attributes, where: str, keys: Mapping[tuple[str, str], str]) -> str:
    return "".join(
        f'<data key="{keys[where, name]}">{escape(_FORBIDDEN.sub("", str(value)))}</data>'
        for name, value in attributes.items()
    )
