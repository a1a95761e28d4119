"""The saved questions by theme, and those that have the words of a text.

Knows the catalogue; not how a page looks.
"""

from __future__ import annotations

from collections import Counter

from ctlgraph.catalogue import Catalogue, SavedQuery
from ctlgraph.messages import LANGUAGES, N_, translate
from ctlgraph.search import Ranking, ranked

THEMES = {
    "clusters": N_("Clusters"),
    "members": N_("Members"),
    "companies": N_("Companies"),
    "places": N_("Seats and places"),
    "networks": N_("Networks"),
    "collaboration": N_("Collaboration"),
    "groups": N_("Working groups"),
    "projects": N_("Projects"),
    "calls": N_("Calls"),
    "funding": N_("Funding"),
    "ecosystems": N_("Ecosystems"),
    "s3": N_("S3"),
    "pnrr": N_("Recovery plan"),
    "gaps": N_("What is missing"),
    "acts": N_("Acts and strategies"),
    "policy": N_("Policy"),
    "events": N_("Events"),
    "stories": N_("Success stories"),
    "people": N_("People"),
    "organisations": N_("Organisations"),
    "time": N_("Over time"),
    "timeline": N_("Timelines"),
    "statistics": N_("Statistics"),
    "figures": N_("Figures"),
    "sources": N_("Sources"),
    "provenance": N_("Where statements come from"),
    "consistency": N_("Consistency"),
    "contradictions": N_("Contradictions"),
    "certainty": N_("How sure it is"),
    "coverage": N_("Coverage"),
    "quality": N_("Quality of the data"),
    "graphs": N_("Named graphs"),
    "ontology": N_("Ontology"),
}
"""The tags of saved queries in words, in the order in which the catalogue has them."""


def theme(tag: str, lang: str) -> str:
    """A tag in words."""
    return translate(THEMES.get(tag, tag), lang)


def themes(catalogue: Catalogue, lang: str) -> list[tuple[str, str, int]]:
    """The themes of questions, their first tags: each in words, with how many there are, in a fixed order."""
    counts = Counter(saved.tags[0] for saved in catalogue.values())
    order = dict.fromkeys((*THEMES, *counts))
    return [(tag, theme(tag, lang), counts[tag]) for tag in order if counts[tag]]


def found(catalogue: Catalogue, text: str, tag: str) -> Ranking:
    """The names of the questions, of all tags or one, that have the words of a text."""
    fitting = [saved for saved in catalogue.values() if not tag or tag in saved.tags]
    return ranked(text, {saved.name: _words(saved) for saved in fitting})


def _words(saved: SavedQuery) -> tuple[str, str, str]:
    """Title, themes with what is chosen and shown, and description, in both languages."""
    labels = [each.label for each in saved.parameters.values()]
    labels += [each.label for each in saved.columns.values()]
    names = [theme(tag, lang) for tag in saved.tags for lang in LANGUAGES]
    names += [text for label in labels for text in label.values()]
    return (
        " ".join((*saved.title.values(), saved.name)),
        " ".join(names),
        " ".join(saved.description.values()),
    )
