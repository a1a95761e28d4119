"""Which documents an answer rests on."""

from __future__ import annotations

from collections.abc import Mapping

from ctlgraph.catalogue.answer import Steps, labelling
from ctlgraph.catalogue.evidence import sources
from ctlgraph.catalogue.question import Filled, Words
from ctlgraph.catalogue.sentence import day
from ctlgraph.catalogue.table import Cell, from_json
from ctlgraph.messages import LANGUAGES
from ctlgraph.vocabulary import PREFIXES

_FROM = PREFIXES["prov"] + "wasDerivedFrom"
_ISSUED = PREFIXES["dct"] + "issued"


def documents(filled: Filled) -> Steps[Mapping[str, Words]]:
    """The labels of the documents whose passages make the statements behind an answer, by IRI.

    That something is of a class counts only if nothing else is said. Behind a label stands in brackets when
    the document was issued, if that is known.
    """
    counted = from_json((yield sources(filled.saved, filled.text, {})))[1]
    said = [row for row in counted if row[1] and row[1].python is False] or counted
    graphs = " ".join(sorted({row[0].term for row in said if row[0]}))
    answer = yield (
        f"SELECT DISTINCT ?document ?issued WHERE {{ VALUES ?passage {{ {graphs} }}"
        f" ?passage <{_FROM}> ?document OPTIONAL {{ ?document <{_ISSUED}> ?issued }} }}"
        " ORDER BY ?document ?issued"
    )
    found = {document.value: issued for document, issued in from_json(answer)[1] if document}
    labels = yield from labelling(found)
    return {iri: _dated(labels.get(iri, {}), issued) for iri, issued in found.items()}


def _dated(labels: Words, issued: Cell | None) -> Words:
    if not issued:
        return labels
    days = {lang: day(issued.value, issued.datatype, lang) or issued.value for lang in LANGUAGES}
    return {lang: f"{text} ({days.get(lang, issued.value)})" for lang, text in labels.items()}
