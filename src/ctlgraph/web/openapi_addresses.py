"""The part of ``/openapi.json`` about the service as a whole, and about addresses that end in a form."""

from __future__ import annotations

from typing import Any

from ctlgraph.web.files import FORMS
from ctlgraph.web.negotiation import MEDIA_TYPES

ABOUT = """A knowledge graph of the nine Technology Clusters of Lombardy, to be asked in SPARQL or by
questions that are ready. Everything can be read without a key.

An answer has the form that `Accept` prefers; `format=` overrides it, and so does an ending such as `.ttl`.
`lang=it` or `lang=en`, else `Accept-Language`, is the language of labels and messages. What goes wrong is a
problem of RFC 9457 with a stable `type`. Answers have an `ETag`; a client that sends it back as
`If-None-Match` is told 304 if nothing has changed.

Every address also stands below `/releases/{version}/`, where an earlier release answers."""
"""What the service is, for those who read its description."""

_TAGS = {
    "SPARQL": "Any query, by the SPARQL 1.1 Protocol; the other addresses help to write one.",
    "questions": "The catalogue of questions that are ready: each with its parameters, in every form.",
    "collaboration": "Who works with whom, as graphs, with their measures.",
    "site": "Pages, and the things, terms and vocabularies of the graph, as HTML and as RDF.",
    "graphs": "Named graphs: the passages of the documents, and what was decided or computed.",
    "releases": "Releases, what changed between two of them, and their files.",
    "service": "For those who run the service: its health, its figures, and running queries.",
}
_GRAPHS = ("ttl", "nt", "trig", "jsonld", "nq", "rdf")
_PROBLEM = {"$ref": "#/components/responses/Problem"}
_SUFFIXED = {
    "/ontology.{ending}": "The terms of the graph",
    "/shapes.{ending}": "What is required of the data",
    "/catalog.{ending}": "What is published (DCAT-AP)",
    "/.well-known/void.{ending}": "What the graph holds (VoID)",
    "/doc/{kind}/{slug}.{ending}": "A thing of the graph",
    "/vocab/{scheme}.{ending}": "A vocabulary",
    "/vocab/{scheme}/{slug}.{ending}": "A concept",
    "/graph/{document}/{lines}.{ending}": "What the lines of a document say",
}
_NEGOTIATED = {
    "/ontology/{version}": "The terms of the graph, by the IRI of their version",
    "/vocab/{scheme}/{slug}": "A concept",
    "/graph/{document}/{lines}": "What the lines of a document say",
}


def tags() -> list[dict[str, str]]:
    """The groups of operations, in the order in which they are shown."""
    return [{"name": name, "description": text} for name, text in _TAGS.items()]


def suffixed() -> dict[str, Any]:
    """The addresses of documents by their ending, and those with more parts than one."""
    ending, of_rdf = _parameter("ending", ["html", *_GRAPHS]), _parameter("ending", list(_GRAPHS))
    graphs = [media for name in _GRAPHS for media in MEDIA_TYPES[name]]
    found: dict[str, Any] = {}
    for path, summary in _SUFFIXED.items():
        known = of_rdf if "void" in path else ending
        found[path] = _reading(path, summary, "site", ["text/html", *graphs], ending=known)
    for path, summary in _NEGOTIATED.items():
        found[path] = _reading(path, summary, "site", ["text/html", *graphs])
    answers = sorted({media for form in FORMS.values() for media in form.sent})
    form = _parameter("form", list(FORMS))
    path = "/queries/{name}.{form}"
    found[path] = _reading(path, "The answer to a question, in one form", "questions", answers, form=form)
    path = "/queries.json"
    found[path] = _reading(path, "The catalogue of questions as JSON", "questions", ["application/json"])
    path = "/releases/{version}/{address}"
    found[path] = _reading(path, "Any other address, over an earlier release", "releases", ["*/*"])
    return found


def _reading(path: str, summary: str, tag: str, media: list[str], **known: Any) -> dict[str, Any]:
    """A path that is read; its parameters are what stands in braces."""
    names = [part.partition("}")[0] for part in path.split("{")[1:]]
    content: dict[str, Any] = {each: {"schema": {}} for each in media}
    answers = {
        "200": {"description": "It", "content": content},
        "206": {"description": "A part of it (Range)", "content": content},
        **{status: {"description": text} for status, text in _ELSEWHERE.items()},
        "default": _PROBLEM,
    }
    operation = {"summary": summary, "tags": [tag], "responses": answers}
    return {"parameters": [known.get(name) or _parameter(name) for name in names], "get": operation}


_ELSEWHERE = {
    "301": "To what it was renamed to or merged with",
    "303": "To its document",
    "304": "The reader has it already (If-None-Match)",
    "307": "To the address without the slash at its end",
    "308": "To what all releases share",
}


def _parameter(name: str, values: list[str] | None = None) -> dict[str, Any]:
    schema: dict[str, Any] = (
        {"type": "string", "enum": values} if values else {"type": "string", "minLength": 1}
    )
    return {"name": name, "in": "path", "required": True, "schema": schema}
