"""The part of ``/openapi.json`` that tells of what the SPARQL editor asks."""

from __future__ import annotations

from typing import Any

_PROBLEM = {"$ref": "#/components/responses/Problem"}
_QUERY = {"type": "string", "format": "sparql-query", "description": "One SPARQL 1.1 query"}
_FORM = {"type": "object", "required": ["query"], "properties": {"query": _QUERY}}
_BODY = {
    "required": True,
    "content": {
        "application/x-www-form-urlencoded": {"schema": _FORM},
        "application/sparql-query": {"schema": _QUERY},
    },
}
_OBJECT = {"application/json": {"schema": {"type": "object"}}}


def editing() -> dict[str, Any]:
    """The paths below ``/sparql``."""
    kept = {
        "206": {"description": "A part of it (Range)"},
        "304": {"description": "The reader has it already"},
    }
    return {
        "/sparql/terms": {
            "get": _operation(
                "Prefixes, and classes and properties in use, with definitions and what occurs together",
                {"200": {"description": "The words", "content": _OBJECT}, **kept},
            )
        },
        "/sparql/check": {
            "post": _operation(
                "Whether a text is a query that may be asked here, without asking it",
                {"200": {"description": "`problem` is null, or what is wrong", "content": _OBJECT}},
                requestBody=_BODY,
            )
        },
    }


def _operation(summary: str, responses: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"summary": summary, "tags": ["SPARQL"], "responses": responses | {"default": _PROBLEM}, **more}
