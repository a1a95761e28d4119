"""What bears a text in one of its names, the thing itself first.

Knows the query and the order of what it finds; not how a page looks. It reads every name once: an index of
its own comes with larger data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from ctlgraph.errors import ParameterError
from ctlgraph.messages import N_
from ctlgraph.vocabulary import BASE
from ctlgraph.web.site.facts import Ask, Thing, Things, labels, literal, rows
from ctlgraph.web.site.letters import folded, pattern

MOST = 1000
"""Things that a search finds."""

LONGEST = 200
"""Characters of a text that is looked for."""

_NAMES = ("skos:prefLabel", "skos:altLabel", "ctl:acronym", "dct:title")
_ENTITY = f'STRSTARTS(STR(?thing), "{BASE}id/")'
_STATED = f"GRAPH ?g {{ ?thing a ?kind }} FILTER(?g != <{BASE}graph/derived>)"
_NO_LETTER = r"[^\p{L}\p{N}]"


async def search(ask: Ask, text: str, kind: str, lang: str) -> tuple[Mapping[str, Any], ...]:
    """Return rows of `thing` and `kind`: what bears each word of the text in a name, of that class if any.

    Case and accents do not count. First comes what is called so, then what begins so, then what has words
    that begin so; within each, short names before long ones. MOST at most. Raises ParameterError for a text
    longer than LONGEST.
    """
    if len(text) > LONGEST:
        raise ParameterError("q", f"{text[:20]}…", N_("a short text"))
    found = [row["thing"].value for row in await rows(ask, _named(text, kind) if text else _any(kind))]
    kinds: dict[str, set[str]] = {iri: set() for iri in found}
    things = " ".join(f"<{iri}>" for iri in found)
    for row in await rows(ask, f"SELECT DISTINCT ?thing ?kind {{ VALUES ?thing {{ {things} }} {_STATED} }}"):
        kinds[row["thing"].value].add(row["kind"].value)
    known = await labels(ask, {*found, *chain(*kinds.values())}, lang)
    listed = [
        {"thing": known.thing(iri), "kind": Things(sorted(map(known.thing, of), key=str))}
        for iri, of in kinds.items()
    ]
    return tuple(listed if text else sorted(listed, key=lambda row: folded(row["thing"])))


async def kinds(ask: Ask, lang: str) -> tuple[tuple[Thing, int], ...]:
    """Return the classes that something is stated to be an instance of, with how many, most first."""
    query = f"""SELECT ?kind (COUNT(DISTINCT ?thing) AS ?count) {{ {_STATED} FILTER({_ENTITY}) }}
        GROUP BY ?kind ORDER BY DESC(?count) ?kind"""
    found = await rows(ask, query)
    known = await labels(ask, {row["kind"].value for row in found}, lang)
    return tuple((known.thing(row["kind"].value), int(row["count"].value)) for row in found)


def as_json(found: Sequence[Mapping[str, Any]]) -> bytes:
    """Return what was found for a program: IRI, label and kinds of each."""
    things = [{**_plain(row["thing"]), "kinds": [_plain(kind) for kind in row["kind"]]} for row in found]
    return json.dumps({"results": things, "complete": len(found) < MOST}, ensure_ascii=False).encode()


def _plain(thing: Thing) -> dict[str, str]:
    return {"iri": thing.iri, "label": thing.label}


def _of(kind: str) -> str:
    return f"{_STATED} FILTER(STR(?kind) = {literal(kind)})" if kind else _STATED


def _any(kind: str) -> str:
    return f"SELECT DISTINCT ?thing {{ {_of(kind)} FILTER({_ENTITY}) }} LIMIT {MOST}"


def _named(text: str, kind: str) -> str:
    """The longest word is looked for in every name, the others in the names of what has that one."""
    longest, *others = sorted(text.split(), key=len, reverse=True)
    named = " UNION ".join(f"{{ ?thing {name} ?name }}" for name in _NAMES)
    also = [f"?thing {'|'.join(_NAMES)} ?other FILTER({_matches(pattern(word), 'other')})" for word in others]
    if kind:
        also.append(_of(kind))
    start = pattern(text)
    begun = " && ".join(_matches(f"(^|{_NO_LETTER}){pattern(word)}") for word in (longest, *others))
    return f"""SELECT ?thing (MIN(?rank) AS ?best) (MIN(?length) AS ?shortest) {{
        {named} FILTER({_ENTITY} && {_matches(pattern(longest))})
        {" ".join(f"FILTER EXISTS {{ {condition} }}" for condition in also)}
        BIND(IF({_matches(f"^{start}$")}, 0, IF({_matches(f"^{start}")}, 1, IF({begun}, 2, 3))) AS ?rank)
        BIND(STRLEN(STR(?name)) AS ?length)
    }} GROUP BY ?thing ORDER BY ?best ?shortest ?thing LIMIT {MOST}"""


def _matches(expression: str, name: str = "name") -> str:
    return f'REGEX(STR(?{name}), {literal(expression)}, "i")'
