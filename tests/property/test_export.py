"""Any text in an answer comes back from every file as it is, or the file says that it does not."""

import csv
import io
import json

import openpyxl  # type: ignore[import-untyped]
import polars
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape  # type: ignore[import-untyped]

from ctlgraph.catalogue import Table, drive_now
from ctlgraph.export import About, csv_of, parquet_of, workbook
from ctlgraph.graph.free import asking

HOSTILE = st.sampled_from(
    (
        *("=1+1", "+39", "-", "@SUM(A1)", "{=A1}", "http://x.y", "mailto:a@b", "internal:A1", "TRUE", "#N/A"),
        *(
            "_x0041_",
            "_x005F_x000D_",
            "<r>x</r>",
            "\r\n",
            "\x00\x0b\x1f",
            "\ufeff",
            "\uffff",
            "\u2028",
            "\x85",
        ),
        *('";"', "'", "1,5"),
    )
)
TEXTS = st.lists(st.text(max_size=20) | HOSTILE, min_size=1, max_size=8)


def answer(texts: list[str]) -> Table:
    bindings = [{"text": {"type": "literal", "value": text}} for text in texts]
    data = json.dumps({"head": {"vars": ["text"]}, "results": {"bindings": bindings}}).encode()
    return drive_now(asking("SELECT", "json", data), lambda text: b"")


def read_csv(data: bytes, delimiter: str) -> list[str]:
    rows = csv.reader(io.StringIO(data.decode("utf-8"), newline=""), delimiter=delimiter)
    return ["".join(row) for row in rows][1:]


@settings(deadline=None, max_examples=100)
@given(TEXTS)
def test_plain_csv_keeps_every_text(texts: list[str]) -> None:
    """What a program reads is what the graph has."""
    assert read_csv(csv_of(answer(texts)), ",") == texts


@settings(deadline=None, max_examples=100)
@given(TEXTS)
def test_italian_csv_keeps_every_text_that_is_no_formula(texts: list[str]) -> None:
    """What a spreadsheet would compute has an apostrophe before it; nothing else is touched."""
    changed = [f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text for text in texts]
    assert read_csv(csv_of(answer(texts), "it"), ";") == changed


@settings(deadline=None, max_examples=50)
@given(TEXTS)
def test_parquet_keeps_every_text(texts: list[str]) -> None:
    """Whatever the text looks like, it is text."""
    assert polars.read_parquet(io.BytesIO(parquet_of(answer(texts), About())))["text"].to_list() == texts


@settings(deadline=None, max_examples=50)
@given(TEXTS)
@example(["x" * 32_768, "_x0000_x0000_", "<r>" + "\x01" * 40_000 + "</r>"])
def test_a_workbook_keeps_every_text_or_names_its_cell(texts: list[str]) -> None:
    """As ECMA-376 spells control characters, which openpyxl leaves to its caller; no cell is a formula."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(answer(texts), "en", About())))
    cells = [row[0] for row in book.worksheets[0].iter_rows(min_row=2, max_row=len(texts) + 1)]
    named = {key.value: value.value for key, value in book.worksheets[1].iter_rows()}.get("Changed", "")
    differing = [
        cell.coordinate
        for cell, text in zip(cells, texts, strict=True)
        if unescape(cell.value or "").replace("\r\n", "\n") != text.replace("\r\n", "\n")
    ]
    assert not any(cell.data_type == "f" for cell in cells)
    assert differing == [name for name in named.rpartition(": ")[2].split(", ") if name]
