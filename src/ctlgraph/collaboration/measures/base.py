"""What a measure is, what it finds, and how that is put into words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ctlgraph.catalogue import Words, join, number
from ctlgraph.collaboration.asked import KINDS, one_of
from ctlgraph.collaboration.graphs import Collaboration, Node
from ctlgraph.errors import CollaborationError, CtlgraphError, ParameterError
from ctlgraph.messages import N_, translate
from ctlgraph.vocabulary import compact

if TYPE_CHECKING:
    from scipy.sparse import csr_array  # type: ignore[import-untyped]

Value = int | float | str | bool
Cell = int | float | str
Groups = Mapping[str, tuple[str, ...]]
"""The groups that each node is in, by IRI."""

SAME = 1e-9  # values closer than this, in relation to the larger one, are one value: sums are taken in floats
_DIGITS = 4  # significant ones, in words and tables

NODE, NODES, INTEGER, DECIMAL, TEXT = "node", "nodes", "integer", "decimal", "text"

NO_TIES = N_("no meaning on this graph, because it has no tie")
SMALL = N_("no meaning on a graph this small, because {why}")


@dataclass(frozen=True)
class Column:
    """A column of a result.

    type: "node" for an IRI with a label, "nodes" for several between blanks, integer, decimal or text.
    """

    name: str
    label: str
    type: str = DECIMAL


@dataclass(frozen=True)
class Parameter:
    """What a measure may be told. default: also says of which type it is. choices: if only some will do.

    least, most: of a number, both allowed.
    """

    name: str
    label: str
    default: Value
    choices: tuple[str, ...] = ()
    least: float = 0
    most: float = 2**31 - 1

    def read(self, value: Value | None) -> Value:
        """The value in the type of the default. Raises ParameterError."""
        if value is None or value == "":
            return self.default
        if isinstance(self.default, bool):
            one_of(self.name, str(value).lower(), ("true", "false"))
            return str(value).lower() == "true"
        if isinstance(self.default, str):
            if self.choices:
                one_of(self.name, str(value), self.choices)
            return str(value)
        try:
            found = type(self.default)(value)
        except ValueError:
            found = None
        if found is None or not self.least <= found <= self.most:
            raise ParameterError(self.name, str(value), self._expected())
        return found

    def _expected(self) -> CtlgraphError:
        return CtlgraphError(
            N_("a number from {least} to {most}"), least=f"{self.least:.10g}", most=f"{self.most:.10g}"
        )


@dataclass(frozen=True)
class Frame:
    """What a measure is computed from. adjacency: of the graph; parameters: all of them, read and complete.

    groups: of each node, where the measure asks for them. other: the graph to compare with, where it
    compares. engine: which engine must be used, "" for the one that fits the size.
    """

    graph: Collaboration
    parameters: Mapping[str, Value]
    groups: Groups = field(default_factory=dict)
    labels: Mapping[str, Words] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    engine: str = ""

    @cached_property
    def adjacency(self) -> csr_array:
        """The weights between the nodes."""
        return self.graph.adjacency

    @cached_property
    def iris(self) -> tuple[str, ...]:
        """The nodes, in the order of the adjacency."""
        return tuple(node.iri for node in self.graph.members)


@dataclass(frozen=True)
class Found:
    """What a measure finds: rows, facts about the graph as a whole, the engine and the seeds used.

    reason: why there is no value. labels: of IRIs in the rows that are no nodes of the graph.
    """

    rows: Sequence[tuple[Cell, ...]] = ()
    facts: Mapping[str, float] = field(default_factory=dict)
    engine: str = ""
    seeds: tuple[int, ...] = ()
    reason: CollaborationError | None = None
    labels: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True)
class Measure:
    """One measure. form: "nodes", "pairs", "groups" or "graph", what a row is about.

    label, definition, and sentence by "none", "one" and "ties" are English keys of the catalogue of messages.
    reference: the paper. smallest: the number of tied nodes below which it has no meaning, and small why.
    rank: the column whose highest value comes first, "" if rows keep their order.
    needs: "", "groups" (of the parameter ``group``), "ground" (what things share), "members" or
    "other" (a second graph).
    """

    name: str
    label: str
    definition: str
    reference: str
    form: str
    columns: tuple[Column, ...]
    sentence: Mapping[str, str]
    compute: Callable[[Frame], Found] = field(repr=False, compare=False)
    smallest: int = 2
    small: str = N_("two nodes must be tied")
    rank: str = ""
    parameters: tuple[Parameter, ...] = ()
    needs: str = ""
    two_mode: str = ""
    """Why it has no meaning on a graph with two sides; "" if it has."""

    def read(self, given: Mapping[str, Value | None]) -> dict[str, Value]:
        """All parameters, these in place of their defaults. Raises ParameterError for an unknown one."""
        known = {each.name: each for each in self.parameters}
        for name in given:
            one_of(f"{self.name}:", name, tuple(known))
        return {name: each.read(given.get(name)) for name, each in known.items()}


@dataclass(frozen=True)
class Measured:
    """The result of a measure, with all that it must be read with.

    rows: as many cells as there are columns, the first by `Measure.rank` before the others, ties by IRI.
    """

    measure: Measure
    graph: Collaboration
    parameters: Mapping[str, Value]
    found: Found

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the rows."""
        return self.measure.columns

    @cached_property
    def rows(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows, ranked."""
        if not self.measure.rank:
            return tuple(self.found.rows)
        place = self._place(self.measure.rank)
        return tuple(sorted(self.found.rows, key=lambda row: (-_rounded(row[place]), *map(str, row))))

    @property
    def top(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows that share the highest value."""
        if not self.rows or not self.measure.rank:
            return self.rows
        place = self._place(self.measure.rank)
        first = _rounded(self.rows[0][place])
        return tuple(row for row in self.rows if _rounded(row[place]) == first)

    @property
    def reason(self) -> CollaborationError | None:
        """Why there is no value, None if there is."""
        return self.found.reason

    def label(self, iri: str, lang: str) -> str:
        """The label of an IRI in a row."""
        node = self._nodes.get(iri)
        if node is not None:
            return str(node.label(lang))
        known = self.found.labels.get(iri, {})
        labels = (known[each] for each in (lang, "it", "en", "") if each in known)
        return str(next(labels, compact(iri)))

    def shown(self, cell: Cell, column: Column, lang: str) -> str:
        """A cell as a person reads it."""
        if column.type == NODE:
            return self.label(str(cell), lang)
        if column.type == NODES:
            return join([self.label(iri, lang) for iri in str(cell).split()], lang)
        return str(translate(cell, lang)) if isinstance(cell, str) else written(cell, lang)

    def reasons(self, row: tuple[Cell, ...], lang: str) -> str:
        """What a row names of several things, in words: "networks: A and B; ecosystems: C"."""
        named = [
            f"{_inside(translate(column.label, lang))}: {self.shown(cell, column, lang)}"
            for cell, column in zip(row, self.columns, strict=True)
            if column.type == NODES and cell
        ]
        return "; ".join(named)

    def sentence(self, lang: str) -> str:
        """The result in words."""
        if self.reason is not None:
            text = N_("{measure}: {reason}.")
            label = translate(self.measure.label, lang)
            return translate(text, lang, measure=label.capitalize(), reason=self.reason.text(lang))
        top = self.top
        ranked = self.measure.rank and top and float(top[0][self._place(self.measure.rank)]) == 0
        case = "none" if not self.rows or ranked else "one" if len(top) == 1 else "ties"
        return translate(self.measure.sentence[case], lang, **self._facts(top, lang))

    @property
    def provenance(self) -> Mapping[str, str | int | float]:
        """All that this number must be read with: texts and numbers only."""
        seeds = {"seeds": " ".join(map(str, self.found.seeds))} if self.found.seeds else {}
        parameters = {f"parameter: {name}": value for name, value in self.parameters.items()}
        own = {"measure": self.measure.name, "engine": self.found.engine, "reference": self.measure.reference}
        return {**self.graph.provenance, **own, **parameters, **seeds}

    @cached_property
    def _nodes(self) -> Mapping[str, Node]:
        return {node.iri: node for node in (*self.graph.nodes, *self.graph.things)}

    def _place(self, column: str) -> int:
        return [each.name for each in self.columns].index(column)

    def _facts(self, top: Sequence[tuple[Cell, ...]], lang: str) -> dict[str, object]:
        """What a sentence may name: the nodes and pairs at the top, the cells of the first row, the facts."""
        facts: dict[str, object] = {
            name: self.shown(value, _PLAIN, lang)
            for each in (self.parameters, self.found.facts)
            for name, value in each.items()
        }
        facts["kind"] = KINDS[self.graph.asked.of]
        facts["count"] = number(len(top), lang)
        facts["rows"] = number(len(self.rows), lang)
        if top:
            facts |= {
                each.name: self.shown(cell, each, lang)
                for each, cell in zip(self.columns, top[0], strict=True)
            }
            facts["names"] = join([self._name(row, lang) for row in top], lang)
        return facts

    def _name(self, row: tuple[Cell, ...], lang: str) -> str:
        """What a row is about: a node, or two with a dash between them."""
        ends = [cell for cell, each in zip(row, self.columns, strict=True) if each.type == NODE]
        return " – ".join(self.label(str(end), lang) for end in ends)


_PLAIN = Column("", "", TEXT)


def written(value: Cell, lang: str) -> str:
    """A number as the language writes it, to four significant digits; a text as it is."""
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return number(value, lang)
    return number(Decimal(f"{value:.{_DIGITS}g}"), lang) if abs(value) < 1e6 else number(round(value), lang)


def _inside(label: str) -> str:
    """A heading inside a sentence."""
    return label[:1].lower() + label[1:]


def _rounded(value: Cell) -> float:
    """A number in which the last digits of a float do not decide."""
    return float(f"{float(value):.{9}g}")
