"""The saved queries: their answers in two engines, what these rest on, and how they are put into words.

That a file agrees with itself, in both languages, the catalogue sees to when it reads it.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from rdflib import Dataset, Literal
from rdflib.term import Node

from ctlgraph.catalogue import (
    FORMATS,
    Cell,
    Row,
    SavedQuery,
    Table,
    answering,
    choosing,
    drive_now,
    read,
)
from ctlgraph.catalogue.table import from_json, from_triples
from ctlgraph.messages import LANGUAGES
from ctlgraph.parameters import UNDEF, short
from ctlgraph.release import Release
from ctlgraph.store import Store
from ctlgraph.vocabulary import BASE, PREFIXES, expand

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SOURCES = ROOT.parent / "shared" / "sources"
QUESTIONS, ENTITIES = SOURCES / "questions.md", SOURCES / "entities.csv"

XSD = PREFIXES["xsd"]
NUMBERS = {XSD + name for name in ("integer", "decimal", "double")}
DATES = {XSD + name for name in ("date", "gYear", "gYearMonth")}
STRINGS = {XSD + "string", PREFIXES["rdf"] + "langString"}
DATATYPES = {"integer": {XSD + "integer"}, "decimal": {XSD + "decimal"}, "boolean": {XSD + "boolean"}}
DATATYPES |= {"date": DATES, "string": STRINGS, "iri": {""}}
ANSWERS_ARE_IN = tuple(BASE + path for path in ("id/", "vocab/s3/", "vocab/pnrr/", "vocab/technology/"))

NUMBER = re.compile(r"-?\d+(\.\d+)?")
PRINTED = re.compile(r"(?<![\w./])(?:\d{4}(?:-\d\d){1,2}|[IVX]+/\d+|\d+(?:\.\d+)?)(?![\w/]|\.\d)")
PLACE = re.compile(r"\{[\w.]+\}")
BARE = re.compile(r"(?i)\b(?:di|a|da|in|su) \{(?P<kind>param|top|first|last)\.(?P<name>\w+)")
WITHOUT_ARTICLE = {"municipality", "person", "role"}

CATALOGUE = read(ROOT)
QUERIES = list(CATALOGUE.values())


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))


ALTERATIONS = {row["query"]: row["update"] for row in table(HERE / "alterations.csv")}
SENTENCES = {(row["query"], row["lang"]): row["sentence"] for row in table(HERE / "golden" / "sentences.csv")}

every_query = pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
every_answer = pytest.mark.parametrize(
    "query", [query for query in QUERIES if query.question], ids=lambda query: query.name
)
in_both_languages = pytest.mark.parametrize("lang", LANGUAGES)


def ask(store: Store, text: str) -> bytes:
    answer = store.query(text)
    return answer.serialize(next(name for name in FORMATS if name in answer.formats))


def rows(store: Store, query: SavedQuery, text: str) -> list[Row]:
    """What Oxigraph answers, in its order; of an ASK nothing for no."""
    answer = ask(store, text)
    if query.kind == "construct":
        return from_triples(answer)
    return [row for row in from_json(answer)[1] if row != (Cell("false", datatype=XSD + "boolean"),)]


def plain(row: Row) -> tuple[Cell | None, ...]:
    """The row with one text for one number, and languages in small letters."""

    def one(cell: Cell) -> Cell:
        text = str(Decimal(cell.value).normalize()) if cell.datatype in NUMBERS else cell.value
        return Cell(text, cell.kind, cell.datatype, cell.language.lower())

    return tuple(cell and one(cell) for cell in row)


def _from_rdflib(found: Node | None) -> Cell | None:
    if found is None:
        return None
    if not isinstance(found, Literal):
        return Cell(str(found), "iri")
    usual = PREFIXES["rdf"] + "langString" if found.language else XSD + "string"
    return Cell(str(found), "literal", str(found.datatype or usual), found.language or "")


def golden(query: SavedQuery) -> Path:
    """The file with the rows of the default run."""
    name = next(test.golden for test in query.tests if not test.args)
    assert name is not None
    return HERE / "golden" / name


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


@every_query
def test_it_has_a_golden_answer(query: SavedQuery) -> None:
    """The rows of its defaults; of an ASK the number of rows says it all."""
    assert query.kind == "ask" or golden(query).exists()
    assert [test for test in query.tests if not test.args]


@every_query
def test_the_columns_are_of_their_types(query: SavedQuery, store: Store) -> None:
    """Every cell of every tried run."""
    for test in query.tests:
        found = rows(store, query, query.fill(test.args).text)
        for column, cells in zip(query.columns.values(), zip(*found, strict=True), strict=False):
            if query.kind != "construct" or column.name != "object":
                assert {cell.datatype for cell in cells if cell} <= DATATYPES[column.type], column.name


@every_query
def test_oxigraph_gives_the_expected_rows(query: SavedQuery, store: Store) -> None:
    for test in query.tests:
        text = query.fill(test.args).text
        assert test.least <= len(rows(store, query, text)) <= test.most, test
        if test.golden:
            expected = (HERE / "golden" / test.golden).read_bytes().decode("utf-8")
            format_name = "nt" if query.kind == "construct" else "csv"
            found = store.query(text).serialize(format_name).decode("utf-8")
            assert found.splitlines() == expected.splitlines()


@pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")  # in rdflib's own parser
@every_query
def test_rdflib_gives_the_same_rows(query: SavedQuery, store: Store, dataset: Dataset) -> None:
    for test in query.tests:
        text = query.fill(test.args).text
        found: Any = dataset.query(text)
        if query.kind == "ask":
            assert bool(found.askAnswer) == bool(rows(store, query, text)), test
            continue
        answer: Iterable[Any] = found.graph if query.kind == "construct" else found
        other = [plain(tuple(_from_rdflib(value) for value in row)) for row in answer]
        assert Counter(other) == Counter(map(plain, rows(store, query, text))), test


@every_query
def test_a_default_is_among_its_choices(query: SavedQuery, store: Store) -> None:
    """So is every value that a test asks with, or the question would refuse it."""
    filled = query.fill({})
    found = drive_now(choosing(filled), lambda text: ask(store, text))
    for name, choices in found.items():
        values = {choice.value for choice in choices}
        asked = {short(filled.terms[name])} | {
            query.fill(test.args).arguments.get(name, "") for test in query.tests
        }
        assert asked - {""} <= values, name


def answer(store: Store, query: SavedQuery, arguments: Mapping[str, str]) -> Table:
    return drive_now(answering(query.fill(arguments)), lambda text: ask(store, text))


@in_both_languages
@every_query
def test_the_sentence_states_the_finding(query: SavedQuery, store: Store, lang: str) -> None:
    """As written down, for the default run."""
    assert answer(store, query, {}).sentence(lang) == SENTENCES[query.name, lang]


@every_query
def test_no_sentence_has_a_hole(query: SavedQuery, store: Store) -> None:
    """Whatever it is asked with: nothing in braces, and nothing where a value should be."""
    for test in query.tests:
        for lang in LANGUAGES:
            sentence = answer(store, query, test.args).sentence(lang)
            assert not re.search(r"[{}]|  |\s%| [,.;:)](?!\.)|\( |\(\)|«»|“”", sentence), sentence


@every_query
def test_italian_sets_no_name_behind_a_preposition(query: SavedQuery) -> None:
    """Whether a name takes an article nobody knows: «della rete “X”» and «X: …» do without it."""
    wording = query.sentence["it"]
    cases = (wording.none, wording.one, wording.ties, wording.single or "", wording.many or "")
    for found in (each for case in cases for each in BARE.finditer(case)):
        named = query.parameters if found["kind"] == "param" else query.columns
        names = named[found["name"]].type in ("iri", "choice")
        assert not names or found["name"] in WITHOUT_ARTICLE, found[0]


def test_no_sentence_is_left_over() -> None:
    assert set(SENTENCES) == {(name, lang) for name in CATALOGUE for lang in LANGUAGES}


MADE = {
    "iri": "urn:{}",
    "string": "text {}",
    "integer": "{}",
    "decimal": "{}.5",
    "date": "200{}",
    "boolean": "true",
}
OF_TYPE = {
    "integer": XSD + "integer",
    "decimal": XSD + "decimal",
    "date": XSD + "gYear",
    "boolean": XSD + "boolean",
}


def made(query: SavedQuery, count: int) -> Table:
    """An answer of so many rows, all different but for what the query ranks by; of an ASK yes for one."""
    if query.kind == "ask":
        value = Cell("true" if count else "false", datatype=XSD + "boolean")
        return Table(query, query.fill({}), tuple(query.columns.values()), ((value,),))

    def cell(name: str, kind: str, number: int) -> Cell:
        value = MADE[kind].format(1 if name == query.rank else number)
        return Cell(value, "iri" if kind == "iri" else "literal", OF_TYPE.get(kind, ""))

    columns = tuple(query.columns.values())
    found = [tuple(cell(each.name, each.type, number) for each in columns) for number in range(1, count + 1)]
    return Table(query, query.fill({}), columns, tuple(found))


@in_both_languages
@every_query
def test_none_one_and_several_have_their_own_wording(query: SavedQuery, lang: str) -> None:
    """What stands outside the braces is that of the case, what is in them is not empty."""
    wording = query.sentence[lang]
    several = wording.ties if query.rank or wording.many is None else wording.many
    first = re.search(r"\{top\.(\w+)\}", wording.one)
    name = first[1] if first else ""
    alike = bool(name) and (query.columns[name].type == "boolean" or name == query.rank)
    cases = {0: wording.none, 1: wording.single or wording.one, 3: wording.one if alike else several}
    if query.kind == "ask":
        cases = {0: wording.none, 1: wording.single or wording.one}
    for count, expected in cases.items():
        pattern = ".+".join(map(re.escape, PLACE.split(expected)))
        assert re.fullmatch(pattern, made(query, count).sentence(lang)), count


@every_query
def test_an_altered_datum_alters_the_answer(
    query: SavedQuery, store: Store, parsed: list[pyoxigraph.Quad]
) -> None:
    """The update changes named graphs; the store is then what it would have been with those data."""
    engine = pyoxigraph.Store()
    engine.bulk_extend(parsed)
    prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    engine.update(prefixes + ALTERATIONS[query.name])
    engine.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")  # as a release is opened
    assert rows(Store(engine), query, query.text) != rows(store, query, query.text)


def test_no_alteration_is_left_over() -> None:
    assert set(ALTERATIONS) == set(CATALOGUE)


def test_every_question_has_its_query(questions: dict[str, str]) -> None:
    assert len(questions) == 38
    asked = [query.question for query in QUERIES if query.question]
    assert sorted(asked) == sorted(questions)


def golden_lines(query: SavedQuery) -> list[set[str]]:
    """What stands in each row of the default run."""
    if query.kind == "ask":
        return []
    if query.kind == "construct":
        return [{cell.value for cell in row if cell} for row in from_triples(golden(query).read_bytes())]
    return [{value for value in row.values() if value} for row in table(golden(query))]


def golden_cells(query: SavedQuery) -> set[str]:
    return set().union(*golden_lines(query))


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
    answer = questions[query.question or ""]
    lines = golden_lines(query)
    assert not [token for token in tokens(answer) if not holds(golden_cells(query), token)]
    for printed in [*re.findall(r"`[^`]+`: [^;]+", answer), *re.findall(r"\((`[^`]+`[^)]*)\)", answer)]:
        key, *rest = tokens(printed)
        for token in rest:
            assert any(holds(line, key) and holds(line, token) for line in lines), (key, token)


@every_answer
def test_the_rows_hold_no_other_ids(query: SavedQuery, questions: dict[str, str], entities: set[str]) -> None:
    """Of each kind of thing that the answer prints, the rows hold those printed and no others."""
    printed = set(re.findall(r"`(.*?)`", questions[query.question or ""]))
    things = {value for value in golden_cells(query) if value.startswith(BASE) and last(value) in entities}
    kinds = {value.rsplit("/", 1)[0] for value in things if last(value) in printed}
    assert {last(value) for value in things if value.rsplit("/", 1)[0] in kinds} <= printed


@every_query
def test_no_answer_stands_in_the_query(query: SavedQuery) -> None:
    """Outside the defaults of its parameters it names no thing, number or text of its rows."""
    text = re.sub(r"(?m)^\s*(#|PREFIX ).*$", "", query.spelled(dict.fromkeys(query.parameters, UNDEF)))
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
