"""Sources and shapes in, a release out: checked, versioned, never changed afterwards.

The steps: read, derive, validate, write beside, rename, point `current` at it. A build that fails or is
killed, at any step, leaves the earlier release and the pointer as they were. The same inputs give the
same bytes: no clock, no order of a set, no name of a machine goes in.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rdflib import Graph

from ctlgraph.errors import ReleaseError
from ctlgraph.messages import N_
from ctlgraph.release.derivation import derive, ntriples
from ctlgraph.release.disk import CURRENT, alone, point, publish, writing
from ctlgraph.sources import FORMAT, Sources, collect, dated, digest, extras, read
from ctlgraph.store import Store, canonical, dump
from ctlgraph.validation import Report, judge, validate
from ctlgraph.vocabulary import BASE, compact

ALTERED = N_(
    "{path} is not what was released: remove the folder and build again, or take a copy that is whole"
)
_BUILT = {"ontology", "vocab", "sources", "derived", "collaboration"}


@dataclass(frozen=True)
class Release:
    """A finished release: its folder, its version and date, and all that `manifest.json` says."""

    path: Path
    version: str
    date: str
    manifest: Mapping[str, Any]


def build(root: Path, out: Path, *, finish: Callable[[Release], object] = lambda release: None) -> Release:
    """Return the release of these sources in `out`, building it if it is not there, and make it current.

    finish: what else is done to a release before it is the current one, such as making its files.
    If another release has the version already, here or in `releases/`, its version gets `+` and the first
    8 digits of the hash of its inputs.
    Raises SourceError for files that cannot be read; ReleaseError, with the report, if a shape is
    violated, and if the release cannot be written. Then nothing has changed in `out`.
    """
    found = collect(root)
    inputs = digest(found)
    standing = current(out)
    if standing and standing.manifest["inputs"] == inputs:
        finish(standing)
        return standing
    name = _free_name(dated(found)[0], inputs, (out, root / "releases"))
    contents = {} if (out / name).exists() else _contents(read(root, found), name)
    with writing(out), alone(out):
        if contents and not (out / name).exists():
            publish(out, name, contents)
        release = open_release(out / name)
        if release.manifest["inputs"] == inputs:
            verify(release)
            finish(release)
            point(out, name)
            return release
    return build(root, out, finish=finish)  # another build has taken the name meanwhile


def check(root: Path, *, extra: Iterable[Path] = (), reasoning: bool = False) -> Report:
    """Return what the shapes say of these sources; nothing is written. Raises SourceError.

    root: a project; or a release, whose own shapes judge it then (ReleaseError if it was altered).
    extra: files and folders that are read with the project's; then only what concerns them is reported.
    reasoning: ask the reasoners too, if the extra of that name is installed; what they find concerns all.
    """
    if (root / "manifest.json").is_file():
        return _check_release(open_release(root))
    more = extras(root, extra)
    sources = read(root, {**collect(root), **more})
    report = validate(sources, derive(sources).triples)
    if more:
        report = Report(tuple(f for f in report.findings if f.location and f.location.path in more))
    if not reasoning:
        return report
    from ctlgraph.validation.owl import reasoned

    return reasoned(report, sources)


def _check_release(release: Release) -> Report:
    verify(release)
    with (release.path / "ctlgraph.nq").open(encoding="utf-8", newline="\n") as quads:
        triples = "".join(quad.rsplit(" ", 2)[0] + " .\n" for quad in quads)
    return judge(triples, Graph().parse(release.path / "shapes.nt", format="nt"))


def current(out: Path) -> Release | None:
    """Return the release that `current` points at, None if there is none."""
    pointer = out / CURRENT
    return open_release(pointer.resolve()) if pointer.is_dir() else None


def open_release(path: Path) -> Release:
    """Return the release in a folder. Raises ReleaseError if it is none.

    The sums are not compared here: every query process opens the release, and `verify` reads all of it.
    """
    try:
        manifest = json.loads((path / "manifest.json").read_bytes())
        return Release(path, manifest["version"], manifest["date"], manifest)
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = N_(
            "{path} is not a release: its manifest.json cannot be read; remove the folder and build again"
        )
        raise ReleaseError(reason, path=path) from error


def verify(release: Release) -> None:
    """Compare every file with SHA256SUMS. Raises ReleaseError with the first that is altered or missing."""
    try:
        for line in (release.path / "SHA256SUMS").read_text("utf-8").splitlines():
            total, _, name = line.partition("  ")
            if hashlib.sha256((release.path / name).read_bytes()).hexdigest() != total:
                raise ReleaseError(ALTERED, path=release.path / name)
    except (OSError, ValueError) as error:
        raise ReleaseError(ALTERED, path=getattr(error, "filename", None) or release.path) from error


def keep(release: Release, folder: Path, *, beside: Mapping[str, bytes] | None = None) -> Path:
    """Return `folder/<version>`, a compressed copy of a release to be kept with the sources.

    beside: further files by name, which are kept with it. One that is there already stays as it is;
    ReleaseError if it was made from other inputs.
    """
    kept = folder / release.version
    if kept.exists():
        if open_release(kept).manifest != release.manifest:
            raise ReleaseError(
                N_("{path} is kept with other contents: raise the version in CHANGELOG.md"), path=kept
            )
        return kept
    verify(release)
    with writing(folder):
        contents = {
            "ctlgraph.nq.gz": gzip.compress((release.path / "ctlgraph.nq").read_bytes(), mtime=0),
            "manifest.json": (release.path / "manifest.json").read_bytes(),
            **(beside or {}),
        }
        publish(folder, release.version, contents)
    return kept


def _contents(sources: Sources, name: str) -> dict[str, bytes]:
    """Return the files of a release. Raises ReleaseError with the report if a shape is violated."""
    derived = derive(sources)
    report = validate(sources, derived.triples)
    if not report.conforms:
        reason = N_("violations that forbid a release: {count}; correct what is listed, then build again")
        raise ReleaseError(reason, report=report, count=report.counts["violation"])
    store = Store.from_nquads(derived.nquads)
    quads = canonical(derived.nquads)
    folders = sorted({_family(graph) for graph in _graphs(quads)} - _BUILT)
    manifest = {
        "format": FORMAT,
        "version": name,
        "date": sources.date,
        "inputs": sources.inputs,
        "rdfc10": hashlib.sha256(quads).hexdigest(),
        "counts": _counts(store, quads, report),
    }
    return {
        "ctlgraph.nq": quads,
        "shapes.nt": canonical(ntriples(sources.shapes)),
        **{f"trig/{folder}.trig": dump(quads, "trig", f"{BASE}graph/{folder}/") for folder in folders},
        "report.ttl": report.turtle(),
        "manifest.json": (json.dumps(manifest, indent=2, sort_keys=True) + "\n").encode(),
    }


def _counts(store: Store, canonical: bytes, report: Report) -> dict[str, Any]:
    graphs = _graphs(canonical)
    families: Counter[str] = Counter()
    for graph, quads in graphs.items():
        families[_family(graph)] += quads
    return {
        "quads": graphs.total(),
        "graphs": len(graphs),
        "families": dict(families),
        "entities": _entities(store),
        "findings": report.counts,
    }


def _graphs(canonical: bytes) -> Counter[str]:
    """Return the number of quads of each graph; the last term of a line of N-Quads is its graph."""
    return Counter(line.rsplit(b" ", 2)[1][1:-1].decode() for line in canonical.splitlines())


def _family(graph: str) -> str:
    """Return "doc-003", "curated", "vocab" and so on for the IRI of a graph."""
    return graph.removeprefix(BASE).removeprefix("graph/").split("/")[0]


def _entities(store: Store) -> dict[str, int]:
    query = f"""SELECT ?class (COUNT(DISTINCT ?entity) AS ?count)
        WHERE {{ ?entity a ?class FILTER(STRSTARTS(STR(?entity), "{BASE}id/")) }} GROUP BY ?class"""
    rows = csv.DictReader(store.query(query).serialize("csv").decode().splitlines())
    return {compact(row["class"]): int(row["count"]) for row in rows}


def _free_name(version: str, inputs: str, folders: tuple[Path, ...]) -> str:
    """Return the version, or with the hash of the inputs if a release of other inputs has it already."""
    taken = (folder / version for folder in folders)
    if all(open_release(path).manifest["inputs"] == inputs for path in taken if path.exists()):
        return version
    return f"{version}+{inputs[:8]}"
