"""Export: a release in each form, opened by programs not ours; always the same, whole or not at all."""

import csv
import io
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import igraph  # type: ignore[import-untyped]
import networkx  # type: ignore[import-untyped]
import pandas  # type: ignore[import-untyped]
import polars
import pyoxigraph
import pytest
import rdflib

from ctlgraph import release as releases
from ctlgraph.errors import ParameterError, ReleaseError, SourceError
from ctlgraph.export import FORMS, SUMS, Origin, dumped, export, listed, whole
from ctlgraph.export.about import LICENCE
from ctlgraph.export.provinces import provinces
from ctlgraph.export.statements import literal, statements
from ctlgraph.generate import Size, synthesise
from ctlgraph.release import Release
from ctlgraph.vocabulary import BASE, PREFIXES, expand

REIFIES = expand("rdf:reifies")
KEEPS_GRAPHS = ("nq", "trig", "jsonld")


@pytest.fixture(scope="module")
def files(release: Release) -> Mapping[str, Path]:
    """The file of each form, from the folder of the dump."""
    folder = dumped(release)
    return {name: folder / form.file for name, form in FORMS.items()}


def as_set(path: Path, form: str) -> set[pyoxigraph.Quad]:
    kind = {"rdf12": pyoxigraph.RdfFormat.TURTLE}.get(form) or pyoxigraph.RdfFormat.from_extension(form)
    return set(pyoxigraph.parse(path=str(path), format=kind))


def plain(quads: set[pyoxigraph.Quad]) -> set[pyoxigraph.Quad]:
    """Those without blank nodes, which every reader names anew."""
    blank = pyoxigraph.BlankNode
    return {q for q in quads if not isinstance(q.subject, blank) and not isinstance(q.object, blank)}


@pytest.mark.parametrize("form", ["nq", "trig", "ttl", "nt", "jsonld"])
def test_a_form_of_rdf_holds_exactly_the_release(
    release: Release, files: Mapping[str, Path], form: str
) -> None:
    """With its graphs, or each triple once without."""
    told = as_set(release.path / "ctlgraph.nq", "nq")
    if form not in KEEPS_GRAPHS:
        told = {pyoxigraph.Quad(*quad.triple) for quad in told}
    found = as_set(files[form], form)
    assert len(found) == len(told)
    assert plain(found) == plain(told)


@pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")  # in rdflib's own parsers
@pytest.mark.parametrize("form", ["trig", "jsonld"])
def test_rdflib_reads_as_many_statements(release: Release, files: Mapping[str, Path], form: str) -> None:
    """An independent reader, to which the names of JSON-LD that the context blanks are no statements."""
    dataset = rdflib.Dataset()
    dataset.parse(files[form], format={"jsonld": "json-ld"}.get(form, form))
    assert sum(map(len, dataset.graphs())) == release.manifest["counts"]["quads"]


def test_rdf12_has_the_passage_on_each_statement(release: Release, files: Mapping[str, Path]) -> None:
    """``s p o ~ passage``: what reifies the triple is the graph that says it."""
    told = plain(as_set(release.path / "ctlgraph.nq", "nq"))
    found = plain(as_set(files["rdf12"], "rdf12"))
    reified = {(q.subject, q.object) for q in found if q.predicate.value == REIFIES and not _blank(q.object)}
    assert {(q.graph_name, q.triple) for q in told} == reified
    assert {q.triple for q in found if q.predicate.value != REIFIES} == {q.triple for q in told}


def _blank(triple: object) -> bool:
    assert isinstance(triple, pyoxigraph.Triple)
    return any(isinstance(each, pyoxigraph.BlankNode) for each in triple)


def test_each_class_has_its_table_in_csv(release: Release, files: Mapping[str, Path]) -> None:
    """As many rows as the release has things of the class; each column is in the dictionary."""
    with zipfile.ZipFile(files["csv"]) as package:
        assert package.testzip() is None
        tables = pandas.read_csv(package.open("tables.csv"))
        columns = pandas.read_csv(package.open("columns.csv"), keep_default_na=False)
        frames = {
            row.table: pandas.read_csv(package.open(row.file), dtype=str) for row in tables.itertuples()
        }
    counts = {expand(name): number for name, number in release.manifest["counts"]["entities"].items()}
    rows = {of: frames[name].iri for of, name in zip(tables["class"], tables.table, strict=True)}
    assert {of: int(rows[of].str.startswith(f"{BASE}id/").sum()) for of in counts} == counts
    for name, frame in frames.items():
        described = columns[columns.table == name]
        assert list(frame.columns) == list(described.column)
        assert [int(number) for number in described.filled] == list(frame.notna().sum())
    assert not (columns[["label_it", "label_en"]] == "").any().any()
    observed = frames["MemberObservation"]
    total = observed[
        (observed.memberCategory == expand("membercategory:total"))
        & (observed.refPeriod == "2022")
        & (observed.refOrganization.str.contains("/cluster/"))
    ]
    assert total.memberCount.astype(int).sum() == 755


def test_a_bar_within_a_value_is_told_from_one_between_values(tmp_path: Path) -> None:
    thing, label = f"<{BASE}id/project/x>", f"<{PREFIXES['skos']}altLabel>"
    graph = f"<{BASE}graph/doc-003/1-1>"
    quads = [f"{thing} <{expand('rdf:type')}> <{expand('ctl:Project')}> {graph} .\n"]
    quads += [f'{thing} {label} "{text}" {graph} .\n' for text in (r"a | b\nc", '\U0001f600, \\"d\\"', "=1")]
    (tmp_path / "ctlgraph.nq").write_text("".join(quads), "utf-8")
    out = io.BytesIO()
    export(Origin(tmp_path / "ctlgraph.nq", "1", "2026-01-01"), "csv", out)
    with zipfile.ZipFile(out) as package:
        (row,) = csv.DictReader(io.StringIO(package.read("Project.csv").decode(), newline=""))
    assert row["skos_altLabel"] == 'a \\| b\nc | \U0001f600, "d" | =1'


def test_parquet_has_the_same_tables_with_types(files: Mapping[str, Path]) -> None:
    with zipfile.ZipFile(files["csv"]) as texts, zipfile.ZipFile(files["parquet"]) as package:
        tables = pandas.read_csv(texts.open("tables.csv"))
        for row in tables.itertuples():
            data = package.read(f"{row.table}.parquet")
            assert polars.read_parquet(data).height == row.rows
        observed = polars.read_parquet(package.read("MemberObservation.parquet"))
        events = polars.read_parquet(package.read("Event.parquet"))
        about = json.loads(polars.read_parquet_metadata(package.read("Event.parquet"))["ctlgraph"])
    assert observed.schema["memberCount"] == polars.Int64
    assert observed.schema["sources"] == polars.List(polars.String)
    assert events.schema["endDate"] == polars.Date
    assert about["class"] == expand("ctl:Event")
    assert about["licence"] == LICENCE


def test_networkx_and_igraph_read_the_same_graph(release: Release, files: Mapping[str, Path]) -> None:
    """Every thing and concept is a node with both labels, every link an edge with its sources."""
    graph = networkx.read_graphml(files["graphml"])
    other = igraph.Graph.Read_GraphML(str(files["graphml"]))
    assert (other.vcount(), other.ecount()) == (graph.number_of_nodes(), graph.number_of_edges())
    ours = (f"<{BASE}id/", f"<{BASE}vocab/")
    said = list(statements(release.path / "ctlgraph.nq"))
    assert set(graph) == {each.subject[1:-1] for each in said if each.subject.startswith(ours)}
    links = {(s, p, o) for s, p, o, _ in said if s.startswith(ours) and o.startswith(ours)}
    assert graph.number_of_edges() == len(links)
    afil = graph.nodes[expand("cluster:afil")]
    assert afil["label_it"] == "Associazione Fabbrica Intelligente Lombardia"
    assert afil["kind"] == "cluster"
    assert all({"property", "label", "label_it", "sources"} <= set(data) for *_, data in graph.edges.data())


def test_a_seat_lies_in_its_province_and_says_that_it_is_not_its_address(files: Mapping[str, Path]) -> None:
    """RFC 7946: longitude first; null where no province is known."""
    collection = json.loads(files["geojson"].read_bytes())
    boxes = {each["sign"]: each["geometry"]["coordinates"] for each in provinces()}
    assert len(collection["features"]) == 15
    for feature in collection["features"]:
        known = feature["properties"]
        if feature["geometry"] is None:
            assert known["position"] == "unknown"
            continue
        corners = [point for rings in boxes[known["province"]] for point in rings[0]]
        for axis, value in enumerate(feature["geometry"]["coordinates"]):
            assert min(corner[axis] for corner in corners) < value < max(corner[axis] for corner in corners)
        assert known["position"] == "province"
        assert known["position_it"] != known["position_en"]
    seats = {each["id"]: each["properties"] for each in collection["features"]}
    assert seats[f"{BASE}id/site/addr-tav"]["province"] == "LC"
    assert seats[f"{BASE}id/site/addr-tav"]["seat_of"] == [expand("cluster:tav")]


@pytest.mark.parametrize("form", FORMS)
def test_licence_and_citation_are_inside(release: Release, files: Mapping[str, Path], form: str) -> None:
    """In both languages, in the file itself."""
    if FORMS[form].packed:
        with zipfile.ZipFile(files[form]) as package:
            text = package.read("README.txt").decode()
    else:
        text = files[form].read_text("utf-8")
    assert LICENCE in text
    for lang in ("it", "en"):
        assert Origin.of(release).citation(lang) in text


def test_the_dump_says_its_sums_and_carries_compressed_copies(release: Release) -> None:
    """`sha256sum -c` agrees; what unpacks from a copy is the file beside it."""
    folder = dumped(release)
    check = subprocess.run(["sha256sum", "-c", SUMS], cwd=folder, capture_output=True, text=True)
    assert check.returncode == 0, check.stdout
    found = {file.name: file for file in listed(release)}
    assert {path.name for path in folder.iterdir()} == {SUMS, *found}
    for file in found.values():
        assert file.size == file.path.stat().st_size
        if file.compression:
            unpacked = subprocess.run(["gzip", "-dc", file.path], capture_output=True, check=True).stdout
            assert unpacked == file.path.with_suffix("").read_bytes()


def test_a_damaged_dump_is_refused_by_name(small: Path, tmp_path: Path) -> None:
    """One byte is enough; so is a file that is gone."""
    release = releases.build(small, tmp_path / "out", finish=dumped)
    path = dumped(release) / "ctlgraph.ttl"
    data = path.read_bytes()
    path.write_bytes(data[:-2] + b"x\n")
    with pytest.raises(ReleaseError, match=r"ctlgraph\.ttl is not what was written"):
        listed(release)
    path.unlink()
    with pytest.raises(ReleaseError, match=r"ctlgraph\.ttl"):
        listed(release)


def test_the_bytes_do_not_depend_on_the_order_of_a_set(small: Path, tmp_path: Path) -> None:
    """Two processes with other hashes write the same dump."""
    script = (
        "import sys; from pathlib import Path; from ctlgraph.release import build;"
        "from ctlgraph.export import SUMS, dumped;"
        "print((dumped(build(Path(sys.argv[1]), Path(sys.argv[2]))) / SUMS).read_text())"
    )
    sums = set()
    for seed in ("1", "2"):
        command = [sys.executable, "-c", script, str(small), str(tmp_path / seed)]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        sums.add(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)
    assert len(sums) == 1
    assert sums.pop().count(b"ctlgraph.") > 15


def forked(action: Callable[[], object]) -> int:
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            action()
            status = 0
        finally:
            os._exit(status)
    return pid


def test_a_killed_export_leaves_no_partial_file(release: Release, tmp_path: Path) -> None:
    """SIGKILL at moments drawn by lot: under its name there is nothing, or all of it."""
    origin, chance = Origin.of(release), random.Random(3)
    expected: dict[str, bytes] = {}
    for form in ("nt", "csv", "graphml"):
        out = io.BytesIO()
        export(origin, form, out)
        expected[form] = out.getvalue()

    def act(form: str, path: Path) -> None:
        with whole(path) as file:
            export(origin, form, file, tmp_path)

    outcomes = set()
    for number in range(12):
        form = random.Random(number).choice(list(expected))
        path = tmp_path / f"{number}.{form}"
        pid = forked(lambda form=form, path=path: act(form, path))  # type: ignore[misc]
        time.sleep(chance.uniform(0, 0.4))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        outcomes.add(path.exists())
        assert not path.exists() or path.read_bytes() == expected[form]
    assert False in outcomes


def test_a_killed_dump_is_none_and_the_next_is_whole(small: Path, tmp_path: Path) -> None:
    """The folder has its name when everything is in it; what a dead process left is cleared away."""
    release, chance = releases.build(small, tmp_path / "out"), random.Random(5)
    for _ in range(5):
        pid = forked(lambda: dumped(release))
        time.sleep(chance.uniform(0, 0.3))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        if (release.path / "dump").exists():
            assert listed(release)
    assert listed(release)
    assert {path.name for path in release.path.iterdir()} >= {"dump", "ctlgraph.nq"}
    assert not (release.path / ".building").exists()


def test_a_full_disk_leaves_nothing_and_says_so(release: Release, tmp_path: Path) -> None:
    """Of no form; the limit on the size of a file stands for the disk."""

    def act() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8000, 8000))
        for form in FORMS:
            with pytest.raises(OSError, match=r".") as caught, whole(tmp_path / form) as file:
                export(Origin.of(release), form, file, tmp_path)
            assert caught.value.errno
        with pytest.raises(ReleaseError, match="free some space"):
            dumped(Release(tmp_path, "1", "", {"rdfc10": ""}))

    (tmp_path / "ctlgraph.nq").write_bytes((release.path / "ctlgraph.nq").read_bytes())
    assert os.waitpid(forked(act), 0)[1] == 0
    assert [path.name for path in tmp_path.iterdir()] == ["ctlgraph.nq"]


def test_statements_that_are_damaged_are_refused_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "ctlgraph.nq").write_text("<a:s> <a:p> <a:o> <a:g> .\n<a:s> .\n")
    origin = Origin(tmp_path / "ctlgraph.nq", "1", "2026-01-01")
    for form in FORMS:
        if form != "nq":  # which is copied
            with pytest.raises(SourceError) as caught:
                export(origin, form, io.BytesIO())
            assert caught.value.line == 2, form


def test_another_form_is_misuse(release: Release) -> None:
    with pytest.raises(ParameterError, match="graphml"):
        export(Origin.of(release), "docx", io.BytesIO())


def test_what_xml_cannot_hold_is_replaced(tmp_path: Path) -> None:
    """GraphML stays well formed whatever a label has in it."""
    (tmp_path / "ctlgraph.nq").write_text(
        f'<{BASE}id/project/x> <{expand("skos:prefLabel")}> "a\\u0001<b>&\\u0000"@en <{BASE}graph/x> .\n'
    )
    out = io.BytesIO()
    export(Origin(tmp_path / "ctlgraph.nq", "1", "2026-01-01"), "graphml", out)
    assert "a\ufffd<b>&\ufffd" in [each.text for each in ET.fromstring(out.getvalue()).iter()]


def test_a_literal_is_read_as_it_was_meant() -> None:
    assert literal(r'"a\"@en\u00e0\U0001F600\n\\u0041"@it-IT') == ('a"@enà😀\n\\u0041', "it-IT", "")
    assert literal(f'"5"^^<{PREFIXES["xsd"]}integer>') == ("5", "", f"{PREFIXES['xsd']}integer")
    with pytest.raises(ValueError, match="no literal"):
        literal("<a:b>")


MEMORY = """
import resource, sys
from pathlib import Path
from ctlgraph.export import FORMS, Origin, export
from ctlgraph.release import open_release, sorting

sorting.in_order.__defaults__ = (5000,)
for folder in sys.argv[1:]:
    for form in FORMS:
        with Path(folder, "written").open("wb") as file:
            export(Origin.of(open_release(Path(folder))), form, file)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_data(project: Path, tmp_path: Path) -> None:
    """Eight times as many statements, in every form one after the other: hardly more memory.

    `make bench` shows the same on a million statements, form by form.
    """
    folders = [
        synthesise(project, tmp_path / str(number), Size(3, number, number, 1)) for number in (40, 320)
    ]
    command = [sys.executable, "-c", MEMORY, *map(str, folders)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    first, second = map(int, run.stdout.split())
    assert second - first < 16, run.stdout  # MiB; their files have 5 and 35 MB in all
