"""How the main classes hang together: the properties between them, drawn and as a table.

Which classes are main, and where each stands, is said here; what leads from one to the other is read off the
data, of large ones a part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ctlgraph.charts.relations import Arrow, Box, Cell, relations
from ctlgraph.charts.tree import Branch, tree
from ctlgraph.messages import N_, translate
from ctlgraph.vocabulary import BASE, expand
from ctlgraph.web.site.facts import Ask, Labels, Term, Thing, labels, path_of_term, rows
from ctlgraph.web.site.rendering import number
from ctlgraph.web.site.term import LOOKED_AT

PLACES: Mapping[str, Cell] = {
    "ctl:Passage": (0, 0),
    "ctl:SourceDocument": (1, 0),
    "ctl:MemberObservation": (2, 0),
    "org:Membership": (0, 1),
    "ctl:TechnologyCluster": (1, 1),
    "ctl:Network": (2, 1),
    "org:FormalOrganization": (0, 2),
    "ctl:Participation": (1, 2),
    "ctl:PolicyInstrument": (2, 2),
    "ctl:FundingProgramme": (0, 3),
    "ctl:FundingCall": (1, 3),
    "ctl:Project": (2, 3),
}
"""The main classes with their places in the drawing: neighbours are those that have most to do."""

_LEAST = 2  # things that a property has to be said of to be drawn
_IRIS = {expand(name): cell for name, cell in PLACES.items()}
_CLASSES = " ".join(PLACES)
_DERIVED = f"<{BASE}graph/derived>"
_NO_CLUSTER = "FILTER NOT EXISTS { ?s a ctl:TechnologyCluster }"  # which is an organisation too
_OF_ONE = f"""{{ SELECT ?s {{ ?s a CLASS OTHER }} LIMIT {LOOKED_AT} }} GRAPH ?g {{ ?s ?p ?o }}
    FILTER(?g != {_DERIVED}) ?o a ?b VALUES ?b {{ {_CLASSES} }} BIND(CLASS AS ?a)
    FILTER(?b != org:FormalOrganization || NOT EXISTS {{ ?o a ctl:TechnologyCluster }})"""


def _of_one(name: str) -> str:
    """What leads from the things of a class to those of the main classes, derived short cuts aside."""
    return _OF_ONE.replace("CLASS", name).replace("OTHER", _NO_CLUSTER * (name == "org:FormalOrganization"))


_TIES = f"""SELECT ?a ?p ?b (COUNT(DISTINCT ?s) AS ?n)
    {{ {" UNION ".join(f"{{ {_of_one(name)} }}" for name in PLACES)} }} GROUP BY ?a ?p ?b"""


@dataclass(frozen=True)
class Tie:
    """A property between two main classes, and of how many things of the first it is said."""

    start: Thing
    property: Thing
    end: Thing
    count: int


@dataclass(frozen=True)
class Model:
    """The ties, those of a class together, the strongest first; the drawings, for wide and narrow screens."""

    ties: tuple[Tie, ...]
    drawings: tuple[Markup, ...]


async def model(ask: Ask, lang: str, url: Callable[[str], str]) -> Model | None:
    """The main classes with what is between them; None if the data have none of that."""
    found = [row for row in await rows(ask, _TIES) if "p" in row]
    iris = {row[name].value for row in found for name in "apb"}
    known = await labels(ask, iris, lang)
    ties = _ties(found, known)
    title = translate(N_("The main classes and the properties that lead from one to the other"), lang)
    wide, narrow = _wide(ties, title, url), _narrow(ties, title, url, lang)
    return Model(ties, (Markup(wide), Markup(narrow))) if wide else None  # noqa: S704  # escaped


def _ties(found: Sequence[Mapping[str, Term]], known: Labels) -> tuple[Tie, ...]:
    ties = []
    for row in found:
        start, relation, end = (known.thing(row[name].value) for name in "apb")
        ties.append(Tie(start, relation, end, int(row["n"].value)))
    order = list(_IRIS)
    return tuple(sorted(ties, key=lambda t: (order.index(t.start.iri), -t.count, t.property.iri, t.end.iri)))


def _wide(ties: Sequence[Tie], title: str, url: Callable[[str], str]) -> str:
    """The strongest tie between any two, if it is said of enough things; the table has all."""
    strongest: dict[frozenset[str], Tie] = {}
    for tie in sorted(ties, key=lambda tie: -tie.count):
        if tie.count >= _LEAST and tie.start != tie.end:
            strongest.setdefault(frozenset((tie.start.iri, tie.end.iri)), tie)
    arrows = [
        Arrow(_IRIS[tie.start.iri], _IRIS[tie.end.iri], tie.property.label, _address(tie.property, url))
        for tie in strongest.values()
    ]
    things = {each.iri: each for tie in ties for each in (tie.start, tie.end)}
    boxes = {_IRIS[iri]: Box(each.label, _address(each, url)) for iri, each in things.items()}
    return relations(boxes, arrows, title)


def _narrow(ties: Sequence[Tie], title: str, url: Callable[[str], str], lang: str) -> str:
    below: dict[Thing, list[Branch]] = {}
    for tie in ties:
        if tie.count >= _LEAST:
            name = f"{tie.property.label} → {tie.end.label}"
            branch = Branch(name, f"({number(tie.count, lang)})", _address(tie.property, url))
            below.setdefault(tie.start, []).append(branch)
    roots = [Branch(each.label, "", _address(each, url), found) for each, found in below.items()]
    return tree(roots, title, columns=1)


def _address(thing: Thing, url: Callable[[str], str]) -> str:
    path = path_of_term(thing.iri)
    return url(path) if path else ""
