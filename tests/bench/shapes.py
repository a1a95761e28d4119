"""What is asked: twelve shapes of queries over any release of the model, and the saved questions."""

from __future__ import annotations

from dataclasses import dataclass

from ctlgraph.sources import root
from ctlgraph.vocabulary import PREFIXES

JSON, NTRIPLES = "application/sparql-results+json", "application/n-triples"

POINT = "point look-up"
SHAPES = {
    POINT: "SELECT ?p ?o { $project ?p ?o }",
    "reverse look-up": "SELECT ?who { ?who ctl:participatesIn $project }",
    "star": """SELECT ?label ?site ?address {
        $cluster skos:prefLabel ?label ; org:hasPrimarySite ?site .
        ?site locn:address/locn:fullAddress ?address }""",
    "chain": """SELECT DISTINCT ?partner {
        $cluster ctl:participatesIn ?project . ?partner ctl:participatesIn ?project }""",
    "quotes": """SELECT ?graph ?quote {
        GRAPH ?graph { $project ?p ?o } OPTIONAL { ?graph oa:exact ?quote } }""",
    "optional": """SELECT ?project ?start ?acronym { ?project a ctl:Project
        OPTIONAL { ?project ctl:startDate ?start } OPTIONAL { ?project ctl:acronym ?acronym } }""",
    "grouped count": "SELECT ?class (COUNT(?x) AS ?count) { ?x a ?class } GROUP BY ?class",
    "grouped join": """SELECT ?status (COUNT(DISTINCT ?who) AS ?count) {
        ?project ctl:status ?status . ?who ctl:participatesIn ?project } GROUP BY ?status""",
    "path": "SELECT ?place (COUNT(?x) AS ?count) { ?x ctl:locatedIn+ ?place } GROUP BY ?place",
    "regex": "SELECT ?x { ?x oa:exact ?quote FILTER REGEX(?quote, '(prog|part).*[0-9]', 'i') }",
    "negation": """SELECT (COUNT(*) AS ?count) {
        ?who a org:Organization FILTER NOT EXISTS { ?who ctl:participatesIn ?project } }""",
    "construct": """CONSTRUCT { ?who skos:prefLabel ?label }
        { ?who a org:Organization ; skos:prefLabel ?label }""",
}
# The nodes that stand for $cluster and $project: those of a release that have most neighbours.
BUSIEST = """SELECT ?cluster ?project {
    { SELECT ?cluster { ?cluster a ctl:TechnologyCluster ; ctl:participatesIn ?x }
      GROUP BY ?cluster ORDER BY DESC(COUNT(*)) ?cluster LIMIT 1 }
    { SELECT ?project { ?x ctl:participatesIn ?project }
      GROUP BY ?project ORDER BY DESC(COUNT(*)) ?project LIMIT 1 } }"""
BESIEGED = POINT, "grouped count"  # what others ask while hostile clients do this
ENDLESS = "SELECT (COUNT(*) AS ?count) { ?a a ?b . ?c a ?d . ?e a ?f . ?g a ?h . ?i a ?j }"


@dataclass(frozen=True)
class Shape:
    """Queries of one kind, sent in turn, and the form in which their answers are asked."""

    name: str
    queries: tuple[str, ...]
    accept: str = JSON


def shapes(nodes: dict[str, str]) -> list[Shape]:
    """The twelve, over these nodes: "cluster" and "project"."""
    filled = []
    for name, text in SHAPES.items():
        for variable, iri in nodes.items():
            text = text.replace(f"${variable}", f"<{iri}>")
        filled.append(Shape(name, (prefixed(text),), NTRIPLES if name == "construct" else JSON))
    return filled


def questions() -> Shape:
    """The saved questions as one shape: each text as it is; one of them answers with a graph."""
    paths = sorted((root() / "queries").glob("*.rq"))
    texts = tuple(path.read_text("utf-8") for path in paths)
    return Shape("saved questions", texts, f"{JSON}, {NTRIPLES}")


def prefixed(query: str) -> str:
    """The query behind the PREFIX lines that it needs."""
    lines = [f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items() if f"{name}:" in query]
    return "".join(lines) + query
