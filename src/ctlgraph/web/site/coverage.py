"""What the graph knows and what it does not: of each kind of thing, of each class and of each cluster.

Counts by queries; a number leads to the things that it counts. Not how a page looks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ctlgraph.messages import N_, translate
from ctlgraph.parameters import short_iri
from ctlgraph.search import folded
from ctlgraph.vocabulary import BASE, PREFIXES, expand
from ctlgraph.web.site.counts import MEMBERS, counts, used
from ctlgraph.web.site.facts import Ask, Labels, Term, Thing, labels, rows

MOST = 500
"""Things of a kind that a list shows."""

_FUNDS = "?x ctl:fundedThrough | ctl:fundedBy | ctl:fundedWithin | ctl:underCall ?y"
_PARTNERS = """{ SELECT ?x { ?a ctl:inProject ?x ; ctl:participant ?who }
    GROUP BY ?x HAVING (MIN(STR(?who)) != MAX(STR(?who))) }"""
_SEAT = "org:hasPrimarySite | org:hasRegisteredSite | ctl:hasManagementSite"
_EXACTLY = f"FILTER(?role != <{expand('participationrole:participant')}>)"
_THEMES = "{ ?x ctl:supportsEcosystem | ctl:supportsPnrr ?y } UNION { ?y ctl:boxOfProject ?x }"
_TAKING_PART = "?a ctl:inNetwork ?x ; ctl:participant ?y . ?y a ctl:TechnologyCluster"
KINDS = {
    "cluster": ("ctl:TechnologyCluster", N_("Clusters")),
    "project": ("ctl:Project", N_("Projects")),
    "network": ("ctl:Network", N_("Networks")),
    "event": ("ctl:Event", N_("Events")),
    "organisation": ("org:FormalOrganization", N_("Organisations")),
}
"""The kinds of things: by their names in addresses the class and what it is called."""
ASPECTS = {
    "cluster-seat": (N_("the seat"), f"?x {_SEAT} ?y"),
    "cluster-homepage": (N_("the web site"), "?x foaf:homepage ?y"),
    "cluster-form": (N_("the legal form"), "?x org:classification ?y"),
    "cluster-members": (N_("at least one member by name"), "?y org:organization ?x ; org:member ?z"),
    "cluster-people": (N_("at least one person with a post"), "?y org:postIn ?x"),
    "project-partners": (N_("two or more partners"), _PARTNERS),
    "project-money": (N_("where the money comes from"), _FUNDS),
    "project-payer": (N_("who pays"), "?x ctl:fundedBy | (ctl:underCall/ctl:fundedBy) ?y"),
    "project-status": (N_("the status"), "?x ctl:status ?y"),
    "project-date": (N_("a date"), "?x ctl:startDate | ctl:endDate | dct:date ?y"),
    "project-aim": (N_("what it is about"), "?x ctl:objective | ctl:topic | dct:description ?y"),
    "project-theme": (N_("the ecosystem or mission that it serves"), _THEMES),
    "network-cluster": (N_("a cluster that takes part"), _TAKING_PART),
    "network-role": (
        N_("in what role someone takes part, beyond taking part"),
        f"?a ctl:inNetwork ?x ; ctl:participationRole ?role {_EXACTLY}",
    ),
    "network-type": (N_("the type"), "?x ctl:networkType ?y"),
    "network-regions": (N_("the regions in it"), "?x ctl:memberRegion ?y"),
    "event-date": (N_("a date"), "?x ctl:startDate | dct:date ?y"),
    "event-place": (N_("the place"), "?x ctl:locatedIn | ctl:placeAsPrinted | ctl:venue ?y"),
    "event-organiser": (N_("the organiser"), "?x ctl:organisedBy ?y"),
    "organisation-type": (N_("the type"), "?x org:classification ?y"),
    "organisation-part": (N_("what it takes part in"), "?y ctl:participant ?x"),
    "organisation-place": (N_("the place"), f"?x ctl:locatedIn | org:hasSite | {_SEAT} ?y"),
}
"""What may be known of a thing ?x, in words and as a pattern, by kind and name."""

_OF_CLUSTER = "?p ctl:participant ?cluster ; ctl:inProject ?x"
_MEMBER = "?m org:organization ?cluster ; org:member ?x"
COLUMNS = {
    "members": (N_("Members by name"), _MEMBER, "/queries/named-members"),
    "projects": (N_("Projects"), _OF_CLUSTER, "/queries/projects-of-cluster"),
    "partners": (N_("with partners"), f"{_OF_CLUSTER} . {_PARTNERS}", "/coverage/project-partners"),
    "money": (N_("with money"), f"{_OF_CLUSTER} . {_FUNDS}", "/coverage/project-money"),
    "status": (N_("with status"), f"{_OF_CLUSTER} . ?x ctl:status ?y", "/coverage/project-status"),
    "networks": (N_("Networks"), "?p ctl:participant ?cluster ; ctl:inNetwork ?x", "/queries/networks-of"),
    "seats": (N_("Seats"), f"?cluster {_SEAT} ?x", "/queries/seats-of-cluster"),
    "passages": (
        N_("Passages"),
        "?x a ctl:Passage GRAPH ?x { ?cluster ?y ?z }",
        "/queries/passages-about-cluster",
    ),
}
"""What is counted of a cluster: in words, as a pattern of ?cluster and ?x, and where it is listed."""
_OF_PROJECTS = ("partners", "money", "status")
_ABOUT_SOURCES = ("ctl:Passage", "ctl:CuratedGraph", "ctl:SourceSection", "ctl:KnownDiscrepancy")

_CLUSTERS = "SELECT DISTINCT ?x { ?x a ctl:TechnologyCluster }"
_HOW_MANY = f"""SELECT ?class (COUNT(DISTINCT ?x) AS ?n) {{ GRAPH <{BASE}ontology> {{ ?class a owl:Class }}
    ?x a ?class }} GROUP BY ?class"""
_IN_BOTH = """SELECT ?class (COUNT(DISTINCT ?x) AS ?n) { ?x a ?class ; skos:prefLabel ?it , ?en
    FILTER(LANG(?it) = "it" && LANG(?en) = "en") } GROUP BY ?class"""
_SOURCED = """SELECT ?class (COUNT(?x) AS ?n) (SUM(IF(?documents > 1, 1, 0)) AS ?several) {
    { SELECT ?x (COUNT(?of) AS ?documents) { SELECT DISTINCT ?x ?of {
        ?g a ctl:Passage ; prov:wasDerivedFrom ?of GRAPH ?g { ?x ?p ?o } } } GROUP BY ?x } ?x a ?class
    } GROUP BY ?class"""

_Answer = Sequence[Mapping[str, Term]]


@dataclass(frozen=True)
class Aspect:
    """Of how many things of a kind something is known. name: where they are listed."""

    name: str
    label: str
    count: int
    of: int


@dataclass(frozen=True)
class Kind:
    """The things of a class: how many, and of how many something is known."""

    label: str
    count: int
    aspects: tuple[Aspect, ...]


@dataclass(frozen=True)
class Class:
    """A class: how many things, with names in both languages, named in a document, in two or more."""

    thing: Thing
    count: int
    labelled: int
    sourced: int
    several: int


@dataclass(frozen=True)
class Cell:
    """A number of a cluster. of: what it is a part of, None if of nothing; path: where it is listed."""

    count: int
    of: int | None
    path: str


@dataclass(frozen=True)
class Cluster:
    """A cluster with the members that it counts, None if no source does, and with what is known of it."""

    thing: Thing
    members: int | float | None
    cells: tuple[Cell, ...]

    @property
    def name(self) -> str:
        """What asks a question of it, in an address."""
        return short_iri(self.thing.iri)


@dataclass(frozen=True)
class Coverage:
    """What is known: by kind, by cluster, by class. headings: of the cells of a cluster."""

    kinds: tuple[Kind, ...]
    clusters: tuple[Cluster, ...]
    headings: tuple[str, ...]
    classes: tuple[Class, ...]

    def known(self, name: str) -> Aspect | None:
        """An aspect by its name, None if there are no things of its kind."""
        return next((a for kind in self.kinds for a in kind.aspects if a.name == name), None)


@dataclass(frozen=True)
class Listed:
    """The things of a kind of which something is known, and those of which it is not.

    known, unknown: the first MOST of each, all by name if there are no more. counts: how many there are.
    """

    kind: str
    label: str
    known: tuple[Thing, ...]
    unknown: tuple[Thing, ...]
    counts: tuple[int, int]
    clusters: tuple[Thing, ...]


async def coverage(ask: Ask, lang: str) -> Coverage:
    """Count what is known."""
    many, known, members = await asyncio.gather(*(rows(ask, q) for q in (_HOW_MANY, _aspects(), MEMBERS)))
    # one after the other: each looks at everything, and at once they would only take longer
    both, sourced, cells = [await rows(ask, each) for each in (_IN_BOTH, _SOURCED, _cells())]
    terms = (term for answer in (many, cells, members) for row in answer for term in row.values())
    called = await labels(ask, {t.value for t in terms if t.kind == "uri"}, lang)
    totals = _numbers(many, "class")
    return Coverage(
        _kinds(totals, _numbers(known, "aspect"), lang),
        _clusters(cells, members, called),
        tuple(translate(label, lang) for label, _, _ in COLUMNS.values()),
        _classes(totals, _numbers(both, "class"), sourced, called),
    )


async def listed(ask: Ask, name: str, cluster: str, lang: str) -> Listed | None:
    """The things behind an aspect, of one cluster's if it is named; None for an aspect that there is not."""
    if name not in ASPECTS:
        return None
    label, pattern = ASPECTS[name]
    kind, called = KINDS[name.partition("-")[0]]
    clusters = [row["x"].value for row in await rows(ask, _CLUSTERS)]
    iri = next((each for each in clusters if short_iri(each) == cluster), "")
    things = f"?x a {kind} . " + (f"?part ctl:participant <{iri}> ; ?in ?x . " if iri else "")
    every, known = await asyncio.gather(
        rows(ask, f"SELECT DISTINCT ?x {{ {things} }}"),
        rows(ask, f"SELECT DISTINCT ?x {{ {things} {pattern} }}"),
    )
    found = {row["x"].value for row in known}
    others = {row["x"].value for row in every} - found
    shown = [sorted(some)[:MOST] for some in (found, others)]
    told = await labels(ask, {*clusters, *shown[0], *shown[1]}, lang)
    by_name = [
        tuple(sorted(map(told.thing, some), key=lambda thing: folded(thing.label)))
        for some in (*shown, clusters)
    ]
    how_many = (len(found), len(others))
    return Listed(
        translate(called, lang), translate(label, lang), by_name[0], by_name[1], how_many, by_name[2]
    )


def of_how_many(name: str) -> str:
    """Asks, within another query, of how many things (?known) of all (?all) an aspect is known."""
    kind, pattern = KINDS[name.partition("-")[0]][0], ASPECTS[name][1]
    return f"""{{ SELECT (COUNT(DISTINCT ?x) AS ?all) {{ ?x a {kind} }} }}
        {{ SELECT (COUNT(DISTINCT ?x) AS ?known) {{ ?x a {kind} . {pattern} }} }}"""


def _aspects() -> str:
    """Asks for the number of things of which each aspect is known."""
    parts = [
        f'{{ ?x a {KINDS[name.partition("-")[0]][0]} . {pattern} BIND("{name}" AS ?aspect) }}'
        for name, (_, pattern) in ASPECTS.items()
    ]
    return f"SELECT ?aspect (COUNT(DISTINCT ?x) AS ?n) {{ {' UNION '.join(parts)} }} GROUP BY ?aspect"


def _cells() -> str:
    """Asks for the numbers of each cluster; for the cluster itself in any case."""
    columns = {name: pattern for name, (_, pattern, _) in COLUMNS.items()} | {"": ""}
    parts = [
        f'{{ ?cluster a ctl:TechnologyCluster . {pattern} BIND("{name}" AS ?column) }}'
        for name, pattern in columns.items()
    ]
    return f"""SELECT ?cluster ?column (COUNT(DISTINCT ?x) AS ?n) {{ {" UNION ".join(parts)} }}
        GROUP BY ?cluster ?column"""


def _numbers(answer: _Answer, key: str) -> dict[str, int]:
    return {row[key].value: int(row["n"].value) for row in answer if key in row}


def _kinds(totals: Mapping[str, int], known: Mapping[str, int], lang: str) -> tuple[Kind, ...]:
    found = []
    for kind, (name, called) in KINDS.items():
        total = totals.get(expand(name), 0)
        aspects = tuple(
            Aspect(aspect, translate(label, lang), known.get(aspect, 0), total)
            for aspect, (label, _) in ASPECTS.items()
            if aspect.startswith(f"{kind}-")
        )
        found.append(Kind(translate(called, lang), total, aspects))
    return tuple(kind for kind in found if kind.count)


def _clusters(cells: _Answer, members: _Answer, called: Labels) -> tuple[Cluster, ...]:
    numbers = {(row["cluster"].value, row["column"].value): int(row["n"].value) for row in cells if row}
    every = counts(members, called)
    found = []
    for iri in {cluster for cluster, _ in numbers}:
        total = used([count for count in every if count.of.iri == iri])
        projects = numbers.get((iri, "projects"), 0)
        row = [
            Cell(numbers.get((iri, name), 0), projects if name in _OF_PROJECTS else None, path)
            for name, (_, _, path) in COLUMNS.items()
        ]
        found.append(Cluster(called.thing(iri), total.count if total else None, tuple(row)))
    return tuple(sorted(found, key=lambda each: folded(each.thing.label)))


def _classes(
    totals: Mapping[str, int], both: Mapping[str, int], sourced: _Answer, called: Labels
) -> tuple[Class, ...]:
    """Those of the project and of organisations, the largest first."""
    ours = (PREFIXES["ctl"], PREFIXES["org"], PREFIXES["foaf"])
    out = set(map(expand, _ABOUT_SOURCES))
    told = {row["class"].value: row for row in sourced if "class" in row}

    def number(iri: str, name: str) -> int:
        return int(told[iri][name].value) if iri in told else 0

    found = [
        Class(called.thing(iri), total, both.get(iri, 0), number(iri, "n"), number(iri, "several"))
        for iri, total in totals.items()
        if iri.startswith(ours) and iri not in out
    ]
    return tuple(sorted(found, key=lambda each: (-each.count, folded(each.thing.label))))
