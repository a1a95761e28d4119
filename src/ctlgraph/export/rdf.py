"""A release in the forms of RDF, written as it is read.

Knows the head that every file has, with licence and citation, and RDF 1.2, which the engine only reads;
`store` writes the others.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from ctlgraph.errors import SourceError
from ctlgraph.export.about import LICENCE, Origin
from ctlgraph.export.statements import statements, triples
from ctlgraph.messages import LANGUAGES, N_
from ctlgraph.release.sorting import in_order
from ctlgraph.store import rewrite

_BY_GRAPH = ("trig", "jsonld")


def lines(origin: Origin, file: IO[bytes], scratch: Path) -> None:
    """N-Quads: the statements as the release holds them, after a head of comments."""
    _head(origin, file)
    with origin.quads.open("rb") as quads:
        while chunk := quads.read(2**20):
            file.write(chunk)


def serialised(form: str, origin: Origin, file: IO[bytes], scratch: Path) -> None:
    """Turtle, TriG, N-Triples or JSON-LD. Raises SourceError for damaged statements, OSError."""
    quads = origin.quads
    if form in _BY_GRAPH:
        quads = scratch / "by-graph.nq"
        with quads.open("w", encoding="utf-8", newline="\n") as ordered:
            ordered.writelines(_by_graph(origin.quads, scratch))
    try:
        if form == "jsonld":
            _json_head(origin, file)
            rewrite(quads, form, file)
            file.write(b"}\n")
        else:
            _head(origin, file)
            rewrite(quads, form, file)
    except SyntaxError as error:
        reason = N_("this is not valid {form}: {reason}")
        raise SourceError(
            str(origin.quads), error.lineno, reason, form="N-Quads", reason=error.msg
        ) from error


def annotated(origin: Origin, file: IO[bytes], scratch: Path) -> None:
    """Turtle of RDF 1.2: each triple once, and after ``~`` each graph that says it, which reifies it so.

    Source: https://www.w3.org/TR/rdf12-turtle/#reifying-triples
    """
    _head(origin, file)
    text = io.TextIOWrapper(file, encoding="utf-8", newline="\n", write_through=True)
    text.write('VERSION "1.2"\n')
    for triple, graphs in triples(statements(origin.quads)):
        text.write(f"{triple} ~ {' ~ '.join(graphs)} .\n")
    text.detach()


def _by_graph(quads: Path, scratch: Path) -> Iterator[str]:
    keyed = (f"{graph} {s} {p} {o}\n" for s, p, o, graph in statements(quads))
    for line in in_order(keyed, scratch):
        graph, triple = line.removesuffix("\n").split(" ", 1)
        yield f"{triple} {graph} .\n"


def _head(origin: Origin, file: IO[bytes]) -> None:
    for lang in LANGUAGES:
        file.write(f"# {origin.citation(lang)}\n".encode())
    file.write(f"# {LICENCE}\n".encode())


def _json_head(origin: Origin, file: IO[bytes]) -> None:
    """Licence and citation under names that the context says mean nothing: no statement of the graph."""
    known = {"licence": LICENCE, **{f"citation_{lang}": origin.citation(lang) for lang in LANGUAGES}}
    head = {"@context": dict.fromkeys(known), **known}
    file.write(json.dumps(head, ensure_ascii=False)[:-1].encode() + b', "@graph": ')
