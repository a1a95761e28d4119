"""Saved queries in a real browser: the catalogue, a question, its form, the statements behind it, paper."""

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from ctlgraph.catalogue import read
from ctlgraph.sources import root

from .conftest import Open, Watch
from .test_frame import barriers

pytestmark = pytest.mark.slow

NAME = "member-counts"
ROW = "row.cluster=cluster/afil&row.category=vocab/member-category/total"
PAGES = {
    "catalogue": "/queries",
    "searched": "/queries?q=soci+impres",
    "question": f"/queries/{NAME}",
    "chosen": f"/queries/{NAME}?cluster=cluster/clm",
    "empty": "/queries/clusters-in-network?network=network/vanguard-smart-health",
    "wrong": f"/queries/{NAME}?cluster=cluster/afill&source=doc",
    "statements": f"/queries/{NAME}/statements?{ROW}",
    "sheet": "/sheet/cluster/clm",
}
CATALOGUE = read(root())
WITH_CHART = sorted(name for name, saved in CATALOGUE.items() if saved.chart)
MOST = 150_000  # bytes of a page and all that it loads, without its chart


def status(name: str) -> int:
    return 400 if name == "wrong" else 200


@pytest.mark.parametrize(
    ("scheme", "lang", "width"), [("light", "it-IT", 1280), ("dark", "en-GB", 320)], ids=["wide", "narrow"]
)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_barriers(visit: Open, axe: str, name: str, scheme: str, lang: str, width: int) -> None:
    """WCAG 2.2 AA: axe finds nothing, and nothing runs over the edge of the screen."""
    page = visit(PAGES[name], lang=lang, width=width, color_scheme=scheme, status=status(name))
    assert barriers(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("width", [390, 768, 2000])
def test_a_page_fits_every_screen(visit: Open, width: int) -> None:
    """Nothing has to be scrolled sideways but wide tables."""
    for name in ("catalogue", "question", "statements", "sheet"):
        page = visit(PAGES[name], width=width)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name


@pytest.mark.parametrize("name", ["catalogue", "question", "statements", "sheet"])
def test_a_page_is_light(visit: Open, watch: Watch, name: str) -> None:
    """Everything but the chart comes in under 150 KB when nothing is kept yet."""
    visit(PAGES[name]).wait_for_load_state("networkidle")
    loaded = [
        request for request in watch.loaded if ".svg?" not in request.url and f"{NAME}.svg" not in request.url
    ]
    assert sum(r.sizes()["responseBodySize"] + r.sizes()["responseHeadersSize"] for r in loaded) < MOST


def test_a_question_is_found_by_its_words(visit: Open) -> None:
    """In either language, without accents; a theme narrows further."""
    page = visit("/queries")
    page.get_by_label("Che cosa vuoi sapere?").fill("piu associati")
    page.get_by_role("button", name="Cerca", exact=True).last.click()
    expect(page.get_by_role("status").first).to_contain_text("su")
    page.get_by_role("link", name="Quanti associati ha ogni cluster").or_(
        page.get_by_role("link", name="I cluster con più e con meno associati")
    ).first.click()
    expect(page.get_by_role("heading", name="La risposta", exact=True)).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_a_choice_changes_the_answer(visit: Open, script: bool) -> None:
    """The form is a form: the address holds all that was chosen, with JavaScript and without."""
    page = visit(f"/queries/{NAME}", java_script_enabled=script)
    page.get_by_label("Cluster (facoltativo)").select_option("cluster/clm")
    page.get_by_role("button", name="Mostra la risposta").click()
    expect(page.get_by_role("rowheader")).to_have_count(4)
    expect(page).to_have_url(re.compile("cluster=cluster%2Fclm"))
    expect(page.locator(".sentence")).to_contain_text("83")
    expect(page.get_by_label("Cluster (facoltativo)")).to_have_value("cluster/clm")
    page.get_by_role("link", name="Associati (adesioni)").click()
    expect(page.get_by_role("rowheader")).to_have_count(4)
    expect(page).to_have_url(
        re.compile("cluster=cluster%2Fclm.*sort=members|sort=members.*cluster=cluster%2Fclm")
    )


def test_all_can_be_chosen_where_something_was(visit: Open) -> None:
    """An empty choice is kept when the table is sorted."""
    page = visit("/queries/clusters-with-seat-in?place=&source=")
    count = page.get_by_role("rowheader").count()
    page.locator("#answer thead a").first.click()
    expect(page.get_by_role("rowheader")).to_have_count(count)
    expect(page).to_have_url(re.compile("place="))


def test_every_number_leads_to_its_statements(visit: Open, site: str) -> None:
    """To the passage that states it, with its lines and words; and back."""
    page = visit(f"/queries/{NAME}")
    page.locator("#answer a.behind").first.click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("righe 152–154")
    expect(page.get_by_text("numero di associati")).to_be_visible()
    expect(page.locator("blockquote")).to_contain_text("116")
    page.get_by_role("link", name="Torna alla risposta").click()
    assert page.url == f"{site}/queries/{NAME}"


@pytest.mark.parametrize("name", [name for name, saved in CATALOGUE.items() if saved.kind == "select"][::5])
def test_the_first_row_of_an_answer_leads_to_its_statements(visit: Open, site: str, name: str) -> None:
    """Where there is a row there are its statements."""
    links = visit(f"/queries/{name}").locator("#answer a.behind")
    if links.count():
        with httpx.Client(trust_env=False, timeout=60, headers={"accept": "text/html"}) as client:
            answer = client.get(site + (links.first.get_attribute("href") or ""))
        assert answer.status_code == 200
        assert 'class="statements"' in answer.text


def test_a_wrong_choice_is_told_at_its_field(visit: Open) -> None:
    """What was given, what was expected, what is near; a click puts it right."""
    page = visit(PAGES["wrong"], status=400)
    expect(page.get_by_role("alert")).to_contain_text("Cluster")
    field = page.get_by_label("Cluster (facoltativo)")
    expect(field).to_have_attribute("aria-invalid", "true")
    told = page.locator(f"#{field.get_attribute('aria-describedby')}")
    expect(told).to_contain_text("«cluster/afill» non va bene")
    expect(page.get_by_label("Fonte", exact=True)).to_have_attribute("aria-invalid", "true")
    page = visit(f"/queries/{NAME}?cluster=cluster/afill", status=400)
    page.get_by_role("link", name="Associazione Fabbrica Intelligente Lombardia").click()
    expect(page.get_by_role("rowheader")).to_have_count(4)


def test_an_empty_answer_offers_one_that_is_not(visit: Open) -> None:
    """The nearest choice with an answer is one click away."""
    page = visit(PAGES["empty"])
    expect(page.get_by_text("Con un’altra scelta una risposta c’è:")).to_be_visible()
    page.locator(".note a").first.click()
    expect(page.get_by_role("rowheader").first).to_be_visible()


def test_the_keyboard_alone_asks_and_reads(visit: Open) -> None:
    """From the field to the answer without a mouse; the focus is never lost."""
    page = visit(f"/queries/{NAME}")
    field = page.get_by_label("Cluster (facoltativo)")
    field.focus()
    field.select_option("cluster/afil")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("rowheader")).to_have_count(4)
    page.locator("#answer-by-members").press("Enter")
    expect(page.locator("#answer-by-members")).to_be_focused()


@pytest.mark.parametrize("name", WITH_CHART[::3])
def test_a_chart_is_drawn_with_words_for_it(site: str, name: str) -> None:
    """Every question that declares one has it as SVG, with a text in place of it on the page."""
    with httpx.Client(trust_env=False, timeout=60, base_url=site) as client:
        drawn = client.get(f"/queries/{name}.svg", headers={"accept-language": "it"})
        page = client.get(f"/queries/{name}", headers={"accept": "text/html", "accept-language": "it"}).text
    assert drawn.status_code == 200
    assert "<title" in drawn.text
    assert re.search(rf'<img src="/queries/{name}\.svg[^"]*" alt="[^"]{{20,}}"', page)


def test_a_chart_is_seen(visit: Open) -> None:
    """The browser loads it, with a size of its own."""
    image = visit(f"/queries/{NAME}").locator("figure img")
    image.scroll_into_view_if_needed()
    expect(image).to_be_visible()
    image.page.wait_for_function("document.querySelector('figure img').naturalWidth > 300")


def pages_of(page: Page, path: Path) -> int:
    page.pdf(path=str(path), format="A4")
    return len(re.findall(rb"/Type\s*/Page\b", path.read_bytes()))


@pytest.mark.parametrize("slug", ["afil", "clm", "tav", "lac"])
def test_the_cluster_sheet_is_one_sheet(visit: Open, tmp_path: Path, slug: str) -> None:
    """Of A4: who it is, members, seats, networks, projects, themes; every row with its lines."""
    page = visit(f"/sheet/cluster/{slug}")
    assert page.locator("main section").count() >= 5
    rows = page.locator("main tbody tr")
    assert rows.count() == page.locator("main tbody tr:has(.source a)").count() > 5
    page.emulate_media(media="print")
    assert pages_of(page, tmp_path / "sheet.pdf") == 1


def test_the_sheet_tells_what_an_officer_is_asked(visit: Open) -> None:
    """When it was recognised and awarded, who presides as of when, and that its members do not add up."""
    page = visit("/sheet/cluster/clm")
    timeline = page.locator("section:has(> #part-timeline) tr").all_inner_texts()
    assert [each for each in timeline if "29 novembre 2016" in each and "riconoscimento" in each]
    assert [each for each in timeline if each.startswith("2018") and "Silver label" in each]
    president = page.get_by_role("row").filter(has_text="Saverio Gaboardi")
    expect(president).to_contain_text("presidente (nel dicembre 2019)")
    count = page.get_by_role("row").filter(has_text="78")
    count.get_by_role("link", name="Gli associati del CLM nel 2019 non tornano").click()
    expect(page.locator("#i-02")).to_be_in_viewport()
    expect(page.locator("#i-02")).to_contain_text("cioè 76")


def test_a_question_prints_without_its_form(visit: Open, tmp_path: Path) -> None:
    """What was chosen, finding, chart, table, sources and citation are on paper; forms and buttons not."""
    page = visit(f"/queries/{NAME}?cluster=cluster/clm")
    page.emulate_media(media="print")
    expect(page.locator("form.ask")).to_be_hidden()
    expect(page.get_by_text("Scarica la risposta")).to_be_hidden()
    for seen in (".asked", ".sentence", "#answer table", ".documents", "#citation"):
        expect(page.locator(seen).first).to_be_visible()
    assert pages_of(page, tmp_path / "question.pdf") <= 2


@pytest.mark.parametrize("name", ["catalogue", "question", "empty", "statements", "sheet"])
def test_no_link_is_dead(site: str, visit: Open, name: str) -> None:
    """Whatever leads to another address of the site leads somewhere: of very many, a part is followed."""
    links = visit(PAGES[name]).eval_on_selector_all(
        "a[href], link[href]", "all => all.map(a => a.href.split('#')[0])"
    )
    own = sorted({link for link in links if link.startswith(site)})
    with httpx.Client(trust_env=False, timeout=20, follow_redirects=True) as client:
        part = own[:: max(1, len(own) // 25)]
        assert [link for link in part if client.get(link).status_code != 200] == []
