"""How fast the pages of the site come, cold and warm: `make bench`.

Asked are all that the home page links to, the busiest thing of every kind, a concept, a term, a shape, a
passage and a source: whatever a reader is shown, in Italian. Cold is the first request since the server
started, warm the median of five more, from its memory. Milliseconds, of one client on loopback.

    python -m tests.bench.pages
"""

from __future__ import annotations

import json
import re
import tempfile
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlsplit

from tests.bench.questions import ask, conclude, say
from tests.bench.servers import Server, ctlgraph

from ctlgraph.release import build
from ctlgraph.sources import root
from ctlgraph.vocabulary import BASE

COLD_MS, WARM_MS = 1000, 100  # what is aimed at; cold only so that it is seen

# The thing of each kind that has most statements, and one of each kind that has an address of its own.
COUNTED = f"""?thing ?type (COUNT(*) AS ?count)
    {{ ?thing a ?type ; ?p ?o FILTER(STRSTARTS(STR(?thing), "{BASE}")) }} GROUP BY ?thing ?type"""
BUSIEST = f"""SELECT (SAMPLE(?thing) AS ?iri) {{
    {{ SELECT ?type (MAX(?count) AS ?most) {{ {{ SELECT {COUNTED} }} }} GROUP BY ?type }}
    {{ SELECT {COUNTED} }} FILTER(?count = ?most) }} GROUP BY ?type ORDER BY ?iri"""
HTML = {"accept": "text/html", "accept-language": "it"}


def main() -> None:
    """Ask each page, and print a line for it, slowest first when warm."""
    with tempfile.TemporaryDirectory() as folder:
        release = build(root(), Path(folder)).path
        with ctlgraph(release) as server:
            paths = dict.fromkeys([*linked(server), *things(server)])
        with ctlgraph(release) as server:
            times = {path: ask(server, path, HTML)[1:] for path in paths}
    say(f"{'page':70}{'cold, ms':>10}{'warm, ms':>10}")
    for path, (cold, warm) in sorted(times.items(), key=lambda each: each[1][::-1], reverse=True):
        say(f"{path:70}{cold:>10.1f}{warm:>10.1f}")
    conclude("pages", list(times.values()), (COLD_MS, WARM_MS))


def linked(server: Server) -> list[str]:
    """The paths of this site that its home page links to, which do not redirect."""
    body = ask(server, "/", HTML)[0].decode()
    links = [unescape(link) for link in re.findall(r'<a [^>]*href="([^"#]+)"', body)]
    return ["/", *(link for link in links if link.startswith("/") and "/id/" not in link)]


def things(server: Server) -> list[str]:
    """The paths of the pages of the busiest things."""
    body = ask(server, f"/sparql?query={quote(BUSIEST)}")[0]
    iris = [row["iri"]["value"] for row in json.loads(body)["results"]["bindings"]]
    return [urlsplit(iri.replace(f"{BASE}id/", f"{BASE}doc/")).path.removeprefix("/ctlgraph") for iri in iris]


if __name__ == "__main__":
    main()
