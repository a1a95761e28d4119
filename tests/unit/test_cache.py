"""Answers that are kept, and memory that requests hold, have their bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlgraph.errors import QueryBusyError
from ctlgraph.web.budget import Budget
from ctlgraph.web.cache import Answer, Cache


def answer(size: int) -> Answer:
    return Answer((), b'"tag"', b"x" * size, size)


def test_an_answer_is_found_again() -> None:
    """And it is counted whether it was."""
    cache = Cache(800)
    cache.put("q", answer(100))
    assert cache.get("q") == answer(100)
    assert cache.get("other") is None
    assert (cache.hits, cache.misses) == (1, 1)


def test_what_nobody_asked_for_the_longest_goes_first() -> None:
    """Asking counts, not when it was put there."""
    cache = Cache(800)
    for name in "abcdefgh":
        cache.put(name, answer(100))
    assert cache.get("a")
    cache.put("i", answer(100))
    assert cache.get("a")
    assert cache.get("b") is None


def test_one_answer_takes_an_eighth_at_most() -> None:
    """So that no single one drives all others out."""
    cache = Cache(800)
    cache.put("q", answer(101))
    assert cache.get("q") is None
    assert cache.fits(100)
    assert not cache.fits(101)


def test_a_cache_of_nothing_keeps_nothing() -> None:
    """CACHE_MIB=0 turns it off."""
    cache = Cache(0)
    cache.put("q", answer(1))
    assert len(cache) == 0


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 120))))
def test_the_bytes_are_bounded_and_counted(puts: list[tuple[int, int]]) -> None:
    """Whatever is put in, and however often under one key."""
    cache = Cache(800)
    for key, size in puts:
        cache.put(key, answer(size))
        found = [cache.get(key) for key in range(10)]
        assert cache.size == sum(each.size for each in found if each) <= 800


def test_memory_is_bounded_for_all_and_for_one() -> None:
    """One client holds half of it at most; what it gives back is free again."""
    budget = Budget("answers", 4)
    mib = 2**20
    with budget.holding("one", 2 * mib), budget.holding("two", mib):
        with pytest.raises(QueryBusyError), budget.holding("one", 1):
            pass
        with budget.holding("two", mib), pytest.raises(QueryBusyError), budget.holding("three", 1):
            pass
    with budget.holding("one", 2 * mib):
        pass
