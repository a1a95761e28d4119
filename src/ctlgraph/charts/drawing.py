"""What runs in the process that draws: Vega-Lite in, SVG or PNG out, one after the other.

It ends when nobody can ask it any more, whatever became of who could, and after a while without work; the
kernel ends it at the time limit. It opens no address and no file of a specification.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import select
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from ctlgraph.charts.rendering import HEAD, TIME_S
from ctlgraph.charts.style import DRAWN_IN, RESERVE, SHOWN_IN

_FONTS = Path(__file__).parents[1] / "web" / "static" / "dist" / "fonts"
_IDLE_S = 600
_FINE = 2
_SVG = "http://www.w3.org/2000/svg"
_LONG = re.compile(r"-?\d*\.\d{3,}(?:e-?\d+)?")
_MEASURES = {"d", "transform", "x2", "y2", "width", "height"}
_DROPPED = ("aria-", "class", "role", "pointer-events")


def main() -> None:
    """Draw what standard input asks for, a line each, until it ends."""
    signal.alarm(TIME_S)
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints, prints to standard error
    while request := sys.stdin.buffer.readline():
        signal.alarm(TIME_S)  # its default ends the process, even in the middle of a drawing
        output.write(_reply(request))
        output.flush()
        signal.alarm(0)
        if not select.select([0], [], [], _IDLE_S)[0]:
            return


def _reply(request: bytes) -> bytes:
    try:
        asked = json.loads(request)
        answer = draw(asked["spec"], asked["form"])
    except (ValueError, ElementTree.ParseError) as error:  # what vl_convert raises
        answer = str(error).encode(errors="replace")
        return HEAD.pack(False, len(answer)) + answer
    return HEAD.pack(True, len(answer)) + answer


def draw(spec: Mapping[str, Any], form: str) -> bytes:
    """The drawing of a specification. Raises ValueError if Vega-Lite does not take it."""
    import vl_convert

    drawn = finished(vl_convert.vegalite_to_svg(_scaled(spec), allowed_base_urls=[]), spec)
    if form == "svg":
        return drawn.encode()
    if _FONTS.is_dir():
        vl_convert.register_font_directory(str(_FONTS))
    return bytes(vl_convert.svg_to_png(drawn, scale=_FINE))


def _scaled(part: Any) -> Any:
    """The specification with texts in reserve sizes, for which the drawing then makes room."""
    if isinstance(part, Mapping):
        return {
            name: value * RESERVE if name.lower().endswith("fontsize") else _scaled(value)
            for name, value in part.items()
        }
    return list(map(_scaled, part)) if isinstance(part, list | tuple) else part


def _rounded(number: re.Match[str]) -> str:
    """A hundredth of a pixel is enough, and the same on every machine."""
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def finished(svg: str, spec: Mapping[str, Any]) -> str:
    """The SVG with its finding as title, its text alternative as description, and one role: an image.

    What Vega says of each part, in English only, is left out.
    """
    root = ElementTree.fromstring(svg)  # noqa: S314  # Vega's own
    for element in root.iter():
        for name in [name for name in element.attrib if name.startswith(_DROPPED)]:
            del element.attrib[name]
        if element.get("font-family") == DRAWN_IN:
            size = float(element.attrib["font-size"].removesuffix("px")) / RESERVE
            element.attrib.update({"font-family": SHOWN_IN, "font-size": f"{size:g}px"})
        for name in _MEASURES & element.attrib.keys():
            element.set(name, _LONG.sub(_rounded, element.attrib[name]))
    mark = hashlib.sha256(svg.encode()).hexdigest()[:12]
    meta = spec["usermeta"]
    texts = {"title": meta["title"], "desc": spec["description"]}
    for place, (name, text) in enumerate(texts.items()):
        element = ElementTree.Element(f"{{{_SVG}}}{name}", id=f"{name}-{mark}")
        element.text = text
        root.insert(place, element)
    root.set("role", "img")
    root.set("lang", meta["lang"])
    root.set("aria-labelledby", f"title-{mark}")
    root.set("aria-describedby", f"desc-{mark}")
    ElementTree.register_namespace("", _SVG)
    return ElementTree.tostring(root, encoding="unicode")
