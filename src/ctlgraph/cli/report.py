"""What `run --all` leaves in a folder: each answer as files, and an index that says what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from ctlgraph.catalogue import Catalogue, Filled, Table, filling, parameter
from ctlgraph.cli.answering import Session, session
from ctlgraph.cli.outputs import complain, status
from ctlgraph.errors import ParameterError, QueryError
from ctlgraph.export import About, csv_of, workbook, write
from ctlgraph.messages import N_, translate
from ctlgraph.settings import Settings

if TYPE_CHECKING:
    from ctlgraph.store import Files

_HEADS = (N_("Question"), N_("Answer"), N_("Filters"), N_("Rows"), N_("Files"))
_TITLE = N_("Answers to the saved queries")


async def report(
    questions: Catalogue,
    arguments: Mapping[str, str],
    files: Files | None,
    settings: Settings,
    *,
    lang: str,
    out: Path,
) -> int:
    """Write every answer as XLSX and CSV, and ``index.html``; return the exit code of the worst failure.

    The arguments go to every question that has such parameters. A question that fails is named in the index
    and on standard error; the others are written all the same. Raises ParameterError for an argument that
    no question takes.
    """
    known = sorted({name for saved in questions.values() for name in saved.parameters})
    for name, value in arguments.items():
        if name not in known:
            raise ParameterError(name, value, ", ".join(known))
    out.mkdir(parents=True, exist_ok=True)
    code, rows = 0, []
    async with session(files, settings, lang) as opened:
        for saved in questions.values():
            given = {name: value for name, value in arguments.items() if name in saved.parameters}
            try:
                rows.append(await _written(opened, await opened.drive(filling(saved, given)), out))
            except QueryError as error:
                complain(f"{saved.name}: {error.text(lang)}")
                code = max(code, status(error))
                rows.append(_row(saved.title[lang], error.text(lang), "", "", saved.name))
    write(out / "index.html", _page(rows, opened.about, lang).encode())
    return code


async def _written(opened: Session, filled: Filled, out: Path) -> str:
    """Write the files of one answer; its row of the index."""
    name, lang, table = filled.saved.name, opened.lang, await opened.table(filled)
    write(out / f"{name}.xlsx", workbook(table, lang, await opened.with_sources(filled)))
    write(out / f"{name}.csv", csv_of(table, "it" if lang == "it" else None))
    links = " ".join(f'<a href="{name}.{form}">{form.upper()}</a>' for form in ("xlsx", "csv"))
    cells = (filled.saved.title[lang], table.sentence(lang), _filters(table, lang), str(len(table.rows)))
    return _row(*cells, links, safe=True)


def _filters(table: Table, lang: str) -> str:
    """Every parameter with its value, given or not."""
    named = table.saved.parameters.items()
    return "; ".join(f"{each.label[lang]}: {parameter(table, name, lang)}" for name, each in named)


def _row(*cells: str, safe: bool = False) -> str:
    """A row of the index; safe: the last cell is HTML already."""
    first, *others = map(escape, cells)
    if safe:
        others[-1] = cells[-1]
    return f"<tr><th scope=row>{first}</th>" + "".join(f"<td>{cell}</td>" for cell in others) + "</tr>"


def _page(rows: list[str], about: About, lang: str) -> str:
    title = escape(translate(_TITLE, lang))
    head = "".join(f"<th scope=col>{escape(translate(each, lang))}</th>" for each in _HEADS)
    cited = escape(" ".join((about.citation(translate(_TITLE, lang), lang), about.date)).strip())
    table = "\n".join((f"<tr>{head}</tr>", *rows))
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f"<h1>{title}</h1>\n<p>{cited}</p>\n<table>\n{table}\n</table>\n</html>\n"
    )
