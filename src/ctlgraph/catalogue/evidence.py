"""Which statements an answer rests on: from a query and a row of its answer to a query for these statements.

A statement counts if one of the query's own patterns matches it where the whole query holds: inside OPTIONAL,
UNION, GRAPH, EXISTS and subqueries too. What must not be there (NOT EXISTS, MINUS) is nobody's statement.
Writes a query and evaluates nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from ctlgraph.catalogue.patterns import Patterns, patterns
from ctlgraph.catalogue.pieces import Pieces, pieces
from ctlgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from ctlgraph.catalogue import SavedQuery

_OUT = ("?s_", "?p_", "?o_", "?g_")  # as no variable of a query is called


def evidence(saved: SavedQuery, text: str, row: Mapping[str, str]) -> str:
    """A SELECT of ?s ?p ?o ?g: the statements, with their named graphs, that a row of the answer rests on.

    text: the query as it was asked, its parameters filled in. row: columns and their terms as SPARQL spells
    them; without any, what the whole answer rests on. Columns that are computed do not narrow it.
    """
    out = " ".join(f"({name} AS {name[:-1]})" for name in _OUT)
    prologue, inside = _statements(saved, text, row)
    return f"{prologue}SELECT {out} WHERE {{ {inside} }}"


def sources(saved: SavedQuery, text: str, row: Mapping[str, str]) -> str:
    """A SELECT of ?g ?typing ?n: the named graphs of the same statements, and how many of them are in each.

    typing: of those that only say what class something is of.
    """
    prologue, inside = _statements(saved, text, row)
    typing = f"BIND (?p_ = <{PREFIXES['rdf']}type> AS ?typing)"
    return (
        f"{prologue}SELECT (?g_ AS ?g) ?typing (COUNT(*) AS ?n) WHERE {{ {{ {inside} }} {typing} }}"
        " GROUP BY ?g_ ?typing"
    )


def touched(saved: SavedQuery, text: str, iris: Iterable[str]) -> str:
    """A SELECT of ?s ?p ?o ?g: of the same statements those that are about one of these IRIs, name one, or
    stand in a graph that is one.
    """
    prologue, inside = _statements(saved, text, {})
    listed = ", ".join(f"<{iri}>" for iri in iris)
    tests = " || ".join(f"?{name}_ IN ({listed})" for name in "sog")
    out = " ".join(f"({name} AS {name[:-1]})" for name in _OUT)
    return f"{prologue}SELECT DISTINCT {out} WHERE {{ {{ {inside} }} FILTER ({tests}) }}"


def _statements(saved: SavedQuery, text: str, row: Mapping[str, str]) -> tuple[str, str]:
    """The declarations, and a subquery: out of it the query's own variables are not seen."""
    parts, read = pieces(text), patterns(saved.text)
    branches = (f"{{ {branch} }}" for branch in _branches(read, parts, _context(read, parts, row)))
    union = "\nUNION ".join(branches) or "{}"
    return parts.prologue, f"SELECT DISTINCT {' '.join(_OUT)}\nWHERE {{\n{union}\n}}"


def _branches(read: Patterns, parts: Pieces, context: str) -> Iterator[str]:
    """For each pattern a group that binds a statement: where the query holds, what matches the pattern."""
    where = f"{context} {parts.group}"
    for target in read.targets():
        names = [name for name in read.visible if name in target.names]
        bound = " && ".join(f"BOUND(?{name})" for name in names)
        solutions = f"{{ SELECT DISTINCT {_listed(names)} {{ {where} FILTER ({bound}) }} }}" if names else ""
        terms = zip((*target.triple, target.graph), _OUT, strict=True)
        binds = " ".join(f"BIND ({term} AS {name})" for term, name in terms if term)
        triple = f"GRAPH {target.graph or '?g_'} {{ {' '.join(target.triple)} }}"
        yield f"{solutions} {target.beside} {triple} {binds}"
    for inner, its in zip(read.inner, parts.inner, strict=True):
        keys = [name for name in inner.projected if name in inner.visible]
        yield from _branches(inner, its, _projected(keys, where) if keys else "")


def _context(read: Patterns, parts: Pieces, row: Mapping[str, str]) -> str:
    """What narrows the solutions to those of a row; and of the answer, where it leaves solutions out."""
    keys = [name for name in read.projected if name in read.visible]
    if read.cut and keys:
        return _projected(keys, f"{{ {parts.whole} }} {_values(row)}")
    given = {name: term for name, term in row.items() if name in read.visible.keys() - read.computed}
    tested = [f"FILTER (sameTerm(?{name}, {row[name]}))" for name in read.computed & set(row)]
    return " ".join([_values(given), *tested])  # BIND takes no variable that VALUES has bound


def _projected(names: Iterable[str], where: str) -> str:
    return f"{{ SELECT DISTINCT {_listed(names)} {{ {where} }} }}"


def _values(row: Mapping[str, str]) -> str:
    return f"VALUES ({_listed(row)}) {{ ({' '.join(row.values())}) }}" if row else ""


def _listed(names: Iterable[str]) -> str:
    return " ".join(f"?{name}" for name in names)
