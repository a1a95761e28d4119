"""The forms that a release is exported in: one table for the command, the dumps, the pages and the catalogue.

Knows names, media types and words; `streams` and its neighbours know how each form is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ctlgraph.messages import N_


@dataclass(frozen=True)
class Form:
    """A form of the whole release.

    name: as the command takes it. label: what the form is called, in every language. media: of the content;
    suffix: of the file, after "ctlgraph."; packed: whether the file is a ZIP of several files of that media
    type, else a copy compressed by gzip stands beside it. description: what it holds, a text to translate.
    """

    name: str
    label: str
    media: str
    suffix: str
    description: str
    packed: bool = False

    @property
    def file(self) -> str:
        """The name of the file."""
        return f"ctlgraph.{self.suffix}"

    @property
    def files(self) -> Mapping[str, tuple[str, str]]:
        """Each file of a dump with its compression ("", "gzip") and package ("", "zip") by media type."""
        if self.packed:
            return MappingProxyType({self.file: ("", "application/zip")})
        return MappingProxyType({self.file: ("", ""), f"{self.file}.gz": ("application/gzip", "")})


_EVERY = (
    Form(
        "nq", "N-Quads", "application/n-quads", "nq", N_("every statement with its named graph, a line each")
    ),
    Form(
        "trig",
        "TriG",
        "application/trig",
        "trig",
        N_("every statement, grouped by named graph, with prefixes"),
    ),
    Form(
        "ttl",
        "Turtle",
        "text/turtle",
        "ttl",
        N_("every statement once, without its named graph, with prefixes"),
    ),
    Form(
        "nt",
        "N-Triples",
        "application/n-triples",
        "nt",
        N_("every statement once, without its named graph, a line each"),
    ),
    Form(
        "jsonld",
        "JSON-LD",
        "application/ld+json",
        "jsonld",
        N_("every statement with its named graph, as JSON"),
    ),
    Form(
        "rdf12",
        "Turtle 1.2",
        "text/turtle; version=1.2",
        "rdf12.ttl",
        N_("every statement once, with the passages that say it written on it (RDF 1.2)"),
    ),
    Form(
        "csv",
        "CSV",
        "text/csv",
        "csv.zip",
        N_("a table for each class, with a dictionary of tables and columns"),
        packed=True,
    ),
    Form(
        "parquet",
        "Parquet",
        "application/vnd.apache.parquet",
        "parquet.zip",
        N_("the same tables with typed columns, for pandas, polars, R or DuckDB"),
        packed=True,
    ),
    Form(
        "graphml",
        "GraphML",
        "application/graphml+xml",
        "graphml",
        N_("entities and the links between them, for Gephi, networkx or igraph"),
    ),
    Form("geojson", "GeoJSON", "application/geo+json", "geojson", N_("seats on a map, each at its province")),
)

FORMS: Mapping[str, Form] = MappingProxyType({form.name: form for form in _EVERY})
"""By name, in the order in which they are offered."""

SUMS = "SHA256SUMS"
"""The file of a dump with the SHA-256 of each other one, as `sha256sum -c` takes it."""
