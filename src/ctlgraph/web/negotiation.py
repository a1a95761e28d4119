"""What a reader prefers: media type and language, from query parameters and headers.

Knows HTTP's preference lists (RFC 9110, section 12.5) and the media types of our formats; not how an answer
is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import TypeVar

from starlette.requests import Request

from ctlgraph.errors import ParameterError
from ctlgraph.messages import LANGUAGES

_Form = TypeVar("_Form")

# The first type of each is the one we prefer to send; the order of the names is our own order of preference.
MEDIA_TYPES: Mapping[str, tuple[str, ...]] = {
    "json": ("application/sparql-results+json", "application/json"),
    "ttl": ("text/turtle", "application/x-turtle"),
    "xml": ("application/sparql-results+xml", "application/xml", "text/xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
    "nt": ("application/n-triples", "text/plain"),
    "trig": ("application/trig",),
    "jsonld": ("application/ld+json",),
    "nq": ("application/n-quads",),
    "rdf": ("application/rdf+xml",),
}
# Other names that clients use: of an answer that is a graph, JSON is JSON-LD and XML is RDF/XML.
ALIASES = {
    "json": ("json", "jsonld"),
    "xml": ("xml", "rdf"),
    "json-ld": ("jsonld",),
    "n3": ("ttl",),
    "n-triples": ("nt",),
    "ntriples": ("nt",),
    "rdf+xml": ("rdf",),
    "turtle": ("ttl",),
}
PAGES = ("text/html", "application/xhtml+xml")
"""What readers of pages ask for; what they are sent is the first."""


def formats(asked: Sequence[str], accept: str) -> dict[str, str]:
    """The formats that the reader takes, best first, each with the media type to send.

    asked: what ``format=`` and ``output=`` say, names or media types; they override the Accept header, and
    the first that is known counts. accept: the Accept header; without any, all formats are taken.
    Empty if nothing fits. Raises ParameterError if formats are asked for and none exists.

    >>> formats([], "text/csv;q=0.5, application/json")
    {'json': 'application/json', 'csv': 'text/csv'}
    """
    if any(asked):
        return _named(asked)
    return dict(_accepted(accept))


@lru_cache(256)
def _accepted(accept: str) -> Mapping[str, str]:
    ranges = dict(preferences([accept]) or [("*/*", 1.0)])
    offers = [
        (-worth, rank, name, media)
        for name, types in MEDIA_TYPES.items()
        for rank, (media, worth) in enumerate(worths(ranges, types))
    ]
    taken: dict[str, str] = {}
    for worth, _, name, media in sorted(offers, key=itemgetter(0, 1)):  # stable: among equals our own order
        if worth:
            taken.setdefault(name, media)
    return taken


def prefers_page(accept: str) -> bool:
    """Whether the reader is a browser: it names HTML, and nothing of ours that it wants more."""
    ranges = dict(preferences([accept]))
    page = max((ranges.get(media, 0.0) for media in PAGES), default=0.0)
    graphs = max(ranges.get(media, 0.0) for types in MEDIA_TYPES.values() for media in types)
    return page > 0 and page >= graphs


def reader_language(request: Request) -> str:
    """Return "it" or "en": ``?lang=``, then Accept-Language, then English."""
    asked = request.query_params.get("lang", "")
    wanted = preferences(request.headers.getlist("accept-language"))
    ranked = [asked, *(tag for tag, quality in sorted(wanted, key=lambda item: -item[1]) if quality > 0)]
    codes = (tag.partition("-")[0].lower() for tag in ranked)
    return next((code for code in codes if code in LANGUAGES), "en")


def preferences(headers: Iterable[str]) -> list[tuple[str, float]]:
    """The values of a preference list, each with its quality from 0 to 1; other parameters are left out.

    >>> preferences(["text/turtle;q=0.5, */*;q=0.1", "text/csv"])
    [('text/turtle', 0.5), ('*/*', 0.1), ('text/csv', 1.0)]
    """
    found = []
    for item in ",".join(headers).split(","):
        value, *parameters = (part.strip() for part in item.split(";"))
        if value:
            qualities = [part[2:] for part in parameters if part.lower().startswith("q=")]
            found.append((value.lower(), _number(qualities[0]) if qualities else 1.0))
    return found


def _named(asked: Sequence[str]) -> dict[str, str]:
    for wanted in map(str.lower, asked):
        if wanted in MEDIA_TYPES or wanted in ALIASES:
            return {name: MEDIA_TYPES[name][0] for name in ALIASES.get(wanted, (wanted,))}
        for name, types in MEDIA_TYPES.items():
            if wanted in types:
                return {name: types[0]}
    raise ParameterError("format", asked[0], ", ".join(MEDIA_TYPES))


def quality(ranges: Mapping[str, float], media: str) -> float:
    """The quality of the most specific range that holds the media type; 0 if none does."""
    family = media.partition("/")[0] + "/*"
    return next((ranges[name] for name in (media, family, "*/*") if name in ranges), 0.0)


def worths(ranges: Mapping[str, float], types: Sequence[str]) -> list[tuple[str, float]]:
    """The media types of one form, each with its quality: a range counts for the first alone.

    The others are old or loose names, which are sent to who asks for them by name.

    >>> worths({"application/*": 0.5}, ("text/turtle", "application/x-turtle"))
    [('text/turtle', 0.0), ('application/x-turtle', 0.0)]
    """
    return [(types[0], quality(ranges, types[0])), *((media, ranges.get(media, 0.0)) for media in types[1:])]


def most_wanted(
    ranges: Mapping[str, float], forms: Mapping[_Form, Sequence[str]]
) -> tuple[_Form, str] | None:
    """Of forms with their media types the one that is wanted most, and the type to send; None if none is.

    The first counts among equals. Our pages are no XML, so that nobody is sent one as XHTML.
    """
    offers = [(form, *each) for form, types in forms.items() for each in worths(ranges, types)]
    form, media, worth = max(offers, key=itemgetter(2))
    return (form, PAGES[0] if media in PAGES else media) if worth else None


def _number(text: str) -> float:
    try:
        return min(max(0.0, float(text)), 1.0)  # in this order NaN is 0
    except ValueError:
        return 0.0
