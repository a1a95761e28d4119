"""Others' names for what the catalogue says: file types, licences, languages, places.

Authority concepts of the European Union and of ADMS by their IRIs; none is invented.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rdflib import Namespace, URIRef

FILE_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "nq": "RDF_N_QUADS",
        "trig": "RDF_TRIG",
        "ttl": "RDF_TURTLE",
        "nt": "RDF_N_TRIPLES",
        "jsonld": "JSON_LD",
        "rdf": "RDF_XML",
        "rdf12": "RDF_TURTLE",
        "csv": "CSV",
        "parquet": "PARQUET",
        "graphml": "XML",
        "geojson": "GEOJSON",
        "sparql": "SPARQLQ",
    }
)
"""The European Union's code for each form of a file."""

IANA = "https://www.iana.org/assignments/media-types/"
REGISTERED = {"application/graphml+xml": "application/xml"}  # which IANA does not know
EU = Namespace("http://publications.europa.eu/resource/authority/")
LICENCES = {"https://creativecommons.org/licenses/by/4.0/": EU["licence/CC_BY_4_0"]}
ATTRIBUTION = URIRef("http://purl.org/adms/licencetype/Attribution")
PRIVATE = URIRef("http://purl.org/adms/publishertype/PrivateIndividual(s)")
LANGUAGE = {"it": EU["language/ITA"], "en": EU["language/ENG"]}
SHA256 = URIRef("https://spdx.org/rdf/terms#checksumAlgorithm_sha256")
"""With the https that mdr-vocabularies.shape.ttl of DCAT-AP 3.0.1 requires, where its terms have http."""
LOMBARDY = URIRef("https://sws.geonames.org/3174618/")
BOUNDS = (8.4983, 44.6808, 11.4273, 46.6352)  # of the provinces in lombardia-province.geojson
WKT = URIRef("http://www.opengis.net/ont/geosparql#wktLiteral")
SHACL = URIRef("https://www.w3.org/TR/shacl/")
PROTOCOL = URIRef("https://www.w3.org/TR/sparql11-protocol/")
