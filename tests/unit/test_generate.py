"""A synthetic release is what it says it is: of the size asked, valid, heavy-tailed, the same again."""

import json
import os
import re
import subprocess
import sys
import tracemalloc
from collections import Counter
from math import log
from pathlib import Path

import pytest

from ctlgraph.errors import ParameterError
from ctlgraph.generate import Size, _write, synthesise
from ctlgraph.generate.world import World
from ctlgraph.release import _counts, check, open_release, verify
from ctlgraph.release.derivation import DERIVED
from ctlgraph.release.sorting import in_order
from ctlgraph.sources import collect, read
from ctlgraph.store import Store, canonical
from ctlgraph.validation import Report
from ctlgraph.vocabulary import BASE

SIZE = Size(clusters=5, organisations=60, projects=40, seed=7)


@pytest.fixture(scope="module")
def synthetic(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return synthesise(project, tmp_path_factory.mktemp("generate") / "synthetic", SIZE)


@pytest.fixture(scope="module")
def ontology(synthetic: Path) -> list[str]:
    """What a world takes from the ontology and the vocabularies, without their derived statements."""
    lines = (synthetic / "ctlgraph.nq").read_text("utf-8").splitlines(keepends=True)
    return [
        line for line in lines if line.rsplit(" ", 2)[1].startswith((f"<{BASE}ontology", f"<{BASE}vocab"))
    ]


@pytest.fixture(scope="module")
def store(synthetic: Path) -> Store:
    return Store.open(synthetic)


def rows(store: Store, where: str) -> list[list[str]]:
    prefixes = f"PREFIX ctl: <{BASE}ontology#> PREFIX org: <http://www.w3.org/ns/org#> "
    answer = store.query(prefixes + where).serialize("csv").decode()
    return [line.split(",") for line in answer.splitlines()[1:]]


def test_a_synthetic_release_passes_every_shape(synthetic: Path) -> None:
    """Its own shapes, which are the project's, find nothing to warn of."""
    report = check(synthetic)
    assert report.counts["violation"] == report.counts["warning"] == 0
    assert (synthetic / "shapes.nt").read_text("utf-8").count("shacl#NodeShape>") > 100


def test_a_synthetic_release_is_told_from_a_real_one(synthetic: Path) -> None:
    """The manifest says what it is, and its counts are those that a build would make."""
    release = open_release(synthetic)
    verify(release)
    assert release.version == "synthetic-5-60-40-7"
    assert release.manifest["validated"] is False
    assert release.manifest["synthetic"] == {"clusters": 5, "organisations": 60, "projects": 40, "seed": 7}
    quads = (synthetic / "ctlgraph.nq").read_bytes()
    counts = _counts(Store.from_nquads(quads), quads, Report(()))
    del counts["findings"]
    assert release.manifest["counts"] == counts


def test_the_statements_are_canonical(synthetic: Path) -> None:
    """In the same order and with the same blank nodes as those of any release."""
    quads = (synthetic / "ctlgraph.nq").read_bytes()
    assert canonical(quads) == quads


def test_there_is_as_much_as_was_asked(synthetic: Path) -> None:
    """The region that recognises the clusters is one organisation more."""
    entities = open_release(synthetic).manifest["counts"]["entities"]
    assert entities["ctl:TechnologyCluster"] == SIZE.clusters
    assert entities["org:FormalOrganization"] == SIZE.clusters + SIZE.organisations + 1
    assert entities["ctl:Project"] == SIZE.projects


def test_what_is_derived_is_what_the_rules_derive(project: Path, synthetic: Path) -> None:
    """The generator knows no rules, so a rule that changes has to be seen here."""
    end = f" <{DERIVED}> .".encode()
    lines = (synthetic / "ctlgraph.nq").read_bytes().splitlines()
    said = {line.removesuffix(end) for line in lines if line.endswith(end)}
    quads = b"".join(line + b"\n" for line in lines if not line.endswith(end))
    found = {path: data for path, data in collect(project).items() if not path.startswith("data/")}
    derived: set[bytes] = set()
    for _, rule in read(project, found).rules:
        new = [line.removesuffix(b" .") for line in Store.from_nquads(quads).construct(rule).splitlines()]
        derived.update(new)
        quads += b"".join(line + end + b"\n" for line in new)
    assert said == derived


def test_the_counts_are_those_of_the_memberships_and_add_up(store: Store) -> None:
    """Each cluster has as many members as it says, and the set as many as all clusters."""
    members = rows(
        store,
        """SELECT ?cluster (COUNT(?membership) AS ?count)
           WHERE { ?cluster a ctl:TechnologyCluster OPTIONAL { ?membership org:organization ?cluster } }
           GROUP BY ?cluster""",
    )
    stated = rows(
        store,
        f"""SELECT ?of ?category ?count WHERE {{ ?o ctl:refOrganization ?of ; ctl:memberCount ?count ;
            ctl:memberCategory ?c BIND (STRAFTER(STR(?c), "{BASE}vocab/member-category/") AS ?category) }}""",
    )
    total = {of: int(count) for of, category, count in stated if category == "total"}
    parts: Counter[str] = Counter()
    for of, category, count in stated:
        parts[of] += int(count) if category != "total" else 0
    assert dict(parts) == total
    whole = total.pop(f"{BASE}id/set/s-clusters")
    assert total == {cluster: int(count) for cluster, count in members}
    assert whole == sum(total.values()) >= SIZE.organisations


def test_few_organisations_are_in_many_projects(ontology: list[str]) -> None:
    """The tail is that of the framework programmes: P(degree >= k) falls like k to the power of -1.25."""
    world = World(Size(clusters=3, organisations=4000, projects=4000, seed=1), ontology)
    who = re.compile(f"<{BASE}ontology#participant> <{BASE}id/organisation/s-([0-9]+)>")
    counted = Counter(found for text in world.statements() for found in who.findall(text))
    degrees = sorted(counted.values(), reverse=True) + [0] * (4000 - len(counted))
    total = sum(degrees)
    gini = sum(degree * (4001 - 2 * rank) for rank, degree in enumerate(degrees, 1)) / (4000 * total)
    assert 0.5 < gini < 0.8
    assert max(degrees) > 10 * total / 4000  # a random graph would have some 3 times the mean
    assert 2 < exponent([degree for degree in degrees if degree >= 15]) < 2.7


def exponent(tail: list[int]) -> float:
    """Of a power law, from a tail: Clauset, Shalizi and Newman (2009), SIAM Review 51, equation 3.7."""
    return 1 + len(tail) / sum(log(degree / (min(tail) - 0.5)) for degree in tail)


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_the_same_seed_gives_the_same_bytes(synthetic: Path, tmp_path: Path, hash_seed: str) -> None:
    """Whatever order Python gives its sets."""
    size = ["--clusters", "5", "--organisations", "60", "--projects", "40", "--seed", "7"]
    command = [sys.executable, "-m", "ctlgraph", "generate", *size, "-o", str(tmp_path / "again")]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "LC_ALL": "en_GB.UTF-8"}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    assert done.stdout.splitlines()[0].startswith("synthetic, not validated: ")
    for name in ("ctlgraph.nq", "shapes.nt", "manifest.json", "SHA256SUMS"):
        assert (tmp_path / "again" / name).read_bytes() == (synthetic / name).read_bytes()


def test_another_seed_gives_another_world(project: Path, synthetic: Path, tmp_path: Path) -> None:
    other = synthesise(project, tmp_path / "other", Size(5, 60, 40, seed=8))
    assert (other / "ctlgraph.nq").read_bytes() != (synthetic / "ctlgraph.nq").read_bytes()
    manifests = [json.loads((path / "manifest.json").read_text("utf-8")) for path in (other, synthetic)]
    assert manifests[0]["inputs"] != manifests[1]["inputs"]


def test_how_much_is_sorted_at_once_does_not_show(project: Path, synthetic: Path, tmp_path: Path) -> None:
    """Sorting in runs and merging them gives what sorting all at once gives."""
    again = synthesise(project, tmp_path / "again", SIZE, run=1000)
    assert (again / "ctlgraph.nq").read_bytes() == (synthetic / "ctlgraph.nq").read_bytes()


def test_memory_does_not_grow_with_the_size(ontology: list[str], tmp_path: Path) -> None:
    """Ten times the statements, the same peak."""
    peaks, quads = [], []
    for factor in (1, 10):
        runs = tmp_path / str(factor)
        runs.mkdir()
        tracemalloc.start()
        world = World(Size(clusters=3, organisations=50 * factor, projects=100 * factor, seed=1), ontology)
        lines = (line for text in world.statements() for line in text.splitlines(keepends=True))
        counts = _write(tmp_path / "ctlgraph.nq", in_order(lines, runs, 2000))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        quads.append(counts["quads"])
    assert quads[1] > 9 * quads[0]
    assert peaks[1] < 1.2 * peaks[0]


@pytest.mark.parametrize("size", [Size(1, 1, 1, 0), Size(40, 2, 3, -1)])
def test_a_small_world_is_valid_too(project: Path, tmp_path: Path, size: Size) -> None:
    report = check(synthesise(project, tmp_path / "small", size))
    assert report.counts["violation"] == report.counts["warning"] == 0


def test_nothing_is_overwritten(project: Path, tmp_path: Path) -> None:
    """A folder with something in it stays as it is."""
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(ParameterError, match="a folder that is not there yet, or empty"):
        synthesise(project, tmp_path, SIZE)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
