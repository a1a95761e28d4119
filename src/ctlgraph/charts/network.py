"""A collaboration graph as a drawing: SVG with a title, a text in its place, and a link behind each node.

It is written here and not by Vega: hundreds of nodes, each a link that the keyboard reaches, names that do
not lie over one another, colours that the page may change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import sqrt
from xml.sax.saxutils import escape, quoteattr

from ctlgraph.charts.style import INK, PALETTE, SHOWN_IN, SOFT, clean, width, wrapped
from ctlgraph.collaboration import Collaboration, upper
from ctlgraph.collaboration.layout import MOST, layout
from ctlgraph.errors import ChartError
from ctlgraph.messages import N_, translate

_STEP = 125  # pixels between neighbours
_EDGE = 100  # around all
_SMALL, _LARGE = 6.0, 20.0  # radius of a node
_THIN, _THICK = 1.0, 7.0  # of a tie
_CHARACTERS, _LINES, _SIZE, _HIGH = 22, 3, 15, 17
_ALL_NAMES = 40  # up to so many nodes each has its name, above those that find room
_MANY = N_("there is no drawing of more than {most} nodes: choose a backbone, or the table")

Link = Callable[[str], str]
"""The address of an IRI."""


@dataclass(frozen=True)
class _Node:
    """What is drawn of a node; spoken: what a screen reader says of it."""

    iri: str
    lines: Sequence[str]
    spoken: str
    x: float
    y: float
    radius: float
    second: bool


@dataclass(frozen=True)
class _Box:
    """The room of a text or a sign."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        return not (
            self.right < other.left
            or other.right < self.left
            or self.bottom < other.top
            or other.bottom < self.top
        )


def network(graph: Collaboration, lang: str, title: str, *, link: Link = str) -> str:
    """The drawing of a graph, the size of a node by the weight of its ties. Nodes without one are left out.

    title: the finding. link: where a node leads. Raises ChartError for a graph without ties, or too large.
    """
    if len(graph.members) > MOST:
        raise ChartError(_MANY, most=MOST)
    places = layout(graph)
    if not places:
        raise ChartError(N_("there is no drawing: nothing is tied"))
    nodes = _nodes(graph, lang, places)
    names = _names(nodes)
    wide = max(node.x for node in nodes.values()) + _EDGE
    high = max(node.y for node in nodes.values()) + _EDGE
    text = _told(graph, lang)
    mark = sha256(f"{title}{text}".encode()).hexdigest()[:12]
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high:.0f}" width="{wide:.0f}"'
            f' height="{high:.0f}" role="group" class="network" lang="{lang}" aria-labelledby="title-{mark}"'
            f' aria-describedby="desc-{mark}" font-family={quoteattr(SHOWN_IN)} font-size="{_SIZE}">',
            f'<title id="title-{mark}">{escape(clean(title))}</title>',
            f'<desc id="desc-{mark}">{escape(clean(text))}</desc>',
            f'<g class="ties" stroke="{SOFT}" stroke-opacity="0.45" aria-hidden="true">',
            *_ties(graph, nodes),
            "</g>",
            *(_sign(place, node, names.get(node.iri), link) for place, node in nodes.items()),
            "</svg>",
        )
    )


def _nodes(graph: Collaboration, lang: str, places: Mapping[int, tuple[float, float]]) -> dict[int, _Node]:
    """By place in `members`, the lightest last, so that the heaviest lies on top and speaks first."""
    weights = graph.adjacency.sum(axis=1)
    ties = graph.adjacency.indptr[1:] - graph.adjacency.indptr[:-1]
    most = float(weights.max())
    order = sorted(places, key=lambda place: (-float(weights[place]), graph.members[place].iri))
    found = {}
    for place in order:
        node, (x, y) = graph.members[place], places[place]
        label = clean(node.label(lang))
        found[place] = _Node(
            node.iri,
            wrapped(label, _CHARACTERS, _LINES),
            translate(N_("{name}: ties {count}"), lang, name=label, count=int(ties[place])),
            _EDGE + x * _STEP,
            _EDGE / 2 + y * _STEP,
            _SMALL + (_LARGE - _SMALL) * sqrt(float(weights[place]) / most),
            place >= len(graph.nodes),
        )
    return found


def _ties(graph: Collaboration, nodes: Mapping[int, _Node]) -> list[str]:
    edges = upper(graph.adjacency)
    weights = [weight for _, _, weight in edges]
    least, span = min(weights), max(weights) - min(weights) or 1
    return [
        f'<line x1="{nodes[one].x:.1f}" y1="{nodes[one].y:.1f}" x2="{nodes[other].x:.1f}"'
        f' y2="{nodes[other].y:.1f}" stroke-width="{_THIN + (_THICK - _THIN) * (weight - least) / span:.1f}"'
        f' data-ends="{one} {other}"/>'
        for one, other, weight in edges
    ]


def _names(nodes: Mapping[int, _Node]) -> dict[str, tuple[float, float]]:
    """Where the first line of a name begins, for those that find room below, above or beside their sign."""
    taken = [_sign_box(node) for node in nodes.values()]
    placed: dict[str, tuple[float, float]] = {}
    for node in nodes.values():
        tries = [_name_box(node, dx, dy) for dx, dy in ((0, 1), (0, -1), (1, 0), (-1, 0))]
        free = [
            box for box in tries if not any(box.meets(other) for other in taken if other != _sign_box(node))
        ]
        if not free and len(nodes) > _ALL_NAMES:
            continue
        box = free[0] if free else tries[0]
        taken.append(box)
        placed[node.iri] = ((box.left + box.right) / 2, box.top + _SIZE)
    return placed


def _sign_box(node: _Node) -> _Box:
    return _Box(node.x - node.radius, node.y - node.radius, node.x + node.radius, node.y + node.radius)


def _name_box(node: _Node, dx: int, dy: int) -> _Box:
    """The room of a name on one side of its sign."""
    wide = max(width(line, _SIZE) for line in node.lines) / 2
    high = len(node.lines) * _HIGH / 2
    x, y = node.x + dx * (node.radius + wide + 4), node.y + dy * (node.radius + high + 3)
    return _Box(x - wide, y - high, x + wide, y + high)


def _sign(place: int, node: _Node, name: tuple[float, float] | None, link: Link) -> str:
    shape = f'<circle cx="{node.x:.1f}" cy="{node.y:.1f}" r="{node.radius:.1f}" fill="{PALETTE[0]}"/>'
    if node.second:
        side = node.radius * 1.7
        shape = (
            f'<rect x="{node.x - side / 2:.1f}" y="{node.y - side / 2:.1f}" width="{side:.1f}"'
            f' height="{side:.1f}" fill="{PALETTE[1]}"/>'
        )
    text = ""
    if name:
        x, y = name
        lines = "".join(
            f'<tspan x="{x:.1f}" y="{y + row * _HIGH:.1f}">{escape(line)} </tspan>'
            for row, line in enumerate(node.lines)
        )
        text = (
            f'<text text-anchor="middle" fill="{INK}" stroke="#ffffff" stroke-width="3"'
            f' stroke-linejoin="round" paint-order="stroke">{lines}</text>'
        )
    title = f"<title>{escape(node.spoken)}</title>"
    where = f'href={quoteattr(link(node.iri))} data-node="{place}"'
    spoken = "" if text else f" aria-label={quoteattr(node.spoken)}"
    return f"<a {where}{spoken}>{title}{shape}{text}</a>"


def _told(graph: Collaboration, lang: str) -> str:
    """The drawing in words: how many nodes and ties, and the strongest of them."""
    edges = sorted(upper(graph.adjacency), key=lambda edge: (-edge[2], edge[0], edge[1]))
    strongest = "; ".join(
        f"{graph.members[one].label(lang)} – {graph.members[other].label(lang)}"
        for one, other, _ in edges[:5]
    )
    tied = len({end for one, other, _ in edges for end in (one, other)})
    text = N_("Nodes: {nodes}, ties: {ties}; the strongest: {strongest}. The table has them all.")
    return translate(text, lang, nodes=tied, ties=len(edges), strongest=strongest)
