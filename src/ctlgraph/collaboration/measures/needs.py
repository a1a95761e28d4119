"""What a measure asks of the data beside the graph: groups, members, what nodes share without a project."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from ctlgraph.catalogue import Steps, Words, labelling
from ctlgraph.catalogue.table import from_json
from ctlgraph.collaboration.graphs import Collaboration
from ctlgraph.collaboration.measures.base import Groups, Value
from ctlgraph.collaboration.measures.pairs import GROUND
from ctlgraph.collaboration.ties import AT_ONCE, HEAD, SEAT, Reader

_GROUPS = {
    "cluster": (
        (
            "?node org:member ?x ; org:organization ?group",
            "?x a ctl:TechnologyCluster BIND (?x AS ?group)",
            "?node ctl:inProject|ctl:inNetwork ?x ; ctl:participant ?group",
        ),
        "?group a ctl:TechnologyCluster",
    ),
    "province": ((f"?x {SEAT} ?group",), "?group ctl:placeType placetype:province"),
    "region": (
        (f"?x {SEAT} ?group", "?x ctl:memberRegion ?group"),
        "?group ctl:placeType placetype:region",
    ),
    "ecosystem": (
        (
            "?x ctl:referenceEcosystem|ctl:supportsEcosystem ?group",
            "?x skos:inScheme vocab:s3 BIND (?x AS ?group)",
        ),
        "?group skos:inScheme vocab:s3",
    ),
}
"""How something comes to be in a group, one way or another, and what the group is."""
_MEMBERS = (
    "?count ctl:refOrganization ?x ; ctl:memberCategory membercategory:total ; ctl:memberCount ?members ;"
    " ctl:precision precision:exact . OPTIONAL { ?count ctl:refPeriod ?period }"
)
Gathered = tuple[Groups, Mapping[str, Words], Mapping[str, Any]]


def gathering(needs: str, graph: Collaboration, parameters: Mapping[str, Value]) -> Steps[Gathered]:
    """Groups of nodes, labels of what is no node, and whatever else the measure needs."""
    match needs:
        case "groups":
            groups = yield from grouping([node.iri for node in graph.members], str(parameters["group"]))
            labels = yield from labelling({each for found in groups.values() for each in found})
            return groups, labels, {}
        case "members":
            return {}, {}, {"members": (yield from members([node.iri for node in graph.members]))}
        case "ground":
            return (yield from _ground(graph))
    return {}, {}, {}


def grouping(iris: Sequence[str], by: str) -> Steps[Groups]:
    """The clusters, provinces, regions or ecosystems that each of these belongs to, sorted; of some, none."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    ways, kind = _GROUPS[by]
    for start in range(0, len(iris), AT_ONCE):
        # The engine walks over all of the data in a way that does not itself begin with the nodes.
        union = " UNION ".join(f"{{ {_values(iris, start)} {way} }}" for way in ways)
        answer = yield f"{HEAD}SELECT DISTINCT ?x ?group WHERE {{ {union} {kind} }}"
        for one, group in from_json(answer)[1]:
            if one and group:
                found[one.value].add(group.value)
    return {iri: tuple(sorted(groups)) for iri, groups in found.items()}


def members(iris: Sequence[str]) -> Steps[Mapping[str, int]]:
    """The latest exact number of members of those that have one."""
    found: dict[str, tuple[str, int]] = {}
    for start in range(0, len(iris), AT_ONCE):
        answer = yield f"{HEAD}SELECT ?x ?members ?period WHERE {{ {_values(iris, start)} {_MEMBERS} }}"
        for one, count, period in from_json(answer)[1]:
            if one and count:
                latest = (period.value if period else "", int(count.value))
                found[one.value] = max(found.get(one.value, ("", 0)), latest)
    return {iri: count for iri, (_, count) in found.items()}


def _ground(graph: Collaboration) -> Steps[Gathered]:
    """What each node of the graph has that others may share, its projects, and labels."""
    reader, of = Reader(graph.asked), graph.asked.of
    ground: defaultdict[str, set[str]] = defaultdict(set)
    projects: defaultdict[str, set[str]] = defaultdict(set)
    kinds: dict[str, str] = {}
    if of in ("clusters", "organisations"):
        for kind in GROUND:
            for node, thing in (yield from reader.ties(of, kind)):
                ground[node].add(thing)
                kinds[thing] = kind
        for node, project in (yield from reader.ties(of, "projects")):
            projects[node].add(project)
    labels = yield from labelling(kinds)
    fixed = [{node: frozenset(things) for node, things in each.items()} for each in (ground, projects)]
    return {}, labels, {"ground": fixed[0], "projects": fixed[1], "kinds": kinds}


def _values(iris: Sequence[str], start: int) -> str:
    return f"VALUES ?x {{ {' '.join(f'<{iri}>' for iri in iris[start : start + AT_ONCE])} }}"
