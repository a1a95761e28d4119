"""The project's IRIs: the base, the prefixes, and the way from one form to the other.

It knows how names are built, not which of them exist: that is the ontology's to say.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

BASE = "https://w3id.org/ctlgraph/"

DOCUMENTS = ("doc-000", "doc-001", "doc-002", "doc-003")
TYPES = (
    "act", "address", "agent", "box", "call", "change", "cluster", "computation", "discrepancy",
    "event", "figure", "group", "initiative", "measurement", "membership", "network", "observation",
    "organisation", "parameter", "participation", "person", "place", "post", "programme", "project",
    "publication", "registration", "section", "service", "set", "site", "source", "statement",
    "story", "workpackage",
)  # fmt: skip
SCHEMES = (
    "act-type", "action", "attendance", "certainty", "change-type", "event-type", "frequency", "heading",
    "indicator", "industry", "legal-form", "level", "measure", "member-category", "network-type", "org-type",
    "participation-role", "period", "place-type", "pnrr", "precision", "registration-type", "role", "s3",
    "status", "technology", "unit",
)  # fmt: skip

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "bibo": "http://purl.org/ontology/bibo/",
    "ctl": BASE + "ontology#",
    "ctlsh": BASE + "shapes#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "rov": "http://www.w3.org/ns/regorg#",
    "schema": "http://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vann": "http://purl.org/vocab/vann/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "curated": BASE + "graph/curated/",
    "graph": BASE + "graph/",
    **{f"d{document[4:]}": f"{BASE}graph/{document}/" for document in DOCUMENTS},
    **{kind: f"{BASE}id/{kind}/" for kind in TYPES},
    "vocab": BASE + "vocab/",
    **{scheme.replace("-", ""): f"{BASE}vocab/{scheme}/" for scheme in SCHEMES},
}

_LOCAL = re.compile(r"\w[\w-]*\Z")
_PASSAGE = re.compile(
    re.escape(BASE) + r"graph/(?P<document>doc-[0-9]{3})/(?P<first>[0-9]+)-(?P<last>[0-9]+)\Z"
)


def expand(name: str) -> str:
    """Return the IRI of a name: `cluster:afil`, `id/cluster/afil`, `<https://...>` or the IRI itself.

    Raises KeyError, with the prefix, for a prefix that is not in PREFIXES.

    >>> expand("cluster:afil")
    'https://w3id.org/ctlgraph/id/cluster/afil'
    """
    name = name.removeprefix("<").removesuffix(">")
    if "://" in name or name.startswith("urn:"):
        return name
    prefix, colon, local = name.partition(":")
    return PREFIXES[prefix] + local if colon else BASE + name


def compact(iri: str) -> str:
    """Return the shortest name of an IRI, with its prefix, or the IRI as it is.

    >>> compact("https://w3id.org/ctlgraph/ontology#memberCount")
    'ctl:memberCount'
    >>> compact("https://example.org/")
    'https://example.org/'
    """
    for prefix, namespace in _LONGEST_FIRST:
        local = iri.removeprefix(namespace)
        if local != iri and all(map(_LOCAL.match, local.split("/"))):
            return f"{prefix}:{local}"
    return iri


_LONGEST_FIRST = sorted(PREFIXES.items(), key=lambda item: (-len(item[1]), item[0]))


def passage(iri: str) -> tuple[str, int, int] | None:
    """Return the document, first and last line of a passage graph, or None for another IRI.

    The lines are as written: the caller judges whether the first comes after the last.

    >>> passage("https://w3id.org/ctlgraph/graph/doc-003/152-154")
    ('doc-003', 152, 154)
    """
    found = _PASSAGE.match(iri)
    return (found["document"], int(found["first"]), int(found["last"])) if found else None


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that looks most like a name, or None if none comes close.

    >>> nearest("ctl:memberCuont", ["ctl:memberCount", "ctl:memberCategory"])
    'ctl:memberCount'
    """
    close = difflib.get_close_matches(name, sorted(candidates), n=1)
    return close[0] if close else None
