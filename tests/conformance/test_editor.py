"""What the SPARQL editor asks of the service, below ``/sparql/``."""

import httpx
import pytest

from ctlgraph.catalogue import parse
from ctlgraph.vocabulary import BASE

QUERY = {"content-type": "application/sparql-query"}


@pytest.mark.parametrize(
    ("query", "place", "words"),
    [
        ("SELECT * {\n  ?a ?b }", (2, 9), "“}”"),
        ("SELECT * { ?a ctl:x ?b }", (1, 15), f"PREFIX ctl: <{BASE}ontology#>"),
        ("ASK { SERVICE <http://example.org/> { ?a ?b ?c } }", (None, None), "SERVICE"),
        ("ASK FROM <http://example.org/none> { ?a ?b ?c }", (None, None), "FROM"),
        ("DELETE WHERE { ?a ?b ?c }", (None, None), "Update"),
    ],
)
def test_a_check_says_what_is_wrong(
    client: httpx.Client, query: str, place: tuple[int | None, int | None], words: str
) -> None:
    """As the problem that asking would give, with its place; the request itself is a good one."""
    answer = client.post("/sparql/check", content=query, headers=QUERY)
    assert answer.status_code == 200
    problem = answer.json()["problem"]
    assert (problem.get("line"), problem.get("column")) == place
    assert words in problem["detail"]
    asked = client.post("/sparql", content=query, headers=QUERY)
    assert asked.json() == problem


def test_a_check_asks_nothing(client: httpx.Client) -> None:
    """A query that would take far longer than it may is checked at once, and the figures count none."""
    product = " . ".join(f"?a{number} ?b{number} ?c{number}" for number in range(5))
    before = client.get("/metrics").text
    answer = client.post("/sparql/check", content=f"ASK {{ {product} FILTER(?a0 < ?a4) }}", headers=QUERY)
    assert answer.json() == {"problem": None}
    counted = [
        [line for line in text.splitlines() if line.startswith("ctlgraph_query_seconds_count")]
        for text in (before, client.get("/metrics").text)
    ]
    assert counted[0]
    assert counted[0] == counted[1]


def test_a_check_is_of_one_query_in_a_body(client: httpx.Client) -> None:
    """Everything else is the reader's mistake."""
    assert client.get("/sparql/check").status_code == 405
    assert (
        client.post("/sparql/check", content="x", headers={"content-type": "text/plain"}).status_code == 415
    )
    assert client.post("/sparql/check").status_code == 400


def test_the_terms_are_those_in_use(client: httpx.Client) -> None:
    """In the reader's language, and with what occurs together as the graph counts it."""
    answer = client.get("/sparql/terms", headers={"accept-language": "it"})
    told = answer.json()
    assert told["prefixes"]["ctl"] == f"{BASE}ontology#"
    cluster = f"{BASE}ontology#TechnologyCluster"
    (found,) = [each for each in told["classes"] if each["iri"] == cluster]
    assert found["count"] == 2
    among = {each["iri"]: each["among"].get(cluster) for each in told["properties"]}
    for iri, count in among.items():
        query = f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a <{cluster}> ; <{iri}> ?o }}"
        rows = client.get("/sparql", params={"query": query, "format": "csv"}).text.split()
        assert rows == ["n", str(count or 0)]
    assert answer.headers["content-language"] == "it"
    again = {"accept-language": "it", "if-none-match": answer.headers["etag"]}
    assert client.get("/sparql/terms", headers=again).status_code == 304


CLUSTERS = f"SELECT ?c (COUNT(*) AS ?n) {{ ?c a <{BASE}ontology#TechnologyCluster> ; ?p ?o }} GROUP BY ?c"
TEXTS = {f"{what}-{lang}": f"{what}, {lang}" for what in ("title", "description") for lang in ("it", "en")}


def test_a_query_becomes_a_file_of_the_catalogue(client: httpx.Client) -> None:
    """Under a name made of its title; without a title the form is wrong."""
    answer = client.post(
        "/sparql/question", data={"query": CLUSTERS, "tag": "members", **TEXTS, "title-it": "title,\n\x9b it"}
    )
    assert answer.headers["content-disposition"] == 'attachment; filename="title-en.rq"'
    saved = parse(answer.text, "title-en")
    assert saved.title["it"] == "title, it"
    assert saved.chart is not None
    assert saved.tests[0].least == 2
    wrong = client.post("/sparql/question", data={"query": CLUSTERS, **TEXTS, "title-it": " "})
    assert (wrong.status_code, wrong.json()["parameter"]) == (400, "title-it")


def test_an_answer_of_names_and_numbers_is_drawn(client: httpx.Client) -> None:
    """As SVG; another has no chart, which is said."""
    answer = client.post("/sparql/chart", content=CLUSTERS, headers=QUERY)
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "<svg" in answer.text
    assert "n by c" in answer.text  # what it shows, since the query says of none that it is first
    assert "In the first place" not in answer.text
    none = client.post("/sparql/chart", content="SELECT ?c { ?c a ?t } LIMIT 2", headers=QUERY)
    assert (none.status_code, none.json()["type"].rpartition("/")[2]) == (404, "chart")


def test_why_there_is_no_row_is_told(client: httpx.Client) -> None:
    """In the reader's language."""
    query = f"SELECT * {{ ?c a <{BASE}ontology#TechnologyCluster> ; <http://example.org/none> ?x }}"
    answer = client.post("/sparql/why", content=query, headers={**QUERY, "accept-language": "it"})
    (reason,) = answer.json()["reasons"]
    assert reason == {
        "text": "il grafo non contiene http://example.org/none:",
        "parts": ["?c <http://example.org/none> ?x ."],
    }


@pytest.mark.parametrize(
    ("pattern", "meant"),
    [
        ("?c a ctl:TechnologyClusters", "ctl:TechnologyCluster"),
        ("?c <http://www.w3.org/2004/02/skos/core#prefLabl> ?x", "skos:prefLabel"),
        ("<https://w3id.org/ctlgraph/id/cluster/cml> a ?x", "cluster:clm"),
        ("?c ctl:qqq ?x", None),
    ],
)
def test_what_may_be_meant_is_told(client: httpx.Client, pattern: str, meant: str | None) -> None:
    """Of a term or a thing that the graph does not have; in a query of one line."""
    query = f"PREFIX ctl: <{BASE}ontology#> SELECT * {{ {pattern} }}"
    (reason,) = client.post("/sparql/why", content=query, headers=QUERY).json()["reasons"]
    assert reason["text"].startswith("the graph has no ")
    assert ("meant?" in reason["text"]) is (meant is not None)
    assert f"is {meant} meant?" in reason["text"] or meant is None
