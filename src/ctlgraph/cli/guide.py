"""What the command line says of one question before it is asked: its help, and how its names complete.

Reads the file of the question, and the current release if there is one, for its choices.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ctlgraph.messages import N_, translate

if TYPE_CHECKING:
    from ctlgraph.catalogue import Choice, Filled, SavedQuery
    from ctlgraph.parameters import Parameter

_SHOWN = 12  # choices; completion gives them all


def names() -> list[str]:
    """The names of the questions, without reading them."""
    return sorted(path.stem for path in _folder().glob("*.rq"))


def completed(incomplete: str) -> list[str]:
    """The names that begin so."""
    return [name for name in names() if name.startswith(incomplete)]


def arguments(name: str | None, incomplete: str) -> Iterator[str]:
    """What ``-p`` may go on with: names of parameters, then the choices of one."""
    if name not in names():
        return
    query = _read(name)
    parameter, equals, _ = incomplete.partition("=")
    if not equals:
        yield from (f"{each}=" for each in query.parameters if each.startswith(incomplete))
        return
    for choice in _choices(query.fill({})).get(parameter, ()):
        if f"{parameter}={choice.value}".startswith(incomplete):
            yield f"{parameter}={choice.value}"


def guide(name: str, lang: str) -> str:
    """The question with its parameters, their defaults and choices, its columns and an example."""
    query = _read(name)
    filled = query.fill({})
    options = " [-p KEY=VALUE]..." if query.parameters else ""
    usage, for_example = translate(N_("Usage:"), lang), translate(N_("Example:"), lang)
    lines = [
        f"{usage} ctlgraph run {name}{options}",
        "",
        query.title[lang],
        query.description[lang],
        "",
    ]
    choices = _choices(filled) if query.parameters else {}
    for title, texts in (
        (N_("Parameters"), [_parameter(each, filled, choices, lang) for each in query.parameters.values()]),
        (N_("Columns"), [_column(query, each, lang) for each in query.columns]),
    ):
        if texts:
            lines += [f"{translate(title, lang)}:", *(line for text in texts for line in text), ""]
    example = " ".join(f"-p {each}={_quoted(value)}" for each, value in _example(query).items())
    lines.append(f"{for_example} ctlgraph run {name} {example}".rstrip())
    return "\n".join(lines)


def _folder() -> Path:
    from ctlgraph.sources import root

    return root() / "queries"


def _read(name: str) -> SavedQuery:
    from ctlgraph.catalogue import read_file

    return read_file(_folder() / f"{name}.rq")


def _choices(filled: Filled) -> Mapping[str, tuple[Choice, ...]]:
    """The choices of each parameter in the current release; none without one."""
    from ctlgraph.catalogue import choosing, drive_now
    from ctlgraph.settings import releases_folder
    from ctlgraph.sources import root
    from ctlgraph.store import Store

    current = releases_folder(root()) / "current"
    if not current.exists():
        return {}
    store = Store.open(current)
    return drive_now(choosing(filled), lambda text: store.query(text).serialize("json"))


def _parameter(
    parameter: Parameter, filled: Filled, choices: Mapping[str, tuple[Choice, ...]], lang: str
) -> Iterator[str]:
    from ctlgraph.errors import CtlgraphError
    from ctlgraph.parameters import UNDEF, short

    expected = parameter.expected
    kind = expected.text(lang) if isinstance(expected, CtlgraphError) else translate(expected, lang)
    yield f"  {parameter.name}  {parameter.label[lang]}: {kind}"
    term = filled.terms[parameter.name]
    default = translate(N_("all"), lang) if term == UNDEF else short(term)
    yield "      " + translate(N_("[default: {}]"), lang).format(default)
    found = choices.get(parameter.name, ())
    for choice in found[:_SHOWN]:
        yield f"      {choice.value}  {choice.label(lang)}"
    if len(found) > _SHOWN:
        yield "      " + translate(N_("and {number} more"), lang, number=len(found) - _SHOWN)


def _column(query: SavedQuery, name: str, lang: str) -> Iterator[str]:
    column = query.columns[name]
    unit = f" ({column.unit[lang]})" if column.unit else ""
    yield f"  {name}  {column.label[lang]}{unit}"


def _example(query: SavedQuery) -> Mapping[str, str]:
    """The arguments of the first test that has any."""
    return next((test.args for test in query.tests if test.args), {})


def _quoted(text: str) -> str:
    from shlex import quote

    return quote(text)
