"""The saved queries that can be asked of an entity, with it filled in.

Knows parameters and what they take; not how a page looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ctlgraph.catalogue import Catalogue, SavedQuery
from ctlgraph.catalogue.sparql import Parts
from ctlgraph.parameters import Parameter, short_iri
from ctlgraph.vocabulary import expand
from ctlgraph.web.site.entities import Entity
from ctlgraph.web.site.facts import Ask, rows

_COMPUTED = re.compile(r"\bAS\s+\?value\b", re.IGNORECASE)
_Pair = tuple[SavedQuery, Parameter]


@dataclass(frozen=True)
class Related:
    """A saved query with the parameter that the entity is."""

    saved: SavedQuery
    arguments: Mapping[str, str]


async def related(ask: Ask, catalogue: Catalogue, found: Entity) -> tuple[Related, ...]:
    """The questions about an entity, those that cannot be asked without one of its kind first."""
    iri, classes = found.thing.iri, {expand(name) for name in found.classes}
    schemes = {value.term.value for value in found.of("skos:inScheme")}
    every = [(saved, each) for saved in catalogue.values() for each in saved.parameters.values()]
    sure = [pair for pair in every if pair[1].class_ in classes or pair[1].scheme in schemes]
    return _ordered([*sure, *await _taking(ask, every, iri)], short_iri(iri))


def _ordered(found: Iterable[_Pair], value: str) -> tuple[Related, ...]:
    """Each query once, by its first parameter that fits."""
    first: dict[str, tuple[bool, Related]] = {}
    for saved, parameter in found:
        first.setdefault(saved.name, (parameter.optional, Related(saved, {parameter.name: value})))
    return tuple(each for _, each in sorted(first.values(), key=lambda pair: (pair[0], pair[1].saved.name)))


async def _taking(ask: Ask, every: Iterable[_Pair], iri: str) -> Sequence[_Pair]:
    """The parameters with an IRI among the choices of their own query, asked without listing them all."""
    listed = [
        (saved, each)
        for saved, each in every
        if each.choices and each.type in ("iri", "choice") and not _COMPUTED.search(each.choices)
    ]
    if not listed:
        return []
    declared = dict.fromkeys(line for saved, _ in listed for line in saved.prologue.splitlines())
    branches = (_branch(number, *pair, iri) for number, pair in enumerate(listed))
    query = "\n".join((*declared, f"SELECT ?number {{ {' UNION '.join(branches)} }}"))
    return [listed[int(row["number"].value)] for row in await rows(ask, query)]


def _branch(number: int, saved: SavedQuery, parameter: Parameter, iri: str) -> str:
    text = (parameter.choices or "").removeprefix(saved.prologue)
    start, _ = Parts.of(text).group
    only = f"{text[:start]} VALUES ?value {{ <{iri}> }} {text[start:]}"
    return f"{{ {{ {only} LIMIT 1 }} BIND({number} AS ?number) }}"
