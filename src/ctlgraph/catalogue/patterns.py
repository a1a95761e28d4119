"""The triple patterns of a query, as rdflib's parser reads them, and the statements that match each.

A property path is taken apart into the steps that statements match. Knows no text and no data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import count
from typing import Any

Triple = tuple[Any, Any, Any]
"""Terms of rdflib; the middle one may be a path."""


@dataclass(frozen=True)
class Target:
    """A pattern that single statements match, spelled as SPARQL does.

    graph: the GRAPH it stands in, "" for none. beside: patterns for what the query's solutions do not show.
    """

    triple: tuple[str, str, str]
    graph: str = ""
    beside: str = ""

    @property
    def names(self) -> frozenset[str]:
        """The variables in it."""
        return frozenset(re.findall(r"\?(\w+)", " ".join((*self.triple, self.graph, self.beside))))


@dataclass
class Patterns:
    """What a query or subquery matches.

    visible: the variables of its group's solutions, computed: those that BIND computes. projected: those that
    it hands on as they are. cut: whether HAVING or LIMIT leave solutions out. blocks: its triples that stand
    together, with their GRAPH.
    """

    visible: dict[str, None] = field(default_factory=dict)
    computed: set[str] = field(default_factory=set)
    projected: tuple[str, ...] = ()
    cut: bool = False
    inner: list[Patterns] = field(default_factory=list)
    blocks: list[tuple[list[Triple], str]] = field(default_factory=list)

    def targets(self) -> list[Target]:
        """What statements match, each once."""
        found = [
            target
            for block, graph in self.blocks
            for triple in block
            for target in _steps(triple, graph, self._beside(triple, block, graph), count())
        ]
        return list(dict.fromkeys(found))

    def _beside(self, triple: Triple, block: list[Triple], graph: str) -> str:
        """The triples that share with this one what the solutions do not show."""
        if not self._hides(triple):
            return ""
        beside = [_spelled(*each) for each in block if each != triple and self._hides(each)]
        return _within(graph, beside)

    def _hides(self, triple: Triple) -> bool:
        return not set(re.findall(r"\?(\w+)", _spelled(*triple))) <= set(self.visible)


@lru_cache(256)
def patterns(text: str) -> Patterns:
    """The patterns of a query."""
    from rdflib.plugins.sparql.algebra import translatePath, translatePName, translatePrologue, traverse
    from rdflib.plugins.sparql.parser import parseQuery

    prologue, query = parseQuery(text)
    names = translatePrologue(prologue, None)
    traverse(query, visitPost=partial(translatePName, prologue=names))
    return _query(traverse(query, visitPost=translatePath))


def _query(query: Any) -> Patterns:
    found = Patterns(cut=bool(query.having or query.limitoffset))
    _group(query.where, found, "", counted=True)
    columns = query.projection if isinstance(query.projection, list) else []
    shown = [str(column.var) for column in columns if column.var is not None]
    found.projected = tuple(shown) if columns else tuple(found.visible)
    return found


def _group(group: Any, found: Patterns, graph: str, *, counted: bool) -> None:
    """Take a group in; of one that does not count, subqueries alone, so that they keep their order."""
    if group.name == "SubSelect":
        inner = _query(group)
        found.inner.append(inner if counted else Patterns(inner=inner.inner))
        found.visible |= dict.fromkeys(_handed_on(group, inner)) if counted else {}
        return
    for part in group.part or ():
        _part(part, found, graph, counted=counted)


def _part(part: Any, found: Patterns, graph: str, *, counted: bool) -> None:
    match part.name:
        case "TriplesBlock" if counted:
            block = [triple for flat in part.triples for triple in zip(*[iter(flat)] * 3, strict=True)]
            _block(block, found, graph)
        case "OptionalGraphPattern" | "GroupOrUnionGraphPattern":
            for each in part.graph if isinstance(part.graph, list) else [part.graph]:
                _group(each, found, graph, counted=counted)
        case "GraphGraphPattern":
            _see(part.term, found)
            _group(part.graph, found, _term(part.term), counted=counted)
        case "MinusGraphPattern":
            _group(part.graph, Patterns(inner=found.inner), graph, counted=False)
        case "InlineData":
            found.visible |= dict.fromkeys(map(str, part["var"]))
        case "Bind":
            _exists(part.expr, found, graph, counted=counted)
            _see(part["var"], found)
            found.computed.add(str(part["var"]))
        case "Filter":
            _exists(part.expr, found, graph, counted=counted)


def _exists(expression: Any, found: Patterns, graph: str, *, counted: bool) -> None:
    """Take in what EXISTS asks for; its variables are not those of the solutions."""
    name = getattr(expression, "name", "")
    if name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
        inside = Patterns(inner=found.inner, blocks=found.blocks)
        _group(expression.graph, inside, graph, counted=counted and name == "Builtin_EXISTS")
    elif name:
        for value in expression.values():
            _exists(value, found, graph, counted=counted)
    elif isinstance(expression, list):
        for value in expression:
            _exists(value, found, graph, counted=counted)


def _block(block: list[Triple], found: Patterns, graph: str) -> None:
    found.blocks.append((block, graph))
    for triple in block:
        for term in triple:
            _see(term, found)


def _see(term: Any, found: Patterns) -> None:
    from rdflib import Variable

    if isinstance(term, Variable):
        found.visible[str(term)] = None


def _handed_on(select: Any, inner: Patterns) -> tuple[str, ...]:
    """All columns of a subquery."""
    if not isinstance(select.projection, list):
        return inner.projected
    return tuple(str(column.evar or column.var) for column in select.projection)


def _steps(triple: Triple, graph: str, beside: str, fresh: Iterator[int]) -> Iterator[Target]:
    """The statements that make up a triple or a path, each with the rest of the path beside it."""
    from rdflib import Variable
    from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, Path, SequencePath

    start, path, end = triple
    match path:
        case InvPath():
            yield from _steps((end, path.arg, start), graph, beside, fresh)
        case AlternativePath():
            for each in path.args:
                yield from _steps((start, each, end), graph, beside, fresh)
        case SequencePath():
            stops = [start, *(Variable(f"x{next(fresh)}_") for _ in path.args[1:]), end]
            steps = list(zip(stops, path.args, stops[1:], strict=False))
            for step in steps:
                others = _within(graph, [_spelled(*each) for each in steps if each is not step])
                yield from _steps(step, graph, f"{beside} {others}", fresh)
        case MulPath():
            many, first, last = MulPath(path.path, "*"), *(Variable(f"x{next(fresh)}_") for _ in range(2))
            others = _within(graph, [_spelled(start, many, first), _spelled(last, many, end)])
            yield from _steps((first, path.path, last), graph, f"{beside} {others}", fresh)
        case NegatedPath():
            predicate = Variable(f"x{next(fresh)}_")
            excluded = ", ".join(_term(each) for each in path.args if not isinstance(each, Path))
            yield Target(
                _spell(start, predicate, end),
                graph,
                f"{beside} FILTER ({_term(predicate)} NOT IN ({excluded}))",
            )
        case _:
            yield Target(_spell(start, path, end), graph, beside)


def _within(graph: str, spelled: list[str]) -> str:
    if not spelled:
        return ""
    text = " . ".join(spelled)
    return f"GRAPH {graph} {{ {text} }}" if graph else f"{text} ."


def _spell(*triple: Any) -> tuple[str, str, str]:
    start, path, end = map(_term, triple)
    return start, path, end


def _spelled(*triple: Any) -> str:
    return " ".join(_spell(*triple))


def _term(term: Any) -> str:
    """A term or path as SPARQL spells it; a blank node of a pattern is a variable that nobody sees."""
    from rdflib import BNode

    return f"?{term}_" if isinstance(term, BNode) else str(term.n3())
