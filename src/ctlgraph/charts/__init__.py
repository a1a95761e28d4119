"""Charts of answers: Vega-Lite from the `chart` of a saved query, drawn to SVG and PNG without a browser.

One declaration makes the chart of the page, of the file, of the command line and of the notebook.
Specifications are plain dictionaries, as Vega-Lite is JSON: altair, which would build the same ones, takes a
second to import and 41 MiB in the server. It opens them as they are (`altair.Chart.from_dict`), and the tests
hold each of them to its schema.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ctlgraph.catalogue import Table
from ctlgraph.charts import bars, grids, lines, links, places
from ctlgraph.charts.picture import Picture, picture
from ctlgraph.charts.rendering import RENDERER
from ctlgraph.charts.style import config, wrapped
from ctlgraph.charts.words import words

__all__ = ["close", "description", "png", "png_soon", "spec", "svg", "svg_soon"]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"

_MARKS: Mapping[str, Callable[[Picture], dict[str, Any]]] = {
    "bar": bars.bars,
    "stacked": bars.bars,
    "grouped": bars.bars,
    "line": lines.lines,
    "timeline": lines.timeline,
    "matrix": grids.matrix,
    "map": places.province_map,
    "graph": links.links,
}
_NOTES: Mapping[str, Callable[[Picture], list[str]]] = {
    "graph": links.link_notes,
    "map": places.map_notes,
    "matrix": grids.matrix_notes,
}
_ACROSS = 66
"""Characters of a title's line."""


def spec(table: Table, lang: str) -> dict[str, Any]:
    """The chart of an answer as Vega-Lite. Raises ChartError, with the reason, if it cannot be drawn."""
    shown = _picture(table, lang)
    return {
        "$schema": SCHEMA,
        "usermeta": {"lang": lang, "title": shown.title},
        "description": words(shown),
        "config": config(lang),
        "title": _title(shown),
        **_MARKS[shown.mark](shown),
    }


def _picture(table: Table, lang: str) -> Picture:
    shown = picture(table, lang)
    notes = _NOTES.get(shown.mark)
    return replace(shown, notes=(*shown.notes, *notes(shown))) if notes else shown


def _title(shown: Picture) -> dict[str, Any]:
    """The finding, below it the question and what is left out."""
    below = wrapped(shown.subtitle, _ACROSS + 20, 2)
    for note in shown.notes:
        below += wrapped(note, _ACROSS + 20, 2)
    return {"text": wrapped(shown.title, _ACROSS, 4), "subtitle": below}


def description(table: Table, lang: str) -> str:
    """What the chart shows, in words, for those who do not see it. Raises ChartError as `spec` does."""
    return words(_picture(table, lang))


def svg(table: Table, lang: str) -> str:
    """The chart as SVG: it has a title and a description, a ground of its own, no script, style or link."""
    return RENDERER.draw(spec(table, lang), "svg").decode()


def png(table: Table, lang: str) -> bytes:
    """The chart as PNG, twice as fine as a screen."""
    return RENDERER.draw(spec(table, lang), "png")


async def svg_soon(table: Table, lang: str) -> str:
    """As `svg`, while the event loop goes on."""
    return (await RENDERER.draw_soon(spec(table, lang), "svg")).decode()


async def png_soon(table: Table, lang: str) -> bytes:
    """As `png`, while the event loop goes on."""
    return await RENDERER.draw_soon(spec(table, lang), "png")


def close() -> None:
    """End the process that draws; the next chart starts another."""
    RENDERER.close()
