"""Releases in a real browser: without barriers, on every screen, and a way into a release as it was."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import Open
from .test_frame import barriers

pytestmark = pytest.mark.slow

PAGES = (
    "/releases",
    "/releases/0.2.0",
    "/dump/0.2.0/",
    "/releases/0.1.0...0.2.0",
    "/releases/0.1.0/doc/cluster/clm",
)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_releases_has_no_barriers(visit: Open, axe: str, path: str) -> None:
    """WCAG 2.2 AA, in Italian on a desk and in English, dark, on a telephone."""
    for lang, width, scheme in (("it-IT", 1280, "light"), ("en-GB", 390, "dark")):
        page = visit(path, lang=lang, width=width, color_scheme=scheme)
        assert barriers(page, axe) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_reader_goes_into_an_earlier_release_and_back(visit: Open) -> None:
    """From the list to a cluster as it was, and to the same page of today."""
    page = visit("/releases", lang="it-IT")
    page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="0.1.0")).get_by_role(
        "link", name="Leggerlo com'era"
    ).click()
    expect(page.get_by_text("Si sta leggendo il rilascio 0.1.0")).to_be_visible()
    page.get_by_role("link", name="Esplora").click()
    expect(page).to_have_url(re.compile(r"/releases/0\.1\.0/search"))
    page.get_by_role("link", name="Questa pagina nel rilascio corrente").click()
    expect(page.get_by_text("Si sta leggendo")).to_have_count(0)


def test_what_is_published_is_reached_without_javascript(visit: Open) -> None:
    """Catalogue, files, releases and what changed between two: all of it by links."""
    page = visit("/", java_script_enabled=False)
    page.locator("footer").get_by_role("link", name="Catalogo e file").click()
    expect(page.get_by_role("link", name="ctlgraph.nq.gz")).to_be_visible()
    page.get_by_role("link", name="0.2.0", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("0.2.0")
    page.goto("/releases/0.1.0...0.2.0")
    expect(page.get_by_role("heading", level=1)).to_have_text("Che cosa è cambiato da 0.1.0 a 0.2.0")
    assert page.locator("main li a").count() > 5
    page.goto("/dump/0.2.0/")
    with page.expect_download() as download:
        page.get_by_role("link", name="ctlgraph.nq.gz").first.press("Enter")
    assert download.value.suggested_filename == "ctlgraph.nq.gz"


@pytest.mark.parametrize("script", [True, False])
def test_vocabularies_and_rules_are_read_by_keyboard(visit: Open, script: bool) -> None:
    """From the ontology to a vocabulary, a concept and back; a word narrows the rules down."""
    page = visit("/ontology", java_script_enabled=script)
    page.get_by_role("link", name="Missioni e componenti del PNRR").press("Enter")
    row = page.get_by_role("row").filter(has_text="M4C2").first
    expect(row).to_contain_text("Dalla ricerca all’impresa")
    row.get_by_role("link", name="Dalla ricerca all’impresa").press("Enter")
    expect(page.get_by_role("navigation", name="Percorso")).to_contain_text("Missioni e componenti del PNRR")
    page.goto("/shapes")
    field = page.get_by_label("Parole di una regola")
    field.fill("capofila")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"/shapes\?q=capofila"))
    expect(page.get_by_text(re.compile(r"Regole: \d+ su \d+"))).to_be_visible()
    assert 1 <= page.locator("main dl.facts > div").count() < 20
