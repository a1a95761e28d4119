"""Two clusters or two years side by side: what each has, what both have, and from which lines."""

import asyncio
import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from ctlgraph.vocabulary import BASE, expand
from ctlgraph.web.site.comparing import Compared, clusters, over, two, years
from ctlgraph.web.site.facts import Ask, Thing

Made = Callable[[str], Ask]


def thing(name: str) -> Thing:
    return Thing(f"{BASE}id/cluster/{name}", name)


def compared(ask: Ask, one: str, other: str) -> Compared:
    return asyncio.run(two(ask, thing(one), thing(other), "it"))


def test_two_clusters_share_what_their_question_says(asked: Ask, project: Path) -> None:
    """Networks, projects, themes and ecosystems, as the golden answer of the saved question has them.

    One town or one legal form is nothing in common.
    """
    golden = project / "tests" / "queries" / "golden" / "common-ground-of-two-clusters.csv"
    with golden.open(encoding="utf-8", newline="") as file:
        told = {row["shared"] for row in csv.DictReader(file)}
    found = compared(asked, "clsv", "tav")
    shared = {value.thing.iri for row in found.shared for value in row.shared}
    assert {iri for iri in told if "/site/" not in iri} <= shared
    assert shared - told <= {v.thing.iri for row in found.rows if row.name == "sectors" for v in row.shared}


def test_le2c_and_lgca_are_linked_as_the_sources_say(asked: Ask) -> None:
    """By two networks, a project, the themes of their side boxes; each with lines."""
    found = compared(asked, "le2c", "lgca")
    rows = {row.name: [value.thing.iri.rpartition("/")[2] for value in row.shared] for row in found.shared}
    assert sorted(rows["networks"]) == ["eccp", "vanguard"]
    assert rows["projects"] == ["biomass-hub"]
    assert sorted(rows["themes"]) == ["pnrr-m2", "pnrr-m2c1", "pnrr-m2c2", "s3-sostenibilita"]
    assert all(value.sources for row in found.rows for cell in row.cells for value in cell)


def test_members_are_the_latest_exact_ones(asked: Ask) -> None:
    """As on the home page; what was stated before stands below."""
    found = compared(asked, "clm", "afil")
    total = found.categories[0]
    assert total.iri == expand("membercategory:total")
    assert [count.count for side in found.sides if (count := found.count(side, total))] == [83, 144]
    assert [count.count for count in found.sides[0].over_time] == [83, 78]


def test_two_years_are_what_their_documents_say(asked: Ask) -> None:
    """Each value with the lines of that year only; what both years say is marked."""
    assert asyncio.run(years(asked)) == ("2019", "2022", "2024")
    found = asyncio.run(over(asked, thing("clm"), "2019", "2022", "it"))
    total = found.categories[0]
    assert [count.count for side in found.sides if (count := found.count(side, total))] == [78, 83]
    seats = next(row for row in found.rows if row.name == "seats")
    assert [value.thing.label for value in seats.shared] == ["Brescia"]
    documents = [
        {s.document.iri[-3:] for row in found.rows for v in row.cells[side] for s in v.sources if s.document}
        for side in (0, 1)
    ]
    assert documents[0] <= {"000", "001"}
    assert documents[1] == {"003"}


@pytest.mark.parametrize("role", ["guest", "participant"])
def test_another_tie_in_the_graph_is_another_on_the_page(made: Made, role: str) -> None:
    """Nothing is typed in; a role is told where it is more than taking part."""
    trig = f"""d003:5-6 {{ cluster:a a ctl:TechnologyCluster . cluster:b a ctl:TechnologyCluster .
        participation:a ctl:participant cluster:a ; ctl:inNetwork network:n ;
            ctl:participationRole participationrole:{role} .
        participation:b ctl:participant cluster:b ; ctl:inNetwork network:n , network:m . }}"""
    found = compared(made(trig), "a", "b")
    [row] = found.rows
    assert [[value.thing.iri[-1] for value in cell] for cell in row.cells] == [["n"], ["n", "m"]]
    assert [value.shared for value in row.cells[1]] == [True, False]
    assert (row.cells[0][0].role is not None) == (role == "guest")
    assert found.categories == ()


def test_files_without_clusters_have_nothing_to_compare(made: Made) -> None:
    """Any RDF file may be served."""
    ask = made("<https://example.org/a> <https://example.org/b> 1 .")
    assert asyncio.run(clusters(ask, "it")) == ()
    assert asyncio.run(years(ask)) == ()
