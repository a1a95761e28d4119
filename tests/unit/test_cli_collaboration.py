"""The command collaboration: its forms, its exit codes, and that other programs open what it writes."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import igraph  # type: ignore[import-untyped]
import networkx as nx  # type: ignore[import-untyped]
import pytest
from rdflib import Graph, URIRef

from ctlgraph import cli
from ctlgraph.collaboration import DEFAULT, MEASURES
from ctlgraph.release import Release
from ctlgraph.vocabulary import expand


class Ctlgraph:
    """Runs the command in this process over the real release; `out` and `err` are of the last run."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], release: Release
    ) -> None:
        self._monkeypatch, self._capfd, self.release = monkeypatch, capfd, release

    def __call__(self, *arguments: str) -> int:
        where = () if "--data" in arguments else ("--release", str(self.release.path))
        self._monkeypatch.setattr(sys, "argv", ["ctlgraph", "collaboration", *arguments, *where])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        self.out, self.err = self._capfd.readouterr()
        return int(caught.value.code or 0)


@pytest.fixture
def collaboration(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], release: Release
) -> Ctlgraph:
    monkeypatch.setattr(cli, "LANG", "en")
    return Ctlgraph(monkeypatch, capfd, release)


def test_the_table_says_what_its_numbers_must_be_read_with(collaboration: Ctlgraph) -> None:
    """Sentence, rows, projection, coverage, engine, parameters, paper; in Italian too."""
    assert collaboration("--measure", "betweenness", "--lang", "it") == 0
    for text in ("Lombardy Green Chemistry Association (0,1786)", "9 su 9", "networkx 3", "seme", "Freeman"):
        assert text in collaboration.out
    assert "newman: ogni cosa in comune dà 1 / (k - 1)" in collaboration.out
    assert collaboration.release.version in collaboration.out


def test_measures_are_listed(collaboration: Ctlgraph) -> None:
    """With their definitions and parameters."""
    assert collaboration("--measure", "list", "--lang", "en") == 0
    names = [line.split()[0] for line in collaboration.out.splitlines() if not line.startswith(" ")]
    assert names == list(MEASURES)


@pytest.mark.parametrize("projection", ["newman", "none"])
def test_graphml_is_opened_by_networkx_and_igraph(
    collaboration: Ctlgraph, tmp_path: Path, projection: str
) -> None:
    """The same nodes, ties, weights, labels and values as JSON has."""
    options = ("--projection", projection, "--measure", "degree,components,constraint", "--guests")
    assert collaboration(*options, "--format", "json") == 0
    told = json.loads(collaboration.out)
    path = tmp_path / "graph.graphml"
    assert collaboration(*options, "--format", "graphml", "-o", str(path)) == 0
    theirs, ours = nx.read_graphml(path), nx.node_link_graph(told, edges="edges")
    other = igraph.Graph.Read_GraphML(str(path))
    assert dict(theirs.nodes.data()) == dict(ours.nodes.data())
    assert {(*sorted(ends), weight) for *ends, weight in theirs.edges.data("weight")} == {
        (*sorted(ends), weight) for *ends, weight in ours.edges.data("weight")
    }
    assert (other.vcount(), other.ecount()) == (len(ours), ours.number_of_edges())
    assert sorted(other.vs["label_it"]) == sorted(ours.nodes[node]["label_it"] for node in ours)
    assert sum(other.es["weight"]) == pytest.approx(sum(each for *_, each in ours.edges.data("weight")))
    assert theirs.graph["release"] == told["graph"]["release"]
    assert [each["name"] for each in told["measures"]] == ["degree", "components", "constraint"]


def test_csv_holds_values_with_their_provenance(collaboration: Ctlgraph) -> None:
    """A row for each node, in each row what it must be read with; ties alone are an edge list."""
    assert collaboration("--measure", "degree,strength", "--format", "csv", "--lang", "en") == 0
    rows = list(csv.DictReader(io.StringIO(collaboration.out)))
    assert len(rows) == 9
    assert {row["projection"] for row in rows} == {"newman"}
    assert "9 of 9" in rows[0]["coverage"]
    assert [row["strength"] for row in rows if row["node"].endswith("/lgca")] == ["3.0"]
    assert collaboration("--measure", "edges", "--format", "csv") == 0
    edges = list(csv.DictReader(io.StringIO(collaboration.out)))
    graph = nx.Graph()
    graph.add_weighted_edges_from((row["source"], row["target"], float(row["weight"])) for row in edges)
    assert (len(graph), graph.number_of_edges()) == (9, 15)


def test_change_compares_with_other_years(collaboration: Ctlgraph) -> None:
    """What is compared with must be named."""
    assert collaboration("--measure", "change", "--lang", "en") == 1
    assert "name another release or period" in collaboration.err
    assert collaboration("--against", "2019-2019", "--lang", "en") == 0
    assert "there were 0, now there are 15" in collaboration.out
    assert collaboration("--against", str(collaboration.release.path), "--lang", "en") == 0
    assert "No tie has changed: there are 15." in collaboration.out


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (["--of", "networks", "--by", "networks"], 1, "one side only"),
        (["--measure", "communities", "--format", "csv"], 1, "fewer than ten tied nodes"),
        (["--of", "cluster"], 2, "nearest: clusters"),
        (["--measure", "degre"], 2, "nearest: degree"),
        (["--projection", "x"], 2, "newman, count, jaccard, none"),
        (["--engine", "igraph", "--measure", "core"], 2, "networkx, networkit"),
        (["-p", "degree.x=1"], 2, "degree:"),
        (["-p", "betweenness.samples=-1"], 2, "from 0 to"),
        (["-p", "core.k=1"], 2, "MEASURE.KEY=VALUE"),
        (["--measure", "degree,edges", "--format", "csv"], 2, "rows are nodes"),
        (["--timeout", "0.001", "--of", "technologies", "--by", "all"], 3, "took longer than"),
        (["--against", "9.9.9"], 1, "there is no release"),
    ],
)
def test_a_wrong_option_has_its_exit_code(
    collaboration: Ctlgraph, options: list[str], status: int, said: str
) -> None:
    """1 undefined, 2 misuse, 3 a limit; one line says what to do, and nothing is half written."""
    assert collaboration(*options) == status
    assert said in collaboration.err
    assert collaboration.out == ""


def test_without_meaning_the_words_are_printed_and_the_exit_code_is_1(collaboration: Ctlgraph) -> None:
    """Only if no measure has any."""
    assert collaboration("--measure", "communities", "--lang", "en") == 1
    assert "Communities: no meaning on a graph this small" in collaboration.out
    assert collaboration("--measure", "communities,degree", "--lang", "en") == 0


def test_ctrl_c_leaves_nothing_behind(release: Release, tmp_path: Path) -> None:
    """Neither a file nor half of one."""
    out = tmp_path / "out.csv"
    command = [sys.executable, "-m", "ctlgraph", "collaboration", "--of", "projects", "--by", "all"]
    command += ["--measure", "communities", "-p", "communities.runs=1000", "--format", "csv", "-o", str(out)]
    with subprocess.Popen(
        [*command, "--release", str(release.path)], env={**os.environ, "LANG": "C"}, stderr=subprocess.PIPE
    ) as process:
        time.sleep(4)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
    assert list(tmp_path.iterdir()) == []


def test_turtle_holds_the_values_as_observations(collaboration: Ctlgraph) -> None:
    """Every node with each measure; what is not measured node by node is refused with what is."""
    assert collaboration("--format", "ttl", "--guests") == 0
    found = Graph().parse(data=collaboration.out, format="turtle")
    values = found.triples((None, URIRef(expand("ctl:measuredValue")), None))
    assert len(list(values)) == 9 * len(DEFAULT)
    assert collaboration("--format", "ttl", "--measure", "mixing") == 2
    assert "a measure of single nodes: degree, strength, betweenness" in collaboration.err
    assert collaboration("--format", "ttl", "--measure", "betweenness", "--until", "1900") == 1
