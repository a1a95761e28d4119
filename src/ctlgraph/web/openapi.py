"""The description of the service for programs, ``/openapi.json``.

FastAPI describes the routes that are its own; the others, which it never sees, are described here, those of
saved queries in `openapi_questions`, those of the editor in `openapi_editor`, those of collaboration graphs
in `openapi_collaboration`.
"""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from ctlgraph.catalogue import Catalogue
from ctlgraph.web import problems
from ctlgraph.web.keeping import Made, keep
from ctlgraph.web.negotiation import ALIASES, MEDIA_TYPES
from ctlgraph.web.openapi_addresses import ABOUT, suffixed, tags
from ctlgraph.web.openapi_collaboration import collaborating
from ctlgraph.web.openapi_editor import editing
from ctlgraph.web.openapi_questions import operations
from ctlgraph.web.service import Service
from ctlgraph.web.site.asking import remembering
from ctlgraph.web.site.search import LONGEST

_RESULTS = ("json", "xml", "csv", "tsv")
_GRAPHS = ("ttl", "nt", "trig", "jsonld", "nq", "rdf")

PROBLEM = {
    "description": "A problem (RFC 9457), in Italian or English; for a browser a page",
    "content": {
        problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}},
        "text/html": {"schema": {"type": "string"}},
    },
}
_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}
_IRI_OR_NOTHING = r"^([A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*)?$"
_FORMAT = {
    "name": "format",
    "in": "query",
    "description": "Overrides Accept",
    "schema": {
        "type": "string",
        "enum": [*MEDIA_TYPES, *(name for name in ALIASES if name not in MEDIA_TYPES)],
    },
}
_OF_DOCUMENT = _FORMAT | {"schema": {"type": "string", "enum": ["", "html", *_GRAPHS]}}
_OF_RDF = _FORMAT | {"schema": {"type": "string", "enum": ["", *_GRAPHS]}}
_FILE = {
    "200": "The file, with its length, entity tag and SHA-256 (Repr-Digest)",
    "206": "A part of it (Range)",
    "304": "The reader has it already (If-None-Match)",
}
_PART = {
    "name": "page",
    "in": "query",
    "description": "Of a long document; `Link` has the next",
    "schema": {"type": "integer", "minimum": 1, "maximum": 999_999},
}
_COMPARED = {
    "one": "A cluster, as in cluster/clm",
    "other": "Another one",
    "from": "A year, in place of another cluster",
    "to": "A later year",
    "a": "A release",
    "b": "Another one",
}
_RELEASE = {
    "name": "release",
    "in": "query",
    "description": "The version of an earlier release that is asked",
    "schema": {"type": "string"},
}
_QUERY = {"type": "string", "format": "sparql-query", "description": "One SPARQL 1.1 query"}
_IRIS = {"type": "array", "items": {"type": "string", "format": "iri"}}
_DATASET = {"default-graph-uri": _IRIS, "named-graph-uri": _IRIS}


class Document:
    """The ASGI application at ``/openapi.json``: what FastAPI knows, and the paths that it never sees."""

    def __init__(self, app: FastAPI, service: Service, catalogue: Catalogue) -> None:
        self._app = app
        self._service = service
        self._catalogue = catalogue

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the description. Raises HTTPException 405."""
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        request = Request(scope, receive)
        await keep(self._service, request, send, key="openapi", make=partial(self._make, request))

    async def _make(self, request: Request) -> Made:
        questions, schemas = await operations(self._catalogue, remembering(request, self._service))
        document = dict(self._app.openapi()) | {"tags": tags()}
        document["info"] = document["info"] | {"description": ABOUT}
        asked = _sparql() | editing() | _catalogue() | questions | collaborating()
        document["paths"] = asked | _site() | _graphs() | _releases() | suffixed() | document["paths"]
        known = document.get("components", {})
        known = known | {"schemas": known.get("schemas", {}) | {"Problem": _SCHEMA} | schemas}
        document["components"] = known | {"responses": {"Problem": PROBLEM}}
        return Made(json.dumps(document, ensure_ascii=False).encode(), "application/json")


def _operation(summary: str, tag: str, responses: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"summary": summary, "tags": [tag], "responses": responses | {"default": PROBLEM}, **more}


def _answer(description: str, names: tuple[str, ...], *more: str) -> dict[str, Any]:
    media = {each: _schema(each) for each in (*more, *(each for name in names for each in MEDIA_TYPES[name]))}
    not_changed = {"description": "The reader has it already (If-None-Match)"}
    part = {"description": "A part of it (Range)", "content": media}
    whole = {"description": description, "content": media}
    return {"200": whole, "206": part, "304": not_changed}


def _schema(media: str) -> dict[str, Any]:
    """JSON-LD may be any JSON, the results of a query are an object; everything else is text."""
    if "json" not in media:
        return {"schema": {"type": "string"}}
    return {"schema": {} if "ld" in media else {"type": "object"}}


def _sparql() -> dict[str, Any]:
    dataset = [{"name": name, "in": "query", "schema": schema} for name, schema in _DATASET.items()]
    query = {"name": "query", "in": "query", "schema": _QUERY}
    form = {"type": "object", "required": ["query"], "properties": {"query": _QUERY, **_DATASET}}
    bodies = {
        "application/x-www-form-urlencoded": {"schema": form},
        "application/sparql-query": {"schema": _QUERY},
    }
    answer = _answer(
        "The answer; without a query the service description", (*_RESULTS, *_GRAPHS), "text/html"
    )
    return {
        "/sparql": {
            "get": _operation(
                "Answer a query", "SPARQL", answer, parameters=[query, *dataset, _FORMAT, _RELEASE]
            ),
            "post": _operation(
                "Answer a query",
                "SPARQL",
                _answer("The answer", (*_RESULTS, *_GRAPHS)),
                parameters=[*dataset, _FORMAT, _RELEASE],
                requestBody={"required": True, "content": bodies},
            ),
            "options": _operation("What may be done here", "SPARQL", {"204": {"description": "Allow, CORS"}}),
        },
        "/sparql/update": {
            "post": _operation("Refused: nothing is written here", "SPARQL", {"403": PROBLEM})
        },
    }


def _graphs() -> dict[str, Any]:
    named = {"name": "name", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    graph = {"name": "graph", "in": "query", "schema": {"type": "string", "format": "iri"}}
    default = {"name": "default", "in": "query", "allowEmptyValue": True, "schema": {"enum": [""]}}
    answer = _answer("The graph", _GRAPHS)
    allowed = _operation("What may be done here", "graphs", {"204": {"description": "Allow, CORS"}})
    by_name = _operation("One graph", "graphs", answer, parameters=[graph, default, _FORMAT])
    by_address = _operation("A graph by its address", "graphs", answer, parameters=[_FORMAT])
    passage = _answer("The graph with what is said of it", _GRAPHS, "text/html")
    by_passage = _operation("A graph of the release, described", "graphs", passage, parameters=[_OF_DOCUMENT])
    return {
        "/graphs": {"get": by_name, "options": allowed},
        "/graphs/{name}": {"parameters": [named], "get": by_address, "options": allowed},
        "/graph/{name}": {"parameters": [named], "get": by_passage, "options": allowed},
    }


def _site() -> dict[str, Any]:
    """The pages, and the documents about the things of the graph."""
    page = _answer("The page", (), "text/html")
    document = _answer("What the graph says", _GRAPHS, "text/html")
    pages = {
        "/": "The clusters and what they count",
        "/search": "What bears a name",
        "/accessibility": "What is done so that everyone can read the site",
        "/privacy": "What is kept of a visit",
        "/api/docs": "This description, to read and to try",
        "/coverage": "What is known, and what is not",
        "/sources": "The documents, with how much of each was taken",
        "/data": "What can be taken away, and how programs ask",
    }
    narrowing = [
        {"name": "q", "in": "query", "schema": {"type": "string"}},
        {"name": "about", "in": "query", "schema": {"type": "string"}, "description": "As in cluster/clm"},
    ]
    schemas: dict[str, dict[str, Any]] = {
        "q": {"type": "string", "maxLength": LONGEST},
        "kind": {"type": "string", "pattern": _IRI_OR_NOTHING, "description": "The IRI of a class"},
        "sort": {
            "enum": ["thing", "-thing", "kind", "-kind"],
            "description": "Of the page; JSON has the best first",
        },
        "page": {"type": "integer", "minimum": 1, "maximum": 999_999_999},
        "format": {"enum": ["", "html", "json"], "description": "Overrides Accept"},
    }
    found = _answer("What was found", (), "text/html", "application/json")
    asked = [{"name": name, "in": "query", "schema": schema} for name, schema in schemas.items()]
    described = {
        "/doc/{kind}/{slug}": ("A thing of the graph", ("kind", "slug")),
        "/vocab/{name}": ("A concept or a vocabulary", ("name",)),
        "/ontology": ("The terms of the graph", ()),
        "/shapes": ("What is required of the data", ()),
    }
    renamed = {"301": {"description": "To what it was renamed to or merged with"}}
    gone = {"410": PROBLEM | {"description": "It was withdrawn; `replaced` has what took its place"}}
    moved = {"303": {"description": "To its document"}, **renamed, **gone}
    document |= renamed | gone
    published, counted = _answer("It", _GRAPHS, "text/html"), _answer("It", _GRAPHS)
    context = _answer("The words and what they stand for", (), "application/ld+json", "application/json")
    return {
        **{path: {"get": _operation(summary, "site", page)} for path, summary in pages.items()},
        "/search": {"get": _operation(pages["/search"], "site", found, parameters=asked)},
        "/disagreements": {
            "get": _operation("What the sources say differently", "site", page, parameters=narrowing)
        },
        "/compare": {
            "get": _operation(
                "Two clusters, or two years of one, side by side",
                "site",
                page | {"303": {"description": "To what changed between two releases, a and b"}},
                parameters=[
                    {"name": name, "in": "query", "schema": {"type": "string"}, "description": text}
                    for name, text in _COMPARED.items()
                ],
            )
        },
        "/sources/{name}": {
            "parameters": _path(("name",)),
            "get": _operation("A document line by line", "site", page, parameters=[_PART]),
        },
        "/ontology/terms/{name}": {
            "parameters": _path(("name",)),
            "get": _operation("A term by its name with prefix, and how it is used", "site", page),
        },
        "/coverage/{name}": {
            "parameters": _path(("name",)),
            "get": _operation("The things of which something is known, and the others", "site", page),
        },
        **{
            path: {
                "parameters": _path(names),
                "get": _operation(summary, "site", document, parameters=[_OF_DOCUMENT, _PART]),
            }
            for path, (summary, names) in described.items()
        },
        "/catalog": {
            "get": _operation("What is published (DCAT-AP)", "site", published, parameters=[_OF_DOCUMENT])
        },
        "/.well-known/void": {
            "get": _operation("What the graph holds (VoID)", "site", counted, parameters=[_OF_RDF])
        },
        "/context.jsonld": {"get": _operation("The context of JSON-LD", "site", context)},
        "/id/{kind}/{slug}": {
            "parameters": _path(("kind", "slug")),
            "get": _operation("A thing of the graph by its IRI", "site", moved),
        },
    }


def _releases() -> dict[str, Any]:
    """Releases, what changed between two of them, and their files."""
    rdf = ("ttl", "jsonld", "nt")
    listed = _answer("What there is", rdf, "text/html", "application/json")
    changed = _answer("What changed", (), "text/html", "application/json", "application/sparql-update")
    files = _answer("The files, with sizes and sums", (), "text/html", "application/json")
    file = {status: {"description": text} for status, text in _FILE.items()}
    forms = [_FORMAT | {"schema": {"enum": ["", "html", "json", *rdf]}}]
    return {
        "/releases": {"get": _operation("Every release", "releases", listed, parameters=forms)},
        "/releases/{version}": {
            "parameters": _path(("version",)),
            "get": _operation("A release", "releases", listed, parameters=forms),
        },
        "/releases/{a}...{b}": {
            "parameters": _path(("a", "b")),
            "get": _operation("What changed from one release to another", "releases", changed),
        },
        "/dump/{version}/": {
            "parameters": _path(("version",)),
            "get": _operation("The files of a release", "releases", files),
        },
        "/dump/{version}/{file}": {
            "parameters": _path(("version", "file")),
            "get": _operation("A file of a release", "releases", file),
        },
    }


def _catalogue() -> dict[str, Any]:
    """The catalogue of saved queries, and what an answer rests on."""
    media = {"text/html": _schema("text/html"), "text/turtle": _schema("text/turtle"), "application/json": {}}
    page = _answer("The page", (), "text/html")
    listed = {
        "200": {"description": "All questions", "content": media},
        "304": page["304"],
        "206": page["206"],
    }
    texts = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in ("q", "tag")]
    return {
        "/queries": {"get": _operation("The catalogue of questions", "questions", listed, parameters=texts)},
        "/queries.ttl": {"get": _operation("The catalogue as RDF", "questions", _answer("It", ("ttl",)))},
        "/sheet/cluster/{slug}": {
            "parameters": _path(("slug",)),
            "get": _operation("A cluster on one page", "questions", page),
        },
    }


def _path(names: tuple[str, ...]) -> list[dict[str, Any]]:
    schema = {"type": "string", "minLength": 1}
    return [{"name": name, "in": "path", "required": True, "schema": schema} for name in names]
