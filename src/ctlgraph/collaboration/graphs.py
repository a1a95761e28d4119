"""A collaboration graph: who takes part in what, as a release says, and its projection to one side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ctlgraph.catalogue import Steps, Words, number
from ctlgraph.collaboration.asked import KINDS, Asked
from ctlgraph.collaboration.projection import backbone, projected
from ctlgraph.collaboration.ties import Reader, labelled
from ctlgraph.collaboration.ties import Tie as RawTie
from ctlgraph.errors import CollaborationError
from ctlgraph.messages import LANGUAGES, N_, translate
from ctlgraph.vocabulary import compact

if TYPE_CHECKING:
    import networkx as nx  # type: ignore[import-untyped]
    from scipy.sparse import csr_array  # type: ignore[import-untyped]

_COVERS = N_(
    "Known from the sources: {kind} that take part in any, {tied} of {nodes}; tied to another, {joined} of"
    " {nodes}; {by} that join two or more, {shared} of {things}."
)
_BOTH = N_("not bipartite: {name} is on both sides")


@dataclass(frozen=True)
class Node:
    """A thing on one side: its IRI, its kind (a key of KINDS) and its labels by language."""

    iri: str
    kind: str
    labels: Words = field(default_factory=dict, compare=False)

    def label(self, lang: str) -> str:
        """Its label in that language, else in the other, else its IRI in short."""
        known = (self.labels[each] for each in (lang, "it", "en", "") if each in self.labels)
        return next(known, compact(self.iri))


@dataclass(frozen=True)
class Tie:
    """An edge of the two-mode graph, as places in `nodes` and `things`; what it rests on, each sorted.

    roles: slugs of the roles taken; passages: IRIs of named graphs; through: IRIs of what the two are tied by
    way of, where no statement joins them.
    """

    node: int
    thing: int
    roles: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    through: tuple[str, ...] = ()


@dataclass(frozen=True)
class Collaboration:
    """Who takes part in what. nodes: what the graph is of; things: what joins them, both sorted by IRI.

    ties: sorted by node and thing. release: its version, "" for files that were not validated. undated: ties
    left out because neither they nor their document have a year. Isolated nodes and things are kept.
    """

    asked: Asked
    nodes: tuple[Node, ...]
    things: tuple[Node, ...]
    ties: tuple[Tie, ...]
    release: str = ""
    undated: int = 0

    def __post_init__(self) -> None:
        """Raise CollaborationError for a thing on both sides."""
        both = {each.iri for each in self.nodes} & {each.iri for each in self.things}
        if both:
            raise CollaborationError(_BOTH, name=compact(min(both)))

    @property
    def two_mode(self) -> bool:
        """Whether the graph keeps both sides."""
        return self.asked.projection == "none"

    @cached_property
    def members(self) -> tuple[Node, ...]:
        """The nodes of the graph as it is asked for: of a two-mode graph both sides."""
        return (*self.nodes, *self.things) if self.two_mode else self.nodes

    @cached_property
    def incidence(self) -> csr_array:
        """Nodes by things: 1 where one takes part in the other."""
        import numpy as np
        from scipy.sparse import csr_array

        rows = np.fromiter((tie.node for tie in self.ties), np.int64, len(self.ties))
        columns = np.fromiter((tie.thing for tie in self.ties), np.int64, len(self.ties))
        shape = (len(self.nodes), len(self.things))
        return csr_array((np.ones(len(self.ties)), (rows, columns)), shape=shape)

    @cached_property
    def adjacency(self) -> csr_array:
        """The weights between `members`: symmetric, nothing on the diagonal."""
        weights = projected(self.incidence, self.asked.projection)
        return weights if self.asked.backbone is None else backbone(weights, self.asked.backbone)

    @cached_property
    def coverage(self) -> Mapping[str, int]:
        """What is known: of nodes how many take part in something and how many share that with another; of
        things in how many anyone takes part and how many join several nodes."""
        known = Counter(tie.thing for tie in self.ties)
        return {
            "nodes": len(self.nodes),
            "nodes tied": len({tie.node for tie in self.ties}),
            "nodes joined": len({tie.node for tie in self.ties if known[tie.thing] > 1}),
            "things": len(self.things),
            "things tied": len(known),
            "things shared": sum(count > 1 for count in known.values()),
            "ties": len(self.ties),
            "ties undated": self.undated,
        }

    @property
    def provenance(self) -> Mapping[str, str | int]:
        """Where the graph comes from: texts and numbers only, so that any writer of graphs takes it."""
        counts = {f"coverage: {name}": count for name, count in self.coverage.items()}
        return {**self.asked.facts(), "release": self.release or "files that were not validated", **counts}

    def covers(self, lang: str) -> str:
        """In words, how much of all this the sources tell."""
        known, by = self.coverage, N_("things") if self.asked.by == "all" else KINDS[self.asked.by]
        return translate(
            _COVERS,
            lang,
            kind=KINDS[self.asked.of],
            by=by,
            tied=number(known["nodes tied"], lang),
            joined=number(known["nodes joined"], lang),
            nodes=number(known["nodes"], lang),
            shared=number(known["things shared"], lang),
            things=number(known["things"], lang),
        )

    def shared(self, one: int, other: int) -> tuple[int, ...]:
        """The things that two nodes have in common, as places in `things`."""
        return tuple(sorted(self._things_of[one].keys() & self._things_of[other].keys()))

    def passages(self, one: int, other: int) -> tuple[str, ...]:
        """The passages behind what two nodes have in common, sorted."""
        found: set[str] = set()
        for thing in self.shared(one, other):
            found.update(self._things_of[one][thing].passages, self._things_of[other][thing].passages)
        return tuple(sorted(found))

    def graph(self) -> nx.Graph:
        """The graph as networkx has it, its provenance in ``graph.graph``.

        Nodes are IRIs with ``kind label_it label_en`` and, with two sides, ``bipartite``, 0 for what the
        graph is of. Edges have ``weight`` and ``passages``, one of two sides also ``roles through``, others
        ``shared``: IRIs between blanks. Every attribute is a text or a number, so that any writer of
        networkx takes it.
        """
        import networkx as nx

        graph = nx.Graph(**self.provenance)
        graph.add_nodes_from(self.attributed())
        graph.add_edges_from(self.edges())
        return graph

    def attributed(self) -> Iterator[tuple[str, dict[str, str | int]]]:
        """Each node of the graph and its attributes, as `graph` has them."""
        for place, node in enumerate(self.members):
            labels = {f"label_{lang}": node.label(lang) for lang in LANGUAGES}
            side = {"bipartite": int(place >= len(self.nodes))} if self.two_mode else {}
            yield node.iri, {"kind": node.kind, **labels, **side}

    def edges(self) -> Iterator[tuple[str, str, dict[str, str | float]]]:
        """Each edge and its attributes, as `graph` has them."""
        return self._two_mode_edges() if self.two_mode else self._edges()

    @cached_property
    def _things_of(self) -> Sequence[Mapping[int, Tie]]:
        found: list[dict[int, Tie]] = [{} for _ in self.nodes]
        for tie in self.ties:
            found[tie.node][tie.thing] = tie
        return found

    def _two_mode_edges(self) -> Iterator[tuple[str, str, dict[str, str | float]]]:
        for tie in self.ties:
            facts: dict[str, str | float] = {
                "weight": 1.0,
                "roles": " ".join(tie.roles),
                "passages": " ".join(tie.passages),
                "through": " ".join(tie.through),
            }
            yield self.nodes[tie.node].iri, self.things[tie.thing].iri, facts

    def _edges(self) -> Iterator[tuple[str, str, dict[str, str | float]]]:
        for one, other, weight in upper(self.adjacency):
            shared = " ".join(self.things[thing].iri for thing in self.shared(one, other))
            facts: dict[str, str | float] = {
                "weight": weight,
                "shared": shared,
                "passages": " ".join(self.passages(one, other)),
            }
            yield self.nodes[one].iri, self.nodes[other].iri, facts


def upper(adjacency: csr_array) -> list[tuple[int, int, float]]:
    """Each edge once, the smaller place first, in order."""
    from scipy.sparse import triu

    half = triu(adjacency, k=1).tocsr().tocoo()
    return list(zip(half.row.tolist(), half.col.tolist(), half.data.tolist(), strict=True))


def collaborating(asked: Asked, *, release: str = "") -> Steps[Collaboration]:
    """The collaboration graph that is asked for, from whatever data answer the SPARQL.

    release: the version of these data, "" if there is none. Raises CollaborationError if a thing stands on
    both sides.
    """
    reader = Reader(asked)
    ties: dict[tuple[str, str], RawTie] = {}
    nodes = yield from reader.nodes(asked.of)
    kinds: dict[str, str] = {}
    for side in asked.sides:
        for thing in (yield from reader.nodes(side)):
            kinds.setdefault(thing, side)
        for ends, tie in (yield from reader.ties(asked.of, side)).items():
            ties.setdefault(ends, RawTie()).add(tie)
    things = tuple(sorted(kinds))
    labels = yield from labelled((*nodes, *things))
    return Collaboration(
        asked,
        tuple(Node(iri, asked.of, labels.get(iri, {})) for iri in nodes),
        tuple(Node(iri, kinds[iri], labels.get(iri, {})) for iri in things),
        _placed(ties, nodes, things),
        release,
        reader.undated,
    )


def _placed(
    ties: Mapping[tuple[str, str], RawTie], nodes: Sequence[str], things: Sequence[str]
) -> tuple[Tie, ...]:
    left = {iri: place for place, iri in enumerate(nodes)}
    right = {iri: place for place, iri in enumerate(things)}
    placed = [
        Tie(left[a], right[b], *(tuple(sorted(part)) for part in (tie.roles, tie.passages, tie.through)))
        for (a, b), tie in ties.items()
    ]
    return tuple(sorted(placed, key=lambda tie: (tie.node, tie.thing)))
