"""The answer to a query that nobody saved, as a table like that of a saved one."""

from __future__ import annotations

from ctlgraph.catalogue import Column, Filled, SavedQuery, Sentence, Steps, Table, labelling
from ctlgraph.catalogue.table import from_json, from_triples, iris_in
from ctlgraph.messages import LANGUAGES, N_, translate

_TRIPLE = ("subject", "predicate", "object")
_TITLE = N_("SPARQL query")
_SENTENCE = N_("Rows: {count}.")


def asking(text: str, format_name: str, answer: bytes) -> Steps[Table]:
    """The table of an answer, with the labels of what is in it.

    format_name: json or nt. The columns are of no type, so that each takes that of its values.
    """
    names, rows = (_TRIPLE, from_triples(answer)) if format_name == "nt" else from_json(answer)
    columns = tuple(Column(name, "", dict.fromkeys(LANGUAGES, name)) for name in names)
    saved = _saved(text, "construct" if format_name == "nt" else "select", columns)
    labels = yield from labelling(iris_in(rows))
    return Table(saved, Filled(saved, {}, {}, text), columns, tuple(rows), labels)


def _saved(text: str, kind: str, columns: tuple[Column, ...]) -> SavedQuery:
    """What the query would be if it had been saved without a word about it."""
    said = {lang: translate(_SENTENCE, lang) for lang in LANGUAGES}
    return SavedQuery(
        name="",
        path="",
        title={lang: translate(_TITLE, lang) for lang in LANGUAGES},
        description=dict.fromkeys(LANGUAGES, ""),
        tags=(),
        parameters={},
        columns={column.name: column for column in columns},
        chart=None,
        sentence={lang: Sentence(text, text, text) for lang, text in said.items()},
        tests=(),
        kind=kind,
        text=text,
    )
