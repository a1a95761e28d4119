"""The page of data: what can be taken away, where programs ask, and how common programs do it.

Knows what the page shows; `releases` and `catalog` make the files and describe them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request

from ctlgraph.errors import CtlgraphError
from ctlgraph.export import File, Origin
from ctlgraph.export.forms import Form
from ctlgraph.messages import N_, translate
from ctlgraph.release import Release, open_release
from ctlgraph.release.kept import numbers
from ctlgraph.web.negotiation import reader_language
from ctlgraph.web.releases import files_of
from ctlgraph.web.service import Service
from ctlgraph.web.site.rendering import Crumb, render

QUESTION = "member-counts"
"""The question that the recipes ask."""


@dataclass(frozen=True)
class Download:
    """A form of the release with its file, and the same compressed if there is such a file."""

    form: Form
    file: File
    compressed: File | None


async def page(request: Request, service: Service) -> bytes:
    """Downloads, releases, licence, addresses for programs, and recipes with those of this service."""
    lang, served = reader_language(request), service.current.served
    release = open_release(served.content) if served.validated and isinstance(served.content, Path) else None
    files, wrong = await _files(release, lang)
    base = service.base(request.scope)
    context = {
        "release": release,
        "downloads": downloads(files),
        "wrong": wrong,
        "before": _before(service, served.version) if release else "",
        "citation": Origin.of(release).citation(lang) if release else "",
        "base_url": base,
        "whole_url": base.removesuffix(f"{service.prefix}/").rstrip("/") + "/",  # not of one release
        "question": f"{base}queries/{QUESTION}",
        "name": QUESTION,
    }
    return await render(
        request, service, "data.html", crumbs=(Crumb(translate(N_("Data"), lang)),), **context
    )


def downloads(files: Sequence[File]) -> tuple[Download, ...]:
    """The files by form, in their order."""
    packed = {file.form.name: file for file in files if file.compression}
    return tuple(
        Download(file.form, file, packed.get(file.form.name)) for file in files if not file.compression
    )


async def _files(release: Release | None, lang: str) -> tuple[Sequence[File], str]:
    """The files of a release; or why there are none, for the rest of the page does not depend on them."""
    if release is None:
        return (), ""
    try:
        return await files_of(release), ""
    except CtlgraphError as error:
        return (), error.text(lang)


def _before(service: Service, version: str) -> str:
    """The release before this one, "" if it is the first."""

    def place(each: str) -> tuple[object, str]:
        return numbers(each), each

    return max(
        (each for each in service.earlier.known() if place(each) < place(version)), key=place, default=""
    )
