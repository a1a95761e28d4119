"""Every thing that the documents name is there once, under its IRI, and is found by each of its names."""

import csv
import json
import re
import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest

from ctlgraph.release import Release
from ctlgraph.store import Store
from ctlgraph.vocabulary import BASE

SOURCES = Path(__file__).resolve().parents[3] / "shared" / "sources"
PATHS = {
    "cluster": ("id/cluster/",),
    "organisation": ("id/organisation/",),
    "person": ("id/person/",),
    "project": ("id/project/",),
    "success_story": ("id/story/",),
    "programme": ("id/programme/",),
    "funding_scheme": ("id/call/",),
    "network": ("id/network/",),
    "working_group": ("id/group/",),
    "policy_instrument": ("id/act/",),
    "s3_ecosystem": ("vocab/s3/",),
    "pnrr_mission": ("vocab/pnrr/",),
    "pnrr_component": ("vocab/pnrr/",),
    "technology_area": ("vocab/technology/",),
    "action_line": ("vocab/action/",),
    "place": ("id/place/",),
    "region": ("id/place/",),
    "site": ("id/site/",),
    "event": ("id/event/",),
    "service": ("id/service/",),
    "publication": ("id/source/", "id/publication/"),
    "other": ("id/box/", "id/registration/", "id/set/", "id/post/", "vocab/period/", "id/organisation/"),
}
"""Where the things of each type of entities.csv stand."""
NAMES = """
PREFIX ctl: <https://w3id.org/ctlgraph/ontology#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX rov: <http://www.w3.org/ns/regorg#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?thing ?name WHERE {
  ?thing skos:prefLabel|skos:altLabel|ctl:acronym|dct:title|rov:legalName ?name .
}
"""


def same(text: str) -> str:
    """A name without regard to case, apostrophes, quotation marks and blanks."""
    plain = unicodedata.normalize("NFC", text).replace("’", "'").casefold()
    return " ".join(re.sub(r"[“”\"]", "", plain).split())


def entities() -> list[dict[str, str]]:
    if not SOURCES.is_dir():
        return []
    with (SOURCES / "entities.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def names(release: Release) -> dict[str, set[str]]:
    """The names of each thing, by IRI without the base."""
    answer = json.loads(Store.open(release.path).query(NAMES).serialize("json"))
    found = defaultdict(set)
    for row in answer["results"]["bindings"]:
        found[row["thing"]["value"].removeprefix(BASE)].add(same(row["name"]["value"]))
    return found


def test_the_list_of_entities_is_there() -> None:
    if not SOURCES.is_dir():
        pytest.skip("../shared/sources is absent: the names of things cannot be looked up")
    assert len(entities()) == 428


@pytest.mark.parametrize("entity", entities(), ids=lambda entity: entity["id"])
def test_a_thing_is_found_by_each_of_its_names(entity: dict[str, str], names: dict[str, set[str]]) -> None:
    """By official name, acronym and alias; at one IRI."""
    places = [path + entity["id"] for path in PATHS[entity["type"]] if path + entity["id"] in names]
    assert len(places) == 1, f"{entity['id']} stands at {places}"
    given = [entity["official_name"], entity["acronym"], *entity["aliases"].split(" | ")]
    missing = [name for name in given if name and same(name) not in names[places[0]]]
    assert missing == []
