r"""Text in, one RDF term out: what a reader may put into a saved query, and how it is spelled there.

The term is made first, escaped, and stands in the query as a whole: no text of a reader ever meets the text
of a query. What exists in the graph is for `catalogue` to ask; here is only what a type takes.

A string has none of the escapes ``\uXXXX`` but one: SPARQL replaces them before anything else, rdflib even
after a backslash that is escaped. So a ``u`` after a backslash is itself written as an escape.
Source: https://www.w3.org/TR/sparql11-query/#codepointEscape, section 19.2, and #rECHAR
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ctlgraph.errors import CtlgraphError, ParameterError
from ctlgraph.messages import N_
from ctlgraph.vocabulary import BASE, PREFIXES, TYPES, compact, expand

KINDS = ("iri", "string", "integer", "decimal", "date", "boolean", "choice")
UNDEF = "UNDEF"

_EXPECTED = {
    "iri": N_("an identifier such as cluster/afil"),
    "choice": N_("one of its choices, such as vocab/role/partner"),
    "string": N_("a text"),
    "integer": N_("a whole number"),
    "decimal": N_("a number such as 12.5"),
    "date": N_("a date such as 2022-12-31"),
    "boolean": N_("true or false"),
}
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,18})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BOOLEAN = {"true": "true", "1": "true", "false": "false", "0": "false"}

_CHAR = (
    r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2}|[\xa0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef]"
    r"|[\U00010000-\U0001fffd\U00020000-\U0002fffd\U00030000-\U0003fffd])"
)
_IRI = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.-]*:(?://(?:{_CHAR.replace(':@', '@')})*(?::[0-9]*)?(?=[/?#]|\Z)|(?!//))"
    rf"(?:{_CHAR}|/)*"
    rf"(?:\?(?:{_CHAR}|[/?])*)?(?:\#(?:{_CHAR}|[/?])*)?"
)

_ESCAPES = {"\t": r"\t", "\n": r"\n", "\r": r"\r", "\b": r"\b", "\f": r"\f", '"': r"\"", "\\": r"\\"}
_ESCAPED = re.compile(r'\\(?P<u>[uU])|[\t\n\r\x08\x0c"\\]')
_UNESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_LITERAL = re.compile(r'"(?P<text>(?:[^"\\\n\r]|\\.)*)"(?:\^\^(?:<[^<>]*>|\w+:\w+)|@[\w-]+)?')


@dataclass(frozen=True)
class Parameter:
    """What a saved query may be asked with.

    type: one of KINDS. default: the term that stands in the query, None for UNDEF.
    class_, scheme: the full IRI of the class or SKOS scheme that its values are of. choices: a SELECT of
    ?value. minimum, maximum: of a number or a date, as text, included. unlike: the name of a parameter that
    may not have the same value. reader: whether a page asks in its reader's language, if nobody says which.
    """

    name: str
    type: str
    label: Mapping[str, str] = field(default_factory=dict)
    optional: bool = False
    default: str | None = None
    class_: str | None = None
    scheme: str | None = None
    choices: str | None = None
    minimum: str | None = None
    maximum: str | None = None
    unlike: str | None = None
    reader: bool = False

    @property
    def has_choices(self) -> bool:
        """Whether its values are listed in the graph."""
        return bool(self.class_ or self.scheme or self.choices)

    def error(self, text: str, nearest: tuple[str, ...] = ()) -> ParameterError:
        """What to raise for a text that it does not take."""
        return ParameterError(self.name, text, self.expected, nearest)

    @property
    def expected(self) -> str | CtlgraphError:
        """What it takes, in words."""
        known = _EXPECTED[self.type]
        least, most = self.minimum, self.maximum
        match (least is None, most is None):
            case (False, False):
                text = N_("{kind} from {least} to {most}")
            case (False, True):
                text = N_("{kind} from {least} on")
            case (True, False):
                text = N_("{kind} up to {most}")
            case _:
                return known
        return CtlgraphError(text, kind=known, least=least, most=most)


def term(parameter: Parameter, text: str) -> str:
    """The SPARQL spelling of the term that a text stands for; UNDEF for nothing where that is allowed.

    Raises ParameterError for a text that the parameter does not take.
    """
    given = text if parameter.type == "string" else text.strip()
    if not given and parameter.optional:
        return UNDEF
    spelling = _SPELL[parameter.type](parameter, given) if given else None
    if spelling is None or not _in_range(parameter, given):
        raise parameter.error(text)
    return spelling


def check_differing(parameters: Mapping[str, Parameter], terms: Mapping[str, str]) -> None:
    """Raise ParameterError where two parameters have one term that have to differ."""
    for name, parameter in parameters.items():
        if parameter.unlike and terms[name] == terms[parameter.unlike] != UNDEF:
            expected = CtlgraphError(N_("another value than that of '{other}'"), other=parameter.unlike)
            raise ParameterError(name, short(terms[name]), expected)


def short(spelling: str) -> str:
    r"""The text that stands for a term in addresses and forms: `term` gives the same term back.

    >>> short("<https://w3id.org/ctlgraph/id/cluster/afil>"), short('"due \\"parole\\""'), short("UNDEF")
    ('cluster/afil', 'due "parole"', '')
    """
    if spelling == UNDEF:
        return ""
    if spelling.startswith("<"):
        return short_iri(spelling[1:-1])
    found = _LITERAL.fullmatch(spelling)
    return _UNESCAPED.sub(_character, found["text"]) if found else spelling


def short_iri(iri: str) -> str:
    """The shortest text that `expand_iri` takes for an IRI."""
    path = iri.removeprefix(BASE)
    if path == iri or ":" in path:
        return compact(iri)
    local = path.removeprefix("id/")
    return local if local != path and local.partition("/")[0] in TYPES else path


def expand_iri(text: str, scheme: str | None = None) -> str | None:
    """The IRI that a text stands for, None if it stands for none.

    It may be whole, in angle brackets, with a prefix, or as it is in an address: ``cluster/afil``,
    ``id/cluster/afil``, ``vocab/role/partner``. scheme: of a single word, the scheme that it is in.
    """
    text = text.removeprefix("<").removesuffix(">")
    if not re.search(r"[/:#]", text):
        if not scheme or not text:
            return None
        text = f"{scheme}/{text}"
    elif ":" not in text and text.partition("/")[0] in TYPES:
        text = "id/" + text
    try:
        return expand(text)
    except KeyError:
        return None


def quote(text: str) -> str:
    r"""The text as a string of SPARQL, which two engines read alike.

    >>> print(quote('a\tb \\u0041'))
    "a\tb \\\U000000750041"
    """

    def escape(found: re.Match[str]) -> str:
        letter = found["u"]
        return rf"\\\U{ord(letter):08X}" if letter else _ESCAPES[found[0]]

    return f'"{_ESCAPED.sub(escape, text)}"'


def _iri(parameter: Parameter, text: str) -> str | None:
    iri = expand_iri(text, parameter.scheme)
    return f"<{iri}>" if iri and _IRI.fullmatch(iri) else None


def _string(parameter: Parameter, text: str) -> str | None:
    return None if any("\ud800" <= character <= "\udfff" for character in text) else quote(text)


def _integer(parameter: Parameter, text: str) -> str | None:
    return str(int(text)) if _INTEGER.fullmatch(text) else None


def _decimal(parameter: Parameter, text: str) -> str | None:
    if not _DECIMAL.fullmatch(text):
        return None
    plain = f"{Decimal(text).normalize() + 0:f}"  # no -0
    return plain if "." in plain else plain + ".0"


def _date(parameter: Parameter, text: str) -> str | None:
    try:
        date.fromisoformat(text)
    except ValueError:
        return None
    return f'"{text}"^^<{PREFIXES["xsd"]}date>' if _DATE.fullmatch(text) else None


def _boolean(parameter: Parameter, text: str) -> str | None:
    return _BOOLEAN.get(text.lower())


_SPELL = {
    "iri": _iri,
    "choice": _iri,
    "string": _string,
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
    "boolean": _boolean,
}


def _in_range(parameter: Parameter, text: str) -> bool:
    """Whether a number or a date that is well formed lies within the bounds."""
    least, most = parameter.minimum, parameter.maximum
    if parameter.type == "date":
        return (least or text) <= text <= (most or text)
    if parameter.type in ("integer", "decimal"):
        number = Decimal(text)
        return Decimal(least or text) <= number <= Decimal(most or text)
    return True


def _character(found: re.Match[str]) -> str:
    if code := found[1] or found[2]:
        return chr(int(code, 16))
    return {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}.get(found[3], found[3])


def unknown(name: str, value: str, names: Iterable[str]) -> ParameterError:
    """The error for a parameter that is none of these, with the nearest ones."""
    known = tuple(names)
    expected = CtlgraphError(N_("one of the parameters {names}"), names=", ".join(known))
    close = difflib.get_close_matches(name, known, n=3)
    return ParameterError(name, value, expected if known else N_("no parameter"), tuple(close))
