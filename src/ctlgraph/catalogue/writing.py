"""Any query as the file of a saved one: its front matter is read off the query and its answer.

What only a person can say, title and description, is given; labels of columns are their names, for the author
to better. What is written, `parse` takes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ctlgraph.catalogue.inputs import SERVICE_WORDS
from ctlgraph.catalogue.question import NUMBERS, SavedQuery, Words
from ctlgraph.catalogue.reading import parse
from ctlgraph.catalogue.sparql import Block, Parts
from ctlgraph.catalogue.table import XSD, Row, from_json, from_triples
from ctlgraph.errors import ParameterError, SourceError
from ctlgraph.messages import N_

_KINDS = {
    "integer": {XSD + name for name in ("integer", "int", "long")},
    "decimal": {XSD + name for name in ("integer", "int", "long", "decimal", "double", "float")},
    "date": {XSD + name for name in ("date", "gYear", "gYearMonth")},
    "boolean": {XSD + "boolean"},
}
_VALUES = {
    "iri, optional: true": re.compile("UNDEF"),
    "iri": re.compile(r"<[^<>\s]+>|[\w-]*:[\w-]+"),
    "string": re.compile(r'"[^"\\]*"|\'[^\'\\]*\''),
    "integer": re.compile(r"-?\d+"),
    "decimal": re.compile(r"-?\d+\.\d+"),
    "boolean": re.compile(r"true|false"),
}
_STAR = re.compile(r"(\bSELECT\s+(?:DISTINCT\s+|REDUCED\s+)?)\*", re.IGNORECASE)
_VALUE = re.compile(r'"[^"]*"(?:@[\w-]+|\^\^\S+)?|\'[^\']*\'(?:@[\w-]+|\^\^\S+)?|\S+')
_SENTENCES = {
    "it": {
        "none": "Nessun risultato.",
        "single": "Un solo risultato: {top.COLUMN}.",
        "one": "Al primo posto: {top.COLUMN}.",
        "ties": "Al primo posto, alla pari: {top.COLUMN}.",
    },
    "en": {
        "none": "Nothing was found.",
        "single": "One only: {top.COLUMN}.",
        "one": "In the first place: {top.COLUMN}.",
        "ties": "In the first place, equal: {top.COLUMN}.",
    },
}
_UNRANKED = {  # of a query that says of no row that it comes first
    "it": {
        "none": "Nessun risultato.",
        "single": "Un solo risultato: {top.COLUMN}.",
        "one": "Trovate {count} righe, tutte con {top.COLUMN}.",
        "ties": "Trovate {count} righe.",
    },
    "en": {
        "none": "Nothing was found.",
        "single": "One only: {top.COLUMN}.",
        "one": "Found {count} rows, all with {top.COLUMN}.",
        "ties": "Found {count} rows.",
    },
}
_TRUTHS = {
    "it": {"none": "No.", "one": "Sì.", "ties": "Sì."},
    "en": {"none": "No.", "one": "Yes.", "ties": "Yes."},
}


@dataclass(frozen=True)
class Said:
    """What the author says of a question."""

    name: str
    title: Words
    description: Words
    tag: str


def written(query: str, answer: bytes, said: Said) -> SavedQuery:
    """The query as a saved one, whose `text` is the file. answer: SPARQL JSON results, or N-Triples.

    Raises ParameterError for a query that cannot be a saved one, such as a DESCRIBE.
    """
    plain = "\n".join(line for line in query.splitlines() if not line.startswith("#+")).strip() + "\n"
    names, rows = _read(Parts.of(plain).kind, answer)
    text = _explicit(plain, names)
    columns = {name: _type([row[number] for row in rows]) for number, name in enumerate(names)}
    reason: SourceError | None = None
    for parameters in (_parameters(text), {}):
        try:
            return parse(_file(text, said, columns, rows, parameters), said.name)
        except SourceError as error:
            reason = error
    raise ParameterError("query", f"{query[:20]}…", N_("a query that can be saved")) from reason


def _read(kind: str, answer: bytes) -> tuple[tuple[str, ...], Sequence[Row]]:
    if kind == "construct":
        return ("subject", "predicate", "object"), from_triples(answer)
    if kind not in ("select", "ask"):
        raise ParameterError("query", kind.upper(), "SELECT, CONSTRUCT, ASK")
    return from_json(answer)


def with_where(text: str) -> str:
    """The query with the keyword WHERE before its pattern, which SPARQL lets one leave out."""
    parts = Parts.of(text)
    start = _opening(parts)
    if start is None or re.search(r"(?i)\b(WHERE|ASK)\s*\Z", parts.masked[:start]):
        return text
    return f"{text[:start]}WHERE {text[start:]}"


def _explicit(text: str, names: Sequence[str]) -> str:
    """The query with WHERE, and with the names of its columns in place of ``*``."""
    text = with_where(text)
    parts = Parts.of(text)
    if parts.kind == "select" and parts.columns is None:
        return _STAR.sub(lambda found: found[1] + " ".join(f"?{name}" for name in names), text, count=1)
    return text


def _opening(parts: Parts) -> int | None:
    """Where the bracket of the pattern stands: of a CONSTRUCT with a template, the second group's."""
    opened = [found.start() for found in re.finditer(r"\{", parts.masked)]
    if not opened:
        return None
    if parts.kind != "construct" or re.search(r"(?i)\bCONSTRUCT\s*(WHERE|FROM)\b", parts.masked):
        return opened[0]
    end = parts.masked.index("}", opened[0])
    return next((each for each in opened if each > end), None)


def _type(cells: Sequence[object]) -> str:
    """The type of a column that holds these cells."""
    found = [cell for cell in cells if cell is not None]
    if found and all(getattr(cell, "kind", "") == "iri" for cell in found):
        return "iri"
    datatypes = {getattr(cell, "datatype", "") for cell in found}
    return next((kind for kind, known in _KINDS.items() if datatypes and datatypes <= known), "string")


def _parameters(text: str) -> dict[str, str]:
    """The types of the blocks at the beginning that have one value, by name."""
    blocks = Parts.of(text).blocks
    names = [block.name for block in blocks]
    found = {}
    for block in blocks:
        value = text[block.start : block.end].strip()
        kind = next((kind for kind, form in _VALUES.items() if form.fullmatch(value)), None)
        if block.first and kind and names.count(block.name) == 1 and block.name not in SERVICE_WORDS:
            found[block.name] = kind
    return found


def _file(
    text: str, said: Said, columns: Mapping[str, str], rows: Sequence[Row], parameters: Mapping[str, str]
) -> str:
    head = "".join(f"#+ {line}\n" for line in _matter(text, said, columns, rows, parameters))
    return head + _without(text, [block for block in Parts.of(text).blocks if block.name not in parameters])


def _matter(
    text: str, said: Said, columns: Mapping[str, str], rows: Sequence[Row], parameters: Mapping[str, str]
) -> Iterator[str]:
    """The lines of the front matter: JSON, which YAML takes."""
    kind = Parts.of(text).kind
    yield f"title: {_words(said.title)}"
    yield f"description: {_words(said.description)}"
    yield f"tags: [{said.tag}]"
    if parameters:
        yield "parameters:"
        yield from (
            f"  {name}: {{type: {type_}, label: {_named(name)}}}" for name, type_ in parameters.items()
        )
    yield "columns:"
    yield from (f"  {name}: {{type: {type_}, label: {_named(name)}}}" for name, type_ in columns.items())
    if kind == "select" and (drawn := _chart(columns, rows)):
        yield f"chart: {drawn}"
    yield "sentence:"
    ranked = columns.get(Parts.of(text).rank or "", "string") not in ("iri", "string")
    for lang, wordings in (_TRUTHS if kind == "ask" else _SENTENCES if ranked else _UNRANKED).items():
        told = {case: words.replace("COLUMN", next(iter(columns))) for case, words in wordings.items()}
        yield f"  {lang}: {{{', '.join(f'{case}: {_quoted(words)}' for case, words in told.items())}}}"
    count = int(rows[0][0].value == "true") if kind == "ask" and rows[0][0] else len(rows)
    yield f"tests: [{{args: {{}}, rows: {count}}}]"


def _chart(columns: Mapping[str, str], rows: Sequence[Row]) -> str:
    """Bars of the first numbers by the first names, or a line over the first dates; "" for neither."""
    numbers = [name for name, kind in columns.items() if kind in NUMBERS]
    others = [name for name, kind in columns.items() if kind in ("iri", "string")]
    dates = [name for name, kind in columns.items() if kind == "date"]
    if not numbers or not (others or dates) or not rows:
        return ""
    if dates:
        color = f", color: {others[0]}" if others else ""
        return f"{{mark: line, x: {dates[0]}, y: {numbers[0]}{color}}}"
    at = list(columns).index(others[0])
    repeated = len({row[at] for row in rows}) < len(rows)
    mark = f"grouped, color: {others[1]}" if repeated and len(others) > 1 else "bar"
    return f"{{mark: {mark}, x: {others[0]}, y: {numbers[0]}}}"


def _without(text: str, blocks: Sequence[Block]) -> str:
    """The query with these blocks of one variable as blocks of tuples, which are no parameters."""
    for block in reversed(blocks):
        start = max(found.start() for found in re.finditer(r"(?i)\bVALUES\b", text[: block.start]))
        values = " ".join(f"({value})" for value in _VALUE.findall(text[block.start : block.end]))
        text = f"{text[:start]}VALUES (?{block.name}) {{ {values} {text[block.end :]}"
    return text


def _named(name: str) -> str:
    return _words({"it": name, "en": name})


def _words(words: Words) -> str:
    return f"{{it: {_quoted(words['it'])}, en: {_quoted(words['en'])}}}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
