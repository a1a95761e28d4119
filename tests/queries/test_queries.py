"""The saved queries: their front matter, their answers in two engines, and what these rest on."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import yaml  # type: ignore[import-untyped]
from rdflib import Dataset, Literal
from rdflib.term import Node

from ctlgraph.release import Release
from ctlgraph.store import Store
from ctlgraph.vocabulary import BASE, PREFIXES, expand

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SOURCES = ROOT.parent / "shared" / "sources"
QUESTIONS, ENTITIES = SOURCES / "questions.md", SOURCES / "entities.csv"

LANGUAGES = {"it", "en"}
REQUIRED = {"title", "description", "tags", "columns", "sentence", "tests"}
OPTIONAL = {"parameters", "chart", "question"}
TYPES = {"iri", "string", "integer", "decimal", "date", "boolean"}
SERVICE_WORDS = {"format", "output", "lang", "page", "sort", "release"}

XSD = PREFIXES["xsd"]
NUMBERS = {XSD + name for name in ("integer", "decimal", "double")}
DATES = {XSD + name for name in ("date", "gYear", "gYearMonth")}
STRINGS = {XSD + "string", PREFIXES["rdf"] + "langString"}
DATATYPES = {"integer": {XSD + "integer"}, "decimal": {XSD + "decimal"}, "boolean": {XSD + "boolean"}}
DATATYPES |= {"date": DATES, "string": STRINGS}
ANSWERS_ARE_IN = tuple(BASE + path for path in ("id/", "vocab/s3/", "vocab/pnrr/", "vocab/technology/"))

BLOCK = re.compile(r"VALUES\s+\?(?P<name>\w+)\s*\{(?P<value>[^}]*)\}")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
PRINTED = re.compile(r"(?<![\w./])(?:\d{4}(?:-\d\d){1,2}|[IVX]+/\d+|\d+(?:\.\d+)?)(?![\w/]|\.\d)")

Cell = tuple[str, str, str] | None
"""A term as (text, datatype or "iri", language); numbers have one text for one value."""


@dataclass(frozen=True)
class SavedQuery:
    """One file: its front matter and its SPARQL."""

    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @cached_property
    def matter(self) -> dict[str, Any]:
        lines = [line[2:].removeprefix(" ") for line in self.text.splitlines() if line.startswith("#+")]
        return dict(yaml.safe_load("\n".join(lines)))

    @cached_property
    def body(self) -> str:
        """The query without its comments."""
        return re.sub(r"(?m)(?:^|(?<=\s))#.*$", "", self.text)

    @property
    def parameters(self) -> dict[str, dict[str, Any]]:
        return dict(self.matter.get("parameters", {}))

    @property
    def columns(self) -> dict[str, str]:
        return {
            name: column if isinstance(column, str) else column["type"]
            for name, column in self.matter["columns"].items()
        }

    def filled(self, arguments: Mapping[str, str | None]) -> str:
        """The SPARQL with these values in its blocks; None means any."""

        def block(match: re.Match[str]) -> str:
            name = match["name"]
            if name not in arguments:
                return match[0]
            return f"VALUES ?{name} {{ {term(self.parameters[name]['type'], arguments[name])} }}"

        assert set(arguments) <= set(self.parameters)
        return BLOCK.sub(block, self.text)

    @property
    def golden(self) -> str:
        """The name of the file with the rows of the default run."""
        return str(next(test["golden"] for test in self.matter["tests"] if not test["args"]))


def term(kind: str, value: str | None) -> str:
    if value is None:
        return "UNDEF"
    return f"<{expand(value)}>" if kind in ("iri", "choice") else json.dumps(value)


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))


QUERIES = [SavedQuery(path) for path in sorted((ROOT / "queries").glob("*.rq"))]
ALTERATIONS = {row["query"]: row["update"] for row in table(HERE / "alterations.csv")}

every_query = pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.path.stem)
every_answer = pytest.mark.parametrize(
    "query", [query for query in QUERIES if "question" in query.matter], ids=lambda query: query.path.stem
)


def cell(text: str, datatype: str, language: str = "") -> Cell:
    return (str(Decimal(text).normalize()) if datatype in NUMBERS else text, datatype, language.lower())


def rows(store: Store, text: str) -> list[tuple[Cell, ...]]:
    """What Oxigraph answers, in its order."""
    answer = json.loads(store.query(text).serialize("json"))
    return [
        tuple(_from_json(row.get(name)) for name in answer["head"]["vars"])
        for row in answer["results"]["bindings"]
    ]


def _from_json(found: Mapping[str, str] | None) -> Cell:
    if found is None:
        return None
    if found["type"] == "uri":
        return (found["value"], "iri", "")
    language = found.get("xml:lang", "")
    usual = PREFIXES["rdf"] + "langString" if language else XSD + "string"
    return cell(found["value"], found.get("datatype", usual), language)


def _from_rdflib(found: Node | None) -> Cell:
    if found is None:
        return None
    if not isinstance(found, Literal):
        return (str(found), "iri", "")
    usual = PREFIXES["rdf"] + "langString" if found.language else XSD + "string"
    return cell(str(found), str(found.datatype or usual), found.language or "")


@pytest.fixture(scope="session")
def quads(release: Release) -> bytes:
    return (release.path / "ctlgraph.nq").read_bytes()


@pytest.fixture(scope="session")
def store(quads: bytes) -> Store:
    return Store.from_nquads(quads)


@pytest.fixture(scope="session")
def dataset(quads: bytes) -> Dataset:
    """The release in the other engine."""
    read = Dataset(default_union=True)
    read.parse(data=quads, format="nquads")
    return read


@pytest.fixture(scope="session")
def parsed(quads: bytes) -> list[pyoxigraph.Quad]:
    """The quads that an alteration starts from."""
    return list(pyoxigraph.parse(quads, format=pyoxigraph.RdfFormat.N_QUADS))


@pytest.fixture(scope="session")
def questions() -> dict[str, str]:
    """The printed answer of each question, by its name."""
    if not QUESTIONS.exists():
        pytest.skip("../shared/sources/questions.md is absent: answers cannot be compared")
    found = re.findall(
        r"^### (CQ\d+) .*?^- \*\*Answer\*\*: (.*?)$", QUESTIONS.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    return dict(found)


@pytest.fixture(scope="session")
def entities() -> set[str]:
    if not ENTITIES.exists():
        pytest.skip("../shared/sources/entities.csv is absent: ids cannot be told")
    return {row["id"] for row in table(ENTITIES)}


def in_both_languages(value: Mapping[str, str]) -> bool:
    return set(value) == LANGUAGES and all(isinstance(text, str) and text.strip() for text in value.values())


@every_query
def test_the_front_matter_is_complete_and_in_both_languages(query: SavedQuery) -> None:
    matter = query.matter
    assert set(matter) >= REQUIRED
    assert set(matter) <= REQUIRED | OPTIONAL
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", query.path.stem)
    assert in_both_languages(matter["title"])
    assert in_both_languages(matter["description"])
    assert matter["tags"]
    assert set(matter["sentence"]) == LANGUAGES
    for sentence in matter["sentence"].values():
        assert set(sentence) == {"none", "one", "ties"}
        named = re.findall(r"\{(.*?)\}", " ".join(sentence.values()))
        assert set(named) <= {f"top.{column}" for column in query.columns}
    for axis in ("x", "y", "color"):
        assert matter.get("chart", {}).get(axis, next(iter(query.columns))) in query.columns


@every_query
def test_a_parameter_says_what_it_takes(query: SavedQuery) -> None:
    """Its name is none of the service's own words, and a closed list says which."""
    for name, parameter in query.parameters.items():
        assert name not in SERVICE_WORDS
        assert in_both_languages(parameter["label"])
        assert parameter["type"] in TYPES | {"choice"}
        assert set(parameter) <= {"type", "label", "optional", "class", "scheme"}
        assert ("scheme" in parameter) == (parameter["type"] == "choice")
        for key in {"class", "scheme"} & set(parameter):
            assert "://" in expand(parameter[key])


@every_query
def test_each_parameter_has_its_block_and_each_block_is_declared(query: SavedQuery) -> None:
    """The blocks come first, as rdflib needs them to; UNDEF is the default of an optional one only."""
    blocks = {match["name"]: match["value"].strip() for match in BLOCK.finditer(query.body)}
    assert set(blocks) == set(query.parameters)
    assert "VALUES (" not in query.body
    where = re.split(r"\bWHERE\s*\{", query.body, maxsplit=1)[1]
    first = re.match(rf"(\s*{BLOCK.pattern.replace('?P<name>', '').replace('?P<value>', '')})*", where)
    assert first is not None
    assert len(BLOCK.findall(first[0])) == len(blocks)
    for name, value in blocks.items():
        assert value != "UNDEF" or query.parameters[name].get("optional")


@every_query
def test_the_columns_are_those_of_the_select(query: SavedQuery, store: Store) -> None:
    """In name, in order and in type."""
    answer = json.loads(store.query(query.text).serialize("json"))
    assert answer["head"]["vars"] == list(query.columns)
    for kind, column in zip(query.columns.values(), zip(*rows(store, query.text), strict=True), strict=True):
        assert {found[1] for found in column if found} <= ({"iri"} if kind == "iri" else DATATYPES[kind])


@every_query
def test_oxigraph_gives_the_expected_rows(query: SavedQuery, store: Store) -> None:
    for test in query.matter["tests"]:
        text = query.filled(test["args"])
        assert len(rows(store, text)) == test["rows"], test
        if "golden" in test:
            expected = (HERE / "golden" / test["golden"]).read_bytes().decode("utf-8")
            found = store.query(text).serialize("csv").decode("utf-8")
            assert found.splitlines() == expected.splitlines()


@pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")  # in rdflib's own parser
@every_query
def test_rdflib_gives_the_same_rows(query: SavedQuery, store: Store, dataset: Dataset) -> None:
    for test in query.matter["tests"]:
        text = query.filled(test["args"])
        found: Iterable[Any] = dataset.query(text)
        other = [tuple(_from_rdflib(value) for value in row) for row in found]
        assert Counter(other) == Counter(rows(store, text)), test


@every_query
def test_an_altered_datum_alters_the_answer(
    query: SavedQuery, store: Store, parsed: list[pyoxigraph.Quad]
) -> None:
    """The update changes named graphs; the store is then what it would have been with those data."""
    engine = pyoxigraph.Store()
    engine.bulk_extend(parsed)
    prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    engine.update(prefixes + ALTERATIONS[query.path.stem])
    assert rows(Store(engine), query.text) != rows(store, query.text)


def test_no_alteration_is_left_over() -> None:
    assert set(ALTERATIONS) == {query.path.stem for query in QUERIES}


def test_every_question_has_its_query(questions: dict[str, str]) -> None:
    assert len(questions) == 38
    asked = [query.matter["question"] for query in QUERIES if "question" in query.matter]
    assert sorted(asked) == sorted(questions)


def golden_cells(query: SavedQuery) -> set[str]:
    return {value for row in table(HERE / "golden" / query.golden) for value in row.values() if value}


def last(iri: str) -> str:
    return iri.rsplit("/", 1)[-1]


def holds(cells: set[str], token: str) -> bool:
    """Is this id, number, date or code among the cells? Of a document or a mission the number is enough."""
    names = {last(value) for value in cells if value.startswith(BASE)}
    if {token, f"doc-{token}", f"pnrr-m{token}"} & (names | cells):
        return True
    numbers = {Decimal(value) for value in cells if NUMBER.fullmatch(value)}
    return bool(NUMBER.fullmatch(token)) and not token.startswith("00") and Decimal(token) in numbers


def tokens(answer: str) -> list[str]:
    return [*re.findall(r"`(.*?)`", answer), *PRINTED.findall(re.sub(r"`.*?`", "", answer))]


@every_answer
def test_the_printed_answer_stands_in_the_rows(query: SavedQuery, questions: dict[str, str]) -> None:
    """Each id, number, date and code; what is printed after an id shares a row with it."""
    answer = questions[query.matter["question"]]
    lines = [{value for value in row.values() if value} for row in table(HERE / "golden" / query.golden)]
    assert not [token for token in tokens(answer) if not holds(golden_cells(query), token)]
    for printed in [*re.findall(r"`[^`]+`: [^;]+", answer), *re.findall(r"\((`[^`]+`[^)]*)\)", answer)]:
        key, *rest = tokens(printed)
        for token in rest:
            assert any(holds(line, key) and holds(line, token) for line in lines), (key, token)


@every_answer
def test_the_rows_hold_no_other_ids(query: SavedQuery, questions: dict[str, str], entities: set[str]) -> None:
    """Of each kind of thing that the answer prints, the rows hold those printed and no others."""
    printed = set(re.findall(r"`(.*?)`", questions[query.matter["question"]]))
    things = {value for value in golden_cells(query) if value.startswith(BASE) and last(value) in entities}
    kinds = {value.rsplit("/", 1)[0] for value in things if last(value) in printed}
    assert {last(value) for value in things if value.rsplit("/", 1)[0] in kinds} <= printed


@every_query
def test_no_answer_stands_in_the_query(query: SavedQuery) -> None:
    """Outside the defaults of its parameters it names no thing, number or text of its rows."""
    text = re.sub(r"(?m)^\s*PREFIX .*$", "", BLOCK.sub("", query.body))
    prefixed = re.findall(r"(?<![\w:<])(\w+:[\w-]+)", text)
    named = {expand(name) for name in prefixed if name.split(":")[0] in PREFIXES}
    named |= set(re.findall(r"<([^<>\s]+)>", text))
    assert not [iri for iri in named if iri.startswith(BASE + "id/")]
    for value in golden_cells(query):
        if value.startswith(ANSWERS_ARE_IN):
            assert value not in named
        elif NUMBER.fullmatch(value):
            assert not re.search(rf"(?<![\w.-]){re.escape(value)}(?![\w.-])", text), value
        else:
            assert f'"{value}"' not in text
