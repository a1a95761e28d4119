"""Releases over HTTP: listed, described, compared, read as they were, asked, and downloaded whole."""

import asyncio
import gzip
import hashlib
import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from rdflib import Graph, URIRef
from starlette.exceptions import HTTPException

from ctlgraph.errors import CtlgraphError
from ctlgraph.export import FORMS
from ctlgraph.release import build
from ctlgraph.vocabulary import BASE, PREFIXES, expand
from ctlgraph.web.earlier import Earlier

from .conftest import Serve, reader

PAGE = {"accept": "text/html,*/*;q=0.5", "accept-language": "it"}
JSON = {"accept": "application/json"}
PROJECTS = f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a <{expand('ctl:Project')}> }}"


def test_releases_are_listed_newest_first_as_page_json_and_rdf(client: httpx.Client, project: Path) -> None:
    """With the one that is served; RDF says which came before which."""
    page = client.get("/releases", headers=PAGE)
    assert "<h1>Rilasci</h1>" in page.text
    listed = client.get("/releases", headers=JSON).json()
    versions = [each["version"] for each in listed]
    kept = sorted((project / "releases").iterdir(), key=lambda path: [*map(int, path.name.split("."))])
    assert versions[-1] == "0.0.2"
    assert set(versions) >= {path.name for path in kept}
    assert [f"/releases/{version}" in page.text for version in versions] == [True] * len(versions)
    for form, media in (("ttl", "text/turtle"), ("nt", "application/n-triples")):
        answer = client.get("/releases", headers={"accept": media})
        assert answer.headers["content-type"].startswith(media)
        graph = Graph().parse(data=answer.content, format={"ttl": "turtle"}.get(form, form))
        previous = URIRef(PREFIXES["dcat"] + "previousVersion")
        assert (URIRef(f"{BASE}releases/0.2.0"), previous, URIRef(f"{BASE}releases/0.1.0")) in graph
        assert len(set(graph.subjects())) == len(versions)


def test_a_release_says_what_is_in_it(client: httpx.Client) -> None:
    found = client.get("/releases/0.1.0", headers=JSON).json()
    assert (found["version"], found["iri"]) == ("0.1.0", f"{BASE}releases/0.1.0")
    assert found["counts"]["quads"] == 7552
    page = client.get("/releases/0.1.0", headers=PAGE)
    assert "7.552" in page.text
    assert found["rdfc10"] in page.text
    for key in ("page", "browse", "sparql", "files"):
        assert client.get(found[key], headers=PAGE).status_code == 200, key


@pytest.mark.parametrize(
    ("headers", "media"),
    [
        ({"accept": "text/html"}, "text/html; charset=utf-8"),
        ({}, "text/html; charset=utf-8"),
        (JSON, "application/json"),
        ({"accept": "application/sparql-update"}, "application/sparql-update"),
    ],
)
def test_what_changed_comes_in_the_form_that_is_wanted(
    client: httpx.Client, headers: dict[str, str], media: str
) -> None:
    answer = client.get("/releases/0.3.0...0.4.0", headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, media)
    assert client.get("/releases/0.3.0...0.4.0", headers={"accept": "image/png"}).status_code == 406
    again = client.get(
        "/releases/0.3.0...0.4.0", headers={**headers, "if-none-match": answer.headers["etag"]}
    )
    assert again.status_code == 304


def test_what_changed_is_told_in_the_language_of_the_reader(client: httpx.Client) -> None:
    """With links to each thing in the release that has it."""
    for lang, text in (("it", "5 progetti in più"), ("en", "5 projects more")):
        page = client.get(f"/releases/0.1.0...0.2.0?lang={lang}", headers=PAGE).text
        assert text in page
        assert f'href="/releases/0.2.0/doc/cluster/le2c?lang={lang}"' in page
    told = client.get("/releases/0.1.0...0.2.0", headers=JSON).json()
    assert (told["from"]["version"], told["to"]["version"]) == ("0.1.0", "0.2.0")


def test_whether_any_figure_changed_is_said_first(client: httpx.Client) -> None:
    """Before what is gone, new and changed; and as many as the difference for programs has."""
    none = "No figure, cluster, project or network is new, gone or changed."
    page = client.get("/releases/0.6.0...0.7.0?lang=en", headers=PAGE).text
    assert none in page
    assert page.index(none) < page.index("Vocabulary, measures, editorial and technical changes")
    page = client.get("/releases/0.1.0...0.2.0?lang=en", headers=PAGE).text
    assert none not in page
    told = client.get("/releases/0.1.0...0.2.0", headers=JSON).text
    clusters = len(
        set(re.findall(r"id/cluster/(afil|agrifood-lombardia|clm|clsv|lac|le2c|lgca|scc|tav)\b", told))
    )
    assert f"{clusters} clusters, " in re.split("New, gone or changed: ", page)[1]


def test_an_earlier_release_is_asked_at_the_same_address(client: httpx.Client) -> None:
    """By GET and by POST, in the address or in the body; each gets its own answer and its own tag."""
    found = {}
    for version in ("", "0.1.0", "0.2.0"):
        answers = [
            client.get(
                "/sparql", params={"query": PROJECTS, "release": version}, headers={"accept": "text/csv"}
            ),
            client.post(
                "/sparql", data={"query": PROJECTS, "release": version}, headers={"accept": "text/csv"}
            ),
        ]
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.text for answer in answers}) == 1
        found[version] = int(answers[0].text.split()[1])
    assert found["0.1.0"] == 30
    assert found["0.2.0"] == 55
    missing = client.get("/sparql", params={"query": PROJECTS, "release": "9.9.9"})
    assert missing.status_code == 404
    assert "/releases" in missing.json()["detail"]
    description = client.get("/sparql", params={"release": "0.1.0"}, headers={"accept": "text/turtle"})
    assert 'owl:versionInfo "0.1.0"' in description.text or "0.1.0" in description.text


def test_an_earlier_release_is_read_as_it_was_with_links_of_its_own(client: httpx.Client) -> None:
    """Every address of the site below ``/releases/{version}``, or with ``release=``; a note says so."""
    page = client.get("/releases/0.1.0/doc/cluster/afil", headers=PAGE)
    assert page.status_code == 200
    assert "Si sta leggendo il rilascio 0.1.0" in page.text
    assert 'href="/doc/cluster/afil"' in page.text
    assert 'href="/releases/0.1.0/search"' in page.text
    assert 'href="/doc/project' not in page.text
    asked = client.get("/doc/cluster/afil?release=0.1.0", headers=PAGE)
    assert "Si sta leggendo il rilascio 0.1.0" in asked.text
    turtle = client.get("/releases/0.1.0/doc/cluster/afil.ttl")
    assert turtle.headers["content-type"].startswith("text/turtle")
    assert (
        client.get("/releases/0.1.0/id/cluster/afil").headers["location"]
        == "/releases/0.1.0/doc/cluster/afil"
    )
    assert client.get("/releases/0.1.0/doc/cluster/lgca", headers=PAGE).status_code == 404
    assert client.get("/releases/0.2.0/doc/cluster/lgca", headers=PAGE).status_code == 200
    assert client.get("/releases/0.2.0/dump/0.2.0/ctlgraph.geojson").status_code == 200
    assert client.get("/releases/0.2.0/catalog", headers=PAGE).status_code == 200
    question = client.get("/releases/0.2.0/queries/member-counts.csv")
    assert question.status_code == 200
    assert question.text == client.get("/queries/member-counts.csv?release=0.2.0").text


def test_the_files_of_a_release_are_what_their_list_says(client: httpx.Client) -> None:
    """A harvester that knows the list ends with files that their sums prove."""
    listing = client.get("/dump/0.2.0/", headers=JSON).json()
    assert {each["format"] for each in listing["files"]} == set(FORMS)
    lines = (line.partition("  ") for line in client.get(listing["sums"]).text.splitlines())
    sums = {name: total for total, _, name in lines}
    assert sums == {each["name"]: each["sha256"] for each in listing["files"]}
    page = client.get("/dump/0.2.0/", headers=PAGE).text
    for each in listing["files"]:
        answer = client.get(each["url"])
        assert answer.status_code == 200
        assert answer.headers["content-length"] == str(each["size"]) == str(len(answer.content))
        assert hashlib.sha256(answer.content).hexdigest() == each["sha256"]
        media = each["compressFormat"] or each["packageFormat"] or each["mediaType"]
        assert answer.headers["content-type"] == media
        assert "content-encoding" not in answer.headers
        assert each["sha256"] in page
        assert f'/dump/0.2.0/{each["name"]}"' in page


def test_a_file_comes_in_part_once_and_by_head(client: httpx.Client) -> None:
    path = "/dump/0.2.0/ctlgraph.nq"
    whole = client.get(path)
    packed = client.get(f"{path}.gz")
    assert gzip.decompress(packed.content) == whole.content
    part = client.get(path, headers={"range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert client.get(path, headers={"if-none-match": whole.headers["etag"]}).status_code == 304
    head = client.head(path)
    assert (head.content, head.headers["content-length"]) == (b"", str(len(whole.content)))
    assert client.get(path, headers={"range": "bytes=99999999-"}).status_code == 416


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/releases/9.9.9", 404),
        ("/releases/0.1.0...9.9.9", 404),
        ("/releases/..%2f..", 404),
        ("/dump/9.9.9/", 404),
        ("/dump/0.2.0/passwd", 404),
        ("/dump/0.2.0/..%2fmanifest.json", 404),
        ("/dump/0.2.0", 308),
        ("/releases/9.9.9/doc/cluster/afil", 404),
        ("/doc/cluster/afil?release=9.9.9", 404),
    ],
)
def test_what_is_not_there_is_not_found(client: httpx.Client, path: str, status: int) -> None:
    """No path leads out of the folder of a release."""
    assert client.get(path).status_code == status
    assert client.post("/releases").status_code == 405


def test_a_damaged_release_is_refused_by_the_name_of_its_file(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader learns which, the log where."""
    copy = shutil.copytree(project / "releases" / "0.2.0", tmp_path / "0.2.0")
    packed = copy / "ctlgraph.nq.gz"
    packed.write_bytes(packed.read_bytes()[:-1])
    monkeypatch.setattr("ctlgraph.web.earlier.known", lambda *_: {"0.2.0": copy})
    monkeypatch.setattr("ctlgraph.web.earlier.releases_folder", lambda _: tmp_path / "out")

    async def ask(version: str) -> None:
        await Earlier(cast(Any, None)).release(version)

    with pytest.raises(CtlgraphError, match=r"release 0\.2\.0 is damaged, in the file ctlgraph\.nq\.gz"):
        asyncio.run(ask("0.2.0"))
    with pytest.raises(HTTPException):
        asyncio.run(ask("0.3.0"))


def test_a_query_on_an_earlier_release_is_stopped_by_its_name(client: httpx.Client) -> None:
    """It is one of those that run, like any other."""
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"

    def ask() -> httpx.Response:
        asked = {"query": endless, "release": "0.2.0"}
        return httpx.post(
            client.base_url.join("/sparql"),
            data=asked,
            headers={"x-request-id": "earlier-query"},
            trust_env=False,
        )

    with ThreadPoolExecutor(1) as threads:
        asking = threads.submit(ask)
        for _ in range(100):
            stopped = client.delete("/sparql/running/earlier-query").status_code
            if stopped != 404 or asking.done():
                break
            time.sleep(0.02)
        assert stopped < 300
        assert asking.result().json()["type"].endswith("query-cancelled")


def test_few_earlier_releases_are_open_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a third, the one that was asked for longest ago ends, once its queries have."""
    log: list[str] = []

    class Opened:
        def __init__(self, version: str) -> None:
            self.version = version
            self.current = SimpleNamespace(workers=self, close=self.close)

        async def drain(self) -> None:
            log.append(f"drained {self.version}")

        async def close(self) -> None:
            log.append(f"closed {self.version}")

    async def open_beside(served: str, _: str) -> Any:
        log.append(f"opened {served}")
        return Opened(served)

    async def release(self: Earlier, version: str) -> str:
        return version

    monkeypatch.setattr(Earlier, "release", release)
    monkeypatch.setattr("ctlgraph.web.earlier.Served", SimpleNamespace(of=lambda found: found))

    async def ask() -> None:
        earlier = Earlier(cast(Any, open_beside))
        for version in ("a", "b", "a", "c"):
            await earlier.service(version)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        log.append("end")
        await earlier.close()

    asyncio.run(ask())
    assert log == [
        *("opened a", "opened b", "opened c", "drained b", "closed b"),
        *("end", "closed a", "closed c"),
    ]


@pytest.mark.parametrize("path", ["/releases/0.2.0/", "/releases/0.4.0/"])
def test_whatever_the_home_page_names_is_there(client: httpx.Client, path: str) -> None:
    """Of an earlier release: its catalogue, its description, and that of the whole service."""
    named = re.findall(r"<([^>]+)>", client.get(path, headers=PAGE).headers["link"])
    assert len(named) >= 3
    for address in named:
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("path", ["/releases/0.3.0", "/releases", "/openapi.json?a=%C3%A8", "/api/docs"])
def test_what_all_releases_share_is_not_below_one(client: httpx.Client, path: str) -> None:
    moved = client.get(f"/releases/0.2.0{path}", headers=PAGE)
    assert moved.status_code == 308
    assert moved.headers["location"].endswith(f"{client.base_url.netloc.decode()}{path}")


def test_the_ontology_of_an_earlier_release_names_no_rules_that_were_not_kept(client: httpx.Client) -> None:
    assert 'href="/releases/0.2.0/shapes' not in client.get("/releases/0.2.0/ontology", headers=PAGE).text
    assert 'href="/shapes' in client.get("/ontology", headers=PAGE).text


def test_a_release_with_the_hash_of_its_inputs_is_read_below_its_version(
    small: Path, tmp_path: Path, serve: Serve
) -> None:
    """Which a build has that a finished one of the same version precedes: the links of its page answer."""
    build(small, tmp_path / "releases")
    with (small / "data/ttl/sources.ttl").open("a", encoding="utf-8") as file:
        file.write("\n# another input\n")
    release = build(small, tmp_path / "releases")
    assert "+" in release.version
    with serve("--release", release.path) as (_, address), reader(address) as client:
        page = client.get(f"/releases/{release.version}", headers=PAGE).text
        for path in ("", "sparql"):
            assert f"/releases/{release.version}/{path}" in page
            assert client.get(f"/releases/{release.version}/{path}", headers=PAGE).status_code == 200
