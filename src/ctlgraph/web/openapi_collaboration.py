"""The part of ``/openapi.json`` that tells of collaboration graphs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ctlgraph.collaboration import BY, DEFAULT, MEASURES, OF, PROJECTIONS
from ctlgraph.collaboration.measures.base import Parameter
from ctlgraph.web.collaboration import FORMS

_PROBLEM = {"$ref": "#/components/responses/Problem"}
_TRUTH = {"type": "string", "enum": ["", "true", "false"]}
_YEAR = {"type": "string", "pattern": r"^[0-9]{0,4}$"}
_MEASURES = f"Names of measures, with commas between them; without one {', '.join(DEFAULT)}"
_GRAPH: dict[str, tuple[str, dict[str, Any]]] = {
    "of": ("What is tied", {"type": "string", "enum": ["", *OF]}),
    "by": ("What ties them", {"type": "string", "enum": ["", *BY]}),
    "projection": (
        "; ".join(f"{name}: {text}" for name, text in PROJECTIONS.items()),
        {"type": "string", "enum": ["", *PROJECTIONS]},
    ),
    "guests": ("Whether guests count", _TRUTH),
    "parts": ("Whether parts of a thing count as it", _TRUTH),
    "roles": ("Only these roles, by slug, with commas between them", {"type": "string"}),
    "since": ("Only what lasts in this year or later", _YEAR),
    "until": ("Only what lasts in this year or earlier", _YEAR),
    "source": ("Only what this document says, as in doc-003", {"type": "string"}),
    "backbone": ("The level of the disparity filter, between 0 and 1", {"type": "string"}),
    "measure": (_MEASURES, {"type": "string"}),
}


def collaborating() -> dict[str, Any]:
    """The paths of ``/collaboration``, all its measures with their parameters."""
    named = {
        "name": "ending",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "enum": list(FORMS)},
    }
    form = {
        "name": "format",
        "in": "query",
        "description": "Overrides Accept",
        "schema": {"type": "string", "enum": ["", *FORMS]},
    }
    return {
        "/collaboration": {"get": _operation("Who works with whom") | {"parameters": [*_parameters(), form]}},
        "/collaboration.{ending}": {
            "parameters": [named],
            "get": _operation("The same in a form by name") | {"parameters": list(_parameters())},
        },
    }


def _operation(summary: str) -> dict[str, Any]:
    media = {
        each: {"schema": {"type": "object" if "json" in each else "string"}}
        for form in FORMS.values()
        for each in form.sent
    }
    answer = {"description": "The graph with its measures", "content": media}
    kept = {"206": answer, "304": {"description": "The reader has it already"}}
    return {
        "summary": summary,
        "tags": ["collaboration"],
        "responses": {"200": answer, **kept, "default": _PROBLEM},
    }


def _parameters() -> Iterator[dict[str, Any]]:
    for name, (text, schema) in _GRAPH.items():
        yield {"name": name, "in": "query", "description": text, "schema": schema}
    shared: dict[str, tuple[Parameter, list[str]]] = {}
    for measure in MEASURES.values():
        for parameter in measure.parameters:
            shared.setdefault(parameter.name, (parameter, []))[1].append(measure.name)
    for parameter, measures in shared.values():
        text = f"Of {', '.join(measures)}: {parameter.label} ({parameter.default})"
        yield {"name": parameter.name, "in": "query", "description": text, "schema": _schema(parameter)}


def _schema(parameter: Parameter) -> dict[str, Any]:
    if parameter.choices:
        return {"type": "string", "enum": ["", *parameter.choices]}
    if isinstance(parameter.default, str):
        return {"type": "string"}
    kind = "integer" if isinstance(parameter.default, int) else "number"
    return {"type": kind, "minimum": parameter.least, "maximum": parameter.most}
