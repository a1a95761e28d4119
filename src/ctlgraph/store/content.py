"""What a store is made of: a release, or RDF files that someone names; and how it gets into the engine."""

from __future__ import annotations

import gzip
import mmap
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as engine

from ctlgraph.errors import SourceError
from ctlgraph.messages import N_
from ctlgraph.terminals import check_depth

_WHERE = re.compile(r"(Parser )?error (at line \d+ )?(column \d+|between .*? and .*?): ", re.IGNORECASE)
_FORMATS = ("ttl", "trig", "nt", "nq", "jsonld", "rdf", "xml")  # "txt" may be anything
_RELATIVE = "No scheme found in an absolute IRI"
_LINES = (engine.RdfFormat.N_TRIPLES, engine.RdfFormat.N_QUADS)
_GZIP_RATIO = 10  # what RDF usually shrinks by


@dataclass(frozen=True)
class Files:
    """RDF files, not validated: Turtle, TriG, N-Triples, N-Quads, JSON-LD or RDF/XML, by their extension.

    data: their triples go to the default graph, those of TriG, N-Quads and JSON-LD to the graphs they name;
    named: IRI of a graph and the file whose triples it holds; union: the default graph is the merge of all.
    """

    data: tuple[Path, ...] = ()
    named: tuple[tuple[str, Path], ...] = ()
    union: bool = False


Content = Path | Files


def merged(content: Content) -> bool:
    """Whether the default graph is the merge of all graphs, as it is in a release."""
    return content.union if isinstance(content, Files) else True


def paths(content: Content) -> tuple[Path, ...]:
    """The files that the content is read from."""
    if isinstance(content, Files):
        return (*content.data, *(path for _, path in content.named))
    return (content / "ctlgraph.nq",)


def size(content: Content) -> int:
    """About how many bytes the content has; 0 for files that are not there."""
    return sum(
        path.stat().st_size * (_GZIP_RATIO if path.suffix == ".gz" else 1)
        for path in paths(content)
        if path.is_file()
    )


def load(store: engine.Store, content: Content) -> None:
    """Load the content straight from its files. Raises SourceError, with the line where there is one."""
    if isinstance(content, Files):
        for path in content.data:
            _load(store, path)
        for iri, path in content.named:
            _load(store, path, iri)
    else:
        path = content / "ctlgraph.nq"
        read(store, path, engine.RdfFormat.N_QUADS, source=path)


def read(
    store: engine.Store,
    name: Path,
    form: engine.RdfFormat,
    *,
    source: Path | bytes,
    graph: str | None = None,
) -> None:
    """Read one file, or its bytes, into the engine; triples go to `graph`. Raises SourceError."""
    try:
        store.bulk_load(
            **({"input": source} if isinstance(source, bytes) else {"path": _readable(source)}),
            format=form,
            base_iri=graph,
            to_graph=None if graph is None else engine.NamedNode(graph),
        )
    except SyntaxError as error:
        reason = _WHERE.sub("", str(error.msg))
        if _RELATIVE in reason:
            reason = N_("an IRI is relative: write it in full, or begin the file with its base")
            raise SourceError(str(name), error.lineno, reason) from error
        text = N_("this is not valid {form}: {reason}")
        raise SourceError(str(name), error.lineno, text, form=form.name, reason=reason) from error
    except (OSError, ValueError) as error:
        raise SourceError(str(name), None, _said(error)) from error


def _load(store: engine.Store, path: Path, graph: str | None = None) -> None:
    packed = path.suffix == ".gz"
    extension = (Path(path.stem).suffix if packed else path.suffix)[1:].lower()
    extension = "rdf" if extension == "owl" else extension
    form = engine.RdfFormat.from_extension(extension) if extension in _FORMATS else None
    if form is None:
        reason = N_("this is no RDF file: its name ends in .ttl .trig .nt .nq .jsonld .rdf or .owl, and .gz")
        raise SourceError(str(path), None, reason)
    try:
        data = gzip.decompress(path.read_bytes()) if packed else None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise SourceError(str(path), None, N_("this is not a whole file of gzip")) from error
    except OSError as error:
        raise SourceError(str(path), None, _said(error)) from error
    if form != engine.RdfFormat.RDF_XML:  # whose parser keeps no stack
        _check_depth(path, data, lines=form in _LINES)
    read(store, path, form, source=path if data is None else data, graph=graph)


def _check_depth(path: Path, data: bytes | mmap.mmap | None, *, lines: bool) -> None:
    """Raise SourceError for deep nesting; in a format of lines only triple terms nest."""
    if data is None:
        if path.is_file() and path.stat().st_size:
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
                _check_depth(path, mapped, lines=lines)
    elif not lines or data.find(b"<<(") >= 0:
        check_depth(str(path), data)


def _readable(path: Path) -> Path:
    """The path, once it has been opened: the system says better than the engine why one cannot be read."""
    with path.open("rb"):
        return path


def _said(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
