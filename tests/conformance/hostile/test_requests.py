"""Requests made to hurt: bodies, headers, methods, writes and markup."""

import gzip
import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest

ASK = "ASK { ?s ?p ?o }"
SCRIPT = "<script>alert(1)</script>"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
BODY = 128 * 1024


def post(content: bytes | str | Iterator[bytes], kind: str, **headers: str) -> dict[str, Any]:
    return {"method": "POST", "content": content, "headers": {"Content-Type": kind, **headers}}


def get(query: str = ASK, **more: Any) -> dict[str, Any]:
    return {"method": "GET", "params": {"query": query, **more.pop("params", {})}, **more}


def check(answer: httpx.Response) -> None:
    """A problem document, in which nothing is markup and no file of ours is named."""
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.json()["status"] == answer.status_code
    assert answer.json()["detail"]
    assert "Traceback" not in answer.text
    assert ".py" not in answer.text


def chunks() -> Iterator[bytes]:
    yield from [b"#" * 1024 + b"\n"] * 1024


BOMB = gzip.compress(b"#" * 10_000_000)
REFUSED = {
    "a huge body": (post("#" * (BODY + 1), QUERY), 413),
    "a huge form": (post(f"query={'+' * BODY}", FORM), 413),
    "a huge body in chunks": (post(chunks(), QUERY), 413),
    "a compressed body": (post(gzip.compress(ASK.encode()), QUERY, **{"Content-Encoding": "gzip"}), 415),
    "a compressed bomb": (post(BOMB, QUERY, **{"Content-Encoding": "gzip"}), 415),
    "a body compressed twice": (post(gzip.compress(BOMB), QUERY, **{"Content-Encoding": "gzip, gzip"}), 415),
    "many parts": (post(b"--x\r\n\r\n\r\n" * 1_000, "multipart/form-data; boundary=x"), 415),
    "XML with entities": (post("<!DOCTYPE x [<!ENTITY a 'aaaa'>]><x>&a;</x>", "application/xml"), 415),
    "many queries": (post("&".join(["query=ASK{}"] * 5_000), FORM), 400),
    "another encoding": (post(ASK.encode("utf-16"), f"{QUERY}; charset=utf-16"), 415),
    "broken UTF-8": (post(b"ASK { \xc0\xaf }", QUERY), 400),
    "surrogates": (post(b"ASK { \xed\xa0\x80 }", QUERY), 400),
    "a null byte": (post("ASK { \0 }", QUERY), 400),
    "an unknown Host": (get(headers={"Host": "example.org"}), 400),
    "a Host with markup": (get(headers={"Host": SCRIPT}), 400),
    "line breaks in a parameter": (get(params={"format": "x\r\nInjected: yes"}), 400),
    "a format with markup": (get(params={"format": SCRIPT}), 400),
    "a graph with markup": (get(params={"default-graph-uri": SCRIPT}), 403),
    "a query that is markup": (get(SCRIPT), 400),
    "a release with markup": (get(params={"release": SCRIPT}), 404),
    "a page with markup": ({"method": "GET", "url": f"/{quote(SCRIPT)}"}, 404),
    "a file above": ({"method": "GET", "url": "/static/%2e%2e/%2e%2e/app.py"}, 404),
    "a file at the root": ({"method": "GET", "url": "/static/%2fetc/passwd"}, 404),
    "an accepted type with markup": (get(headers={"Accept": f"text/{SCRIPT}"}), 406),
}


@pytest.mark.parametrize("lang", ["it", "en"])
@pytest.mark.parametrize(("sent", "status"), REFUSED.values(), ids=REFUSED)
def test_a_hostile_request_is_refused(
    target: httpx.Client, lang: str, sent: dict[str, Any], status: int
) -> None:
    """In the reader's language; neither markup nor line breaks get anywhere."""
    headers = {**sent.get("headers", {}), "Accept-Language": lang}
    answer = target.request(**{"url": "/sparql", **sent, "headers": headers})
    assert answer.status_code == status
    check(answer)
    assert "injected" not in answer.headers


ODD = {
    "very many accepted types": {
        "Accept": ", ".join(f"a/b{n};q=0.{n % 10}" for n in range(3_000)) + ", */*;q=0.1"
    },
    "a quality that is no number": {"Accept": "*/*;q=1e999, text/csv;q=-1;q=nan"},
    "very many languages": {"Accept-Language": ", ".join(["it;q=0.5"] * 3_000)},
    "very many entity tags": {"If-None-Match": ", ".join(['W/"x"'] * 5_000)},
    "very many ranges": {"Range": "bytes=" + ",".join(["0-"] * 5_000)},
    "a range without end": {"Range": "bytes=0-99999999999999999999999999"},
    "a range that runs back": {"Range": "bytes=9-1"},
    "a range of nothing": {"Range": "bytes=-0"},
    "another protocol": {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"},
    "HTTP/2": {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAMAAABkAAQ"},
    "someone else's address": {"X-Forwarded-For": "127.0.0.1\t, <script>", "Forwarded": "for=_secret"},
    "another host behind a proxy": {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "javascript"},
    "another path": {"X-Original-URL": "/sparql/running", "X-Rewrite-URL": "/metrics"},
    "an origin with markup": {"Origin": SCRIPT},
}


@pytest.mark.parametrize("headers", ODD.values(), ids=ODD)
def test_odd_headers_do_not_hurt(target: httpx.Client, headers: dict[str, str]) -> None:
    """The query is answered, or the range refused; nothing of the header comes back."""
    whole = len(target.request(**get(), url="/sparql").content)
    answer = target.request(**get(headers=headers), url="/sparql")
    assert answer.status_code in (200, 206, 416)
    assert answer.status_code == 416 or len(answer.content) <= whole
    assert "evil" not in str(answer.headers)
    assert SCRIPT not in str(answer.headers)


@pytest.mark.parametrize(("sent", "status"), [REFUSED[name] for name in REFUSED if "markup" in name])
def test_markup_is_not_reflected(target: httpx.Client, sent: dict[str, Any], status: int) -> None:
    """A page for a browser says it as text, and would run no script of another's."""
    headers = {"Accept": "text/html", **sent.get("headers", {})}
    answer = target.request(**{"url": "/sparql", **sent, "headers": headers})
    assert answer.status_code == status
    assert SCRIPT not in answer.text or "json" in answer.headers["content-type"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "unsafe" not in answer.headers["content-security-policy"]


METHODS = ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "COPY", "LINK", "QUERY", "JEFF"]


@pytest.mark.parametrize("path", ["/sparql?query=ASK%20%7B%7D", "/", "/graphs?default", "/healthz"])
@pytest.mark.parametrize("method", METHODS)
def test_another_method_changes_nothing(target: httpx.Client, method: str, path: str) -> None:
    """It is not allowed, or refused as a write, or no HTTP at all."""
    answer = target.request(method, path)
    assert answer.status_code in (400, 403, 405)
    assert answer.status_code != 405 or "GET" in answer.headers["allow"]


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_no_header_overrides_the_method(target: httpx.Client, header: str) -> None:
    """Nor does a parameter."""
    answer = target.request(**get(headers={header: "DELETE"}, params={"_method": "DELETE"}), url="/sparql")
    assert (answer.status_code, answer.json()["boolean"]) == (200, True)


WRITES = [
    "INSERT DATA { <x:s> <x:p> 1 }",
    "insert#\ndata{<x:s><x:p>1}",
    "DELETE DATA { <http://example.org/1> <http://example.org/knows> <http://example.org/2> }",
    "DELETE WHERE { ?s ?p ?o }",
    "DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    "WITH <x:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "CLEAR ALL",
    "clear silent default",
    "DROP ALL",
    "CREATE GRAPH <x:g>",
    "COPY DEFAULT TO <x:g>",
    "MOVE DEFAULT TO <x:g>",
    "ADD DEFAULT TO <x:g>",
    "PREFIX : <x:> BASE <x:> #\n CLEAR ALL",
    "ASK {} ; CLEAR ALL",
    "CLEAR ALL ; CLEAR ALL",
]


@pytest.mark.parametrize("query", WRITES)
def test_no_write_gets_through(target: httpx.Client, query: str) -> None:
    """In whatever way it is sent: refused, or no query; the data is as before."""
    before = target.request(**get("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"), url="/sparql").text
    for sent in (
        {"params": {"query": query}},
        {"params": {"update": query}},
        {"data": {"query": query}},
        {"data": {"update": query}},
        {"data": {"query": ASK, "update": query}},
        {"params": {"query": ASK}, **post(query, UPDATE)},
        post(query, QUERY),
        post(query, UPDATE),
        post(query, UPDATE.upper()),
    ):
        method = "POST" if "data" in sent or "content" in sent else "GET"
        for path in ("/sparql", "/sparql/update"):
            answer = target.request(**{"url": path, "method": method, **sent})
            assert answer.status_code in (400, 403, 405)
            check(answer)
    after = target.request(**get("SELECT (COUNT(*) AS ?n) { ?s ?p ?o } #"), url="/sparql").text
    assert after == before


@pytest.mark.parametrize("path", ["/graphs?default", "/graphs?graph=x:g", "/graphs", "/graph/x"])
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_no_graph_is_written(target: httpx.Client, method: str, path: str) -> None:
    answer = target.request(method, path, content=b"<x:s> <x:p> 1 .", headers={"Content-Type": "text/turtle"})
    assert answer.status_code in (403, 405)
    check(answer)


def test_a_graph_of_the_machine_is_not_read(target: httpx.Client, lure: Any) -> None:
    """Neither a file nor an address of loopback is a graph of the data."""
    for graph in ("FILE", "http://127.0.0.1:PORT/", "file:///etc/passwd"):
        assert target.get("/graphs", params={"graph": lure(graph)}).status_code == 404
        for parameter in ("default-graph-uri", "named-graph-uri"):
            answer = target.request(**get(params={parameter: lure(graph)}), url="/sparql")
            assert answer.status_code == 403
    assert not lure.touched()


def raw(target: httpx.Client, request: bytes) -> bytes:
    """All that comes back over a plain connection, until the service closes it."""
    url = urlsplit(str(target.base_url))
    with socket.create_connection((str(url.hostname), url.port or 80), timeout=30) as connection:
        received = b""
        with suppress(OSError):  # it may go away while we are still talking
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionResetError):
            while part := connection.recv(65536):
                received += part
        return received


LINE = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\n"
POST = b"POST /sparql HTTP/1.1\r\nContent-Type: application/sparql-query\r\n"
HOST = b"Host: localhost\r\nConnection: close\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
MALFORMED = {
    "no HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    "another protocol": (b"EHLO example.org\r\n", 400),
    "another version": (b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", 400),
    "no Host": (LINE + b"Connection: close\r\n\r\n", 400),
    "two Hosts": (LINE + HOST + b"Host: example.org\r\n\r\n", 400),
    "a length and chunks": (POST + HOST + b"Content-Length: 4\r\n" + CHUNKED + b"\r\n0\r\n\r\n" + LINE, 400),
    "two lengths": (POST + HOST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
    "a negative length": (POST + HOST + b"Content-Length: -1\r\n\r\n", 400),
    "a length that is no number": (POST + HOST + b"Content-Length: 1_0\r\n\r\n", 400),
    "an enormous length": (POST + HOST + b"Content-Length: 99999999999\r\n\r\nASK", 413),
    "a chunk of no size": (POST + HOST + CHUNKED + b"\r\nxyz\r\n", 400),
    "a chunk of endless size": (POST + HOST + CHUNKED + b"\r\n" + b"f" * 5_000, 400),
    "an overlong address": (b"GET /sparql?query=" + b"a" * 100_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 431),
    "an endless address": (b"GET /sparql?query=" + b"a" * 1_000_000, 431),
    "an endless header": (LINE + HOST + b"X: " + b"a" * 1_000_000, 431),
    "very many headers": (LINE + HOST + b"".join(b"X-%d: 1\r\n" % n for n in range(20_000)) + b"\r\n", 431),
    "a null in a header": (LINE + HOST + b"X: a\0b\r\n\r\n", 400),
    "a space before the colon": (LINE + HOST + b"Content-Length : 5\r\n\r\n", 400),
    "a header of two lines": (LINE + HOST + b"X: a\r\n b\r\n\r\n", 400),
}


@pytest.mark.parametrize(("sent", "status"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_request_gets_no_further(target: httpx.Client, sent: bytes, status: int) -> None:
    """One answer, and nothing smuggled; then the connection is closed."""
    received = raw(target, sent)
    assert received.count(b"HTTP/1.1 ") == 1
    assert received.startswith(b"HTTP/1.1 %d " % status)
    assert b"application/problem+json" in received


@pytest.mark.parametrize(
    "identifier", [b"a\x0bInjected: yes", b"\xc3\xa9\xff", b"x" * 65, b"<script>", b"short", b"../../etc"]
)
def test_a_request_identifier_is_not_repeated_blindly(target: httpx.Client, identifier: bytes) -> None:
    """Only what is made of letters, digits, `-` and `_`, 8 to 64 of them, comes back."""
    received = raw(target, LINE + HOST + b"X-Request-Id: " + identifier + b"\r\n\r\n")
    assert identifier not in received
    assert b"injected" not in received.lower()
