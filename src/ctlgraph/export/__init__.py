"""A release or an answer in another form, and how it reaches a file.

Knows the forms that the engine does not write: tables for a terminal, a spreadsheet, a program, a notebook;
`store` knows the others. Each form carries what a reader must know to trust it: see `About`.
"""

from ctlgraph.export.about import About, Origin
from ctlgraph.export.delimited import csv_of
from ctlgraph.export.dumps import File, dumped, listed
from ctlgraph.export.files import whole, write
from ctlgraph.export.forms import FORMS, SUMS, Form
from ctlgraph.export.frames import pandas_of, polars_of
from ctlgraph.export.parquet import parquet_of
from ctlgraph.export.terminal import cell, print_answer, print_rows, print_table
from ctlgraph.export.whole import export
from ctlgraph.export.workbook import workbook

__all__ = [
    "FORMS",
    "SUMS",
    "About",
    "File",
    "Form",
    "Origin",
    "cell",
    "csv_of",
    "dumped",
    "export",
    "listed",
    "pandas_of",
    "parquet_of",
    "polars_of",
    "print_answer",
    "print_rows",
    "print_table",
    "whole",
    "workbook",
    "write",
]
