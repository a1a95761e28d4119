"""How every chart looks: colours, type, and texts that fit.

The colours were searched for, in OKLab, under normal sight and the three colour blindnesses of Machado,
Oliveira and Fernandes (2009): any two stay 0.12 apart, and each has a contrast of 3 to 1 with white at least,
as WCAG 2.2 asks of graphics (1.4.11). A test measures both.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

PALETTE = ("#0066cc", "#e07020", "#17324d", "#a0829b", "#2896fa", "#640000", "#644b7d", "#a53c0a")
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "stroke")
DASHES: tuple[list[int], ...] = (
    [1, 0],
    [7, 3],
    [2, 2],
    [10, 3, 2, 3],
    [5, 5],
    [12, 4],
    [1, 3],
    [8, 2, 2, 2, 2, 2],
)
PALE, DARK = "#d6e6f7", "#003366"
"""Between which a number's shade lies."""
INK, SOFT, LINE, EMPTY = "#17324d", "#455b71", "#dde4ea", "#eef1f4"

DRAWN_IN = "Liberation Sans, sans-serif"
"""What texts are measured in: it comes with the renderer, so that a chart is the same on every machine."""
SHOWN_IN = "Titillium Web, Liberation Sans, Arial, sans-serif"
"""What they are shown in where it is there; it is narrower, so that all that was measured fits."""

TEXT, SMALL, TITLE = 13, 12, 18
HIGH = TEXT + 3
"""Pixels from one line of a name to the next."""
ROW = 24
"""Pixels that a row of one line takes."""

RESERVE = 1.2
"""How much wider texts may be shown than they are measured: in DejaVu Sans, where no other font is there."""

_CONTROLS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
_UNFIT = re.compile(rf"[{_CONTROLS}\ud800-\udfff\ufffe\uffff]")
_NARROW, _WIDE = frozenset("iljtfrI.,:;'’|!()[] -"), frozenset("mwMW%@—")


def clean(text: str) -> str:
    """The text on one line, without what XML cannot carry or what turns its direction.

    >>> clean("a\\x00b\\n c")
    'a�b c'
    """
    return " ".join(_UNFIT.sub("\N{REPLACEMENT CHARACTER}", text).split())


def width(text: str, size: float = TEXT) -> float:
    """Pixels that a text takes at most, or nearly so."""
    return size * sum(
        0.34 if char in _NARROW else 0.9 if char in _WIDE else 0.72 if char.isupper() else 0.57
        for char in text
    )


def wrapped(text: str, characters: int, lines: int) -> list[str]:
    """The text in so many lines of so many characters, all of them about as long.

    What does not fit is left out, and "…" says so.

    >>> wrapped("Cluster Lombardo Scienze della Vita", 30, 2)
    ['Cluster Lombardo', 'Scienze della Vita']
    >>> wrapped("formal organization", 18, 2)
    ['formal', 'organization']
    >>> wrapped("Cluster Lombardo Scienze della Vita", 16, 1)
    ['Cluster…']
    """
    needed = len(textwrap.wrap(text, characters))
    if needed > lines:
        return textwrap.wrap(text, characters, max_lines=lines, placeholder="…")
    word = min(max(map(len, text.split()), default=1), characters)  # which is not broken if it fits
    least = max(-(-len(text) // (needed or 1)), word)
    tries = (textwrap.wrap(text, most) for most in range(least, characters + 1))
    return next((broken for broken in tries if len(broken) <= needed), [text])


def broken(names: Iterable[str], characters: int, lines: int) -> dict[str, str]:
    """Each name and how it is written on an axis, in so many lines; two never come out the same."""
    written: dict[str, str] = {}
    for name in names:
        text = "\n".join(wrapped(name, characters, lines))
        written[name] = text if text not in written.values() else f"{text} ({len(written) + 1})"
    return written


def names_axis(written: Mapping[str, str], *, top: bool = False) -> dict[str, Any]:
    """An axis of names, which stand in the middle of their rows, or on top with their last lines level."""
    most = max(text.count("\n") for text in written.values())

    def by_lines(first: float, step: float) -> dict[str, Any]:
        test = "length(split(datum.value, '\\n')) === {}"
        several = [{"test": test.format(n + 1), "value": first + n * step} for n in range(1, most + 1)]
        return {"condition": several, "value": first}

    place = (
        {"orient": "top", "labelPadding": by_lines(6, HIGH)}
        if top
        else {"labelOffset": by_lines(0, -HIGH / 2)}
    )
    split = "split(datum.value, '\\n')"
    return {"title": None, "domain": False, "ticks": False, "labelExpr": split, **place}


def shade(share: float) -> str:
    """The colour between PALE (0) and DARK (1)."""
    ends = (_channels(PALE), _channels(DARK))
    return "#" + "".join(f"{round(a + share * (b - a)):02x}" for a, b in zip(*ends, strict=True))


def ink_on(colour: str) -> str:
    """What to write with on this colour: white or black, one of which has a contrast of 4.5 to 1 at least."""
    return max(("#ffffff", "#000000"), key=lambda ink: contrast(ink, colour))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21. Source: WCAG 2.2, "contrast ratio"."""
    darker, lighter = sorted(map(_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour, 255)]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _channels(colour: str, most: int = 1) -> list[float]:
    return [int(colour[start : start + 2], 16) / most for start in (1, 3, 5)]


@cache
def config(lang: str) -> Mapping[str, Any]:
    """The configuration of Vega-Lite: everything that is the same in all charts of a language."""
    return {
        "aria": False,  # its labels would be English; the text alternative says all
        "background": "#ffffff",  # its own, so that it is read on dark pages
        "font": DRAWN_IN,
        "locale": _locale(lang),
        "padding": 16,
        "view": {"stroke": None},
        "title": {
            "anchor": "start",
            "frame": "bounds",
            "color": INK,
            "fontSize": TITLE,
            "lineHeight": TITLE + 5,
            "offset": 14,
            "subtitleColor": SOFT,
            "subtitleFontSize": TEXT,
            "subtitleLineHeight": TEXT + 5,
            "subtitlePadding": 8,
        },
        "axis": {
            "domainColor": SOFT,
            "gridColor": LINE,
            "labelColor": INK,
            "labelFlush": False,
            "labelFontSize": TEXT,
            "labelLimit": 0,
            "labelLineHeight": HIGH,
            "labelPadding": 6,
            "tickColor": SOFT,
            "titleColor": INK,
            "titleFontSize": TEXT,
            "titleLimit": 0,
            "titlePadding": 10,
        },
        "legend": {
            "labelColor": INK,
            "labelFontSize": TEXT,
            "labelLimit": 0,
            "orient": "top",
            "direction": "horizontal",
            "symbolSize": 140,
            "symbolStrokeWidth": 2,
            "titleColor": INK,
            "titleFontSize": TEXT,
            "titleLimit": 0,
            "offset": 12,
        },
        "text": {"color": INK, "fontSize": TEXT},
    }


def _locale(lang: str) -> Mapping[str, Any]:
    """Signs and names for axes, from the same source as those of the pages (CLDR, by Babel)."""
    from babel import Locale

    known = Locale.parse(lang)
    symbols = known.number_symbols["latn"]
    return {
        "number": {
            "minus": symbols["minusSign"],
            "decimal": symbols["decimal"],
            "thousands": symbols["group"],
            "grouping": [3],
            "currency": ["", " €"],
        },
        "time": {
            "dateTime": "%-d %B %Y, %H:%M",
            "date": "%-d %B %Y",
            "time": "%H:%M",
            "periods": ["AM", "PM"],
            "days": _from_sunday(known.days["format"]["wide"]),
            "shortDays": _from_sunday(known.days["format"]["abbreviated"]),
            "months": list(known.months["format"]["wide"].values()),
            "shortMonths": list(known.months["format"]["abbreviated"].values()),
        },
    }


def _from_sunday(days: Mapping[int, str]) -> Sequence[str]:
    return [days[(day - 1) % 7] for day in range(7)]
