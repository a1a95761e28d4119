"""What the graph says, in terms that a page can show: things with labels, statements with their sources.

Asks the query processes and reads their JSON; not how a page looks.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from ctlgraph.messages import N_, translate
from ctlgraph.vocabulary import BASE, PREFIXES, compact, passage

Ask = Callable[[str], Awaitable[bytes]]
"""Answers a SELECT with SPARQL results JSON."""

_PROLOGUE = "".join(
    f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n"
    for prefix in ("ctl", "dct", "foaf", "locn", "oa", "owl", "org", "prov", "rdf", "rdfs", "skos")
)
_LABELS = ("skos:prefLabel", "rdfs:label", "dct:title", "locn:fullAddress")
_BACKWARDS = {PREFIXES["skos"] + "narrower": N_("narrower")}  # stated the other way round alone
_STANDARD = {  # what the release does not label
    **_BACKWARDS,
    f"{BASE}graph/derived": N_("computed from other statements"),
    f"{BASE}graph/sources": N_("description by the project"),
    PREFIXES["rdf"] + "type": N_("kind"),
    PREFIXES["rdfs"] + "label": N_("label"),
    PREFIXES["rdfs"] + "subClassOf": N_("subclass of"),
    PREFIXES["rdfs"] + "subPropertyOf": N_("subproperty of"),
    PREFIXES["rdfs"] + "isDefinedBy": N_("defined in"),
    PREFIXES["owl"] + "versionInfo": N_("version"),
    PREFIXES["owl"] + "priorVersion": N_("earlier version"),
    PREFIXES["skos"] + "closeMatch": N_("close match"),
}
MEASURED = f"{BASE}graph/collaboration/"
"""How the names of graphs begin that hold what was measured."""
_DETAILS = (
    *_LABELS,
    "ctl:firstLine",
    "ctl:lastLine",
    "oa:exact",
    "prov:wasDerivedFrom",
    "ctl:certainty",
    "dct:issued",
)


@dataclass(frozen=True)
class Term:
    """An RDF term of an answer: its value, and "uri", "literal" or "bnode"."""

    value: str
    kind: str
    lang: str = ""
    datatype: str = ""


@dataclass(frozen=True)
class Thing:
    """An IRI as a reader sees it.

    lang: the label's language, if it is not the reader's. path: its address on the site, if it is ours.
    """

    iri: str
    label: str
    lang: str = ""
    path: str = ""

    def __str__(self) -> str:
        """Return the label, by which tables sort and filter."""
        return self.label


class Things(tuple[Thing, ...]):
    """Several things, such as the kinds of one."""

    __slots__ = ()

    def __str__(self) -> str:
        """Return their labels, by which tables sort and filter."""
        return ", ".join(map(str, self))


@dataclass(frozen=True)
class Source:
    """A named graph as the source of a statement.

    kind: "passage", with document and lines; "curated", with how sure it is; "derived"; "measured" of a
    collaboration graph; "described" for what the project says of its documents, terms and concepts.
    issued: the year, month or day of the document, "" if nobody says.
    """

    graph: Thing
    kind: str
    document: Thing | None = None
    first: int = 0
    last: int = 0
    quote: str = ""
    certainty: Thing | None = None
    issued: str = ""

    def __str__(self) -> str:
        """Return a text by which tables sort and filter."""
        return f"{self.document} {self.first}" if self.document else f"{self.kind}"


class Sources(tuple[Source, ...]):
    """The sources of one statement."""

    __slots__ = ()

    def __str__(self) -> str:
        """Return a text by which tables sort and filter."""
        return ", ".join(map(str, self))

    @property
    def as_of(self) -> str:
        """The year, month or day of the newest of their documents: as of then they say it; "" if unknown."""
        return max((source.issued for source in self), default="")


@dataclass(frozen=True)
class Labels:
    """What is known of the IRIs of a page, in the reader's language."""

    lang: str
    known: Mapping[str, Mapping[str, tuple[Term, ...]]] = field(default_factory=dict)

    def thing(self, iri: str) -> Thing:
        """The IRI with its label in the reader's language, else in another, else its short name."""
        texts = [term for name in _LABELS for term in sorted(self._all(iri, name), key=lambda t: t.value)]
        texts.sort(key=lambda term: (term.lang != self.lang, term.lang != ""))
        if not texts:
            return Thing(iri, _unlabelled(iri, self.lang), "", path_of(iri))
        lang = texts[0].lang
        return Thing(iri, texts[0].value, lang if lang != self.lang else "", path_of(iri))

    def term(self, iri: str) -> Thing:
        """A class or a property with the address of its page, which it has if it is in use."""
        thing = self.thing(iri)
        if iri in _BACKWARDS:
            return thing
        return replace(thing, path=path_of_term(iri) or thing.path)

    def source(self, graph: str) -> Source:
        """The named graph as a source."""
        thing = self.thing(graph)
        lines = passage(graph)
        if lines:
            document = self.thing(f"{BASE}id/source/{lines[0]}")
            quote = next((term.value for term in self._all(graph, "oa:exact")), "")
            issued = max((term.value for term in self._all(document.iri, "dct:issued")), default="")
            return Source(thing, "passage", document, lines[1], lines[2], quote, issued=issued)
        if graph.startswith(PREFIXES["curated"]):
            sure = next((self.thing(term.value) for term in self._all(graph, "ctl:certainty")), None)
            return Source(thing, "curated", certainty=sure)
        if graph.startswith(MEASURED):
            return Source(thing, "measured")
        return Source(thing, "derived" if graph == f"{BASE}graph/derived" else "described")

    def _all(self, iri: str, name: str) -> tuple[Term, ...]:
        return self.known.get(iri, {}).get(name, ())


def path_of(iri: str) -> str:
    """The address of an IRI of ours below the root of the site; "" for one of others.

    >>> path_of("https://w3id.org/ctlgraph/id/cluster/clm")
    '/doc/cluster/clm'
    >>> path_of("http://xmlns.com/foaf/0.1/homepage")
    ''
    """
    if not iri.startswith(BASE):
        return ""
    path = "/" + iri.removeprefix(BASE)
    return "/doc/" + path.removeprefix("/id/") if path.startswith("/id/") else path


def path_of_term(iri: str) -> str:
    """The address of the page of a term, "" for one without a prefix.

    >>> path_of_term("https://w3id.org/ctlgraph/ontology#Cluster")
    '/ontology/terms/ctl:Cluster'
    """
    name = compact(iri)
    return f"/ontology/terms/{name}" if name != iri else ""


def literal(text: str) -> str:
    """A text as a SPARQL string: JSON's escapes are SPARQL's too.

    >>> print(literal('a "b"'))
    "a \\"b\\""
    """
    return json.dumps(text, ensure_ascii=False)


async def rows(ask: Ask, query: str) -> list[dict[str, Term]]:
    """The solutions of a SELECT; what is unbound is left out. The usual prefixes are declared for it."""
    answer = json.loads(await ask(_PROLOGUE + query))
    return [
        {
            name: Term(cell["value"], cell["type"], cell.get("xml:lang", ""), cell.get("datatype", ""))
            for name, cell in row.items()
        }
        for row in answer["results"]["bindings"]
    ]


async def labels(ask: Ask, iris: Iterable[str], lang: str) -> Labels:
    """What is known of these IRIs, as a page in that language needs it."""
    wanted = set(iris)
    wanted |= {f"{BASE}id/source/{lines[0]}" for lines in map(passage, wanted) if lines}
    wanted |= {f"{BASE}vocab/certainty/{name}" for name in ("stated", "derived", "possible")}
    values = " ".join(f"<{iri}>" for iri in sorted(wanted))
    found: dict[str, dict[str, tuple[Term, ...]]] = {}
    # FILTER, not a second VALUES: the engine would join the two lists first, which takes ten times as long.
    query = f"SELECT ?x ?p ?v {{ VALUES ?x {{ {values} }} ?x ?p ?v FILTER(?p IN ({', '.join(_DETAILS)})) }}"
    for row in await rows(ask, query):
        of = found.setdefault(row["x"].value, {})
        name = compact(row["p"].value)
        of[name] = (*of.get(name, ()), row["v"])
    return Labels(lang, found)


def _unlabelled(iri: str, lang: str) -> str:
    """A name for what has no label: of a graph in words, else with its prefix if it has one, else the IRI."""
    lines = passage(iri)
    if lines:
        return _lines(*lines, lang)
    if iri in _STANDARD:
        return translate(_STANDARD[iri], lang)
    if iri.startswith(PREFIXES["curated"]):
        name = iri.removeprefix(PREFIXES["curated"]).replace("-", " ")
        return translate(N_("editorial decision: {name}"), lang, name=name)
    short = compact(iri)
    return short if short != iri else iri.removeprefix("mailto:").removeprefix("tel:")


def _lines(document: str, first: int, last: int, lang: str) -> str:
    one, several = N_("line {line}"), N_("lines {first}–{last}")
    number = translate(N_("doc. {number}"), lang, number=document.removeprefix("doc-"))
    return (
        f"{number}, {translate(one if first == last else several, lang, line=first, first=first, last=last)}"
    )
