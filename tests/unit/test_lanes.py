"""Lanes: who runs, who waits, who gives way."""

import asyncio
from collections.abc import Coroutine
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlgraph.errors import QueryBusyError, QueryCancelledError
from ctlgraph.workers.lanes import Displaced, Lanes, Query

_numbers = count(1)


class Handle:
    """Stands for the task of a query: remembers that it was cancelled."""

    def __init__(self) -> None:
        self.cancelled = 0

    def cancel(self) -> None:
        self.cancelled += 1


def query(client: str = "") -> Query:
    number = next(_numbers)
    return Query(number, f"id-{number}", client, Handle())


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 60))  # a place that is lost would keep it waiting for ever


async def settled(*tasks: asyncio.Task[Any]) -> list[bool]:
    """Which of these are done once every task has had its turn."""
    for _ in range(5):
        await asyncio.sleep(0)
    return [task.done() for task in tasks]


async def slow_ones(lanes: Lanes, clients: str) -> list[Query]:
    """Queries of these clients, one letter each, that run and have become slow in this order."""
    queries = [query(client) for client in clients]
    for each in queries:
        await lanes.enter(each)
        lanes.demote(each)
    return queries


def test_queries_that_wait_run_in_the_order_of_their_arrival() -> None:
    """A place that is given back goes to the one that came first."""

    async def work() -> None:
        lanes = Lanes(fast=1, slow=1)
        first, second, third = query(), query(), query()
        await lanes.enter(first)
        tasks = [asyncio.create_task(lanes.enter(each)) for each in (second, third)]
        assert await settled(*tasks) == [False, False]
        assert lanes.waiting == 2
        lanes.leave(first)
        assert await settled(*tasks) == [True, False]
        lanes.leave(second)
        assert await settled(*tasks) == [True, True]
        assert [each.id for each in lanes.running] == [third.id]

    run(work())


def test_a_query_that_becomes_slow_lets_the_next_in() -> None:
    """Its place in the fast lane is free again; its end gives no second one."""

    async def work() -> None:
        lanes = Lanes(fast=1, slow=2)
        slow, next_one, last = query(), query(), query()
        await lanes.enter(slow)
        lanes.demote(slow)
        await lanes.enter(next_one)
        assert [each.slow for each in lanes.running] == [True, False]
        lanes.leave(slow)
        waits = asyncio.create_task(lanes.enter(last))
        assert await settled(waits) == [False]
        lanes.leave(next_one)
        await waits

    run(work())


def test_the_queue_is_bounded() -> None:
    """More than `queue` waiting is refused with the limit and its value; nothing of the refused one stays."""

    async def work() -> None:
        lanes = Lanes(fast=1, slow=1, queue=2)
        await lanes.enter(query())
        waiting = [asyncio.create_task(lanes.enter(query())) for _ in range(2)]
        await settled(*waiting)
        refused = query()
        with pytest.raises(QueryBusyError) as caught:
            await lanes.enter(refused)
        assert (caught.value.limit, caught.value.value) == ("queue", 2)
        assert lanes.find(refused.id) is None
        for task in waiting:
            task.cancel()

    run(work())


def test_a_queue_of_none_still_lets_free_places_be_taken() -> None:
    """`queue` counts those that wait, not those that run."""

    async def work() -> None:
        lanes = Lanes(fast=2, slow=1, queue=0)
        await lanes.enter(query())
        await lanes.enter(query())
        with pytest.raises(QueryBusyError):
            await lanes.enter(query())

    run(work())


def test_one_client_is_bounded_running_and_waiting_together() -> None:
    """Others still come in; the client comes in again when one of its own has ended."""

    async def work() -> None:
        lanes = Lanes(fast=1, slow=1, client_queries=2)
        first, second = query("a"), query("a")
        await lanes.enter(first)
        waits = asyncio.create_task(lanes.enter(second))
        await settled(waits)
        with pytest.raises(QueryBusyError) as caught:
            await lanes.enter(query("a"))
        assert (caught.value.limit, caught.value.value) == ("client_queries", 2)
        other = asyncio.create_task(lanes.enter(query("b")))
        assert await settled(waits, other) == [False, False]
        lanes.leave(first)
        await waits
        third = asyncio.create_task(lanes.enter(query("a")))
        assert await settled(other, third) == [False, False]
        other.cancel()
        third.cancel()

    run(work())


def test_a_query_whose_reader_left_vanishes_from_the_queue() -> None:
    """The one behind it moves up, and the client's share is free again."""

    async def work() -> None:
        lanes = Lanes(fast=1, slow=1, client_queries=1)
        first, leaver, patient = query("a"), query("b"), query("c")
        await lanes.enter(first)
        leaving, waits = (asyncio.create_task(lanes.enter(each)) for each in (leaver, patient))
        await settled(leaving, waits)
        leaving.cancel()
        assert await settled(leaving) == [True]
        assert lanes.waiting == 1
        lanes.leave(first)
        await waits
        again = asyncio.create_task(lanes.enter(query("b")))
        assert await settled(again) == [False]
        again.cancel()

    run(work())


def test_a_place_given_to_one_that_leaves_at_that_moment_is_passed_on() -> None:
    """Else it would be lost for good."""

    async def work() -> None:
        lanes = Lanes(fast=1, slow=1)
        first, leaver, patient = query(), query(), query()
        await lanes.enter(first)
        leaving, waits = (asyncio.create_task(lanes.enter(each)) for each in (leaver, patient))
        await settled(leaving, waits)
        lanes.leave(first)  # the place goes to `leaver`, which has not run yet
        leaving.cancel()
        assert await settled(leaving, waits) == [True, True]
        assert leaving.cancelled()
        lanes.leave(patient)
        await lanes.enter(query())

    run(work())


def displaced(queries: list[Query]) -> list[Query]:
    return [each for each in queries if isinstance(each.stopped, Displaced)]


def begin_again(lanes: Lanes, query: Query) -> asyncio.Task[None]:
    """What the task of a displaced query does."""
    lanes.leave(query)
    query.stopped, query.displaced = None, True
    return asyncio.create_task(lanes.enter(query))


def test_one_client_alone_may_have_every_place_with_slow_queries() -> None:
    """None of them is displaced while nobody else asks; its next one waits."""

    async def work() -> None:
        lanes = Lanes(fast=2, slow=3)
        slow = await slow_ones(lanes, "aaaaa")
        waits = asyncio.create_task(lanes.enter(query("a")))
        assert await settled(waits) == [False]
        assert displaced(slow) == []
        lanes.leave(slow[0])
        await waits

    run(work())


def test_the_client_with_most_slow_queries_has_its_newest_displaced_for_one_with_fewer() -> None:
    """At once, one for each that waits, and the place goes to the one it was freed for."""

    async def work() -> None:
        lanes = Lanes(fast=2, slow=3)
        slow = await slow_ones(lanes, "abaab")
        own = asyncio.create_task(lanes.enter(query("a")))
        quick = asyncio.create_task(lanes.enter(query("c")))
        assert await settled(own, quick) == [False, False]
        assert displaced(slow) == [slow[3]]
        lanes.leave(slow[3])
        assert await settled(own, quick) == [False, True]
        assert displaced(slow) == [slow[3]]
        own.cancel()

    run(work())


def test_a_displaced_query_begins_again_when_the_slow_lane_has_a_place() -> None:
    """It comes before none that runs, takes no place of quick ones, and is not displaced again."""

    async def work() -> None:
        lanes = Lanes(fast=1, slow=2, queue=0, client_queries=3)
        slow = await slow_ones(lanes, "aaa")
        quick = query("b")
        with pytest.raises(QueryBusyError):
            await lanes.enter(query("a"))
        lanes._queue = 1
        enters = asyncio.create_task(lanes.enter(quick))
        await settled(enters)
        lanes._queue = 0
        again = begin_again(
            lanes, slow[2]
        )  # neither the bound of its client nor that of the queue hinders it
        assert await settled(enters, again) == [True, False]
        lanes.leave(quick)
        assert await settled(again) == [False]
        lanes.leave(slow[0])
        assert await settled(again) == [True]
        assert [each.slow for each in lanes.running] == [True, True]
        newer = (await slow_ones(lanes, "a"))[0]
        lanes._queue = 1
        other = asyncio.create_task(lanes.enter(query("b")))
        await settled(other)
        assert displaced([slow[1], slow[2], newer]) == [newer]
        other.cancel()

    run(work())


def test_quick_queries_pass_those_that_wait_for_the_slow_lane() -> None:
    """A displaced query waits for another place than they do."""

    async def work() -> None:
        lanes = Lanes(fast=1, slow=1)
        _, newest = await slow_ones(lanes, "aa")
        enters = asyncio.create_task(lanes.enter(query("b")))
        await settled(enters)
        again = begin_again(lanes, newest)
        assert await settled(enters, again) == [True, False]
        lanes.leave(next(each for each in lanes._running if each.client == "b"))
        await lanes.enter(query("b"))
        assert await settled(again) == [False]
        again.cancel()

    run(work())


def test_slow_queries_in_their_own_lane_are_left_alone() -> None:
    """Displacing them would free no place for those that wait for quick ones."""

    async def work() -> None:
        lanes = Lanes(fast=2, slow=3)
        slow = await slow_ones(lanes, "aaa")
        quick = [query("b"), query("b")]
        for each in quick:
            await lanes.enter(each)
        waits = query("c")
        task = asyncio.create_task(lanes.enter(waits))
        await settled(task)
        lanes.lose_patience(waits)
        assert displaced([*slow, *quick]) == []
        lanes.leave(quick[0])
        await task

    run(work())


def test_who_has_waited_long_gets_the_place_of_a_slow_query_of_the_same_client() -> None:
    """Clients behind one address are told apart by nothing else."""

    async def work() -> None:
        lanes = Lanes(fast=1, slow=2)
        slow = await slow_ones(lanes, "aaa")
        waits = query("a")
        task = asyncio.create_task(lanes.enter(waits))
        assert await settled(task) == [False]
        assert displaced(slow) == []
        lanes.lose_patience(waits)
        lanes.lose_patience(waits)
        assert displaced(slow) == [slow[2]]
        lanes.leave(slow[2])
        await task

    run(work())


def test_patience_ends_by_itself() -> None:
    """After `patience_s` seconds in the queue."""

    async def work() -> None:
        lanes = Lanes(fast=1, slow=1, patience_s=0)
        _, newest = await slow_ones(lanes, "aa")
        task = asyncio.create_task(lanes.enter(query("a")))
        while newest.stopped is None:
            await asyncio.sleep(0.001)
        lanes.leave(newest)
        await task

    run(work())


def test_a_displaced_query_that_is_cancelled_does_not_begin_again() -> None:
    """The reason of the one who knows its identifier counts more; its task is cancelled once."""
    stopped = query()
    stopped.stop(Displaced())
    stopped.stop(QueryCancelledError())
    assert isinstance(stopped.stopped, QueryCancelledError)
    assert isinstance(stopped.task, Handle)
    assert stopped.task.cancelled == 1


def test_a_query_is_stopped_once_and_for_the_first_reason() -> None:
    """Its task is cancelled once, so that its own clearing up is not cut short."""
    stopped = query()
    stopped.stop(QueryCancelledError())
    stopped.stop(QueryBusyError("queue", 1, "queries"))
    assert isinstance(stopped.stopped, QueryCancelledError)
    assert isinstance(stopped.task, Handle)
    assert stopped.task.cancelled == 1


def test_queries_are_found_by_identifier_running_or_waiting() -> None:
    """Who knows the identifier may stop either."""

    async def work() -> None:
        lanes = Lanes(fast=1, slow=1)
        runs, waits = query(), query()
        await lanes.enter(runs)
        task = asyncio.create_task(lanes.enter(waits))
        await settled(task)
        assert lanes.find(runs.id) is runs
        assert lanes.find(waits.id) is waits
        assert lanes.find("other") is None
        task.cancel()

    run(work())


def test_empty_waits_for_the_last_query() -> None:
    """Running or waiting."""

    async def work() -> None:
        lanes = Lanes(fast=1, slow=1)
        await lanes.empty()
        first, second = query("a"), query("b")
        await lanes.enter(first)
        waits = asyncio.create_task(lanes.enter(second))
        await settled(waits)
        drained = asyncio.create_task(lanes.empty())
        lanes.leave(first)
        assert await settled(waits, drained) == [True, False]
        lanes.leave(second)
        await drained

    run(work())


FAST, SLOW = 2, 2


async def happen(lanes: Lanes, event: str, index: int, tasks: dict[Query, asyncio.Task[None]]) -> None:
    """Let one event happen to one of the queries that it may happen to, if there is any."""
    running = [each for each in tasks if each in lanes._running]
    chosen = {"abandon": list(tasks), "demote": [each for each in running if not each.slow], "leave": running}
    if event == "enter":
        entering = query("abc"[index % 3])
        tasks[entering] = asyncio.create_task(lanes.enter(entering))
    elif chosen[event]:
        each = chosen[event][index % len(chosen[event])]
        if event == "abandon":
            tasks[each].cancel()
        else:
            getattr(lanes, event)(each)
    await settled()
    for stopped in displaced(list(lanes._running)):
        tasks[stopped] = begin_again(lanes, stopped)
    await settled()


@given(st.lists(st.tuples(st.sampled_from(["enter", "demote", "leave", "abandon"]), st.integers(0, 9))))
def test_no_order_of_events_loses_or_adds_a_place(events: list[tuple[str, int]]) -> None:
    """Quick ones have at most `fast`, all at most all places, and nobody waits beside a free one."""

    async def work() -> None:
        lanes = Lanes(fast=FAST, slow=SLOW, queue=100, client_queries=100)
        tasks: dict[Query, asyncio.Task[None]] = {}
        for event, index in events:
            await happen(lanes, event, index, tasks)
            quick = sum(not each.slow for each in lanes.running)
            assert quick <= FAST
            assert len(lanes.running) <= FAST + SLOW
            waiting_quick = [each for each in lanes._waiting if not each.slow]
            assert not (waiting_quick and quick < FAST and len(lanes.running) < FAST + SLOW)
            assert lanes.waiting == len(waiting_quick) or len(lanes.running) - quick >= SLOW
        for task in tasks.values():
            task.cancel()
        await settled()
        for each in list(lanes._running):
            lanes.leave(each)
        await asyncio.wait_for(lanes.empty(), 30)
        assert lanes._free == FAST

    run(work())
