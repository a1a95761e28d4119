"""The seats of a release as GeoJSON (RFC 7946), each at a point in the middle of its province.

The release has addresses, municipalities and provinces, but no coordinates, and none are invented: every
feature says that its point is the province's. A seat outside the known provinces has no geometry. What has
to be joined stands in a small database on disk, so that nothing is held however many seats there are.
"""

from __future__ import annotations

import errno
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Any

from ctlgraph.export.about import LICENCE, Origin
from ctlgraph.export.provinces import provinces
from ctlgraph.export.statements import Entity, entities
from ctlgraph.messages import LANGUAGES, N_, translate
from ctlgraph.vocabulary import compact, expand

_TYPE, _LABEL, _SITE = expand("rdf:type"), expand("skos:prefLabel"), expand("org:Site")
_ADDRESS, _FULL = expand("locn:address"), expand("locn:fullAddress")
_PLACE, _ISTAT, _WITHIN = expand("ctl:Place"), expand("ctl:istatCode"), expand("ctl:locatedIn")
_SEATS = tuple(
    expand(name)
    for name in ("org:hasSite", "org:hasPrimarySite", "org:hasRegisteredSite", "ctl:hasManagementSite")
)
_POSITION = N_(
    "The point lies in the middle of the province; it is not where the address is. "
    "Boundaries: ISTAT and openpolis, CC BY 4.0, simplified."
)
_TABLES = """
CREATE TABLE site (iri PRIMARY KEY, it, en, address, place);
CREATE TABLE address (iri PRIMARY KEY, text);
CREATE TABLE place (iri PRIMARY KEY, it, en, istat);
CREATE TABLE seat (site, owner, it, en, property, PRIMARY KEY (site, owner, property));
"""
_JOINED = """SELECT site.iri, site.it, site.en, address.text, place.it, place.en, place.istat FROM site
LEFT JOIN address ON address.iri = site.address LEFT JOIN place ON place.iri = site.place ORDER BY site.iri"""
_OWNERS = "SELECT owner, it, en, property FROM seat WHERE site = ? ORDER BY owner, property"


def seats(origin: Origin, file: IO[bytes], scratch: Path) -> None:
    """Write a FeatureCollection with a feature for each seat, by IRI. Raises SourceError, OSError."""
    head: dict[str, Any] = {"type": "FeatureCollection", "name": "ctlgraph", "release": origin.version}
    head |= {"licence": LICENCE}
    head |= {f"citation_{lang}": origin.citation(lang) for lang in LANGUAGES}
    file.write(_json(head)[:-1] + b',\n"features":[')
    try:
        with closing(sqlite3.connect(scratch / "seats.sqlite")) as base:
            base.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLES}")
            for entity in entities(origin.quads):
                _note(base, entity)
            for number, feature in enumerate(_features(base)):
                file.write((b",\n" if number else b"\n") + _json(feature))
    except sqlite3.OperationalError as error:  # the disk is full, and the database does not say so
        raise OSError(errno.EIO, str(error), str(scratch)) from error
    file.write(b"\n]}\n")


def _note(base: sqlite3.Connection, entity: Entity) -> None:
    names = (entity.text(_LABEL, "it"), entity.text(_LABEL, "en"))
    classes = entity.iris(_TYPE)
    if _SITE in classes:
        row = (entity.iri, *names, _first(entity, _ADDRESS), _first(entity, _WITHIN))
        base.execute("INSERT INTO site VALUES (?, ?, ?, ?, ?)", row)
    if _PLACE in classes:
        base.execute("INSERT INTO place VALUES (?, ?, ?, ?)", (entity.iri, *names, entity.text(_ISTAT)))
    if text := entity.text(_FULL):
        base.execute("INSERT INTO address VALUES (?, ?)", (entity.iri, text))
    for property in _SEATS:
        for site in entity.iris(property):
            base.execute(
                "INSERT INTO seat VALUES (?, ?, ?, ?, ?)", (site, entity.iri, *names, compact(property))
            )


def _first(entity: Entity, property: str) -> str | None:
    return next(iter(entity.iris(property)), None)


def _features(base: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    known = {each["istat"]: each for each in provinces()}
    for iri, it, en, address, place_it, place_en, istat in base.execute(_JOINED):
        province = known.get((istat or "")[:3])  # an ISTAT code of a municipality begins with its province's
        owners = base.execute(_OWNERS, (iri,)).fetchall()
        point = [round(province["longitude"], 4), round(province["latitude"], 4)] if province else None
        yield {
            "type": "Feature",
            "id": iri,
            "geometry": {"type": "Point", "coordinates": point} if point else None,
            "properties": {
                "iri": iri,
                "label_it": it,
                "label_en": en,
                "address": address,
                "place_it": place_it,
                "place_en": place_en,
                "istat": istat or None,
                "province": province["sign"] if province else None,
                "seat_of": [owner for owner, *_ in owners],
                "seat_of_it": ", ".join(name for _, name, _, _ in owners),
                "seat_of_en": ", ".join(name for _, _, name, _ in owners),
                "property": [property for *_, property in owners],
                "position": "province" if province else "unknown",
                **{f"position_{lang}": translate(_POSITION, lang) if province else "" for lang in LANGUAGES},
            },
        }


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
