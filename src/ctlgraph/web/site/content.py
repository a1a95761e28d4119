"""What a document says in RDF: of a thing of the graph, or of the shapes that stand beside it.

Asks the graph for statements with the graphs that state them; `store` and `export` write them. Knows nothing
of addresses and headers.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ctlgraph.export.compact import compacted
from ctlgraph.export.words import CLASSES, DECLARED, USES, Words
from ctlgraph.store import Store, dump, triples
from ctlgraph.vocabulary import BASE, PREFIXES
from ctlgraph.web.served import Served
from ctlgraph.web.site.facts import Ask, rows
from ctlgraph.web.site.quads import nquads

MOST = 5000
"""Statements that a document holds; what comes after them is on its next page."""

SHAPES = f"{BASE}shapes"
_DEPRECATED, _REPLACED = f"{PREFIXES['owl']}deprecated", f"{PREFIXES['dct']}isReplacedBy"


@dataclass(frozen=True)
class Content:
    """Statements as N-Quads, and whether there is a next page of them."""

    nquads: bytes
    more: bool = False


@dataclass(frozen=True)
class Standing:
    """Whether something is said of an IRI, whether it has been withdrawn, and what took its place."""

    known: bool
    withdrawn: bool
    replaced: tuple[str, ...]


async def standing(ask: Ask, iri: str) -> Standing:
    """How it stands with an IRI."""
    about = f"<{iri}> ?p ?o FILTER(?p IN (owl:deprecated, dct:isReplacedBy))"
    anywhere = (f"<{iri}> ?x ?y", f"?x ?y <{iri}>")
    known = " || ".join(f"EXISTS {{ {each} }} || EXISTS {{ GRAPH ?g {{ {each} }} }}" for each in anywhere)
    found = await rows(
        ask,
        f"""SELECT DISTINCT ?p ?o {{ {{ {about} }} UNION {{ GRAPH ?g {{ {about} }} }}
        UNION {{ FILTER({known} || EXISTS {{ GRAPH <{iri}> {{ ?x ?y ?z }} }}) }} }}""",
    )
    said = [(row["p"].value, row["o"]) for row in found if row]
    withdrawn = any(o.value in ("true", "1") for p, o in said if p == _DEPRECATED)
    replaced = {o.value for p, o in said if p == _REPLACED and o.kind == "uri"}
    return Standing(bool(found), withdrawn, tuple(sorted(replaced - {iri})) if withdrawn else ())


async def said(ask: Ask, iri: str, *, merged: bool, page: int = 1) -> Content | None:
    """What is said of an IRI and in the graph of this name, with the graphs; None if nothing is.

    merged: whether the default graph holds nothing but what the named ones do. page: which MOST statements.
    """
    own = "" if merged else f"UNION {{ VALUES ?s {{ <{iri}> }} ?s ?p ?o }}"
    of_it = f"{{ VALUES ?s {{ <{iri}> }} GRAPH ?g {{ ?s ?p ?o }} }} UNION"
    pattern = f"{{ VALUES ?g {{ <{iri}> }} GRAPH ?g {{ ?s ?p ?o }} }}"
    query = f"SELECT DISTINCT ?s ?p ?o ?g {{ {of_it} {pattern} {own} }}"
    found = await rows(ask, f"{query} LIMIT {MOST + 1}")
    if page > 1 or len(found) > MOST:  # only then does their order matter, and costs its time
        after = f"ORDER BY ?s ?p ?o ?g LIMIT {MOST + 1} OFFSET {(page - 1) * MOST}"
        found = await rows(ask, f"{query} {after}")
    return Content(nquads(found[:MOST]), len(found) > MOST) if found else None


async def shapes(served: Served) -> bytes | None:
    """The shapes of what is served as N-Triples, None if it has none."""
    path = served.content / "shapes.nt" if isinstance(served.content, Path) else None
    return await asyncio.to_thread(path.read_bytes) if path and path.is_file() else None


async def as_form(nquads: bytes, form: str, words: Words, context: str, focus: str) -> bytes:
    """Statements in a form, made in a thread so that others are answered meanwhile.

    context: the address of the context of JSON-LD; focus: the IRI that stands first there.
    """
    if form == "jsonld":
        return await asyncio.to_thread(lambda: compacted(triples(nquads), words, context, focus))
    return await asyncio.to_thread(dump, nquads, form)


async def words(ask: Ask, served: Served) -> Words:
    """The words for what is served, its shapes included."""
    answers = await asyncio.gather(*(ask(query) for query in (USES, DECLARED, CLASSES)))
    return await asyncio.to_thread(_words, *answers, await shapes(served) or b"")


@lru_cache(2)
def _words(uses: bytes, declared: bytes, classes: bytes, shapes: bytes) -> Words:
    beside = Store.from_nquads(shapes)
    of_shapes = [beside.query(query).serialize("json") for query in (USES, CLASSES)]
    used = {(row["p"], row["kind"]) for row in (*_read(uses), *_read(of_shapes[0]))}
    named = {(row["class"], "") for row in (*_read(classes), *_read(of_shapes[1]))}
    return Words.of(used, [*((row["term"], row["kind"]) for row in _read(declared)), *named])


def _read(answer: bytes) -> list[dict[str, str]]:
    bindings = json.loads(answer)["results"]["bindings"]
    return [{name: cell["value"] for name, cell in row.items()} for row in bindings]
