"""Every statement leads to its source, and every name says in which language it is a name."""

import json

import pytest

from ctlgraph.release import Release
from ctlgraph.store import Store

NOT_FROM_A_SOURCE = """
PREFIX ctl: <https://w3id.org/ctlgraph/ontology#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX prov: <http://www.w3.org/ns/prov#>
SELECT DISTINCT ?graph WHERE {
  GRAPH ?graph { ?subject ?property ?value }
  FILTER (STRSTARTS(STR(?graph), "https://w3id.org/ctlgraph/graph/"))
  FILTER (?graph != <https://w3id.org/ctlgraph/graph/derived> && ?graph != <https://w3id.org/ctlgraph/graph/sources>)
  FILTER NOT EXISTS {
    ?graph a ctl:Passage ; prov:wasDerivedFrom ?document ; oa:exact ?quotation ;
      ctl:firstLine ?first ; ctl:lastLine ?last .
  }
  FILTER NOT EXISTS { ?graph a ctl:CuratedGraph ; ctl:certainty ?certainty ; ctl:reason ?reason }
  FILTER NOT EXISTS { ?graph a ctl:CollaborationGraph ; dct:source ?passage . ?passage a ctl:Passage }
}
"""
FACTS_OF_POSSIBLE_GRAPHS = """
PREFIX certainty: <https://w3id.org/ctlgraph/vocab/certainty/>
PREFIX ctl: <https://w3id.org/ctlgraph/ontology#>
SELECT DISTINCT ?graph ?property WHERE {
  GRAPH ?graph { ?graph ctl:certainty certainty:possible . ?subject ?property ?value }
  FILTER (?subject != ?graph && !CONTAINS(STR(?property), "#possibly"))
}
"""
EQUAL_NAMES_NOT_LISTED = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?thing ?italian WHERE {
  GRAPH ?one { ?thing skos:prefLabel ?italian }
  GRAPH ?other { ?thing skos:prefLabel ?english }
  FILTER (lang(?italian) = "it" && lang(?english) = "en" && STR(?italian) = STR(?english))
  FILTER (STRSTARTS(STR(?thing), "https://w3id.org/ctlgraph/id/"))
  FILTER (?other != <https://w3id.org/ctlgraph/graph/derived>)
  FILTER NOT EXISTS {
    GRAPH <https://w3id.org/ctlgraph/graph/curated/proper-names> { ?thing skos:prefLabel ?english }
  }
}
"""
UNNAMED = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?thing ?lang WHERE {
  ?thing a ?class .
  FILTER (STRSTARTS(STR(?thing), "https://w3id.org/ctlgraph/id/"))
  FILTER (!STRSTARTS(STR(?thing), "https://w3id.org/ctlgraph/id/address/"))
  VALUES ?lang { "it" "en" }
  FILTER NOT EXISTS { ?thing skos:prefLabel ?name FILTER (lang(?name) = ?lang) }
}
"""


@pytest.mark.parametrize(
    "query",
    [NOT_FROM_A_SOURCE, FACTS_OF_POSSIBLE_GRAPHS, EQUAL_NAMES_NOT_LISTED, UNNAMED],
    ids=[
        "graph without a source",
        "fact in a possible graph",
        "equal names not listed",
        "thing without a name",
    ],
)
def test_nothing_is_found(query: str, release: Release) -> None:
    answer = json.loads(Store.open(release.path).query(query).serialize("json"))
    found = [[cell["value"] for cell in row.values()] for row in answer["results"]["bindings"]]
    assert found == []
