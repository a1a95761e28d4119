"""The terminals of SPARQL and Turtle: what a query names and how deep it nests, before anything is parsed.

Knows strings, IRIs, comments, names, keywords and brackets apart, and which of two readings ``<`` has; no
other grammar. A text that the engine reads in another way gains nothing: the processes that run queries can
open neither a file nor a connection.
Source: https://www.w3.org/TR/sparql12-query/#sparqlGrammar, its productions for terminals
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from ctlgraph.errors import QueryLimitError, QueryRefusedError, SourceError
from ctlgraph.messages import N_

MAX_DEPTH = 128

_UPDATE = ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")
_VOLATILE = re.compile("NOW|RAND|UUID")
_TELLING = ("SERVICE", "FROM", "NOW", "RAND", "UUID")

_COMMENT = r"\#[^\n\r]*+"
_ESCAPE = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_IRI = rf"<(?:[^<>\"{{}}|^`\\\x00-\x20]|{_ESCAPE})*+>"
_STRING = r"""
    "{3}(?:"{0,2}+(?:[^"\\]|\\.))*+"{3}  |  '{3}(?:'{0,2}+(?:[^'\\]|\\.))*+'{3}
    | "(?:[^"\\\n\r]|\\.)*+"  |  '(?:[^'\\\n\r]|\\.)*+'
"""
_OPEN, _CLOSE = r"(?P<open><<\(?|[{(\[])", r"(?P<close>\)?>>|[})\]])"
_CHAR = r"\w\x80-\U0010ffff"


def _tokens(iri: str) -> re.Pattern[str]:
    return re.compile(
        rf"""
        (?:\s|{_COMMENT})*+
        (?: {iri} | {_OPEN} | {_CLOSE}
        | (?P<value> {_STRING} | @[\w-]+ | [?$][{_CHAR}]+ | \.?[0-9][0-9.]*+(?:[eE][+-]?[0-9]+)?+ )
        | (?P<word>(?!\d)[{_CHAR}][{_CHAR}.-]*+)?(?P<local>:(?:[{_CHAR}.:%-]|\\.)*+)
        | (?P<keyword>[{_CHAR}][{_CHAR}.-]*+)
        | (?P<sign>\\?.)
        )
        """,
        re.VERBOSE | re.DOTALL,
    )


_TOKEN = _tokens(rf"(?P<iri>{_IRI})")
_AFTER_VALUE = _tokens("(?P<compare><=?)")

_DECLARATION = rf"(?:PREFIX|BASE|VERSION) (?: \s | {_COMMENT} | [{_CHAR}.-]*: )*+ (?: {_IRI} | {_STRING} )"
_FIRST = re.compile(
    rf"(?: \s | {_COMMENT} | {_DECLARATION} )*+ (?P<keyword>\w*)", re.VERBOSE | re.DOTALL | re.IGNORECASE
)
_ESCAPED = re.compile(_ESCAPE)
_PROTECTED = re.compile(
    rf"(?P<kept> {_COMMENT} | {_IRI} | {_STRING} | \\[^uU] ) | {_ESCAPE}", re.VERBOSE | re.DOTALL
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_TURTLE = re.compile(
    rf"(?: {_COMMENT} | {_IRI} | {_STRING} | \\. | {_OPEN} | {_CLOSE} )".encode(), re.VERBOSE | re.DOTALL
)


@dataclass(frozen=True)
class Scan:
    """What a query names: the graphs of FROM and FROM NAMED, as absolute IRIs.

    volatile: it calls NOW, RAND, UUID or STRUUID, so it may answer otherwise each time.
    """

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    volatile: bool = False


def scan(query: str, base: str = "") -> Scan:
    """What a query names; relative IRIs are resolved against its BASE, else against `base`.

    Raises QueryLimitError for nesting deeper than MAX_DEPTH, QueryRefusedError for SERVICE and for an update.
    """
    text = decode(query)
    first = _FIRST.match(text)
    if first and first["keyword"].upper() in _UPDATE:
        raise QueryRefusedError("LOAD" if first["keyword"].upper() == "LOAD" else "SPARQL Update")
    upper = text.upper()
    if (
        not any(word in upper for word in _TELLING)
        and sum(map(text.count, ("{", "(", "[", "<<"))) <= MAX_DEPTH
    ):
        return Scan()  # most queries
    reading = _Reading(base)
    for token in _read(text, reading):
        reading.take(token)
    return Scan(tuple(reading.default_graphs), tuple(reading.named_graphs), reading.volatile)


def decode(query: str) -> str:
    r"""The query with its escapes of code points in keywords and names replaced, as section 19.2 asks.

    Those in strings and IRIs the engine replaces itself.

    >>> decode(r"\u0041SK { ?s ?p '\u0041' }")
    "ASK { ?s ?p '\\u0041' }"
    """
    if "\\" not in query:
        return query
    return _PROTECTED.sub(lambda found: found["kept"] or _character(found), query)


def undeclared(query: str) -> tuple[str, int, int] | None:
    """The first prefix that a query uses and does not declare, with line and column of the name; else None.

    >>> undeclared("PREFIX a: <x:> ASK { ?s a:b c:d }")
    ('c:', 1, 29)
    """
    reading = _Reading("")
    for token in _read(query, reading):
        prefix = (token["word"] or "") + ":"
        if token.lastgroup == "local" and not reading.declares and prefix not in ("_:", *reading.prefixes):
            start = token.start("word" if token["word"] else "local")
            return prefix, query.count("\n", 0, start) + 1, start - query.rfind("\n", 0, start)
        reading.take(token)
    return None


def pieces(query: str) -> list[int]:
    """Where the pieces of a query begin that may stand apart: what is behind a space, and brackets.

    >>> pieces("ASK { ?s a:b '{ }' }")
    [0, 4, 6, 9, 13, 19]
    """
    starts, before = [], ""
    for token in _read(query, _Reading("")):
        kind = token.lastgroup or "sign"
        start = token.start("word" if kind == "local" and token["word"] else kind)
        if start == 0 or query[start - 1].isspace() or {kind, before} & {"open", "close"}:
            starts.append(start)
        before = kind
    return starts


def check_depth(path: str, data: bytes | mmap.mmap) -> None:
    """Raise SourceError, with the line, where Turtle or any of its kin nests deeper than MAX_DEPTH."""
    depth = 0
    for token in _TURTLE.finditer(data):
        depth += (token.lastgroup == "open") - (token.lastgroup == "close")
        if depth > MAX_DEPTH:
            line = data[: token.start()].count(b"\n") + 1
            reason = N_("brackets nest deeper than {depth} levels: write some of it apart")
            raise SourceError(path, line, reason, depth=MAX_DEPTH)


def _read(query: str, reading: _Reading) -> Iterator[re.Match[str]]:
    position = 0
    while token := (_AFTER_VALUE if reading.compares else _TOKEN).match(query, position):
        yield token
        position = token.end()


class _Reading:
    """What has been read of a query so far."""

    def __init__(self, base: str) -> None:
        self.default_graphs: list[str] = []
        self.named_graphs: list[str] = []
        self.volatile = False
        self._base = base
        self.prefixes: dict[str, str] = {}
        self._frames = ["select"]  # what each open bracket holds: "select", "expression" or anything "else"
        self._before, self._last = ("", ""), ("", "")  # kind and text of the last two tokens

    @property
    def compares(self) -> bool:
        """Whether a ``<`` that comes now is an operator: in an expression, after a value."""
        kind, text = self._last
        value = kind in ("iri", "value", "local", "close") or text.upper() in ("TRUE", "FALSE")
        return value and self._frames[-1] == "expression"

    @property
    def declares(self) -> bool:
        """Whether a name that comes now is a prefix that gets its IRI."""
        return self._last[1].upper() == "PREFIX"

    def take(self, token: re.Match[str]) -> None:
        """Go on by one token."""
        kind = token.lastgroup or "sign"
        text = token[kind] if kind != "local" else (token["word"] or "") + token["local"]
        match kind:
            case "open":
                self._open(text)
            case "close" if len(self._frames) > 1:
                self._frames.pop()
            case "keyword":
                self._keyword(text.upper())
            case "iri" | "local":
                self._name(kind, text)
        self._before, self._last = self._last, (kind, text)

    def _open(self, bracket: str) -> None:
        (kind, text), keyword = self._last, self._before[1].upper()
        service = kind == "local" and "SERVICE" in text.partition(":")[0].upper()
        if bracket == "{" and service and keyword != "GRAPH" and len(self._frames) > 1:
            raise QueryRefusedError("SERVICE")  # the engine takes "SERVICE:a {" for a clause
        expression = bracket == "(" and (
            self._frames[-1] != "else" or (kind == "keyword" and text != "a") or keyword == "FILTER"
        )
        self._frames.append("expression" if expression else "else")
        if len(self._frames) > MAX_DEPTH + 1:
            raise QueryLimitError("depth", MAX_DEPTH, "levels")

    def _keyword(self, word: str) -> None:
        if "SERVICE" in word:  # no other keyword has it in it, and the engine needs no space around one
            raise QueryRefusedError("SERVICE")
        if word.startswith("SELECT"):
            self._frames[-1] = "select"
        self.volatile = self.volatile or bool(_VOLATILE.search(word))

    def _name(self, kind: str, text: str) -> None:
        """Take an IRI or a prefixed name: of the prologue, of FROM, or of no interest."""
        keyword, before = self._last[1].upper(), self._before[1].upper()
        if kind == "iri" and keyword == "BASE":
            self._base = self._resolve(text)
        elif kind == "iri" and before == "PREFIX":
            self.prefixes[self._last[1]] = self._resolve(text)
        elif keyword == "FROM":
            self.default_graphs += self._absolute(kind, text)
        elif keyword == "NAMED" and before == "FROM":
            self.named_graphs += self._absolute(kind, text)

    def _absolute(self, kind: str, text: str) -> list[str]:
        """The IRI that is meant; none if the query does not say, which the engine then complains about."""
        if kind == "iri":
            iri = self._resolve(text)
            return [iri] if _SCHEME.match(iri) else []
        prefix, _, local = text.partition(":")
        known = self.prefixes.get(prefix + ":")
        return [] if known is None else [known + re.sub(r"\\(.)", r"\1", local)]

    def _resolve(self, text: str) -> str:
        iri = _ESCAPED.sub(_character, text[1:-1])
        scheme, colon, rest = self._base.partition(":")
        if _SCHEME.match(iri) or not colon:
            return iri
        lead = "" if rest.startswith("/") else "/"  # urljoin resolves paths alone; it knows few schemes
        end = iri[-1:] if iri.endswith(("#", "?")) else ""  # which urljoin drops
        return f"{scheme}:{urljoin(lead + rest, iri)[len(lead) :]}{end}"


def _character(found: re.Match[str]) -> str:
    """What an escape stands for; one that stands for nothing is left, and is an error of syntax."""
    point = int(found[0][2:], 16)
    return chr(point) if point < 0x110000 and not 0xD800 <= point < 0xE000 else found[0]
