"""The drawing of a collaboration graph: where nodes stand, which names are shown, what it says."""

import random
import re
from itertools import combinations
from xml.etree import ElementTree

import pytest

from ctlgraph.charts.network import network
from ctlgraph.collaboration import Asked, Collaboration, Node, Tie
from ctlgraph.collaboration.layout import MOST, layout
from ctlgraph.errors import ChartError

SVG = "{http://www.w3.org/2000/svg}"


def graph(ties: list[tuple[int, int]], *, nodes: int, things: int, both: bool = False) -> Collaboration:
    """Nodes and things by number, and who takes part in what. both: whether both sides are kept."""
    named = [
        Node(f"https://example.org/{side}{place}", kind, {"it": f'{side.upper()} {place} <&">'})
        for side, kind, count in (("a", "clusters", nodes), ("b", "networks", things))
        for place in range(count)
    ]
    found = tuple(Tie(node, thing) for node, thing in sorted(ties))
    asked = Asked(projection="none" if both else "newman")
    return Collaboration(asked, tuple(named[:nodes]), tuple(named[nodes:]), found)


def many(nodes: int) -> Collaboration:
    """Each takes part in two of a third as many things."""
    draw = random.Random(7)
    things = nodes // 3
    ties = {(node, thing) for node in range(nodes) for thing in draw.sample(range(things), 2)}
    return graph(list(ties), nodes=nodes, things=things)


def boxes(svg: str) -> list[tuple[float, float, float, float]]:
    """About the room of each name."""
    found = []
    for text in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        lines = [(float(line.get("x", 0)), float(line.get("y", 0)), line.text or "") for line in text]
        wide = max(len(text) for _, _, text in lines) * 15 * 0.4
        x, y = lines[0][:2]
        found.append((x - wide / 2, y - 12, x + wide / 2, lines[-1][1]))
    return found


def test_neighbours_are_about_one_apart_and_nobody_stands_on_another() -> None:
    """Each part for itself; who has no tie has no place."""
    shown = graph([(0, 0), (1, 0), (2, 0), (3, 1), (4, 1)], nodes=6, things=2)
    places = layout(shown)
    assert sorted(places) == [0, 1, 2, 3, 4]
    assert min(x for x, _ in places.values()) == min(y for _, y in places.values()) == 0
    for (x, y), (x2, y2) in combinations(places.values(), 2):
        assert ((x - x2) ** 2 + (y - y2) ** 2) ** 0.5 > 0.5


def test_the_same_graph_is_drawn_the_same() -> None:
    """To the byte."""
    assert network(many(200), "it", "Titolo") == network(many(200), "it", "Titolo")


def test_each_tied_node_is_a_link_with_a_name_for_those_who_do_not_see_it() -> None:
    """Whatever letters are in it; the drawing has a title and says its strongest ties."""
    shown = graph([(0, 0), (1, 0), (2, 1)], nodes=3, things=2)
    svg = network(shown, "it", 'Più legami: "A"', link=lambda iri: f"{iri[-2:]}?a=1&b=2")
    root = ElementTree.fromstring(svg)
    links = {link.get("href"): link.findtext(f"{SVG}title") for link in root.iter(f"{SVG}a")}
    assert links == {"a0?a=1&b=2": 'A 0 <&">: legami 1', "a1?a=1&b=2": 'A 1 <&">: legami 1'}
    assert root.findtext(f"{SVG}title") == 'Più legami: "A"'
    assert 'A 0 <&"> – A 1 <&">' in (root.findtext(f"{SVG}desc") or "")
    ids = {element.get("id") for element in root.iter() if element.get("id")}
    assert {root.get("aria-labelledby"), root.get("aria-describedby")} == ids
    assert not re.search(r"style=|<script|<style", svg)


def test_a_graph_of_two_sides_shows_which_is_which() -> None:
    """Circles and squares."""
    root = ElementTree.fromstring(network(graph([(0, 0), (1, 0)], nodes=2, things=1, both=True), "it", ""))
    assert len(list(root.iter(f"{SVG}circle"))) == 2
    assert len(list(root.iter(f"{SVG}rect"))) == 1


def test_nine_names_are_all_shown_and_three_hundred_as_far_as_there_is_room() -> None:
    """Where there are many, none lies over another, and the most tied come first."""
    nine = graph([(node, node % 2) for node in range(9)], nodes=9, things=2)
    assert len(boxes(network(nine, "it", ""))) == 9
    large = many(300)
    shown = boxes(network(large, "it", ""))
    assert 100 < len(shown) <= 300
    for (left, top, right, bottom), other in combinations(shown, 2):
        assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top


def test_what_cannot_be_drawn_is_said() -> None:
    """No ties, or more nodes than anyone could look at."""
    with pytest.raises(ChartError, match="nothing is tied"):
        network(graph([], nodes=3, things=1), "it", "")
    with pytest.raises(ChartError, match=str(MOST)):
        network(graph([(0, 0)], nodes=MOST + 1, things=1), "it", "")
