"""What a check found: findings with their file and line, in Italian and English, and the report of them all.

It knows how findings are ordered, shown and written as a SHACL report, not how they come about.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.extras.shacl import build_shacl_path
from rdflib.paths import Path
from rdflib.term import Node

from ctlgraph.messages import N_, language, translate
from ctlgraph.sources import Location
from ctlgraph.vocabulary import BASE, PREFIXES, compact

SEVERITIES = {"violation": SH.Violation, "warning": SH.Warning, "info": SH.Info}

_WORDS = {"violation": N_("violation"), "warning": N_("warning"), "info": N_("info")}


@dataclass(frozen=True)
class Finding:
    """One thing that a shape or a reasoner reports.

    severity: "violation", "warning" or "info". focus, path, value: the node at fault, as SHACL has them.
    rule: the shape, or the named one that it is part of. component: the kind of constraint.
    messages: what is wrong and what to do, by language; description: what the rule asks, by language, if it
    says so. location: of the statement at fault, else of the type or the first statement of the node; None
    if all of these are derived.
    """

    severity: str
    focus: Node
    path: URIRef | Path | None
    value: Node | None
    rule: Node
    component: Node
    messages: Mapping[str, str]
    location: Location | None
    description: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the facts under their own names, with compact names of nodes, and file and line."""
        return {
            "severity": self.severity,
            "file": self.location and self.location.path,
            "line": self.location and self.location.line,
            "focus": name(self.focus),
            "path": self.path and name(self.path),
            "value": self.value and name(self.value),
            "rule": name(self.rule),
            "component": name(self.component),
            "description": dict(self.description),
            "messages": dict(self.messages),
        }


@dataclass(frozen=True)
class Report:
    """What all shapes report: violations first, then as one reads the files, always in the same order.

    owl: "consistent" or "inconsistent" if the reasoners were asked too (`owl.py`), else "not checked".
    """

    findings: tuple[Finding, ...]
    owl: str = "not checked"

    @property
    def conforms(self) -> bool:
        """True if nothing forbids a release: no finding is a violation."""
        return not self.counts["violation"]

    @property
    def counts(self) -> dict[str, int]:
        """The number of findings of each severity, the zeros too."""
        found = Counter(finding.severity for finding in self.findings)
        return {severity: found[severity] for severity in SEVERITIES}

    @cached_property
    def graph(self) -> Graph:
        """The same as a SHACL validation report, without blank nodes for its results."""
        graph = Graph(bind_namespaces="none")
        for prefix, namespace in PREFIXES.items():
            graph.bind(prefix, namespace)
        report = URIRef(BASE + "report")
        graph.add((report, RDF.type, SH.ValidationReport))
        graph.add((report, SH.conforms, Literal(not self.findings)))
        for number, finding in enumerate(self.findings, start=1):
            result = URIRef(f"{report}#{number}")
            graph.add((report, SH.result, result))
            for predicate, value in _statements(finding, graph):
                graph.add((result, predicate, value))
        return graph

    def lines(self, lang: str, *, rules: bool = True) -> Iterator[str]:
        """Yield a line for each finding and, indented, what the rule of those above asks."""
        for rule, neighbours in groupby(self.findings, key=lambda finding: finding.rule):
            findings = list(neighbours)
            yield from (render(finding, lang) for finding in findings)
            if rules:
                yield "    " + _asked(rule, findings[0].description.get(language(lang)), lang)

    def turtle(self) -> bytes:
        """Return the report as Turtle, byte for byte the same for the same findings."""
        return self.graph.serialize(format="turtle", encoding="utf-8")


def _statements(finding: Finding, graph: Graph) -> Iterable[tuple[URIRef, Any]]:
    yield RDF.type, SH.ValidationResult
    yield SH.resultSeverity, SEVERITIES[finding.severity]
    yield SH.focusNode, finding.focus
    yield SH.sourceShape, finding.rule
    yield SH.sourceConstraintComponent, finding.component
    if finding.path is not None:
        yield SH.resultPath, build_shacl_path(finding.path, graph)[0]
    if finding.value is not None:
        yield SH.value, finding.value
    for lang, message in finding.messages.items():
        yield SH.resultMessage, Literal(message, lang=lang)


def render(finding: Finding, lang: str) -> str:
    """Return one line: `data/ttl/doc-003/afil.trig:31: violation: cluster:afil skos:prefLabel: <message>`."""
    lang = language(lang)
    place = [str(finding.location)] if finding.location else []
    node = " ".join(name(part) for part in (finding.focus, finding.path) if part is not None)
    return ": ".join([*place, translate(_WORDS[finding.severity], lang), node, finding.messages[lang]])


def _asked(rule: Node, description: str | None, lang: str) -> str:
    if description is None:
        return translate(N_("rule: {rule}"), lang, rule=name(rule))
    return translate(N_("rule: {description} ({rule})"), lang, description=description, rule=name(rule))


def order(finding: Finding) -> tuple[Any, ...]:
    """By severity, then as one reads the files, then by name."""
    place = (finding.location.path, finding.location.line) if finding.location else ("", 0)
    facts = (finding.focus, finding.path, finding.rule, finding.component, finding.value)
    names = (name(fact) if fact is not None else "" for fact in facts)
    return (list(SEVERITIES).index(finding.severity), *place, *names, *finding.messages.values())


def name(node: Node | Path) -> str:
    """Return the compact name of an IRI, a path and a literal as SPARQL has them, "[]" for a blank node."""
    if isinstance(node, BNode):
        return "[]"
    if isinstance(node, URIRef):
        return compact(str(node))
    return re.sub("<([^<>]*)>", lambda iri: compact(iri[1]), node.n3())
