"""A difference in words, Italian or English: a sentence for each thing that changed.

"LE2C: 2 progetti in più; sede principale: da Milano a Dalmine". What is new or gone is counted by kind, with
names; statements of n-ary nodes, such as a participation, show where they lead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ctlgraph.diff import Change, Difference, Triple
from ctlgraph.diff.words import KINDS, counted, kind
from ctlgraph.export.statements import literal
from ctlgraph.messages import N_, translate
from ctlgraph.vocabulary import BASE, expand

_TYPE = expand("rdf:type")
_NAMED = 8  # names in a sentence; the others are counted
_NAMELESS = ("passage", "decision")
_BY_PROPERTY = ("concept", "term", "thing")
_SHORT = 60  # characters of a text that is shown as it is
_ORDER = {of: place for place, of in enumerate(KINDS)}


@dataclass(frozen=True)
class Sentence:
    """What changed of one thing. iri: "" for a sentence about many; clauses: each on its own."""

    iri: str
    name: str
    kind: str
    clauses: tuple[str, ...]

    def __str__(self) -> str:
        """Return the sentence: name, colon, clauses."""
        return f"{self.name}: {'; '.join(self.clauses)}"


@dataclass(frozen=True)
class Group:
    """The things of a kind that are new, or gone, by name."""

    kind: str
    things: tuple[tuple[str, str], ...]
    """IRI and name."""
    new: bool

    def line(self, lang: str) -> str:
        """The number with the first names: "2 progetti in più: ADMA, AI REGIO"."""
        more = N_("{things} more") if self.new else N_("{things} fewer")
        count = translate(more, lang, things=counted(len(self.things), self.kind, lang))
        if self.kind in _NAMELESS:
            return count
        names = [name for _, name in self.things[:_NAMED]]
        left = len(self.things) - len(names)
        rest = [translate(N_("and {number} others"), lang, number=left)] if left else []
        return f"{count}: {', '.join([*names, *rest])}"


def groups(found: Difference, lang: str) -> list[Group]:
    """What is new, then what is gone, by kind."""
    every = []
    for new in (True, False):
        things: dict[str, list[tuple[str, str]]] = {}
        for change in found.changes:
            if (change.before if new else change.after) is None:
                name = (change.iri, found.label(change.iri, lang))
                things.setdefault(kind(change.iri), []).append(name)
        for of in sorted(things, key=_ORDER.__getitem__):
            every.append(Group(of, tuple(sorted(things[of], key=lambda each: each[1].casefold())), new))
    return every


def sentences(found: Difference, lang: str) -> list[Sentence]:
    """A sentence for each thing that stays and has changed, by kind and name; then the axioms."""
    said = []
    for change in found.changes:
        if change.before is not None and change.after is not None:
            clauses = tuple(_clauses(found, change, lang))
            said.append(Sentence(change.iri, found.label(change.iri, lang), kind(change.iri), clauses))
    said.sort(key=lambda each: (_ORDER[each.kind], each.name.casefold(), each.iri))
    for graph, (before, after) in found.axioms.items():
        if before == after:
            continue
        text = N_("statements without a name (axioms): {before} before, {after} now")
        counts = {"before": before.count(b"\n"), "after": after.count(b"\n")}
        name = graph.removeprefix(BASE)
        said.append(Sentence("", name, "term", (translate(text, lang, **counts),)))
    return said


def _clauses(found: Difference, change: Change, lang: str) -> Iterator[str]:
    added, removed = (_read(side, lang) for side in (change.added, change.removed))
    swapped = dict(_swapped(added, removed))
    for (property, old), new in swapped.items():
        yield _swap(found, property, old, new, lang)
    taken = {*swapped, *((property, new) for (property, _), new in swapped.items())}
    added, removed = ([each for each in side if each not in taken] for side in (added, removed))
    yield from _counts(found, added, removed, lang)
    yield from _texts(found, added, removed, lang)
    if change.resourced:
        text = N_("other sources for 1 statement")
        if change.resourced > 1:
            text = N_("other sources for {number} statements")
        yield translate(text, lang, number=change.resourced)


def _read(said: Sequence[Triple], lang: str) -> list[Triple]:
    """Without the texts in another language, where the property has some in the reader's."""
    own = {property for property, value in said if _lang(value) == lang}
    return [each for each in said if _lang(each[1]) in ("", lang) or each[0] not in own]


def _counted(said: Triple) -> bool:
    """Whether a statement is a link that is counted by the kind of what it leads to."""
    return said[1][0] == "<" and said[0] != _TYPE and kind(said[1][1:-1]) not in _BY_PROPERTY


def _swapped(added: Sequence[Triple], removed: Sequence[Triple]) -> Iterator[tuple[Triple, str]]:
    """Of each property and language with one value less and one more, the old and the new one."""
    sides = [_by_key(side) for side in (removed, added)]
    for key, old in sides[0].items():
        new = sides[1].get(key, [])
        if len(old) == len(new) == 1:
            yield old[0], new[0][1]


def _by_key(said: Iterable[Triple]) -> dict[tuple[str, str], list[Triple]]:
    found: dict[tuple[str, str], list[Triple]] = {}
    for each in said:
        found.setdefault((each[0], _lang(each[1])), []).append(each)
    return found


def _lang(value: str) -> str:
    return literal(value).lang if value[0] == '"' else ""


def _swap(found: Difference, property: str, old: str, new: str, lang: str) -> str:
    label = _property(found, property, _lang(old), lang)
    before, after = (_shown(found, value, lang) for value in (old, new))
    if max(len(before), len(after)) > _SHORT:
        return translate(N_("{property}: rewritten"), lang, property=label)
    return translate(N_("{property}: from {old} to {new}"), lang, property=label, old=before, new=after)


def _counts(
    found: Difference, added: Sequence[Triple], removed: Sequence[Triple], lang: str
) -> Iterator[str]:
    """The things of ours that it is now, or no longer, linked to: each once, by kind."""
    for side, text in ((added, N_("{things} more")), (removed, N_("{things} fewer"))):
        things = {each[1][1:-1] for each in side if _counted(each)}
        for of in sorted({kind(iri) for iri in things}, key=_ORDER.__getitem__):
            number = sum(kind(iri) == of for iri in things)
            yield translate(text, lang, things=counted(number, of, lang))


def _texts(found: Difference, added: Sequence[Triple], removed: Sequence[Triple], lang: str) -> Iterator[str]:
    """Other values by property: one that is short is shown, several are counted."""
    more, less = (_by_key(each for each in side if not _counted(each)) for side in (added, removed))
    for key in sorted(more.keys() | less.keys()):
        property, of = key
        label = _property(found, property, of, lang)
        new, old = more.get(key, []), less.get(key, [])
        if len(new) + len(old) == 1:
            value = _shown(found, (new or old)[0][1], lang)
            if len(value) <= _SHORT:
                text = N_("{property}: also {value}") if new else N_("{property}: no longer {value}")
                yield translate(text, lang, property=label, value=value)
                continue
        for side, text in ((new, N_("{property}: {number} more")), (old, N_("{property}: {number} fewer"))):
            if side:
                yield translate(text, lang, property=label, number=len(side))


def _property(found: Difference, iri: str, of: str, lang: str) -> str:
    """The label of a property, with the language of the values if it is not the reader's."""
    label = translate(N_("kind"), lang) if iri == _TYPE else found.label(iri, lang)
    return f"{label} ({of})" if of not in ("", lang) else label


def _shown(found: Difference, value: str, lang: str) -> str:
    """A value as a reader sees it: the name of a thing, a text in quotation marks, a number."""
    if value[0] == "<":
        return found.label(value[1:-1], lang)
    text = literal(value)
    quotes = {"it": "«{}»", "en": "“{}”"}[lang]
    return text.text if text.datatype else quotes.format(text.text)
