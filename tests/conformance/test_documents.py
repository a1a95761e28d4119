"""Every IRI of a release answers, in every form, in whatever way a reader asks for it."""

import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyld import jsonld  # type: ignore[import-untyped]
from rdflib import DCTERMS, PROV, RDF, ConjunctiveGraph, Graph, Namespace, URIRef

from ctlgraph.release import Release
from ctlgraph.store import canonical, dump
from ctlgraph.vocabulary import BASE
from ctlgraph.web.site.facts import path_of
from ctlgraph.web.site.pages import iri_of

from .conftest import Serve, reader

MEDIA = {
    "html": "text/html",
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "trig": "application/trig",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "nq": "application/n-quads",
}
GRAPHS = ("passage", "curated", "derived", "measured")
PARSERS = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "trig": "trig", "nq": "nquads"}
KINDS = {
    "thing": "/doc/cluster/clm",
    "source": "/doc/source/doc-003",
    "section": "/doc/section/doc-000-letter",
    "agent": "/doc/agent/ctlgraph",
    "concept": "/vocab/certainty/derived",
    "scheme": "/vocab/certainty",
    "terms": "/ontology",
    "alignments": "/ontology/alignments",
    "shapes": "/shapes",
    "passage": "/graph/doc-000/13-15",
    "curated": "/graph/curated/labels",
    "derived": "/graph/derived",
    "measured": "/graph/collaboration/clusters-by-networks",
    "measurement": "/doc/measurement/clusters-by-networks-degree-cluster-clm",
}
OURS = re.compile(r"<(https://w3id\.org/ctlgraph/[^>]*)>")

Said = Callable[[httpx.Response, str], bytes]


@pytest.fixture(scope="module")
def client(serve: Serve, release: Release) -> Iterator[httpx.Client]:
    """A client of a service over the real release, which has every kind of thing."""
    with serve("--release", release.path) as (_, address), reader(address) as client:
        yield client


@pytest.fixture(scope="module")
def said(client: httpx.Client) -> Said:
    """What other people's parsers read in an answer, as canonical N-Triples."""
    contexts: dict[str, Any] = {}

    def load(address: str, _: Mapping[str, Any]) -> Mapping[str, Any]:
        if address not in contexts:
            contexts[address] = client.get(address).json()
        return {"contextUrl": None, "documentUrl": address, "document": contexts[address]}

    def read(answer: httpx.Response, form: str) -> bytes:
        if form == "jsonld":
            options = {"format": "application/n-quads", "documentLoader": load, "rdfDirection": None}
            return canonical(jsonld.to_rdf(answer.json(), options).encode())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            graph = ConjunctiveGraph()
            graph.parse(data=answer.content, format=PARSERS[form])
            return canonical(graph.serialize(format="nt", encoding="utf-8"))

    return read


def links(answer: httpx.Response) -> dict[str, list[str]]:
    """The addresses of the Link header by relation."""
    found: dict[str, list[str]] = {}
    for address, relation in re.findall(r'<([^>]*)>; rel="([^"]*)"', answer.headers["link"]):
        found.setdefault(relation, []).append(address)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_thing_comes_in_every_form(client: httpx.Client, said: Said, kind: str) -> None:
    """By ending, by ?format= and by Accept it is the same bytes; all forms of triples say the same."""
    path, meanings = KINDS[kind], {}
    for form, media in MEDIA.items():
        by_ending = client.get(f"{path}.{form}")
        asked = client.get(path, params={"format": form})
        accepted = client.get(
            path, headers={"accept": f"image/png, text/csv;q=0.9, {media};q=0.4, */*;q=0.1"}
        )
        assert [answer.status_code for answer in (by_ending, asked, accepted)] == [200] * 3, form
        types = {answer.headers["content-type"].partition(";")[0] for answer in (by_ending, asked, accepted)}
        assert types == {media}
        if form != "html":
            assert by_ending.content == asked.content == accepted.content
        if form in ("ttl", "nt", "rdf", "jsonld"):
            meanings[form] = said(by_ending, form)
    assert len(set(meanings.values())) == 1
    assert meanings["ttl"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["html", "ttl", "jsonld", "trig"])
def test_an_answer_says_what_belongs_to_it(client: httpx.Client, kind: str, form: str) -> None:
    """Its other forms, its name, its licence; an entity tag, 304 and HEAD; what it depends on."""
    path = KINDS[kind]
    answer = client.get(path, headers={"accept": MEDIA[form]})
    beside = links(answer)
    iri = iri_of(path)
    assert beside["canonical"] == [iri]
    assert beside["license"] == ["https://creativecommons.org/licenses/by/4.0/"]
    assert {address.rpartition(".")[2] for address in beside["alternate"]} == {*MEDIA} - {form}
    assert ("describedby" in beside) == (form != "ttl")
    assert ("related" in beside) == (kind in GRAPHS)
    assert {"Accept"} <= set(re.split(r",\s*", ", ".join(answer.headers.get_list("vary"))))
    head = client.head(path, headers={"accept": MEDIA[form]})
    assert (head.content, head.headers["etag"]) == (b"", answer.headers["etag"])
    assert head.headers["content-length"] == str(len(answer.content))
    assert head.headers["link"] == answer.headers["link"]
    known = client.get(path, headers={"accept": MEDIA[form], "if-none-match": answer.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")


def test_whoever_follows_a_passage_in_turtle_finds_its_lines(client: httpx.Client) -> None:
    """Its kind, its document and section, its lines and words, beside what it states."""
    path = KINDS["passage"]
    answer = client.get(path, headers={"accept": "text/turtle"})
    graph, passage = Graph().parse(data=answer.text, format="turtle"), URIRef(str(iri_of(path)))
    ctl = Namespace(f"{BASE}ontology#")
    assert (passage, RDF.type, ctl.Passage) in graph
    assert [int(str(graph.value(passage, ctl[name]))) for name in ("firstLine", "lastLine")] == [13, 15]
    assert graph.value(passage, PROV.wasDerivedFrom) == URIRef(f"{BASE}id/source/doc-000")
    assert (passage, DCTERMS.isPartOf, None) in graph
    (store,) = links(answer)["related"]
    inside = Graph().parse(data=client.get(store, headers={"accept": "text/turtle"}).text, format="turtle")
    assert 0 < len(inside) < len(graph)
    assert set(inside) < set(graph)


@pytest.mark.parametrize("kind", ["passage", "curated", "measured"])
def test_a_graph_says_all_that_is_known_of_it(client: httpx.Client, kind: str) -> None:
    """In every form of triples as in SPARQL, though other graphs state it."""
    iri = iri_of(KINDS[kind])
    query = f"CONSTRUCT {{ <{iri}> ?p ?o }} WHERE {{ <{iri}> ?p ?o }}"
    known = set(client.get("/sparql", params={"query": query, "format": "nt"}).text.splitlines())
    assert known
    assert known <= set(client.get(f"{KINDS[kind]}.nt").text.splitlines())


def test_every_link_of_a_document_answers(client: httpx.Client) -> None:
    """Other forms and the context of JSON-LD."""
    for path in KINDS.values():
        answer = client.get(path, headers={"accept": MEDIA["jsonld"]})
        addresses = [*links(answer)["alternate"], *links(answer)["describedby"], answer.json()["@context"]]
        assert {client.head(address).status_code for address in addresses} == {200}, path


@pytest.mark.parametrize(
    ("accept", "sent"),
    [
        ("", "text/html"),
        ("*/*", "text/html"),
        ("text/*", "text/html"),
        ("text/turtle, text/html", "text/html"),
        ("text/turtle, text/html;q=0.9", "text/turtle"),
        ("application/*", "application/ld+json"),
        ("application/xhtml+xml", "text/html"),
        ("application/xhtml+xml, text/turtle;q=0.9", "text/html"),
        ("text/plain", "text/plain"),
        ("application/json", "application/json"),
        ("application/ld+json;profile=x, text/turtle;q=0.9", "application/ld+json"),
        ("text/html;q=0, */*", "text/turtle"),
        ("text/html;q=0, application/xhtml+xml;q=0, */*;q=0.1", "text/turtle"),
        ("application/rdf+xml;q=0.3, application/n-triples;q=0.31", "application/n-triples"),
        ("TEXT/TURTLE", "text/turtle"),
    ],
)
def test_what_a_reader_wants_most_is_sent(client: httpx.Client, accept: str, sent: str) -> None:
    """Qualities count, then how exactly a type is named, then our own order."""
    answer = client.get(KINDS["thing"], headers={"accept": accept} if accept else {})
    assert answer.headers["content-type"].partition(";")[0] == sent


@pytest.mark.parametrize(
    ("path", "accept", "sent"),
    [
        ("/collaboration.json", "", "application/json"),
        ("/collaboration", "application/*", "application/json"),
        ("/queries", "application/*", "application/json"),
        ("/queries/member-counts", "application/*", "application/sparql-results+json"),
        ("/search?q=afil", "application/*", "application/json"),
        ("/search?q=afil", "application/xhtml+xml", "text/html"),
        ("/releases", "application/*", "application/json"),
        ("/coverage", "application/*", "application/problem+json"),
        ("/coverage", "application/xhtml+xml", "text/html"),
        ("/sparql", "application/*", "application/n-triples"),
    ],
)
def test_an_answer_is_labelled_as_what_it_is(client: httpx.Client, path: str, accept: str, sent: str) -> None:
    """A page is never called XML, nor a graph of ties a result of SPARQL."""
    answer = client.get(path, headers={"accept": accept} if accept else {})
    assert answer.headers["content-type"].partition(";")[0] == sent
    assert answer.status_code == (406 if "problem" in sent else 200)


@pytest.mark.parametrize("kind", KINDS)
def test_what_nothing_fits_is_refused(client: httpx.Client, kind: str) -> None:
    """406 tells what there is, 400 that a format is none."""
    path = KINDS[kind]
    refused = client.get(path, headers={"accept": "image/png, */*;q=0"})
    assert refused.status_code == 406
    assert all(media in refused.json()["detail"] for media in MEDIA.values())
    assert client.get(path, params={"format": "csv"}).status_code == 406
    assert client.get(path, params={"format": "none"}).status_code == 400


def every_iri(release: Path) -> set[str]:
    """All IRIs of ours in a release and its shapes."""
    texts = ((release / name).read_text("utf-8") for name in ("ctlgraph.nq", "shapes.nt"))
    return {iri for text in texts for iri in OURS.findall(text)}


def test_every_iri_of_the_release_has_its_address(release: Release) -> None:
    """From the one to the other and back, so that no IRI is without a document; terms share one."""
    for iri in every_iri(release.path):
        document = iri.partition("#")[0].rstrip("/")
        found = iri_of(path_of(document)) if document.count("/") > 3 else BASE
        version = re.fullmatch(rf"{BASE}ontology/\d+\.\d+\.\d+", document)
        assert version or found in (document, BASE), iri


def test_every_kind_of_iri_answers(client: httpx.Client, release: Release) -> None:
    """One of each kind and one more, as a page and as Turtle."""
    by_kind: dict[str, list[str]] = {}
    for iri in sorted(every_iri(release.path)):
        by_kind.setdefault(re.sub(r"[^/#]*$", "", iri), []).append(iri)
    assert len(by_kind) > 60
    for iris in by_kind.values():
        for iri in (iris[0], iris[len(iris) // 2]):
            path = iri.removeprefix(BASE.rstrip("/"))
            for media in ("text/html", "text/turtle"):
                answer = client.get(path, headers={"accept": media}, follow_redirects=True)
                assert answer.status_code == 200, iri
                assert answer.headers["content-type"].startswith(media), iri


def test_terms_and_shapes_are_at_their_place(client: httpx.Client, release: Release) -> None:
    """The part of a page that a term's IRI leads to exists, and the RDF has the term."""
    for name in ("ontology", "shapes"):
        namespace = f"{BASE}{name}#"
        iris = {iri for iri in every_iri(release.path) if iri.startswith(namespace)} - {namespace}
        turtle = client.get(f"/{name}.nt").text
        page = client.get(f"/{name}").text
        defined = {iri for iri in iris if f"\n<{iri}> " in f"\n{turtle}"}
        assert len(defined) > 60
        assert {iri.removeprefix(namespace) for iri in defined} <= set(re.findall(r' id="([^"]+)"', page))


def test_the_version_of_the_ontology_answers(client: httpx.Client, release: Release) -> None:
    """The IRI of the version that is served is that of its terms."""
    version = f"{BASE}ontology/{release.version.partition('+')[0]}"
    assert version in every_iri(release.path)
    path = version.removeprefix(BASE.rstrip("/"))
    assert client.get(f"{path}.ttl").content == client.get("/ontology.ttl").content


def test_earlier_versions_of_the_ontology_are_found(client: httpx.Client) -> None:
    """In their releases, in every form; one that never was is unknown."""
    for path, target in (
        ("/ontology/0.4.0", "/releases/0.4.0/ontology"),
        ("/ontology/0.4.0.ttl?lang=it", "/releases/0.4.0/ontology.ttl?lang=it"),
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, target)
    turtle = client.get("/ontology/0.4.0.ttl", follow_redirects=True)
    assert 'owl:versionInfo "0.4.0"' in turtle.text
    assert client.get("/ontology/0.0.9").json()["type"].endswith("/unknown-iri")


def test_an_unknown_iri_has_neighbours(client: httpx.Client) -> None:
    """As a page and as a problem document, at the IRI itself and at its document."""
    for path in (
        "/id/cluster/clmm",
        "/doc/cluster/clmm.ttl",
        "/vocab/certainty/derivd",
        "/graph/doc-000/13-16",
    ):
        problem = client.get(path, headers={"accept": "text/turtle"})
        assert problem.status_code == 404
        assert problem.json()["type"] == f"{BASE}problem/unknown-iri"
        nearest = problem.json()["nearest"]
        page = client.get(path, headers={"accept": "text/html"}).text
        assert nearest, path
        assert f'href="{path_of(nearest[0])}"' in page


@pytest.fixture(scope="module")
def moved(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A service over things that were renamed, merged, split and withdrawn."""
    data = tmp_path_factory.mktemp("moved") / "data.trig"
    data.write_text(
        f"""@prefix dct: <http://purl.org/dc/terms/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix cluster: <{BASE}id/cluster/> .
@prefix s3: <{BASE}vocab/s3/> .
<{BASE}graph/curated/names> {{
  cluster:new skos:prefLabel "New"@en .
  cluster:other skos:prefLabel "Other"@en .
  cluster:old owl:deprecated true ; dct:isReplacedBy cluster:new .
  cluster:split owl:deprecated true ; dct:isReplacedBy cluster:new , cluster:other .
  cluster:gone owl:deprecated true .
  cluster:abroad owl:deprecated true ; dct:isReplacedBy <https://example.org/x> .
  cluster:both dct:isReplacedBy cluster:new .
  s3:old owl:deprecated true ; dct:isReplacedBy s3:new . s3:new skos:prefLabel "New"@en .
}}""",
        "utf-8",
    )
    with serve("--data", data, "--union-default-graph") as (_, address), reader(address) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/id/cluster/old", "/id/cluster/new"),
        ("/id/cluster/old?lang=it", "/id/cluster/new?lang=it"),
        ("/doc/cluster/old", "/doc/cluster/new"),
        ("/doc/cluster/old.ttl", "/doc/cluster/new.ttl"),
        ("/doc/cluster/old.html?lang=it", "/doc/cluster/new.html?lang=it"),
        ("/vocab/s3/old", "/vocab/s3/new"),
    ],
)
def test_what_was_renamed_is_found(moved: httpx.Client, path: str, target: str) -> None:
    """301 to the thing for the thing, to the document for its document."""
    answer = moved.get(path)
    assert (answer.status_code, answer.headers["location"]) == (301, target)
    assert moved.get(path, follow_redirects=True).status_code == 200


@pytest.mark.parametrize(
    ("slug", "replaced"),
    [
        ("gone", []),
        ("split", [f"{BASE}id/cluster/new", f"{BASE}id/cluster/other"]),
        ("abroad", ["https://example.org/x"]),
    ],
)
@pytest.mark.parametrize("kind", ["id", "doc"])
def test_what_was_withdrawn_is_gone(moved: httpx.Client, kind: str, slug: str, replaced: list[str]) -> None:
    """410, with what took its place where no single thing of ours did."""
    problem = moved.get(f"/{kind}/cluster/{slug}", headers={"accept": "text/turtle"})
    assert (problem.status_code, problem.json()["replaced"]) == (410, replaced)
    assert problem.json()["type"] == f"{BASE}problem/gone"
    page = moved.get(f"/{kind}/cluster/{slug}", headers={"accept": "text/html"})
    assert page.status_code == 410
    assert all(f'href="{path_of(iri) or iri}"' in page.text for iri in replaced)


@pytest.mark.parametrize("path", ["/queries", "/queries/member-counts"])
def test_a_question_comes_in_every_form(client: httpx.Client, said: Said, path: str) -> None:
    """Its answer is a table, so the RDF at its IRI is the question."""
    meanings = {}
    for form in ("ttl", "jsonld", "nt", "rdf"):
        answers = [client.get(f"{path}.{form}"), client.get(path, headers={"accept": MEDIA[form]})]
        assert {answer.headers["content-type"].partition(";")[0] for answer in answers} == {MEDIA[form]}
        assert answers[0].content == answers[1].content
        meanings[form] = said(answers[0], form)
    assert len(set(meanings.values())) == 1
    assert f"<{BASE}queries/member-counts> ".encode() in meanings["nt"]
    assert client.get(f"{path}.trig").headers["content-type"] == MEDIA["trig"]


def test_what_is_only_said_to_be_replaced_is_in_use(moved: httpx.Client) -> None:
    """Only owl:deprecated withdraws."""
    assert moved.get("/id/cluster/both").status_code == 303


def test_a_long_document_has_pages(serve: Serve, tmp_path: Path) -> None:
    """Each in every form, with links to those beside it; together they say everything, once."""
    count = 11_003
    data = tmp_path / "long.nq"
    thing, graph = f"<{BASE}id/set/many>", f"<{BASE}graph/curated/many>"
    data.write_text("".join(f"{thing} <x:p> <x:{n:05}> {graph} .\n" for n in range(count)), "utf-8")
    with serve("--data", data, "--union-default-graph") as (_, address), reader(address) as client:
        path, lines = "/doc/set/many.nt", []
        while path:
            answer = client.get(path)
            lines += answer.text.splitlines()
            path = (links(answer).get("next") or [""])[0]
        assert len(lines) == len(set(lines)) == count
        assert links(client.get("/doc/set/many?format=ttl&page=2"))["prev"] == [
            f"{address}/doc/set/many?format=ttl&page=1"
        ]
        assert client.get("/doc/set/many.ttl?page=0").status_code == 400
        assert client.get("/doc/set/many.ttl?page=9").status_code == 404


def test_a_long_page_has_parts(client: httpx.Client) -> None:
    """Whoever follows `next`, here from near the end of the first part, comes through all of them."""
    path, parts = "/graph/sources?page=49", {}
    while path:
        answer = client.get(path, headers={"accept": "text/html"})
        rows = re.search(r"Rows \d+–(?P<last>\d+) of (?P<all>\d+)", answer.text)
        assert rows
        part = re.search(r"part=(\d+)", path)
        parts[int(part[1]) if part else 1] = (int(rows["last"]), int(rows["all"]))
        path = (links(answer).get("next") or [""])[0]
    assert all(last == every for last, every in parts.values())
    query = f"SELECT * {{ GRAPH <{BASE}graph/sources> {{ ?s ?p ?o }} }}"
    found = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    assert sum(every for _, every in parts.values()) == len(found) > 1000
    assert client.get("/graph/sources?part=0", headers={"accept": "text/html"}).status_code == 400


def test_the_context_can_be_kept(client: httpx.Client) -> None:
    """For an hour, by scripts of any site; with words, not prefixes, for everything of ours."""
    answer = client.get("/context.jsonld", headers={"origin": "https://example.org"})
    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert answer.headers["access-control-allow-origin"] == "*"
    words = answer.json()["@context"]
    assert words["memberCount"] == "ctl:memberCount"
    assert words["TechnologyCluster"] == "ctl:TechnologyCluster"
    assert words["prefLabel"] == {"@id": "skos:prefLabel", "@container": "@language"}
    assert client.get("/context.jsonld", headers={"accept": "text/turtle"}).status_code == 406


def test_trig_is_what_turtle_says(client: httpx.Client) -> None:
    """With the graphs that say it."""
    for path in ("/doc/cluster/clm", "/vocab/certainty", *(KINDS[kind] for kind in GRAPHS)):
        quads = client.get(f"{path}.nq").content
        assert dump(quads, "nt") == client.get(f"{path}.nt").content


@pytest.mark.parametrize("path", ["/.well-known/void.xyz", "/catalog.xyz", "/ontology.xyz", "/shapes.xyz"])
def test_an_ending_that_is_no_form_is_no_address(client: httpx.Client, path: str) -> None:
    """Rather than what `Accept` would have had."""
    assert client.get(path).status_code == 404
