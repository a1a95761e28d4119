"""The chart and the sentences that a front matter declares, compared with its columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ctlgraph.catalogue.matter import Matter
from ctlgraph.catalogue.question import NUMBERS, Chart, Column, Sentence
from ctlgraph.catalogue.sentence import PLACE
from ctlgraph.messages import LANGUAGES, N_
from ctlgraph.parameters import Parameter

MARKS = ("bar", "stacked", "grouped", "line", "timeline", "matrix", "map", "graph")
OPERATORS = ("=", "!=", "<=", ">=", "<", ">")
WHERE = re.compile(rf"(?P<column>\w+) (?P<operator>{'|'.join(OPERATORS)}) (?P<value>\S.*)")

_ROLES = ("x", "y", "color", "end", "weight")
_ONLY_OF = {"end": "timeline", "weight": "graph"}
_COLORED = ("stacked", "grouped")
_MEASURED = ("bar", "stacked", "grouped", "line", "map")


def chart(matter: Matter, columns: Mapping[str, Column]) -> Chart | None:
    """The chart, if there is one: its columns exist and are of the type that its mark takes."""
    said = matter.mapping(("chart",), matter.entries.get("chart"))
    if not said:
        return None
    mark = matter.text(("chart", "mark"), said.get("mark"), MARKS)
    needed = ("mark", "x", "y", *(("color",) if mark in _COLORED else ()))
    allowed = ("color", "where", *(role for role, own in _ONLY_OF.items() if own == mark))
    matter.keys(("chart",), said, needed, allowed)
    for role in _ROLES:
        if role in said:
            matter.text(("chart", role), said[role], columns)
            _check_type(matter, mark, role, columns[said[role]].type)
    if "where" in said:
        condition = WHERE.fullmatch(matter.text(("chart", "where"), said["where"]))
        if condition is None or condition["column"] not in columns:
            reason = N_("'{name}' is a column, an operator and a value")
            raise matter.fail(("chart", "where"), reason, name="where")
    return Chart(**said)


def _check_type(matter: Matter, mark: str, role: str, kind: str) -> None:
    if role == "weight" or (role == "y" and mark in _MEASURED):
        if kind not in NUMBERS:
            raise matter.fail(("chart", role), N_("'{name}' is a column of numbers"), name=role)
    elif mark == "timeline" and role in ("x", "end") and kind != "date":
        raise matter.fail(("chart", role), N_("'{name}' is a column of dates"), name=role)


def sentences(
    matter: Matter, columns: Mapping[str, Column], parameters: Mapping[str, Parameter]
) -> dict[str, Sentence]:
    """The wordings of each language; what stands in braces is in the query."""
    said = matter.mapping(("sentence",), matter.entries["sentence"])
    matter.keys(("sentence",), said, LANGUAGES)
    found = {}
    for lang in LANGUAGES:
        where = ("sentence", lang)
        wordings = matter.mapping(where, said[lang])
        matter.keys(where, wordings, ("none", "one", "ties"), ("single", "many"))
        for case, wording in wordings.items():
            _check_places(matter, (*where, case), wording, columns, parameters)
        found[lang] = Sentence(**wordings)
    return found


def _check_places(
    matter: Matter,
    where: tuple[str, ...],
    wording: object,
    columns: Mapping[str, Column],
    parameters: Mapping[str, Parameter],
) -> None:
    text = matter.text(where, wording)
    for place in PLACE.finditer(text):
        known: Mapping[str, Any] = parameters if place["kind"] == "param" else columns
        numeric = place["kind"] != "sum" or getattr(columns.get(place["name"]), "type", "") in NUMBERS
        paired = (place["kind"] == "pairs") == (place["other"] is not None)
        other = place["other"] is None or place["other"] in columns
        if not place["count"] and not (place["name"] in known and numeric and paired and other):
            raise matter.fail(where, N_("{place} names nothing in the query"), place=place[0])
    if left := re.search(r"\{[^{}]*\}?|\}", PLACE.sub("", text)):
        raise matter.fail(where, N_("{place} names nothing in the query"), place=left[0])
