"""A release on this machine, opened in this process."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cached_property

from ctlgraph.catalogue import Catalogue, Filled, SavedQuery, Words, read
from ctlgraph.export import About
from ctlgraph.release import Release, build, current
from ctlgraph.release.kept import find
from ctlgraph.settings import Settings, is_clone, releases_folder
from ctlgraph.sources import root
from ctlgraph.store import Store

_log = logging.getLogger(__name__)


class Local:
    """A release and the saved queries that this package carries."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._store = Store.open(release.path)

    @classmethod
    def open(cls, name: str | None) -> Local:
        """The release of that version or folder, else of CTLGRAPH_RELEASE, else the current one.

        If there is none, it is built.
        """
        return cls(_release(name or Settings.read().release))

    @property
    def version(self) -> str:
        """The version of the release."""
        return self._release.version

    @property
    def titles(self) -> Mapping[str, Words]:
        """The titles of the saved queries."""
        return {name: saved.title for name, saved in self._catalogue.items()}

    def ask(self, text: str) -> tuple[str, bytes]:
        """The answer of the store, triples as N-Triples."""
        answer = self._store.query(text)
        format_name = "nt" if answer.kind == "construct" else "json"
        return format_name, answer.serialize(format_name)

    def saved(self, name: str) -> SavedQuery:
        """The saved query. Raises UnknownQueryError."""
        return self._catalogue.get_near(name)

    def about(self, filled: Filled | None) -> About:
        """The release; it has no address."""
        return About(self._release.version, self._release.date)

    @cached_property
    def _catalogue(self) -> Catalogue:
        return read(root())


def _release(name: str | None) -> Release:
    folder = root()
    releases = releases_folder(folder)
    if name is not None:
        return find(name, folder, releases)
    found = current(releases)
    if found and is_clone(folder):  # its data are being written; those of a package are finished
        return found
    if found is None:
        _log.info("there is no release yet: building one in %s", releases)
    return build(folder, releases)
