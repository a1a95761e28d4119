"""Each passage is where it says: its quotation stands on its lines of the file that it names."""

import hashlib
import json
import re
import unicodedata
from pathlib import Path

import pytest

from ctlgraph.release import Release
from ctlgraph.store import Store
from ctlgraph.vocabulary import BASE

SOURCES = Path(__file__).resolve().parents[3] / "shared" / "sources"
LONGEST_PASSAGE = 21
LONGEST_QUOTATION = 8
COPIED_WORDS = 9

DOCUMENTS = """
PREFIX ctl: <https://w3id.org/ctlgraph/ontology#>
PREFIX dct: <http://purl.org/dc/terms/>
SELECT ?document ?file ?sha256 WHERE {
  ?document a ctl:SourceDocument ; dct:identifier ?file ; ctl:sha256 ?sha256 .
}
"""
PASSAGES = """
PREFIX ctl: <https://w3id.org/ctlgraph/ontology#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX prov: <http://www.w3.org/ns/prov#>
SELECT ?passage ?document ?first ?last ?quotation WHERE {
  ?passage a ctl:Passage ; prov:wasDerivedFrom ?document ; oa:exact ?quotation ;
    ctl:firstLine ?first ; ctl:lastLine ?last .
} ORDER BY ?document ?first
"""
TEXTS = """
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX locn: <http://www.w3.org/ns/locn#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?subject ?text WHERE {
  GRAPH ?graph { ?subject ?property ?text }
  FILTER (isLiteral(?text) && STRSTARTS(STR(?graph), "https://w3id.org/ctlgraph/graph/"))
  FILTER (?property NOT IN (skos:prefLabel, skos:altLabel, dct:title, dct:identifier, locn:fullAddress))
}
"""


def rows(release: Release, query: str) -> list[dict[str, str]]:
    answer = json.loads(Store.open(release.path).query(query).serialize("json"))
    return [{name: cell["value"] for name, cell in row.items()} for row in answer["results"]["bindings"]]


def words(text: str) -> list[str]:
    return unicodedata.normalize("NFC", text).split()


@pytest.fixture(scope="session")
def lines(release: Release) -> dict[str, list[str]]:
    """The lines of each source document, whose file has the digest that the data give."""
    if not SOURCES.is_dir():
        pytest.skip("../shared/sources is absent: quotations cannot be looked up")
    found = {}
    for row in rows(release, DOCUMENTS):
        data = (SOURCES / row["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == row["sha256"], row["file"]
        found[row["document"]] = data.decode("utf-8").split("\n")
    return found


def test_a_quotation_stands_on_its_lines(release: Release, lines: dict[str, list[str]]) -> None:
    passages = rows(release, PASSAGES)
    assert passages
    for row in passages:
        text = lines[row["document"]][int(row["first"]) - 1 : int(row["last"])]
        quotation = " ".join(words(row["quotation"]))
        assert any(quotation in " ".join(words(line)) for line in text), row


def test_a_passage_is_short_and_overlaps_no_other(release: Release) -> None:
    """At most about fifteen lines of text: a citation that a person can check at a glance."""
    ends: dict[str, int] = {}
    for row in rows(release, PASSAGES):
        first, last = int(row["first"]), int(row["last"])
        assert first > ends.get(row["document"], 0), row
        assert last - first < LONGEST_PASSAGE, row
        assert len(words(row["quotation"])) <= LONGEST_QUOTATION, row
        ends[row["document"]] = last


def test_no_sentence_of_the_sources_is_copied(release: Release, lines: dict[str, list[str]]) -> None:
    """Names and titles carry over; of running text, never nine words in a row."""
    texts = [" " + " ".join(words(" ".join(text))).lower() + " " for text in lines.values()]
    for row in rows(release, TEXTS):
        mine = re.split(r"\s+", " ".join(words(row["text"])).lower())
        for start in range(len(mine) - COPIED_WORDS + 1):
            run = " " + " ".join(mine[start : start + COPIED_WORDS]) + " "
            assert not any(run in text for text in texts), (row["subject"].removeprefix(BASE), run)
