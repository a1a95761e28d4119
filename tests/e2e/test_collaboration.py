"""The page of collaboration in a real browser: languages, widths, keyboard, the drawing that moves."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import Open, Watch
from .test_frame import barriers

pytestmark = pytest.mark.slow

MOST = 150_000  # bytes of the page and all that it loads


@pytest.mark.parametrize(
    ("path", "lang", "width", "scheme"),
    [
        ("/collaboration", "it-IT", 1280, "light"),
        ("/collaboration", "en-GB", 320, "dark"),
        ("/collaboration?of=organisations&by=projects&measure=communities", "it-IT", 390, "light"),
        ("/collaboration?by=all&projection=none&measure=betweenness", "en-GB", 1280, "dark"),
    ],
)
def test_the_page_has_no_barriers(
    visit: Open, axe: str, path: str, lang: str, width: int, scheme: str
) -> None:
    """Drawn and in tables, in both languages; nothing runs over the edge."""
    page = visit(path, lang=lang, width=width, color_scheme=scheme)
    expect(page.locator("svg.network")).to_be_visible()
    assert barriers(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_graph_is_chosen_and_read_without_javascript(visit: Open) -> None:
    """The address is the whole state; the finding is a sentence."""
    page = visit("/collaboration", java_script_enabled=False)
    page.get_by_label("Soggetto").select_option("networks")
    page.get_by_label("Uniti da").select_option("clusters")
    page.get_by_role("button", name="Mostra il grafo").click()
    assert "of=networks" in page.url
    expect(page.locator(".sentence")).to_contain_text("European Cluster Collaboration Platform")
    expect(page.get_by_role("button", name="Spostare e ingrandire")).to_be_hidden()


def test_the_keyboard_reaches_each_node(visit: Open) -> None:
    """By its name; Enter leads to its page."""
    page = visit("/collaboration")
    node = page.locator("svg.network").get_by_role("link", name=re.compile("Lombardy Green"))
    node.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lombardy Green Chemistry Association")


def test_the_drawing_moves_when_it_is_asked_to(visit: Open, watch: Watch, axe: str) -> None:
    """Its program is loaded only then, the page alone is light; a second click brings the drawing back."""
    page = visit("/collaboration")
    page.wait_for_load_state("networkidle")
    assert sum(request.sizes()["responseBodySize"] for request in watch.loaded) < MOST
    button = page.get_by_role("button", name="Spostare e ingrandire il disegno")
    button.click()
    expect(page.locator(".network-stage canvas").first).to_be_visible()
    expect(page.locator("svg.network")).to_be_hidden()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert barriers(page, axe) == []
    button.click()
    expect(page.locator("svg.network")).to_be_visible()
