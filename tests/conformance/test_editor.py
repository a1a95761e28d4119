"""What the SPARQL editor asks of the service, below ``/sparql/``."""

import httpx
import pytest

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
        [line for line in text.splitlines() if line.startswith("ctlgraph_queries_total")]
        for text in (before, client.get("/metrics").text)
    ]
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
