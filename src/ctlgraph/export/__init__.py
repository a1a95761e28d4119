"""A release or an answer in another form, and how it reaches a file.

Knows the forms that the engine does not write: tables for a terminal, a spreadsheet, a program, a notebook;
`store` knows the others. Each form carries what a reader must know to trust it: see `About`.
"""

from ctlgraph.export.about import About
from ctlgraph.export.delimited import csv_of
from ctlgraph.export.files import release_as, write
from ctlgraph.export.frames import pandas_of, polars_of
from ctlgraph.export.parquet import parquet_of
from ctlgraph.export.terminal import cell, print_answer, print_table
from ctlgraph.export.workbook import workbook

__all__ = [
    "About",
    "cell",
    "csv_of",
    "pandas_of",
    "parquet_of",
    "polars_of",
    "print_answer",
    "print_table",
    "release_as",
    "workbook",
    "write",
]
