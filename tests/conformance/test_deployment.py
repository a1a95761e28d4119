"""Behind nginx, under a path of another host, and by way of w3id.org, everything leads on."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from rdflib import DCAT, Graph

from ctlgraph.release import Release
from ctlgraph.vocabulary import BASE

from .conftest import Serve, reader

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
PAGE = {"accept": "text/html", "accept-language": "it"}
RULE = re.compile(r"^RewriteRule (?P<pattern>\S+) (?P<target>\S+) \[R=(?P<status>\d+),L\]$", re.MULTILINE)
IRIS = (
    *("", "id/cluster/clm", "vocab/certainty/derived", "vocab/certainty", "ontology", "shapes"),
    *("graph/doc-000/13-15", "queries/member-counts", "catalog", "context.jsonld", ".well-known/void"),
    *("doc/cluster/clm.ttl", "problem/query-syntax", "sparql"),
)


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@pytest.fixture(scope="module")
def proxied(
    serve: Serve, release: Release, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A client of the service under /graph/, by the configuration in deploy/ on other ports."""
    if NGINX is None:
        pytest.skip("nginx is not installed: apt-get install nginx-light")
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    address = f"http://127.0.0.1:{port}/graph/"
    options = ("--release", release.path, "--base-url", address, "--trusted-proxies", "127.0.0.1")
    with serve(*options) as (_, behind):
        text = (project / "deploy" / "nginx-path.conf").read_text("utf-8")
        text = text.replace("127.0.0.1:8000", urlsplit(behind).netloc).replace(
            "127.0.0.1:8080", f"127.0.0.1:{port}"
        )
        (folder / "nginx.conf").write_text(text, "utf-8")
        command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
        with subprocess.Popen(command) as nginx, reader(address) as client:
            try:
                wait(client)
                yield client
            finally:
                nginx.terminate()


def wait(client: httpx.Client) -> None:
    """Until the proxy listens."""
    for _ in range(100):
        try:
            client.get("healthz").raise_for_status()
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return


def test_every_link_of_every_page_stays_under_the_path(proxied: httpx.Client) -> None:
    """Pages, their styles, forms of documents, redirections: from the home page on, and each answers."""
    seen: set[str] = set()
    pages = [
        "",
        "catalog",
        "shapes",
        "ontology",
        "doc/cluster/clm",
        "doc/cluster/none",
        "graph/doc-000/13-15",
    ]
    for page in pages:
        text = proxied.get(page, headers=PAGE).text
        inside = re.findall(r'(?:href|src|action)="(/[^"#]*|http://127[^"#]*)', text)
        assert inside, page
        for address in inside:
            assert urlsplit(address).path.startswith("/graph/"), (page, address)
        seen |= {each.replace("&amp;", "&") for each in inside[:40] if "/none" not in each}
    for address in sorted(seen)[::4]:
        whole = httpx.URL(str(proxied.base_url)).join(address)
        answer = proxied.get(whole, headers=PAGE, follow_redirects=True)
        assert answer.status_code == 200, address


def test_redirections_and_links_lead_through_the_proxy(proxied: httpx.Client) -> None:
    """303, Link, the context of JSON-LD and the addresses of the catalogue."""
    assert proxied.get("id/cluster/clm").headers["location"] == "/graph/doc/cluster/clm"
    turtle = {"accept": "text/turtle"}
    answer = proxied.get("id/cluster/clm", headers=turtle, follow_redirects=True)
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    root = str(proxied.base_url)
    beside = re.findall(r'<([^>]*)>; rel="(?:alternate|describedby)"', answer.headers["link"])
    context = proxied.get("doc/cluster/clm.jsonld").json()["@context"]
    assert all(address.startswith(root) for address in (*beside, context))
    assert {proxied.get(address).status_code for address in (*beside, context)} == {200}
    found = proxied.get("", headers=turtle, follow_redirects=True)
    catalog = Graph().parse(data=found.content, format="turtle")
    addresses = {str(each) for each in catalog.objects(None, DCAT.accessURL)}
    assert all(address.startswith(root) for address in addresses)


def test_the_proxy_keeps_what_belongs_to_a_request(proxied: httpx.Client) -> None:
    """HEAD, 304, 404 with its neighbours, and a query by POST."""
    turtle = {"accept": "text/turtle"}
    whole, head = (proxied.request(method, "doc/cluster/clm", headers=turtle) for method in ("GET", "HEAD"))
    assert head.headers["etag"] == whole.headers["etag"]
    again = proxied.get("doc/cluster/clm", headers=turtle | {"if-none-match": whole.headers["etag"]})
    assert again.status_code == 304
    assert proxied.get("id/cluster/clmm", headers=turtle).json()["nearest"][0] == f"{BASE}id/cluster/clm"
    assert proxied.post("sparql", data={"query": "ASK {}"}).json()["boolean"] is True
    assert proxied.get("metrics").status_code == 403


@pytest.fixture(scope="module")
def redirected(project: Path) -> dict[str, str]:
    """Where w3id.org leads, by a small reader of the rules."""
    text = (project / "deploy" / "w3id" / ".htaccess").read_text("utf-8")
    rules = [
        (re.compile(found["pattern"]), found["target"], found["status"]) for found in RULE.finditer(text)
    ]
    assert len(rules) == text.count("RewriteRule")
    found = {}
    for iri in IRIS:
        pattern, target, status = next(rule for rule in rules if rule[0].search(iri))
        match = pattern.search(iri)
        assert match is not None
        assert status == "302"
        found[iri] = target.replace("$1", match[1] if match.groups() else "")
    return found


def test_w3id_leads_every_name_to_its_place(redirected: dict[str, str], proxied: httpx.Client) -> None:
    """One host, the same path; what is there answers."""
    assert {urlsplit(address)[:2] for address in redirected.values()} == {("https", "ctlgraph.example.org")}
    for iri, address in redirected.items():
        assert urlsplit(address).path == f"/{iri}"
        answer = proxied.get(iri, follow_redirects=True)
        assert answer.status_code == 200, iri


def test_w3id_lets_scripts_of_other_sites_follow(project: Path) -> None:
    """A redirection without CORS would end them; w3id.org wants a README with whom to ask."""
    folder = project / "deploy" / "w3id"
    assert 'Header always set Access-Control-Allow-Origin "*"' in (folder / ".htaccess").read_text("utf-8")
    assert "## Contact" in (folder / "README.md").read_text("utf-8")


def test_another_host_has_to_be_allowed(serve: Serve, release: Release) -> None:
    """Then every address is under its name; a name that is not gets nothing."""
    with (
        serve("--release", release.path, "--allowed-hosts", "data.example.org") as (_, address),
        reader(address) as client,
    ):
        host = {"host": "data.example.org", "accept": "text/turtle"}
        answer = client.get("/doc/cluster/clm", headers=host)
        assert "<http://data.example.org/doc/cluster/clm.html>" in answer.headers["link"]
        assert "http://data.example.org/sparql" in client.get("/catalog", headers=host).text
        assert client.get("/catalog", headers={"host": "elsewhere.example.org"}).status_code == 400
