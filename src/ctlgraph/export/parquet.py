"""An answer as Apache Parquet: typed columns for programs, and in the file itself what they stand for.

Written by arro3, the Rust library of Arrow and Parquet with little around it.
"""

from __future__ import annotations

import io
import json
from datetime import date
from typing import TYPE_CHECKING, Any

from ctlgraph.export.about import About, facts
from ctlgraph.export.columns import Series, for_programs, heading
from ctlgraph.messages import LANGUAGES

if TYPE_CHECKING:
    from ctlgraph.catalogue import Table

_EPOCH = date(1970, 1, 1).toordinal()


def parquet_of(table: Table, about: About, lang: str = "en") -> bytes:
    """The answer as Parquet: int64, double, date32, boolean and UTF-8 columns, labels in both languages.

    The metadata ``ctlgraph`` of the file is a JSON object with the keys of `about.HEADINGS`, in that
    language, several texts of a key in lines, and the headings of the ``columns``. The same answer gives the
    same bytes.
    """
    from arro3.core import RecordBatch, Schema
    from arro3.io import write_parquet

    series = for_programs(table, *LANGUAGES)
    schema = Schema([_field(each) for each in series])
    batch = RecordBatch.from_arrays([_array(each) for each in series], schema=schema)
    out = io.BytesIO()
    write_parquet(
        batch,
        out,
        compression="zstd(3)",
        created_by="ctlgraph",
        key_value_metadata=_metadata(table, about, lang),
    )
    return out.getvalue()


def _metadata(table: Table, about: About, lang: str) -> dict[str, str]:
    """One entry, because the library writes several in any order."""
    known: dict[str, list[str]] = {}
    for key, text in facts(table, about, lang):
        known.setdefault(key, []).append(text)
    columns = {column.name: heading(column, lang) for column in table.columns}
    joined = {key: "\n".join(texts) for key, texts in known.items()}
    return {"ctlgraph": json.dumps({**joined, "columns": columns}, ensure_ascii=False)}


def _field(each: Series) -> Any:
    from arro3.core import Field

    return Field(each.name, _type(each.kind), nullable=True)


def _type(kind: str) -> Any:
    from arro3.core import DataType

    types = {
        "integer": DataType.int64,
        "decimal": DataType.float64,
        "date": DataType.date32,
        "boolean": DataType.bool,
    }
    return types.get(kind, DataType.utf8)()


def _array(each: Series) -> Any:
    from arro3.core import Array, DataType

    match each.kind:
        case "decimal":
            return Array([None if v is None else float(v) for v in each.values], DataType.float64())  # type: ignore[arg-type]
        case "date":
            days = [v.toordinal() - _EPOCH if isinstance(v, date) else None for v in each.values]
            return Array(days, DataType.int32()).cast(DataType.date32())
    return Array(list(each.values), _type(each.kind))
