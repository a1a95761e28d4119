"""Texts as readers compare them: case and accents do not count."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from functools import cache

_SPECIAL = r"\|.?*+(){}-[]^$&~#"  # in a regular expression, or in a class of letters of one


def folded(text: object) -> str:
    """A text without case and accents.

    >>> folded("Mobilità")
    'mobilita'
    """
    parts = unicodedata.normalize("NFKD", str(text)).casefold()
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def pattern(text: str) -> str:
    """A regular expression, for SPARQL with the flag "i", that finds a text with any accents and spaces."""
    return r"\s+".join("".join(map(_class, word)) for word in unicodedata.normalize("NFC", text).split())


@cache
def _class(letter: str) -> str:
    plain = folded(letter)
    forms = letter + plain + _accented().get(plain, "") if len(plain) == 1 else letter
    return "[" + "".join("\\" + form if form in _SPECIAL else form for form in dict.fromkeys(forms)) + "]"


@cache
def _accented() -> dict[str, str]:
    """From a plain letter to its forms in European languages and to its small high and low ones."""
    found: dict[str, str] = defaultdict(str)
    for letter in map(chr, (*range(0xA1, 0x180), *range(0x2070, 0x20A0))):
        found[folded(letter)] += letter
    return found
