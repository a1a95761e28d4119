"""Texts as readers compare them: case and accents do not count."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from functools import cache

_SPECIAL = r"\|.?*+(){}-[]^$"  # in a regular expression of XPath


def folded(text: object) -> str:
    """A text without case and accents.

    >>> folded("Mobilità")
    'mobilita'
    """
    parts = unicodedata.normalize("NFKD", str(text)).casefold()
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def pattern(text: str) -> str:
    """A regular expression, for SPARQL with the flag "i", that finds a text in whatever accents."""
    return "".join(f"[{_escaped(_forms(letter))}]" for letter in unicodedata.normalize("NFC", text))


def _forms(letter: str) -> str:
    plain = folded(letter)
    return letter + plain + _accented().get(plain, "") if len(plain) == 1 else letter


@cache
def _accented() -> dict[str, str]:
    """From a plain letter to its forms in European languages and to its small high and low ones."""
    found: dict[str, str] = defaultdict(str)
    for letter in map(chr, (*range(0xA1, 0x180), *range(0x2070, 0x20A0))):
        found[folded(letter)] += letter
    return found


def _escaped(letters: str) -> str:
    return "".join(f"\\{letter}" if letter in _SPECIAL else letter for letter in letters)
