"""The frame of the site in a real browser: two languages, narrow and wide, light and dark, by keyboard, and
without JavaScript.
"""

import re
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest
from playwright.sync_api import Page, expect

from ctlgraph.release import Release

from .conftest import CONTACT, Open, Watch

pytestmark = pytest.mark.slow

PAGES = {
    "home": "/",
    "search": "/search?q=mobil",
    "all": "/search",
    "nothing": "/search?q=zzz",
    "sentence": "/search?q=che+cosa+lega+LE2C+e+LGCA",
    "cluster": "/doc/cluster/clm",
    "passage": "/graph/doc-003/719-731",
    "concept": "/vocab/s3/s3-sostenibilita",
    "ontology": "/ontology",
    "shapes": "/shapes",
    "catalogue": "/catalog",
    "sparql": "/sparql",
    "accessibility": "/accessibility",
    "privacy": "/privacy",
    "missing": "/doc/cluster/cml",
}
OFFICERS = ("home", "search", "nothing", "cluster", "passage", "concept", "accessibility", "privacy")
WORDS = """cells => cells.flatMap(cell => {
    const found = [], walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) for (const word of walk.currentNode.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
        const range = document.createRange();
        range.setStart(walk.currentNode, word.index);
        range.setEnd(walk.currentNode, word.index + word[0].length);
        found.push([word[0], new Set([...range.getClientRects()].map(box => box.top)).size]);
    }
    return found; })"""  # each word of some cells, with the lines that it takes
RULES = "['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']"


def status(name: str) -> int:
    return 404 if name == "missing" else 200


def barriers(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate(f"() => axe.run(document, {{runOnly: {RULES}}})")["violations"]
    return [f"{each['id']}: {node['target']}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize(
    ("scheme", "lang", "width"), [("light", "it-IT", 1280), ("dark", "en-GB", 320)], ids=["wide", "narrow"]
)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_barriers(visit: Open, axe: str, name: str, scheme: str, lang: str, width: int) -> None:
    """WCAG 2.2 AA: axe finds nothing, and nothing runs over the edge of the screen."""
    page = visit(PAGES[name], lang=lang, width=width, color_scheme=scheme, status=status(name))
    assert barriers(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 2000])
def test_a_page_fits_every_screen(visit: Open, width: int) -> None:
    """From 320 to 2000 pixels nothing has to be scrolled sideways but wide tables."""
    for name in ("home", "cluster", "search"):
        page = visit(PAGES[name], width=width)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name


@pytest.mark.parametrize("name", OFFICERS)
def test_a_page_is_light(visit: Open, watch: Watch, name: str) -> None:
    """Everything that a page needs comes in under 150 KB, in few requests, when nothing is kept yet."""
    visit(PAGES[name]).wait_for_load_state("networkidle")
    loaded = watch.loaded
    weight = sum(r.sizes()["responseBodySize"] + r.sizes()["responseHeadersSize"] for r in loaded)
    assert weight < 150_000
    assert len(loaded) <= 8


def test_a_hashed_file_is_never_asked_again(site: str, visit: Open) -> None:
    """Its name changes with its content, so a browser may keep it for good."""
    address = visit("/").locator("link[rel=stylesheet]").get_attribute("href")
    answer = httpx.get(urljoin(site, address or ""), headers={"Accept-Encoding": "br"}, trust_env=False)
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "br"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"


def test_the_language_can_be_changed_and_stays(visit: Open) -> None:
    """The switch keeps the rest of the address, and the links of the page keep the language."""
    page = visit("/search?q=mobil&sort=-thing")
    expect(page.locator("html")).to_have_attribute("lang", "it")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert re.search(r"q=mobil&sort=-thing&lang=en$", page.url)
    page.get_by_role("link", name="Ontology", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ontology")


def test_numbers_and_dates_have_the_form_of_the_reader(visit: Open) -> None:
    """13.953 in Italian is 13,953 in English; months are written out."""
    assert re.search(r"Affermazioni\s+\d+\.\d{3}\b", visit("/").inner_text("footer"))
    assert re.search(r"Statements\s+\d+,\d{3}\b", visit("/", lang="en-GB").inner_text("footer"))


def test_the_keyboard_reaches_everything_in_order(visit: Open) -> None:
    """First the way past the header, then language, brand, menu, content; focus can always be seen."""
    page = visit("/")
    order = []
    for _ in range(11):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.innerText || document.activeElement.id"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
    brand = order.pop(2)
    assert brand.startswith("ctlgraph")
    assert order == [
        "Vai al contenuto",
        "English",
        "Home",
        "Esplora",
        "Domande",
        "Collaborazione",
        "Ontologia",
        "SPARQL",
        "Dati",
        "home-search",
    ]


def test_the_way_past_the_header_leads_to_the_content(visit: Open) -> None:
    """The first stop of the keyboard saves all others of the header."""
    page = visit("/doc/cluster/clm")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_menu_folds_on_a_narrow_screen(visit: Open) -> None:
    """It opens by keyboard, says so, and Escape closes it and gives the focus back."""
    page = visit("/", width=390)
    button, link = page.get_by_role("button", name="Menu"), page.get_by_role("link", name="Esplora")
    expect(link).to_be_hidden()
    button.press("Enter")
    expect(link).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(button).to_be_focused()


@pytest.mark.parametrize("script", [True, False])
def test_a_table_sorts_filters_and_pages_by_its_address(visit: Open, script: bool) -> None:
    """The address holds the whole state, so that it can be sent; JavaScript only saves loading the page."""
    page = visit("/doc/cluster/clm", java_script_enabled=script)
    page.get_by_text("Dove compare (").click()
    page.get_by_role("link", name="Relazione").click()
    expect(page.get_by_role("columnheader", name="Relazione")).to_have_attribute("aria-sort", "ascending")
    assert page.url.endswith("?sort=relation")
    page.get_by_role("link", name="Pagina successiva").click()
    expect(page.get_by_role("status").first).to_contain_text("21")
    assert page.url.endswith("?sort=relation&page=2")
    page.get_by_label("Filtra le righe").fill("PIANO di")
    page.get_by_role("button", name="Filtra", exact=True).click()
    expect(page.locator("#links").get_by_role("rowheader")).to_have_count(1)
    assert "page" not in page.url


def test_a_sorted_table_keeps_the_focus(visit: Open) -> None:
    """A reader with a keyboard goes on where they were; Back undoes the change."""
    page = visit("/doc/cluster/clm")
    page.get_by_text("Dove compare (").click()
    page.locator("#links-by-relation").press("Enter")
    expect(page.get_by_role("columnheader", name="Relazione")).to_have_attribute("aria-sort", "ascending")
    expect(page.locator("#links-by-relation")).to_be_focused()
    page.go_back()
    heading = page.locator("th:has(#links-by-relation)")
    expect(heading).not_to_have_attribute("aria-sort", "ascending")


def test_everything_is_there_without_javascript(visit: Open) -> None:
    """Menu, search and results are links and forms; the menu, which nothing folds, still fits."""
    page = visit("/", width=320, java_script_enabled=False)
    widest = page.locator("body *").evaluate_all(
        "all => Math.max(...all.map(e => e.getBoundingClientRect().right))"
    )
    assert widest <= 320
    expect(page.get_by_role("link", name="Esplora")).to_be_visible()
    page.get_by_role("searchbox").fill("aerospace")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name="Lombardia Aerospace Cluster", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lombardia Aerospace Cluster")


def test_a_search_that_finds_nothing_says_what_to_do(visit: Open) -> None:
    """In words, without a table of no rows; one step leads on."""
    page = visit("/search?q=zzz")
    expect(page.get_by_role("status")).to_contain_text("Nulla ha tutte queste parole")
    expect(page.locator("main table")).to_have_count(0)
    page.get_by_role("link", name="Mostra tutto").click()
    expect(page.get_by_role("rowheader").first).to_be_visible()


def test_words_are_found_in_any_order(visit: Open) -> None:
    """By keyboard alone, from any page."""
    page = visit("/privacy")
    page.get_by_role("combobox").fill("milano politecnico")
    page.keyboard.press("Enter")
    expect(page.get_by_role("rowheader").first).to_contain_text("Politecnico")


def test_names_are_suggested_while_one_types(visit: Open, axe: str) -> None:
    """A list that arrows walk through, Escape closes and Enter follows; a slip in the word is forgiven."""
    page = visit("/privacy")
    field = page.get_by_role("combobox")
    field.press_sequentially("vangar")
    expect(page.get_by_role("option").first).to_contain_text("Vanguard Initiative")
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    assert barriers(page, axe) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    field.fill("mobilta sostenibile")
    expect(page.get_by_role("option").first).to_contain_text("Mobilità Sostenibile")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mobilità Sostenibile")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_question_is_suggested_below_the_names(visit: Open, width: int) -> None:
    """From the home page too, whose banner cuts nothing off; the language of the address is kept."""
    page = visit("/?lang=it", width=width)
    page.get_by_role("combobox").press_sequentially("progetti di AFIL")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("Associazione Fabbrica Intelligente Lombardia")
    expect(options.last).to_contain_text("domanda")
    options.last.scroll_into_view_if_needed()
    box = options.last.bounding_box()
    assert box is not None
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    on_top = page.evaluate(
        "([x, y]) => document.elementFromPoint(x, y)?.closest('[role=option]')?.id", middle
    )
    assert on_top == options.last.get_attribute("id")
    options.last.click()
    expect(page).to_have_url(re.compile(r"/queries/[\w-]+\?.*afil.*lang=it"))


def test_the_frame_of_the_field_is_whole(visit: Open) -> None:
    """What has the focus lies above the button beside it."""
    page = visit("/")
    field = page.get_by_role("combobox")
    field.focus()
    assert page.evaluate("getComputedStyle(document.activeElement).zIndex") == "1"


def test_a_search_narrows_down(visit: Open) -> None:
    """By kind, cluster and ecosystem, each choice with how many there are; the address is the whole state."""
    page = visit("/search?q=fanghi", java_script_enabled=False)
    page.get_by_label("Tipo").select_option(label="partecipazione (7)")
    page.get_by_role("button", name="Cerca", exact=True).last.click()
    expect(page.get_by_role("rowheader")).to_have_count(7)
    page.get_by_label("Legato al cluster").select_option(label="Lombardy Energy Cleantech Cluster (1)")
    page.get_by_role("button", name="Cerca", exact=True).last.click()
    expect(page.get_by_role("rowheader")).to_have_count(1)
    assert "cluster=" in page.url


def test_a_passage_says_its_figures_first(visit: Open) -> None:
    """What it quotes and counts; then every statement; what it is comes last. Nothing is called by a code."""
    page = visit("/graph/doc-003/719-731")
    expect(page.locator("main .quote")).to_be_visible()
    figures = page.locator(".figure-value").all_inner_texts()
    assert figures == ["755", "555", "109", "91"]
    assert page.get_by_role("heading", level=2).all_inner_texts()[:3] == [
        "In cifre",
        "Che cosa si afferma qui",
        "Informazioni sul passo",
    ]
    assert [text for text in page.locator("main a").all_inner_texts() if re.match(r"\w+:[\w-]+$", text)] == []


@pytest.mark.parametrize("script", [True, False])
def test_the_ontology_has_a_list_of_contents(visit: Open, script: bool) -> None:
    """By kind and letter, and by the words of a definition."""
    page = visit("/ontology", java_script_enabled=script)
    page.get_by_role("link", name="Classi, P", exact=True).click()
    expect(page.locator("#Class-P")).to_be_in_viewport()
    page.get_by_label("Parole di un'etichetta").fill("cluster tecnologico")
    page.get_by_role("button", name="Cerca", exact=True).last.click()
    expect(page.locator("#TechnologyCluster")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollHeight") < 5000


@pytest.mark.parametrize("width", [320, 390])
def test_words_of_a_table_stay_whole(visit: Open, width: int) -> None:
    """On a narrow screen it scrolls rather than break a word."""
    page = visit("/doc/cluster/clm", width=width)
    words = page.locator(".table :is(td, th)").evaluate_all(WORDS)
    assert len(words) > 50
    assert [word for word, lines in words if lines > 1] == []


def test_an_unknown_address_says_what_is_near(visit: Open) -> None:
    """A slip of the finger ends in a page that helps, in the reader's language, with the right status."""
    page = visit("/id/cluster/cml", status=404)
    expect(page.get_by_role("heading", level=1)).to_have_text("Il grafo non ne dice nulla")
    page.get_by_role("link", name="Cluster Lombardo della Mobilità").click()
    assert page.url.endswith("/doc/cluster/clm")


def test_an_error_can_be_reported(visit: Open, site: str, release: Release) -> None:
    """The mail knows the page and the release."""
    link = visit("/doc/cluster/clm").get_by_role("link", name="Segnala un errore").first
    address = link.get_attribute("href") or ""
    assert address.startswith(f"mailto:{CONTACT}?subject=")
    about = parse_qs(urlsplit(address).query)
    assert "/doc/cluster/clm" in about["subject"][0]
    assert f"{site}/doc/cluster/clm" in about["body"][0]
    assert f"Rilascio: {release.version}\n" in about["body"][0]


def test_paper_shows_the_content_alone(visit: Open) -> None:
    """Menus and forms do not print; figures and sources do."""
    page = visit("/")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Principale")).to_be_hidden()
    expect(page.locator("form").first).to_be_hidden()
    expect(page.get_by_text("755").first).to_be_visible()
    assert len(page.pdf()) > 10_000


@pytest.mark.parametrize(
    "path", ["/", "/doc/cluster/clm", "/graph/doc-003/719-731", "/search?q=mobil", "/ontology"]
)
def test_no_link_is_dead(site: str, visit: Open, path: str) -> None:
    """Whatever leads to another address of the site leads somewhere."""
    links = visit(path).eval_on_selector_all(
        "a[href], link[href]",
        "all => all.map(a => new URL(a.getAttribute('href'), location).href.split('#')[0])",
    )
    own = sorted({link for link in links if link.startswith(site)})
    terms = [link for link in own if "/ontology/terms/" in link]
    own = [link for link in own if link not in terms or link in terms[::10]]
    with httpx.Client(trust_env=False, timeout=60, follow_redirects=True) as client:
        answers = {link: _told(client, link) for link in own}
    assert {link: told for link, told in answers.items() if told != "200"} == {}


def _told(client: httpx.Client, link: str) -> str:
    """The status of an address, with the problem if it is not 200, or what became of the connection."""
    try:
        answer = client.get(link)
    except httpx.HTTPError as error:
        return repr(error)
    return str(answer.status_code) if answer.status_code == 200 else f"{answer.status_code} {answer.text}"


SLOW_LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 20_000}


def test_a_network_is_found_on_a_slow_line(visit: Open) -> None:
    """At 400 kbit/s and 400 ms, as a telephone in a valley has: search, page, question with its chart."""
    page = visit("/privacy", width=390)
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW_LINE)
    page.goto("/")
    page.locator("main input[name=q]").fill("vanguard initiative")
    page.locator("main input[name=q]").press("Enter")
    page.get_by_role("main").get_by_role("link", name="Vanguard Initiative", exact=True).first.click()
    expect(page.get_by_role("main")).to_contain_text("ospite")
    page.goto("/queries/roles-in-network")
    expect(page.locator(".sentence")).to_contain_text("Vanguard Initiative")


def test_a_page_can_be_read_before_its_script_and_letters_come(visit: Open) -> None:
    """Whatever is late on a slow line, the words are there."""
    page = visit("/privacy")
    page.route(re.compile(r"\.(js|woff2)$"), lambda route: None)  # never answered
    page.goto("/doc/cluster/clm", wait_until="commit")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cluster Lombardo della Mobilità")
    shown = page.get_by_role("heading", level=1).evaluate("heading => getComputedStyle(heading).visibility")
    assert shown == "visible"
    page.unroute_all(behavior="ignoreErrors")
