"""What a notebook imports: the graph of a release, or of a service by its address, and typed answers.

>>> from ctlgraph import Graph
>>> graph = Graph.open()                                          # doctest: +SKIP
>>> graph.run("total-members").to_pandas()                        # doctest: +SKIP

Everything waits for its answer and needs no event loop, so that it works where one runs already.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ctlgraph.catalogue import Filled, SavedQuery, Steps, answering, documents, drive_now
from ctlgraph.export import About
from ctlgraph.graph.free import asking
from ctlgraph.graph.local import Local
from ctlgraph.graph.remote import Remote
from ctlgraph.graph.result import Result
from ctlgraph.messages import language

if TYPE_CHECKING:
    import networkx as nx  # type: ignore[import-untyped]

__all__ = ["Graph", "Result"]

T = TypeVar("T")
Argument = str | int | Decimal | float | date | bool | None


class Opened(Protocol):
    """What a graph is asked through."""

    @property
    def version(self) -> str:
        """The release."""

    @property
    def titles(self) -> Mapping[str, Mapping[str, str]]:
        """The titles of the saved queries by name and language."""

    def ask(self, text: str) -> tuple[str, bytes]:
        """The format and the answer to a SPARQL text: "json", of triples "nt"."""

    def saved(self, name: str) -> SavedQuery:
        """The saved query of a name."""

    def about(self, filled: Filled | None) -> About:
        """Where an answer comes from; None: the answer to no saved query."""


class Graph:
    """A release, or a service, opened for questions; `Graph.open` opens it.

    All methods raise errors of `ctlgraph.errors` only: QueryError and its kinds for a question, SourceError
    and ReleaseError for data that cannot be opened, CtlgraphError for a service that cannot be reached.
    """

    def __init__(self, opened: Opened, lang: str) -> None:
        """A graph over what is open. lang: of labels and sentences, "it" or "en"."""
        self._opened = opened
        self._lang = lang

    @classmethod
    def open(cls, source: str | Path | None = None, *, lang: str | None = None) -> Graph:
        """Open a graph.

        source: a version or the folder of a release, or the address of a service, http or https; without
        one, what the setting CTLGRAPH_RELEASE names, else the current release, which is built first if there
        is none. lang: of labels and sentences, "it" or "en"; else the environment's.
        """
        spoken = language(lang)
        if isinstance(source, str) and source.startswith(("http://", "https://")):
            return cls(Remote(source, spoken), spoken)
        return cls(Local.open(None if source is None else str(source)), spoken)

    def __repr__(self) -> str:
        """Say which release it is."""
        return f"<ctlgraph.Graph: release {self.version}>"

    @property
    def version(self) -> str:
        """The version of the release that answers."""
        return self._opened.version

    @property
    def questions(self) -> Mapping[str, str]:
        """The titles of the saved queries, by the names that `run` takes."""
        return {name: title[self._lang] for name, title in self._opened.titles.items()}

    def query(self, text: str) -> Result:
        """The answer to any SPARQL query, with labels beside IRIs.

        Columns get the type of what is in them. An ASK gives one row of the column ``answer``; CONSTRUCT
        and DESCRIBE give the columns ``subject predicate object``.
        """
        table = self._drive(asking(text, *self._opened.ask(text)))
        return Result(table, self._opened.about(None), self._lang, dict)

    def run(self, name: str, /, **parameters: Argument) -> Result:
        """The answer to a saved query; of an optional parameter, None means any.

        A parameter takes an IRI in short or in full ("cluster/afil"), a text, a number, a date, True or
        False. Raises UnknownQueryError and ParameterError, each with the nearest of what there is.
        """
        filled = self._opened.saved(name).fill({key: _text(value) for key, value in parameters.items()})
        table = self._drive(answering(filled))
        about = self._opened.about(filled)
        return Result(table, about, self._lang, lambda: self._drive(documents(filled)))

    def collaboration(self, *, of: str = "clusters", by: str = "networks", **conditions: Any) -> nx.Graph:
        """Who works with whom, as an ordinary `networkx.Graph`; its ``graph`` says where it comes from.

        of, by: what the nodes are and what joins them, as `ctlgraph.collaboration.Asked` has them.
        conditions: its other fields, such as ``projection="count"``, ``guests=True``, ``source="doc-003"``.
        Nodes are IRIs with ``label_it`` and ``label_en``; edges have ``weight`` and ``passages``.
        Raises ParameterError for a value that there is not, CollaborationError for a graph that cannot be.
        """
        from ctlgraph.collaboration import Asked, collaborating

        asked = Asked(of=of, by=by, **conditions)
        return self._drive(collaborating(asked, release=self._opened.about(None).version)).graph()

    def _drive(self, steps: Steps[T]) -> T:
        return drive_now(steps, lambda text: self._opened.ask(text)[1])


def _text(value: Argument) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return f"{Decimal(str(value)):f}"  # 1e-05 is not how a decimal is written
        case Decimal():
            return f"{value:f}"
    return str(value)
