"""How a saved query is answered: a generator that asks SPARQL and is sent the answers, whoever runs it.

Asks for nothing but texts of SPARQL and gets SPARQL JSON results, N-Triples for a CONSTRUCT: the service
drives it with its query processes, a notebook with a store, a test with either of two engines.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ctlgraph.catalogue.question import Filled, SavedQuery, Words
from ctlgraph.catalogue.sparql import Parts
from ctlgraph.catalogue.table import Cell, Table, from_json, from_triples, iris_in
from ctlgraph.errors import ParameterError
from ctlgraph.parameters import UNDEF, Parameter, quote, short, term
from ctlgraph.vocabulary import PREFIXES

FORMATS = ("json", "nt")
"""What to ask the engine for: the first of these that the kind of query has."""

T = TypeVar("T")
Steps = Generator[str, bytes, T]

_SKOS = PREFIXES["skos"]
_LABELS = (
    _SKOS + "prefLabel",
    PREFIXES["rdfs"] + "label",
    PREFIXES["dct"] + "title",
    PREFIXES["foaf"] + "name",
    _SKOS + "notation",
)
_AT_ONCE = 2000
_NEAR = 3


@dataclass(frozen=True)
class Choice:
    """One value that a parameter takes, as `fill` takes it.

    count: rows of the answer with it, the other parameters unchanged; None where that cannot be told.
    """

    value: str
    labels: Words
    count: int | None = None

    def label(self, lang: str) -> str:
        """The label in that language, else in the other, else the value."""
        return next((self.labels[each] for each in (lang, "it", "en", "") if each in self.labels), self.value)


def answering(filled: Filled) -> Steps[Table]:
    """The answer with the labels of all that is in it.

    Raises ParameterError for a value that the graph does not have, with the nearest that it has.
    """
    yield from checking(filled)
    saved = filled.saved
    answer = yield filled.text
    rows = from_triples(answer) if saved.kind == "construct" else from_json(answer)[1]
    wanted = iris_in(rows) | {
        spelling[1:-1] for spelling in filled.terms.values() if spelling.startswith("<")
    }
    labels = yield from labelling(wanted)
    return Table(saved, filled, tuple(saved.columns.values()), tuple(rows), labels)


def filling(saved: SavedQuery, arguments: Mapping[str, str]) -> Steps[Filled]:
    """The query with these arguments, where a thing may also be named by its label or the end of its name.

    Raises ParameterError for what names nothing or several things, with the nearest that there are.
    """
    meant = dict(arguments)
    for name in arguments.keys() & saved.parameters.keys():
        meant[name] = yield from _meant(saved.parameters[name], arguments[name])
    return saved.fill(meant)


def checking(filled: Filled) -> Steps[None]:
    """Raise ParameterError for a value that the graph does not have, with the nearest that it has."""
    for name in filled.arguments:
        parameter, spelling = filled.saved.parameters[name], filled.terms[name]
        if not (yield from _known(parameter, spelling)):
            text = short(spelling)
            raise parameter.error(text, _nearest(text, (yield from _names(parameter))))


def labelling(wanted: Iterable[str]) -> Steps[Mapping[str, Words]]:
    """The labels of these IRIs by language; "" is the language of a notation."""
    found: dict[str, dict[str, str]] = {}
    properties = " ".join(f"(<{iri}> {rank})" for rank, iri in enumerate(_LABELS))
    iris = sorted(wanted)
    for start in range(0, len(iris), _AT_ONCE):
        values = " ".join(f"<{iri}>" for iri in iris[start : start + _AT_ONCE])
        answer = yield (
            f"SELECT ?iri ?label WHERE {{ VALUES ?iri {{ {values} }} VALUES (?property ?rank)"
            f" {{ {properties} }} ?iri ?property ?label }} ORDER BY ?iri ?rank ?label"
        )
        for iri, label in from_json(answer)[1]:
            if iri and label:
                found.setdefault(iri.value, {}).setdefault(label.language, label.value)
    return found


def choosing(filled: Filled) -> Steps[Mapping[str, tuple[Choice, ...]]]:
    """The choices of each parameter that has any, sorted by label in no language: as the graph gives them.

    Their counts are those of the answer with all other parameters as they are filled.
    """
    found = {}
    for parameter in filled.saved.parameters.values():
        if parameter.has_choices:
            found[parameter.name] = yield from _choices(filled, parameter)
    return found


def choices(parameter: Parameter) -> str:
    """The SPARQL that gives the values of a parameter as ?value."""
    if parameter.choices:
        return parameter.choices
    return f"SELECT DISTINCT ?value WHERE {{ {_pattern(parameter)} }} ORDER BY ?value"


async def drive(steps: Steps[T], ask: Callable[[str], Awaitable[bytes]]) -> T:
    """Run the steps to their end: `ask` answers a SPARQL text in the first format of FORMATS that fits."""
    try:
        text = next(steps)
        while True:
            text = steps.send(await ask(text))
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]  # what the generator returns


def drive_now(steps: Steps[T], ask: Callable[[str], bytes]) -> T:
    """What `drive` does, without an event loop."""
    try:
        text = next(steps)
        while True:
            text = steps.send(ask(text))
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]


def _pattern(parameter: Parameter) -> str:
    if parameter.scheme:
        return f"?value <{_SKOS}inScheme> <{parameter.scheme}> ."
    return f"?value a <{parameter.class_}> ."


def _known(parameter: Parameter, spelling: str) -> Steps[bool]:
    """Whether the graph has this value; what has no choices may be anything."""
    if not parameter.has_choices or spelling in (UNDEF, parameter.default):
        return True
    if parameter.choices is not None:
        return spelling in (yield from _values(parameter))
    answer = yield f"SELECT ?value WHERE {{ VALUES ?value {{ {spelling} }} {_pattern(parameter)} }}"
    return bool(from_json(answer)[1])


def _meant(parameter: Parameter, text: str) -> Steps[str]:
    """The value that a text is or names; the text itself if it is no name of anything."""
    if not parameter.has_choices or parameter.type == "string":
        return text
    try:
        spelling = term(parameter, text)
    except ParameterError:
        spelling = ""
    if spelling and (yield from _known(parameter, spelling)):
        return text
    names = yield from _names(parameter)
    found = names.get(text.strip().casefold(), ())
    if len(found) != 1:
        raise parameter.error(text, tuple(found)[:_NEAR] or _nearest(text, names))
    return found[0]


def _values(parameter: Parameter) -> Steps[tuple[str, ...]]:
    """The spelling of every value, in the order of the graph's answer."""
    answer = yield choices(parameter)
    cells = (row[0] for row in from_json(answer)[1])
    return tuple(dict.fromkeys(_spelling(cell) for cell in cells if cell and cell.kind != "bnode"))


def _spelling(cell: Cell) -> str:
    return f"<{cell.value}>" if cell.kind == "iri" else quote(cell.value)


def _names(parameter: Parameter) -> Steps[Mapping[str, Sequence[str]]]:
    """By what each value may be named, in small letters: in short, by its last part, by its labels."""
    values = yield from _values(parameter)
    labels = yield from labelling(value[1:-1] for value in values if value.startswith("<"))
    names: dict[str, dict[str, None]] = {}
    for value in values:
        own = short(value)
        for name in (own, re.split(r"[/:#]", own)[-1], *labels.get(value[1:-1], {}).values()):
            names.setdefault(name.casefold(), {})[own] = None
    return {name: tuple(owns) for name, owns in names.items()}


def _nearest(text: str, names: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """A few values whose names are most like a text, or like its last part."""
    whole = text.strip().casefold()
    close: dict[str, float] = {}
    for wanted in dict.fromkeys((whole, whole.rsplit("/", 1)[-1])):
        for name in difflib.get_close_matches(wanted, names, n=9, cutoff=0.4):
            close[name] = max(close.get(name, 0), difflib.SequenceMatcher(None, wanted, name).ratio())
    ordered = sorted(close, key=lambda name: -close[name])
    return tuple(dict.fromkeys(own for name in ordered for own in names[name]))[:_NEAR]


def _choices(filled: Filled, parameter: Parameter) -> Steps[tuple[Choice, ...]]:
    values = yield from _values(parameter)
    labels = yield from labelling(value[1:-1] for value in values if value.startswith("<"))
    counts = {} if filled.saved.kind != "select" else (yield from _counts(filled, parameter))
    return tuple(
        Choice(short(value), labels.get(value[1:-1], {}), counts.get(value, 0) if counts else None)
        for value in values
    )


def _counts(filled: Filled, parameter: Parameter) -> Steps[Mapping[str, int]]:
    """How many rows the answer has for each value; nothing if the query does not bind the parameter."""
    anything = filled.saved.spelled({**filled.terms, parameter.name: UNDEF})
    answer = yield Parts.of(anything).counted(parameter.name)
    rows = [(row[0], row[1]) for row in from_json(answer)[1]]
    return {_spelling(value): int(count.value) for value, count in rows if value and count}
