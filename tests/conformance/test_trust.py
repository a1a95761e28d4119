"""The pages of trust and of data over contents that have nothing of what they show."""

import html
import re
from pathlib import Path

import httpx
import pytest

from .conftest import Serve, reader

PATHS = ("/disagreements", "/coverage", "/sources", "/data", "/compare")
PAGE = {"accept": "text/html,*/*;q=0.8", "accept-language": "it"}


@pytest.mark.parametrize("path", PATHS)
def test_a_small_release_has_these_pages(client: httpx.Client, path: str) -> None:
    """Whatever is not there is said, with what to do; and nothing leads to a catalogue that there is not."""
    answer = client.get(path, headers=PAGE)
    assert answer.status_code == 200
    links = {html.unescape(link) for link in re.findall(r'href="(/[^"#]*)', answer.text)}
    assert "/catalog" not in links
    dead = [link for link in sorted(links) if client.get(link, headers=PAGE).status_code >= 400]
    assert dead == []


@pytest.mark.parametrize(
    "path", ["/coverage/project-nothing", "/sources/doc-999", "/sources/doc-000?page=x", "/coverage/%22"]
)
def test_what_is_not_there_is_an_error(client: httpx.Client, path: str) -> None:
    """404, or 400 for a page that is no number."""
    assert client.get(path, headers=PAGE).status_code == (400 if "page=x" in path else 404)


@pytest.mark.parametrize("about", ["cluster/clm", "> } DROP ALL #", "%00", "a" * 3000])
def test_what_is_asked_for_never_reaches_a_query(client: httpx.Client, about: str) -> None:
    """It is only compared with what there is."""
    asked = {"about": about, "q": '" } #', "cluster": about}
    for path in ("/disagreements", "/coverage/project-partners"):
        assert client.get(path, params=asked, headers=PAGE).status_code == 200


def test_files_that_are_no_release_have_these_pages(serve: Serve, tmp_path: Path) -> None:
    """Empty, without a promise of files or of a licence; the addresses for programs stay."""
    file = tmp_path / "a.ttl"
    file.write_text("<https://example.org/a> <https://example.org/b> 1 .")
    with serve("--data", file) as (_, address), reader(address) as client:
        pages = {path: client.get(path, headers=PAGE) for path in PATHS}
        assert {answer.status_code for answer in pages.values()} == {200}
        assert 'class="note info"' in pages["/coverage"].text
        assert "/dump/" not in pages["/data"].text
        assert f"{address}/sparql" in pages["/data"].text


def test_a_release_leads_to_its_own_data(client: httpx.Client) -> None:
    """Each file of the folder stands on the page, under its size."""
    page = client.get("/data", headers=PAGE).text
    version = re.search(r'href="/releases/(\d+\.\d+\.\d+[^"/.]*)"', page)
    assert version
    files = client.get(f"/dump/{version[1]}/", params={"format": "json"}).json()["files"]
    assert {html.unescape(f) for f in re.findall(rf'href="/dump/{re.escape(version[1])}/([^"]+)"', page)} == {
        each["name"] for each in files
    }


@pytest.mark.parametrize(
    "asked", ["one=cluster/none", "one=%22%3E%20%7D&other=x", "one=cluster/afil&from=1900"]
)
def test_what_cannot_be_compared_is_said(client: httpx.Client, asked: str) -> None:
    """With 400, and what would do."""
    answer = client.get(f"/compare?{asked}")
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_two_releases_are_compared_at_their_own_address(client: httpx.Client) -> None:
    """303, with the language that was chosen; whatever is written there stays in its path."""
    answer = client.get("/compare", params={"a": "0.1.0", "b": "0.2.0", "lang": "en"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/releases/0.1.0...0.2.0?lang=en")
    odd = client.get("/compare", params={"a": "//example.org", "b": "x\r\ny: z"})
    assert odd.headers["location"].startswith("/releases/")
    assert "y" not in odd.headers
