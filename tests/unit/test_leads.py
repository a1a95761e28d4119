"""Where a sentence leads: the questions that fit it, with what it names filled in."""

import asyncio
from pathlib import Path

import pytest

from ctlgraph.catalogue import Catalogue, read
from ctlgraph.release import Release
from ctlgraph.search import Index, build
from ctlgraph.store import Store
from ctlgraph.web.site.leads import MOST, Leads, leads


@pytest.fixture(scope="module")
def store(release: Release) -> Store:
    return Store.open(release.path)


@pytest.fixture(scope="module")
def names(store: Store) -> Index:
    return Index(build(store))


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read(Path(__file__).parents[2])


def led(store: Store, catalogue: Catalogue, names: Index, text: str, lang: str = "it") -> Leads:
    async def ask(query: str) -> bytes:
        return store.query(query).serialize("json")

    found = asyncio.run(leads(ask, catalogue, names, text, lang))
    for lead in found.questions:  # every link is one that the question takes
        lead.related.saved.fill(lead.related.arguments)
    return found


@pytest.mark.parametrize(
    ("sentence", "name", "arguments"),
    [
        ("quali imprese sono associate ad AFIL", "change-of-membership", {"cluster": "cluster/afil"}),
        ("che cosa lega LE2C e LGCA", "common-ground-of-two-clusters", {"one": "cluster/le2c"}),
        ("what do LGCA and LE2C share", "common-ground-of-two-clusters", {"other": "cluster/le2c"}),
        ("cluster in provincia di Brescia", "clusters-with-seat-in", {"place": "place/prov-bs"}),
        ("progetti finanziati da Horizon Europe", "projects-of-programme", {}),
        ("quale numero di associati è giusto", "figures-that-disagree", {}),
        ("gruppi del cluster mobilità", "groups-of-clusters", {"cluster": "cluster/clm"}),
    ],
)
def test_a_sentence_leads_to_a_question(
    store: Store, catalogue: Catalogue, names: Index, sentence: str, name: str, arguments: dict[str, str]
) -> None:
    """With the cluster, the place, both clusters in their order, in the parameters of their kind."""
    found = {lead.related.saved.name: lead for lead in led(store, catalogue, names, sentence).questions}
    assert name in found
    assert found[name].related.arguments.items() >= arguments.items()
    assert len(found[name].things) == len(found[name].related.arguments)


def test_a_name_leads_to_what_may_be_asked_of_it(store: Store, catalogue: Catalogue, names: Index) -> None:
    """First what cannot be asked without one of its kind."""
    found = led(store, catalogue, names, "EUSALP").questions
    assert 1 < len(found) <= MOST
    assert {tuple(lead.related.arguments.values()) for lead in found} == {("network/eusalp",)}
    assert not found[0].related.saved.parameters["network"].optional


@pytest.mark.parametrize("text", ["", "zzz", "di che", "?!"])
def test_what_says_nothing_leads_nowhere(store: Store, catalogue: Catalogue, names: Index, text: str) -> None:
    """Rather than to all questions."""
    found = led(store, catalogue, names, text)
    assert (found.questions, found.named.hits) == ((), ())
