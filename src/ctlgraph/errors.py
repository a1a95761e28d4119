"""Every error that ctlgraph raises on purpose.

CtlgraphError
├── SourceError           a file cannot be read: path, line, reason
├── ReleaseError          the data may not be published: report
├── UnknownIriError       iri, nearest
├── GoneError             an IRI has been withdrawn: iri, replaced
├── QueryError            a query cannot be answered
│   ├── QuerySyntaxError      line, column
│   ├── UnknownQueryError     name, nearest
│   ├── ParameterError        name, value, expected, nearest
│   ├── ChartError            an answer cannot be drawn: reason
│   ├── QueryRefusedError     operation
│   ├── QueryLimitError       limit, value, unit
│   │   └── QueryBusyError        retry_s
│   └── QueryCancelledError   someone stopped it
└── CollaborationError    a measure is undefined on this graph: reason

An error keeps its facts as attributes and says, in the reader's language, what is wrong, where, and
what to do. It knows nothing of exit codes and HTTP: `cli.py` and `web/problems.py` map it to those.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ctlgraph.messages import N_, translate


class CtlgraphError(Exception):
    """Base of the tree; `message` is the English template that `facts` fill in."""

    def __init__(self, message: str, /, **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts

    def text(self, lang: str = "en") -> str:
        """Return one line in Italian or English: what, where, what to do."""
        facts = {
            name: fact.text(lang) if isinstance(fact, CtlgraphError) else fact
            for name, fact in self.facts.items()
        }
        return translate(self.message, lang, **facts)

    def __str__(self) -> str:
        """Return `text` in English."""
        return self.text("en")

    def __reduce__(self) -> tuple[Callable[..., CtlgraphError], tuple[object, ...]]:
        """Copy the facts instead of repeating the call: a query process sends its error to the server."""
        return _restore, (type(self), self.args, self.__dict__)


def _restore(kind: type[CtlgraphError], args: tuple[object, ...], facts: dict[str, Any]) -> CtlgraphError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(facts)
    return error


class SourceError(CtlgraphError):
    """A file of the project cannot be read or says something that cannot be taken in.

    path: relative to the root of the project; line: 1 for the first, None for the whole file.
    others: further problems found in the same run; `text` gives one line for each.
    """

    def __init__(self, path: str, line: int | None, reason: str, /, **facts: object) -> None:
        super().__init__(reason, **facts)
        self.path = path
        self.line = line
        self.reason = reason
        self.others: tuple[SourceError, ...] = ()

    @property
    def place(self) -> str:
        """Return where the problem is, as an editor takes it: `data/ttl/doc-003/afil.trig:12`."""
        return self.path if self.line is None else f"{self.path}:{self.line}"

    def text(self, lang: str = "en") -> str:
        """Return one line for this problem and one for each of the others."""
        own = f"{self.place}: {super().text(lang)}"
        return "\n".join([own, *(other.text(lang) for other in self.others)])


class ReleaseError(CtlgraphError):
    """The data may not be published, or a release cannot be written, found or trusted.

    report: the validation report if a violation is the cause, else None.
    """

    def __init__(self, message: str, /, *, report: Any = None, **facts: object) -> None:
        super().__init__(message, **facts)
        self.report = report


class UnknownIriError(CtlgraphError):
    """Nothing is said of an IRI of ours. nearest: IRIs of which something is, and that look most like it."""

    def __init__(self, iri: str, nearest: tuple[str, ...] = ()) -> None:
        hint = N_("nothing is said of {iri}: did you mean {nearest}?")
        plain = N_("nothing is said of {iri}: look for it by name on /search")
        super().__init__(hint if nearest else plain, iri=iri, nearest=", ".join(nearest))
        self.iri = iri
        self.nearest = nearest


class GoneError(CtlgraphError):
    """An IRI of ours has been withdrawn. replaced: the IRIs, none or several, that took its place."""

    def __init__(self, iri: str, replaced: tuple[str, ...] = ()) -> None:
        several = N_("{iri} has been withdrawn; in its place: {replaced}")
        none = N_("{iri} has been withdrawn and nothing has taken its place")
        super().__init__(several if replaced else none, iri=iri, replaced=", ".join(replaced))
        self.iri = iri
        self.replaced = replaced


class QueryError(CtlgraphError):
    """A query cannot be answered."""


class QuerySyntaxError(QueryError):
    """A query is not SPARQL: what is wrong, which the facts fill in, with line and column from 1."""

    def __init__(self, detail: str, /, line: int, column: int, **facts: object) -> None:
        super().__init__(
            N_("the query is not valid SPARQL at line {line}, column {column}: {detail}"),
            line=line,
            column=column,
            detail=CtlgraphError(detail, **facts),
        )
        self.line = line
        self.column = column


class UnknownQueryError(QueryError):
    """There is no saved query of that name."""

    def __init__(self, name: str, nearest: str | None = None) -> None:
        hint = N_("no saved query is called '{name}': did you mean '{nearest}'?")
        plain = N_("no saved query is called '{name}': they are listed by 'ctlgraph queries' and on /queries")
        super().__init__(hint if nearest else plain, name=name, nearest=nearest)
        self.name = name
        self.nearest = nearest


class ParameterError(QueryError):
    """A parameter has a value that it does not take.

    nearest: values that it does take and that look most like this one.
    """

    def __init__(
        self, name: str, value: str, expected: str | CtlgraphError, nearest: tuple[str, ...] = ()
    ) -> None:
        plain = N_("parameter '{name}': expected {expected}, got '{value}'")
        hint = N_("parameter '{name}': expected {expected}, got '{value}'; nearest: {nearest}")
        super().__init__(
            hint if nearest else plain,
            name=name,
            value=value,
            expected=expected,
            nearest=", ".join(nearest),
        )
        self.name = name
        self.value = value
        self.expected = expected if isinstance(expected, str) else str(expected)
        self.nearest = nearest


class ChartError(QueryError):
    """An answer cannot be drawn."""

    def __init__(self, reason: str, /, **facts: object) -> None:
        super().__init__(reason, **facts)
        self.reason = reason


class QueryRefusedError(QueryError):
    """A query asks for something that is never done here, such as calling another endpoint."""

    def __init__(self, operation: str) -> None:
        done = N_("the query asks for {operation}, which is not done here: remove it")
        graph = N_("the query asks for {operation}, but the data has no such graph: name one that it has")
        super().__init__(graph if operation.startswith("FROM ") else done, operation=operation)
        self.operation = operation


_LIMITS = {
    "depth": N_("the query nests deeper than {value} levels: write it with fewer brackets"),
    "time": N_("the query took longer than {value} s and was stopped: ask for less"),
    "cpu": N_("the query used the processor for more than {value} s and was stopped: ask for less"),
    "memory": N_("the query needed more than {value} MiB of memory and was stopped: ask for less at once"),
    "size": N_("the answer is larger than {value} MiB: ask for fewer rows or columns"),
    "rows": N_("the answer has more than {value} rows: ask for fewer, with LIMIT and OFFSET in parts"),
}
_BUSY = {
    "queue": N_("{value} queries are waiting already: ask again soon"),
    "client_queries": N_("{value} queries of yours run or wait already: ask again when one has ended"),
    "starting": N_("the service is about to be ready again: ask again soon"),
}


class QueryLimitError(QueryError):
    """A query was stopped at a limit: its name, its value and the unit of that value."""

    _texts = _LIMITS
    _other = N_("the limit {limit} of {value} {unit} is reached: ask for less")

    def __init__(self, limit: str, value: float, unit: str) -> None:
        value = int(value) if value == int(value) else value  # 10 s, not 10.0 s
        super().__init__(self._texts.get(limit, self._other), limit=limit, value=value, unit=unit)
        self.limit = limit
        self.value = value
        self.unit = unit


class QueryBusyError(QueryLimitError):
    """A query was not begun, or gave way to others, because a limit on many at once was reached.

    retry_s: seconds after which it is worth asking again.
    """

    _texts = _BUSY
    _other = N_("too much at once ({limit}, {value} {unit}): ask again soon")

    def __init__(self, limit: str, value: float, unit: str, *, retry_s: int = 1) -> None:
        super().__init__(limit, value, unit)
        self.retry_s = retry_s


class QueryCancelledError(QueryError):
    """A running query was stopped by someone who knows its identifier."""

    def __init__(self) -> None:
        super().__init__(N_("the query was cancelled"))


class CollaborationError(CtlgraphError):
    """A measure is undefined on this collaboration graph."""

    def __init__(self, reason: str, /, **facts: object) -> None:
        super().__init__(reason, **facts)
        self.reason = reason
