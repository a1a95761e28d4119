"""A saved query and what it declares: its columns, chart, sentences and tests, and how it is filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ctlgraph.errors import UnknownQueryError
from ctlgraph.parameters import Parameter, check_differing, short, term, unknown
from ctlgraph.vocabulary import nearest

Words = Mapping[str, str]
"""A text in Italian ("it") and English ("en")."""

NUMBERS = ("integer", "decimal")
"""The types of columns that hold numbers."""


@dataclass(frozen=True)
class Column:
    """A column of an answer. type: iri, string, integer, decimal, date or boolean."""

    name: str
    type: str
    label: Words
    unit: Words | None = None


@dataclass(frozen=True)
class Chart:
    """How an answer is drawn: which column stands where.

    end: of a timeline; weight: of the edges of a graph. where: the rows that are drawn, as
    ``column operator value`` with one of = != < <= > >=.
    """

    mark: str
    x: str
    y: str
    color: str | None = None
    end: str | None = None
    weight: str | None = None
    where: str | None = None


@dataclass(frozen=True)
class Sentence:
    """The answer in words, in one language: for no row, for one finding, for several, for equal ones.

    single stands in for one where there is one row and so nothing to compare, many for ties where the query
    ranks nothing.
    """

    none: str
    one: str
    ties: str
    single: str | None = None
    many: str | None = None


@dataclass(frozen=True)
class Test:
    """Arguments, and between how many rows they give; golden: the file with these rows."""

    args: Words
    least: int
    most: int
    golden: str | None = None


@dataclass(frozen=True)
class SavedQuery:
    """One file of ``queries/``.

    kind: select, construct or ask. question: its number among the competency questions.
    rank: the column that the query sorts by first, if that says which rows are at the top.
    spans: where in the text the value of each parameter stands.
    """

    name: str
    path: str
    title: Words
    description: Words
    tags: tuple[str, ...]
    parameters: Mapping[str, Parameter]
    columns: Mapping[str, Column]
    chart: Chart | None
    sentence: Mapping[str, Sentence]
    tests: tuple[Test, ...]
    kind: str
    text: str = field(repr=False)
    rank: str | None = None
    question: str | None = None
    prologue: str = field(default="", repr=False)
    spans: Mapping[str, tuple[int, int]] = field(default_factory=dict, repr=False)

    def fill(self, arguments: Mapping[str, str]) -> Filled:
        """The query with these arguments in place of its defaults.

        Raises ParameterError for an unknown name, for a text that a parameter does not take, and for the same
        value of two that have to differ.
        """
        for name in arguments:
            if name not in self.parameters:
                raise unknown(name, arguments[name], self.parameters)
        terms = {
            name: term(parameter, arguments[name]) if name in arguments else parameter.default or "UNDEF"
            for name, parameter in self.parameters.items()
        }
        check_differing(self.parameters, terms)
        given = {name: short(terms[name]) for name in self.parameters if name in arguments}
        return Filled(self, MappingProxyType(given), MappingProxyType(terms), self.spelled(terms))

    def spelled(self, terms: Mapping[str, str]) -> str:
        """The text with these terms, one for each parameter, in its blocks: written in one pass."""
        pieces, position = [], 0
        for name, (start, end) in sorted(self.spans.items(), key=lambda item: item[1]):
            pieces += [self.text[position:start], f" {terms[name]} "]
            position = end
        return "".join([*pieces, self.text[position:]])


@dataclass(frozen=True)
class Filled:
    """A saved query with values in its blocks.

    arguments: what was given, as `short` writes it. terms: the SPARQL spelling of every parameter's value,
    given or not; UNDEF for any.
    """

    saved: SavedQuery
    arguments: Words
    terms: Words
    text: str


class Catalogue(Mapping[str, SavedQuery]):
    """The saved queries by name, sorted."""

    def __init__(self, queries: Mapping[str, SavedQuery]) -> None:
        self._queries = {name: queries[name] for name in sorted(queries)}

    def __getitem__(self, name: str) -> SavedQuery:
        """Return the query of exactly this name."""
        return self._queries[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self._queries)

    def __len__(self) -> int:
        """Count the queries."""
        return len(self._queries)

    def get_near(self, name: str) -> SavedQuery:
        """The query of this name. Raises UnknownQueryError with the name that is most like it."""
        if name not in self._queries:
            raise UnknownQueryError(name, nearest(name, self._queries))
        return self._queries[name]

    @property
    def tags(self) -> tuple[str, ...]:
        """Every tag, sorted."""
        return tuple(sorted({tag for query in self._queries.values() for tag in query.tags}))
