"""Files of ``queries/`` in, saved queries out: refuses what does not agree, with file and line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from ctlgraph.catalogue import inputs, wording
from ctlgraph.catalogue.matter import Matter
from ctlgraph.catalogue.question import NUMBERS, Catalogue, Column, SavedQuery, Test
from ctlgraph.catalogue.sparql import Parts
from ctlgraph.errors import ParameterError, SourceError
from ctlgraph.messages import N_
from ctlgraph.parameters import Parameter, term

FOLDER = "queries"
COLUMN_TYPES = ("iri", "string", "integer", "decimal", "date", "boolean")

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_OF_KIND = {"construct": ("subject", "predicate", "object"), "ask": ("answer",)}


def read(root: Path) -> Catalogue:
    """The saved queries of a project. Raises SourceError, with one line for each file that is refused."""
    queries, errors = {}, []
    for path in sorted((root / FOLDER).glob("*.rq")):
        try:
            queries[path.stem] = read_file(path)
        except SourceError as error:
            errors.append(error)
    if errors:
        first, *others = errors
        first.others = tuple(others)
        raise first
    return Catalogue(queries)


def read_file(path: Path) -> SavedQuery:
    """One saved query. Raises SourceError with file and line for whatever does not agree."""
    name = f"{FOLDER}/{path.name}"
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SourceError(name, line, N_("this is not UTF-8: save the file in that encoding")) from error
    except OSError as error:
        raise SourceError(name, None, error.strerror or str(error)) from error
    return parse(text, path.stem)


def parse(text: str, name: str) -> SavedQuery:
    """The saved query of that name that a text is. Raises SourceError."""
    path = f"{FOLDER}/{name}.rq"
    matter, parts = Matter.read(path, text), Parts.of(text)
    found = matter.entries
    required = ("title", "description", "tags", "columns", "sentence", "tests")
    matter.keys((), found, required, ("parameters", "chart", "question"))
    _check_form(matter, parts)
    parameters = inputs.parameters(matter, parts)
    columns = _columns(matter, parts)
    rank = parts.rank if parts.rank in columns and columns[parts.rank].type not in ("iri", "string") else None
    if not _NAME.fullmatch(name):
        raise SourceError(path, None, N_("the name of a saved query is of small letters, digits and hyphens"))
    return SavedQuery(
        name=name,
        path=path,
        title=MappingProxyType(matter.words(("title",), found["title"])),
        description=MappingProxyType(matter.words(("description",), found["description"])),
        tags=_tags(matter),
        parameters=MappingProxyType(parameters),
        columns=MappingProxyType(columns),
        chart=wording.chart(matter, columns),
        sentence=MappingProxyType(wording.sentences(matter, columns, parameters)),
        tests=_tests(matter, parameters),
        kind=parts.kind,
        text=text,
        rank=rank,
        question=found.get("question"),
        prologue=parts.prologue,
        spans=MappingProxyType({block.name: (block.start, block.end) for block in parts.blocks}),
    )


def _check_form(matter: Matter, parts: Parts) -> None:
    if parts.kind not in ("select", "construct", "ask") or parts.where is None:
        raise SourceError(matter.path, None, N_("a saved query is a SELECT, CONSTRUCT or ASK with WHERE"))


def _tags(matter: Matter) -> tuple[str, ...]:
    tags = matter.entries["tags"]
    if not isinstance(tags, list) or not tags or not all(isinstance(tag, str) for tag in tags):
        raise matter.fail(("tags",), N_("'{name}' is a list of words"), name="tags")
    return tuple(tags)


def _columns(matter: Matter, parts: Parts) -> dict[str, Column]:
    declared = matter.mapping(("columns",), matter.entries["columns"])
    selected = parts.columns if parts.kind == "select" else list(_OF_KIND[parts.kind])
    if selected is None or list(declared) != selected:
        reason = N_("the columns are not those of the query: {names}")
        raise matter.fail(("columns",), reason, names=", ".join(selected or ["SELECT *"]))
    return {name: _column(matter, name, value) for name, value in declared.items()}


def _column(matter: Matter, name: str, value: object) -> Column:
    where = ("columns", name)
    said = matter.mapping(where, value)
    matter.keys(where, said, ("type", "label"), ("unit",))
    kind = matter.text((*where, "type"), said["type"], COLUMN_TYPES)
    unit = said.get("unit")
    if unit is not None and kind not in NUMBERS:
        raise matter.fail((*where, "unit"), N_("only a number has a unit"))
    return Column(
        name=name,
        type=kind,
        label=MappingProxyType(matter.words((*where, "label"), said["label"])),
        unit=None if unit is None else MappingProxyType(matter.words((*where, "unit"), unit)),
    )


def _tests(matter: Matter, parameters: Mapping[str, Parameter]) -> tuple[Test, ...]:
    said = matter.entries["tests"]
    if not isinstance(said, list) or not said:
        raise matter.fail(("tests",), N_("'{name}' is a list of arguments and rows"), name="tests")
    return tuple(_test(matter, str(index), value, parameters) for index, value in enumerate(said))


def _test(matter: Matter, index: str, value: object, parameters: Mapping[str, Parameter]) -> Test:
    where = ("tests", index)
    said = matter.mapping(where, value)
    matter.keys(where, said, ("args", "rows"), ("golden",))
    args = {name: _argument(given) for name, given in matter.mapping((*where, "args"), said["args"]).items()}
    for name, given in args.items():
        if name not in parameters:
            raise matter.fail((*where, "args", name), N_("'{name}' means nothing here"), name=name)
        try:
            term(parameters[name], given)
        except ParameterError as error:
            raise matter.fail((*where, "args", name), N_("its argument: {error}"), error=error) from error
    least, most = _range(said["rows"])
    if not 0 <= least <= most:
        raise matter.fail((*where, "rows"), N_("'{name}' is a number, or {{min: 1, max: 9}}"), name="rows")
    return Test(MappingProxyType(args), least, most, said.get("golden"))


def _range(rows: object) -> tuple[int, int]:
    """The least and the most; two numbers that are no range for what says neither."""
    ends = (rows.get("min"), rows.get("max")) if isinstance(rows, dict) else (rows, rows)
    least, most = (end if isinstance(end, int) and not isinstance(end, bool) else -1 for end in ends)
    return least, most


def _argument(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
