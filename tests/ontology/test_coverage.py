"""Each kind of statement that the documents make is there, as often as they make it.

tests/coverage.csv has a query for each kind and what it counts; where that differs from the printed count,
it says why. A query selects by class, property and concept, never by naming things.
"""

import csv
import json
import re
from pathlib import Path

import pytest

from ctlgraph.release import Release
from ctlgraph.store import Store
from ctlgraph.vocabulary import BASE, PREFIXES

HERE = Path(__file__).parents[1]
PRINTED = HERE.parents[1] / "shared" / "sources" / "coverage.csv"
MOST_DIFFERENCES = 10
NAMES_A_THING = re.compile(
    r"\b("
    + "|".join(prefix for prefix, iri in PREFIXES.items() if f"{BASE}id/" in iri)
    + r"):|"
    + f"{BASE}id/"
)
TEXT = re.compile(r'"(?P<text>[^"]*)"')
LANGUAGES = {"it", "en", ""}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


KINDS = rows(HERE / "coverage.csv")


@pytest.fixture(scope="session")
def store(release: Release) -> Store:
    return Store.open(release.path)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind["statement"])
def test_a_kind_of_statement_is_counted(kind: dict[str, str], store: Store) -> None:
    prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    answer = json.loads(store.query(prefixes + kind["query"]).serialize("json"))
    assert len(answer["results"]["bindings"]) == int(kind["count"])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind["statement"])
def test_a_query_names_no_thing_and_no_answer(kind: dict[str, str]) -> None:
    """By class, property and concept: no IRI of a thing, no text but a language tag."""
    assert not NAMES_A_THING.search(kind["query"])
    assert {found["text"] for found in TEXT.finditer(kind["query"])} <= LANGUAGES


def test_the_counts_are_the_printed_ones() -> None:
    """The same kinds in the same order; a count that differs says why, and one that does not says nothing."""
    if not PRINTED.is_file():
        pytest.skip("../shared/sources/coverage.csv is absent: the counts cannot be compared")
    printed = {row["statement"]: int(row["count"]) for row in rows(PRINTED)}
    assert [kind["statement"] for kind in KINDS] == list(printed)
    for kind in KINDS:
        assert (int(kind["count"]) != printed[kind["statement"]]) == bool(kind["differs"]), kind["statement"]
    assert sum(bool(kind["differs"]) for kind in KINDS) <= MOST_DIFFERENCES
