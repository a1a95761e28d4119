"""Pages in the words of schema.org: what a collector of pages reads of a thing."""

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from pyld import jsonld  # type: ignore[import-untyped]

from ctlgraph.vocabulary import BASE
from ctlgraph.web.site import entities, parts
from ctlgraph.web.site.facts import Ask
from ctlgraph.web.site.structured import structured

SCHEMA = "https://schema.org/"


async def made_of(ask: Ask, path: str) -> str:
    found = await entities.entity(ask, f"{BASE}{path}", "it")
    assert found is not None
    said = await parts.said(ask, found, "it")
    return str(structured(found, said, f"https://example.org/doc/{path.removeprefix('id/')}"))


def read(text: str) -> dict[str, Any]:
    """The statements of it, as PyLD expands them with the words of schema.org."""

    def load(url: str, options: object) -> dict[str, Any]:
        assert url == "https://schema.org"
        return {"contextUrl": None, "documentUrl": url, "document": {"@context": {"@vocab": SCHEMA}}}

    [node] = jsonld.expand(json.loads(text), {"documentLoader": load})
    return dict(node)


@pytest.mark.parametrize(
    ("path", "kind", "word"),
    [
        ("id/cluster/le2c", "Organization", "memberOf"),
        ("id/project/fanghi", "ResearchProject", "funder"),
        ("id/network/vanguard", "Organization", "member"),
        ("id/network/eusalp", "Thing", "name"),
        ("id/act/delibera-xi-5688", "Legislation", "legislationChanges"),
        ("id/programme/h2020", "FundingScheme", "name"),
        ("id/event/domani-lavoro", "Event", "location"),
        ("id/person/person-mastinu", "Person", "worksFor"),
        ("id/place/pl-lombardia", "Place", "containedInPlace"),
        ("id/observation/clm-2022-total", "Observation", "observationAbout"),
        ("id/source/doc-003", "CreativeWork", "headline"),
        ("vocab/s3/s3-sostenibilita", "DefinedTerm", "inDefinedTermSet"),
    ],
)
def test_a_thing_is_what_schema_org_calls_it(asked: Ask, path: str, kind: str, word: str) -> None:
    """Each kind has its type and says what matters of it; the page is named as its page."""
    node = read(asyncio.run(made_of(asked, path)))
    assert node["@id"] == f"{BASE}{path}"
    assert node["@type"] == [f"{SCHEMA}{kind}"]
    assert node[f"{SCHEMA}{word}"]
    assert node[f"{SCHEMA}mainEntityOfPage"] == [
        {"@value": f"https://example.org/doc/{path.removeprefix('id/')}"}
    ]


def test_who_funds_a_project_is_named(asked: Ask) -> None:
    """Things come with IRI and name."""
    node = read(asyncio.run(made_of(asked, "id/project/fanghi")))
    funders = {each["@id"]: each[f"{SCHEMA}name"] for each in node[f"{SCHEMA}funder"]}
    assert funders[f"{BASE}id/organisation/regione-lombardia"] == [{"@value": "Regione Lombardia"}]
    assert len(node[f"{SCHEMA}member"]) == 7


def test_no_name_ends_the_element(made: Callable[[str], Ask]) -> None:
    """A name may hold anything: it stays a name."""
    ask = made('d003:1-2 { cluster:c a ctl:Cluster ; skos:prefLabel "</script><b>&"@it }')
    text = asyncio.run(made_of(ask, "id/cluster/c"))
    assert not re.search("[<>&]", text)
    assert json.loads(text)["name"] == "</script><b>&"
