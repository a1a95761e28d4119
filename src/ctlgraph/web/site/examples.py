"""The saved queries as examples for one's own, by theme."""

from __future__ import annotations

from collections.abc import Mapping

from ctlgraph.catalogue import Catalogue, SavedQuery
from ctlgraph.search import folded
from ctlgraph.web.site.themes import themes

Group = tuple[str, str, tuple[SavedQuery, ...]]
"""A theme, the same in words, and its questions by title."""


def by_theme(catalogue: Catalogue, lang: str) -> tuple[Group, ...]:
    """Every question, once, under its first tag, in the order of the catalogue's page."""
    titled = sorted(catalogue.values(), key=lambda saved: folded(saved.title[lang]))
    groups: Mapping[str, list[SavedQuery]] = {tag: [] for tag, _, _ in themes(catalogue, lang)}
    for saved in titled:
        groups[saved.tags[0]].append(saved)
    return tuple((tag, name, tuple(groups[tag])) for tag, name, _ in themes(catalogue, lang))
