"""A release is whole or not at all, the same for the same inputs, and never changed."""

import errno
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ctlgraph.errors import ReleaseError
from ctlgraph.messages import LANGUAGES
from ctlgraph.release import Release, build, current, keep, open_release, verify
from ctlgraph.store import Store, canonical
from ctlgraph.vocabulary import BASE, expand

AFIL = "data/ttl/doc-000/afil.trig"
FILES = {
    "SHA256SUMS", "ctlgraph.nq", "manifest.json", "report.ttl", "shapes.nt", "trig/curated.trig",
    "trig/doc-000.trig",
}  # fmt: skip


def spoil(project: Path, path: str, old: str, new: str) -> None:
    text = (project / path).read_text("utf-8")
    assert old in text
    (project / path).write_text(text.replace(old, new, 1), "utf-8")


def contents(folder: Path) -> dict[str, bytes | str]:
    """Every file by its path, and where each link points."""
    found: dict[str, bytes | str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = str(path.readlink())
        elif path.is_file():
            found[name] = path.read_bytes()
    return found


def rows(release: Release, query: str) -> list[str]:
    return Store.open(release.path).query(query).serialize("tsv").decode().splitlines()[1:]


def test_a_release_is_a_folder_of_known_files(small: Path, tmp_path: Path) -> None:
    """Everything that is published, and its sums, which `sha256sum -c` reads."""
    release = build(small, tmp_path / "out")
    assert set(contents(release.path)) == FILES
    verify(release)
    for line in (release.path / "SHA256SUMS").read_text().splitlines():
        total, name = line.split("  ")
        assert hashlib.sha256((release.path / name).read_bytes()).hexdigest() == total
    assert (tmp_path / "out" / "current").readlink() == Path("0.0.2")
    assert current(tmp_path / "out") == release


def test_the_manifest_counts_what_is_there(small: Path, tmp_path: Path) -> None:
    """Counts are the first thing that shows a loss."""
    release = build(small, tmp_path / "out")
    manifest = json.loads((release.path / "manifest.json").read_bytes())
    lines = (release.path / "ctlgraph.nq").read_bytes().splitlines()
    assert (
        (release.version, release.date) == (manifest["version"], manifest["date"]) == ("0.0.2", "2025-02-03")
    )
    assert manifest["counts"]["quads"] == len(lines) == sum(manifest["counts"]["families"].values())
    assert manifest["counts"]["graphs"] == 8
    assert manifest["counts"]["entities"]["ctl:TechnologyCluster"] == 2
    assert manifest["counts"]["findings"] == {"violation": 0, "warning": 1, "info": 0}
    assert manifest["rdfc10"] == hashlib.sha256(b"\n".join(lines) + b"\n").hexdigest()


def test_the_quads_are_sorted_and_canonical(small: Path, tmp_path: Path) -> None:
    """RDFC-1.0: two releases can be compared line by line."""
    data = (build(small, tmp_path / "out").path / "ctlgraph.nq").read_bytes()
    lines = data.splitlines()
    assert lines == sorted(set(lines))
    assert b"_:c14n0 " in data
    assert data == canonical(data)


def test_a_rule_sees_what_the_rule_before_it_derived(small: Path, tmp_path: Path) -> None:
    """The superclasses come first, and shortcuts may count on them."""
    release = build(small, tmp_path / "out")
    assert rows(
        release,
        f"SELECT ?p ?o {{ GRAPH <{BASE}graph/derived> {{ <{expand('cluster:afil')}> ?p ?o }} }} ORDER BY ?p",
    ) == [
        f"<{expand('rdf:type')}>\t<{expand('ctl:Cluster')}>",
        f'<{expand("rdfs:comment")}>\t"cluster"@it',
    ]


def test_each_passage_is_described_by_its_iri(small: Path, tmp_path: Path) -> None:
    """Document, lines, quote, and the section that holds it, if one does."""
    release = build(small, tmp_path / "out")
    described = {
        name: rows(release, f"SELECT ?p ?o {{ GRAPH <{BASE}graph/sources> {{ <{expand(name)}> ?p ?o }} }}")
        for name in ("d000:3-4", "d000:30-30")
    }
    common = {
        f"<{expand('rdf:type')}>\t<{expand('ctl:Passage')}>",
        f"<{expand('prov:wasDerivedFrom')}>\t<{expand('source:doc-000')}>",
    }
    assert set(described["d000:3-4"]) == common | {
        f"<{expand('ctl:firstLine')}>\t3",
        f"<{expand('ctl:lastLine')}>\t4",
        f'<{expand("oa:exact")}>\t"144 soci"',
        f"<{expand('dct:isPartOf')}>\t<{expand('source:doc-000-page-1')}>",
    }
    assert set(described["d000:30-30"]) == common | {
        f"<{expand('ctl:firstLine')}>\t30",
        f"<{expand('ctl:lastLine')}>\t30",
    }


def test_a_passage_belongs_to_the_smallest_section_around_it(small: Path, tmp_path: Path) -> None:
    """A page within a chapter says more than the chapter."""
    with (small / "data/ttl/sources.ttl").open("a") as file:
        for name, first, last in (("a-chapter", 1, 90), ("tail", 4, 9)):
            file.write(
                f"\nsource:{name} a ctl:SourceSection ; prov:wasDerivedFrom source:doc-000 ;"
                f" ctl:firstLine {first} ; ctl:lastLine {last} ."
            )
    release = build(small, tmp_path / "out")
    query = f"SELECT ?section {{ <{expand('d000:%s')}> <{expand('dct:isPartOf')}> ?section }}"
    assert rows(release, query % "3-4") == [f"<{expand('source:doc-000-page-1')}>"]
    assert rows(release, query % "30-30") == [f"<{expand('source:a-chapter')}>"]


BUILD = """
import sys, time
real = time.time
time.time = lambda: real() + float(sys.argv[3]) * 86400
from pathlib import Path
from ctlgraph.release import build
build(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def start(project: Path, out: Path, *, seed: str = "0", days: int = 0) -> subprocess.Popen[bytes]:
    """Begin a build in a process of its own, so many days from now."""
    return subprocess.Popen(
        [sys.executable, "-c", BUILD, str(project), str(out), str(days)],
        env={**os.environ, "PYTHONHASHSEED": seed},
    )


@pytest.mark.parametrize("real", [False, True], ids=["small", "real"])
def test_the_same_inputs_give_the_same_bytes(real: bool, small: Path, project: Path, tmp_path: Path) -> None:
    """On another day, and whatever the order of a Python set."""
    inputs = project if real else small
    builds = [
        start(inputs, tmp_path / seed, seed=seed, days=days)
        for seed, days in (("0", 0), ("1", 0), ("2", 400))
    ]
    assert [process.wait() for process in builds] == [0, 0, 0]
    first, *others = (contents(tmp_path / seed) for seed in "012")
    assert first
    assert others == [first, first]


def test_unchanged_inputs_are_not_built_again(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second start of the service takes no time."""
    release = build(small, tmp_path / "out")
    monkeypatch.setattr("ctlgraph.release.validate", None)
    assert build(small, tmp_path / "out") == release


def test_changed_inputs_under_a_finished_version_get_their_hash(small: Path, tmp_path: Path) -> None:
    """A release never changes: other contents need another name."""
    out = tmp_path / "out"
    first = build(small, out)
    before = contents(first.path)
    spoil(small, AFIL, "ctl:memberCount 144", "ctl:memberCount 145")
    second = build(small, out)
    assert second.version == f"0.0.2+{second.manifest['inputs'][:8]}"
    assert second.path == out / second.version == (out / "current").resolve()
    assert second.date == first.date
    assert contents(first.path) == before


def test_inputs_that_return_make_the_earlier_release_current(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is finished is pointed at, not built again."""
    out = tmp_path / "out"
    first = build(small, out)
    spoil(small, AFIL, "ctl:memberCount 144", "ctl:memberCount 145")
    build(small, out)
    spoil(small, AFIL, "ctl:memberCount 145", "ctl:memberCount 144")
    monkeypatch.setattr("ctlgraph.release.validate", None)
    assert build(small, out) == first == current(out)


def test_a_kept_release_holds_its_version(small: Path, tmp_path: Path) -> None:
    """The version that is kept in the repository is not given to other contents."""
    kept = keep(build(small, tmp_path / "out"), small / "releases")
    assert set(contents(kept)) == {"SHA256SUMS", "ctlgraph.nq.gz", "manifest.json"}
    assert build(small, tmp_path / "again").version == "0.0.2"
    spoil(small, AFIL, "ctl:memberCount 144", "ctl:memberCount 145")
    assert build(small, tmp_path / "changed").version.startswith("0.0.2+")


def test_a_kept_release_is_the_same_and_stays(small: Path, tmp_path: Path) -> None:
    """Its N-Quads are those released; keeping twice changes nothing, and other contents are refused."""
    release = build(small, tmp_path / "out")
    kept = keep(release, small / "releases")
    before = contents(kept)
    assert (
        gzip.decompress((kept / "ctlgraph.nq.gz").read_bytes()) == (release.path / "ctlgraph.nq").read_bytes()
    )
    verify(open_release(kept))
    assert keep(release, small / "releases") == kept
    shutil.rmtree(small / "releases")
    spoil(small, AFIL, "ctl:memberCount 144", "ctl:memberCount 145")
    other = build(small, tmp_path / "other")
    keep(release, small / "releases")
    with pytest.raises(ReleaseError, match=r"0\.0\.2 is kept with other contents: raise the version"):
        keep(other, small / "releases")
    assert contents(kept) == before
    assert list((small / "releases").iterdir()) == [kept]


def test_a_violation_writes_nothing_and_says_how_many(small: Path, tmp_path: Path) -> None:
    """The report tells what to correct; the earlier release stays."""
    out = tmp_path / "out"
    build(small, out)
    before = contents(out)
    spoil(small, AFIL, "ctl:memberCount 144", 'ctl:memberCount "144"')
    for folder in (out, tmp_path / "fresh"):
        with pytest.raises(ReleaseError) as raised:
            build(small, folder)
        assert str(raised.value).startswith("violations that forbid a release: 1; correct what is listed")
        assert "violazioni che impediscono il rilascio: 1" in raised.value.text("it")
        assert [str(finding.location) for finding in raised.value.report.findings] == [
            f"{AFIL}:11",
            f"{AFIL}:15",
        ]
    assert contents(out) == before
    assert not (tmp_path / "fresh").exists()


@pytest.mark.parametrize("call", range(1, 10))
def test_a_full_disk_leaves_what_was_there(
    call: int, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever write fails, the earlier release and the pointer stand, and no half release is left."""
    out = tmp_path / "out"
    build(small, out)
    before = contents(out)
    spoil(small, AFIL, "ctl:memberCount 144", "ctl:memberCount 145")
    real, calls = os.fsync, iter(range(1, 100))

    def fsync(descriptor: int) -> None:
        if next(calls) == call:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(ReleaseError) as raised:
        build(small, out)
    assert f"cannot be written to {out}: No space left on device; free some space" in str(raised.value)
    assert "spazio su disco esaurito; liberare spazio" in raised.value.text("it")
    assert contents(out) == before
    monkeypatch.undo()
    verify(build(small, out))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_folder_that_cannot_be_made_is_told(lang: str, small: Path, tmp_path: Path) -> None:
    """The place is named, whatever is in the way."""
    (tmp_path / "out").write_text("a file")
    with pytest.raises(ReleaseError) as raised:
        build(small, tmp_path / "out")
    assert str(tmp_path / "out") in raised.value.text(lang)
    assert (tmp_path / "out").read_text() == "a file"


KILL = """
import os, random, shutil, signal, sys, time
from pathlib import Path
from ctlgraph.errors import ReleaseError
from ctlgraph.release import build, current, verify

root, template, work = map(Path, sys.argv[1:])
NAMES = ("fsync", "rename", "replace", "symlink", "mkdir")
KILLED, DONE = 9, 0


def forked(action):
    pid = os.fork()
    if pid == 0:
        action()
        os._exit(0)
    return pid


def ended(pid):
    return os.waitpid(pid, 0)[1]


def dying_at(step, out):
    def counted(real):
        def call(*args, **kwargs):
            steps.append(real)
            if len(steps) == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)
        return call

    steps = []
    for name in NAMES:
        setattr(os, name, counted(getattr(os, name)))
    build(root, out)


def bytes_of(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def judge(out, before, label):
    earlier = {path: data for path, data in bytes_of(out / "0.0.2").items()}
    assert earlier == before, f"{label}: the earlier release has changed"
    verify(current(out))
    again = build(root, out)
    verify(again)
    assert again == current(out)
    left = {path.name for path in out.iterdir()}
    assert left == {"0.0.2", again.version, "current"}, f"{label}: {left}"


def attempt(label, kill):
    out = work / label
    shutil.copytree(template, out, symlinks=True)
    before = bytes_of(out / "0.0.2")
    status = kill(out)
    judge(out, before, label)
    return status


step = 1
while attempt(f"step-{step}", lambda out: ended(forked(lambda: dying_at(step, out)))) == KILLED:
    step += 1
assert step > 12, step

chance = random.Random(7)
for number in range(8):
    def kill(out):
        pid = forked(lambda: build(root, out))
        time.sleep(chance.uniform(0, 0.15))
        os.kill(pid, signal.SIGKILL)
        return ended(pid)
    attempt(f"moment-{number}", kill)
print(step)
"""


def test_a_build_killed_at_any_moment_leaves_the_earlier_release(small: Path, tmp_path: Path) -> None:
    """SIGKILL at each call that touches the disk, and at moments drawn by lot: the pointer always leads to a
    whole release, the earlier one is byte for byte the same, and the next build clears up."""
    template, work = tmp_path / "template", tmp_path / "work"
    build(small, template)
    work.mkdir()
    spoil(small, AFIL, "ctl:memberCount 144", "ctl:memberCount 145")
    command = [sys.executable, "-c", KILL, str(small), str(template), str(work)]
    killed = subprocess.run(command, capture_output=True, text=True, check=False)
    assert killed.returncode == 0, killed.stderr


def test_two_builds_at_once_do_not_harm_each_other(small: Path, tmp_path: Path) -> None:
    """Both end well and agree, as when `make run` is typed twice."""
    builds = [start(small, tmp_path / "out", seed=seed) for seed in "01"]
    assert [process.wait() for process in builds] == [0, 0]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"0.0.2", "current"}
    release = current(tmp_path / "out")
    assert release is not None
    verify(release)


def test_two_builds_of_other_inputs_at_once_both_get_their_name(small: Path, tmp_path: Path) -> None:
    """The version goes to one of them, and the other is told apart by its hash."""
    other = shutil.copytree(small, tmp_path / "other")
    spoil(other, AFIL, "ctl:memberCount 144", "ctl:memberCount 145")
    builds = [start(folder, tmp_path / "out") for folder in (small, other)]
    assert [process.wait() for process in builds] == [0, 0]
    releases = [path for path in (tmp_path / "out").iterdir() if not path.is_symlink()]
    assert sorted(path.name[:6] for path in releases) == ["0.0.2", "0.0.2+"]
    for path in releases:
        verify(open_release(path))


@pytest.mark.parametrize("name", ["ctlgraph.nq", "trig/doc-000.trig", "manifest.json"])
def test_an_altered_file_is_named(name: str, small: Path, tmp_path: Path) -> None:
    """A release is what its sums say."""
    release = build(small, tmp_path / "out")
    (release.path / name).write_bytes((release.path / name).read_bytes() + b" ")
    with pytest.raises(ReleaseError) as raised:
        verify(release)
    assert str(raised.value).startswith(f"{release.path / name} is not what was released")
    assert "non è quanto era stato rilasciato" in raised.value.text("it")


def test_a_missing_file_is_named(small: Path, tmp_path: Path) -> None:
    """Half a release is none."""
    release = build(small, tmp_path / "out")
    (release.path / "shapes.nt").unlink()
    with pytest.raises(ReleaseError, match=r"shapes\.nt is not what was released"):
        verify(release)


def test_an_altered_release_is_not_made_current_again(small: Path, tmp_path: Path) -> None:
    """A build that would return to it refuses, and says what to do."""
    out = tmp_path / "out"
    release = build(small, out)
    (out / "current").unlink()
    (release.path / "ctlgraph.nq").write_bytes(b"")
    with pytest.raises(ReleaseError, match="remove the folder and build again"):
        build(small, out)
    assert current(out) is None


def test_a_folder_that_is_no_release_is_told(tmp_path: Path) -> None:
    """`--release` with a wrong folder."""
    with pytest.raises(ReleaseError, match=r"is not a release: its manifest\.json cannot be read"):
        open_release(tmp_path)


def test_there_is_no_current_release_before_the_first(tmp_path: Path) -> None:
    """None, not an error: the service builds one then."""
    assert current(tmp_path / "nowhere") is None
    (tmp_path / "current").symlink_to("gone")
    assert current(tmp_path) is None
