"""A graph out of a few lines, as the pages ask it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ctlgraph.release import Release
from ctlgraph.store import Files, Store
from ctlgraph.vocabulary import PREFIXES
from ctlgraph.web.site.facts import Ask


def _asking(store: Store) -> Ask:
    async def ask(query: str) -> bytes:
        return store.query(query).serialize("json")

    return ask


@pytest.fixture
def made(tmp_path: Path) -> Callable[[str], Ask]:
    """Make a graph out of TriG, and a way to ask it."""

    def made(trig: str) -> Ask:
        path = tmp_path / "data.trig"
        path.write_text("".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items()) + trig)
        return _asking(Store.open(Files((path,), (), union=True)))

    return made


@pytest.fixture(scope="session")
def asked(release: Release) -> Ask:
    """A way to ask the real release."""
    return _asking(Store.open(release.path))
