"""The part of ``/openapi.json`` that tells of what the SPARQL editor asks."""

from __future__ import annotations

from typing import Any

from ctlgraph.web.site.drafts import FIELDS, LONGEST

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
    texts = {name: {"type": "string", "maxLength": LONGEST} for name in FIELDS}
    fields = {"query": _QUERY, **texts, "tag": {"type": "string"}}
    form = {"type": "object", "required": ["query", *FIELDS], "properties": fields}
    drawn = {"image/svg+xml": {"schema": {"type": "string"}}}
    file = {"application/sparql-query": {"schema": {"type": "string"}}}
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
        "/sparql/why": {
            "post": _operation(
                "Why a query has no row",
                {
                    "200": {
                        "description": "`reasons` in sentences, with parts of the query",
                        "content": _OBJECT,
                    }
                },
                requestBody=_BODY,
            )
        },
        "/sparql/chart": {
            "post": _operation(
                "The answer to a query, drawn",
                {"200": {"description": "Names with numbers as bars, dates as a line", "content": drawn}},
                requestBody=_BODY,
            )
        },
        "/sparql/question": {
            "post": _operation(
                "A query as the file of a saved query",
                {"200": {"description": "The file, for the folder queries/", "content": file}},
                requestBody={
                    "required": True,
                    "content": {"application/x-www-form-urlencoded": {"schema": form}},
                },
            )
        },
    }


def _operation(summary: str, responses: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"summary": summary, "tags": ["SPARQL"], "responses": responses | {"default": _PROBLEM}, **more}
