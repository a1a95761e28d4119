"""The ontology as a page for people: every term with an example from the data, and queries as patterns.

Knows a store and the pattern queries of ``ontology/patterns``; writes Markdown in Italian or in English.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, StrictUndefined

from ctlgraph import release, sources
from ctlgraph.settings import releases_folder
from ctlgraph.store import Store
from ctlgraph.vocabulary import BASE, PREFIXES, compact

ANSWER_ROWS = 5
PAGES = {"en": "README.md", "it": "README.it.md"}

Row = dict[str, str]

_TERMS = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?term ?label ?meaning (MIN(?above) AS ?super) WHERE {
  GRAPH <https://w3id.org/ctlgraph/ontology> {
    ?term a ?kind ; rdfs:label ?label ; skos:definition|skos:scopeNote ?meaning .
    OPTIONAL { ?term rdfs:subClassOf|rdfs:subPropertyOf ?above }
  }
  FILTER (?kind IN (KINDS) && lang(?label) = "LANG" && lang(?meaning) = "LANG")
} GROUP BY ?term ?label ?meaning
"""
_INSTANCES = """
SELECT ?term (COUNT(DISTINCT ?thing) AS ?uses) (MIN(STR(?thing)) AS ?example) WHERE {
  ?thing a ?term .
  FILTER (STRSTARTS(STR(?thing), "https://w3id.org/ctlgraph/"))
} GROUP BY ?term
"""
_STATEMENTS = """
SELECT ?term (COUNT(*) AS ?uses) (MIN(?line) AS ?example) WHERE {
  { SELECT DISTINCT ?term ?subject ?object WHERE {
      GRAPH ?graph { ?subject ?term ?object }
      FILTER REGEX(STR(?graph), "^https://w3id.org/ctlgraph/(graph|vocab)/")
    } }
  BIND (IF(lang(?object) = "", "", CONCAT("@", lang(?object))) AS ?language)
  BIND (CONCAT("\\"", STR(?object), "\\"", ?language) AS ?literal)
  BIND (IF(isIRI(?object), CONCAT("<", STR(?object), ">"), ?literal) AS ?value)
  BIND (CONCAT("<", STR(?subject), "> ", ?value) AS ?line)
} GROUP BY ?term
"""
_CLASSES = """
SELECT DISTINCT ?term ?class WHERE {
  { SELECT DISTINCT ?term ?SIDE WHERE {
      GRAPH ?graph { ?subject ?term ?object }
      FILTER REGEX(STR(?graph), "^https://w3id.org/ctlgraph/(graph|vocab)/")
    } }
  GRAPH ?where { ?SIDE a ?class } FILTER (?where != <https://w3id.org/ctlgraph/graph/derived>)
} ORDER BY ?term ?class
"""
_SCHEMES = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?scheme ?label (COUNT(?concept) AS ?concepts) (GROUP_CONCAT(?name; separator=" · ") AS ?names) WHERE {
  { SELECT ?scheme ?label ?concept ?name WHERE {
      ?scheme a skos:ConceptScheme ; skos:prefLabel ?label .
      ?concept skos:inScheme ?scheme ; skos:prefLabel ?name .
      FILTER (lang(?label) = "LANG" && lang(?name) = "LANG")
    } ORDER BY ?concept }
} GROUP BY ?scheme ?label ORDER BY ?scheme
"""


class Term(NamedTuple):
    """A class or a property, as a row of the page; names are compact, `example` is Turtle or empty."""

    name: str
    label: str
    meaning: str
    above: str
    uses: int
    subjects: str
    objects: str
    example: str


class Pattern(NamedTuple):
    """A query that shows how the graph is asked, with the first rows of its real answer."""

    title: str
    query: str
    columns: list[str]
    rows: list[list[str]]
    more: int


@dataclass(frozen=True)
class Reference:
    """The facts that the page shows. store: a release; ontology: the project's folder of that name."""

    store: Store
    ontology: Path

    def page(self, lang: str) -> str:
        """The page in Markdown. lang: it or en."""
        source = files("ctlgraph").joinpath("templates", f"reference.{lang}.md.jinja").read_text("utf-8")
        markdown = Environment(
            undefined=StrictUndefined,
            keep_trailing_newline=True,
            autoescape=False,  # noqa: S701  nothing to escape in Markdown, and no text of a user
        )
        return markdown.from_string(source).render(
            prefixes=PREFIXES,
            base=BASE,
            chapters=[(kind, self.terms(kind, lang)) for kind in ("classes", "properties")],
            schemes=self.rows(_SCHEMES.replace("LANG", lang)),
            patterns=list(self.patterns(lang)),
            compact=compact,
        )

    def rows(self, query: str) -> list[Row]:
        """The solutions of a SELECT, each a mapping from variable to value as text."""
        answer = json.loads(self.store.query(query).serialize("json"))
        return [{name: cell["value"] for name, cell in row.items()} for row in answer["results"]["bindings"]]

    def terms(self, kind: str, lang: str) -> list[Term]:
        """Our terms first, then those of others. kind: classes or properties."""
        is_class = kind == "classes"
        kinds = (
            "owl:Class" if is_class else "owl:ObjectProperty, owl:DatatypeProperty, owl:AnnotationProperty"
        )
        used = self._instances if is_class else self._statements
        subjects, objects = ({}, {}) if is_class else (self._sides("subject"), self._sides("object"))
        found = self.rows(_TERMS.replace("KINDS", kinds).replace("LANG", lang))
        terms = [
            Term(
                name=compact(row["term"]),
                label=row["label"],
                meaning=row["meaning"],
                above=compact(row.get("super", "")),
                uses=int(used.get(row["term"], {}).get("uses", 0)),
                subjects=", ".join(subjects.get(row["term"], [])),
                objects=", ".join(objects.get(row["term"], [])),
                example=_example(row["term"], used.get(row["term"], {}), is_class=is_class),
            )
            for row in found
        ]
        return sorted(terms, key=lambda term: (not term.name.startswith("ctl:"), term.name.lower()))

    @cached_property
    def _instances(self) -> dict[str, Row]:
        return {row["term"]: row for row in self.rows(_INSTANCES)}

    @cached_property
    def _statements(self) -> dict[str, Row]:
        return {row["term"]: row for row in self.rows(_STATEMENTS)}

    def _sides(self, side: str) -> dict[str, list[str]]:
        """The asserted classes of the subjects or objects of each property."""
        sides: dict[str, list[str]] = {}
        for row in self.rows(_CLASSES.replace("SIDE", side)):
            sides.setdefault(row["term"], []).append(compact(row["class"]))
        return sides

    def patterns(self, lang: str) -> Iterator[Pattern]:
        """The queries of ``patterns/*.rq``, by name: a title in each language, then SPARQL."""
        for path in sorted((self.ontology / "patterns").glob("*.rq")):
            text = path.read_text("utf-8")
            titles = dict(re.findall(r"^# (it|en): (.*)$", text, re.MULTILINE))
            query = re.sub(r"^# (it|en): .*\n", "", text, flags=re.MULTILINE).strip()
            query = query.replace('"en"', f'"{lang}"')  # a pattern that shows labels shows the reader's
            answer = json.loads(self.store.query(query).serialize("json"))
            columns = answer["head"]["vars"]
            solutions = answer["results"]["bindings"]
            rows = [
                [_cell(row.get(column, {}).get("value", "")) for column in columns]
                for row in solutions[:ANSWER_ROWS]
            ]
            yield Pattern(titles[lang], query, columns, rows, max(0, len(solutions) - ANSWER_ROWS))


def write(store: Store, ontology: Path) -> None:
    """Write README.md and README.it.md into the ontology folder."""
    reference = Reference(store, ontology)
    for lang, name in PAGES.items():
        (ontology / name).write_text(reference.page(lang), "utf-8")


def _cell(value: str) -> str:
    """A value as the cell of a Markdown table."""
    return compact(value).replace("|", "\\|").replace("\n", " ")


def _example(term: str, use: Row, *, is_class: bool) -> str:
    """The example of the data as Turtle: `cluster:afil a ctl:TechnologyCluster .`"""
    found = use.get("example", "")
    if not found:
        return ""
    if is_class:
        return f"{_named(f'<{found}>')} a {compact(term)} ."
    subject, _, value = found.partition("> ")
    return f"{_named(subject + '>')} {compact(term)} {_named(value)} ."


def _named(text: str) -> str:
    """An IRI in angle brackets as a prefixed name where there is a prefix for it."""
    if not text.startswith("<"):
        return text
    name = compact(text[1:-1])
    return text if name == text[1:-1] else name


def main() -> None:
    """Write the pages of the project that this runs in, from its current data."""
    root = sources.root()
    built = release.build(root, releases_folder(root))
    write(Store.open(built.path), root / "ontology")


if __name__ == "__main__":
    main()
