"""Answers that are asked for again: entity tags, parts, and what may be kept for how long."""

import csv
import io
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from .conftest import Serve, reader

SELECT = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o"


def ask(client: httpx.Client, query: str = SELECT, *, format: str = "csv", **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get("/sparql", params={"query": query, "format": format}, headers=named)


def hits(client: httpx.Client) -> float:
    return figure(client, "ctlgraph_cache_hits")


def figure(client: httpx.Client, name: str) -> float:
    families = text_string_to_metric_families(client.get("/metrics").text)
    return next(family.samples[0].value for family in families if family.name == name)


def test_the_same_question_is_answered_from_the_cache(client: httpx.Client) -> None:
    """However it arrives: the query and what the reader takes make the question."""
    query = f"{SELECT} LIMIT 7"
    first = ask(client, query)
    before = hits(client)
    again = client.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"})
    assert again.content == first.content
    assert again.headers["etag"] == first.headers["etag"]
    assert hits(client) == before + 1


def test_another_format_is_another_answer(client: httpx.Client) -> None:
    """A strong entity tag stands for bytes, and for what they are."""
    tags = {ask(client, format=name).headers["etag"] for name in ("csv", "tsv", "json", "xml")}
    assert len(tags) == 4
    plain = client.get("/sparql", params={"query": SELECT}, headers={"Accept": "application/json"})
    assert plain.headers["etag"] not in tags


@pytest.mark.parametrize("known", ["{}", "W/{}", '"other", {}', "*"])
def test_an_answer_that_the_reader_has_is_not_sent_again(client: httpx.Client, known: str) -> None:
    """RFC 9110, sections 13.1.2 and 15.4.5: no body, but the headers that a cache needs."""
    answer = ask(client)
    again = ask(client, If_None_Match=known.format(answer.headers["etag"]))
    assert (again.status_code, again.content) == (304, b"")
    for name in ("etag", "cache-control", "vary", "access-control-allow-origin"):
        assert again.headers[name] == answer.headers[name]
    assert "content-type" not in again.headers


def test_a_post_is_answered_whatever_the_reader_has(client: httpx.Client) -> None:
    """RFC 9110, section 13.1.2: 304 is for GET and HEAD."""
    headers = {"If-None-Match": ask(client).headers["etag"]}
    assert client.post("/sparql", data={"query": SELECT}, headers=headers).status_code == 200


def test_another_tag_gets_the_answer(client: httpx.Client) -> None:
    """What the reader has is of another release, or of another question."""
    assert ask(client, If_None_Match='"other"').status_code == 200


def test_an_answer_may_be_kept(client: httpx.Client) -> None:
    """By every cache, for a minute."""
    assert ask(client).headers["cache-control"] == "public, max-age=60"


@pytest.mark.parametrize("call", ["NOW()", "RAND()", "UUID()", "STRUUID()"])
def test_an_answer_that_changes_is_not_kept(client: httpx.Client, call: str) -> None:
    """Asked again, it is another one."""
    one, two = (ask(client, f"SELECT ({call} AS ?x) {{ }}") for _ in range(2))
    assert one.text != two.text
    assert "etag" not in one.headers
    assert one.headers["cache-control"] == "no-store"


def test_a_problem_is_not_kept(client: httpx.Client) -> None:
    """The next time there may be none."""
    assert ask(client, "SELECT").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-3", slice(0, 4)),
        ("bytes=5-", slice(5, None)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=0-999999", slice(0, None)),
    ],
)
@pytest.mark.parametrize("query", [SELECT, f"{SELECT} # asked once"])
def test_a_part_of_an_answer(client: httpx.Client, query: str, asked: str, part: slice) -> None:
    """RFC 9110, section 14: from the cache or not."""
    answer = ask(client, f"{query} {asked}" if "#" in query else query, Range=asked)
    whole = ask(client, query).content
    assert (answer.status_code, answer.content) == (206, whole[part])
    places = range(len(whole))[part]
    assert answer.headers["content-range"] == f"bytes {places[0]}-{places[-1]}/{len(whole)}"


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "lines=1-2", "bytes=5-2", "bytes=-", "bytes=x-"])
def test_another_kind_of_range_gets_everything(client: httpx.Client, asked: str) -> None:
    """RFC 9110, section 14.2: a server may ignore the Range header."""
    assert ask(client, Range=asked).status_code == 200


def test_a_part_of_what_has_changed_is_everything(client: httpx.Client) -> None:
    """If-Range: else the parts would not fit together."""
    tag = ask(client).headers["etag"]
    assert ask(client, Range="bytes=0-3", If_Range=tag).status_code == 206
    assert ask(client, Range="bytes=0-3", If_Range='"other"').status_code == 200


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=-0"])
def test_a_part_that_is_not_there(client: httpx.Client, asked: str) -> None:
    """416 with the size, and how to ask."""
    size = len(ask(client).content)
    answer = ask(client, Range=asked)
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{size}")
    assert answer.json()["status"] == 416


def test_a_big_answer_leaves_whole(client: httpx.Client) -> None:
    """Some MiB, which no cache line and no socket takes at once; with their length."""
    rows = "VALUES ?a { 1 2 3 4 5 6 7 8 9 0 }"
    query = " ".join(["SELECT ?a ?b ?c ?d {", *(rows.replace("?a", f"?{name}") for name in "abcd"), "}"])
    answer = ask(client, query)
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert sum(1 for _ in csv.reader(io.StringIO(answer.text))) == 10_001


def test_a_reader_of_a_big_answer_may_leave(client: httpx.Client) -> None:
    """The next one is answered."""
    rows = "VALUES ?a { 1 2 3 4 5 6 7 8 9 0 }"
    query = " ".join(["SELECT * {", *(rows.replace("?a", f"?{name}") for name in "abcd"), "}"])
    with client.stream("GET", "/sparql", params={"query": query, "format": "xml"}) as answer:
        chunks: Iterator[bytes] = answer.iter_bytes(100)
        assert next(chunks)
    assert ask(client).status_code == 200


def test_what_a_request_takes_counts_too(client: httpx.Client) -> None:
    """A short query may name a graph a thousand times over."""
    graph = ask(client, "SELECT ?g { GRAPH ?g { } } LIMIT 1").text.split()[1]
    before = figure(client, "ctlgraph_cache_bytes")
    sent = {"query": "ASK { <x:named> ?p ?o }", "default-graph-uri": [graph] * 500}
    assert client.post("/sparql", data=sent).status_code == 200
    assert figure(client, "ctlgraph_cache_bytes") - before > 500 * len(graph)


def test_answers_on_their_way_are_bounded_wherever_they_come_from(serve: Serve, served: Path) -> None:
    """Who asks for a big answer that is remembered, many times and without reading, is turned away."""
    query = f"SELECT ('{'x' * 900}' AS ?x) {{ ?a ?b ?c . ?d ?e ?f }} LIMIT 4000"
    asked = f"GET /sparql?query={quote(query)}&format=csv HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    with (
        serve("--release", served, "--result-mib", 4) as (_, address),
        reader(address) as client,
        ExitStack() as stack,
    ):
        assert len(ask(client, query).content) > 2**21
        url = httpx.URL(address)
        for _ in range(8):
            connection = stack.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            connection.connect((url.host, url.port))
            connection.sendall(asked)
        answer = ask(client, query)
        for _ in range(100):
            if answer.status_code == 503:
                break
            time.sleep(0.05)
            answer = ask(client, query)
    assert (answer.status_code, answer.json()["limit"]) == (503, "answers")
    assert answer.headers["retry-after"]
