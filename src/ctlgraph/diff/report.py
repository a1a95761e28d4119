"""A difference as a whole: lines for a person, JSON for a program."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from ctlgraph.diff import Change, Difference
from ctlgraph.diff.breaking import Breaking, needed
from ctlgraph.diff.sentences import groups, sentences
from ctlgraph.diff.words import kind
from ctlgraph.messages import LANGUAGES, N_, translate

NOT_RECORDED = N_("The columns of saved queries were not recorded with {version}: they cannot be compared.")


def lines(found: Difference, gone: Sequence[Breaking], *, recorded: bool, lang: str) -> Iterator[str]:
    """The difference in words, a line each: from what to what, what breaks, new, gone, changed."""
    facts = {"a": found.a.version, "b": found.b.version, "since": found.a.date, "date": found.b.date}
    yield translate(N_("From {a} of {since} to {b} of {date}"), lang, **facts)
    if found.same and not gone:
        yield translate(N_("Nothing has changed."), lang)
    for each in gone:
        yield translate(N_("Breaking: {what}"), lang, what=each.line(lang))
    version = needed(found.a.version, found.b.version)
    if gone and version:
        yield translate(
            N_("The version does not say so: it would have to be {version}."), lang, version=version
        )
    if not recorded:
        yield translate(NOT_RECORDED, lang, version=found.a.version)
    for group in groups(found, lang):
        yield group.line(lang)
    for sentence in sentences(found, lang):
        yield str(sentence)


def as_json(found: Difference, gone: Sequence[Breaking], *, recorded: bool) -> bytes:
    """The difference for programs: each thing with sentences in both languages, statements as N-Triples."""
    said = {lang: {each.iri: list(each.clauses) for each in sentences(found, lang)} for lang in LANGUAGES}
    whole = {
        "from": {"version": found.a.version, "date": found.a.date},
        "to": {"version": found.b.version, "date": found.b.date},
        "same": found.same,
        "breaking": [{"name": each.name, **{lang: each.line(lang) for lang in LANGUAGES}} for each in gone],
        "version_needed": (needed(found.a.version, found.b.version) if gone else "") or None,
        "saved_queries_compared": recorded,
        "changes": [_change(found, change, said) for change in found.changes],
        "axioms": {
            graph: {"before": before.decode().splitlines(), "after": after.decode().splitlines()}
            for graph, (before, after) in found.axioms.items()
        },
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def _change(found: Difference, change: Change, said: dict[str, dict[str, list[str]]]) -> dict[str, Any]:
    state = "new" if change.before is None else "gone" if change.after is None else "changed"
    return {
        "iri": change.iri,
        "state": state,
        "kind": kind(change.iri),
        "label": {lang: found.label(change.iri, lang) for lang in LANGUAGES},
        "clauses": {lang: said[lang].get(change.iri, []) for lang in LANGUAGES},
        "added": _triples(change.added),
        "removed": _triples(change.removed),
        "other_sources": change.resourced,
    }


def _triples(said: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"property": property, "value": value} for property, value in said]
