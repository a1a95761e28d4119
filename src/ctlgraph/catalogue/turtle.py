"""The catalogue as RDF, for other editors of SPARQL: SHACL's SPARQL executables.

The form is that of https://github.com/sib-swiss/sparql-examples.
"""

from __future__ import annotations

import re

from ctlgraph.catalogue.question import Catalogue, SavedQuery, Words
from ctlgraph.parameters import quote
from ctlgraph.vocabulary import BASE

_PREFIXES = {
    "dct": "http://purl.org/dc/terms/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_DECLARED = re.compile(r"(?i)PREFIX\s+(?P<prefix>[\w-]*):\s*<(?P<iri>[^>]*)>")


def as_turtle(catalogue: Catalogue) -> bytes:
    """Every saved query with its title, description, tags and text; the prefixes that it declares."""
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in _PREFIXES.items())
    declared = dict(_DECLARED.findall("".join(saved.prologue for saved in catalogue.values())))
    prefixes = " ,\n".join(
        f'    [ sh:prefix "{prefix}" ; sh:namespace "{iri}"^^xsd:anyURI ]'
        for prefix, iri in sorted(declared.items())
    )
    shared = f"<{BASE}queries> sh:declare\n{prefixes} .\n" if declared else ""
    return "\n".join([head, shared, *map(_query, catalogue.values())]).encode()


def _query(saved: SavedQuery) -> str:
    kind = saved.kind
    body = "\n".join(line for line in saved.text.splitlines() if not line.startswith("#+"))
    tags = " , ".join(map(quote, saved.tags))
    return (
        f"<{BASE}queries/{saved.name}> a sh:SPARQLExecutable , sh:SPARQL{kind.title()}Executable ;\n"
        f"    rdfs:label {_words(saved.title)} ;\n"
        f"    dct:description {_words(saved.description)} ;\n"
        f"    schema:keywords {tags} ;\n"
        f"    sh:prefixes <{BASE}queries> ;\n"
        f"    sh:{kind} {quote(body)} .\n"
    )


def _words(words: Words) -> str:
    return " , ".join(f"{quote(text)}@{lang}" for lang, text in words.items())
