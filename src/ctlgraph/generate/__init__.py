"""Synthetic releases of any size in the model of the real one, from a seed, byte for byte again.

It knows how a release is put together without being held in memory; `world.py` knows what is in it. The
manifest says that it is synthetic and was not validated: `ctlgraph check` on the folder does that.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

from ctlgraph.errors import ParameterError
from ctlgraph.generate.world import Size, World
from ctlgraph.messages import N_
from ctlgraph.release.derivation import derive, ntriples
from ctlgraph.release.sorting import RUN, in_order
from ctlgraph.sources import FORMAT, collect, read
from ctlgraph.store import canonical
from ctlgraph.vocabulary import BASE, compact, expand, passage

__all__ = ["Size", "synthesise"]

_ENTITY, _PASSAGE, _TYPE = f"<{BASE}id/", f"<{expand('ctl:Passage')}>", f"<{expand('rdf:type')}>"


def synthesise(root: Path, out: Path, size: Size, *, run: int = RUN) -> Path:
    """Write a synthetic release into a new folder and return it.

    root: the project whose ontology and shapes the release takes. run: how many statements are held in
    memory at most. Raises ParameterError if the folder is there and not empty, SourceError if the ontology
    cannot be read.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ParameterError("-o", str(out), N_("a folder that is not there yet, or empty"))
    sources = read(root, {path: data for path, data in collect(root).items() if not path.startswith("data/")})
    ontology = [line.decode() for line in canonical(derive(sources).nquads).splitlines(True)]
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as beside:
        runs, folder = Path(beside) / "runs", Path(beside) / "release"
        runs.mkdir()
        folder.mkdir()
        said = (line for text in World(size, ontology).statements() for line in text.splitlines(True))
        counts = _write(folder / "ctlgraph.nq", in_order(chain(ontology, said), runs, run))
        (folder / "shapes.nt").write_bytes(canonical(ntriples(sources.shapes)))
        manifest = {
            "format": FORMAT,
            "version": "synthetic-" + "-".join(map(str, asdict(size).values())),
            "date": sources.date,
            "inputs": hashlib.sha256(f"{sources.inputs} {size}".encode()).hexdigest(),
            "rdfc10": _sha256(folder / "ctlgraph.nq"),
            "counts": counts,
            "synthetic": asdict(size),
            "validated": False,
        }
        (folder / "manifest.json").write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", "utf-8")
        sums = "".join(f"{_sha256(path)}  {path.name}\n" for path in sorted(folder.iterdir()))
        (folder / "SHA256SUMS").write_text(sums, "utf-8")
        folder.replace(out)
    return out


def _write(path: Path, lines: Iterable[str]) -> dict[str, Any]:
    """Write the N-Quads and return what the manifest of a release counts; there are no findings yet."""
    graphs: set[str] = set()
    families: Counter[str] = Counter()
    entities: Counter[str] = Counter()
    passages = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for line in lines:
            file.write(line)
            graph = line.rsplit(" ", 2)[1][1:-1]
            families[graph.removeprefix(BASE).removeprefix("graph/").split("/")[0]] += 1
            subject, predicate, value = line.split(" ", 3)[:3]
            if predicate == _TYPE:
                passages += value == _PASSAGE  # each names its graph: too many to keep
                if subject.startswith(_ENTITY):
                    entities[compact(value[1:-1])] += 1
            if not passage(graph):
                graphs.add(graph)
    return {
        "quads": families.total(),
        "graphs": len(graphs) + passages,
        "families": dict(families),
        "entities": dict(entities),
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
