"""The answer to every saved query as files, read back by the programs that people open them with."""

import io

import openpyxl  # type: ignore[import-untyped]
import polars
import pytest

from ctlgraph.catalogue import FORMATS, Table, answering, drive_now, read
from ctlgraph.export import About, csv_of, pandas_of, parquet_of, workbook
from ctlgraph.release import Release
from ctlgraph.sources import root
from ctlgraph.store import Store

CATALOGUE = read(root())


@pytest.fixture(scope="module")
def store(release: Release) -> Store:
    """The release, opened once."""
    return Store.open(release.path)


def answer(name: str, store: Store) -> Table:
    """The answer with every parameter as it stands in the file."""

    def ask(text: str) -> bytes:
        found = store.query(text)
        return found.serialize(next(name for name in FORMATS if name in found.formats))

    return drive_now(answering(CATALOGUE[name].fill({})), ask)


def headings(table: Table) -> list[object]:
    sheet = openpyxl.load_workbook(
        io.BytesIO(workbook(table, "it", About("1.0.0", "2026-01-01")))
    ).worksheets[0]
    assert sheet.max_row == len(table.rows) + 1
    return [cell.value for cell in sheet[1]]


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_files_of_a_question_open(name: str, store: Store) -> None:
    """As many rows in each as the answer has; every column has its own heading."""
    table = answer(name, store)
    found = headings(table)
    assert len(found) == len(set(found))
    frame = polars.read_parquet(io.BytesIO(parquet_of(table, About())))
    assert (len(frame), len(pandas_of(table, "en"))) == (len(table.rows), len(table.rows))
    assert csv_of(table, "it").count(b"\r\n") == len(table.rows) + 1


@pytest.mark.parametrize("name", [name for name, saved in CATALOGUE.items() if saved.kind == "select"])
def test_plain_csv_of_a_question_is_that_of_the_engine(name: str, store: Store) -> None:
    """One answer, whichever way it is asked for."""
    table = answer(name, store)
    assert csv_of(table) == store.query(table.filled.text).serialize("csv")
