"""An entity in the words of schema.org, for those who collect pages: JSON-LD that stands in the page.

Source: https://schema.org/
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from ctlgraph.web.site.entities import Entity, Value
from ctlgraph.web.site.parts import Said

_TYPES = {
    "ctl:Cluster": "Organization",
    "ctl:Project": "ResearchProject",
    "ctl:LegalAct": "Legislation",
    "ctl:PolicyInstrument": "CreativeWork",
    "ctl:FundingProgramme": "FundingScheme",
    "ctl:FundingCall": "FundingScheme",
    "ctl:Event": "Event",
    "ctl:SuccessStory": "Article",
    "ctl:Publication": "CreativeWork",
    "ctl:Service": "Service",
    "ctl:MemberObservation": "Observation",
    "ctl:Figure": "Observation",
    "org:Organization": "Organization",
    "org:Site": "Place",
    "ctl:Place": "Place",
    "foaf:Person": "Person",
    "skos:Concept": "DefinedTerm",
    "skos:ConceptScheme": "DefinedTermSet",
}
"""What a class is there, the first that fits; what has none is a Thing."""

_EVERY = {"skos:altLabel": "alternateName", "ctl:acronym": "alternateName", "dct:description": "description",
          "skos:definition": "description", "skos:exactMatch": "sameAs"}  # fmt: skip
_FACTS: Mapping[str, Mapping[str, str]] = {
    "Organization": {"rov:legalName": "legalName", "foaf:homepage": "url", "ctl:topic": "knowsAbout",
                     "ctl:geographicScope": "areaServed"},
    "ResearchProject": {"dct:title": "legalName", "foaf:homepage": "url", "ctl:startDate": "foundingDate",
                        "ctl:endDate": "dissolutionDate", "ctl:topic": "knowsAbout"},
    "Legislation": {"eli:id_local": "legislationIdentifier", "eli:date_document": "legislationDate",
                    "eli:passed_by": "legislationPassedBy", "eli:type_document": "legislationType",
                    "ctl:updates": "legislationChanges", "ctl:topic": "about"},
    "CreativeWork": {"dct:issued": "datePublished", "dct:creator": "creator", "dct:publisher": "publisher",
                     "dct:title": "headline", "ctl:topic": "about", "dct:language": "inLanguage"},
    "FundingScheme": {"ctl:fundedBy": "funder", "dct:identifier": "identifier",
                      "dct:isPartOf": "parentOrganization"},
    "Event": {"ctl:startDate": "startDate", "ctl:endDate": "endDate", "dct:date": "startDate",
              "ctl:locatedIn": "location", "ctl:organisedBy": "organizer", "ctl:topic": "about"},
    "Article": {"ctl:about": "about", "ctl:storyOf": "publisher"},
    "Service": {"ctl:offeredBy": "provider"},
    "Observation": {"ctl:refOrganization": "observationAbout", "ctl:refSubject": "observationAbout",
                    "ctl:memberCount": "value", "ctl:value": "value", "ctl:refPeriod": "observationDate"},
    "Place": {"ctl:locatedIn": "containedInPlace"},
    "DefinedTerm": {"skos:notation": "termCode", "skos:inScheme": "inDefinedTermSet"},
}  # fmt: skip
"""Properties by the type of the entity."""
_SECTIONS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "Organization": (
        ("networks", "network", "memberOf"),
        ("members", "who", "member"),
        ("member-of", "cluster", "memberOf"),
        ("participants", "who", "member"),
        ("seats", "address", "address"),
    ),
    "ResearchProject": (("participants", "who", "member"), ("money", "money", "funder")),
    "Person": (("posts", "role", "jobTitle"), ("posts", "at", "worksFor")),
}
"""By the type of the entity, what a column of a table says."""

_ADDRESSES = ("url", "sameAs")
"""Properties whose values are addresses, not things of a name."""
_NUMBERS = ("integer", "decimal")


def structured(found: Entity, said: Said, address: str) -> Markup:
    """The entity as JSON that may stand in a page of HTML. address: of the page."""
    kind = next((_TYPES[name] for name in _TYPES if name in found.classes), "Thing")
    properties: dict[str, list[Any]] = {}
    for name, meaning in {**_EVERY, **_FACTS.get(kind, {})}.items():
        properties.setdefault(meaning, []).extend(_values(found.of(name), meaning))
    for part, column, meaning in _SECTIONS.get(kind, ()):
        for section in said.sections:
            if section.part.name == part:
                cells = (value for row in section.rows for value in row.cells[column])
                properties.setdefault(meaning, []).extend(_values(cells, meaning))
    body = {
        "@context": "https://schema.org",
        "@type": kind,
        "@id": found.thing.iri,
        "name": found.thing.label,
        "mainEntityOfPage": address,
        **{name: values[0] if len(values) == 1 else values for name, values in properties.items() if values},
    }
    text = json.dumps(body, ensure_ascii=False)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704  # nothing in it can end the element


def _values(found: Iterable[Value], meaning: str) -> list[Any]:
    """The values as JSON, each once: things by IRI and name."""
    made: list[Any] = []
    for value in found:
        term = value.term
        if value.thing:
            one: Any = term.value if meaning in _ADDRESSES else {"@id": term.value, "name": value.thing.label}
        else:
            one = float(term.value) if term.datatype.endswith(_NUMBERS) else term.value
            one = int(one) if isinstance(one, float) and one.is_integer() else one
        if one not in made:
            made.append(one)
    return made
