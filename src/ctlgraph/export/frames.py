"""An answer as a typed frame of pandas or polars, whichever the reader has installed."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ctlgraph.errors import CtlgraphError
from ctlgraph.export.columns import Series, for_programs
from ctlgraph.messages import N_

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped]
    import polars

    from ctlgraph.catalogue import Table

_PANDAS = {
    "integer": "Int64",
    "decimal": "Float64",
    "date": "datetime64[s]",
    "boolean": "boolean",
    "iri": "category",
    "label": "category",
    "text": "string",
}
_POLARS = {
    "integer": "Int64",
    "decimal": "Float64",
    "date": "Date",
    "boolean": "Boolean",
    "iri": "Categorical",
    "label": "Categorical",
    "text": "String",
}


def pandas_of(table: Table, lang: str) -> pandas.DataFrame:
    """A DataFrame of nullable types: Int64, Float64, datetime64, boolean, category for IRIs and labels.

    Raises CtlgraphError, saying what to install, if there is no pandas.
    """
    library = _library("pandas")
    frame = {
        each.name: library.Series(_values(each), dtype=_PANDAS[each.kind])
        for each in for_programs(table, lang)
    }
    return library.DataFrame(frame)


def polars_of(table: Table, lang: str) -> polars.DataFrame:
    """A DataFrame of Int64, Float64, Date, Boolean, and Categorical for IRIs and labels.

    Raises CtlgraphError, saying what to install, if there is no polars.
    """
    library = _library("polars")
    frame: polars.DataFrame = library.DataFrame(
        [
            library.Series(each.name, _values(each), dtype=getattr(library, _POLARS[each.kind]))
            for each in for_programs(table, lang)
        ]
    )
    return frame


def _values(each: Series) -> list[Any]:
    convert: Callable[[Any], Any] = float if each.kind == "decimal" else lambda value: value
    return [None if value is None else convert(value) for value in each.values]


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        reason = N_("{library} is not installed: install it with 'pip install {library}'")
        raise CtlgraphError(reason, library=name) from error
