"""Italian and English: every text that a reader sees passes through here.

The English text is the key. The catalogues are gettext files, `locale/<language>/LC_MESSAGES/ctlgraph.po`,
read as they are: no compiled file to forget. This module knows nothing of what the texts say.
"""

from __future__ import annotations

import gettext
import io
import os
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("it", "en")
LOCALE = Path(__file__).parent / "locale"


class Text(str):
    """A text of the catalogues, in English, that is translated when it is shown."""

    __slots__ = ()


def N_(text: str) -> Text:
    """Mark a text for the catalogues that is translated later, on its own or as a fact of another."""
    return Text(text)


def translate(text: str, lang: str, /, **facts: object) -> str:
    """Return the text in that language, with each `{fact}` filled in.

    A text without facts is left as it is, braces and all; a text that the catalogue misses stays English.
    A fact marked with N_ is translated too.
    """
    found = _catalogue(language(lang)).gettext(text) if text else text
    if not facts:
        return found
    return found.format(
        **{name: translate(fact, lang) if isinstance(fact, Text) else fact for name, fact in facts.items()}
    )


def language(preferred: str | None = None) -> str:
    """Return "it" or "en": what is preferred, else what the environment asks for, else English.

    >>> language("it-IT")
    'it'
    """
    asked = preferred or next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "en")
    code = asked.replace("-", "_").partition("_")[0].partition(".")[0].lower()
    return code if code in LANGUAGES else "en"


@cache
def _catalogue(lang: str) -> gettext.NullTranslations:
    compiled = io.BytesIO()
    with (LOCALE / lang / "LC_MESSAGES" / "ctlgraph.po").open("rb") as source:
        write_mo(compiled, read_po(source, locale=lang))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
