"""A whole release in one of its forms, into a file, piece by piece: which writer makes which form."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import IO

from ctlgraph.errors import ParameterError
from ctlgraph.export import geojson, graphml, packages, rdf
from ctlgraph.export.about import Origin
from ctlgraph.export.forms import FORMS

Writer = Callable[[Origin, IO[bytes], Path], None]
"""Writes a release into a file; the folder is for what it must put down meanwhile."""

_WRITERS: Mapping[str, Writer] = {
    "nq": rdf.lines,
    **{form: partial(rdf.serialised, form) for form in ("trig", "ttl", "nt", "jsonld")},
    "rdf12": rdf.annotated,
    "csv": packages.csv_package,
    "parquet": packages.parquet_package,
    "graphml": graphml.network,
    "geojson": geojson.seats,
}


def export(origin: Origin, form: str, file: IO[bytes], folder: Path | None = None) -> None:
    """Write a release in a form: the same bytes each time, and no more memory for more statements.

    folder: where the writer puts down what it must sort, by default that of temporary files. Raises
    ParameterError for another form, SourceError for statements that are damaged, OSError.
    """
    if form not in _WRITERS:
        raise ParameterError("format", form, ", ".join(FORMS))
    with tempfile.TemporaryDirectory(prefix=".ctlgraph-", dir=folder) as scratch:
        _WRITERS[form](origin, file, Path(scratch))
