"""Turtle and TriG files in, one dataset out, with the file and line of every statement.

It knows where each file stands and which graph its statements go to; `turtle.py` knows the syntax and
`checks.py` what is asked of a statement. What the data must say is for the shapes (`validation.py`).
"""

from __future__ import annotations

import errno
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path

from rdflib import Dataset, Graph, URIRef

from ctlgraph.errors import SourceError
from ctlgraph.messages import N_
from ctlgraph.sources.checks import misplaced, unknown_terms
from ctlgraph.sources.turtle import Document, Term, decode, parse
from ctlgraph.vocabulary import BASE

FORMAT = 3  # raise it when the same files would make another release
CHANGELOG = "CHANGELOG.md"

Quad = tuple[Term, URIRef, Term, URIRef]

_FOLDERS = ("data/ttl", "ontology", "shapes")
_PATTERNS = "ontology/patterns"  # queries of the reference page: no part of a release
_EXTRA = BASE + "graph/extra"
_HOMES = tuple(
    (re.compile(pattern + r"\Z"), BASE + home)
    for pattern, home in (
        (r"ontology/alignments\.ttl", "ontology/alignments"),
        (r"ontology/[^/]+\.ttl", "ontology"),
        (r"ontology/vocab/([^/]+)\.ttl", r"vocab/\1"),
        (r"ontology/derived/[^/]+\.rq", "graph/derived"),
        (r"shapes/[^/]+\.ttl", "shapes"),
        (r"data/ttl/sources\.ttl", "graph/sources"),
        (r"data/ttl/(doc-[0-9]{3}|curated)/[^/]+\.trig", r"graph/\1/"),
    )
)
_RDF_FILES = (".ttl", ".trig", ".rq", ".nt", ".nq", ".n3", ".rdf", ".owl", ".jsonld")
_ENTRY = re.compile(
    r"^## \[(?P<version>[0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.-]*)\] - (?P<date>\S+)\s*$", re.MULTILINE
)
_UNREADABLE = {
    errno.ENOENT: N_("is not there: create it, or start from the project's folder"),
    errno.EACCES: N_("may not be read: give your user the permission to read it"),
    errno.EISDIR: N_("is a folder where a file should be: rename it or remove it"),
    errno.ENOTDIR: N_("is a file where a folder should be: rename it or remove it"),
}


@dataclass(frozen=True)
class Location:
    """A line of a file; the path is relative to the root of the project."""

    path: str
    line: int

    def __str__(self) -> str:
        """Return what an editor takes: `data/ttl/doc-003/afil.trig:12`."""
        return f"{self.path}:{self.line}"


@dataclass(frozen=True)
class Sources:
    """All that the project's files say.

    dataset: the union of its graphs is its default graph; shapes stand apart.
    locations: where each statement, shapes included, is written; its first place if it has several.
    rules: path and text of the queries that derive further statements, in the order they run.
    files: path and sha256 of each input; inputs: one sha256 over them all.
    version, date: those of the last dated entry of the changelog.
    """

    dataset: Dataset
    shapes: Graph
    locations: Mapping[Quad, Location]
    rules: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]
    inputs: str
    version: str
    date: str


def root() -> Path:
    """Return the folder of ontology, shapes and data: of the installed package, else of this clone."""
    carried = Path(str(files("ctlgraph").joinpath("_data")))
    if carried.is_dir():
        return carried
    for folder in Path(__file__).resolve().parents:
        if (folder / "pyproject.toml").is_file() and (folder / "ontology").is_dir():
            return folder
    raise SourceError("ontology", None, _UNREADABLE[errno.ENOENT])


def collect(root: Path) -> dict[str, bytes]:
    """Return the bytes of every input file by its path, sorted.

    Raises SourceError if a folder or file is missing, unreadable, or an RDF file stands where none is read.
    """
    found: dict[str, bytes] = {}
    problems: list[SourceError] = []
    for path in [CHANGELOG, *(path for folder in _FOLDERS for path in _walk(root, folder, problems))]:
        try:
            found[path] = (root / path).read_bytes()
        except OSError as error:
            problems.append(_unreadable(path, error))
    strays = [path for path in found if path != CHANGELOG and not _home(path)]
    _refuse([*problems, *(SourceError(path, None, _NOT_READ) for path in strays)])
    return dict(sorted(found.items()))


_NOT_READ = N_("stands where no such file is read: see 'Data layout' in CONTRIBUTING.md, or move it away")


def extras(root: Path, paths: Iterable[Path]) -> dict[str, bytes]:
    """Return the bytes of further files and of the RDF files in further folders, to be read with the rest.

    A file of the project has its path there, another the path that was given. Raises SourceError.
    """
    found: dict[str, bytes] = {}
    problems: list[SourceError] = []
    for path in paths:
        for name in _walk(Path(), path.as_posix(), problems) if path.is_dir() else [path.as_posix()]:
            file, home = Path(name).resolve(), root.resolve()
            own = file.relative_to(home).as_posix() if file.is_relative_to(home) else name
            try:
                found[own] = file.read_bytes()
            except OSError as error:
                problems.append(_unreadable(own, error))
    _refuse(problems)
    return found


def _walk(root: Path, folder: str, problems: list[SourceError]) -> Iterator[str]:
    try:
        for name in sorted(entry.name for entry in (root / folder).iterdir() if entry.name[0] != "."):
            path = f"{folder}/{name}"
            if path == _PATTERNS:
                continue
            if (root / path).is_dir() or not (root / path).exists():  # a broken link shows when it is opened
                yield from _walk(root, path, problems)
            elif name.endswith(_RDF_FILES):
                yield path
    except OSError as error:
        problems.append(_unreadable(folder, error))


def _unreadable(path: str, error: OSError) -> SourceError:
    reason = _UNREADABLE.get(error.errno or 0, N_("cannot be read ({detail}): check the disk and the link"))
    return SourceError(path, None, reason, detail=N_(error.strerror or str(error)))


def _home(path: str) -> str:
    """Return the graph that a file writes to, "" if no file is read there."""
    matches = ((pattern.match(path), home) for pattern, home in _HOMES)
    return next((found.expand(home) for found, home in matches if found), "")


def _refuse(problems: list[SourceError]) -> None:
    if problems:
        first, *others = sorted(problems, key=lambda problem: (problem.path, problem.line or 0))
        first.others = tuple(others)
        raise first


def digest(found: Mapping[str, bytes]) -> str:
    """Return one sha256 over all inputs: of the changelog only the version and the date count."""
    lines = [f"format {FORMAT}", *dated(found), *(f"{sha}  {path}" for path, sha in _sums(found))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _sums(found: Mapping[str, bytes]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (path, hashlib.sha256(data).hexdigest()) for path, data in found.items() if path != CHANGELOG
    )


def dated(found: Mapping[str, bytes]) -> tuple[str, str]:
    """Return version and date of the changelog's last dated entry. Raises SourceError if there is none."""
    text = decode(CHANGELOG, found[CHANGELOG])
    entry = _ENTRY.search(text)
    if not entry:
        reason = N_("no dated entry: add a line such as  ## [0.1.0] - 2025-01-31")
        raise SourceError(CHANGELOG, None, reason)
    try:
        return entry["version"], date.fromisoformat(entry["date"]).isoformat()
    except ValueError as error:
        line = text.count("\n", 0, entry.start()) + 1
        reason = N_("'{date}' is no date: write it as 2025-01-31")
        raise SourceError(CHANGELOG, line, reason, date=entry["date"]) from error


def read(root: Path, found: Mapping[str, bytes] | None = None) -> Sources:
    """Return all that the files of a project say.

    found: what `collect` returned, if it was called already, with `extras` or without; an extra file may
    have blank nodes and graphs of any name, and what it says outside them goes to one graph of its own.
    Raises SourceError for what is not Turtle, else for all that is out of place or unknown: the first
    problem, and in its `others` the rest.
    """
    found = collect(root) if found is None else found
    version, day = dated(found)
    documents = _parse(found)
    data = {
        path: document for path, document in documents.items() if path.startswith("data/") and _home(path)
    }
    placed = (problem for path in data for problem in misplaced(path, data[path], _home(path)))
    _refuse([*placed, *unknown_terms(documents)])
    dataset, shapes = Dataset(default_union=True), Graph()
    locations: dict[Quad, Location] = {}
    for path, document in documents.items():
        home = URIRef(_home(path) or _EXTRA)
        for subject, predicate, value, graph, line in document.statements:
            name = graph or home
            target = shapes if path.startswith("shapes/") else dataset.graph(name)
            target.add((subject, predicate, value))
            locations.setdefault((subject, predicate, value, name), Location(path, line))
    rules = tuple((path, decode(path, data)) for path, data in found.items() if path.endswith(".rq"))
    return Sources(dataset, shapes, locations, rules, _sums(found), digest(found), version, day)


def _parse(found: Mapping[str, bytes]) -> dict[str, Document]:
    documents: dict[str, Document] = {}
    problems: list[SourceError] = []
    for path, data in found.items():
        if path != CHANGELOG and not path.endswith(".rq"):
            try:
                documents[path] = parse(path, data)
            except SourceError as problem:
                problems.append(problem)
    _refuse(problems)
    return documents
