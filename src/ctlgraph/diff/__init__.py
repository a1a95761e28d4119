"""What changed from one release to another, thing by thing.

Knows two releases as statements; `sentences` words the changes, `patch` turns them into SPARQL Update, and
`breaking` judges them. Both are read side by side in their order: what is held is what changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from ctlgraph.export.statements import Entity, entities, statements
from ctlgraph.release import Release
from ctlgraph.store import canonical
from ctlgraph.vocabulary import expand

_LABELS = tuple(map(expand, ("skos:prefLabel", "rdfs:label", "dct:title", "locn:fullAddress")))
_ACRONYM = expand("ctl:acronym")

Triple = tuple[str, str]
"""Property and value of a thing, the value as it is written."""


@dataclass(frozen=True)
class Change:
    """A thing before and after; None where it is not there.

    Blank nodes are compared as a whole, see `Difference.axioms`: here no value is one.
    """

    iri: str
    before: Entity | None
    after: Entity | None

    @property
    def added(self) -> tuple[Triple, ...]:
        """What is said of it now and was not, by whatever graph."""
        return tuple(each for each in _said(self.after) if each not in set(_said(self.before)))

    @property
    def removed(self) -> tuple[Triple, ...]:
        """What was said of it and is not any more, by no graph."""
        return tuple(each for each in _said(self.before) if each not in set(_said(self.after)))

    @property
    def resourced(self) -> int:
        """How many statements stay, but in other graphs."""
        before, after = _graphs(self.before), _graphs(self.after)
        return sum(before[each] != after[each] for each in before.keys() & after.keys())


@dataclass(frozen=True)
class Difference:
    """What changed from release `a` to release `b`, by IRI.

    axioms: if what is said with blank nodes differs, those statements of each named graph, before and after,
    in canonical form of them all; else empty. labels: names of all IRIs that changes speak of, by language.
    """

    a: Release
    b: Release
    changes: tuple[Change, ...]
    axioms: Mapping[str, tuple[bytes, bytes]]
    labels: Mapping[str, Mapping[str, str]]

    @property
    def same(self) -> bool:
        """Whether both say exactly the same."""
        return not (self.changes or self.axioms)

    def label(self, iri: str, lang: str) -> str:
        """The acronym of a thing, else its name in that language or another, else the end of its IRI."""
        known = self.labels.get(iri, {})
        texts = (known.get("acronym"), known.get(lang), *known.values())
        return next(filter(None, texts), iri.rstrip("/").rpartition("#")[2].rpartition("/")[2])


def difference(a: Release, b: Release) -> Difference:
    """Compare two releases, whose sums `release.kept` has compared. Raises SourceError for damaged lines."""
    before, after = a.path / "ctlgraph.nq", b.path / "ctlgraph.nq"
    changes = tuple(_changes(before, after))
    old, new = _axioms(before), _axioms(after)
    axioms = {graph: (old.get(graph, b""), new.get(graph, b"")) for graph in sorted(old.keys() | new.keys())}
    return Difference(
        a, b, changes, axioms if old != new else {}, _labels(_mentioned(changes), (after, before))
    )


def _changes(before: Path, after: Path) -> Iterator[Change]:
    """The things that differ, from two files in the same order."""
    old, new = _named(before), _named(after)
    left, right = next(old, None), next(new, None)
    while left or right:
        if left and (right is None or _rank(left) < _rank(right)):
            yield Change(left.iri, left, None)
            left = next(old, None)
        elif right and (left is None or _rank(right) < _rank(left)):
            yield Change(right.iri, None, right)
            right = next(new, None)
        elif left and right:
            if left.said != right.said:
                yield Change(left.iri, left, right)
            left, right = next(old, None), next(new, None)


def _rank(entity: Entity) -> str:
    return f"<{entity.iri}>"  # as it stands in the file, whose order this is


def _named(quads: Path) -> Iterator[Entity]:
    """The subjects that have an IRI, without what is said of them by blank nodes; none without statements."""
    for entity in entities(quads):
        if not entity.iri.startswith("_:"):
            said = tuple(each for each in entity.said if not each[1].startswith("_:"))
            if said:
                yield Entity(entity.iri, said)


def _axioms(quads: Path) -> Mapping[str, bytes]:
    """The statements with blank nodes by graph; their labels depend on them all, and on nothing else."""
    said = (each for each in statements(quads) if "_:" in (each.subject[:2], each.value[:2]))
    found: dict[str, list[bytes]] = {}
    for line in canonical("".join(f"{' '.join(each)} .\n" for each in said).encode()).splitlines(True):
        found.setdefault(line.rsplit(b" ", 2)[1][1:-1].decode(), []).append(line)
    return {graph: b"".join(lines) for graph, lines in found.items()}


def _said(entity: Entity | None) -> tuple[Triple, ...]:
    return tuple((property, value) for property, value, _ in entity.said) if entity else ()


def _graphs(entity: Entity | None) -> Mapping[Triple, tuple[str, ...]]:
    return {(property, value): graphs for property, value, graphs in entity.said} if entity else {}


def _mentioned(changes: Iterable[Change]) -> set[str]:
    """The IRIs whose names a reader of the changes needs."""
    found = set()
    for change in changes:
        found.add(change.iri)
        for property, value in chain(change.added, change.removed):
            found.add(property)
            if value[0] == "<":
                found.add(value[1:-1])
    return found


def _labels(iris: set[str], files: Iterable[Path]) -> Mapping[str, Mapping[str, str]]:
    """The names of IRIs, from the first file that has any."""
    found: dict[str, Mapping[str, str]] = {}
    for path in files:
        for entity in entities(path):
            if entity.iri in iris and entity.iri not in found and (names := _names(entity)):
                found[entity.iri] = names
    return found


def _names(entity: Entity) -> Mapping[str, str]:
    names = {
        lang: text
        for lang in ("it", "en", "")
        if (text := next(filter(None, (entity.text(each, lang) for each in _LABELS)), ""))
    }
    acronym = entity.text(_ACRONYM)
    return names | ({"acronym": acronym} if acronym else {})
