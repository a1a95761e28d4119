"""The documents and what was taken from them, beside counts made by others."""

import asyncio
import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ctlgraph.release import Release
from ctlgraph.web.site.facts import Ask
from ctlgraph.web.site.sources import Document, decisions, document, documents, entries, spans

Made = Callable[[str], Ask]


@pytest.fixture(scope="module")
def real(asked: Ask) -> Sequence[Document]:
    return asyncio.run(documents(asked, "it"))


def test_a_document_gave_what_its_question_says(real: Sequence[Document], project: Path) -> None:
    """Statements, things, passages and lines, as the golden answer of the saved question has them."""
    golden = project / "tests" / "queries" / "golden" / "yield-of-sources.csv"
    with golden.open(encoding="utf-8", newline="") as file:
        told = {row["source"]: row for row in csv.DictReader(file)}
    assert [each.thing.iri for each in real] == sorted(told)
    for each in real:
        row = told[each.thing.iri]
        counted = (each.statements, each.things, each.passages, each.lines, each.taken)
        assert counted == tuple(int(row[n]) for n in ("statements", "things", "passages", "lines", "covered"))


def test_the_manifest_counts_the_same(real: Sequence[Document], asked: Ask, release: Release) -> None:
    """The quads of each document, and those of all decisions together."""
    families = release.manifest["counts"]["families"]
    assert {each.name: each.statements for each in real}.items() <= families.items()
    assert sum(each.statements for each in asyncio.run(decisions(asked, "it"))) == families["curated"]


def test_every_line_is_in_one_place_at_most(real: Sequence[Document], asked: Ask) -> None:
    """Passages and gaps follow each other; no gap reaches into a passage or beyond its section."""
    for each in real:
        found = asyncio.run(entries(asked, each))
        assert [entry.first for entry in found] == sorted(entry.first for entry in found)
        gaps = {line for e in found if not e.graph for line in range(e.first, e.last + 1)}
        taken = {line for e in found if e.graph for line in range(e.first, e.last + 1)}
        assert not gaps & taken
        assert len(taken) == each.taken == sum(last - first + 1 for first, last in spans(found))
        assert sum(e.statements for e in found) == each.statements
        assert all(e.section and e.section.first <= e.first <= e.section.last for e in found)
        assert all(e.graph or (e.section and e.last <= e.section.last) for e in found)


def test_lines_of_nothing_are_said(made: Made) -> None:
    """From two on; a single one between passages is not worth a row. A document without sections is one."""
    trig = """graph:sources { source:doc-001 a ctl:SourceDocument ; dct:language "it" .
            d001:1-2 a ctl:Passage ; prov:wasDerivedFrom source:doc-001 ; ctl:firstLine 1 ; ctl:lastLine 2 .
            d001:4-5 a ctl:Passage ; prov:wasDerivedFrom source:doc-001 ; ctl:firstLine 4 ; ctl:lastLine 5 .
            source:doc-002 a ctl:SourceDocument .
            section:s a ctl:SourceSection ; prov:wasDerivedFrom source:doc-001 ;
                ctl:firstLine 1 ; ctl:lastLine 6 .
            section:t a ctl:SourceSection ; prov:wasDerivedFrom source:doc-001 ;
                ctl:firstLine 7 ; ctl:lastLine 9 . }
        d001:1-2 { cluster:clm ctl:acronym "CLM" ; ctl:task "x" . }
        d001:4-5 { cluster:lac ctl:acronym "LAC" . }"""
    ask = made(trig)
    one, two = asyncio.run(documents(ask, "it"))
    found = asyncio.run(entries(ask, one))
    assert [(e.first, e.last, e.statements) for e in found] == [(1, 2, 2), (4, 5, 1), (7, 9, 0)]
    assert spans(found) == [(1, 2), (4, 5)]
    assert (one.language, one.lines, one.taken, one.things) == ("it", 9, 4, 2)
    assert (two.passages, two.lines, asyncio.run(entries(ask, two))) == (0, 0, ())


def test_a_document_that_is_not_there_is_none(asked: Ask) -> None:
    """Whatever its name."""
    assert asyncio.run(document(asked, "doc-999", "it")) is None
    assert asyncio.run(document(asked, "> } #", "it")) is None
