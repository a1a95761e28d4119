"""An invented Lombardy: its clusters, organisations and projects, how they are named and how they are tied.

Few organisations are in many projects and most are in one or none, as in the networks of the European
framework programmes, whose degree distributions are scale-free: Barber, Krueger, Krueger and
Roediger-Schluga (2006), Phys. Rev. E 73, 036132; Roediger-Schluga and Barber (2008), Int. J. Foresight and
Innovation Policy 4, 321. `statements.py` knows what is said of each thing.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

from ctlgraph.generate.names import (
    CATEGORIES,
    KINDS,
    PROVINCES,
    STREETS,
    Name,
    cluster_name,
    organisation_name,
    project_acronym,
    project_name,
    town,
)
from ctlgraph.generate.statements import Ontology, compiled
from ctlgraph.vocabulary import BASE, PREFIXES, expand

_DOCUMENTS: dict[str, Name] = {
    "doc-901": ("cluster e associati", "clusters and members"),
    "doc-902": ("organizzazioni", "organisations"),
    "doc-903": ("progetti", "projects"),
    "doc-904": ("reti, programmi e bandi", "networks, programmes and calls"),
}
_LINES = 10  # of each passage

# The r-th organisation is drawn with a weight of (r + _OFFSET) ** -_SLOPE, so that the number of its
# projects has a tail with exponent 1 + 1 / _SLOPE = 2.25; the offset keeps the first out of every project.
_SLOPE = 0.8
_OFFSET = 10
_CONSORTIUM = (1.6, 0.6)  # lognormal: 6 organisations in a project, seldom more than 20


@dataclass(frozen=True)
class Size:
    """How much is asked for; the seed tells one world from another of the same size."""

    clusters: int
    organisations: int
    projects: int
    seed: int

    @property
    def networks(self) -> int:
        """One alliance for every three clusters."""
        return 1 + self.clusters // 3

    @property
    def calls(self) -> int:
        """One call for every fifty projects."""
        return 1 + self.projects // 50

    @property
    def programmes(self) -> int:
        """One programme for every ten calls."""
        return 1 + self.calls // 10


class World:
    """Statements about an invented world, the same for the same size, seed and ontology."""

    def __init__(self, size: Size, ontology: Iterable[str]) -> None:
        self.size = size
        facts = Ontology(ontology)
        self._patterns = compiled(facts.above)
        self._ecosystems, self._technologies, self._types = map(
            facts.concepts, ("s3", "technology", "network-type")
        )
        self._categories = {
            category: facts.name(expand(f"membercategory:{category}")) for category in ("total", *CATEGORIES)
        }
        self._random = Random(size.seed)  # noqa: S311  # it has to come out the same
        self._members = [Counter[str]() for _ in range(size.clusters)]

    def statements(self) -> Iterator[str]:
        """Yield N-Quads, several lines at a time; memory grows with the number of clusters only."""
        yield from self._documents()
        yield from self._places()
        for i in range(1, self.size.organisations + 1):
            yield from self._organisation(i)
        for i in range(1, self.size.clusters + 1):
            yield from self._cluster(i)
        yield from self._cluster_set()
        for i in range(1, self.size.networks + 1):
            yield from self._network(i)
        yield from self._funding()
        for i in range(1, self.size.projects + 1):
            yield from self._project(i)

    def _say(self, pattern: str, **facts: Any) -> str:
        return self._patterns[pattern].format_map(facts)

    def _documents(self) -> Iterator[str]:
        size = self.size
        passages = (
            size.clusters + 1,
            size.organisations,
            size.projects,
            size.networks + size.programmes + size.calls,
        )
        for (document, (it, en)), count in zip(_DOCUMENTS.items(), passages, strict=True):
            sha256 = hashlib.sha256(f"{document} {size}".encode()).hexdigest()
            yield self._say(
                "document", document=document, it=it, en=en, sha256=sha256, last=max(count, 1) * _LINES
            )
        yield self._say(
            "curated",
            topic="synthetic-labels",
            certainty="derived",
            it="Nomi inventati dal generatore.",
            en="Names invented by the generator.",
        )

    def _places(self) -> Iterator[str]:
        yield self._say(
            "curated",
            topic="synthetic-places",
            certainty="stated",
            it="Province e capoluoghi nell'elenco dei comuni dell'ISTAT.",
            en="Provinces and chief towns in the list of municipalities of ISTAT.",
        )
        yield self._say("region")
        for province, it, en, _, istat, nuts in PROVINCES:
            yield self._say("province", province=province, it=it, en=en, istat=istat, nuts=nuts)

    def _organisation(self, i: int) -> Iterator[str]:
        who, name = _iri("organisation", i), organisation_name(i)
        kind, category, *_ = KINDS[i % len(KINDS)]
        passage, text = self._passage("doc-902", i, name)
        yield text
        yield self._say("organisation", passage=passage, thing=who, kind=kind)
        yield self._name(passage, who, name)
        yield from self._seat(passage, who, f"s-o-{i}", name, town(i))
        clusters = {self._random.randrange(self.size.clusters) for _ in range(self._random.choice((1, 1, 2)))}
        for cluster in sorted(clusters):
            self._members[cluster][category] += 1
            what, node = _iri("cluster", cluster + 1), _iri("membership", f"{i}-{cluster + 1}")
            yield self._say("membership", passage=passage, node=node, who=who, what=what)
            yield self._say("joined", node=node, left=name, right=cluster_name(cluster + 1))

    def _cluster(self, i: int) -> Iterator[str]:
        thing, name = _iri("cluster", i), cluster_name(i)
        passage, text = self._passage("doc-901", i, name)
        yield text
        yield self._say(
            "cluster",
            passage=passage,
            thing=thing,
            i=i,
            ecosystem=self._random.choice(self._ecosystems),
            technology=self._random.choice(self._technologies),
        )
        yield self._name(passage, thing, name)
        yield from self._seat(passage, thing, f"s-c-{i}", name, self._random.choice(PROVINCES))
        yield from self._counts(passage, thing, f"c-{i}", name, self._members[i - 1])

    def _cluster_set(self) -> Iterator[str]:
        thing, name = expand("set:s-clusters"), ("Cluster sintetici", "Synthetic clusters")
        passage, text = self._passage("doc-901", self.size.clusters + 1, name)
        yield text
        yield self._say("set", passage=passage)
        region = ("Regione sintetica", "Synthetic region")
        yield self._name(passage, f"<{expand('organisation:s-region')}>", region)
        yield self._name(passage, f"<{thing}>", name)
        total = sum(self._members, Counter[str]())
        yield from self._counts(passage, f"<{thing}>", "set", name, total)

    def _counts(
        self, passage: str, thing: str, slug: str, name: Name, members: Counter[str]
    ) -> Iterator[str]:
        """Yield the number of memberships by category: as many as there are, and so they add up."""
        statement = _iri("statement", slug)
        it, en = _DOCUMENTS["doc-901"]
        source = (f"Documento sintetico: {it}", f"Synthetic document: {en}")
        yield self._say("statement", passage=passage, node=statement)
        yield self._say("joined", node=statement, left=name, right=source)
        for category, label in self._categories.items():
            node = _iri("observation", f"{slug}-{category}")
            yield self._say(
                "observation",
                passage=passage,
                statement=statement,
                node=node,
                thing=thing,
                document="doc-901",
                category=category,
                count=members.total() if category == "total" else members[category],
            )
            yield self._say("joined", node=node, left=name, right=label)

    def _network(self, i: int) -> Iterator[str]:
        thing, name = _iri("network", i), (f"Alleanza {i}", f"Alliance {i}")
        passage, text = self._passage("doc-904", i, name)
        yield text
        yield self._say("network", passage=passage, thing=thing, type=self._random.choice(self._types))
        yield self._name(passage, thing, name)
        first = self._random.randrange(self.size.clusters)
        others = self._random.sample(range(self.size.clusters), min(self.size.clusters, 4))
        for cluster in dict.fromkeys((first, *others)):
            role = self._random.choice(("member", "member", "member", "guest"))
            who = _iri("cluster", cluster + 1), cluster_name(cluster + 1)
            yield from self._part(passage, f"n-{i}-{cluster + 1}", who, role, (thing, name), "inNetwork")

    def _funding(self) -> Iterator[str]:
        for i in range(1, self.size.programmes + 1):
            thing, name = _iri("programme", i), (f"Programma {i}", f"Programme {i}")
            passage, text = self._passage("doc-904", self.size.networks + i, name)
            yield text
            yield self._say("programme", passage=passage, thing=thing) + self._name(passage, thing, name)
        for i in range(1, self.size.calls + 1):
            thing, name = _iri("call", i), (f"Bando {i}", f"Call {i}")
            passage, text = self._passage("doc-904", self.size.networks + self.size.programmes + i, name)
            yield text
            yield self._say("call", passage=passage, thing=thing, programme=self._programme(i))
            yield self._name(passage, thing, name)

    def _programme(self, call: int) -> str:
        return _iri("programme", 1 + call % self.size.programmes)

    def _project(self, i: int) -> Iterator[str]:
        thing, name, acronym = _iri("project", i), project_name(i), project_acronym(i)
        call = 1 + i % self.size.calls
        start = self._random.randint(2014, 2024)
        end = start + self._random.randint(1, 5)
        passage, text = self._passage("doc-903", i, name)
        yield text
        yield self._say(
            "project",
            passage=passage,
            thing=thing,
            acronym=acronym,
            status="ongoing" if end > 2024 else "past",
            call=_iri("call", call),
            programme=self._programme(call),
            ecosystem=self._random.choice(self._ecosystems),
            start=start,
            end=end,
        )
        yield self._name(passage, thing, name)
        for number, organisation in enumerate(self._consortium()):
            role = "partner" if number else "lead"
            who = _iri("organisation", organisation), organisation_name(organisation)
            yield from self._part(passage, f"p-{i}-{number}", who, role, (thing, name), "inProject")
        cluster = 1 + self._random.randrange(self.size.clusters)
        who = _iri("cluster", cluster), cluster_name(cluster)
        yield from self._part(passage, f"p-{i}-c", who, "disseminator", (thing, name), "inProject")

    def _consortium(self) -> list[int]:
        """Return the organisations of a project, each once, the lead first."""
        size = 1 + int(self._random.lognormvariate(*_CONSORTIUM))
        chosen: dict[int, None] = {}
        while len(chosen) < min(size, (self.size.organisations + 1) // 2):
            chosen[_rank(self._random.random(), self.size.organisations)] = None
        return list(chosen)

    def _part(
        self, passage: str, slug: str, who: tuple[str, Name], role: str, what: tuple[str, Name], within: str
    ) -> Iterator[str]:
        say = partial(self._say, passage=passage, who=who[0], what=what[0])
        node = _iri("participation", slug)
        yield say("participation", node=node, within=within, role=role)
        yield self._say("joined", node=node, left=who[1], right=what[1])
        if role != "guest":
            yield say("participates")
            if within == "inNetwork":
                yield say("member")

    def _passage(self, document: str, number: int, name: Name) -> tuple[str, str]:
        first, last = (number - 1) * _LINES + 1, number * _LINES
        passage = f"<{BASE}graph/{document}/{first}-{last}>"
        return passage, self._say(
            "passage", passage=passage, document=document, first=first, last=last, quote=name[0]
        )

    def _name(self, passage: str, thing: str, name: Name) -> str:
        return self._say("name", passage=passage, thing=thing, it=name[0], en=name[1])

    def _seat(
        self, passage: str, thing: str, slug: str, name: Name, province: tuple[str, ...]
    ) -> Iterator[str]:
        _, town, _, post_code, istat, _ = province
        yield self._say(
            "seat",
            passage=passage,
            thing=thing,
            slug=slug,
            istat=istat,
            street=self._random.choice(STREETS),
            number=self._random.randint(1, 120),
            post_code=post_code,
            town=town,
        )
        site = f"<{PREFIXES['site']}{slug}>"
        yield self._name(passage, site, (f"Sede di {name[0]}", f"Seat of {name[1]}"))


def _rank(chance: float, count: int) -> int:
    """Return a number from 1 to count, small ones more often, for a chance from 0 to 1."""
    power = 1 - _SLOPE
    low, high = (1 + _OFFSET) ** power, (count + 1 + _OFFSET) ** power
    return min(int((low + chance * (high - low)) ** (1 / power) - _OFFSET), count)


def _iri(kind: str, slug: object) -> str:
    return f"<{BASE}id/{kind}/s-{slug}>"
