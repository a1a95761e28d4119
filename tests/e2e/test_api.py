"""The page of the API in a real browser: Swagger UI under our own Content-Security-Policy."""

import httpx
import pytest
from playwright.sync_api import expect

from .conftest import Open
from .test_frame import barriers

pytestmark = pytest.mark.slow


def test_the_page_shows_every_operation(visit: Open, site: str) -> None:
    """As many as the description has, in our own frame; all comes from this host.

    Those of saved questions, which are many and alike, are folded until they are asked for.
    """
    described = httpx.get(f"{site}/openapi.json", trust_env=False).json()["paths"]
    verbs = ("get", "post", "options", "delete")
    tags = [each["tags"] for path in described.values() for verb, each in path.items() if verb in verbs]
    operations = [each for each in tags if each != ["questions"]]
    page = visit("/api/docs", lang="en-GB")
    expect(page.get_by_role("heading", name="Operations")).to_be_visible()
    expect(page.locator(".opblock")).to_have_count(len(operations))
    expect(page.locator("[data-tag=questions]")).to_have_attribute("data-is-open", "false")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_no_barriers(visit: Open, axe: str, scheme: str) -> None:
    """Operations open and closed; every field has a name, also those that Swagger UI leaves without one."""
    page = visit("/api/docs", color_scheme=scheme)
    expect(page.get_by_role("heading", name="Operazioni")).to_be_visible()
    for name in ("SPARQL-get_sparql", "SPARQL-post_sparql", "graphs-get_graphs"):
        page.locator(f"#operations-{name} .opblock-summary-control").click()
        page.locator(f"#operations-{name}").get_by_role("button", name="Try it out").click()
    expect(page.get_by_role("button", name="Execute")).to_have_count(3)
    assert barriers(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_an_operation_can_be_tried(visit: Open) -> None:
    """The answer is that of the service itself."""
    page = visit("/api/docs")
    page.locator("#operations-SPARQL-get_sparql").get_by_role("button").first.click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_placeholder("query", exact=True).fill("ASK { ?s ?p ?o }")
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table .response-col_status").last).to_contain_text("200")


def test_the_footer_leads_to_the_api(visit: Open) -> None:
    """From every page; Swagger UI is loaded on its own page alone."""
    page = visit("/privacy")
    assert page.locator("script[src*=docs], link[href*=docs-]").count() == 0
    page.locator("footer").get_by_role("link", name="API").click()
    expect(page.locator("#api .opblock").first).to_be_visible()


def test_without_javascript_the_description_is_a_link(visit: Open) -> None:
    """A program has it in any case."""
    page = visit("/api/docs", java_script_enabled=False)
    expect(page.get_by_text("richiede JavaScript")).to_be_visible()
    expect(page.get_by_role("link", name="OpenAPI")).to_have_attribute("href", "/openapi.json")
