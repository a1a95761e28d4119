"""The saved queries: read from ``queries/``, filled in, answered, and put into words.

Knows neither the engine nor how an answer is drawn or written to a file: it asks SPARQL and reads results.
"""

from ctlgraph.catalogue.answer import (
    FORMATS,
    Choice,
    Steps,
    answering,
    checking,
    choosing,
    drive,
    drive_now,
    filling,
    labelling,
)
from ctlgraph.catalogue.cautions import Caution, cautions
from ctlgraph.catalogue.documents import documents
from ctlgraph.catalogue.drift import Drift, drifting
from ctlgraph.catalogue.question import Catalogue, Chart, Column, Filled, SavedQuery, Sentence, Test, Words
from ctlgraph.catalogue.reading import parse, read, read_file
from ctlgraph.catalogue.relax import Relaxed, relaxing
from ctlgraph.catalogue.sentence import day, join, number, parameter, shown
from ctlgraph.catalogue.table import Cell, Row, Table
from ctlgraph.catalogue.turtle import as_turtle
from ctlgraph.catalogue.wording import MARKS, WHERE

__all__ = [
    "FORMATS",
    "MARKS",
    "WHERE",
    "Catalogue",
    "Caution",
    "Cell",
    "Chart",
    "Choice",
    "Column",
    "Drift",
    "Filled",
    "Relaxed",
    "Row",
    "SavedQuery",
    "Sentence",
    "Steps",
    "Table",
    "Test",
    "Words",
    "answering",
    "as_turtle",
    "cautions",
    "checking",
    "choosing",
    "day",
    "documents",
    "drifting",
    "drive",
    "drive_now",
    "filling",
    "join",
    "labelling",
    "number",
    "parameter",
    "parse",
    "read",
    "read_file",
    "relaxing",
    "shown",
]
