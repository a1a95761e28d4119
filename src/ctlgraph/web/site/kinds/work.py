"""What is said of projects, networks, programmes, calls, events and instruments of policy."""

from __future__ import annotations

from ctlgraph.messages import N_
from ctlgraph.web.site.kinds.part import ROLE, Part

_AMOUNT = "OPTIONAL { ?sum ctl:refSubject ?this ; ctl:indicator/ctl:unit unit:euro ; ctl:value ?amount }"
_UNSAID = {"amount": N_("The sources give no amounts.")}
_WHO = {"who": N_("Who"), "role": N_("Role"), "words": N_("In which way")}


def participants(relation: str, *, heading: str = N_("Who takes part"), none: str = "") -> Part:
    """Who takes part in an entity, by the property that leads there."""
    pattern = (
        f"?part {relation} ?this . GRAPH ?g {{ ?part {relation} ?this }} ?part ctl:participant ?who . {ROLE}"
    )
    return Part("participants", heading, _WHO, pattern, near="who", none=none)


MONEY = Part(
    "money",
    N_("Money"),
    {"money": N_("From where"), "how": N_("How"), "of": N_("By way of"), "amount": N_("Amount (€)")},
    f"""{{ GRAPH ?g {{ ?this ?how ?money }} BIND(?nothing AS ?of) BIND(1 AS ?rank)
        FILTER(?how IN (ctl:fundedBy, ctl:fundedThrough, ctl:underCall, ctl:fundedWithin)) }}
    UNION {{ ?this ctl:underCall ?of . GRAPH ?g {{ ?of ?how ?money }} BIND(2 AS ?rank)
        FILTER(?how IN (ctl:fundedBy, dct:isPartOf)) }}
    {_AMOUNT}""",
    none=N_("The sources do not say where its money comes from."),
    near="money",
    unsaid=_UNSAID,
)

SURE = Part(
    "themes",
    N_("S3 ecosystems and recovery plan"),
    {"theme": N_("Theme"), "scheme": N_("Vocabulary"), "sure": N_("How sure")},
    """{ GRAPH ?g { ?this ?by ?theme FILTER(?by IN (ctl:supportsEcosystem, ctl:supportsPnrr)) } }
    UNION { GRAPH ?g { ?box ?by ?this FILTER(?by IN (ctl:boxOfProject, ctl:possiblyBoxOfProject)) }
        ?box ctl:names ?theme }
    OPTIONAL { ?g ctl:certainty ?kept } BIND(COALESCE(?kept, certainty:stated) AS ?sure)
    OPTIONAL { ?theme skos:inScheme ?scheme } BIND(STR(?scheme) AS ?rank)""",
    none=N_("No source ties it to an ecosystem or to a mission."),
    near="theme",
)

TOLD = Part(
    "told",
    N_("Told in"),
    {"story": N_("Story"), "cluster": N_("Cluster")},
    "GRAPH ?g { ?story ctl:about ?this } OPTIONAL { ?story ctl:storyOf ?cluster }",
)

ORIGIN = Part(
    "origin",
    N_("Where it comes from and what came of it"),
    {"what": N_("What"), "relation": N_("Relation")},
    """{ GRAPH ?g { ?this ?relation ?what }
        FILTER(?relation IN (ctl:bornFrom, ctl:possiblySameAs, ctl:builds)) }
    UNION { GRAPH ?g { ?what ctl:bornFrom ?this } BIND(ctl:bornFrom AS ?relation) }
    UNION { GRAPH ?g { ?what ctl:eventOf ?this } BIND(ctl:eventOf AS ?relation) }""",
    near="what",
)

IN_NETWORK = Part(
    "participants",
    N_("Who takes part, and in which role"),
    {"who": N_("Who"), "role": N_("Role"), "where": N_("In which part of it"), "words": N_("In which way")},
    f"""?net ctl:partOfNetwork* ?this . BIND(IF(?net = ?this, ?nothing, ?net) AS ?where)
    GRAPH ?g {{ ?part ctl:inNetwork ?net }} ?part ctl:participant ?who . {ROLE}""",
    key="part",
    question="roles-in-network",
    none=N_("The sources name nobody who takes part in it."),
    near="who",
)

REGIONS = Part(
    "regions",
    N_("Regions"),
    {"region": N_("Region")},
    "GRAPH ?g { ?this ctl:memberRegion ?region }",
    question="clusters-and-regions-of-network",
    near="region",
)

NETWORK_PARTS = Part(
    "parts",
    N_("Its parts, and what it is part of"),
    {"network": N_("Network"), "relation": N_("Relation")},
    """{ GRAPH ?g { ?network ctl:partOfNetwork ?this } BIND(ctl:partOfNetwork AS ?relation) }
    UNION { GRAPH ?g { ?this ctl:partOfNetwork ?network } BIND(ctl:partOfNetwork AS ?relation) }""",
    near="network",
)

_INSTRUMENTS = """ctl:approves, ctl:updates, ctl:implements, ctl:basisFor, ctl:basedOn, ctl:alignedWith,
    ctl:seeksSynergyWith, ctl:coordinatedWith, ctl:planOf, ctl:recognisesRoleOf, ctl:enablingConditionFor,
    ctl:promotedBy, dct:isPartOf, dct:references"""

TIES = Part(
    "ties",
    N_("Ties to other instruments"),
    {"from": N_("From"), "relation": N_("Relation"), "to": N_("To")},
    f"""{{ GRAPH ?g {{ ?this ?relation ?to }} BIND(?this AS ?from) BIND(?to AS ?other) BIND(1 AS ?far) }}
    UNION {{ GRAPH ?g {{ ?from ?relation ?this }} BIND(?this AS ?to) BIND(?from AS ?other) BIND(2 AS ?far) }}
    FILTER(?relation IN ({_INSTRUMENTS}))
    BIND(IF(?relation IN (ctl:approves, ctl:updates, ctl:implements), 0, ?far) AS ?rank)
    BIND(CONCAT(STR(?from), STR(?relation), STR(?to)) AS ?tie)""",
    key="tie",
    near="other",
)

FUNDED = Part(
    "projects",
    N_("Projects"),
    {"project": N_("Project"), "status": N_("Status"), "call": N_("Call"), "lead": N_("Lead")},
    """{ GRAPH ?g { ?project ?by ?this FILTER(?by IN (ctl:fundedThrough, ctl:underCall, ctl:fundedBy)) } }
    UNION { ?call dct:isPartOf|ctl:fundedBy ?this . GRAPH ?g { ?project ctl:underCall ?call } }
    FILTER EXISTS { ?project a ctl:Project } OPTIONAL { GRAPH ?status_in { ?project ctl:status ?status } }
    OPTIONAL { ?part ctl:inProject ?project ; ctl:participationRole participationrole:lead .
        ?part ctl:participant ?lead }""",
    near="project",
    changing=("status",),
)

CALLS = Part(
    "calls",
    N_("Calls"),
    {"call": N_("Call"), "funder": N_("Funded by")},
    """GRAPH ?g { ?call ?by ?this FILTER(?by IN (dct:isPartOf, ctl:fundedBy)) }
    FILTER EXISTS { ?call a ctl:FundingCall }
    OPTIONAL { ?call ctl:fundedBy ?funder }""",
    near="call",
)

FUNDERS = Part(
    "money",
    N_("Whose money it is"),
    {"money": N_("From where"), "how": N_("How"), "amount": N_("Amount (€)")},
    f"GRAPH ?g {{ ?this ?how ?money }} FILTER(?how IN (ctl:fundedBy, dct:isPartOf)) {_AMOUNT}",
    none=N_("The sources do not say where its money comes from."),
    near="money",
    unsaid=_UNSAID,
)
