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
