"""What is said of places, concepts, numbers and discrepancies."""

from __future__ import annotations

from ctlgraph.messages import N_
from ctlgraph.web.site.kinds.part import Part

FIGURES = Part(
    "figures",
    N_("Figures"),
    {"indicator": N_("Indicator"), "of": N_("Only for"), "value": N_("Value"), "out": N_("Out of"),
     "period": N_("Period"), "precision": N_("Precision"), "words": N_("Words of the source")},
    """?figure ctl:refSubject ?this ; ctl:indicator ?indicator .
    GRAPH ?g { ?figure ?by ?value FILTER(?by IN (ctl:value, ctl:minimum)) }
    OPTIONAL { ?figure ctl:refPeriod ?period } OPTIONAL { ?indicator ctl:unit ?unit }
    OPTIONAL { ?figure ctl:refConcept|ctl:refPartner|ctl:refPlace|ctl:refStatus|ctl:refOrganization ?of
        FILTER(?of != ?this) }
    OPTIONAL { ?figure ctl:precision ?precision FILTER(?precision != precision:exact) }
    OPTIONAL { ?figure ctl:outOf ?out } OPTIONAL { ?figure ctl:statedAs ?words }""",
    key="figure",
    units={"value": "unit"},
)  # fmt: skip

HERE = Part(
    "here",
    N_("What is here"),
    {"what": N_("What"), "how": N_("How"), "place": N_("Place")},
    """?place ctl:locatedIn* ?this .
    { ?site ctl:locatedIn ?place . GRAPH ?g { ?what ?how ?site }
        FILTER(?how IN (org:hasPrimarySite, org:hasRegisteredSite, ctl:hasManagementSite, org:hasSite,
            ctl:venue)) }
    UNION { GRAPH ?g { ?what ?how ?place }
        FILTER(?how IN (ctl:memberRegion, ctl:refPlace, ctl:targets, ctl:geographicScope)) }
    UNION { GRAPH ?g { ?what ?how ?place } FILTER(?how = ctl:locatedIn)
        FILTER EXISTS { ?what a ctl:Event } }""",
    near="what",
)

SITED = Part(
    "here",
    N_("Whose it is"),
    {"who": N_("Who"), "how": N_("How")},
    """GRAPH ?g { ?who ?how ?this }
    FILTER(?how IN (org:hasPrimarySite, org:hasRegisteredSite, ctl:hasManagementSite, org:hasSite))""",
    near="who",
)
USERS = Part(
    "users",
    N_("Who uses it"),
    {"who": N_("Who"), "how": N_("How")},
    """GRAPH ?g { ?who ?how ?this }
    FILTER(?how IN (ctl:uses, ctl:builds, ctl:venue, ctl:manages, ctl:operatesThrough, ctl:about))""",
    near="who",
)
CLUSTERS_OF = Part(
    "clusters",
    N_("Clusters"),
    {"cluster": N_("Cluster"), "how": N_("How")},
    """{ GRAPH ?g { ?cluster ?how ?this } FILTER(?how IN (ctl:referenceEcosystem, ctl:technologyArea,
        ctl:researchArea, ctl:projectArea, ctl:coversSector, ctl:coversIndustry, org:classification))
        FILTER EXISTS { ?cluster a ctl:Cluster } }
    UNION { GRAPH ?g { ?box ctl:names ?this } ?box ctl:boxOf ?cluster BIND(ctl:names AS ?how) }""",
    near="cluster",
)

WORK_OF = Part(
    "projects",
    N_("Projects and services"),
    {"project": N_("Project or service"), "sure": N_("How sure"), "status": N_("Status")},
    """{ GRAPH ?g { ?project ?by ?this FILTER(?by IN (ctl:supportsEcosystem, ctl:supportsPnrr)) } }
    UNION { ?box ctl:names ?this .
        GRAPH ?g { ?box ?by ?project FILTER(?by IN (ctl:boxOfProject, ctl:possiblyBoxOfProject)) } }
    OPTIONAL { ?g ctl:certainty ?kept } BIND(COALESCE(?kept, certainty:stated) AS ?sure)
    OPTIONAL { GRAPH ?status_in { ?project ctl:status ?status } }""",
    changing=("status",),
    question="projects-of-theme",
    near="project",
)

NARROWER = Part(
    "narrower",
    N_("Narrower and wider"),
    {"concept": N_("Concept"), "relation": N_("Relation")},
    """{ GRAPH ?g { ?concept skos:broader ?this } BIND(skos:narrower AS ?relation) }
    UNION { GRAPH ?g { ?this ?relation ?concept } FILTER(?relation IN (skos:broader, skos:broadMatch)) }""",
    near="concept",
)

CONCEPTS = Part(
    "concepts",
    N_("Concepts"),
    {
        "concept": N_("Concept"),
        "code": N_("Code"),
        "meaning": N_("Definition"),
        "wider": N_("Part of"),
        "uses": N_("Uses"),
    },
    """GRAPH ?g { ?concept skos:inScheme ?this }
    OPTIONAL { ?concept skos:notation ?code } OPTIONAL { ?concept skos:broader ?wider }
    OPTIONAL { ?concept skos:definition|skos:scopeNote ?meaning FILTER(LANG(?meaning) = "LANG") }
    { SELECT ?concept (COUNT(?by) AS ?uses) {
        ?concept skos:inScheme ?this OPTIONAL { ?thing ?by ?concept FILTER(?by NOT IN (skos:broader)) } }
        GROUP BY ?concept }
    BIND(COALESCE(?code, "") AS ?rank)""",
    question="concepts-never-used",
    most=400,
)
BESIDE = Part(
    "beside",
    N_("What else is stated of the same"),
    {
        "period": N_("Period"),
        "value": N_("Value"),
        "category": N_("Category"),
        "words": N_("Words of the source"),
    },
    """?this ctl:refOrganization ?of . ?o ctl:refOrganization ?of ; ctl:memberCategory ?category .
    GRAPH ?g { ?o ctl:memberCount ?value } OPTIONAL { ?o ctl:refPeriod ?period }
    OPTIONAL { ?o ctl:statedAs ?words }
    BIND(-10000 * xsd:integer(SUBSTR(STR(?period), 1, 4)) - ?value AS ?rank)""",
    key="o",
)

CONCERNED = Part(
    "concerned",
    N_("What it concerns"),
    {"what": N_("What"), "value": N_("Value"), "period": N_("Period")},
    """?this ctl:concerns ?what .
    OPTIONAL { GRAPH ?g { ?what ?by ?value FILTER(?by IN (ctl:memberCount, ctl:value)) } }
    OPTIONAL { ?what ctl:refPeriod ?period }""",
)
