"""Answers and their parts, bodies in time, clients that leave: with times too short for a real server."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.types import Message

from ctlgraph.web import transfer
from ctlgraph.web.budget import Budget
from ctlgraph.web.sending import pieces, requested, respond
from ctlgraph.web.transfer import ClientLeftError, Presence, body


def sent(data: bytes, chunks: Sequence[bytes], method: str = "GET", **headers: str) -> tuple[Message, bytes]:
    """The first message of an answer, and its body."""
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    about = ((b"content-type", b"text/csv"), (b"content-length", b"%d" % len(data)))
    asyncio.run(respond({"method": method, "headers": named}, send, about, b'"tag"', chunks))
    assert [message.get("more_body", False) for message in messages[1:]][-1] is False
    return messages[0], b"".join(message["body"] for message in messages[1:])


@given(st.binary(min_size=1, max_size=40), st.integers(1, 9), st.integers(0, 50), st.integers(0, 50))
def test_a_part_is_the_same_however_the_answer_is_cut(data: bytes, cut: int, first: int, length: int) -> None:
    """A part is what a slice of the whole answer is."""
    chunks = [data[start : start + cut] for start in range(0, len(data), cut)]
    if first >= len(data):
        with pytest.raises(HTTPException, match="416"):
            sent(data, chunks, range=f"bytes={first}-{first + length}")
        return
    start, received = sent(data, chunks, range=f"bytes={first}-{first + length}")
    assert (start["status"], received) == (206, data[first : first + length + 1])
    assert dict(start["headers"])[b"content-length"] == b"%d" % len(received)


@given(st.binary(max_size=60), st.integers(0, 60))
def test_the_end_of_an_answer(data: bytes, count: int) -> None:
    """The last so many bytes, or all if there are fewer."""
    if not data or not count:
        with pytest.raises(HTTPException):
            requested(b"bytes=-%d" % count, len(data))
    else:
        part = requested(b"bytes=-%d" % count, len(data))
        assert part is not None
        assert data[part.start : part.stop] == data[-count:]


def test_of_head_only_the_headers_leave() -> None:
    """With the length that the body would have; a part cannot be asked for."""
    start, received = sent(b"abc", [b"abc"], method="HEAD", range="bytes=0-1")
    assert (start["status"], received) == (200, b"")
    assert dict(start["headers"])[b"content-length"] == b"3"


def test_a_long_body_leaves_in_pieces() -> None:
    """None is longer than a socket takes at a time, and nothing is lost."""
    data = bytes(range(256)) * 3000
    assert b"".join(pieces(data)) == data
    assert len(list(pieces(data))) == 3
    assert list(pieces(b"short")) == [b"short"]


async def never() -> Message:
    """Wait for a message that does not come."""
    await asyncio.Event().wait()
    return {}


def read(*messages: Message, headers: Sequence[tuple[bytes, bytes]] = (), mib: int = 1) -> bytes:
    """The body in these messages; after the last one nothing comes any more."""
    waiting = list(messages)

    async def receive() -> Message:
        return waiting.pop(0) if waiting else await never()

    scope: dict[str, Any] = {"headers": list(headers), "client": ("127.0.0.1", 1)}
    return asyncio.run(body(scope, receive, 1, Budget("bodies", mib)))


def part(data: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": data, "more_body": more}


def test_a_body_arrives_in_parts() -> None:
    """However many."""
    assert read(part(b"a", more=True), part(b"b", more=True), part(b"")) == b"ab"


def test_a_body_that_does_not_arrive_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """408 after BODY_S."""
    monkeypatch.setattr(transfer, "BODY_S", 0.01)
    with pytest.raises(HTTPException, match="408"):
        read(part(b"a", more=True))


@pytest.mark.parametrize(
    ("headers", "status"),
    [([(b"content-length", b"1025")], "413"), ([(b"content-encoding", b"br")], "415")],
)
def test_a_body_is_refused_before_it_arrives(headers: list[tuple[bytes, bytes]], status: str) -> None:
    """If its headers say that it is too long, or compressed."""
    with pytest.raises(HTTPException, match=status):
        read(headers=headers)


def test_a_client_may_leave_in_the_middle_of_a_body() -> None:
    """There is nobody to answer."""
    with pytest.raises(ClientLeftError):
        read(part(b"a", more=True), {"type": "http.disconnect"})


def test_what_a_client_waited_for_ends_when_it_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is cancelled; what comes after is not."""
    monkeypatch.setattr(transfer, "WATCH_S", 0.0)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def wait() -> str:
        with pytest.raises(ClientLeftError):
            async with Presence(receive):
                await asyncio.Event().wait()
        await asyncio.sleep(0)
        return "not cancelled"

    assert asyncio.run(wait()) == "not cancelled"


def test_a_cancelled_request_stays_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the service stops: it was not the client that left."""
    monkeypatch.setattr(transfer, "WATCH_S", 0.0)

    async def receive() -> Message:
        return await never()

    async def wait() -> None:
        async with Presence(receive):
            await asyncio.Event().wait()

    async def cancel() -> None:
        task = asyncio.create_task(wait())
        await asyncio.sleep(0.01)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancel())
