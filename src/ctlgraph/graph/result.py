"""An answer in a notebook: its rows, its frames, its sentence, its chart, its files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from ctlgraph.catalogue import Table, Words
from ctlgraph.errors import ParameterError
from ctlgraph.export import About, csv_of, pandas_of, parquet_of, polars_of, workbook, write
from ctlgraph.export.columns import Value, for_people, for_programs, in_words
from ctlgraph.messages import LANGUAGES, N_, language, translate

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped]
    import polars

_SHOWN = 20  # rows of the table that a notebook shows

_FILES: dict[str, Callable[[Table, str, About], bytes]] = {
    ".csv": lambda table, lang, about: csv_of(table),
    ".parquet": lambda table, lang, about: parquet_of(table, about, lang),
    ".xlsx": workbook,
}


@dataclass(frozen=True)
class Result:
    """The answer to a question.

    table: as `catalogue` has it. about: the release it comes from. find_documents: asks for the IRIs and
    labels of the documents that it rests on. Where a method takes a language, "it" or "en", None is that of
    the graph.
    """

    table: Table
    about: About
    lang: str
    find_documents: Callable[[], Mapping[str, Words]]

    @property
    def rows(self) -> list[dict[str, Value | None]]:
        """The rows as dictionaries, with int, Decimal, date, bool and str; None where nothing is bound.

        A column of IRIs, ``cluster``, has its labels beside it, ``cluster_label``.
        """
        series = for_programs(self.table, self.lang)
        names = [each.name for each in series]
        rows = zip(*(each.values for each in series), strict=True)
        return [dict(zip(names, row, strict=True)) for row in rows]

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.table.rows)

    def __repr__(self) -> str:
        """Say what it is in one line."""
        return f"<ctlgraph.Result: {len(self)} rows: {self.sentence()}>"

    def to_pandas(self, lang: str | None = None) -> pandas.DataFrame:
        """A frame of Int64, Float64, datetime64, boolean and category. CtlgraphError without pandas."""
        return pandas_of(self.table, self._language(lang))

    def to_polars(self, lang: str | None = None) -> polars.DataFrame:
        """A frame of Int64, Float64, Date, Boolean and Categorical. CtlgraphError without polars."""
        return polars_of(self.table, self._language(lang))

    def sentence(self, lang: str | None = None) -> str:
        """The answer in words."""
        return self.table.sentence(self._language(lang))

    def chart(self, lang: str | None = None) -> Drawing:
        """The chart of the question, which a cell shows. Raises ChartError with the reason if it has none."""
        from ctlgraph import charts

        return Drawing(charts.svg(self.table, self._language(lang)))

    def citation(self, lang: str | None = None) -> str:
        """How to cite the answer."""
        spoken = self._language(lang)
        return self.about.citation(self.table.saved.title[spoken], spoken)

    def save(self, path: str | Path, lang: str | None = None) -> None:
        """Write the answer to a file; its ending, .csv, .parquet or .xlsx, says in which form.

        Raises ParameterError for another ending, OSError if it cannot be written.
        """
        path = Path(path)
        form = _FILES.get(path.suffix)
        if form is None:
            raise ParameterError("path", str(path), ", ".join(_FILES))
        spoken = self._language(lang)
        write(path, form(self.table, spoken, replace(self.about, sources=tuple(self._sources(spoken)))))

    def _sources(self, lang: str) -> Iterator[tuple[str, str]]:
        """IRI and label of each document that the answer rests on."""
        for iri, labels in self.find_documents().items():
            yield iri, next((labels[each] for each in (lang, *LANGUAGES) if each in labels), iri)

    def _language(self, lang: str | None) -> str:
        return self.lang if lang is None else language(lang)

    def _repr_html_(self) -> str:
        """What a notebook shows: the sentence and the first rows, with labels."""
        series = [each for each in for_people(self.table, self.lang) if each.kind != "iri"]
        head = _line("th", [each.heading for each in series])
        rows = islice(zip(*(each.values for each in series), strict=True), _SHOWN)
        body = "".join(_line("td", [in_words(value, self.lang) for value in row]) for row in rows)
        more = N_("{count} rows in all")
        under = translate(more, self.lang, count=len(self)) if len(self) > _SHOWN else ""
        return (
            f'<div lang="{self.lang}"><p>{escape(self.sentence())}</p>'
            f"<table><thead>{head}</thead><tbody>{body}</tbody></table><p>{under}</p></div>"
        )


@dataclass(frozen=True)
class Drawing:
    """A chart as SVG, which a notebook shows."""

    svg: str = field(repr=False)

    def _repr_svg_(self) -> str:
        return self.svg


def _line(tag: str, texts: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(text)}</{tag}>" for text in texts) + "</tr>"
