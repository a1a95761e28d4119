"""An index of names, asked: what bears a text, the thing itself first, and what of it there is by facet.

What is put into a query is of our own making; what a reader types fills a place of it.
"""

# ruff: noqa: S608

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from rapidfuzz import process
from rapidfuzz.distance import OSA

from ctlgraph.errors import QueryLimitError
from ctlgraph.search import sentences
from ctlgraph.search.letters import folded

FACETS = ("kind", "cluster", "ecosystem")
"""By what the things that are found may be narrowed down."""

MOST = 1000
"""Things that a search lists."""

Ask = Callable[..., sqlite3.Cursor]

_TIME_S = 2
_STEPS = 10_000  # of the database, between two looks at the clock
_ALIKE = 0.7  # how much of a word has to be right, counted in edits, for a slip to be forgiven
_SHORT = 3  # letters: no part of a shorter text is in the index
_APART = 1_000_000  # more than the letters of a name


@dataclass(frozen=True)
class Named:
    """An IRI with its label; lang: the label's language, if it is not the reader's."""

    iri: str
    label: str
    lang: str = ""


@dataclass(frozen=True)
class Hit:
    """What is found: the thing, its kinds, and the name that fits best if it is not the label."""

    thing: Named
    kinds: tuple[Named, ...]
    known_as: str = ""


@dataclass(frozen=True)
class Found:
    """What a search finds. corrected: the text that was looked for instead, if nothing has the one given.

    total: how many there are, of which the first MOST are listed. facets: for each, the values that there
    are under the other choices, most frequent first, and how many things have them.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, tuple[tuple[Named, int], ...]]
    corrected: str = ""


@dataclass(frozen=True)
class Recognised:
    """The things that a sentence names, best first. rest: its words without the names of who has a part."""

    hits: tuple[Hit, ...]
    rest: str


class Index:
    """The names of one content, in memory; several threads may ask it, one after the other."""

    def __init__(self, data: bytes) -> None:
        """The index that `building.build` has made."""
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        self._database.deserialize(data)
        self._database.create_function("fold", 1, folded, deterministic=True)
        self._words = dict(self._database.execute("SELECT word, written FROM word"))
        self._lock = Lock()

    def find(
        self, text: str, lang: str, chosen: Mapping[str, str] | None = None, *, most: int = MOST
    ) -> Found:
        """What bears each word of a text in its names; everything, by its label, without one.

        lang: of the labels, "it" or "en". chosen: of a facet, the IRI of the value wanted.
        First comes what is called so, then what has words that begin so, then the rest; within each, clusters
        before whoever and whatever else has a part in things, these before the rest, then what begins so, and
        short names before long ones. What only stands between things, and what is measured, comes last.
        If nothing has the words, those nearest to them are looked for (edits, as Damerau and Levenshtein
        count them).
        Raises QueryLimitError after two seconds.
        """
        words, wanted = folded(text).split(), {name: iri for name, iri in (chosen or {}).items() if iri}
        with self._asking() as ask:
            self._gather(ask, words)
            corrected = ""
            if words and not _one(ask("SELECT COUNT(*) FROM hit")):
                nearest = [self._nearest(ask, word) for word in words]
                if nearest != words:
                    corrected = " ".join(nearest)
                    words = folded(corrected).split()
                    self._gather(ask, words)
            where, facts = _fitting(wanted)
            total = _one(ask(f"SELECT COUNT(*) FROM hit WHERE {where}", facts))
            hits = _hits(ask, where, facts, lang, most, words=words)
            facets = {facet: _values(ask, facet, wanted, lang) for facet in FACETS}
        return Found(tuple(hits), total, facets, corrected if total else "")

    @contextmanager
    def _asking(self) -> Iterator[Ask]:
        """A way to ask the database, for one thread at a time and a short while."""
        with self._lock:
            end = time.monotonic() + _TIME_S
            self._database.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
            try:
                yield lambda query, facts=(): self._database.execute(query, facts)
            except sqlite3.OperationalError as error:
                if "interrupted" not in str(error):
                    raise
                raise QueryLimitError("time", _TIME_S, "s") from error

    def recognise(self, text: str, lang: str, *, most: int = 8) -> Recognised:
        """The things that a sentence names, though no thing has all its words.

        Raises QueryLimitError after two seconds.
        """
        with self._asking() as ask:
            found, rest = sentences.named(ask, " ".join(folded(text).split()), most)
            ask("DROP TABLE IF EXISTS temp.hit")
            ask("CREATE TEMP TABLE hit(id INTEGER PRIMARY KEY, rank INTEGER, name INTEGER)")
            for rank, (thing, name) in enumerate(found.items()):
                ask("INSERT INTO hit VALUES (?, ?, ?)", (thing, rank, name))
            return Recognised(tuple(_hits(ask, "TRUE", (), lang, most, order="rank")), rest)

    def _gather(self, ask: Ask, words: Sequence[str]) -> None:
        """Put into the table `hit` what has all these words, with its rank and the name that earns it."""
        ask("DROP TABLE IF EXISTS temp.hit")
        ask("CREATE TEMP TABLE hit(id INTEGER PRIMARY KEY, rank INTEGER, name INTEGER)")
        if not words:
            ask("INSERT INTO hit SELECT id, 0, NULL FROM thing WHERE searched")
            return
        self._database.create_function("rank", 1, _ranking(words), deterministic=True)
        having = " AND ".join(f"thing IN (SELECT thing FROM name WHERE {_has(word)})" for word in words)
        longest = max(words, key=len)
        ask(
            "INSERT INTO hit SELECT thing, MIN(rank(folded)), id FROM name"  # SQLite: the id is of the least
            f" WHERE {_has(longest)} AND {having} GROUP BY thing",
            [_part(longest), *map(_part, words)],
        )

    def _nearest(self, ask: Ask, word: str) -> str:
        """The word itself if some name has it, else the one most like it, as it is written, else the word."""
        if _one(ask(f"SELECT EXISTS (SELECT 1 FROM name WHERE {_has(word)})", [_part(word)])):
            return word
        scorer = OSA.normalized_similarity
        found = process.extractOne(word, self._words.keys(), scorer=scorer, score_cutoff=_ALIKE)
        return self._words[found[0]] if found else word


_FITS = (
    "EXISTS (SELECT 1 FROM facet JOIN thing AS wanted ON wanted.id = value"
    " WHERE facet.thing = hit.id AND facet = ? AND wanted.iri = ?)"
)


_BEST = f"rank >= {_APART}, MAX(tier, 2), rank >= {3 * _APART}, tier, rank"
_OFFERED = "value IN (SELECT value FROM facet WHERE facet = 'is')"  # classes that something states


def _hits(
    ask: Ask,
    where: str,
    facts: Sequence[str],
    lang: str,
    most: int,
    *,
    order: str = _BEST,
    words: Sequence[str] = (),
) -> list[Hit]:
    rows = ask(
        f"SELECT thing.id, iri, {lang}, {lang}_lang, written FROM hit JOIN thing USING (id)"
        f" LEFT JOIN name ON name.id = hit.name WHERE {where}"
        f" ORDER BY {order}, fold({lang}), iri LIMIT ?",
        [*facts, most],
    ).fetchall()
    kinds: dict[int, list[Named]] = {row[0]: [] for row in rows}
    listed = ", ".join(map(str, kinds))
    for thing, *kind in ask(
        f"SELECT facet.thing, iri, {lang}, {lang}_lang FROM facet JOIN thing ON thing.id = value"
        f" WHERE facet = 'is' AND facet.thing IN ({listed}) ORDER BY fold({lang}), iri"
    ):
        kinds[thing].append(Named(*kind))
    return [
        Hit(Named(iri, label, tag), tuple(kinds[thing]), _other(written, label, words))
        for thing, iri, label, tag, written in rows
    ]


def _fitting(wanted: Mapping[str, str]) -> tuple[str, list[str]]:
    """The condition that something found has these values, and what fills its places."""
    return " AND ".join([_FITS] * len(wanted)) or "TRUE", [fact for pair in wanted.items() for fact in pair]


def _values(ask: Ask, facet: str, wanted: Mapping[str, str], lang: str) -> tuple[tuple[Named, int], ...]:
    """The values of a facet among what fits the choices of the others; kinds by what is found first."""
    where, facts = _fitting({name: iri for name, iri in wanted.items() if name != facet})
    kinds = facet == "kind"
    rows = ask(
        f"SELECT value.iri, value.{lang}, value.{lang}_lang, COUNT(*) AS number"
        " FROM hit JOIN facet ON facet.thing = hit.id JOIN thing AS value ON value.id = value"
        f" JOIN thing ON thing.id = hit.id WHERE facet = ? AND {where} AND {_OFFERED if kinds else 'TRUE'}"
        f" GROUP BY value.id ORDER BY {'MAX(thing.tier), ' if kinds else ''}number DESC,"
        f" fold(value.{lang}), value.iri",
        [facet, *facts],
    )
    return tuple((Named(iri, label, tag), number) for iri, label, tag, number in rows)


def _indexed(word: str) -> bool:
    return len(word) >= _SHORT and word.isprintable()


def _has(word: str) -> str:
    """The condition that a name has a word in it, whose place `_part` fills."""
    return "id IN (SELECT rowid FROM part WHERE part MATCH ?)" if _indexed(word) else "instr(folded, ?)"


def _part(word: str) -> str:
    """A word as that condition takes it: in quotation marks, nothing of it is an operator of FTS5."""
    return '"{}"'.format(word.replace('"', '""')) if _indexed(word) else word


def _ranking(words: Sequence[str]) -> Callable[[str], int]:
    """How well a name fits: first by the kind of fit, then by its length; less is better."""
    whole = " ".join(words)
    begun = [re.compile(rf"(?<![^\W_]){re.escape(word)}") for word in words]

    def rank(name: str) -> int:
        if name.startswith(whole):
            return (name != whole) * _APART + len(name)
        return (2 if all(word.search(name) for word in begun) else 3) * _APART + len(name)

    return rank


def _other(written: str | None, label: str, words: Sequence[str]) -> str:
    """The name by which a thing was found, if its label does not show it."""
    shown = folded(label)
    if not written or folded(written) in shown or (words and all(word in shown for word in words)):
        return ""
    return written


def _one(rows: sqlite3.Cursor) -> int:
    return int(rows.fetchone()[0])
