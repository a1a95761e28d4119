"""curl, as in a shell script."""

import json
import shutil
import subprocess

import pytest

CURL = shutil.which("curl")
pytestmark = pytest.mark.skipif(CURL is None, reason="curl is not installed")

ASK = "ASK { ?s ?p ?o }"


def curl(*arguments: str) -> str:
    """What curl prints; a failure, such as a status of 400 or more, is raised."""
    command = [str(CURL), "--silent", "--show-error", "--fail", "--noproxy", "*", "--max-time", "30"]
    return subprocess.run([*command, *arguments], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["--get", "--data-urlencode", f"query={ASK}"],
        ["--data-urlencode", f"query={ASK}"],
        ["--header", "Content-Type: application/sparql-query", "--data-binary", ASK],
        ["--location", "--get", "--data-urlencode", f"query={ASK}"],
        ["--location", "--data-urlencode", f"query={ASK}"],
        ["--http1.0", "--data-urlencode", f"query={ASK}"],
        ["--header", "Expect: 100-continue", "--data-urlencode", f"query={ASK}"],
        ["--header", "Transfer-Encoding: chunked", "--data-urlencode", f"query={ASK}"],
    ],
    ids=["GET", "POST form", "POST direct", "-L GET", "-L POST", "HTTP/1.0", "Expect", "chunked"],
)
def test_curl_asks(endpoint: str, arguments: list[str]) -> None:
    assert json.loads(curl(*arguments, endpoint))["boolean"] is True


def test_curl_reads_the_head_only(endpoint: str) -> None:
    """With the length that a GET would have."""
    asked = ["--get", "--data-urlencode", f"query={ASK}", endpoint]
    head = curl("--head", *asked).lower()
    assert head.startswith("http/1.1 200")
    assert f"content-length: {len(curl(*asked))}\n" in head


def test_curl_saves_a_table(endpoint: str, select: str, rows: list[tuple[str, int, str | None]]) -> None:
    """In the format that Accept asks for."""
    table = curl("--header", "Accept: text/csv", "--data-urlencode", f"query={select}", endpoint)
    assert table.startswith("name,members,founded\n")
    assert all(f",{members},{founded or ''}\n" in table for _, members, founded in rows)


def test_curl_fails_where_the_query_is_wrong(endpoint: str) -> None:
    """With `--fail` its exit code is 22, so that a script notices."""
    with pytest.raises(subprocess.CalledProcessError) as failed:
        curl("--get", "--data-urlencode", "query=ASK {", endpoint)
    assert failed.value.returncode == 22
