"""What surrounds a thing, drawn: every name in its place, a link behind it, the same each time."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from ctlgraph.charts.neighbourhood import MOST, Neighbour, Ring, chosen, narrow, wide

SVG = "{http://www.w3.org/2000/svg}"
RINGS = [
    Ring("Reti", [Neighbour("Vanguard Initiative", "/doc/network/vanguard"), Neighbour("<EUSALP> & co", "")]),
    Ring("Progetti", [Neighbour("Una forma avanzata di gestione dei fanghi " * 2, "/doc/p?a=1&b=2")]),
    Ring("Altri", [Neighbour(f"Cosa {n}", f"/doc/x/{n}") for n in range(9)]),
]  # fmt: skip


@pytest.mark.parametrize("draw", [wide, narrow])
def test_a_drawing_is_xml_with_its_names_and_links(draw: type) -> None:
    """Whatever is in a name; what has no address is no link."""
    root = ElementTree.fromstring(draw("A & B", RINGS, "Titolo <1>"))
    text = " ".join("".join(root.itertext()).split())
    assert root.attrib["aria-label"] == "Titolo <1>"
    assert "<EUSALP> & co" in text
    assert "Una forma avanzata" in text
    links = [each.attrib["href"] for each in root.iter(f"{SVG}a")]
    assert links[:2] == ["/doc/network/vanguard", "/doc/p?a=1&b=2"] or "/doc/p?a=1&b=2" in links
    assert len(links) == 11
    assert len(list(root.iter(f"{SVG}circle"))) == 12


@pytest.mark.parametrize("draw", [wide, narrow])
def test_no_name_lies_over_another_and_all_are_inside(draw: type) -> None:
    """On each side lines keep their distance; nothing lies outside of the frame."""
    root = ElementTree.fromstring(draw("Lombardy Energy Cleantech Cluster", RINGS, "t"))
    _, _, across, high = map(float, root.attrib["viewBox"].split())
    sides: dict[str, list[float]] = {}
    for text in root.iter(f"{SVG}text"):
        for line in text:
            x, y = float(line.attrib["x"]), float(line.attrib["y"])
            assert 0 <= x <= across
            assert 10 <= y <= high
            sides.setdefault(text.attrib.get("text-anchor", "start"), []).append(y)
    for lines in sides.values():
        assert all(low - up >= 14 for up, low in pairwise(sorted(lines)))


def test_many_neighbours_leave_room_for_each_kind() -> None:
    """So many are drawn, in turn from each ring, the first of each first; the same each time."""
    rings = [
        Ring("a", [Neighbour(str(n), "") for n in range(500)]),
        Ring("b", [Neighbour("x", "")]),
        Ring("c", []),
    ]
    found = chosen(rings)
    assert [(ring.heading, len(ring.neighbours)) for ring in found] == [("a", MOST - 1), ("b", 1)]
    assert found[0].neighbours == rings[0].neighbours[: MOST - 1]
    assert wide("x", found, "t") == wide("x", chosen(rings), "t")


def test_the_page_gives_the_colours() -> None:
    """No colour and no style stands in the drawing: the security policy would refuse the latter."""
    assert not re.search(
        r"style=|#[0-9a-f]{6}|fill=|stroke=", wide("x", RINGS, "t") + narrow("x", RINGS, "t")
    )
