"""The pages that people read, in Italian and English."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from ctlgraph.messages import LANGUAGES, translate
from ctlgraph.web.negotiation import MEDIA_TYPES, reader_language

EXAMPLE = """\
PREFIX ctl: <https://w3id.org/ctlgraph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?cluster ?name
WHERE {
  ?cluster a ctl:TechnologyCluster ; skos:prefLabel ?name .
}
ORDER BY ?name
"""


async def home(request: Request) -> Response:
    """What this is, which release is served, and a form that sends a query."""
    lang = reader_language(request)
    page = _templates().get_template("home.html")
    text = page.render(
        _=lambda text, **facts: translate(text, lang, **facts),
        lang=lang,
        languages=LANGUAGES,
        release=request.app.state.release,
        example=EXAMPLE,
        formats=MEDIA_TYPES,
    )
    return HTMLResponse(text, headers={"Content-Language": lang, "Vary": "Accept-Language"})


async def healthz(request: Request) -> Response:
    """Say that the service runs, and on which release."""
    return JSONResponse({"status": "ok", "release": request.app.state.release.version})


@cache
def _templates() -> Environment:
    return Environment(loader=PackageLoader("ctlgraph.web"), autoescape=True, trim_blocks=True)
