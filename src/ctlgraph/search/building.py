"""How an index comes to be: what is asked of the content, and the tables that hold the answers.

It is made in a process of its own, so that a server answers meanwhile; the engine, which holds a whole
content while it is asked, ends with it.
"""

from __future__ import annotations

import asyncio
import json
import os
import pickle
import re
import sqlite3
import sys
from collections.abc import Iterator, Mapping, Sequence

from ctlgraph.errors import CtlgraphError, QueryError
from ctlgraph.messages import N_
from ctlgraph.search.letters import folded
from ctlgraph.store import Content, Store, disk_folder, size
from ctlgraph.vocabulary import BASE, PREFIXES, compact, expand

_PROGRAM = "from ctlgraph.search.building import main; main()"
_PROLOGUE = "".join(
    f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("ctl", "dct", "locn", "org", "rdfs", "skos")
)

_SCHEMA = """
CREATE TABLE thing(id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE,
    searched INTEGER NOT NULL, tier INTEGER NOT NULL,
    it TEXT NOT NULL, it_lang TEXT NOT NULL, en TEXT NOT NULL, en_lang TEXT NOT NULL);
CREATE TABLE name(id INTEGER PRIMARY KEY, thing INTEGER NOT NULL,
    written TEXT NOT NULL, folded TEXT NOT NULL);
CREATE INDEX name_of ON name(thing);
CREATE INDEX name_whole ON name(folded);
CREATE VIRTUAL TABLE part USING fts5(folded, content='name', content_rowid='id', tokenize='trigram');
CREATE TABLE facet(thing INTEGER, facet TEXT, value INTEGER, PRIMARY KEY(thing, facet, value)) WITHOUT ROWID;
CREATE TABLE word(word TEXT PRIMARY KEY, written TEXT NOT NULL) WITHOUT ROWID;
"""
"""thing: whatever has a label; searched: whether it may be found; tier: among which things it stands,
those of 0 first: clusters; projects, networks and who does something; the rest; what only stands between
things, as a part does; what is measured. written: a name as its source has it. facet: of a kind, the
classes of a thing, the wider ones too; "is" has those alone that are stated of it."""

_NAMES = ("skos:prefLabel", "skos:altLabel", "ctl:acronym", "dct:title")
_LABELS = ("skos:prefLabel", "rdfs:label", "dct:title", "locn:fullAddress")
_TEXTS = f"""SELECT ?x ?p ?text {{
    ?x ?p ?text FILTER(?p IN ({", ".join(dict.fromkeys((*_NAMES, *_LABELS)))}) && isIRI(?x)) }}"""
_KINDS = f"""SELECT DISTINCT ?x ?value {{
    GRAPH ?g {{ ?x a ?value }} FILTER(REGEX(STR(?x), "^{BASE}(id|vocab)/")) }}"""
_STATED = _KINDS.replace("FILTER(", f"FILTER(?g != <{BASE}graph/derived> && ")
_CLUSTERS = f"""SELECT DISTINCT ?x ?value {{
    ?value a ctl:Cluster .
    {{ ?x ?p ?value }} UNION {{ ?value ?p ?x }} UNION {{ BIND(?value AS ?x) }} UNION {{
        ?between ctl:participant|org:member|org:organization ?value ; ?q ?x ; a ?joining
        FILTER(?joining IN (ctl:Participation, org:Membership)) }}
    FILTER(REGEX(STR(?x), "^{BASE}(id|vocab)/")) }}"""
_ECOSYSTEMS = f"""SELECT DISTINCT ?x ?value {{
    ?value skos:inScheme <{BASE}vocab/s3> .
    {{ ?x ?p ?value }} UNION {{ BIND(?value AS ?x) }}
    FILTER(REGEX(STR(?x), "^{BASE}(id|vocab)/")) }}"""
_FACETS = {"is": _STATED, "kind": _KINDS, "cluster": _CLUSTERS, "ecosystem": _ECOSYSTEMS}

_TIERS: tuple[tuple[str, ...], ...] = (
    ("ctl:Cluster", "ctl:TechnologyCluster"),
    ("ctl:Project", "ctl:Network", "ctl:Initiative", "org:Organization", "foaf:Person"),
    (),
    (
        *("ctl:Participation", "ctl:Figure", "ctl:MemberObservation", "ctl:MemberCountStatement"),
        *("org:Membership", "org:Post", "org:ChangeEvent", "locn:Address"),
    ),
    ("ctl:Measurement", "ctl:Computation", "schema:PropertyValue", "ctl:Passage"),
)
_REST = _TIERS.index(())

Text = tuple[str, str]
"""A text and its language, "" for none."""


async def building(content: Content, *, disk_mib: int) -> bytes:
    """The index of a content, made in another process: what `Index` takes.

    disk_mib: a content larger than that is read from its store on disk. Raises QueryError if it fails.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-c", _PROGRAM),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,  # Ctrl-C reaches the server, whose end ends it
    )
    try:
        answer, _ = await process.communicate(pickle.dumps((content, disk_mib)))
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
    if process.returncode:
        raise QueryError(N_("names cannot be searched at the moment: the log of the service says why"))
    return answer


def main() -> None:
    """Read what to index from standard input, and write the index to standard output."""
    os.nice(10)
    try:
        content, disk_mib = pickle.load(sys.stdin.buffer)  # noqa: S301  # from the service that has started it
        sys.stdout.buffer.write(build(_opened(content, disk_mib)))
    except CtlgraphError as error:
        sys.exit(str(error))


def _opened(content: Content, disk_mib: int) -> Store:
    if size(content) <= disk_mib << 20:
        return Store.open(content)
    folder = disk_folder(content)
    Store.on_disk(content, folder)
    return Store.read_only(folder)


def build(store: Store) -> bytes:
    """The index of a store, the same bytes for the same facts: a SQLite database."""
    texts: dict[str, list[tuple[str, Text]]] = {}
    for x, p, text in _rows(store, _TEXTS):
        texts.setdefault(x[0], []).append((p[0], text))
    facets = {
        name: sorted((x[0], value[0]) for x, value in _rows(store, query)) for name, query in _FACETS.items()
    }
    searched = {iri for iri, _ in facets["is"]}
    tiers = _tiers(facets["kind"])
    things = sorted({*texts, *searched, *(value for pairs in facets.values() for _, value in pairs)})
    number = {iri: place for place, iri in enumerate(things)}
    with sqlite3.connect(":memory:") as database:
        database.executescript(_SCHEMA)
        database.executemany(
            "INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (number[iri], iri, iri in searched, tiers.get(iri, _REST), *_labels(iri, texts.get(iri, ())))
                for iri in things
            ),
        )
        named = [(number[iri], name) for iri in things if iri in searched for name in _names(iri, texts)]
        database.executemany(
            "INSERT INTO name(thing, written, folded) VALUES (?, ?, ?)",
            ((thing, name, " ".join(folded(name).split())) for thing, name in named),
        )
        database.execute("INSERT INTO part(part) VALUES ('rebuild')")
        database.executemany(
            "INSERT INTO facet VALUES (?, ?, ?)",
            (
                (number[x], name, number[value])
                for name, pairs in facets.items()
                for x, value in pairs
                if x in searched
            ),
        )
        written = sorted({word.lower() for _, name in named for word in re.findall(r"[^\W_]{3,}", name)})
        words = {folded(word): word for word in written}  # of several spellings one with its accents
        database.executemany("INSERT INTO word VALUES (?, ?)", sorted(words.items()))
    return database.serialize()


def _tiers(kinds: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The tier of each thing with a class that has one: the first, if several do."""
    of = {expand(name): tier for tier, names in enumerate(_TIERS) for name in names}
    known = sorted(((of[kind], iri) for iri, kind in kinds if kind in of), reverse=True)
    return {iri: tier for tier, iri in known}


def _rows(store: Store, query: str) -> Iterator[tuple[Text, ...]]:
    """The solutions of a query, each term with its language."""
    answer = json.loads(store.query(_PROLOGUE + query).serialize("json"))
    for row in answer["results"]["bindings"]:
        yield tuple((row[name]["value"], row[name].get("xml:lang", "")) for name in answer["head"]["vars"])


_NAMING, _LABELLING = set(map(expand, _NAMES)), set(map(expand, _LABELS))


def _names(iri: str, texts: Mapping[str, Sequence[tuple[str, Text]]]) -> list[str]:
    """What a thing is called, each text once."""
    return sorted({text for p, (text, _) in texts.get(iri, ()) if p in _NAMING})


def _labels(iri: str, texts: Sequence[tuple[str, Text]]) -> tuple[str, str, str, str]:
    """The label in Italian with its language, "" if it is Italian; and so in English.

    Without one in that language it is one without a language, else in another; else the IRI in short.
    """
    labels = [text for p, text in texts if p in _LABELLING] or [(compact(iri), "")]
    found: list[str] = []
    for wanted in ("it", "en"):
        text, lang = min(labels, key=lambda label: (label[1] != wanted, label[1] != "", label[0]))
        found += [text, lang if lang != wanted else ""]
    return (found[0], found[1], found[2], found[3])
