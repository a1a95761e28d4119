"""The part of ``/openapi.json`` that tells of saved queries: an operation for each, with its parameters and
their choices as the graph has them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ctlgraph.catalogue import Catalogue, SavedQuery
from ctlgraph.catalogue.answer import choices
from ctlgraph.export.delimited import LOCALES
from ctlgraph.parameters import UNDEF, Parameter, short, short_iri
from ctlgraph.web.files import FORMS, offered
from ctlgraph.web.site.facts import Ask

MOST = 500
"""Choices that are listed; of more the description has a pattern."""

_BOUND = 10**18 - 1  # of a whole number
_PLAIN: Mapping[str, dict[str, Any]] = {
    "iri": {"type": "string", "minLength": 1},
    "choice": {"type": "string", "minLength": 1},
    "string": {"type": "string", "minLength": 1},
    "boolean": {"enum": ["true", "false"]},
    "date": {"type": "string", "format": "date"},
    "decimal": {"type": "string", "pattern": r"^-?[0-9]{1,9}(\.[0-9]{1,9})?$"},
}

Schemas = dict[str, dict[str, Any]]


async def operations(catalogue: Catalogue, ask: Ask) -> tuple[dict[str, Any], Schemas]:
    """The paths of all questions, and the schemas of choices that they share."""
    schemas: Schemas = {}
    paths = {
        f"/queries/{name}": {"get": await _operation(saved, ask, schemas)}
        for name, saved in catalogue.items()
    }
    return paths, schemas


async def _operation(saved: SavedQuery, ask: Ask, schemas: Schemas) -> dict[str, Any]:
    given = [await _parameter(saved, each, ask, schemas) for each in saved.parameters.values()]
    media = {each: _body(each) for name in offered(saved) for each in FORMS[name].sent}
    sorts = [name for column in saved.columns for name in (column, f"-{column}")]
    own: dict[str, tuple[str, dict[str, Any]]] = {
        "format": ("Overrides Accept", {"enum": list(offered(saved))}),
        "locale": ("Of a CSV: the country whose spreadsheets should open it", {"enum": list(LOCALES)}),
        "page": ("Of many rows: 50 at a time", {"type": "integer", "minimum": 1, "maximum": 999_999_999}),
        "sort": ("Of the page: a column, with - before it from the last to the first", {"enum": sorts}),
    }
    return {
        "operationId": f"question-{saved.name}",
        "summary": saved.title["en"],
        "description": saved.description["en"],
        "tags": ["questions"],
        "parameters": [
            *given,
            *(
                {"name": name, "in": "query", "description": text, "schema": schema}
                for name, (text, schema) in own.items()
            ),
        ],
        "responses": {
            "200": {"description": "The answer", "content": media},
            "206": {"description": "A part of it (Range)", "content": media},
            "304": {"description": "The reader has it already (If-None-Match)"},
            "default": {"$ref": "#/components/responses/Problem"},
        },
    }


def _body(media: str) -> dict[str, Any]:
    if "json" in media:
        return {"schema": {} if "ld" in media else {"type": "object"}}
    return {"schema": {"type": "string"}}


async def _parameter(saved: SavedQuery, parameter: Parameter, ask: Ask, schemas: Schemas) -> dict[str, Any]:
    schema = await _schema(saved, parameter, ask, schemas)
    if parameter.optional:
        schema = {"anyOf": [{"enum": [""]}, schema]}
    default = short(parameter.default or UNDEF)
    return {
        "name": parameter.name,
        "in": "query",
        "description": parameter.label["en"] + (", or nothing for all" if parameter.optional else ""),
        "schema": schema | ({"default": default} if default else {}),
    }


async def _schema(saved: SavedQuery, parameter: Parameter, ask: Ask, schemas: Schemas) -> dict[str, Any]:
    if parameter.type == "integer":
        bounds = {"minimum": int(parameter.minimum or -_BOUND), "maximum": int(parameter.maximum or _BOUND)}
        return {"type": "integer", **bounds}
    if not parameter.has_choices:
        return _PLAIN[parameter.type]
    values = await _values(parameter, ask)
    if not 0 < len(values) <= MOST:
        return _PLAIN[parameter.type]
    source = short_iri(parameter.class_ or parameter.scheme or "") or f"{saved.name}-{parameter.name}"
    name = "Choices-" + re.sub(r"\W+", "-", source)
    schemas[name] = {"enum": list(values)}
    return {"$ref": f"#/components/schemas/{name}"}


async def _values(parameter: Parameter, ask: Ask) -> tuple[str, ...]:
    """What the graph offers, as an address has it."""
    answer = json.loads(await ask(choices(parameter)))
    cells = [row["value"] for row in answer["results"]["bindings"] if "value" in row]
    return tuple(
        dict.fromkeys(short_iri(cell["value"]) if cell["type"] == "uri" else cell["value"] for cell in cells)
    )
