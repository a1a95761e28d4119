"""What is said of clusters, other organisations and people."""

from __future__ import annotations

from ctlgraph.messages import N_
from ctlgraph.web.site.kinds.part import ROLE, Part

_WHAT = {"what": N_("What"), "role": N_("Role"), "words": N_("In which way")}


def takes_part(name: str, heading: str, relations: str, question: str = "") -> Part:
    """What an entity takes part in, by the properties that lead there."""
    pattern = f"""?part ctl:participant ?this . GRAPH ?g {{ ?part ?in ?what }} FILTER(?in IN ({relations}))
    {ROLE}"""
    return Part(name, heading, _WHAT, pattern, near="what", question=question)


_PROJECT = {"project": N_("Project"), "status": N_("Status"), "money": N_("Money")}

_MONEY = """OPTIONAL { ?project ctl:fundedThrough|ctl:fundedBy|ctl:fundedWithin
    |ctl:underCall/(ctl:fundedBy|dct:isPartOf)? ?money }"""

MEMBERS = Part(
    "counts",
    N_("Members over time"),
    {
        "period": N_("Period"),
        "total": N_("Members"),
        "of": N_("Of whom"),
        "words": N_("In words"),
    },
    """?o ctl:refOrganization ?this ; ctl:memberCategory ?category ; ctl:refPeriod ?period .
    GRAPH ?g { ?o ctl:memberCount ?n }
    ?category skos:prefLabel ?label FILTER(LANG(?label) = "LANG")
    BIND(?category = membercategory:total AS ?whole)
    BIND(IF(?whole, ?n, ?nothing) AS ?total)
    BIND(IF(?whole, ?nothing, CONCAT(STR(?n), " ", ?label)) AS ?of)
    OPTIONAL { ?o ctl:statedAs ?words }
    OPTIONAL { ?statement qb:observation ?o } BIND(COALESCE(?statement, ?o) AS ?count)
    BIND(-10000 * xsd:integer(SUBSTR(STR(?period), 1, 4)) - ?n AS ?rank)""",
    key="count",
    question="members-of-cluster",
)

NAMED_MEMBERS = Part(
    "members",
    N_("Members that the sources name"),
    {"who": N_("Who"), "role": N_("Role")},
    """?tie org:organization ?this . GRAPH ?g { ?tie org:organization ?this } ?tie org:member ?who .
    OPTIONAL { ?tie org:role ?role }""",
    question="named-members",
    near="who",
)

SEATS = Part(
    "seats",
    N_("Seats"),
    {"address": N_("Address"), "seat": N_("Which"), "place": N_("Place")},
    """GRAPH ?g { ?this ?seat ?site }
    FILTER(?seat IN (org:hasPrimarySite, org:hasRegisteredSite, ctl:hasManagementSite, org:hasSite))
    OPTIONAL { ?site locn:address/locn:fullAddress ?full } BIND(COALESCE(?full, ?site) AS ?address)
    OPTIONAL { ?site ctl:locatedIn ?place }""",
    key="site",
    question="seats-of-cluster",
    changing=("seat",),
)

NETWORKS = Part(
    "networks",
    N_("Networks"),
    {"network": N_("Network"), "role": N_("Role"), "whole": N_("Part of"), "words": N_("In which way")},
    f"""?part ctl:participant ?this . GRAPH ?g {{ ?part ctl:inNetwork ?network }}
    OPTIONAL {{ ?network ctl:partOfNetwork ?whole }} {ROLE}""",
    question="networks-of",
    near="network",
)

PROJECTS = Part(
    "projects",
    N_("Projects"),
    {**_PROJECT, "role": N_("Role"), "heading": N_("Listed under")},
    f"""?part ctl:participant ?this . GRAPH ?g {{ ?part ctl:inProject ?project }}
    OPTIONAL {{ ?part ctl:participationRole ?role }} OPTIONAL {{ ?part ctl:listedUnder ?heading }}
    OPTIONAL {{ GRAPH ?status_in {{ ?project ctl:status ?status }} }} {_MONEY}""",
    question="projects-of-cluster",
    near="project",
    changing=("status",),
)

EVENTS = takes_part("events", N_("Events"), "ctl:inEvent")

OTHER = takes_part(
    "others", N_("Takes part in"), "ctl:inGroup, ctl:inProgramme, ctl:inInstrument, ctl:inInitiative"
)

TAKES_PART = takes_part(
    "participations",
    N_("Takes part in"),
    "ctl:inProject, ctl:inNetwork, ctl:inEvent, ctl:inGroup, ctl:inProgramme, ctl:inInstrument,"
    " ctl:inInitiative",
    "participations-over-time",
)

PEOPLE = Part(
    "people",
    N_("People"),
    {"who": N_("Who"), "role": N_("Role")},
    "?post org:postIn ?this . GRAPH ?g { ?post org:heldBy ?who } OPTIONAL { ?post org:role ?role }",
    near="who",
    changing=("role",),
)

GROUPS = Part(
    "groups",
    N_("Working groups"),
    {"group": N_("Group"), "status": N_("Status"), "topic": N_("Theme")},
    """GRAPH ?g { ?group org:unitOf ?this } OPTIONAL { GRAPH ?status_in { ?group ctl:status ?status } }
    OPTIONAL { ?group ctl:topic ?topic }""",
    changing=("status",),
    question="groups-of-clusters",
)

STORIES = Part(
    "stories",
    N_("Success stories"),
    {"story": N_("Story"), "about": N_("About")},
    "GRAPH ?g { ?story ctl:storyOf ?this } OPTIONAL { ?story ctl:about ?about }",
    question="success-stories-by-cluster",
)

THEMES = Part(
    "themes",
    N_("S3 ecosystems and recovery plan"),
    {"theme": N_("Theme"), "scheme": N_("Vocabulary"), "work": N_("By way of")},
    """{ GRAPH ?g { ?this ctl:referenceEcosystem ?theme } BIND(0 AS ?rank)
        BIND(ctl:referenceEcosystem AS ?work) }
    UNION { ?box ctl:boxOf ?this . GRAPH ?g { ?box ctl:names ?theme } BIND(1 AS ?rank)
        OPTIONAL { ?box ctl:boxOfProject ?work } }
    OPTIONAL { ?theme skos:inScheme ?scheme }""",
    question="themes-of-cluster",
)

_TIES = "ctl:inNetwork, ctl:inProject, ctl:inEvent, ctl:inGroup, ctl:inProgramme, ctl:inInstrument"
_OWN = "ctl:referenceEcosystem, ctl:technologyArea"
COMMON = Part(
    "common",
    N_("In common with other clusters"),
    {"cluster": N_("Cluster"), "shared": N_("What they share")},
    f"""{{ ?mine ctl:participant ?this ; ?to ?shared FILTER(?to IN ({_TIES}))
        GRAPH ?g {{ ?theirs ?by ?shared FILTER(?by IN ({_TIES})) }} ?theirs ctl:participant ?cluster }}
    UNION {{ ?this ?to ?shared FILTER(?to IN ({_OWN}))
        GRAPH ?g {{ ?cluster ?by ?shared FILTER(?by IN ({_OWN})) }} }}
    UNION {{ ?box ctl:boxOf ?this ; ctl:names ?shared . GRAPH ?g {{ ?another ctl:names ?shared }}
        ?another ctl:boxOf ?cluster }}
    OPTIONAL {{ ?shared skos:broader ?wider }}
    FILTER(?cluster != ?this && EXISTS {{ ?cluster a ctl:TechnologyCluster }})""",
    question="partners-of-cluster",
    compared=True,
    narrowest={"shared": "wider"},
    near="cluster",
)
TIMELINE = Part(
    "timeline",
    N_("Over time"),
    {"date": N_("When"), "what": N_("What"), "kind": N_("Kind"), "keeper": N_("Kept by")},
    """?what org:resultingOrganization|ctl:registers ?this . GRAPH ?g { ?what dct:date ?date }
    OPTIONAL { ?what ctl:changeType|dct:type ?kind }
    OPTIONAL { ?what ctl:keeper ?keeper } BIND(STR(?date) AS ?rank)""",
    key="what",
)

MEMBER_OF = Part(
    "member-of",
    N_("Member of"),
    {"cluster": N_("Cluster"), "role": N_("Role")},
    """?tie org:member ?this . GRAPH ?g { ?tie org:member ?this } ?tie org:organization ?cluster .
    OPTIONAL { ?tie org:role ?role }""",
    near="cluster",
)

POSTS = Part(
    "posts",
    N_("Posts"),
    {"role": N_("Role"), "at": N_("At"), "topic": N_("Theme")},
    """?post org:heldBy ?this . GRAPH ?g { ?post org:heldBy ?this } ?post org:postIn ?at .
    OPTIONAL { ?post org:role ?role } OPTIONAL { ?post ctl:topic ?topic }""",
    key="post",
    near="at",
    changing=("role",),
)

TEXTS = Part(
    "texts",
    N_("Texts"),
    {"text": N_("Text"), "how": N_("How")},
    "GRAPH ?g { ?text ?how ?this } FILTER(?how IN (dct:creator, dct:contributor, dct:publisher))",
    near="text",
)
