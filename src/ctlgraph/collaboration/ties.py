"""How things are tied in a release: the SPARQL of each relation, and chains of relations.

A relation joins who is on its left to what is on its right, in a role where there is one, as a passage says.
Kinds that no statement joins are joined by way of a third: an ecosystem to a technology by the clusters
that state both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ctlgraph.catalogue import Steps, Words, labelling
from ctlgraph.catalogue.table import Cell, from_json
from ctlgraph.collaboration.asked import Asked
from ctlgraph.vocabulary import BASE, PREFIXES

AT_ONCE = 1_000  # things in one query: its answer stays far below the limit on rows
_PAGE = 100_000  # nodes in one query

HEAD = "".join(
    f"PREFIX {each}: <{PREFIXES[each]}>\n"
    for each in ("ctl", "dct", "membercategory", "org", "placetype", "precision", "skos", "vocab")
)
_ROLES = PREFIXES["participationrole"]

NODES = {
    "clusters": "?x a ctl:TechnologyCluster",
    "projects": "?x a ctl:Project",
    "networks": "{ VALUES ?class { ctl:Network ctl:Alliance ctl:MacroRegionalStrategy ctl:Platform"
    " ctl:ExpertGroup } ?x a ?class } UNION { ?part ctl:inNetwork ?x }",
    "organisations": "VALUES ?class { org:Organization org:FormalOrganization } ?x a ?class",
    "ecosystems": "?x skos:inScheme vocab:s3",
    "components": "?x skos:inScheme vocab:pnrr ; skos:broader ?mission",
    "technologies": "?who ctl:technologyArea ?x",
    "regions": "?x ctl:placeType placetype:region",
}
"""What is of each kind, as ?x."""
_BUT = {
    "organisations": "{ VALUES ?class { ctl:TechnologyCluster ctl:Network ctl:WorkingGroup } ?x a ?class }"
    " UNION { ?part ctl:inNetwork ?x }",
}
"""What is not of the kind all the same: few things, so that they are asked for apart."""

SEAT = "(org:hasPrimarySite|org:hasRegisteredSite|ctl:hasManagementSite)/ctl:locatedIn+"

RELATIONS = {
    "in project": "?node ctl:inProject ?right ; ctl:participant ?left ."
    " OPTIONAL { GRAPH ?passage { ?node ctl:inProject ?right } }"
    " OPTIONAL { ?node ctl:participationRole ?role }",
    "in network": "?node ctl:inNetwork ?right ; ctl:participant ?left ."
    " OPTIONAL { GRAPH ?passage { ?node ctl:inNetwork ?right } }"
    " OPTIONAL { ?node ctl:participationRole ?role }",
    "member": "?node org:organization ?right ; org:member ?left ."
    " OPTIONAL { GRAPH ?passage { ?node org:organization ?right } }",
    "names": "{ ?left ctl:referenceEcosystem ?right ."
    " OPTIONAL { GRAPH ?passage { ?left ctl:referenceEcosystem ?right } } }"
    " UNION { ?box ctl:names ?right ; ctl:boxOf ?left ."
    " OPTIONAL { GRAPH ?passage { ?box ctl:names ?right } } }",
    "supports": "{ VALUES ?tie { ctl:supportsEcosystem ctl:supportsPnrr } ?left ?tie ?right ."
    " OPTIONAL { GRAPH ?passage { ?left ?tie ?right } } }"
    " UNION { ?box ctl:names ?right ; ctl:boxOfProject ?left ."
    " OPTIONAL { GRAPH ?passage { ?box ctl:names ?right } } }",
    "technology": "?left ctl:technologyArea ?right ."
    " OPTIONAL { GRAPH ?passage { ?left ctl:technologyArea ?right } }",
    "box": "?box ctl:names ?right , ?left . ?left skos:inScheme vocab:s3 ."
    " OPTIONAL { GRAPH ?passage { ?box ctl:names ?right } }",
    "region": f"{{ ?left {SEAT} ?right }} UNION {{ ?left ctl:memberRegion ?right ."
    " OPTIONAL { GRAPH ?passage { ?left ctl:memberRegion ?right } } }",
}
"""The pattern of each relation: ?left and ?right, and ?role and ?passage where there are any."""

Way = tuple[str, ...]
_PARTS = ("in project", "in network")  # relations with a role
_ROUTES: Mapping[frozenset[str], tuple[Way, ...]] = {
    frozenset(pair.split()): ways
    for pair, ways in {
        "clusters projects": (("clusters", "in project", "projects"),),
        "clusters networks": (("clusters", "in network", "networks"),),
        "clusters organisations": (("organisations", "member", "clusters"),),
        "clusters ecosystems": (("clusters", "names", "ecosystems"),),
        "clusters components": (("clusters", "names", "components"),),
        "clusters technologies": (("clusters", "technology", "technologies"),),
        "clusters regions": (("clusters", "region", "regions"),),
        "organisations projects": (("organisations", "in project", "projects"),),
        "organisations networks": (("organisations", "in network", "networks"),),
        "organisations ecosystems": (("organisations", "projects", "ecosystems"),),
        "organisations components": (("organisations", "projects", "components"),),
        "organisations technologies": (("organisations", "clusters", "technologies"),),
        "organisations regions": (("organisations", "region", "regions"),),
        "projects networks": (
            ("projects", "clusters", "networks"),
            ("projects", "organisations", "networks"),
        ),
        "projects ecosystems": (("projects", "supports", "ecosystems"),),
        "projects components": (("projects", "supports", "components"),),
        "projects technologies": (("projects", "clusters", "technologies"),),
        "projects regions": (("projects", "clusters", "regions"), ("projects", "organisations", "regions")),
        "networks ecosystems": (("networks", "clusters", "ecosystems"),),
        "networks components": (("networks", "clusters", "components"),),
        "networks technologies": (("networks", "clusters", "technologies"),),
        "networks regions": (("networks", "region", "regions"), ("networks", "clusters", "regions")),
        "ecosystems components": (("ecosystems", "box", "components"),),
        "ecosystems technologies": (("ecosystems", "clusters", "technologies"),),
        "ecosystems regions": (("ecosystems", "clusters", "regions"),),
        "components technologies": (("components", "clusters", "technologies"),),
        "components regions": (("components", "clusters", "regions"),),
        "technologies regions": (("technologies", "clusters", "regions"),),
    }.items()
}


@dataclass
class Tie:
    """What joins two things: the roles, the passages that say so, and by way of what, all as IRIs."""

    roles: set[str] = field(default_factory=set)
    passages: set[str] = field(default_factory=set)
    through: set[str] = field(default_factory=set)

    def add(self, other: Tie, through: str = "") -> None:
        """Take in what another tie says."""
        self.roles |= other.roles
        self.passages |= other.passages
        self.through |= {through} if through else other.through


Ties = dict[tuple[str, str], Tie]


def nodes(kind: str) -> Steps[tuple[str, ...]]:
    """The IRIs of that kind, sorted."""
    but = set((yield from _listed(_BUT[kind]))) if kind in _BUT else set()
    found = yield from _listed(NODES[kind])
    return tuple(iri for iri in found if iri not in but)


def _listed(pattern: str) -> Steps[list[str]]:
    """The IRIs that a pattern has as ?x, sorted."""
    found: list[str] = []
    read = 0
    while True:
        answer = yield (
            f"{HEAD}SELECT DISTINCT ?x WHERE {{ {pattern} }} ORDER BY ?x LIMIT {_PAGE} OFFSET {read}"
        )
        rows = from_json(answer)[1]
        found += [row[0].value for row in rows if row[0] and row[0].kind == "iri"]
        read += len(rows)
        if len(rows) < _PAGE:
            return sorted(found)


def labelled(iris: Sequence[str]) -> Steps[Mapping[str, Words]]:
    """The labels of these, by language: `labelling` for the few without a preferred one, since it is slow."""
    found: dict[str, dict[str, str]] = {}
    for start in range(0, len(iris), AT_ONCE):
        values = " ".join(f"<{iri}>" for iri in iris[start : start + AT_ONCE])
        answer = yield (
            f"{HEAD}SELECT ?x ?label WHERE {{ VALUES ?x {{ {values} }} ?x skos:prefLabel ?label }}"
            " ORDER BY ?x ?label"
        )
        for iri, label in from_json(answer)[1]:
            if iri and label:
                found.setdefault(iri.value, {}).setdefault(label.language, label.value)
    return {**(yield from labelling(iri for iri in iris if iri not in found)), **found}


def wholes() -> Steps[Mapping[str, str]]:
    """The network that each pilot or action group is part of in the end."""
    answer = yield f"{HEAD}SELECT ?part ?whole WHERE {{ ?part ctl:partOfNetwork ?whole }} ORDER BY ?whole"
    above = {part.value: whole.value for part, whole in from_json(answer)[1] if part and whole}
    found = {}
    for part in above:
        top, seen = part, {part}
        while (higher := above.get(top)) and higher not in seen:
            top = higher
            seen.add(top)
        found[part] = top
    return found


class Reader:
    """Reads the ties of one graph; each relation is asked for once, whatever it is used for."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self._nodes: dict[str, tuple[str, ...]] = {}
        self._found: dict[tuple[str, str], Ties] = {}
        self._wholes: Mapping[str, str] | None = None
        self._documents: Mapping[str, int] | None = None
        self.undated = 0

    def nodes(self, kind: str) -> Steps[tuple[str, ...]]:
        """The IRIs of that kind, sorted; a part of a network stands for the whole unless asked otherwise."""
        if kind not in self._nodes:
            found = yield from nodes(kind)
            if kind == "networks":
                whole = yield from self._whole()
                found = tuple(sorted({whole.get(each, each) for each in found}))
            self._nodes[kind] = found
        return self._nodes[kind]

    def ties(self, one: str, other: str) -> Steps[Ties]:
        """How things of two kinds are tied, with those of the first kind on the left."""
        found: Ties = {}
        left = set((yield from self.nodes(one)))
        right = set((yield from self.nodes(other)))
        for start, middle, end in _ROUTES[frozenset((one, other))]:
            if middle in NODES:
                chained = chain((yield from self.ties(one, middle)), (yield from self.ties(middle, other)))
            else:
                chained = yield from self._relation(middle, end)
                if start != one:
                    chained = {(b, a): tie for (a, b), tie in chained.items()}
            for (a, b), tie in chained.items():
                if a in left and b in right:
                    found.setdefault((a, b), Tie()).add(tie)
        return found

    def _relation(self, name: str, right: str) -> Steps[Ties]:
        if (name, right) not in self._found:
            self._found[name, right] = yield from self._read(name, right)
        return self._found[name, right]

    def _read(self, name: str, right: str) -> Steps[Ties]:
        found: Ties = {}
        whole = (yield from self._whole()) if right == "networks" else {}
        things = tuple(sorted({*(yield from self.nodes(right)), *whole}))
        years = (yield from self._years(things)) if self.asked.has_period else {}
        for start in range(0, len(things), AT_ONCE):
            values = " ".join(f"<{iri}>" for iri in things[start : start + AT_ONCE])
            answer = yield (
                f"{HEAD}SELECT DISTINCT ?left ?right ?role ?passage"
                f" WHERE {{ VALUES ?right {{ {values} }} {RELATIONS[name]} }}"
            )
            for cells in from_json(answer)[1]:
                self._take(found, cells, whole, years, as_part=name in _PARTS)
        return found

    def _take(
        self,
        found: Ties,
        cells: tuple[Cell | None, ...],
        whole: Mapping[str, str],
        years: Mapping[str, tuple[int, int]],
        *,
        as_part: bool,
    ) -> None:
        """Add one row, if the conditions let it."""
        left, right, role, passage = (cell.value if cell else "" for cell in cells)
        slug = role.removeprefix(_ROLES)
        if (as_part and not self.asked.counts(slug)) or not self._in_source(passage):
            return
        if self.asked.has_period and not self._in_period(right, passage, years):
            return
        end = whole.get(right, right)
        if left != end:
            tie = found.setdefault((left, end), Tie())
            tie.roles |= {slug} - {""}
            tie.passages |= {passage} - {""}

    def _in_source(self, passage: str) -> bool:
        source = self.asked.source
        return source is None or passage.startswith(f"{BASE}graph/{source}/")

    def _in_period(self, right: str, passage: str, years: Mapping[str, tuple[int, int]]) -> bool:
        """Whether the years of the thing, else the year of the document, touch those asked for."""
        document = passage.removeprefix(f"{BASE}graph/").partition("/")[0]
        issued = (self._documents or {}).get(document)
        first, last = years.get(right) or ((issued, issued) if issued else (0, 0))
        if not last:
            self.undated += 1
            return False
        return first <= (self.asked.until or last) and last >= (self.asked.since or first)

    def _whole(self) -> Steps[Mapping[str, str]]:
        if self._wholes is None:
            self._wholes = {} if self.asked.parts else (yield from wholes())
        return self._wholes

    def _years(self, things: Iterable[str]) -> Steps[Mapping[str, tuple[int, int]]]:
        """First and last year of what says its own."""
        if self._documents is None:
            answer = yield f"{HEAD}SELECT ?document ?issued WHERE {{ ?document dct:issued ?issued }}"
            self._documents = {
                document.value.rpartition("/")[2]: int(issued.value[:4])
                for document, issued in from_json(answer)[1]
                if document and issued
            }
        found: defaultdict[str, list[int]] = defaultdict(list)
        wanted = tuple(things)
        for start in range(0, len(wanted), AT_ONCE):
            values = " ".join(f"<{iri}>" for iri in wanted[start : start + AT_ONCE])
            answer = yield (
                f"{HEAD}SELECT ?x ?date WHERE {{ VALUES ?x {{ {values} }}"
                " ?x ctl:startDate|ctl:endDate ?date }"
            )
            for thing, date in from_json(answer)[1]:
                if thing and date:
                    found[thing.value].append(int(date.value[:4]))
        return {thing: (min(dates), max(dates)) for thing, dates in found.items()}


def chain(first: Ties, second: Ties) -> Ties:
    """Ties by way of the things that the first ones end in and the second ones begin with."""
    onward: defaultdict[str, list[tuple[str, Tie]]] = defaultdict(list)
    for (middle, end), tie in second.items():
        onward[middle].append((end, tie))
    found: Ties = {}
    for (start, middle), tie in first.items():
        for end, further in onward[middle]:
            chained = found.setdefault((start, end), Tie())
            chained.add(tie, middle)
            chained.add(further, middle)
    return found
