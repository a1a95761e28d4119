"""A release as tables, one for each class: what they hold, and how they come to stand on disk row by row.

A thing is a row in the table of each of its classes, those above its own included. A column is a property, in
one language if its values have one. `packages` puts the tables into files. The first reading of the release
finds the columns, the second the rows, so that no more than one thing is in memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from ctlgraph.export.statements import Entity, entities, literal
from ctlgraph.vocabulary import BASE, PREFIXES, compact

_TYPE = PREFIXES["rdf"] + "type"
_OURS = tuple(BASE + part for part in ("id/", "vocab/", "graph/"))
_LABELS = (PREFIXES["skos"] + "prefLabel", PREFIXES["rdfs"] + "label")
_DEFINITIONS = (PREFIXES["skos"] + "definition", PREFIXES["skos"] + "scopeNote")
_KINDS = {
    **dict.fromkeys(("integer", "int", "long", "nonNegativeInteger", "positiveInteger"), "integer"),
    **dict.fromkeys(("decimal", "double", "float"), "decimal"),
    "date": "date",
    "boolean": "boolean",
}
_INT64 = range(-(2**63), 2**63)

Rows = Iterator[list[list[str]]]


@dataclass
class Column:
    """A column: the IRI of the property with its language, the kinds of its values, and how they are spread.

    Two columns come before those of properties: the IRI of the thing, and the graphs that speak of it.
    """

    of: str
    lang: str = ""
    kinds: set[str] = field(default_factory=set)
    filled: int = 0
    most: int = 0

    @property
    def name(self) -> str:
        """Its name in files: ``memberCount``, ``skos_prefLabel_it``; terms of others keep their prefix."""
        name = compact(self.of).removeprefix("ctl:").replace(":", "_")
        return f"{name}_{self.lang}" if self.lang else name

    @property
    def kind(self) -> str:
        """The kind of all its values: iri, integer, decimal, date, boolean, else text."""
        if self.kinds == {"integer", "decimal"}:
            return "decimal"
        return next(iter(self.kinds)) if len(self.kinds) == 1 else "text"

    @property
    def several(self) -> bool:
        """Whether a thing has several values of it."""
        return self.most > 1


@dataclass
class Table:
    """The things of a class: the IRI of the class, its columns, the number of its rows."""

    of: str
    columns: dict[tuple[str, str], Column] = field(default_factory=dict)
    rows: int = 0

    @property
    def name(self) -> str:
        """Its name in files: ``TechnologyCluster``, ``org_Site``."""
        return compact(self.of).removeprefix("ctl:").replace(":", "_")

    @property
    def ordered(self) -> list[Column]:
        """Its columns: IRI, sources, labels, then by name."""
        return [
            Column("iri", kinds={"iri"}, filled=self.rows, most=1),
            Column("sources", kinds={"iri"}, filled=self.rows, most=2),
            *sorted(self.columns.values(), key=lambda each: (each.of not in _LABELS, each.name)),
        ]


@dataclass(frozen=True)
class Term:
    """What the release says of a class or property in each language."""

    label: Mapping[str, str]
    definition: Mapping[str, str]


@dataclass(frozen=True)
class Survey:
    """The tables that a release has, by name, and its terms by IRI."""

    tables: tuple[Table, ...]
    terms: Mapping[str, Term]


def survey(quads: Path) -> Survey:
    """Read the release for its tables, their columns, and the words of the terms. Raises SourceError."""
    tables: dict[str, Table] = {}
    terms: dict[str, Term] = {}
    for entity in entities(quads):
        if not entity.iri.startswith(_OURS):
            terms[entity.iri] = Term(_texts(entity, _LABELS), _texts(entity, _DEFINITIONS))
            continue
        for of in entity.iris(_TYPE):
            _count(tables.setdefault(of, Table(of)), entity)
    return Survey(tuple(sorted(tables.values(), key=lambda table: table.name)), terms)


def fill(quads: Path, found: Survey, folder: Path) -> None:
    """Write the rows of each table into a file of its number, a line each, as `rows` reads them."""
    places = {table.of: place for place, table in enumerate(found.tables)}
    columns = [[(each.of, each.lang) for each in table.ordered[2:]] for table in found.tables]
    with ExitStack() as stack:
        files = [stack.enter_context(_path(folder, n).open("w", encoding="utf-8")) for n in places.values()]
        for entity in entities(quads):
            if not entity.iri.startswith(_OURS):
                continue
            cells = _cells(entity)
            first = [[entity.iri], sorted({graph for _, _, graphs in entity.said for graph in graphs})]
            for place in sorted(places[of] for of in entity.iris(_TYPE)):
                row = first + [cells.get(key, []) for key in columns[place]]
                files[place].write(json.dumps(row, ensure_ascii=False) + "\n")


def rows(folder: Path, place: int) -> Rows:
    """The rows of the table at that place: of each column, its values."""
    with _path(folder, place).open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _path(folder: Path, place: int) -> Path:
    return folder / f"table-{place}"


def _count(table: Table, entity: Entity) -> None:
    table.rows += 1
    for key, values in _cells(entity).items():
        column = table.columns.setdefault(key, Column(*key))
        column.filled += 1
        column.most = max(column.most, len(values))
    for property, value, _ in entity.said:
        if property != _TYPE:
            table.columns[_key(property, value)].kinds.add(_kind(value))


def _cells(entity: Entity) -> dict[tuple[str, str], list[str]]:
    """The values of each column, IRIs and texts as they are meant; a class is told by its table."""
    found: dict[tuple[str, str], list[str]] = {}
    for property, value, _ in entity.said:
        if property != _TYPE:
            text = literal(value).text if value[0] == '"' else value.removeprefix("<").removesuffix(">")
            found.setdefault(_key(property, value), []).append(text)
    return found


def _key(property: str, value: str) -> tuple[str, str]:
    return property, literal(value).lang if value[0] == '"' else ""


def _kind(value: str) -> str:
    if value[0] != '"':
        return "iri"
    found = literal(value)
    kind = _KINDS.get(found.datatype.removeprefix(PREFIXES["xsd"]), "text")
    if kind == "integer" and int(found.text) not in _INT64:
        return "text"
    if kind == "date" and len(found.text) != len("2022-12-31"):  # with a time zone, or a year beyond 9999
        return "text"
    return kind


def _texts(entity: Entity, properties: tuple[str, ...]) -> Mapping[str, str]:
    """In each language the first of these texts."""
    return {
        lang: next(filter(None, (entity.text(each, lang) for each in properties)), "")
        for lang in ("it", "en")
    }
