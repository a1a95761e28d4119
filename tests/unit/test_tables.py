"""Tables whose state is their URL."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctlgraph.errors import ParameterError
from ctlgraph.web.site.tables import Column, Row, Table, table

COLUMNS = (Column("name", "Nome"), Column("members", "Associati", number=True))
ROWS: list[Row] = [
    {"name": "Mobilità", "members": 83},
    {"name": "aerospazio", "members": 99},
    {"name": "Energia", "members": ""},
    {"name": "mobili", "members": 144},
]


def names(found: Table) -> Sequence[object]:
    return [row["name"] for row in found.rows]


def test_rows_keep_their_order_until_one_is_asked_for() -> None:
    """The order of a query may mean something."""
    assert names(table(COLUMNS, ROWS, {})) == [row["name"] for row in ROWS]


def test_letters_sort_as_people_read_them() -> None:
    """Capitals and accents make no difference to where a name is looked for."""
    assert names(table(COLUMNS, ROWS, {"sort": "name"})) == ["aerospazio", "Energia", "mobili", "Mobilità"]


def test_numbers_sort_by_size_and_nothing_comes_last() -> None:
    """99 is less than 144; an unknown number is not zero."""
    found = table(COLUMNS, ROWS, {"sort": "members"})
    assert names(found) == ["Mobilità", "aerospazio", "mobili", "Energia"]
    assert found.order("members") == "ascending"
    assert found.toggled("members") == "-members"


def test_a_filter_looks_into_every_column_without_accents() -> None:
    """Who types "mobilita" means "Mobilità"."""
    found = table(COLUMNS, ROWS, {"q": " MOBILITA "})
    assert names(found) == ["Mobilità"]
    assert (found.matched, found.total) == (1, 4)
    assert names(table(COLUMNS, ROWS, {"q": "144"})) == ["mobili"]


def test_no_row_is_no_error() -> None:
    """An empty answer is an answer: rows 0 to 0 of 0."""
    found = table(COLUMNS, ROWS, {"q": "zzz", "page": "3"})
    assert (found.first, found.last, found.matched, found.page, found.pages) == (0, 0, 0, 1, 1)


@pytest.mark.parametrize(
    "asked", [{"sort": "no"}, {"page": "0"}, {"page": "-1"}, {"page": "x"}, {"page": "²"}]
)
def test_what_cannot_be_is_named(asked: dict[str, str]) -> None:
    """A damaged address is a bad request, not another table."""
    with pytest.raises(ParameterError):
        table(COLUMNS, ROWS, asked)


@settings(deadline=None)
@given(rows=st.integers(0, 60), size=st.integers(1, 20))
def test_pages_hold_every_row_once(rows: int, size: int) -> None:
    """Whoever turns all the pages has seen everything, and nothing twice."""
    every = [{"name": str(n), "members": n} for n in range(rows)]
    pages = table(COLUMNS, every, {}, size=size).pages
    turned = [
        row for n in range(pages) for row in table(COLUMNS, every, {"page": str(n + 1)}, size=size).rows
    ]
    assert turned == every


@settings(deadline=None)
@given(pages=st.integers(1, 60), page=st.integers(1, 60))
def test_the_pager_offers_the_ends_and_the_neighbours(pages: int, page: int) -> None:
    """Each once, in order, with a gap where pages are left out."""
    every = [{"name": "x", "members": n} for n in range(pages)]
    found = table(COLUMNS, every, {"page": str(page)}, size=1)
    offered = [n for n in found.near if n is not None]
    assert offered == sorted({1, found.pages, *(n for n in offered if abs(n - found.page) < 2)})
    assert {1, found.page, found.pages} <= set(offered)
