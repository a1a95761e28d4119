"""A difference as a SPARQL Update that turns the named graphs of the one release into those of the other.

Blank nodes cannot be deleted by name: where those of a graph differ, all statements with them go, and all
come again. Source: https://www.w3.org/TR/sparql11-update/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from ctlgraph.diff import Change, Difference
from ctlgraph.export.statements import Entity

_RUN = 1000  # statements in one operation: some engines are slow over long ones

_ESCAPE = re.compile(r"\\\\([uU])?|\\u([0-9A-F]{4})|\\.")

_Quad = tuple[str, str]  # graph, and triple as it is written


def patch(found: Difference) -> str:
    """The update; empty if there is nothing to do."""
    operations = [
        *_data("DELETE DATA", _lines(found.changes, removed=True)),
        *(_forget(graph) for graph, (before, _) in found.axioms.items() if before),
        *_data("INSERT DATA", _lines(found.changes, removed=False)),
        *_restated({graph: after for graph, (_, after) in found.axioms.items() if after}),
    ]
    return " ;\n".join(operations) + "\n" * bool(operations)


def _lines(changes: Iterable[Change], *, removed: bool) -> Iterator[_Quad]:
    for change in changes:
        before, after = _quads(change.before), _quads(change.after)
        yield from sorted(before - after if removed else after - before)


def _quads(entity: Entity | None) -> set[_Quad]:
    if entity is None:
        return set()
    return {
        (graph, f"<{entity.iri}> <{property}> {_spelt(value)} .")
        for property, value, graphs in entity.said
        for graph in graphs
    }


def _spelt(value: str) -> str:
    r"""A term as every engine reads it: some expand escapes before they read strings, and take many digits.

    >>> print(_spelt(r'"\\u0041 \u0001AB \n"'))
    "\\\U000000750041 \U00000001AB \n"
    """
    return _ESCAPE.sub(_recoded, value)


def _recoded(found: re.Match[str]) -> str:
    letter, code = found.groups()
    if letter:
        return rf"\\\U{ord(letter):08X}"
    return rf"\U0000{code}" if code else found[0]


def _data(operation: str, quads: Iterable[_Quad]) -> Iterator[str]:
    every = list(quads)
    for start in range(0, len(every), _RUN):
        graphs: dict[str, list[str]] = {}
        for graph, triple in every[start : start + _RUN]:
            graphs.setdefault(graph, []).append(triple)
        blocks = "\n".join(_block(graph, triples) for graph, triples in graphs.items())
        yield f"{operation} {{\n{blocks}\n}}"


def _block(graph: str, triples: Iterable[str]) -> str:
    return f"GRAPH <{graph}> {{\n" + "\n".join(triples) + "\n}"


def _forget(graph: str) -> str:
    pattern = f"GRAPH <{graph}> {{ ?s ?p ?o }}"
    return f"DELETE {{ {pattern} }}\nWHERE {{ {pattern} FILTER(isBlank(?s) || isBlank(?o)) }}"


def _restated(axioms: Mapping[str, bytes]) -> Iterator[str]:
    """All in one operation, within which a blank node keeps its label, in whatever graph."""
    blocks = []
    for graph, quads in axioms.items():
        lines = (_spelt(line) for line in quads.decode().split("\n") if line)
        blocks.append(_block(graph, [f"{line.removesuffix(' .').rsplit(' ', 1)[0]} ." for line in lines]))
    if blocks:
        yield "INSERT DATA {\n" + "\n".join(blocks) + "\n}"
