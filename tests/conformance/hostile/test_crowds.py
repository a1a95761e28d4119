"""Clients made to hurt: many, slow, silent, gone; what they took comes back."""

import asyncio
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest

ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(12)) + " }"
DOUBLING = " ".join(f"BIND (CONCAT(?s{n}, ?s{n}) AS ?s{n + 1})" for n in range(40))
BOMB = f"SELECT (STRLEN(?s40) AS ?n) {{ BIND ('x' AS ?s0) {DOUBLING} }}"
LARGE = f"SELECT ('{'x' * 900}' AS ?x) {{ ?s ?p ?o }} LIMIT 1000"
CLIENTS = 4

Attacked = tuple[int, str]


def within(seconds: float, reached: Callable[[], bool]) -> bool:
    """Whether a state is reached in time; the time is generous, so that no machine is too slow."""
    end = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def connect(address: str, request: bytes = b"") -> socket.socket:
    """A connection on which something was sent, and from which nobody reads."""
    url = urlsplit(address)
    connection = socket.create_connection((str(url.hostname), url.port or 80), timeout=30)
    connection.sendall(request)
    return connection


def asking(query: str) -> bytes:
    return f"GET /sparql?query={quote(query)}&format=csv HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


async def crowd(address: str, query: str, times: int) -> list[httpx.Response]:
    """The answers to a query asked so many times at once, from several addresses of loopback."""
    async with asyncio.timeout(120):
        transports = [httpx.AsyncHTTPTransport(local_address=f"127.0.1.{n + 1}") for n in range(CLIENTS)]
        clients = [httpx.AsyncClient(base_url=address, timeout=90, transport=each) for each in transports]
        try:
            asked = (
                clients[n % CLIENTS].post("/sparql", data={"query": f"{query} #{n}"}) for n in range(times)
            )
            return await asyncio.gather(*asked)
        finally:
            await asyncio.gather(*(client.aclose() for client in clients))


@pytest.mark.parametrize("query", [ENDLESS, BOMB], ids=["cross joins", "memory bombs"])
def test_a_crowd_is_turned_away(attacked: Attacked, query: str) -> None:
    """Over a limit 503; too many at once from one client 429, with the time after which to ask again."""
    answers = asyncio.run(crowd(attacked[1], query, 24))
    assert {answer.status_code for answer in answers} == {429, 503}
    for answer in answers:
        assert answer.json()["limit"]
        assert answer.status_code == 503 or int(answer.headers["retry-after"]) >= 1


def test_no_one_multiplies_himself(attacked: Attacked) -> None:
    """What a client says about its address is not believed: its queries count as of one."""
    with ExitStack() as stack:
        for number in range(20):
            request = asking(f"{ENDLESS} #{number}").replace(
                b"Host:", b"X-Forwarded-For: 10.0.0.%d\r\nHost:" % number
            )
            stack.enter_context(connect(attacked[1], request))
        refused = stack.enter_context(connect(attacked[1], asking(f"{ENDLESS} #20")))
        assert refused.recv(65536).startswith(b"HTTP/1.1 429 ")


def test_slow_clients_are_dropped(attacked: Attacked) -> None:
    """Who sends nothing, or header or body drop by drop, is cut off; a body that is late gets 408."""
    header = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\n"
    body = header + b"Content-Type: application/sparql-query\r\nContent-Length: 100000\r\n\r\nASK {"
    with ExitStack() as stack:
        slow = {stack.enter_context(connect(attacked[1], sent)): sent for sent in [b"", header, body] * 20}
        for connection in slow:
            connection.setblocking(False)
        received = dict.fromkeys(slow, b"")
        open_ = set(slow)

        def closed() -> bool:
            for connection in set(open_):
                try:
                    part = connection.recv(65536)
                    received[connection] += part
                    gone = not part
                except OSError as error:
                    gone = not isinstance(error, BlockingIOError)
                if gone:
                    open_.remove(connection)
                elif slow[connection]:
                    with suppress(OSError):
                        connection.send(b"a")
            return not open_

        assert within(60, closed)
    assert all(received[each].startswith(b"HTTP/1.1 408") for each in slow if slow[each] == body)


def test_too_many_requests_ahead_of_their_answers_end_the_connection(attacked: Attacked) -> None:
    """Each would be held, with its header, until those before it have been answered."""
    after = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" * 5000
    with connect(attacked[1], asking(ENDLESS) + after) as connection:
        received = b""
        with suppress(ConnectionError):  # what it sent last may be left unread
            while part := connection.recv(65536):
                received += part
    assert received.count(b"HTTP/1.1 ") <= 1


def test_empty_lines_keep_no_connection(attacked: Attacked) -> None:
    """After an answer as before the first."""
    with connect(attacked[1], b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n") as connection:
        received = b""
        while not received.endswith(b"}"):
            received += connection.recv(65536)
        connection.sendall(b"\r\n")
        assert connection.recv(1) == b""


def test_clients_that_do_not_read_hurt_no_one(attacked: Attacked) -> None:
    """Large answers wait in their connections, and vanish with them."""
    with ExitStack() as stack:
        for _ in range(50):
            stack.enter_context(connect(attacked[1], asking(LARGE)))
        time.sleep(2)  # while the bystander is served


def test_clients_that_leave_take_their_queries_along(attacked: Attacked, target: httpx.Client) -> None:
    """A query nobody waits for any more ends at once, whether it runs or waits."""
    for number in range(40):
        connect(attacked[1], asking(f"{ENDLESS} #{number}")).close()
    assert within(30, lambda: not any(query["slow"] for query in target.get("/sparql/running").json()))


def tree(pid: int) -> set[int]:
    """A process and all that descend from it."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def mib(pid: int) -> float:
    """Memory of a process and its descendants; of a page that several share, each counts its part."""
    kib = 0
    for each in tree(pid):
        with suppress(FileNotFoundError, ProcessLookupError):
            rollup = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
            kib += sum(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))
    return kib / 1024


def test_memory_comes_back(attacked: Attacked) -> None:
    """After memory bombs and large answers the service is about as small as before."""
    if not Path("/proc/self/smaps_rollup").is_file():
        pytest.skip("no /proc/self/smaps_rollup here: the memory of processes cannot be measured")
    asyncio.run(crowd(attacked[1], LARGE, 16))
    before = mib(attacked[0])
    for query in (BOMB, LARGE):
        asyncio.run(crowd(attacked[1], query, 16))
    assert within(60, lambda: mib(attacked[0]) < before + 50)
