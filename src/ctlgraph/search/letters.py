"""Texts as readers compare them: case and accents do not count."""

from __future__ import annotations

import unicodedata


def folded(text: object) -> str:
    """A text without case and accents.

    >>> folded("Mobilità")
    'mobilita'
    """
    parts = unicodedata.normalize("NFKD", str(text)).casefold()
    return "".join(letter for letter in parts if not unicodedata.combining(letter))
