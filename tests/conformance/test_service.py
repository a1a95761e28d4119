"""The service around the protocol: its page, its headers, how it starts and ends."""

import os
import re
import signal
import socket
import subprocess
import sys
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from ctlgraph.settings import Settings
from ctlgraph.web.server import listen

SERVE = [sys.executable, "-m", "ctlgraph", "serve"]


@pytest.mark.parametrize("path", ["/", "/healthz", "/sparql?query=ASK{}", "/nowhere", "/static/icon.svg"])
def test_every_answer_is_guarded(client: httpx.Client, path: str) -> None:
    """No sniffing, no script, no frame, no other host."""
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/readyz", "/metrics", "/openapi.json", "/sparql", "/graphs?default"]
)
def test_head_is_get_without_the_body(client: httpx.Client, path: str) -> None:
    """RFC 9110, section 9.3.2: with the length that the body would have."""
    head, get = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == get.headers["content-type"]
    assert int(head.headers["content-length"]) > 0


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/", "GET, HEAD, OPTIONS"),
        ("/doc/cluster/clm", "GET, HEAD, OPTIONS"),
        ("/graphs", "GET, HEAD, OPTIONS"),
        ("/healthz", "GET, HEAD, OPTIONS"),
        ("/static/icon.svg", "GET, HEAD, OPTIONS"),
        ("/sparql", "GET, HEAD, OPTIONS, POST"),
        ("/sparql/running/abcdefgh", "DELETE, GET, HEAD, OPTIONS"),
        ("/sparql/update", "OPTIONS, POST"),
    ],
)
def test_every_address_says_what_may_be_done_there(client: httpx.Client, path: str, methods: str) -> None:
    """Pages of other sites may read what anyone reads; they stop no query and write nothing."""
    answer = client.options(path)
    assert (answer.status_code, answer.headers["allow"]) == (204, methods)
    assert ("access-control-allow-origin" in answer.headers) == ("/sparql/" not in path)
    assert client.options("/nowhere").status_code == 404


def test_what_is_no_http_is_refused_as_safely(client: httpx.Client) -> None:
    """What never becomes a request gets the headers that every answer has."""
    with socket.create_connection((client.base_url.host, client.base_url.port or 80), 20) as peer:
        peer.sendall(b"NONSENSE\r\n\r\n")
        answer = peer.recv(65536).decode().lower()
    assert "\r\nx-content-type-options: nosniff\r\n" in answer
    assert re.search(r"\r\nx-request-id: [\w-]{8,}\r\n", answer)


def test_each_line_of_a_header_counts(client: httpx.Client) -> None:
    """RFC 9110, section 5.3: several lines are one list."""
    tag = client.get("/privacy").headers["etag"]
    lines = [("If-None-Match", tag), ("If-None-Match", '"another"')]
    assert client.get("/privacy", headers=lines).status_code == 304


def test_a_request_to_upgrade_is_answered_and_not_complained_of(
    server: tuple[subprocess.Popen[str], str], client: httpx.Client, capfd: pytest.CaptureFixture[str]
) -> None:
    """Anyone could fill the log otherwise."""
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket"}
    assert client.get("/healthz", headers=upgrade).status_code == 200
    assert "upgrade" not in capfd.readouterr().err.lower()


@pytest.mark.parametrize("path", ["/", "/sparql"])
@pytest.mark.parametrize("lang", ["it", "en"])
def test_a_page_is_in_the_readers_language(client: httpx.Client, lang: str, path: str) -> None:
    """By `?lang=`, else by Accept-Language."""
    asked = client.get(path, params={"lang": lang}, headers={"Accept": "text/html", "Accept-Language": "de"})
    preferred = client.get(path, headers={"Accept": "text/html", "Accept-Language": f"{lang}-CH, fr;q=0.5"})
    for page in (asked, preferred):
        assert f'<html lang="{lang}"' in page.text
        assert page.headers["content-language"] == lang


@pytest.mark.parametrize("path", ["/", "/sparql"])
def test_a_page_loads_nothing_from_elsewhere(client: httpx.Client, path: str) -> None:
    """Every address that a browser fetches by itself is on this host and answers."""
    text = client.get(path, headers={"Accept": "text/html"}).text
    addresses = re.findall(r'(?:<link[^>]* href|src|action)="([^"]*)"', text)
    assert addresses
    for address in addresses:
        assert urlsplit(address).netloc in ("", client.base_url.netloc.decode())
        assert client.get(client.base_url.join(address)).status_code in (200, 400)


def test_every_field_of_the_form_has_a_label(client: httpx.Client) -> None:
    """A screen reader says what each field is for."""
    text = client.get("/sparql", headers={"Accept": "text/html"}).text
    fields = re.findall(r'<(?:textarea|select|input(?! type="hidden"))[^>]* id="([\w-]+)"', text)
    assert {"query", "format"} <= set(fields)
    assert set(fields) <= set(re.findall(r'<label[^>]* for="([\w-]+)"', text))


def test_the_query_in_the_form_runs(client: httpx.Client) -> None:
    """It is answered as it stands."""
    [example] = re.findall(
        r"<textarea[^>]*>(.*?)</textarea>", client.get("/sparql", headers={"Accept": "text/html"}).text, re.S
    )
    answer = client.get("/sparql", params={"query": unescape(example), "format": "csv"})
    assert len(answer.text.splitlines()) > 1


def test_health_names_the_release(client: httpx.Client) -> None:
    """For a monitor."""
    assert client.get("/healthz").json() == {"status": "ok", "release": "0.0.2", "validated": True}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly(served: Path, number: signal.Signals) -> None:
    """Exit code 0, no trace of a query process."""
    command = [*SERVE, "--release", str(served), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = re.search(r"http://\S+", process.stdout.readline())
        assert address
        assert httpx.get(f"{address[0]}healthz", trust_env=False).status_code == 200
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, "", "")
    assert children
    assert not any(Path(f"/proc/{child}").exists() for child in children)


def test_a_taken_port_is_one_clear_line(served: Path) -> None:
    """Which address, why, and what to do; exit code 1."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [*SERVE, "--release", str(served), "--port", port]
        run = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (1, "", 1)
    assert f"port {port}: Address already in use" in run.stderr
    assert "--port" in run.stderr


def test_small_answers_leave_at_once() -> None:
    """Without TCP_NODELAY each would wait some 40 ms for the client's acknowledgement."""
    with listen(Settings(port=0)) as (listening, address):
        assert listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert address.startswith("http://127.0.0.1:")
