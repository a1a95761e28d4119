"""What matters of an entity, by its kind: which facts come first, and which tables say the rest.

`parts` asks the graph what is declared here; templates show it.
"""

from __future__ import annotations

from collections.abc import Mapping

from ctlgraph.messages import N_
from ctlgraph.web.site.kinds import bodies, things, work
from ctlgraph.web.site.kinds.part import Kind, Part

__all__ = ["KINDS", "Kind", "Part"]

KINDS: Mapping[str, Kind] = {
    "ctl:Cluster": Kind(
        (
            "rov:legalName",
            "ctl:acronym",
            "org:classification",
            "ctl:referenceEcosystem",
            "ctl:technologyArea",
            "ctl:recognisedBy",
            "foaf:homepage",
        ),
        (
            bodies.MEMBERS,
            bodies.NAMED_MEMBERS,
            bodies.SEATS,
            bodies.NETWORKS,
            bodies.PROJECTS,
            bodies.COMMON,
            bodies.THEMES,
            bodies.PEOPLE,
            bodies.GROUPS,
            bodies.STORIES,
            bodies.EVENTS,
            bodies.OTHER,
            things.FIGURES,
            bodies.TIMELINE,
        ),
    ),
    "ctl:ClusterSet": Kind(
        ("ctl:actionLine", "ctl:recognisedBy"), (bodies.MEMBERS, bodies.TAKES_PART, work.TIES, things.FIGURES)
    ),
    "ctl:Project": Kind(
        ("dct:title", "ctl:status", "ctl:startDate", "ctl:endDate", "dct:date", "foaf:homepage"),
        (
            work.participants(
                "ctl:inProject", heading=N_("Partners"), none=N_("The sources name no partner.")
            ),
            work.MONEY,
            work.SURE,
            things.FIGURES,
            work.TOLD,
            work.ORIGIN,
        ),
    ),
    "ctl:Network": Kind(
        ("ctl:acronym", "ctl:networkType", "ctl:geographicScope", "foaf:homepage"),
        (
            work.IN_NETWORK,
            work.REGIONS,
            work.NETWORK_PARTS,
            work.ORIGIN,
            bodies.TIMELINE,
            things.FIGURES,
            bodies.TAKES_PART,
        ),
    ),
    "ctl:PolicyInstrument": Kind(
        (
            "eli:type_document",
            "eli:id_local",
            "eli:date_document",
            "dct:dateAccepted",
            "eli:passed_by",
            "ctl:approvedBy",
            "ctl:status",
            "ctl:periodAsPrinted",
        ),
        (work.TIES, work.participants("ctl:inInstrument"), work.TOLD, things.FIGURES),
    ),
    "ctl:FundingProgramme": Kind(
        ("ctl:acronym", "dct:date"),
        (
            work.FUNDERS,
            work.CALLS,
            work.FUNDED,
            work.participants("ctl:inProgramme"),
            work.TIES,
            things.FIGURES,
        ),
    ),
    "ctl:FundingCall": Kind(
        ("dct:identifier", "dct:date"), (work.FUNDERS, work.FUNDED, work.TIES, work.TOLD, things.FIGURES)
    ),
    "ctl:Initiative": Kind(
        ("ctl:status", "ctl:startDate"), (work.participants("ctl:inInitiative"), work.TOLD, things.FIGURES)
    ),
    "ctl:Event": Kind(
        (
            "dct:type",
            "dct:date",
            "ctl:startDate",
            "ctl:endDate",
            "ctl:locatedIn",
            "ctl:venue",
            "ctl:organisedBy",
        ),
        (work.participants("ctl:inEvent"), work.TOLD, things.FIGURES),
    ),
    "ctl:WorkingGroup": Kind(
        ("ctl:status", "org:unitOf", "ctl:startDate"),
        (work.participants("ctl:inGroup"), bodies.TAKES_PART, work.ORIGIN, work.TOLD, bodies.TIMELINE),
    ),
    "org:Organization": Kind(
        ("ctl:acronym", "org:classification", "ctl:locatedIn"),
        (
            bodies.MEMBER_OF,
            bodies.TAKES_PART,
            bodies.PEOPLE,
            work.CALLS,
            work.FUNDED,
            bodies.SEATS,
            bodies.GROUPS,
            bodies.TEXTS,
            things.FIGURES,
            work.TOLD,
            bodies.TIMELINE,
        ),
    ),
    "foaf:Person": Kind(("foaf:title",), (bodies.POSTS, bodies.TAKES_PART, bodies.TEXTS)),
    "ctl:Place": Kind(
        ("ctl:placeType", "ctl:istatCode", "ctl:nutsCode", "ctl:locatedIn"), (things.HERE, things.FIGURES)
    ),
    "skos:Concept": Kind(
        ("skos:notation", "skos:definition", "skos:inScheme"),
        (things.CLUSTERS_OF, things.WORK_OF, things.NARROWER, things.FIGURES),
    ),
    "skos:ConceptScheme": Kind(("skos:definition",), (things.CONCEPTS,)),
    "ctl:MemberObservation": Kind(
        (
            "ctl:refOrganization",
            "ctl:memberCategory",
            "ctl:memberCount",
            "ctl:refPeriod",
            "ctl:precision",
            "ctl:refSource",
        ),
        (things.BESIDE,),
    ),
    "ctl:Figure": Kind(
        (
            "ctl:refSubject",
            "ctl:indicator",
            "ctl:value",
            "ctl:outOf",
            "ctl:refPeriod",
            "ctl:precision",
            "ctl:refSource",
        )
    ),
    "ctl:Participation": Kind(
        (
            *("ctl:participant", "ctl:participationRole", "ctl:inProject", "ctl:inNetwork", "ctl:inEvent"),
            *("ctl:inGroup", "ctl:inProgramme", "ctl:inInstrument", "ctl:inInitiative", "ctl:listedUnder"),
        )
    ),
    "org:Membership": Kind(("org:member", "org:organization", "org:role")),
    "org:Post": Kind(("org:heldBy", "org:role", "org:postIn")),
    "org:ChangeEvent": Kind(("ctl:changeType", "dct:date", "org:resultingOrganization")),
    "ctl:Registration": Kind(("ctl:registers", "ctl:keeper", "org:identifier", "dct:date", "ctl:status")),
    "ctl:Service": Kind(("ctl:offeredBy", "ctl:listedUnder", "dct:date"), (work.SURE, things.USERS)),
    "org:Site": Kind(("locn:address", "ctl:locatedIn", "ctl:ownedBy"), (things.SITED, things.USERS)),
    "ctl:SideBox": Kind(("ctl:boxOf", "ctl:boxOfProject", "ctl:possiblyBoxOfProject", "ctl:names")),
    "ctl:SuccessStory": Kind(("ctl:storyOf", "ctl:about")),
    "ctl:KnownDiscrepancy": Kind(("ctl:explanation",), (things.CONCERNED,)),
}
"""The kinds by their class: an entity is of the first that it belongs to."""
