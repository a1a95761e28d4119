"""What a synthetic release says of each thing, as patterns to be filled in.

A pattern is written like TriG without its full stops: a graph at the margin, a subject below it, further
properties of that subject below that. It becomes N-Quads with `{fields}`, and each type brings the classes
above it, as `ontology/derived/` has it. This module knows what is said, not of how many things.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ctlgraph.generate.names import Name
from ctlgraph.vocabulary import BASE, expand

PATTERNS = {
    "document": """
graph:sources
  source:{document} a ctl:SourceDocument
    skos:prefLabel "Documento sintetico: {it}"@it
    skos:prefLabel "Synthetic document: {en}"@en
    dct:identifier "{document}.txt"
    dct:language "it"
    ctl:sha256 "{sha256}"
  section:{document} a ctl:SourceSection
    skos:prefLabel "Sezione unica: {it}"@it
    skos:prefLabel "Only section: {en}"@en
    prov:wasDerivedFrom source:{document}
    ctl:firstLine "1"^^xsd:integer
    ctl:lastLine "{last}"^^xsd:integer
""",
    "passage": """
{passage}
  {passage} oa:exact "{quote}"
graph:sources
  {passage} a ctl:Passage
    prov:wasDerivedFrom source:{document}
    ctl:firstLine "{first}"^^xsd:integer
    ctl:lastLine "{last}"^^xsd:integer
    oa:exact "{quote}"
    dct:isPartOf section:{document}
""",
    "curated": """
curated:{topic}
  curated:{topic} a ctl:CuratedGraph
    ctl:certainty certainty:{certainty}
    ctl:reason "{it}"@it
    ctl:reason "{en}"@en
""",
    "name": """
{passage}
  {thing} skos:prefLabel "{it}"@it
curated:synthetic-labels
  {thing} skos:prefLabel "{en}"@en
""",
    "region": """
curated:synthetic-places
  place:s-lombardia a ctl:Place
    skos:prefLabel "Lombardia"@it
    skos:prefLabel "Lombardy"@en
    ctl:placeType placetype:region
    ctl:istatCode "03"
    ctl:nutsCode "ITC4"
    skos:exactMatch <http://data.europa.eu/nuts/code/ITC4>
""",
    "province": """
curated:synthetic-places
  place:s-prov-{province} a ctl:Place
    skos:prefLabel "Provincia di {it}"@it
    skos:prefLabel "Province of {en}"@en
    ctl:placeType placetype:province
    ctl:istatCode "{istat:.3}"
    ctl:nutsCode "{nuts}"
    skos:exactMatch <http://data.europa.eu/nuts/code/{nuts}>
    ctl:locatedIn place:s-lombardia
  place:s-{istat} a ctl:Place
    skos:prefLabel "{it}"@it
    skos:prefLabel "{en}"@en
    ctl:placeType placetype:municipality
    ctl:istatCode "{istat}"
    ctl:locatedIn place:s-prov-{province}
""",
    "seat": """
{passage}
  {thing} org:hasPrimarySite site:{slug}
  site:{slug} a org:Site
    locn:address address:{slug}
    ctl:locatedIn place:s-{istat}
  address:{slug} a locn:Address
    locn:fullAddress "{street} {number}, {post_code} {town}"
    locn:thoroughfare "{street}"
    locn:locatorDesignator "{number}"
    locn:postCode "{post_code}"
    locn:postName "{town}"
""",
    "set": """
{passage}
  set:s-clusters a ctl:ClusterSet
  organisation:s-region a org:FormalOrganization
    org:classification orgtype:public-authority
""",
    "cluster": """
{passage}
  {thing} a ctl:TechnologyCluster
    foaf:homepage <https://cluster-{i}.example/>
    ctl:referenceEcosystem {ecosystem}
    ctl:technologyArea {technology}
    ctl:coversSector {technology}
    ctl:recognisedBy organisation:s-region
    dct:isPartOf set:s-clusters
""",
    "organisation": """
{passage}
  {thing} a org:FormalOrganization
    org:classification orgtype:{kind}
""",
    "membership": """
{passage}
  {node} a org:Membership
    org:member {who}
    org:organization {what}
""",
    "statement": """
{passage}
  {node} a ctl:MemberCountStatement
    ctl:exhaustiveBreakdown "true"^^xsd:boolean
""",
    "observation": """
{passage}
  {statement} qb:observation {node}
  {node} a ctl:MemberObservation
    ctl:refOrganization {thing}
    ctl:refSource source:{document}
    ctl:memberCategory membercategory:{category}
    ctl:memberCount "{count}"^^xsd:integer
    ctl:precision precision:exact
    ctl:refPeriod "2024"^^xsd:gYear
""",
    "network": """
{passage}
  {thing} a ctl:Alliance
    ctl:networkType {type}
""",
    "programme": """
{passage}
  {thing} a ctl:FundingProgramme
""",
    "call": """
{passage}
  {thing} a ctl:FundingCall
    dct:isPartOf {programme}
""",
    "project": """
{passage}
  {thing} a ctl:Project
    ctl:acronym "{acronym}"
    ctl:status status:{status}
    ctl:underCall {call}
    ctl:fundedThrough {programme}
    ctl:supportsEcosystem {ecosystem}
    ctl:startDate "{start}"^^xsd:gYear
    ctl:endDate "{end}"^^xsd:gYear
""",
    "participation": """
{passage}
  {node} a ctl:Participation
    ctl:participant {who}
    ctl:{within} {what}
    ctl:participationRole participationrole:{role}
""",
    "participates": """
graph:derived
  {who} ctl:participatesIn {what}
""",
    "member": """
graph:derived
  {who} ctl:memberOfNetwork {what}
""",
    "joined": """
graph:derived
  {node} skos:prefLabel "{left[0]} – {right[0]}"@it
    skos:prefLabel "{left[1]} – {right[1]}"@en
""",
}


def compiled(above: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return each pattern as N-Quads for `str.format`.

    above: the classes above each class, by IRI.
    """
    return {name: "".join(_quads(pattern, above)) for name, pattern in PATTERNS.items()}


def _quads(pattern: str, above: Mapping[str, Sequence[str]]) -> list[str]:
    quads = []
    derived, graph, subject = _term("graph:derived"), "", ""
    for line in pattern.strip("\n").splitlines():
        if not line.startswith(" "):
            graph = _term(line)
            continue
        if not line.startswith("    "):
            subject, _, line = line.strip().partition(" ")
            subject = _term(subject)
        predicate, value = (_term(term) for term in line.strip().split(" ", 1))
        quads.append(f"{subject} {predicate} {value} {graph} .\n")
        if predicate == _TYPE:
            quads += (f"{subject} {_TYPE} <{iri}> {derived} .\n" for iri in above.get(value[1:-1], ()))
    return quads


def _term(text: str) -> str:
    """Return a term as N-Quads have it; a field that is a whole term stays.

    >>> _term("ctl:{within}")
    '<https://w3id.org/ctlgraph/ontology#{within}>'
    """
    if text == "a":
        return _TYPE
    if re.match(r"<|\{\w+\}\Z", text):
        return text
    if text.startswith('"'):
        literal, mark, datatype = text.rpartition("^^")
        return f"{literal}^^<{expand(datatype)}>" if mark else text
    return f"<{expand(text)}>"


class Ontology:
    """What a synthetic world takes from the ontology, given as N-Quads."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Read the N-Quads of a release without data."""
        direct: defaultdict[str, set[str]] = defaultdict(set)
        self._schemes: defaultdict[str, set[str]] = defaultdict(set)
        self._names: dict[tuple[str, str], str] = {}
        for line in lines:
            subject, predicate, rest = line.split(" ", 2)
            value = rest.rsplit(" ", 2)[0]
            if predicate == _SUBCLASS and value.startswith("<") and line.endswith(_ONTOLOGY):
                direct[subject].add(value)
            elif predicate == _IN_SCHEME:
                self._schemes[value].add(subject)
            elif predicate == _LABEL:
                text, _, lang = value.rpartition("@")
                self._names[subject, lang] = text[1:-1]
        self.above = {
            name[1:-1]: [iri[1:-1] for iri in sorted(_reached(name, direct))] for name in list(direct)
        }

    def concepts(self, scheme: str) -> list[str]:
        """Return the concepts of a scheme as N-Quads have them, sorted."""
        return sorted(self._schemes[f"<{BASE}vocab/{scheme}>"])

    def name(self, iri: str) -> Name:
        """Return the label of a term in Italian and in English."""
        return self._names[f"<{iri}>", "it"], self._names[f"<{iri}>", "en"]


_ONTOLOGY = f" <{BASE}ontology> .\n"  # alignments with the terms of others bring no classes of their own
_SUBCLASS, _IN_SCHEME, _LABEL = (
    f"<{expand(name)}>" for name in ("rdfs:subClassOf", "skos:inScheme", "skos:prefLabel")
)


def _reached(start: str, direct: defaultdict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    ahead = [start]
    while ahead:
        new = direct[ahead.pop()] - found
        ahead += new
        found |= new
    return found - {start}


_TYPE = f"<{expand('rdf:type')}>"
