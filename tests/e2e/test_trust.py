"""The pages that tell how far the data can be trusted, in a real browser."""

import re

import httpx
import pytest
from playwright.sync_api import expect

from .conftest import Open, Watch
from .test_frame import WORDS, barriers

pytestmark = pytest.mark.slow

PAGES = {
    "disagreements": "/disagreements",
    "coverage": "/coverage",
    "listed": "/coverage/project-partners?cluster=cluster/clm",
    "sources": "/sources",
    "source": "/sources/doc-003?page=2",
    "data": "/data",
    "compare": "/compare",
    "clusters": "/compare?one=cluster/le2c&other=cluster/lgca",
    "years": "/compare?one=cluster/clm&from=2019&to=2022",
}
MOST = 150_000  # bytes of a page and all that it loads


WIDE = ("light", "it-IT", 1280)
NARROW = ("dark", "en-GB", 360)


@pytest.mark.parametrize(
    ("name", "scheme", "lang", "width"),
    [(name, *NARROW) for name in PAGES]
    + [(name, *WIDE) for name in ("disagreements", "coverage", "clusters")],
)
def test_a_page_has_no_barriers(visit: Open, axe: str, name: str, scheme: str, lang: str, width: int) -> None:
    """WCAG 2.2 AA: axe finds nothing, nothing runs over the edge, and no word of a table is broken."""
    page = visit(PAGES[name], lang=lang, width=width, color_scheme=scheme)
    assert barriers(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    words = page.locator(".table :is(td, th)").evaluate_all(WORDS)
    assert [word for word, lines in words if lines > 1] == []


@pytest.mark.parametrize("name", ["disagreements", "clusters"])
def test_a_page_is_light(visit: Open, watch: Watch, name: str) -> None:
    """Everything that a page needs comes in under 150 KB, when nothing is kept yet."""
    visit(PAGES[name]).wait_for_load_state("networkidle")
    weight = sum(r.sizes()["responseBodySize"] + r.sizes()["responseHeadersSize"] for r in watch.loaded)
    assert weight < MOST


@pytest.mark.parametrize("name", PAGES)
def test_no_link_is_dead(site: str, visit: Open, name: str) -> None:
    """Whatever leads to another address of the site leads somewhere: of very many, a part is followed."""
    links = visit(PAGES[name]).eval_on_selector_all("main a[href]", "all => all.map(a => a.href)")
    own = sorted({link.partition("#")[0] for link in links if link.startswith(site)})
    with httpx.Client(trust_env=False, timeout=60, follow_redirects=True) as client:
        part = own[:: max(1, len(own) // 25)]
        assert [link for link in part if client.get(link).status_code != 200] == []


def test_an_officer_finds_which_number_is_right_and_why(visit: Open) -> None:
    """From the home page in one click: every number with its date, the one that is used, and the reason."""
    page = visit("/", java_script_enabled=False)
    page.get_by_role("link", name="Quale numero è giusto, e perché").click()
    article = page.get_by_role("article", name="Quanti sono gli associati dei nove cluster")
    expect(article).to_be_in_viewport()
    expect(article).to_contain_text(re.compile(r"il sito usa 755 per .* il più recente \(2022\)"))
    rows = article.get_by_role("row").filter(has_text="totale")
    assert [re.findall(r"\b7\d\d\b", text)[0] for text in rows.all_inner_texts()] == ["700", "755", "750"]
    expect(rows.filter(has_text="usato dove ne serve uno")).to_have_count(1)
    article.get_by_role("link", name="doc. 002, riga 4").first.click()
    expect(page.get_by_text("about 750").first).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_disagreements_narrow_down_by_their_address(visit: Open, script: bool) -> None:
    """By words and by what they are about; the address is the whole state."""
    page = visit("/disagreements", java_script_enabled=script)
    page.get_by_label("Riguarda").select_option("cluster/clm")
    page.get_by_label("Parole", exact=True).fill("2019")
    page.get_by_role("button", name="Mostra", exact=True).click()
    expect(page).to_have_url(re.compile(r"q=2019&about=cluster%2Fclm"))
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"Mostrate: \d su 46"))
    expect(page.get_by_role("article", name="Gli associati del CLM nel 2019 non tornano")).to_be_visible()
    page.get_by_role("link", name="Mostra tutte").click()
    counted = "Cifre e date che non concordano: 11 · nomi e interpretazioni da leggere con cautela: 32"
    expect(page.get_by_role("status")).to_contain_text(counted)


@pytest.mark.parametrize("script", [True, False])
def test_a_folded_reading_opens_by_its_address(visit: Open, script: bool) -> None:
    """Names and readings are folded, for the page to be short; a link to one of them shows it."""
    page = visit("/disagreements", java_script_enabled=script)
    expect(page.get_by_role("article", name="Farnborough a Londra")).to_have_count(0)
    page = visit("/disagreements#i-17", java_script_enabled=script)
    article = page.get_by_role("article", name="Farnborough a Londra")
    expect(article).to_be_in_viewport()
    article.get_by_text("Valori, righe e motivo").click()
    expect(article.get_by_role("row").filter(has_text="Londra").last).to_contain_text("si trova in")


def test_what_is_odd_leads_to_all_that_is_said_of_it(visit: Open) -> None:
    """From a single number, a cluster and a passage; all of a cluster stand together."""
    for path in ("/doc/observation/clm-2019-total", "/doc/cluster/clm", "/graph/doc-001/88-88"):
        page = visit(path)
        page.get_by_role("link", name="Gli associati del CLM nel 2019 non tornano").last.click()
        assert page.url.endswith("/disagreements#i-02"), path


def test_a_number_of_what_is_known_leads_to_its_things(visit: Open) -> None:
    """From the home page: how many projects have known partners, of which cluster, and which they are."""
    page = visit("/", java_script_enabled=False)
    page.get_by_role("link", name="progetti di cui si conoscono due o più partner").click()
    row = page.get_by_role("row").filter(
        has=page.get_by_role("rowheader", name="Cluster Lombardo della Mobilità")
    )
    row.get_by_role("link", name="4 su 12", exact=True).click()
    expect(page.get_by_text("Si sa di 4 su 12.")).to_be_visible()
    expect(page.get_by_label("Solo con una parte di questo cluster")).to_have_value("cluster/clm")
    assert page.locator("main ul.columns").first.get_by_role("listitem").count() == 4
    page.get_by_label("Solo con una parte di questo cluster").select_option("")
    page.get_by_role("button", name="Mostra", exact=True).click()
    expect(page.get_by_text("Si sa di 10 su 55.")).to_be_visible()


def test_a_document_is_read_line_by_line(visit: Open) -> None:
    """From the home page to a section of a document, a passage of it, and back to the document."""
    page = visit("/", java_script_enabled=False)
    page.get_by_role("link", name="passi di 4 documenti").click()
    page.get_by_role("main").get_by_role("link", name="Cluster Tecnologici Lombardi (pubblicazione)").click()
    page.get_by_text("Sezioni del documento (23)").click()
    page.get_by_role("link", name="Ambienti di Vita: informazioni generali").click()
    expect(page).to_have_url(re.compile("page=2"))
    expect(page.get_by_role("heading", name="Ambienti di Vita: informazioni generali")).to_be_in_viewport()
    page.get_by_role("link", name="righe 787–799").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Cluster Tecnologici Lombardi (pubblicazione), righe 787–799"
    )
    page.goto("/doc/source/doc-003")
    page.get_by_role("link", name="Che cosa ne è stato preso, riga per riga").click()
    expect(page.get_by_role("status").first).to_have_text(re.compile(r"Pagina 1 di \d"))


@pytest.mark.parametrize(("width", "lang"), [(1024, "it-IT"), (360, "en-GB")])
def test_the_menu_has_room_for_the_data(visit: Open, width: int, lang: str) -> None:
    """In one line where there is room, folded where there is not, unfolded without JavaScript."""
    page = visit("/data", width=width, lang=lang, java_script_enabled=width > 1000)
    link = page.get_by_role("navigation", name="Main" if lang == "en-GB" else "Principale").get_by_role(
        "link"
    )
    expect(link).to_have_count(7)
    expect(link.last).to_have_attribute("aria-current", "page")
    tops = {round(box["y"]) for each in link.all() if (box := each.bounding_box())}
    assert len(tops) == 1 or width < 1000
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_two_clusters_are_compared_from_the_page_of_one(visit: Open) -> None:
    """In two clicks from a cluster; the address is the whole state, and the form changes it."""
    page = visit("/doc/cluster/le2c", java_script_enabled=False)
    page.get_by_role("main").get_by_role("link", name="Confronta", exact=True).click()
    page.get_by_role("link", name="Lombardy Green Chemistry Association", exact=True).click()
    expect(page).to_have_url(re.compile(r"one=cluster%2Fle2c&other=cluster%2Flgca"))
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Reti", exact=True))
    expect(row.get_by_text("entrambi")).to_have_count(4)
    expect(row).to_contain_text("Vanguard Initiative")
    form = page.get_by_role("form", name="Confrontare due anni di un cluster")
    form.get_by_label("Cluster").select_option("cluster/clm")
    form.get_by_role("button", name="Confronta").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cluster Lombardo della Mobilità: 2019 e 2022")


def test_two_releases_are_compared_by_choosing_them(visit: Open) -> None:
    """Without JavaScript too; what cannot be is said with what can."""
    page = visit("/compare", java_script_enabled=False)
    form = page.get_by_role("form", name="Confrontare due rilasci")
    form.get_by_label("Dal rilascio").select_option("0.1.0")
    form.get_by_label("Al rilascio", exact=True).select_option("0.2.0")
    form.get_by_role("button", name="Confronta").click()
    expect(page).to_have_url(re.compile(r"/releases/0\.1\.0\.\.\.0\.2\.0$"))
    page = visit("/compare?one=cluster/cml", status=400)
    expect(page.get_by_role("main")).to_contain_text("cluster/clm")
