"""The tables of a release as ZIP files: CSV or Parquet, with a dictionary of tables and columns.

The same release gives the same bytes: entries are sorted and carry no time.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from typing import IO, Any

from ctlgraph.export.about import LICENCE, Origin
from ctlgraph.export.tables import Column, Rows, Survey, Table, fill, rows, survey
from ctlgraph.messages import LANGUAGES, N_, translate
from ctlgraph.vocabulary import BASE, compact

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first time that ZIP knows
_BATCH = 5000  # rows of a group in Parquet
_DAY_0 = date(1970, 1, 1).toordinal()
_SEPARATOR = " | "
_FIXED = {
    "iri": N_("The IRI of the thing, by which tables are joined."),
    "sources": N_("The named graphs with statements about it: passages of documents, editorial decisions."),
}
_README = N_(
    "One table for each class. A row is a thing; it stands in the table of each of its classes. "
    "tables.csv and columns.csv say what tables and columns mean. Columns of IRIs join with the column "
    "iri of other tables. In CSV several values of a cell are separated by ' | ', and a vertical bar "
    "within a value is written \\|; in Parquet they are a list."
)

Put = Callable[[IO[bytes], Table, Rows, Origin], None]


def csv_package(origin: Origin, file: IO[bytes], scratch: Path) -> None:
    """The tables as CSV (RFC 4180, UTF-8) in a ZIP file. Raises SourceError, OSError."""
    _package(origin, file, scratch, "csv", _put_csv)


def parquet_package(origin: Origin, file: IO[bytes], scratch: Path) -> None:
    """The tables as Parquet in a ZIP file. Raises SourceError, OSError."""
    _package(origin, file, scratch, "parquet", _put_parquet)


def _package(origin: Origin, file: IO[bytes], scratch: Path, ending: str, put: Put) -> None:
    found = survey(origin.quads)
    fill(origin.quads, found, scratch)
    kind = zipfile.ZIP_STORED if ending == "parquet" else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(file, "w") as package:
        with _entry(package, "README.txt", zipfile.ZIP_DEFLATED) as entry:
            entry.write("\n\n".join(_readme(origin, lang) for lang in LANGUAGES).encode() + b"\n")
        _put_lines(package, "tables.csv", _of_tables(found, ending))
        _put_lines(package, "columns.csv", _of_columns(found))
        for place, table in enumerate(found.tables):
            whole = scratch / f"{place}.{ending}"
            with whole.open("wb") as one:
                put(one, table, rows(scratch, place), origin)
            with _entry(package, f"{table.name}.{ending}", kind) as entry, whole.open("rb") as one:
                while chunk := one.read(2**20):
                    entry.write(chunk)
            whole.unlink()


@contextmanager
def _entry(package: zipfile.ZipFile, name: str, kind: int) -> Iterator[IO[bytes]]:
    about = zipfile.ZipInfo(name, _EPOCH)
    about.compress_type, about.external_attr, about.create_system = kind, 0o644 << 16, 3
    with package.open(about, "w") as entry:
        yield entry


def _put_lines(package: zipfile.ZipFile, name: str, lines: Iterable[Iterable[object]]) -> None:
    with _entry(package, name, zipfile.ZIP_DEFLATED) as entry:
        _write_csv(entry, lines)


def _write_csv(file: IO[bytes], lines: Iterable[Iterable[object]]) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    csv.writer(text).writerows(lines)
    text.detach()


def _readme(origin: Origin, lang: str) -> str:
    return "\n".join((origin.citation(lang), LICENCE, translate(_README, lang)))


def _of_tables(found: Survey, ending: str) -> Iterator[list[object]]:
    """A line for each table, with what its class means."""
    yield ["table", "file", "class", "rows", *_in_languages("label"), *_in_languages("definition")]
    for table in found.tables:
        yield [table.name, f"{table.name}.{ending}", table.of, table.rows, *_words(found, table.of)]


def _of_columns(found: Survey) -> Iterator[list[object]]:
    """A line for each column, with what its property means."""
    heads = ("table", "column", "property", "language", "type", "several", "filled", "rows")
    yield [*heads, *_in_languages("label"), *_in_languages("definition")]
    for table in found.tables:
        for each in table.ordered:
            fixed = _FIXED.get(each.of)
            words = (
                [each.name, each.name, *(translate(fixed, lang) for lang in LANGUAGES)]
                if fixed
                else _words(found, each.of)
            )
            yield [
                *(table.name, each.name, "" if fixed else each.of, each.lang, each.kind),
                *("true" if each.several else "false", each.filled, table.rows, *words),
            ]


def _in_languages(name: str) -> list[str]:
    return [f"{name}_{lang}" for lang in LANGUAGES]


def _words(found: Survey, iri: str) -> list[str]:
    """Label and definition of a term; its short name, where the release has no label of it."""
    term = found.terms.get(iri)
    labels = [(term.label[lang] if term else "") or compact(iri) for lang in LANGUAGES]
    return [*labels, *((term.definition[lang] if term else "") for lang in LANGUAGES)]


def _put_csv(file: IO[bytes], table: Table, lines: Rows, origin: Origin) -> None:
    heads = [each.name for each in table.ordered]
    cells = ([_SEPARATOR.join(text.replace("|", r"\|") for text in cell) for cell in row] for row in lines)
    _write_csv(file, (line for part in ([heads], cells) for line in part))


def _put_parquet(file: IO[bytes], table: Table, lines: Rows, origin: Origin) -> None:
    from arro3.core import RecordBatch, RecordBatchReader, Schema
    from arro3.io import write_parquet

    columns = table.ordered
    schema = Schema([_field(each) for each in columns])
    batches = (
        RecordBatch.from_arrays(
            [_array(each, cells) for each, cells in zip(columns, zip(*part, strict=True), strict=True)],
            schema=schema,
        )
        for part in iter(lambda: list(islice(lines, _BATCH)), [])
    )
    about = {"class": table.of, "licence": LICENCE, "address": BASE}
    about |= {f"citation_{lang}": origin.citation(lang) for lang in LANGUAGES}
    write_parquet(
        RecordBatchReader.from_batches(schema, batches),
        file,
        compression="zstd(3)",
        created_by="ctlgraph",
        max_row_group_size=_BATCH,
        key_value_metadata={"ctlgraph": json.dumps(about, ensure_ascii=False)},
    )


def _field(each: Column) -> Any:
    from arro3.core import DataType, Field

    item = _type(each.kind)
    return Field(each.name, DataType.list(Field("item", item, nullable=True)) if each.several else item)


def _type(kind: str) -> Any:
    from arro3.core import DataType

    types = {
        "integer": DataType.int64,
        "decimal": DataType.float64,
        "date": DataType.date32,
        "boolean": DataType.bool,
    }
    return types.get(kind, DataType.utf8)()


def _array(each: Column, cells: tuple[list[str], ...]) -> Any:
    from arro3.core import Array, DataType, list_array

    if not each.several:
        return _flat(each.kind, [cell[0] if cell else None for cell in cells])
    offsets = [0]
    for cell in cells:
        offsets.append(offsets[-1] + len(cell))
    values = _flat(each.kind, [text for cell in cells for text in cell])
    return list_array(Array(offsets, DataType.int32()), values, type=_field(each).type)


def _flat(kind: str, texts: list[str | None]) -> Any:
    from arro3.core import Array, DataType

    convert: dict[str, Callable[[str], Any]] = {
        "integer": int,
        "decimal": float,
        "date": lambda text: date.fromisoformat(text).toordinal() - _DAY_0,
        "boolean": lambda text: text in ("true", "1"),
    }
    read = convert.get(kind, str)
    values = [None if text is None else read(text) for text in texts]
    if kind == "date":
        return Array(values, DataType.int32()).cast(DataType.date32())
    return Array(values, _type(kind))
