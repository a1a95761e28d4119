"""Why an answer is empty: the question is relaxed step by step until something matches.

First each parameter gives way alone, then several at once; if that does not help, the conditions of the
query are taken up one after the other, as they stand, until nothing matches them any more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from ctlgraph.catalogue.answer import Steps, labelling
from ctlgraph.catalogue.question import Filled, Words
from ctlgraph.catalogue.sentence import join, number, parameter
from ctlgraph.catalogue.sparql import Parts
from ctlgraph.catalogue.table import Cell, Table, from_json
from ctlgraph.messages import N_, translate
from ctlgraph.parameters import UNDEF
from ctlgraph.vocabulary import PREFIXES

_WITHOUT = N_("rows without {parameters}: {number}")
_PART = N_("nothing in the data matches {part}")
_ALONE = N_("{label} ({value})")
_LAST = N_("the data has what is asked for, but nothing passes the last condition of the question")

_TYPE = PREFIXES["rdf"] + "type"
_NAME = re.compile(r"(?<![\w:<?$-])(?P<prefix>[\w-]*):(?P<local>\w[\w-]*)|<(?P<iri>[^<>\s]+)>")
_VARIABLE = re.compile(r"[?$](\w+)")


@dataclass(frozen=True)
class Relaxed:
    """What stands in the way of an answer.

    without: sets of parameters whose values give way, with the number of rows then. variables, iris: of the
    first condition that nothing matches, if no parameter gives way. labels: of all of them.
    """

    filled: Filled
    without: tuple[tuple[tuple[str, ...], int], ...] = ()
    variables: tuple[str, ...] = ()
    iris: tuple[str, ...] = ()
    labels: Mapping[str, Words] = field(default_factory=dict)

    def lines(self, lang: str) -> list[str]:
        """One sentence for each way out, or one on what has no match."""
        if self.without:
            return [
                translate(
                    _WITHOUT,
                    lang,
                    parameters=join((self._parameter(name, lang) for name in names), lang),
                    number=number(rows, lang),
                )
                for names, rows in self.without
            ]
        given = {name for name, spelling in self.filled.terms.items() if spelling != UNDEF}
        named = [self._parameter(each, lang) for each in self.variables if each in given]
        named += [self._table.label(Cell(iri, "iri"), lang)[0] for iri in self.iris]
        part = join(dict.fromkeys(named), lang)
        return [translate(_PART, lang, part=part) if part else translate(_LAST, lang)]

    def _parameter(self, name: str, lang: str) -> str:
        label = self.filled.saved.parameters[name].label[lang]
        return translate(_ALONE, lang, label=label, value=parameter(self._table, name, lang))

    @property
    def _table(self) -> Table:
        return Table(self.filled.saved, self.filled, (), (), self.labels)


def relaxing(filled: Filled) -> Steps[Relaxed]:
    """What stands in the way of an answer that is empty."""
    own = [spelling[1:-1] for spelling in filled.terms.values() if spelling.startswith("<")]
    without = yield from _without(filled)
    variables, iris = ((), ()) if without else (yield from _part(filled))
    labels = yield from labelling({*own, *iris})
    return Relaxed(filled, without, variables, iris, labels)


def _without(filled: Filled) -> Steps[tuple[tuple[tuple[str, ...], int], ...]]:
    """The smallest sets of parameters that matter, and the rows that the answer has without them."""
    given = [name for name, spelling in filled.terms.items() if spelling != UNDEF]
    for size in range(1, len(given) + 1):
        found = []
        for names in combinations(given, size):
            text = filled.saved.spelled({**filled.terms, **dict.fromkeys(names, UNDEF)})
            rows = yield from _rows(text)
            found += [(names, rows)] if rows else []
        if found:
            return tuple(found)
    return ()


def _rows(text: str) -> Steps[int]:
    answer = yield Parts.of(text).sized
    return int(next((row[0].value for row in from_json(answer)[1] if row[0]), "0"))


def _part(filled: Filled) -> Steps[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The variables and IRIs of the first condition that nothing matches along with those before it."""
    parts = Parts.of(filled.text)
    conditions = sorted(parts.conditions, key=lambda each: each.upper().startswith("FILTER"))
    for count in range(1, len(conditions) + 1):
        answer = yield f"{parts.prologue}ASK {{ {' '.join(conditions[:count])} }}"
        if from_json(answer)[1][0][0] == Cell("true", datatype=PREFIXES["xsd"] + "boolean"):
            continue
        text = conditions[count - 1]
        return tuple(dict.fromkeys(_VARIABLE.findall(text))), tuple(
            dict.fromkeys(iris_of(parts.prologue, text))
        )
    return (), ()


def iris_of(prologue: str, text: str) -> Iterator[str]:
    """The IRIs in a text, those with a prefix of the prologue too; not that of `a`."""
    prefixes = dict(re.findall(r"(?i)PREFIX\s+([\w-]*):\s*<([^>]*)>", prologue))
    for name in _NAME.finditer(text):
        iri = name["iri"] or prefixes.get(name["prefix"], "") + name["local"]
        if iri != _TYPE:
            yield iri
