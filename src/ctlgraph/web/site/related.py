"""The saved queries that can be asked of things, with these filled in.

Knows parameters and what they take; not how a page looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ctlgraph.catalogue import Catalogue, SavedQuery
from ctlgraph.catalogue.sparql import Parts
from ctlgraph.parameters import Parameter, short_iri
from ctlgraph.vocabulary import PREFIXES, expand
from ctlgraph.web.site.entities import Entity
from ctlgraph.web.site.facts import Ask, rows

_COMPUTED = re.compile(r"\bAS\s+\?value\b", re.IGNORECASE)
_Pair = tuple[SavedQuery, Parameter]


@dataclass(frozen=True)
class Related:
    """A saved query with the parameters that things are."""

    saved: SavedQuery
    arguments: Mapping[str, str]


async def related(ask: Ask, catalogue: Catalogue, found: Entity) -> tuple[Related, ...]:
    """The questions about an entity, those that cannot be asked without one of its kind first."""
    iri, classes = found.thing.iri, {expand(name) for name in found.classes}
    schemes = {value.term.value for value in found.of("skos:inScheme")}
    every = [(saved, each) for saved in catalogue.values() for each in saved.parameters.values()]
    sure = [pair for pair in every if pair[1].class_ in classes or pair[1].scheme in schemes]
    listed = [pair for pair in every if pair[1].choices]
    return _ordered([*sure, *(pair for pair, _ in await _taking(ask, listed, (iri,)))], short_iri(iri))


async def filled(ask: Ask, asked: Sequence[SavedQuery], iris: Sequence[str]) -> list[Related]:
    """Each of these saved queries with the things that its parameters take, in their order, each once."""
    every = [(saved, each) for saved in asked for each in saved.parameters.values() if each.has_choices]
    taking = await _taking(ask, every, iris)
    found = []
    for saved in asked:
        free, arguments = list(iris), {}
        for parameter in saved.parameters.values():
            iri = next((iri for iri in free if ((saved, parameter), iri) in taking), None)
            if iri is not None:
                arguments[parameter.name] = short_iri(iri)
                free.remove(iri)
        found.append(Related(saved, arguments))
    return found


def _ordered(found: Iterable[_Pair], value: str) -> tuple[Related, ...]:
    """Each query once, by its first parameter that fits."""
    first: dict[str, tuple[bool, Related]] = {}
    for saved, parameter in found:
        first.setdefault(saved.name, (parameter.optional, Related(saved, {parameter.name: value})))
    return tuple(each for _, each in sorted(first.values(), key=lambda pair: (pair[0], pair[1].saved.name)))


async def _taking(ask: Ask, every: Iterable[_Pair], iris: Sequence[str]) -> list[tuple[_Pair, str]]:
    """Which parameters have which IRIs among their values, in one query, without listing them all."""
    listed = [(pair, branch) for pair in every if (branch := _branch(*pair, iris))]
    if not listed or not iris:
        return []
    declared = dict.fromkeys(line for (saved, _), _ in listed for line in saved.prologue.splitlines())
    branches = (f"{{ {branch} BIND({number} AS ?number) }}" for number, (_, branch) in enumerate(listed))
    query = "\n".join((*declared, f"SELECT DISTINCT ?number ?value {{ {' UNION '.join(branches)} }}"))
    return [(listed[int(row["number"].value)][0], row["value"].value) for row in await rows(ask, query)]


def _branch(saved: SavedQuery, parameter: Parameter, iris: Sequence[str]) -> str:
    """The pattern that leaves of some IRIs, as ?value, those that a parameter takes; "" if it takes none."""
    only = f"VALUES ?value {{ {' '.join(f'<{iri}>' for iri in iris)} }}"
    if parameter.class_:
        return f"{only} ?value a <{parameter.class_}>"
    if parameter.scheme:
        return f"{only} ?value <{PREFIXES['skos']}inScheme> <{parameter.scheme}>"
    if (
        not parameter.choices
        or parameter.type not in ("iri", "choice")
        or _COMPUTED.search(parameter.choices)
    ):
        return ""
    text = parameter.choices.removeprefix(saved.prologue)
    start, _ = Parts.of(text).group
    return f"{{ {text[:start]} {only} {text[start:]} }}"
