"""How a page is made: templates, the reader's language, numbers and dates, links, what every page says.

Knows nothing of what single pages show. Every link carries the path that the site is served under, and the
language if the reader chose one by ``?lang=``: there are no cookies.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from types import CodeType
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup
from starlette.requests import Request

from ctlgraph.messages import LANGUAGES, N_, translate
from ctlgraph.vocabulary import BASE
from ctlgraph.web.negotiation import reader_language
from ctlgraph.web.service import Service
from ctlgraph.web.site.assets import manifest
from ctlgraph.web.site.facts import Term

_NAMES = {"it": "Italiano", "en": "English"}
_LOCALES = {"it": "it_IT", "en": "en_GB"}
_IN_PATHS = "/:@!$&'()*+,;=~"


@dataclass(frozen=True)
class Crumb:
    """A step of the way from the home page; the last, where the reader is, has no path."""

    label: str
    path: str = ""


@dataclass(frozen=True)
class Links:
    """Addresses within the site, as one request sees them.

    root: the path before every path of the site, "" or like "/graph"; path: of this page, below the root.
    prefix: the end of the root that leads to an earlier release.
    """

    root: str
    path: str
    asked: tuple[tuple[str, str], ...] = ()
    prefix: str = ""

    @classmethod
    def of(cls, request: Request, service: Service) -> Links:
        """The links of the page that answers a request."""
        root = urlsplit(service.settings.base_url or "").path.rstrip("/") + service.prefix
        asked = tuple(parse_qsl(request.url.query, keep_blank_values=True))
        return cls(root, request.scope["path"], asked, service.prefix)

    def url(self, path: str, **query: object) -> str:
        """A path of the site, with the language that the reader chose and these parameters."""
        path, _, fragment = path.partition("#")
        chosen = dict(self.asked).get("lang")
        return self._join(path, ({"lang": chosen} if chosen in LANGUAGES else {}) | query, fragment)

    def whole(self, path: str) -> str:
        """A path of the site that is not of one release, or is of the current one."""
        return replace(self, root=self.root.removesuffix(self.prefix)).url(path)

    def here(self, **changes: object) -> str:
        """The address of this page with some parameters changed, or left out where None."""
        return self._join(self.path, dict(self.asked) | changes)

    def at(self, path: str) -> str:
        """The address of another page, with all that was asked of this one."""
        return self._join(path, dict(self.asked))

    def asset(self, name: str) -> str:
        """The address of a file of the front end, "" if it was not built."""
        root = self.root.removesuffix(self.prefix)
        return f"{root}/static/{manifest()[name]}" if name in manifest() else ""

    def _join(self, path: str, query: Mapping[str, object], fragment: str = "") -> str:
        kept = {name: value for name, value in query.items() if value is not None}
        parameters = f"?{urlencode(kept, errors='replace')}" if kept else ""
        return self.root + quote(path, _IN_PATHS) + parameters + (f"#{quote(fragment)}" if fragment else "")


async def render(
    request: Request, service: Service, template: str, /, *, crumbs: tuple[Crumb, ...] = (), **context: Any
) -> bytes:
    """Return a page in the reader's language, made in a thread so that others are answered meanwhile.

    crumbs: the way from the home page, which is left out.
    """
    lang = reader_language(request)
    links = Links.of(request, service)
    everywhere = {
        "served": service.current.served,
        "contact": service.settings.contact,
        "lang": lang,
        "languages": [(code, _NAMES[code], links.here(lang=code)) for code in LANGUAGES],
        "url": links.url,
        "whole": links.whole,
        "earlier": bool(links.prefix),
        "here": links.here,
        "asset": links.asset,
        "asked": dict(links.asked),
        "path": links.path,
        "address": service.base(request.scope) + links.here().removeprefix(f"{links.root}/"),
        "crumbs": crumbs,
        "base": BASE,
    }
    return await asyncio.to_thread(_rendered, lang, template, everywhere | context)


def _rendered(lang: str, template: str, context: Mapping[str, Any]) -> bytes:
    return _environment(lang).get_template(template).render(context).encode()


class _Compiled(BytecodeCache):
    """Templates as they were compiled for one language: for the other they need not be compiled again."""

    def __init__(self) -> None:
        self._known: dict[str, CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is known."""
        bucket.code = self._known.get(bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what has been compiled."""
        if bucket.code is not None:
            self._known[bucket.key] = bucket.code


_COMPILED = _Compiled()


@cache
def _environment(lang: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("ctlgraph.web"),
        autoescape=True,
        undefined=StrictUndefined,
        bytecode_cache=_COMPILED,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["_"] = partial(_text, lang)
    for form in (number, day, when, literal, language, shown, sentence, size):
        environment.filters[form.__name__] = partial(form, lang=lang)
    return environment


def _text(lang: str, text: str, /, **facts: object) -> str:
    """Return a text of the catalogues; HTML if one of its facts is, the others then escaped."""
    if any(isinstance(fact, Markup) for fact in facts.values()):
        return Markup(translate(text, lang)).format(**facts)  # noqa: S704  # the catalogues are ours
    return translate(text, lang, **facts)


def number(value: float, lang: str) -> str:
    """Return a number in the reader's form.

    >>> number(12345.5, "it"), number(12345.5, "en")
    ('12.345,5', '12,345.5')
    """
    return format_decimal(value, locale=_LOCALES[lang])


def day(value: str, lang: str) -> str:
    """Return a year, month or day (2022, 2024-03, 2024-03-14) in the reader's words; another text as it is.

    >>> day("2024-03-14", "it"), day("2024-03", "en"), day("2022", "it")
    ('14 marzo 2024', 'March 2024', '2022')
    """
    try:
        if len(value) == len("2024-03"):
            return format_skeleton("yMMMM", date.fromisoformat(f"{value}-01"), locale=_LOCALES[lang])
        return value if value.isdecimal() else format_date(date.fromisoformat(value), "long", _LOCALES[lang])
    except ValueError:
        return value


def when(value: str, lang: str) -> str:
    """Return a year, month or day as a time at which something held; another text as it is.

    >>> when("2019-12", "it"), when("2022", "en"), when("2024-03-11", "it")
    ('nel dicembre 2019', 'in 2022', 'in data 11 marzo 2024')
    """
    shown = day(value, lang)
    if shown == value:
        return translate(N_("in {year}"), lang, year=value) if value.isdecimal() else value
    text = N_("in {month}") if len(value) == len("2024-03") else N_("on {day}")
    return translate(text, lang, month=shown, day=shown)


def literal(term: Term, lang: str) -> str:
    """Return a literal in the reader's form: numbers, dates and truth values by their datatype."""
    match term.datatype.rpartition("#")[2]:
        case "integer":
            return number(int(term.value), lang)
        case "decimal":
            return number(float(term.value), lang)
        case "date" | "gYear" | "gYearMonth":
            return day(term.value, lang)
        case "boolean":
            return translate(N_("yes") if term.value in ("true", "1") else N_("no"), lang)
    return term.value


def language(code: str, lang: str) -> str:
    """Return a language in the reader's words; a text that is no code as it is.

    >>> language("it", "en"), language("it", "it"), language("?", "it")
    ('Italian', 'italiano', '?')
    """
    return str(Locale(lang).languages.get(code, code))


def shown(value: object, lang: str) -> str:
    """Return a fact about what is served in the reader's form."""
    return number(value, lang) if isinstance(value, int) else day(str(value), lang)


def size(value: int, lang: str) -> str:
    """Return a number of bytes in the largest unit that leaves something before the comma.

    >>> size(999, "en"), size(2_736_720, "it")
    ('999 B', '2,7 MB')
    """
    for unit, bytes_ in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if value >= bytes_:
            return f"{number(round(value / bytes_, 1), lang)} {unit}"
    return f"{value} B"


def sentence(text: str, lang: str) -> str:
    """Return a text with a capital letter before it and a full stop behind.

    >>> sentence("start from /", "en")
    'Start from /.'
    """
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")
