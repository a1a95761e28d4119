"""The reference of the ontology is the one that `make docs` writes from the data as they are."""

from pathlib import Path

import pytest

from ctlgraph.reference import PAGES, Reference
from ctlgraph.release import Release
from ctlgraph.store import Store


@pytest.mark.parametrize("lang", sorted(PAGES))
def test_the_reference_page_is_current(lang: str, release: Release, project: Path) -> None:
    """Out of date: run `make docs`."""
    page = Reference(Store.open(release.path), project / "ontology").page(lang)
    assert page == (project / "ontology" / PAGES[lang]).read_text("utf-8")


def test_every_declared_term_is_on_the_page(release: Release, project: Path) -> None:
    reference = Reference(Store.open(release.path), project / "ontology")
    page = reference.page("en")
    for kind in ("classes", "properties"):
        for term in reference.terms(kind, "it"):
            assert f"### {term.name} · " in page


def test_every_pattern_has_both_titles_and_answers(release: Release, project: Path) -> None:
    """A pattern that finds nothing teaches nothing."""
    reference = Reference(Store.open(release.path), project / "ontology")
    for lang in PAGES:
        patterns = list(reference.patterns(lang))
        assert len(patterns) == len(list((project / "ontology" / "patterns").glob("*.rq")))
        assert [pattern.title for pattern in patterns if not pattern.rows] == []


def test_the_order_of_rows_is_the_queries_own(release: Release, project: Path) -> None:
    """Not that in which the statements were loaded: ties are broken, so pages and files stay the same."""
    quads = (release.path / "ctlgraph.nq").read_bytes().splitlines(keepends=True)
    stores = [Store.from_nquads(b"".join(lines)) for lines in (quads, reversed(quads))]
    for folder in ("ontology/patterns", "queries"):
        for query in sorted((project / folder).glob("*.rq")):
            text = query.read_text("utf-8")
            answers = [store.query(text) for store in stores]
            first, second = (answer.serialize(answer.formats[0]) for answer in answers)
            assert first == second, query.name
