"""Saved queries over HTTP, of the real release: every form, negotiation, paging, problems, what is kept."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlsplit

import httpx
import pytest
from rdflib import Graph

from ctlgraph.catalogue import read
from ctlgraph.release import Release
from ctlgraph.sources import root
from ctlgraph.web.files import FORMS, forms_of
from ctlgraph.web.site.themes import THEMES

from .conftest import Serve, reader

CATALOGUE = read(root())
NAME = "member-counts"
PAGE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-language": "it"}
MAGIC = {"xlsx": b"PK", "parquet": b"PAR1", "png": b"\x89PNG", "svg": b"<svg", "rq": b"#+ title"}


@pytest.fixture(scope="module")
def asked(serve: Serve, release: Release) -> Iterator[httpx.Client]:
    """A client of a server over the real release."""
    with serve("--release", release.path) as (_, address), reader(address) as client:
        yield client


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    found = answer.json()["results"]["bindings"]
    return [{name: cell["value"] for name, cell in row.items()} for row in found]


def links(answer: httpx.Response) -> dict[str, list[str]]:
    """The addresses of the Link header by their relation."""
    found: dict[str, list[str]] = {}
    for address, relation in re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers["link"]):
        found.setdefault(relation, []).append(address)
    return found


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_question_has_its_page_and_its_answer(asked: httpx.Client, name: str) -> None:
    """In both languages, with its own title; the answer of the page is that of the API."""
    saved = CATALOGUE[name]
    for lang in ("it", "en"):
        page = asked.get(f"/queries/{name}", params={"lang": lang}, headers=PAGE)
        assert page.status_code == 200
        assert page.headers["content-language"] == lang
        assert (
            saved.title[lang].replace("'", "&#39;").replace("&", "&amp;").replace("&amp;#", "&#") in page.text
        )
    first = "ttl" if saved.kind == "construct" else "json"
    plain = asked.get(f"/queries/{name}")
    assert plain.headers["content-type"].partition(";")[0] in FORMS[first].media


@pytest.mark.parametrize("form", forms_of(CATALOGUE[NAME]))
def test_an_answer_comes_in_every_form(asked: httpx.Client, form: str) -> None:
    """By its ending, by ?format= and by Accept, with the type that was asked for."""
    media = FORMS[form].media[0]
    answers = [
        asked.get(f"/queries/{NAME}.{form}"),
        asked.get(f"/queries/{NAME}", params={"format": form}),
        asked.get(f"/queries/{NAME}", headers={"accept": f"{media}, */*;q=0.1"}),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] == media
        assert MAGIC.get(form, b"") in answer.content[:200]
    assert FORMS[form].download == ("attachment" in answers[0].headers.get("content-disposition", ""))


def test_the_answers_agree(asked: httpx.Client) -> None:
    """JSON, CSV, TSV, XML and the Italian CSV have the same rows."""
    expected = rows(asked.get(f"/queries/{NAME}.json"))
    assert sum(int(row["members"]) for row in expected if row["category"].endswith("/total")) == 755
    assert list(csv.DictReader(io.StringIO(asked.get(f"/queries/{NAME}.csv").text))) == expected
    assert len(asked.get(f"/queries/{NAME}.tsv").text.strip().splitlines()) == len(expected) + 1
    assert asked.get(f"/queries/{NAME}.xml").text.count("<result>") == len(expected)
    italian = asked.get(f"/queries/{NAME}.csv", params={"locale": "it"})
    assert italian.content.startswith(b"\xef\xbb\xbf")
    assert italian.headers["content-language"] == "it"
    lines = list(csv.reader(io.StringIO(italian.content.decode("utf-8-sig")), delimiter=";"))
    assert [line[0] for line in lines].count("Associazione Fabbrica Intelligente Lombardia") == 4


def test_a_file_is_called_as_its_reader_calls_the_question(asked: httpx.Client) -> None:
    """The address stays; what the browser saves has the title of the question in Italian."""
    names = [
        asked.get(f"/queries/{NAME}.xlsx", params={"lang": lang}).headers["content-disposition"]
        for lang in ("it", "en")
    ]
    assert names == [
        'attachment; filename="associati-per-cluster-e-categoria.xlsx"',
        'attachment; filename="member-counts.xlsx"',
    ]


def test_a_workbook_says_where_it_comes_from(asked: httpx.Client) -> None:
    """Its address, release, licence and the document behind it."""
    answer = asked.get(f"/queries/{NAME}.xlsx", params={"cluster": "cluster/clm"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        text = b"".join(book.read(name) for name in book.namelist()).decode()
    for told in (f"/queries/{NAME}?cluster=cluster%2Fclm", "creativecommons.org", "id/source/doc-003"):
        assert told in text


@pytest.mark.parametrize(
    "text", ["cluster/afil", "id/cluster/afil", "cluster:afil", "https://w3id.org/ctlgraph/id/cluster/afil"]
)
def test_a_choice_may_be_written_in_several_ways(asked: httpx.Client, text: str) -> None:
    answer = asked.get(f"/queries/{NAME}", params={"cluster": text})
    assert {row["cluster"] for row in rows(answer)} == {"https://w3id.org/ctlgraph/id/cluster/afil"}


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (
            "Che cosa lega LE2C e LGCA",
            "common-ground-of-two-clusters?one=cluster%2Fle2c&amp;other=cluster%2Flgca",
        ),
        ("chi è il presidente del cluster mobilità", "posts-held?organisation=cluster%2Fclm"),
        (
            "quanto finanziamento ha ricevuto il cluster della mobilità",
            "money-behind-projects?cluster=cluster%2Fclm",
        ),
        ("quali imprese sono associate ad AFIL", "named-members?cluster=cluster%2Fafil"),
    ],
)
def test_the_box_of_questions_takes_a_question(asked: httpx.Client, text: str, address: str) -> None:
    """Among the first four is the one that answers it, with what it names filled in."""
    headers = {"accept": "text/html", "accept-language": "it"}
    page = asked.get("/queries", params={"q": text}, headers=headers).text
    tiles = re.findall(r'<li class="tile question">\s*<h3><a href="/queries/([^"]+)"', page)
    assert address in tiles[:4]


def test_a_page_asks_in_the_language_of_its_reader(asked: httpx.Client) -> None:
    """Where a question leaves that open; for a program it stays what the file says."""
    pages = [
        asked.get("/queries/networks-of", params={"lang": lang, "format": "html"}).text
        for lang in ("it", "en")
    ]
    assert '<option value="it" selected>italiano' in pages[0]
    assert '<option value="en" selected>English' in pages[1]
    assert "partecipante" in pages[0]
    assert {row["role"] for row in rows(asked.get("/queries/networks-of.json"))} == {"participant"}
    assert 'value="en" selected' in asked.get("/queries/networks-of?lang=it&language=en&format=html").text


def test_two_clusters_are_two(asked: httpx.Client) -> None:
    """The form says at the field what is wrong, a program gets the parameter's name."""
    same = {"one": "cluster/le2c", "other": "cluster/le2c"}
    page = asked.get(
        "/queries/common-ground-of-two-clusters", params={**same, "lang": "it", "format": "html"}
    )
    assert (page.status_code, "altra scelta che sotto «Primo cluster»" in page.text) == (400, True)
    answer = asked.get("/queries/common-ground-of-two-clusters.json", params=same)
    assert (answer.status_code, answer.json()["name"]) == (400, "other")


def test_nothing_means_all_where_that_is_allowed(asked: httpx.Client) -> None:
    """Also where the question has another default."""
    some = rows(asked.get("/queries/clusters-with-seat-in"))
    every = rows(asked.get("/queries/clusters-with-seat-in", params={"place": "", "source": ""}))
    assert 0 < len(some) < len(every)


@pytest.mark.parametrize(
    ("parameters", "name", "nearest"),
    [
        ({"cluster": "cluster/afill"}, "cluster", "cluster/afil"),
        ({"cluster": "afil"}, "cluster", "cluster/afil"),
        ({"clustr": "cluster/afil"}, "clustr", "cluster"),
        ({"source": ""}, "source", None),
        ({"page": "0"}, "page", None),
        ({"sort": "none"}, "sort", None),
        ({"locale": "fr"}, "locale", None),
        ({"format": "doc"}, "format", None),
    ],
)
def test_a_wrong_parameter_is_named(
    asked: httpx.Client, parameters: dict[str, str], name: str, nearest: str | None
) -> None:
    """With what was expected and the nearest choices, in the reader's language."""
    answer = asked.get(f"/queries/{NAME}", params=parameters, headers={"accept-language": "it"})
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem = answer.json()
    assert (problem["parameter"], problem["value"]) == (name, parameters[name])
    assert problem["expected"]
    assert problem["detail"].startswith(f"parametro «{name}»")
    assert nearest is None or problem["nearest"][0] == nearest


def test_an_unknown_question_is_404_with_the_nearest(asked: httpx.Client) -> None:
    """As a problem, and on a page as a link."""
    problem = asked.get("/queries/member-count")
    assert (problem.status_code, problem.json()["nearest"]) == (404, NAME)
    page = asked.get("/queries/member-count", headers=PAGE)
    assert page.status_code == 404
    assert f'href="/queries/{NAME}"' in page.text


@pytest.mark.parametrize(
    ("path", "accept", "status"),
    [
        (f"/queries/{NAME}", "image/gif", 406),
        (f"/queries/{NAME}.graphml", "*/*", 404),
        (f"/queries/{NAME}?format=graphml", "*/*", 406),
        ("/queries/mean-and-median-members.svg", "*/*", 404),
        ("/queries/none/statements", "text/html", 404),
        ("/queries.doc", "*/*", 404),
        ("/sheet/cluster/none", "text/html", 404),
        ("/sheet/cluster/cfi", "text/html", 404),
        (f"/queries/{NAME}?release=0.0.1", "*/*", 404),
    ],
)
def test_what_is_not_there_is_said_so(asked: httpx.Client, path: str, accept: str, status: int) -> None:
    assert asked.get(path, headers={"accept": accept}).status_code == status


def test_it_is_only_read(asked: httpx.Client) -> None:
    for path in (
        "/queries",
        f"/queries/{NAME}",
        f"/queries/{NAME}/statements",
        "/sheet/cluster/clm",
        "/openapi.json",
    ):
        answer = asked.post(path)
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("form", ["html", "json", "csv", "xlsx", "svg", "rq", "ttl"])
def test_an_answer_that_the_reader_has_is_not_sent_again(asked: httpx.Client, form: str) -> None:
    """A strong entity tag, 304 and HEAD with the same headers."""
    path = f"/queries/{NAME}.{form}"
    whole = asked.get(path)
    assert whole.headers["etag"].startswith('"')
    assert "max-age" in whole.headers["cache-control"]
    again = asked.get(path, headers={"if-none-match": whole.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = asked.head(path)
    assert (head.headers["content-length"], head.content) == (str(len(whole.content)), b"")


def test_many_rows_are_read_in_parts(asked: httpx.Client) -> None:
    """Following `next` gives every row once and in order; each page says what is beside it."""
    path = next(
        f"/queries/{name}"
        for name, saved in CATALOGUE.items()
        if saved.kind == "select" and len(rows(asked.get(f"/queries/{name}"))) > 60
    )
    every = rows(asked.get(path))
    found, address = [], f"{path}?page=1"
    while address:
        answer = asked.get(address)
        found += rows(answer)
        beside = links(answer)
        address = next(iter(beside.get("next", ())), "")
    assert found == every
    assert [urlsplit(each).query for each in beside["first"]] == ["page=1"]
    assert "prev" in beside


def test_an_answer_says_what_belongs_to_it(asked: httpx.Client) -> None:
    """The same in other forms, what it is, and its licence: all addresses that answer."""
    found = links(asked.get(f"/queries/{NAME}", params={"cluster": "cluster/clm"}))
    assert any(".csv?cluster=cluster%2Fclm" in address for address in found["alternate"])
    for address in (*found["alternate"], *found["describedby"]):
        assert asked.get(address).status_code == 200, address
    described = Graph().parse(data=asked.get(found["describedby"][0]).content, format="turtle")
    assert len(described) > 5


def test_the_catalogue_is_also_for_programs(asked: httpx.Client) -> None:
    """As JSON and as RDF it has every question."""
    listed = asked.get("/queries", headers={"accept": "application/json"}).json()
    assert [each["name"] for each in listed] == list(CATALOGUE)
    assert listed == asked.get("/queries.json").json()
    turtle = asked.get("/queries.ttl")
    assert turtle.headers["content-type"].startswith("text/turtle")
    graph = Graph().parse(data=turtle.content, format="turtle")
    asked_for = graph.query(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT ?q { ?q sh:select|sh:ask|sh:construct ?text }"
    )
    assert len(list(asked_for)) == len(CATALOGUE)


def test_a_question_runs_elsewhere_as_it_stands(asked: httpx.Client) -> None:
    """Its .rq with what was chosen gives the same rows at the SPARQL endpoint."""
    chosen = {"cluster": "cluster/clm"}
    text = asked.get(f"/queries/{NAME}.rq", params=chosen).text
    assert rows(asked.get("/sparql", params={"query": text})) == rows(
        asked.get(f"/queries/{NAME}", params=chosen)
    )


def test_the_description_names_every_question_and_its_choices(asked: httpx.Client) -> None:
    """With the nine clusters as what may be chosen."""
    document = asked.get("/openapi.json").json()
    assert {f"/queries/{name}" for name in CATALOGUE} <= set(document["paths"])
    given = document["paths"][f"/queries/{NAME}"]["get"]["parameters"]
    assert [each["name"] for each in given][:2] == list(CATALOGUE[NAME].parameters)
    clusters = document["components"]["schemas"]["Choices-ontology-TechnologyCluster"]["enum"]
    assert len(clusters) == 9
    assert "cluster/afil" in clusters


@pytest.mark.parametrize(
    "text", ['" } UNION { ?s ?p ?o } #', "> } #", "\\u0022", "\n", "é😀", "}", "{top.x}", "<script>"]
)
def test_text_stays_text(asked: httpx.Client, text: str) -> None:
    """Whatever a reader writes is a value or a problem, in every form and on the page."""
    texts = [
        (n, p.name)
        for n, s in CATALOGUE.items()
        for p in s.parameters.values()
        if p.type in ("string", "iri")
    ]
    for name, parameter in texts[:6]:
        for headers in ({}, PAGE):
            answer = asked.get(f"/queries/{name}", params={parameter: text}, headers=headers)
            assert answer.status_code in (200, 400), (name, parameter)
            assert answer.headers["content-type"].startswith("application/") or "<script>" not in answer.text


def test_links_carry_the_path_that_readers_see(serve: Serve, release: Release) -> None:
    """Behind a proxy the questions lie under the path of the site."""
    with (
        serve("--release", release.path, "--base-url", "https://example.org/graph/") as (_, address),
        reader(address) as client,
    ):
        answer = client.get(f"/queries/{NAME}", headers={"host": "example.org"})
        assert links(answer)["describedby"] == [f"https://example.org/graph/queries/{NAME}.ttl"]
        page = client.get(f"/queries/{NAME}", headers=PAGE | {"host": "example.org"}).text
        assert f'action="/graph/queries/{NAME}"' in page


def test_a_question_over_its_limits_says_so(serve: Serve, release: Release) -> None:
    """With its status, on the page with narrower questions; nothing of it is kept."""
    with serve("--release", release.path, "--result-rows", "20") as (_, address), reader(address) as client:
        problem = client.get(f"/queries/{NAME}", headers={"accept-language": "it"})
        assert problem.status_code == 503
        assert "20" in problem.json()["detail"]
        page = client.get(f"/queries/{NAME}", headers=PAGE)
        assert page.status_code == 503
        assert page.headers["cache-control"] == "no-store"
        assert re.search(r'href="/queries/member-counts\?cluster=cluster%2F\w+', page.text)


def test_every_theme_has_words() -> None:
    """A tag without is shown as it stands in the file, in English."""
    assert set(CATALOGUE.tags) <= set(THEMES)


def test_an_empty_answer_says_why(asked: httpx.Client) -> None:
    """And offers the nearest question that has one."""
    page = asked.get(
        "/queries/clusters-in-network", params={"network": "network/vanguard-smart-health"}, headers=PAGE
    )
    assert page.status_code == 200
    answer = page.text.partition('id="finding"')[2]
    offered = re.findall(r'href="(/queries/clusters-in-network\?network=[^"&]+)"', answer)
    assert offered
    for address in offered:
        assert rows(asked.get(address))


def test_the_home_page_leads_to_every_theme(asked: httpx.Client) -> None:
    """Each question stands under one theme; the numbers beside them add up to all questions."""
    page = asked.get("/", headers=PAGE).text
    themes = re.findall(r'href="/queries\?tag=([\w-]+)">[^<]+</a> \((\d+)\)', page)
    assert sum(int(count) for _, count in themes) == len(CATALOGUE)
    assert {tag for tag, _ in themes} == {saved.tags[0] for saved in CATALOGUE.values()}


@pytest.mark.parametrize(
    "question",
    [
        "planned-events-of-cluster?cluster=cluster/agrifood-lombardia",  # no row, so no chart
        "passages-about-cluster?lang=it",  # a graph, so no table for a spreadsheet
        "projects-of-cluster?cluster=cluster/afil",  # two rows that differ in what one lacks
    ],
)
def test_whatever_a_question_leads_to_is_there(asked: httpx.Client, question: str) -> None:
    page = asked.get(f"/queries/{question}", headers={"accept": "text/html"})
    head = re.findall(r"<([^>]+)>; rel=\"alternate", page.headers["link"])
    linked = re.findall(r'href="([^"#]*/queries/[^"]*)"', page.text)
    for address in dict.fromkeys([*head, *map(unescape, linked)]):
        assert asked.get(address).status_code == 200, address
