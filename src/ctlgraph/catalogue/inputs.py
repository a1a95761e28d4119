"""The parameters that a front matter declares, compared with the VALUES blocks of its query."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from ctlgraph.catalogue.matter import Matter
from ctlgraph.catalogue.question import NUMBERS
from ctlgraph.catalogue.sparql import Parts
from ctlgraph.errors import ParameterError, SourceError
from ctlgraph.messages import N_
from ctlgraph.parameters import KINDS, UNDEF, Parameter, short, term
from ctlgraph.vocabulary import expand

SERVICE_WORDS = ("format", "output", "lang", "locale", "page", "q", "row", "sort", "release")


def parameters(matter: Matter, parts: Parts) -> dict[str, Parameter]:
    """The parameters by name, in the order of the front matter, with their defaults from the blocks."""
    declared = matter.mapping(("parameters",), matter.entries.get("parameters"))
    blocks = {block.name: block for block in reversed(parts.blocks)}
    for block in parts.blocks:
        line = parts.text[: block.start].count("\n") + 1
        if block.name not in declared:
            reason = N_("VALUES ?{name} is not among the parameters")
            raise SourceError(matter.path, line, reason, name=block.name)
        if not block.first or blocks[block.name] is not block:
            reason = N_("VALUES ?{name} stands once, at the beginning of its group")
            raise SourceError(matter.path, line, reason, name=block.name)
    found = {}
    for name, value in declared.items():
        if name not in blocks:
            reason = N_("the query has no block VALUES ?{name}")
            raise matter.fail(("parameters", name), reason, name=name)
        block = blocks[name]
        found[name] = _parameter(matter, name, value, parts, parts.text[block.start : block.end].strip())
    for name, parameter in found.items():
        other = found.get(parameter.unlike or name)
        if other is None or (parameter.unlike and (other is parameter or other.default == parameter.default)):
            reason = N_("'{name}' names another parameter, of another default")
            raise matter.fail(("parameters", name, "unlike"), reason, name="unlike")
    return found


def _parameter(matter: Matter, name: str, value: object, parts: Parts, default: str) -> Parameter:
    where = ("parameters", name)
    said = matter.mapping(where, value)
    optional = ("optional", "class", "scheme", "choices", "minimum", "maximum", "unlike", "reader")
    matter.keys(where, said, ("type", "label"), optional)
    if name in SERVICE_WORDS:
        raise matter.fail(where, N_("'{name}' is a word of the service: choose another name"), name=name)
    kind = matter.text((*where, "type"), said["type"], KINDS)
    lists = [key for key in ("class", "scheme", "choices") if key in said]
    if (
        len(lists) > 1
        or (kind == "choice" and not lists)
        or (lists and kind not in ("iri", "choice", "string"))
    ):
        raise matter.fail(where, N_("choices come from one class, one scheme or one query"))
    for key in ("optional", "reader"):
        if not isinstance(said.get(key, False), bool):
            raise matter.fail((*where, key), N_("'{name}' is true or false"), name=key)
    if {"minimum", "maximum"} & set(said) and kind not in (*NUMBERS, "date"):
        raise matter.fail(where, N_("only a number or a date has a minimum and a maximum"))
    parameter = Parameter(
        name=name,
        type=kind,
        label=MappingProxyType(matter.words((*where, "label"), said["label"])),
        optional=said.get("optional", False),
        class_=_iri(matter, (*where, "class"), said.get("class")),
        scheme=_iri(matter, (*where, "scheme"), said.get("scheme")),
        choices=_choices(matter, (*where, "choices"), said.get("choices"), parts.prologue),
        minimum=_bound(said.get("minimum")),
        maximum=_bound(said.get("maximum")),
        unlike=_bound(said.get("unlike")),
        reader=said.get("reader", False),
    )
    return _with_default(matter, parameter, default)


def _with_default(matter: Matter, parameter: Parameter, default: str) -> Parameter:
    if default == UNDEF and parameter.optional:
        return parameter
    try:
        spelling = term(replace(parameter, optional=False), short(default))
    except ParameterError as error:
        where = ("parameters", parameter.name)
        raise matter.fail(where, N_("its default: {error}"), error=error) from error
    return replace(parameter, default=spelling)


def _iri(matter: Matter, where: tuple[str, ...], value: object) -> str | None:
    if value is None:
        return None
    try:
        return expand(matter.text(where, value))
    except KeyError as error:
        raise matter.fail(where, N_("the prefix {prefix} is not known"), prefix=error.args[0]) from error


def _choices(matter: Matter, where: tuple[str, ...], value: object, prologue: str) -> str | None:
    if value is None:
        return None
    parts = Parts.of(prologue + matter.text(where, value))
    if parts.kind != "select" or parts.columns is None or parts.columns[0] != "value":
        raise matter.fail(where, N_("'{name}' is a SELECT of ?value"), name=where[-1])
    return parts.text


def _bound(value: object) -> str | None:
    return None if value is None else str(value)
