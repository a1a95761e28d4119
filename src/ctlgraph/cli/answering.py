"""How `run` answers a question: in query processes, in the form that is asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from ctlgraph.catalogue import (
    FORMATS,
    Filled,
    SavedQuery,
    Steps,
    Table,
    answering,
    cautions,
    documents,
    drive,
    filling,
    relaxing,
)
from ctlgraph.cli import inputs
from ctlgraph.export import About, csv_of, parquet_of, print_answer, workbook
from ctlgraph.settings import Settings

if TYPE_CHECKING:
    from typing import TypeVar

    from ctlgraph.store import Files

    T = TypeVar("T")

_AS_IT_COMES = {"json": ("json",), "xml": ("xml", "rdf"), "csv": ("csv",), "tsv": ("tsv",)}
_AS_IT_COMES |= {name: (name,) for name in ("ttl", "nt", "trig", "jsonld")}


@dataclass(frozen=True)
class Session:
    """Open query processes over some data; about: which data these are; lang: of the reader."""

    ask: inputs.Ask
    about: About
    lang: str

    async def drive(self, steps: Steps[T]) -> T:
        """Run the steps with the query processes."""

        async def results(text: str) -> bytes:
            return (await self.ask(text, FORMATS))[1]

        return await drive(steps, results)

    async def table(self, filled: Filled) -> Table:
        """The answer."""
        return await self.drive(answering(filled))

    async def made(self, filled: Filled, form: str, locale: str | None) -> bytes:
        """The answer in a form for programs or files. Raises what `answering` raises, ChartError too."""
        if form in _AS_IT_COMES and locale is None:
            return (await self.ask(filled.text, _AS_IT_COMES[form]))[1]
        table = await self.table(filled)
        match form:
            case "xlsx":
                return workbook(table, self.lang, await self.with_sources(filled))
            case "parquet":
                return parquet_of(table, await self.with_sources(filled), self.lang)
            case "svg" | "png":
                return _drawn(table, form, self.lang)
        return csv_of(table, locale)

    async def with_sources(self, filled: Filled) -> About:
        """What the data are, with the documents that this answer rests on, and what to bear in mind."""
        found = await self.drive(documents(filled))
        names = {
            iri: labels.get(self.lang) or next(iter(labels.values()), iri) for iri, labels in found.items()
        }
        doubts = await self.drive(cautions(filled))
        told = tuple((each.iri, each.label(self.lang)) for each in doubts)
        return replace(self.about, sources=tuple(names.items()), cautions=told)

    async def shown(self, filled: Filled, out: TextIO) -> None:
        """Print the answer in words and as a table; of an empty one, what has no match."""
        table = await self.table(filled)
        out.write(f"{table.sentence(self.lang)}\n")
        if table.rows:
            out.write("\n")
            print_answer(table, self.lang, out)
            return
        for line in (await self.drive(relaxing(filled))).lines(self.lang):
            out.write(f"  {line}\n")


@asynccontextmanager
async def session(files: Files | None, settings: Settings, lang: str) -> AsyncIterator[Session]:
    """Open query processes over the files, else over the release that the settings name."""
    content, about = _content(files, settings)
    async with inputs.asking(content, settings) as ask:
        yield Session(ask, about, lang)


async def run(
    saved: SavedQuery,
    arguments: Mapping[str, str],
    files: Files | None,
    settings: Settings,
    *,
    form: str,
    lang: str,
    locale: str | None,
    out: TextIO,
) -> bytes | None:
    """The answer in that form; None if the form is a table, which is printed."""
    async with session(files, settings, lang) as opened:
        filled = await opened.drive(filling(saved, arguments))
        if form != "table":
            return await opened.made(filled, form, locale)
        await opened.shown(filled, out)
        return None


def _content(files: Files | None, settings: Settings) -> tuple[Path | Files, About]:
    if files is not None:
        return files, About()
    release = inputs.release(settings.release)
    return release.path, About(release.version, release.date)


def _drawn(table: Table, form: str, lang: str) -> bytes:
    from ctlgraph import charts

    return charts.svg(table, lang).encode() if form == "svg" else charts.png(table, lang)
