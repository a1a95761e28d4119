"""What is known and what is not, counted again from the files of the data by other means."""

import asyncio
import csv
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from rdflib import RDF, Dataset, URIRef

from ctlgraph.vocabulary import BASE, expand
from ctlgraph.web.site.coverage import ASPECTS, COLUMNS, MOST, Coverage, coverage, listed
from ctlgraph.web.site.facts import Ask

Made = Callable[[str], Ask]
Facts = Mapping[URIRef, set[tuple[URIRef, URIRef]]]


@pytest.fixture(scope="module")
def real(asked: Ask) -> Coverage:
    return asyncio.run(coverage(asked, "it"))


@pytest.fixture(scope="module")
def facts(project: Path) -> Facts:
    """Subjects and objects by property, read from the files of the data by rdflib."""
    dataset = Dataset()
    with warnings.catch_warnings():  # rdflib's parser wants what rdflib advises against
        warnings.simplefilter("ignore", DeprecationWarning)
        for path in sorted((project / "data" / "ttl").rglob("*.t*")):
            dataset.parse(data=path.read_text("utf-8"), format="trig")
    found: dict[URIRef, set[tuple[URIRef, URIRef]]] = defaultdict(set)
    for s, p, o, _ in dataset.quads((None, None, None, None)):
        found[URIRef(str(p))].add((URIRef(str(s)), URIRef(str(o))))
    return found


def name(text: str) -> URIRef:
    return URIRef(expand(text))


def pairs(facts: Facts, *names: str) -> Iterator[tuple[URIRef, URIRef]]:
    return (pair for each in names for pair in facts[name(each)])


def projects_with_partners(facts: Facts) -> set[URIRef]:
    who: dict[URIRef, set[URIRef]] = defaultdict(set)
    for part, project in pairs(facts, "ctl:inProject"):
        who[project] |= {agent for each, agent in pairs(facts, "ctl:participant") if each == part}
    return {project for project, agents in who.items() if len(agents) > 1}


def test_projects_are_counted_as_the_files_have_them(real: Coverage, facts: Facts) -> None:
    """All, those with partners, with money, with a status."""
    projects = {s for s, o in facts[RDF.type] if o == name("ctl:Project")}
    funds = ("ctl:fundedThrough", "ctl:fundedBy", "ctl:fundedWithin", "ctl:underCall")
    expected = {
        "project-partners": projects_with_partners(facts),
        "project-money": {s for s, _ in pairs(facts, *funds)},
        "project-status": {s for s, _ in pairs(facts, "ctl:status")},
    }
    for aspect, known in expected.items():
        found = real.known(aspect)
        assert found is not None
        assert (found.count, found.of) == (len(known & projects), len(projects)), aspect


def test_a_cluster_is_counted_as_the_files_have_it(real: Coverage, facts: Facts, project: Path) -> None:
    """Projects, those with partners, networks and members by name; members as the golden answer has them."""
    golden = project / "tests" / "queries" / "golden" / "total-members.csv"
    with golden.open(encoding="utf-8", newline="") as file:
        members = {row["cluster"]: int(row["members"]) for row in csv.DictReader(file)}
    columns = list(COLUMNS)
    assert len(real.clusters) == 9
    for each in real.clusters:
        parts = {s for s, o in pairs(facts, "ctl:participant") if str(o) == each.thing.iri}
        projects = {o for s, o in pairs(facts, "ctl:inProject") if s in parts}
        networks = {o for s, o in pairs(facts, "ctl:inNetwork") if s in parts}
        own = {s for s, o in pairs(facts, "org:organization") if str(o) == each.thing.iri}
        named = {o for s, o in pairs(facts, "org:member") if s in own}
        cells = dict(zip(columns, each.cells, strict=True))
        assert each.members == members[each.thing.iri]
        assert cells["projects"].count == len(projects)
        assert (cells["partners"].count, cells["partners"].of) == (
            len(projects & projects_with_partners(facts)),
            len(projects),
        )
        assert (cells["networks"].count, cells["members"].count) == (len(networks), len(named))


def test_classes_are_counted_as_the_files_have_them(real: Coverage, facts: Facts) -> None:
    """How many; every one has names in both languages; in a document are no more than there are."""
    events = {s for s, o in facts[RDF.type] if o == name("ctl:Event")}
    told = {each.thing.iri: each for each in real.classes}
    event = told[expand("ctl:Event")]
    assert (event.count, event.labelled) == (len(events), len(events))
    assert all(each.several <= each.sourced <= each.count >= each.labelled for each in real.classes)
    assert expand("ctl:Passage") not in told


@pytest.mark.parametrize("aspect", ASPECTS)
def test_a_number_leads_to_the_things_that_it_counts(real: Coverage, asked: Ask, aspect: str) -> None:
    """As many known and unknown as the page of all says."""
    found, told = asyncio.run(listed(asked, aspect, "", "it")), real.known(aspect)
    assert found is not None
    assert told is not None
    assert (len(found.known), len(found.known) + len(found.unknown)) == (told.count, told.of)
    assert not {*found.known} & {*found.unknown}


def test_a_number_of_a_cluster_leads_to_its_own(real: Coverage, asked: Ask) -> None:
    """Those that it takes part in, and no others."""
    for each in real.clusters:
        cell = each.cells[list(COLUMNS).index("partners")]
        found = asyncio.run(listed(asked, "project-partners", each.name, "en"))
        assert found is not None
        assert (len(found.known), len(found.known) + len(found.unknown)) == (cell.count, cell.of)


def test_another_partner_in_the_graph_is_another_number_on_the_page(made: Made) -> None:
    """Nothing is typed in; a cluster without anything has zeros, and no number of members."""
    trig = """d003:5-6 { project:p a ctl:Project . project:q a ctl:Project .
        cluster:c a ctl:TechnologyCluster . participation:a ctl:inProject project:p ;
        ctl:participant cluster:c . %s }"""
    alone = asyncio.run(coverage(made(trig % ""), "it"))
    two = "participation:b ctl:inProject project:p ; ctl:participant organisation:o ."
    together = asyncio.run(coverage(made(trig % two), "it"))
    assert [c.clusters[0].cells[2].count for c in (alone, together)] == [0, 1]
    assert alone.clusters[0].members is None


def test_what_there_is_not_has_no_list(asked: Ask) -> None:
    """An unknown name is nothing; an unknown cluster is all clusters, whatever its text."""
    assert asyncio.run(listed(asked, "project-nothing", "", "it")) is None
    every = asyncio.run(listed(asked, "project-status", "", "it"))
    assert asyncio.run(listed(asked, "project-status", f"<{BASE}> }} #", "it")) == every


def test_files_without_clusters_have_no_coverage(made: Made) -> None:
    """Any RDF file may be served."""
    found = asyncio.run(coverage(made("<https://example.org/a> <https://example.org/b> 1 ."), "it"))
    assert (found.kinds, found.clusters, found.classes) == ((), (), ())


def test_a_long_list_is_cut_and_its_numbers_are_not(made: Made) -> None:
    """Of a large release; the page says so."""
    projects = " ".join(f"project:p{n} a ctl:Project ." for n in range(MOST + 20))
    ask = made(f"d003:5-6 {{ {projects} project:p7 ctl:status status:ongoing . }}")
    found = asyncio.run(listed(ask, "project-status", "", "it"))
    assert found is not None
    assert (len(found.known), len(found.unknown), found.counts) == (1, MOST, (1, MOST + 19))
