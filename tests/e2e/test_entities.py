"""Pages of things as an officer reads them, in Italian, from the home page on, without a line of SPARQL."""

import json

import pytest
from playwright.sync_api import Page, expect

from .conftest import Open
from .test_frame import barriers

pytestmark = pytest.mark.slow

KINDS = {
    "cluster": "/doc/cluster/le2c",
    "project": "/doc/project/fanghi",
    "network": "/doc/network/eusalp",
    "act": "/doc/act/s3-lombardia",
    "person": "/doc/person/person-mastinu",
    "organisation": "/doc/organisation/regione-lombardia",
    "place": "/doc/place/pl-lombardia",
    "number": "/doc/observation/clm-2022-total",
    "term": "/ontology/terms/ctl:Participation",
    "vocabulary": "/vocab/pnrr",
}


def row(page: Page, part: str, text: str) -> str:
    """The row of a table that has a text, as it is read."""
    return page.locator(f".part:has(> #part-{part}) tbody tr").filter(has_text=text).inner_text()


@pytest.mark.parametrize("script", [True, False])
def test_who_is_in_vanguard_and_in_which_role(visit: Open, script: bool) -> None:
    """Three clusters take part; the fourth is a guest of a pilot, and the page says what a guest is."""
    page = visit("/", java_script_enabled=script)
    page.get_by_role("link", name="Lombardy Energy Cleantech Cluster", exact=True).first.click()
    page.get_by_role("link", name="Vanguard Initiative", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vanguard Initiative")
    rows = page.locator(".part:has(> #part-participants) tbody tr").all_inner_texts()
    assert [("ospite" in each, "partecipante" in each) for each in rows] == [(False, True)] * 3 + [
        (True, False)
    ]
    assert "Tecnologie per gli Ambienti di Vita" in rows[3]
    expect(page.get_by_text("Chi è invitato e non è membro.")).to_be_visible()


def test_who_funded_a_project_and_with_whom(visit: Open) -> None:
    """The funder by way of the call, the partners with the lead first, how sure its themes are."""
    page = visit("/")
    page.get_by_role("link", name="Lombardy Energy Cleantech Cluster", exact=True).first.click()
    page.get_by_role("link", name="FANGHI", exact=True).first.click()
    assert "Call Hub Ricerca e Innovazione" in row(page, "money", "Regione Lombardia")
    partners = page.locator(".part:has(> #part-participants) tbody tr").all_inner_texts()
    assert "A2A Ambiente" in partners[0]
    assert "capofila" in partners[0]
    assert len(partners) == 7
    assert "dedotta" in row(page, "themes", "Economia circolare")


def test_what_links_two_clusters(visit: Open) -> None:
    """It stands on the page of each; one more step leads to the question about the two."""
    page = visit("/")
    page.get_by_role("link", name="Lombardy Energy Cleantech Cluster", exact=True).first.click()
    shared = row(page, "common", "Lombardy Green Chemistry Association")
    assert "BIOMASS HUB" in shared
    assert "Vanguard Initiative" in shared
    page.get_by_role("link", name="fianco a fianco con Lombardy Green Chemistry Association").click()
    assert "one=cluster/le2c&other=cluster/lgca" in page.url.replace("%2F", "/")
    expect(page.locator("main")).to_contain_text("BIOMASS HUB")


def test_which_number_is_right_and_why(visit: Open) -> None:
    """Every number that sources state with its lines, and beside them how to read them."""
    page = visit("/doc/set/ctl")
    found = page.locator(".odd").filter(has_text="Quanti sono gli associati dei nove cluster")
    assert {"755", "750"} <= set(found.locator("strong").all_inner_texts())
    expect(found).to_contain_text("quasi 700")
    assert found.locator(".stated .source a").count() >= 3


def test_the_neighbours_are_drawn_for_the_width_of_the_screen(visit: Open) -> None:
    """One of the two drawings is there, its names lead on by keyboard, and a table says the same."""
    page = visit("/doc/network/vanguard")
    for width, form, other in ((1280, "wide", "narrow"), (390, "narrow", "wide")):
        page.set_viewport_size({"width": width, "height": 900})
        expect(page.locator(f"svg.{form}")).to_be_visible()
        expect(page.locator(f"svg.{other}")).to_be_hidden()
    drawn = page.locator("svg.narrow a").all_inner_texts()
    page.get_by_text("Lo stesso in tabella").click()
    listed = page.locator("#around tbody a").all_inner_texts()
    assert len(drawn) == len(listed) >= 5
    page.locator("svg.narrow a").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(listed[0])


def test_tables_of_a_narrow_screen_are_cards(visit: Open) -> None:
    """Nothing has to be scrolled sideways, each cell says its heading, and it is a table still."""
    page = visit("/doc/cluster/le2c", width=360)
    wider = "all => all.filter(e => e.scrollWidth > e.clientWidth).length"
    assert page.locator(".part .table-scroll:has(> .cards)").evaluate_all(wider) == 0
    projects = page.locator(".part:has(> #part-projects)")
    row = projects.get_by_role("row").filter(has=page.get_by_role("rowheader", name="FANGHI"))
    expect(row.get_by_role("cell").first).to_have_text("in corso (secondo la fonte, nel 2022)")
    before = "e => getComputedStyle(e, '::before').content"
    assert "Stato" in row.get_by_role("cell").first.evaluate(before)


def test_collectors_of_pages_read_the_thing_in_the_page(visit: Open) -> None:
    """The block is data: the security policy has nothing against it, and the browser does not complain."""
    page = visit("/doc/project/fanghi")
    block = json.loads(page.locator('script[type="application/ld+json"]').inner_text())
    assert (block["@type"], block["name"]) == ("ResearchProject", "FANGHI")
    assert block["mainEntityOfPage"] == page.url


@pytest.mark.parametrize("script", [True, False])
def test_a_term_leads_to_examples_rules_and_questions(visit: Open, script: bool) -> None:
    """From the drawing of the classes on, with no more than links."""
    page = visit("/ontology", java_script_enabled=script)
    page.locator("svg.wide").get_by_role("link", name="cluster tecnologico (9)").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("cluster tecnologico")
    expect(page.locator("#examples + ul li").first).to_contain_text("doc. 003")
    rules = page.locator(".part:has(> #rules) dt").all_inner_texts()
    assert rules
    page.locator("section[aria-labelledby=questions] summary").click()
    page.get_by_role("link", name="Associati per cluster e categoria", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Associati per cluster e categoria")


@pytest.mark.parametrize("name", KINDS)
def test_a_page_of_a_kind_has_no_barriers(visit: Open, axe: str, name: str) -> None:
    """WCAG 2.2 AA: axe finds nothing, nothing runs over the edge; in two looks."""
    wide = list(KINDS).index(name) % 2 == 0
    look = (
        {"lang": "it-IT", "width": 1280} if wide else {"lang": "en-GB", "width": 320, "color_scheme": "dark"}
    )
    page = visit(KINDS[name], **look)
    assert barriers(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
