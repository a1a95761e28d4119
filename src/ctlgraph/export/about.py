"""What a file says of itself: the question, its parameters, the release, the licence, how to cite it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ctlgraph.messages import N_, translate
from ctlgraph.vocabulary import BASE, PREFIXES

if TYPE_CHECKING:
    from ctlgraph.catalogue import Table
    from ctlgraph.release import Release

LICENCE = "https://creativecommons.org/licenses/by/4.0/"

HEADINGS = {
    "question": N_("Question"),
    "description": N_("Description"),
    "answer": N_("Answer"),
    "parameter": N_("Parameter"),
    "source": N_("Source"),
    "caution": N_("Known discrepancy"),
    "release": N_("Release"),
    "date": N_("Date of the release"),
    "licence": N_("Licence"),
    "citation": N_("How to cite"),
    "address": N_("Address"),
    "query": N_("SPARQL query"),
}


@dataclass(frozen=True)
class About:
    """Where an answer comes from.

    version, date: of the release, the date as 2022-12-31; both empty for files that were not validated.
    address: where the same answer is found again, if anywhere. sources: IRI and name of each document that
    it rests on. cautions: IRI and title of each known discrepancy about what it rests on.
    """

    version: str = ""
    date: str = ""
    address: str = ""
    sources: tuple[tuple[str, str], ...] = ()
    cautions: tuple[tuple[str, str], ...] = ()

    def citation(self, title: str, lang: str) -> str:
        """One line to cite an answer by, with the release that makes it findable again."""
        return f"{title}. {self.place(lang)} {self.address}".rstrip()

    def place(self, lang: str) -> str:
        """The release and its licence in words."""
        from ctlgraph.catalogue import day

        known = N_("In: ctlgraph, release {version}. Licence CC BY 4.0.")
        if self.date:
            known = N_("In: ctlgraph, release {version} of {date}. Licence CC BY 4.0.")
        files = N_("In: ctlgraph, files that were not validated.")
        date = day(self.date, f"{PREFIXES['xsd']}date", lang) or self.date
        return translate(known if self.version else files, lang, version=self.version, date=date)


def facts(table: Table, about: About, lang: str) -> Iterator[tuple[str, str]]:
    """What must be known of an answer: keys of HEADINGS and their texts, none empty, in an order to read."""
    return (fact for fact in _facts(table, about, lang) if fact[1])


def _facts(table: Table, about: About, lang: str) -> Iterator[tuple[str, str]]:
    from ctlgraph.catalogue import parameter as argument

    saved = table.saved
    yield "question", saved.title[lang]
    yield "description", saved.description[lang]
    yield "answer", table.sentence(lang)
    for name, parameter in saved.parameters.items():
        yield "parameter", f"{parameter.label[lang]}: {argument(table, name, lang)}"
    for iri, name in about.sources:
        yield "source", f"{name} <{iri}>"
    for iri, title in about.cautions:
        yield "caution", f"{title} <{iri}>"
    yield "release", about.version or translate(N_("files that were not validated"), lang)
    yield "date", about.date
    yield "licence", f"CC BY 4.0, {LICENCE}" if about.version else ""
    yield "citation", about.citation(saved.title[lang], lang)
    yield "address", about.address
    lines = table.filled.text.splitlines(keepends=True)
    yield "query", "".join(line for line in lines if not line.startswith("#+")).strip()


@dataclass(frozen=True)
class Origin:
    """The release that a file holds: its statements as N-Quads, its version and its date."""

    quads: Path
    version: str
    date: str
    validated: bool = True

    @classmethod
    def of(cls, release: Release) -> Origin:
        """That of an opened release."""
        validated = release.manifest.get("validated", True)
        return cls(release.path / "ctlgraph.nq", release.version, release.date, validated)

    def citation(self, lang: str) -> str:
        """One line to cite the release by."""
        text = N_(
            "ctlgraph: the Lombardy technology clusters as a knowledge graph. "
            "Release {version} of {date}. Licence CC BY 4.0. {address}"
        )
        if not self.validated:
            text = N_("ctlgraph: synthetic data, not validated. Release {version} of {date}. {address}")
        return translate(text, lang, version=self.version, date=self.date, address=BASE)
