"""The addresses of the site: every IRI of the graph answers, as a page and as RDF."""

import html
import re
import warnings
from pathlib import Path
from urllib.robotparser import RobotFileParser

import httpx
import pytest
from rdflib import ConjunctiveGraph, Graph, URIRef

from ctlgraph.vocabulary import BASE

from .conftest import Serve, reader

CLUSTER = "cluster/clm"
PAGE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-language": "it"}
FORMS = {
    "ttl": ("text/turtle", "turtle"),
    "nt": ("application/n-triples", "nt"),
    "jsonld": ("application/ld+json", "json-ld"),
    "rdf": ("application/rdf+xml", "xml"),
    "trig": ("application/trig", "trig"),
    "nq": ("application/n-quads", "nquads"),
}


def read(data: bytes, parser: str) -> ConjunctiveGraph:
    """The statements in whatever graphs: rdflib's own parsers want the class that it advises against."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        graph = ConjunctiveGraph()
        graph.parse(data=data, format=parser)
        return graph


def test_a_thing_is_not_its_page(client: httpx.Client) -> None:
    """303 from the one to the other, with what was asked for, in every method that reads."""
    for method in ("GET", "HEAD"):
        answer = client.request(method, f"/id/{CLUSTER}?lang=it")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/doc/{CLUSTER}?lang=it")


@pytest.mark.parametrize("headers", [{}, {"accept": "*/*"}, PAGE])
def test_a_document_is_a_page_unless_asked_otherwise(client: httpx.Client, headers: dict[str, str]) -> None:
    """People come with a browser, and a program that does not care gets what people get."""
    answer = client.get(f"/doc/{CLUSTER}", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert {"Accept", "Accept-Language"} <= set(answer.headers["vary"].split(", "))


@pytest.mark.parametrize("ending", FORMS)
def test_a_document_comes_in_every_form(client: httpx.Client, ending: str) -> None:
    """By its ending, by ?format= and by Accept it says the same."""
    media, parser = FORMS[ending]
    answers = [
        client.get(f"/doc/{CLUSTER}.{ending}"),
        client.get(f"/doc/{CLUSTER}?format={ending}"),
        client.get(f"/doc/{CLUSTER}", headers={"accept": f"text/html;q=0.5, {media}"}),
    ]
    assert [answer.headers["content-type"].partition(";")[0] for answer in answers] == [media] * 3
    assert len({answer.content for answer in answers}) == 1
    said = read(answers[0].content, parser)
    assert (URIRef(f"{BASE}id/{CLUSTER}"), None, None) in said


@pytest.mark.parametrize("path", ["/ontology", "/vocab/certainty/derived", "/graph/sources"])
def test_terms_concepts_and_graphs_answer_too(client: httpx.Client, path: str) -> None:
    """Whatever IRI of ours a reader meets leads to a page, and a program to Turtle."""
    assert client.get(path, headers=PAGE).headers["content-type"] == "text/html; charset=utf-8"
    answer = client.get(path, headers={"accept": "text/turtle"})
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    assert len(Graph().parse(data=answer.content, format="turtle")) > 0


@pytest.mark.parametrize(
    "path", ["/doc/cluster/none", "/doc/cluster/none.ttl", "/vocab/none/none", "/graph/none"]
)
def test_what_is_not_there_is_404(client: httpx.Client, path: str) -> None:
    """For a person a page, for a program a problem."""
    page = client.get(path, headers=PAGE)
    assert page.status_code == 404
    assert page.headers["content-language"] == "it"
    assert page.headers["content-type"].startswith("text/html")
    problem = client.get(path, headers={"accept": "text/turtle"})
    assert problem.status_code == 404
    assert problem.headers["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize("slug", ["a%3Eb", "%22", "a%20b", "..%2f..", "%00", "è", "a.b.c", "a'b"])
def test_a_strange_address_is_only_not_found(client: httpx.Client, slug: str) -> None:
    """No address reaches the text of a query."""
    assert client.get(f"/doc/cluster/{slug}", headers=PAGE).status_code == 404
    assert client.get(f"/doc/cluster/{slug}", headers={"accept": "text/turtle"}).status_code == 404


def test_no_form_that_fits_is_406(client: httpx.Client) -> None:
    """And the reader is told which there are."""
    answer = client.get(f"/doc/{CLUSTER}", headers={"accept": "image/png"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/", f"/doc/{CLUSTER}", "/search", f"/id/{CLUSTER}"])
def test_pages_are_only_read(client: httpx.Client, path: str) -> None:
    """Anything else is 405, with what is allowed."""
    answer = client.post(path, content=b"x")
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}


@pytest.mark.parametrize("ending", ["trig", "nq"])
@pytest.mark.parametrize("path", [f"/doc/{CLUSTER}", "/graph/doc-000/3-4"])
def test_formats_for_datasets_say_which_graph_says_it(client: httpx.Client, path: str, ending: str) -> None:
    """Every statement in the graph that it is in, and as many as the release has."""
    iri = BASE + path.replace("/doc/", "/id/", 1)[1:]
    said = read(client.get(f"{path}.{ending}").content, FORMS[ending][1])
    said_of = f"VALUES ?s {{ <{iri}> }} GRAPH ?g {{ ?s ?p ?o }}"
    inside = f"VALUES ?g {{ <{iri}> }} GRAPH ?g {{ ?s ?p ?o }}"
    query = {
        "query": f"SELECT DISTINCT ?s ?p ?o ?g {{ {{ {said_of} }} UNION {{ {inside} }} }}",
        "format": "json",
    }
    rows = client.get("/sparql", params=query).json()["results"]["bindings"]
    assert {str(context.identifier) for context in said.contexts() if len(context)} == {
        row["g"]["value"] for row in rows
    }
    assert sum(map(len, said.contexts())) == len(rows)


@pytest.mark.parametrize("headers", [{}, {"accept": "text/html;q=0.5, application/json"}])
def test_a_search_answers_programs_too(client: httpx.Client, headers: dict[str, str]) -> None:
    """As JSON, by name or by Accept; what it cannot be is 406."""
    asked = {"q": "CLM"} | ({} if headers else {"format": "json"})
    answer = client.get("/search", params=asked, headers=headers)
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["results"][0]["iri"] == f"{BASE}id/{CLUSTER}"
    assert client.get("/search", params={"q": "CLM", "format": "csv"}).status_code == 406
    assert client.get("/", headers={"accept": "image/png"}).status_code == 406


def test_a_sentence_is_no_dead_end(client: httpx.Client) -> None:
    """No name has all its words; the page leads to what it names and to questions, and so does JSON."""
    asked = {"q": "quali progetti ha il CLM", "lang": "it"}
    found = client.get("/search", params=asked | {"format": "json"}).json()
    assert (found["total"], found["named"][0]["page"]) == (0, f"/doc/{CLUSTER}")
    assert all(client.get(each["page"]).status_code == 200 for each in found["questions"][:1])
    page = html.unescape(client.get("/search", params=asked, headers=PAGE).text)
    assert f'href="/doc/{CLUSTER}?lang=it"' in page
    assert {each["title"] for each in found["questions"]} == set(
        re.findall(r'<li><a href="/queries/[^"]+">([^<]+?)(?: \([^()<]*\))?</a></li>', page)
    )


def test_a_search_has_bounds(client: httpx.Client) -> None:
    """A book is not looked for in names, and a class is an IRI."""
    assert client.get("/search", params={"q": "a" * 201}).status_code == 400
    assert client.get("/search", params={"kind": "not an IRI"}).status_code == 400
    for headers in ({}, {"accept": "application/json"}):
        assert client.get("/search", params={"q": "CLM", "page": "-1"}, headers=headers).status_code == 400
        assert client.get("/search", params={"sort": "word"}, headers=headers).status_code == 400


def test_collectors_of_pages_know_what_to_leave(client: httpx.Client) -> None:
    """Pages, data and dumps may be collected; what is made for one question at a time need not be."""
    robots = RobotFileParser()
    robots.parse(client.get("/robots.txt").text.splitlines())
    assert all(robots.can_fetch("any", path) for path in ("/", "/sparql", f"/doc/{CLUSTER}.ttl", "/ontology"))
    asked = ("/sparql?query=ASK%20%7B%7D", "/sparql/running/x", "/search?q=x")
    assert not any(robots.can_fetch("any", path) for path in asked)


@pytest.mark.parametrize("path", ["/graph/none", "/sparql/running/nobodyhasit", "/sparql?release=9.9.9"])
def test_what_is_missing_is_called_what_it_is(client: httpx.Client, path: str) -> None:
    """A graph, a query, a release; not a page."""
    problem = client.get(path, headers={"accept": "text/turtle", "accept-language": "it"})
    assert problem.status_code == 404
    assert "pagina" not in problem.json()["title"]


def test_without_a_release_nothing_is_promised_of_clusters(serve: Serve, tmp_path: Path) -> None:
    """Files may say anything."""
    file = tmp_path / "a.ttl"
    file.write_text("<https://example.org/a> <https://example.org/b> 1 .")
    with serve("--data", file) as (_, address), reader(address) as client:
        page = client.get("/", headers=PAGE).text
        assert "lombard" not in page.lower().replace("regione lombardia", "")


def test_a_page_that_the_reader_has_is_not_sent_again(client: httpx.Client) -> None:
    """Each language and each coding has an entity tag of its own."""
    italian = client.get("/", headers=PAGE)
    english = client.get("/", headers={"accept-language": "en"})
    zipped = client.get("/", headers=PAGE | {"accept-encoding": "gzip"})
    assert len({answer.headers["etag"] for answer in (italian, english, zipped)}) == 3
    assert zipped.text == italian.text
    again = client.get("/", headers=PAGE | {"if-none-match": italian.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_head_is_a_page_without_its_body(client: httpx.Client) -> None:
    """Same headers, no bytes."""
    whole, head = client.get("/privacy"), client.head("/privacy")
    assert head.headers["content-length"] == str(len(whole.content))
    assert head.content == b""


def test_the_text_of_a_search_is_only_looked_for(client: httpx.Client) -> None:
    """Quotation marks, braces and markup are letters like any other."""
    for text in ['" } DROP ALL #', "<script>alert(1)</script>", "\\", "{0}", "\x00", "è", "?", "😀"]:
        answer = client.get("/search", params={"q": text}, headers=PAGE)
        assert answer.status_code == 200, text
        assert "<script>alert" not in answer.text


def test_a_query_that_fails_in_a_browser_is_told_on_a_page(client: httpx.Client) -> None:
    """With its line and column; for a program the same is a problem document."""
    page = client.get("/sparql", params={"query": "ASK {"}, headers=PAGE)
    assert page.status_code == 400
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert re.search(r"riga 1, colonna \d+: ci si aspettava ", html.unescape(page.text))
    problem = client.get("/sparql", params={"query": "ASK {"}, headers={"accept-language": "it"})
    assert "ci si aspettava" in problem.json()["detail"]


def test_no_error_can_be_reported_where_nobody_reads_it(client: httpx.Client) -> None:
    """Without CONTACT no page has a mail address."""
    for path in ("/", f"/doc/{CLUSTER}", "/doc/cluster/none", "/accessibility", "/privacy"):
        page = client.get(path, headers=PAGE).text
        assert "mailto:" not in page, path
        assert "Segnala un errore" not in page, path


@pytest.mark.parametrize("parameters", [{"page": "0"}, {"sort": "none"}, {"page": "x"}])
def test_a_table_that_cannot_be_is_400(client: httpx.Client, parameters: dict[str, str]) -> None:
    """A wrong parameter is named."""
    assert client.get("/search", params=parameters, headers=PAGE).status_code == 400


def test_links_carry_the_path_that_readers_see(serve: Serve, served: object) -> None:
    """Behind a proxy the site may lie under a path of its own."""
    with (
        serve("--release", served, "--base-url", "https://example.org/graph/") as (_, address),
        reader(address) as client,
    ):
        page = client.get("/", headers=PAGE | {"host": "example.org"}).text
        assert 'href="/graph/search"' in page
        assert 'href="/graph/doc/cluster/clm"' in page
        moved = client.get(f"/id/{CLUSTER}", headers={"host": "example.org"})
        assert moved.headers["location"] == f"/graph/doc/{CLUSTER}"


@pytest.mark.parametrize(
    ("path", "to"),
    [("/vocab", "/ontology"), ("/vocab/", "/ontology"), ("/graph", "/sources"), ("/graph/", "/sources"),
     ("/ontology/", "/ontology"), ("/ontology/terms/", "/ontology")],
)  # fmt: skip
def test_the_beginning_of_addresses_leads_to_what_lists_them(
    client: httpx.Client, path: str, to: str
) -> None:
    """Nothing is there, but the way is."""
    answer = client.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, to)
    assert client.get(to).status_code == 200


def test_a_term_that_is_none_is_not_found_in_any_form(client: httpx.Client) -> None:
    """Rather than refused in one."""
    headers = {"accept": "text/turtle"}
    assert client.get("/ontology/terms/ctl:Nope", headers=headers).status_code == 404
    assert client.get("/ontology/terms/ctl:TechnologyCluster", headers=headers).status_code == 406
