"""A few texts in the order in which they answer to some words."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ctlgraph.search.letters import folded

WEIGHTS = (8.0, 3.0, 1.0)
"""What a word counts in the parts of an entry: its title, what belongs to it, its description."""

NEAREST = 8
"""Entries that are named where none has every word."""

_WORD = re.compile(r"\w+")
_LONG = 7  # letters: a word of so many may end otherwise by two letters, one of four by one
JOINING = frozenset(
    """
    a ad agli ai al alla alle and are by che chi ci come con cosa da dal dalla degli dei del della delle
    di do does dove e ed fra gli ha hanno have how i il in is la le lo nei nel nella nelle o of or per quale
    quali quanta quante quanti quanto si sono su sul sulla the to tra un una uno what where which who
    """.split()  # noqa: SIM905 (a list would be eighty lines)
)
"""Words that say nothing of what is looked for, without accents."""


@dataclass(frozen=True)
class Ranking:
    """Keys of entries, best first; whether they have every word; the words that no entry has, as written."""

    keys: tuple[str, ...]
    every: bool = True
    unknown: tuple[str, ...] = ()


def ranked(text: str, entries: Mapping[str, Sequence[str]]) -> Ranking:
    """The entries that have every word of a text; if there are none, the nearest few.

    entries: by key, the parts that WEIGHTS weighs. Case, accents, the ends of words and words that only join
    others do not count, so that «dei progetti» finds «un progetto»; the text itself in a title comes first.
    Without a word: every entry, as they come.
    Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), as
    SQLite's FTS5 computes it.
    """
    words = telling(text) or _WORD.findall(text)
    if not words:
        return Ranking(tuple(entries))
    stems = {f'"{stem(folded(word))}"*': word for word in words}
    database = sqlite3.connect(":memory:")
    try:
        database.execute("CREATE VIRTUAL TABLE entry USING fts5(key UNINDEXED, title, label, description)")
        rows = [(key, *map(folded, parts)) for key, parts in entries.items()]
        database.executemany("INSERT INTO entry VALUES (?, ?, ?, ?)", rows)
        if every := _having(database, " AND ".join(stems), text):
            return Ranking(every)
        unknown = tuple(word for stem, word in stems.items() if not _having(database, stem, text))
        return Ranking(_having(database, " OR ".join(stems), text)[:NEAREST], every=False, unknown=unknown)
    finally:
        database.close()


def _having(database: sqlite3.Connection, wanted: str, text: str) -> tuple[str, ...]:
    order = "INSTR(title, ?) = 0, bm25(entry, 0, ?, ?, ?), key"
    found = database.execute(
        f"SELECT key FROM entry WHERE entry MATCH ? ORDER BY {order}",  # noqa: S608 (of our own making)
        (wanted, folded(text.strip()), *WEIGHTS),
    )
    return tuple(key for (key,) in found)


def telling(text: str) -> list[str]:
    """The words of a text that say what is looked for, each once."""
    return [word for word in dict.fromkeys(_WORD.findall(text)) if folded(word) not in JOINING]


def stem(word: str) -> str:
    """What begins a word whatever its gender and number; a number as it is."""
    if len(word) <= len("con") or word.isdecimal():
        return word
    return word[: -2 if len(word) >= _LONG else -1]
