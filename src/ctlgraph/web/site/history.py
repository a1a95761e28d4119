"""What the pages of releases show, and what programs get of the same: releases, their files, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from starlette.requests import Request

from ctlgraph.diff.telling import Told
from ctlgraph.diff.words import FACTS, counted, kind
from ctlgraph.errors import ReleaseError
from ctlgraph.export import SUMS, File, Origin
from ctlgraph.export.about import LICENCE
from ctlgraph.messages import LANGUAGES, translate
from ctlgraph.release import Release
from ctlgraph.release.kept import triples
from ctlgraph.vocabulary import BASE, PREFIXES, expand
from ctlgraph.web.negotiation import reader_language
from ctlgraph.web.service import Service
from ctlgraph.web.site.facts import path_of
from ctlgraph.web.site.rendering import Crumb, render

_ASKED_MOST = ("observation", "figure", "cluster", "project", "network")
_SIZES = (("MB", 1e6), ("kB", 1e3))


async def releases(request: Request, service: Service, found: Sequence[Release]) -> bytes:
    """All releases, with ways to what is in them and to what changed."""
    lang = reader_language(request)
    crumb = Crumb(translate("Releases", lang))
    before = {later.version: earlier.version for later, earlier in pairwise(found)}
    return await render(request, service, "releases.html", crumbs=(crumb,), releases=found, before=before)


async def release(request: Request, service: Service, found: Release, known: Sequence[Release]) -> bytes:
    """One release: its counts, its files, how it is asked, how it is cited."""
    crumbs = (Crumb(translate("Releases", reader_language(request)), "/releases"), Crumb(found.version))
    order = [each.version for each in known]
    place = order.index(found.version)
    pairs = [(each, found.version) for each in order[place + 1 :]]
    pairs += [(found.version, each) for each in order[:place]]
    context = {
        "release": found,
        "counts": found.manifest["counts"],
        "pairs": pairs,
        "current": service.current.served.version == found.version,
        "citation": Origin.of(found).citation(reader_language(request)),
        "iri": iri_of(found.version),
    }
    return await render(request, service, "release.html", crumbs=crumbs, **context)


async def files(request: Request, service: Service, found: Release, listed: Sequence[File]) -> bytes:
    """The files of a release with sizes and sums."""
    crumbs = (
        Crumb(translate("Releases", reader_language(request)), "/releases"),
        Crumb(found.version, f"/releases/{found.version}"),
        Crumb(translate("Files", reader_language(request))),
    )
    context = {
        "release": found,
        "files": [(each, in_words(each.size, reader_language(request))) for each in listed],
        "sums": SUMS,
        "citation": Origin.of(found).citation(reader_language(request)),
    }
    return await render(request, service, "dump.html", crumbs=crumbs, **context)


async def changes(request: Request, service: Service, a: Release, b: Release, told: Told) -> bytes:
    """What changed from one release to another, in sentences."""
    lang = reader_language(request)
    crumbs = (Crumb(translate("Releases", lang), "/releases"), Crumb(f"{a.version} … {b.version}"))
    words = told.words[lang]
    for group in words["groups"]:
        group["paths"] = [(name, path_of(iri)) for iri, name in group["things"]]
    for sentence in words["sentences"]:
        sentence["path"] = path_of(sentence["iri"]) if sentence["iri"] else ""
        sentence["fact"] = bool(sentence["iri"]) and kind(sentence["iri"]) in FACTS
    asked_most = {of: _changed(words, of) for of in _ASKED_MOST}
    context = {
        "a": a,
        "b": b,
        "told": told,
        "words": words,
        "facts": FACTS,
        "changed": [counted(number, of, lang) for of, number in asked_most.items() if number],
    }
    return await render(request, service, "changes.html", crumbs=crumbs, **context)


def _changed(words: Mapping[str, Any], of: str) -> int:
    """How many things of a kind are new, gone or no longer the same."""
    groups = sum(len(group["things"]) for group in words["groups"] if group["kind"] == of)
    return groups + sum(bool(each["iri"]) and kind(each["iri"]) == of for each in words["sentences"])


def described(found: Release, base: str) -> dict[str, Any]:
    """A release for programs."""
    return {
        "version": found.version,
        "date": found.date,
        "iri": iri_of(found.version),
        "page": f"{base}releases/{found.version}",
        "browse": f"{base}releases/{found.version}/",
        "sparql": f"{base}sparql?release={found.version}",
        "files": f"{base}dump/{found.version}/",
        "rdfc10": found.manifest["rdfc10"],
        "counts": {**found.manifest["counts"], "triples": _triples(found)},
        "licence": LICENCE,
    }


def listing(found: Release, listed: Iterable[File], base: str) -> dict[str, Any]:
    """The files of a release for programs."""
    return {
        "version": found.version,
        "date": found.date,
        "licence": LICENCE,
        "citation": {lang: Origin.of(found).citation(lang) for lang in LANGUAGES},
        "sums": f"{base}{SUMS}",
        "files": [
            {
                "name": each.name,
                "url": f"{base}{each.name}",
                "format": each.form.name,
                "mediaType": each.form.media,
                "compressFormat": each.compression or None,
                "packageFormat": each.package or None,
                "size": each.size,
                "sha256": each.sha256,
                "description": {lang: translate(each.form.description, lang) for lang in LANGUAGES},
            }
            for each in listed
        ],
    }


def statements(found: Sequence[Release], *, only: str = "") -> bytes:
    """The releases as N-Quads: DCAT, each with the one before it."""
    return "".join(_said(found, only)).encode()


def _triples(found: Release) -> int | None:
    """How many triples it holds, each counted once as VoID does; None if its file is damaged."""
    try:
        return triples(found)
    except ReleaseError:
        return None


def _said(found: Sequence[Release], only: str) -> Iterator[str]:
    before = {later.version: earlier.version for later, earlier in pairwise(found)}
    for each in found:
        if only in ("", each.version):
            values = {
                "rdf:type": f"<{expand('dcat:Dataset')}>",
                "dct:isVersionOf": f"<{BASE}>",
                "dct:license": f"<{LICENCE}>",
                "dct:issued": f'"{each.date}"^^<{PREFIXES["xsd"]}date>',
                "dcat:version": f'"{each.version}"',
            }
            count = _triples(each)
            if count is not None:
                values["void:triples"] = f'"{count}"^^<{PREFIXES["xsd"]}integer>'
            if each.version in before:
                values["dcat:previousVersion"] = f"<{iri_of(before[each.version])}>"
            for name, value in values.items():
                yield f"<{iri_of(each.version)}> <{expand(name)}> {value} .\n"


def iri_of(version: str) -> str:
    """The IRI of a release, at whose path its page is."""
    return f"{BASE}releases/{version}"


def in_words(size: int, lang: str) -> str:
    """A number of bytes for a person.

    >>> in_words(1_300_000, "it"), in_words(12_345, "en"), in_words(12, "en")
    ('1,3 MB', '12 kB', '12 B')
    """
    for unit, factor in _SIZES:
        if size >= factor:
            text = f"{size / factor:.1f}" if size < 10 * factor else f"{size / factor:.0f}"
            return f"{text.replace('.', {'it': ',', 'en': '.'}[lang])} {unit}"
    return f"{size} B"
