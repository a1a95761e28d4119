"""Differences between releases: said in words, as JSON, and as an update that another engine applies."""

import io
import json
import shutil
import sys
import tempfile
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from ctlgraph import cli
from ctlgraph.diff import Difference, difference
from ctlgraph.diff.__main__ import main as keep_project
from ctlgraph.diff.breaking import breaking, check_version, needed
from ctlgraph.diff.comparison import compare
from ctlgraph.diff.patch import patch
from ctlgraph.diff.report import as_json, lines
from ctlgraph.diff.sentences import groups, sentences
from ctlgraph.errors import ReleaseError
from ctlgraph.release import Release, open_release
from ctlgraph.release.kept import find, known, opened
from ctlgraph.store import canonical
from ctlgraph.vocabulary import BASE, expand

pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")  # in rdflib's own parsers

HOME = Path(__file__).parents[2]
LE2C, G = "cluster:le2c", f"<{BASE}graph/doc-003/1-2>"
BEFORE = (
    (LE2C, "rdf:type", "ctl:TechnologyCluster"),
    (LE2C, "ctl:acronym", '"LE2C"'),
    (LE2C, "org:hasPrimarySite", "site:milano"),
    (LE2C, "dct:description", '"vecchia"@it'),
    (LE2C, "dct:description", '"old"@en'),
    ("site:milano", "skos:prefLabel", '"Milano"@it'),
    ("site:milano", "skos:prefLabel", '"Milan"@en'),
    ("org:hasPrimarySite", "rdfs:label", '"sede principale"@it'),
    ("org:hasPrimarySite", "rdfs:label", '"main seat"@en'),
    ("dct:description", "rdfs:label", '"descrizione"@it'),
    ("dct:description", "rdfs:label", '"description"@en'),
    ("ctl:memberCount", "rdf:type", "owl:DatatypeProperty"),
    ("ctl:Cluster", "rdf:type", "owl:Class"),
    ("s3:nutrizione", "rdf:type", "skos:Concept"),
)
GONE = BEFORE[2:5]
NEW = (
    (LE2C, "org:hasPrimarySite", "site:dalmine"),
    (LE2C, "dct:description", '"nuova"@it'),
    (LE2C, "dct:description", '"new"@en'),
    (LE2C, "ctl:participatesIn", "project:a"),
    (LE2C, "ctl:participatesIn", "project:b"),
    ("site:dalmine", "skos:prefLabel", '"Dalmine"@it'),
    ("project:a", "skos:prefLabel", '"A"@it'),
    ("project:b", "skos:prefLabel", '"B"@it'),
)
AFTER = (*(each for each in BEFORE if each not in GONE), *NEW)


def term(text: str) -> str:
    return text if text[0] in '"<_' else f"<{expand(text)}>"


def release(
    folder: Path, version: str, said: Iterable[tuple[str, ...]], *, raw: bytes | None = None
) -> Release:
    """A release of these statements, each with its graph or in G; nothing but its statements and its name."""
    quads = "".join(
        f"{' '.join(map(term, (*each, *([] if each[3:] else [G]))))} .\n" for each in said
    ).encode()
    folder.mkdir(parents=True)
    (folder / "ctlgraph.nq").write_bytes(canonical(quads if raw is None else raw))
    return Release(folder, version, "2026-01-01", {})


def applied(found: Difference) -> bytes:
    """What rdflib makes of the first release by the update, in canonical form."""
    dataset = rdflib.Dataset()
    dataset.parse(found.a.path / "ctlgraph.nq", format="nquads")
    update = patch(found)
    if update:
        dataset.update(update)
    return canonical(dataset.serialize(format="nquads", encoding="utf-8"))


@pytest.fixture
def both(tmp_path: Path) -> Difference:
    return difference(release(tmp_path / "a", "0.1.0", BEFORE), release(tmp_path / "b", "0.2.0", AFTER))


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        (
            "it",
            "LE2C: descrizione: da «vecchia» a «nuova»; "
            "sede principale: da Milano a Dalmine; 2 progetti in più",
        ),
        ("en", "LE2C: description: from “old” to “new”; main seat: from Milan to Dalmine; 2 projects more"),
    ],
)
def test_a_change_is_a_sentence_in_both_languages(both: Difference, lang: str, sentence: str) -> None:
    (said,) = sentences(both, lang)
    assert sorted(str(said).removeprefix("LE2C: ").split("; ")) == sorted(
        sentence.removeprefix("LE2C: ").split("; ")
    )
    assert said.name == "LE2C"


def test_what_is_new_or_gone_is_counted_by_kind_with_names(both: Difference, tmp_path: Path) -> None:
    assert [group.line("it") for group in groups(both, "it")] == [
        "2 progetti in più: A, B",
        "1 sede o struttura in più: Dalmine",
    ]
    back = difference(both.b, both.a)
    assert [group.line("en") for group in groups(back, "en")] == [
        "2 projects fewer: A, B",
        "1 seat or facility fewer: Dalmine",
    ]


def test_the_same_fact_of_another_source_is_no_other_fact(tmp_path: Path) -> None:
    """It is said to have other sources, and the update moves it."""
    moved = [(*BEFORE[0], f"<{BASE}graph/doc-003/3-4>"), *BEFORE[1:]]
    found = difference(release(tmp_path / "a", "1.0.0", BEFORE), release(tmp_path / "b", "1.0.1", moved))
    (change,) = found.changes
    assert (change.added, change.removed, change.resourced) == ((), (), 1)
    assert str(sentences(found, "it")[0]) == "LE2C: altre fonti per 1 affermazione"
    assert applied(found) == (found.b.path / "ctlgraph.nq").read_bytes()


def restriction(property: str, *more: str) -> bytes:
    graph = f"<{BASE}ontology>"
    node = "_:b"
    said = [
        f"<{expand('ctl:Cluster')}> <{expand('rdfs:subClassOf')}> {node} {graph} .",
        f"{node} <{expand('owl:onProperty')}> <{expand(property)}> {graph} .",
        f"<{expand('ctl:Cluster')}> <{expand('rdf:type')}> <{expand('owl:Class')}> {graph} .",
        *more,
    ]
    return "\n".join([*said, ""]).encode()


def test_blank_nodes_are_compared_by_what_they_say_and_changed_exactly(tmp_path: Path) -> None:
    """Another label is no change; another axiom is one, which the update carries out."""
    a = release(tmp_path / "a", "1.0.0", (), raw=restriction("ctl:acronym"))
    same = release(tmp_path / "s", "1.0.1", (), raw=restriction("ctl:acronym").replace(b"_:b", b"_:zz"))
    assert difference(a, same).same
    other = f"_:c <{expand('owl:onProperty')}> <{expand('ctl:about')}> <{BASE}ontology> ."
    b = release(tmp_path / "b", "1.1.0", (), raw=restriction("ctl:memberCount", other))
    for found in (difference(a, b), difference(b, a)):
        assert list(found.axioms) == [f"{BASE}ontology"]
        assert not found.changes
        assert applied(found) == (found.b.path / "ctlgraph.nq").read_bytes()
    assert [str(each) for each in sentences(difference(a, b), "it")] == [
        "ontology: affermazioni senza nome (assiomi): prima 2, ora 3"
    ]


NODES = st.sampled_from(["<x:a>", "<x:b>", "_:n", "_:m", "<x:c>"])
VALUES = st.sampled_from(
    ["<x:a>", "_:n", "_:m", '"t"', r'"a\"b\n{}"@it', '"5"^^<x:d>', r'"\\u0041"', r'"\u0001AB"']
)
QUADS = st.lists(
    st.tuples(NODES, st.sampled_from(["<x:p>", "<x:q>"]), VALUES, st.sampled_from(["<x:g>", "<x:h>"]))
)


@settings(max_examples=60, deadline=None)
@given(a=QUADS, b=QUADS)
def test_an_update_turns_any_release_into_any_other(
    a: list[tuple[str, ...]], b: list[tuple[str, ...]]
) -> None:
    """Exactly, in another engine; and it is empty only if both are the same."""
    with tempfile.TemporaryDirectory() as folder:
        found = difference(release(Path(folder, "a"), "1.0.0", a), release(Path(folder, "b"), "1.0.1", b))
        assert applied(found) == (found.b.path / "ctlgraph.nq").read_bytes()
        assert bool(patch(found)) is not found.same


@pytest.mark.parametrize(("a", "b"), [("0.1.0", "0.2.0"), ("0.2.0", "0.3.0"), ("0.3.0", "0.2.0")])
def test_the_update_between_kept_releases_is_exact_in_another_engine(a: str, b: str, tmp_path: Path) -> None:
    found = compare(a, b, HOME, tmp_path).difference
    assert applied(found) == (found.b.path / "ctlgraph.nq").read_bytes()


def test_the_kept_releases_tell_what_each_brought(tmp_path: Path) -> None:
    """0.1.0 has two clusters, 0.2.0 all documents: that is what a reader is told."""
    found = compare("0.1.0", "0.2.0", HOME, tmp_path)
    said = list(lines(found.difference, found.gone, recorded=found.recorded, lang="it"))
    assert said[0] == "Da 0.1.0 del 2026-11-22 a 0.2.0 del 2026-11-22"
    assert any(line.startswith("25 progetti in più: ABILITY") for line in said)
    (le2c,) = (line for line in said if line.startswith("LE2C: "))
    assert "5 progetti in più" in le2c
    assert not found.gone
    whole = json.loads(as_json(found.difference, found.gone, recorded=found.recorded))
    changed = {each["iri"]: each for each in whole["changes"]}
    assert changed[expand(LE2C)]["state"] == "changed"
    assert "5 projects more" in changed[expand(LE2C)]["clauses"]["en"]
    assert whole["saved_queries_compared"] is False


def test_no_kept_release_takes_away_more_than_its_version_says(tmp_path: Path) -> None:
    """The law of CHANGELOG.md, over the whole history."""
    releases = [opened(path, tmp_path) for path in [*known(HOME, tmp_path).values()][::-1]]
    assert len(releases) > 3
    for a, b in pairwise(releases):
        found = compare(a.version, b.version, HOME, tmp_path)
        check_version(found.difference, found.gone)


def test_a_release_built_here_has_the_columns_of_the_kept_one(tmp_path: Path) -> None:
    """Of the same version: a build records none."""
    built = shutil.copytree(find("0.6.0", HOME, tmp_path / "kept").path, tmp_path / "0.6.0")
    (built / "questions.json").unlink()
    sums = (built / "SHA256SUMS").read_text().splitlines(keepends=True)
    (built / "SHA256SUMS").write_text("".join(line for line in sums if "questions" not in line))
    assert compare("0.6.0", "0.7.0", HOME, tmp_path).recorded


def test_what_breaks_is_named(tmp_path: Path) -> None:
    """A term that is gone or of another kind, a saved query, a column."""
    other = [
        *(each for each in BEFORE if each[0] not in ("ctl:Cluster", "ctl:memberCount")),
        ("ctl:memberCount", "rdf:type", "owl:ObjectProperty"),
    ]
    found = difference(release(tmp_path / "a", "0.5.0", BEFORE), release(tmp_path / "b", "0.5.1", other))
    gone = breaking(found, {"q": ["x", "y"], "r": ["z"]}, {"q": ["y", "new"]})
    assert [each.line("en") for each in gone] == [
        "the term ctl:Cluster is gone",
        "the term ctl:memberCount is of another kind",
        "the column q.x of a saved query is gone",
        "the saved query r is gone",
    ]
    with pytest.raises(ReleaseError, match=r"the term ctl:Cluster is gone.*give it the version 0\.6\.0"):
        check_version(found, gone)
    check_version(found, ())
    assert "Incompatibile: il termine ctl:Cluster non c'è più" in list(
        lines(found, gone, recorded=True, lang="it")
    )


def test_a_concept_that_is_gone_breaks_and_a_thing_does_not(tmp_path: Path) -> None:
    fewer = [each for each in BEFORE if each[0] not in ("s3:nutrizione", "site:milano")]
    found = difference(release(tmp_path / "a", "1.0.0", BEFORE), release(tmp_path / "b", "1.1.0", fewer))
    assert [each.name for each in breaking(found, None, None)] == ["s3:nutrizione"]


@pytest.mark.parametrize(
    ("a", "b", "version"),
    [
        ("0.5.0", "0.5.1", "0.6.0"),
        ("0.5.0", "0.6.0", ""),
        ("0.9.3", "1.0.0", ""),
        ("1.2.3", "1.9.0", "2.0.0"),
        ("1.2.3", "2.0.0", ""),
        ("0.5.0", "0.5.0+12345678", "0.6.0"),
    ],
)
def test_the_version_that_may_take_something_away(a: str, b: str, version: str) -> None:
    assert needed(a, b) == version


def test_releases_are_known_by_version_the_newest_first(tmp_path: Path) -> None:
    for name in ("0.2.0", "0.10.0", "0.9.0+1234abcd", ".kept", "current"):
        (tmp_path / "releases" / name).mkdir(parents=True)
    (tmp_path / "out" / "0.9.0").mkdir(parents=True)
    assert list(known(tmp_path, tmp_path / "out")) == ["0.10.0", "0.9.0", "0.2.0"]
    assert known(tmp_path / "none", tmp_path / "none") == {}


def test_a_kept_release_is_unpacked_once_and_compared_each_time(tmp_path: Path) -> None:
    first = find("0.1.0", HOME, tmp_path)
    changed = (first.path / "ctlgraph.nq").stat().st_mtime_ns
    assert find(str(HOME / "releases" / "0.1.0"), HOME, tmp_path) == first
    assert (first.path / "ctlgraph.nq").stat().st_mtime_ns == changed
    (first.path / "ctlgraph.nq").write_bytes(b"")
    with pytest.raises(ReleaseError, match=r"ctlgraph\.nq is not what was released"):
        find("0.1.0", HOME, tmp_path)


@pytest.mark.parametrize("name", ["ctlgraph.nq.gz", "manifest.json"])
def test_a_damaged_kept_release_is_refused_by_name(name: str, tmp_path: Path) -> None:
    """One byte is enough; nothing is unpacked."""
    copy = shutil.copytree(HOME / "releases" / "0.2.0", tmp_path / "releases" / "0.2.0")
    data = (copy / name).read_bytes()
    (copy / name).write_bytes(data.replace(b"-22", b"-23") if name.endswith("json") else data[:-9] + b"x" * 9)
    with pytest.raises(ReleaseError, match=rf"{name} is not what was released"):
        find("0.2.0", tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def call(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["ctlgraph", *arguments])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert isinstance(end.value.code, int)
    return end.value.code


def test_the_command_says_by_its_exit_whether_something_changed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 the same, 1 different, 2 misuse, as diff has it."""
    assert call(monkeypatch, "diff", "0.3.0", "0.3.0", "--lang", "it") == 0
    assert "Non è cambiato nulla." in capsys.readouterr().out
    assert call(monkeypatch, "diff", "0.3.0", "0.4.0", "--format", "json") == 1
    assert json.loads(capsys.readouterr().out)["to"]["version"] == "0.4.0"
    assert call(monkeypatch, "diff", "0.3.0", "0.4.0", "--format", "patch") == 1
    assert capsys.readouterr().out.startswith("DELETE DATA {")
    assert call(monkeypatch, "diff", "0.3.0", "9.9.9") == 2
    assert "there is no release 9.9.9" in capsys.readouterr().err
    assert call(monkeypatch, "diff", "0.3.0") == 2


def test_a_release_is_kept_with_its_questions_unless_it_hides_a_break(small: Path, tmp_path: Path) -> None:
    """`make keep` refuses 0.0.3 when a term of 0.0.2 is gone."""
    (small / "queries").mkdir(exist_ok=True)
    kept = keep_project(small, tmp_path / "out")
    assert json.loads((kept / "questions.json").read_bytes()) == {}
    assert open_release(kept).version == "0.0.2"
    (kept / "questions.json").unlink()
    shutil.rmtree(kept)
    questions = b'{"gone": ["x"]}'
    from ctlgraph.release import build, keep

    keep(build(small, tmp_path / "out"), small / "releases", beside={"questions.json": questions})
    log = small / "CHANGELOG.md"
    log.write_text(
        log.read_text("utf-8").replace("## [0.0.2]", "## [0.0.3] - 2026-02-02\n\n## [0.0.2]", 1), "utf-8"
    )
    with pytest.raises(ReleaseError, match=r"the saved query gone is gone; give it the version 0\.1\.0"):
        keep_project(small, tmp_path / "out")
    assert not (small / "releases" / "0.0.3").exists()


def test_a_damaged_release_is_neither_asked_nor_exported(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line and exit 1, with the file."""
    from ctlgraph.release import build

    path = build(small, tmp_path / "out").path
    with (path / "ctlgraph.nq").open("ab") as file:
        file.write(b"<a:s> <a:p> <a:o> <a:g> .\n")
    for command in ("export", "query"):
        arguments = ["--release", str(path), *(["-"] if command == "query" else [])]
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"ASK {}")))
        assert call(monkeypatch, command, *arguments) == 1
        assert "ctlgraph.nq is not what was released" in capsys.readouterr().err
