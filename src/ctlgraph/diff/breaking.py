"""What a difference takes away from those who build on releases, and whether the version says so.

Breaking are a term that is gone or has become another kind of term, and a saved query or a column of one that
is gone. While the major number is 0, the minor number must rise for that; afterwards the major.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ctlgraph.diff import Difference
from ctlgraph.errors import ReleaseError
from ctlgraph.export.statements import Entity
from ctlgraph.messages import N_, Text, translate
from ctlgraph.release.kept import numbers
from ctlgraph.vocabulary import BASE, PREFIXES, compact, expand

QUESTIONS = "questions.json"
"""The file of a kept release with the columns of each saved query."""

Columns = Mapping[str, Sequence[str]]
"""The columns of each saved query, by its name."""

_TYPE = expand("rdf:type")
_TERMS = (PREFIXES["ctl"], BASE + "vocab/")
_OWL = tuple(PREFIXES["owl"] + kind for kind in ("Class", "ObjectProperty", "DatatypeProperty"))


@dataclass(frozen=True)
class Breaking:
    """One thing that is gone: its name, and a text about it with the fact {name}."""

    name: str
    text: Text

    def line(self, lang: str) -> str:
        """What is gone, in words."""
        return translate(self.text, lang, name=self.name)


def breaking(found: Difference, before: Columns | None, after: Columns | None) -> tuple[Breaking, ...]:
    """All that is gone. before, after: the saved queries of both releases, None if they were not recorded."""
    queries = _queries(before, after) if before is not None and after is not None else ()
    return (*_terms(found), *queries)


def recorded(folder: Path) -> Columns | None:
    """The columns of the saved queries as they were kept with the release of a folder, None if not."""
    path = folder / QUESTIONS
    return json.loads(path.read_bytes()) if path.is_file() else None


def current_columns(root: Path) -> Columns:
    """Those of the saved queries of a project. Raises QueryError for one that cannot be read."""
    from ctlgraph.catalogue import read

    return {name: list(saved.columns) for name, saved in sorted(read(root).items())}


def needed(a: str, b: str) -> str:
    """The lowest version after `a` that may take something away, if `b` is lower than that; else "".

    >>> needed("0.5.0", "0.5.1"), needed("1.2.0", "1.3.0"), needed("0.5.0", "0.6.0")
    ('0.6.0', '2.0.0', '')
    """
    major, minor, *_ = numbers(a)
    least = (0, minor + 1, 0) if major == 0 else (major + 1, 0, 0)
    return "" if numbers(b) >= least else ".".join(map(str, least))


def check_version(found: Difference, gone: Sequence[Breaking], lang: str = "en") -> None:
    """Raise ReleaseError if something is gone and the version of the second release does not say so."""
    version = needed(found.a.version, found.b.version)
    if gone and version:
        reason = N_(
            "release {b} takes away what {a} had: {gone}; give it the version {version}, or put it back"
        )
        facts = {"a": found.a.version, "b": found.b.version, "version": version}
        raise ReleaseError(reason, gone="; ".join(each.line(lang) for each in gone), **facts)


def _terms(found: Difference) -> Iterator[Breaking]:
    for change in found.changes:
        if change.iri.startswith(_TERMS) and change.before and _kinds(change.before):
            name = compact(change.iri)
            if change.after is None or not _kinds(change.after):
                yield Breaking(name, N_("the term {name} is gone"))
            elif not set(_kinds(change.before)) <= set(_kinds(change.after)):
                yield Breaking(name, N_("the term {name} is of another kind"))


def _kinds(entity: Entity) -> list[str]:
    """What kind of term this is; nothing if it is none, such as a term that is only mentioned."""
    kinds = entity.iris(_TYPE)
    return [kind for kind in kinds if kind in (*_OWL, PREFIXES["skos"] + "Concept")]


def _queries(before: Columns, after: Columns) -> Iterator[Breaking]:
    for name, columns in before.items():
        if name not in after:
            yield Breaking(name, N_("the saved query {name} is gone"))
        else:
            for column in columns:
                if column not in after[name]:
                    yield Breaking(f"{name}.{column}", N_("the column {name} of a saved query is gone"))
