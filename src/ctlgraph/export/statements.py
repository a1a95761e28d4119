"""The statements of a release, read from its N-Quads line by line, as the forms need them.

The file is sorted: what is said of one subject stands together, and so does one triple of several graphs.
Nothing but the subject at hand is held in memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from ctlgraph.errors import SourceError
from ctlgraph.messages import N_

_LITERAL = re.compile(r'"(?P<value>.*)"(?:@(?P<lang>[A-Za-z0-9-]+)|\^\^<(?P<datatype>[^>]*)>)?\Z', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


class Statement(NamedTuple):
    """A line of N-Quads: its four terms as they are written."""

    subject: str
    predicate: str
    value: str
    graph: str


class Literal(NamedTuple):
    """A literal: text, language, and the IRI of its datatype, "" for a string."""

    text: str
    lang: str
    datatype: str


@dataclass(frozen=True)
class Entity:
    """A subject with all that is said of it: (predicate, value) and the graphs that say it, as IRIs.

    iri: of the subject; "_:c14n0" for a blank node. A value is a term as it is written.
    """

    iri: str
    said: tuple[tuple[str, str, tuple[str, ...]], ...]

    def values(self, predicate: str) -> list[str]:
        """The values of a property, as they are written."""
        return [value for each, value, _ in self.said if each == predicate]

    def iris(self, predicate: str) -> list[str]:
        """Those of them that are IRIs."""
        return [value[1:-1] for value in self.values(predicate) if value[0] == "<"]

    def text(self, predicate: str, lang: str = "") -> str:
        """The first text of a property in that language, "" if there is none."""
        found = (literal(value) for value in self.values(predicate) if value[0] == '"')
        return next((each.text for each in found if each.lang == lang), "")


def statements(path: Path) -> Iterator[Statement]:
    """The statements of a file of N-Quads. Raises SourceError, with the line, for one that is damaged."""
    with path.open(encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, 1):
            try:
                subject, predicate, rest = line.split(" ", 2)
                value, graph = rest.removesuffix(" .\n").rsplit(" ", 1)
            except ValueError:
                reason = N_("this is not valid {form}: {reason}")
                detail = N_("a statement and its graph are expected")
                raise SourceError(str(path), number, reason, form="N-Quads", reason=detail) from None
            yield Statement(subject, predicate, value, graph)


def entities(path: Path) -> Iterator[Entity]:
    """The subjects of a file of N-Quads, in its order. Raises SourceError."""
    for subject, lines in groupby(statements(path), key=itemgetter(0)):
        said = tuple(
            (predicate[1:-1], value, tuple(line.graph[1:-1] for line in same))
            for (predicate, value), same in groupby(lines, key=itemgetter(1, 2))
        )
        yield Entity(subject[1:-1] if subject[0] == "<" else subject, said)


def triples(said: Iterable[Statement]) -> Iterator[tuple[str, list[str]]]:
    """Each triple once, as it is written, with the graphs that say it."""
    for triple, same in groupby(said, key=lambda each: " ".join(each[:3])):
        yield triple, [each.graph for each in same]


def literal(term: str) -> Literal:
    r"""A literal as it is written, taken apart.

    >>> literal('"un \\"ente\\""@it')
    Literal(text='un "ente"', lang='it', datatype='')
    """
    found = _LITERAL.match(term)
    if found is None:
        raise ValueError(f"no literal: {term}")
    text = _ESCAPE.sub(_unescaped, found["value"]) if "\\" in found["value"] else found["value"]
    return Literal(text, found["lang"] or "", found["datatype"] or "")


def _unescaped(found: re.Match[str]) -> str:
    short, long, character = found.groups()
    return chr(int(short or long, 16)) if character is None else _ESCAPED.get(character, character)
