"""The service description: what ``/sparql`` says of itself in RDF, to a reader that sends no query.

It is the answer of a query like any other, so that the engine writes it in every format.
Source: https://www.w3.org/TR/sparql11-service-description/
"""

from __future__ import annotations

from ctlgraph.messages import LANGUAGES, N_, translate
from ctlgraph.web.served import Served

_FORMATS = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "TriG", "JSON-LD", "N-Quads", "RDF_XML"),
)
_TITLE = N_("A knowledge graph of the Lombardy technology clusters")
_NOT_VALIDATED = N_("Not validated: these are plain files, which no shape has seen. They are not a release.")


def query(endpoint: str, served: Served) -> str:
    """A query whose answer describes the service; its address is `endpoint`, an absolute IRI.

    The default graph of a release is the merge of its named graphs; of files it need not be.
    """
    merged = "<#service> sd:feature sd:UnionDefaultGraph ." if served.merged else ""
    root = endpoint.removesuffix("sparql")
    catalog = f", <{root}catalog>" if served.validated else ""
    return f"""BASE <{endpoint}>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX format: <http://www.w3.org/ns/formats/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
CONSTRUCT {{
  <#service> a sd:Service ;
    sd:endpoint <{endpoint}> ;
    sd:supportedLanguage sd:SPARQL10Query , sd:SPARQL11Query ;
    sd:resultFormat {" , ".join(f"format:{name}" for name in _FORMATS)} ;
    sd:defaultDataset <#dataset> .
  {merged}
  <#dataset> a sd:Dataset ; dct:title {_literals(_TITLE)} ;
    rdfs:seeAlso <{root}.well-known/void> {catalog} ;
    {"" if served.validated else f"rdfs:comment {_literals(_NOT_VALIDATED)} ;"}
    owl:versionInfo "{served.version}" ;
    sd:defaultGraph <#default> .
  <#default> a sd:Graph .
  <#dataset> sd:namedGraph ?graph .
  ?graph a sd:NamedGraph ; sd:name ?name .
}} WHERE {{
  OPTIONAL {{ GRAPH ?name {{ }} BIND(BNODE() AS ?graph) }}
}}"""


def _literals(text: str) -> str:
    return " , ".join(f'"{translate(text, lang)}"@{lang}' for lang in LANGUAGES)
