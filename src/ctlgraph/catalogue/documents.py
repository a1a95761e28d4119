"""Which documents an answer rests on."""

from __future__ import annotations

from collections.abc import Mapping

from ctlgraph.catalogue.answer import Steps, labelling
from ctlgraph.catalogue.evidence import sources
from ctlgraph.catalogue.question import Filled, Words
from ctlgraph.catalogue.table import from_json
from ctlgraph.vocabulary import PREFIXES

_FROM = PREFIXES["prov"] + "wasDerivedFrom"


def documents(filled: Filled) -> Steps[Mapping[str, Words]]:
    """The labels of the documents whose passages make the statements behind an answer, by IRI."""
    answer = yield sources(filled.saved, filled.text, {})
    graphs = " ".join(row[0].term for row in from_json(answer)[1] if row[0])
    answer = yield (
        f"SELECT DISTINCT ?document WHERE {{ VALUES ?passage {{ {graphs} }} ?passage <{_FROM}> ?document }}"
        " ORDER BY ?document"
    )
    found = [row[0].value for row in from_json(answer)[1] if row[0]]
    labels = yield from labelling(found)
    return {iri: labels.get(iri, {}) for iri in found}
