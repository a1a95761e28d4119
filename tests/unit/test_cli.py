"""The command line: exit codes, where output goes, one line for each error."""

import io
import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import fields
from pathlib import Path

import pytest

from ctlgraph import __version__, cli
from ctlgraph.release import Release, build
from ctlgraph.settings import Settings

SMALL = Path(__file__).parents[1] / "data" / "small"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s <https://w3id.org/ctlgraph/ontology#memberCount> ?m }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(12)) + " }"
Serve = Callable[..., AbstractContextManager[tuple[subprocess.Popen[str], str]]]
COMMANDS = ("check", "release", "query", "export", "serve")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of two clusters."""
    folder = tmp_path_factory.mktemp("built")
    return build(shutil.copytree(SMALL, folder / "project"), folder / "releases")


class Ctlgraph:
    """Runs a command in this process: `status`, `out` and `err` are of the last one."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], built: Release
    ) -> None:
        self._monkeypatch, self._capfd = monkeypatch, capfd
        self.release = str(built.path)

    def __call__(self, *arguments: str, stdin: str | bytes = "") -> int:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        self._monkeypatch.setattr(sys, "argv", ["ctlgraph", *arguments])
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        with pytest.raises(SystemExit) as caught:
            cli.main()
        self.out, self.err = self._capfd.readouterr()
        return int(caught.value.code or 0)

    def query(self, text: str | bytes, *options: str) -> int:
        return self("query", "-", "--release", self.release, *options, stdin=text)


@pytest.fixture
def ctlgraph(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], built: Release) -> Ctlgraph:
    return Ctlgraph(monkeypatch, capfd, built)


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a line of shell in which $C is ctlgraph."""
    variables = {**os.environ, "LC_ALL": "C", "C": f"{sys.executable} -m ctlgraph", **environment}
    return subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=variables)


def test_version_is_that_of_the_package(ctlgraph: Ctlgraph) -> None:
    """One version number everywhere."""
    assert ctlgraph("--version") == 0
    assert ctlgraph.out == f"ctlgraph {__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(ctlgraph: Ctlgraph, command: str) -> None:
    """The example is a line to copy."""
    assert ctlgraph(command, "--help") == 0
    assert "Example: " in ctlgraph.out
    assert f"ctlgraph {command}" in ctlgraph.out


def test_no_command_shows_the_commands(ctlgraph: Ctlgraph) -> None:
    """What `ctlgraph` alone can do."""
    assert ctlgraph() == 0
    assert all(command in ctlgraph.out for command in COMMANDS)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_in_the_language_of_the_environment(command: str) -> None:
    """Italian for an Italian, all of it, typer's own words too."""
    it = shell(f"$C {command} --help", LC_ALL="it_IT.UTF-8").stdout
    english = {"Usage:", "[OPTIONS]", "Options", "the", "and", "Show", "Print", "[default:", "[required]"}
    assert not english & set(it.split())
    assert "Esempio: " in it


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chekc"], "did you mean 'check'?"),
        (["nothing"], "no command"),
        (["query"], "missing"),
        (["query", "-", "--format", "doc"], "jsonld"),
        (["check", "--lang", "fr"], "'it', 'en'"),
        (["check", "--lnag", "it"], "did you mean --lang?"),
        (["query", "-", "--timeout"], "--timeout"),
        (["query", "-", "--timeout", "0"], "0.001"),
        (["serve", "--port", "70000"], "65535"),
        (["export", "one", "more"], "one more"),
        (["serve", "--workers", "20"], "more than workers"),
        (["serve", "--log", "xml"], "auto, human, json"),
        (["serve", "--allowed-hostss", "a"], "did you mean --allowed-hosts?"),
        (["serve", "--release", "1", "--data", "a.nq"], "either a release or files"),
        (["query", "-", "--named-data", "a.nq"], "IRI=PATH"),
        (["query", "-", "--union-default-graph"], "--data"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_misuse_is_exit_2_and_one_line(ctlgraph: Ctlgraph, arguments: list[str], words: str) -> None:
    """The line says what is wrong and, where it can, what was meant."""
    assert ctlgraph(*arguments) == 2
    assert ctlgraph.out == ""
    assert ctlgraph.err.startswith("ctlgraph: ")
    assert ctlgraph.err.count("\n") == 1
    assert words in ctlgraph.err


@pytest.mark.parametrize(
    ("query", "options", "status", "words"),
    [
        ("ASK {", (), 1, "line 1, column 6"),
        (b"ASK\n{ \xff }", (), 1, "-:2: this is not UTF-8"),
        ("ASK { SERVICE <http://127.0.0.1/> { } }", (), 1, "SERVICE"),
        ("SELECT (<x:f>() AS ?x) { }", (), 1, "x:f"),
        ("ASK { }", ("--format", "csv"), 2, "json, xml"),
        ("SELECT * { }", ("--format", "ttl"), 2, "tsv"),
        (ENDLESS, ("--timeout", "0.2"), 3, "0.2 s"),
        ("ASK " + "{" * 200 + "}" * 200, (), 3, "128 levels"),
    ],
    ids=["syntax", "encoding", "service", "engine", "no csv", "no ttl", "time", "depth"],
)
def test_a_failed_query_has_its_exit_code(
    ctlgraph: Ctlgraph, query: str | bytes, options: tuple[str, ...], status: int, words: str
) -> None:
    """1 an error, 2 misuse, 3 a limit; one line on standard error, nothing on standard output."""
    assert ctlgraph.query(query, *options) == status
    assert (ctlgraph.out, ctlgraph.err.count("\n")) == ("", 1)
    assert words in ctlgraph.err


def test_query_prints_a_table(ctlgraph: Ctlgraph) -> None:
    """Names of columns and compact names of things."""
    assert ctlgraph.query("SELECT ?s { ?s <https://w3id.org/ctlgraph/ontology#memberCount> ?m }") == 0
    assert "cluster:afil" in ctlgraph.out


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_query_prints_the_engines_own_bytes(ctlgraph: Ctlgraph, name: str) -> None:
    """What a program reads is the standard format, and nothing else."""
    assert ctlgraph.query(COUNT, "--format", name) == 0
    assert "1" in ctlgraph.out
    assert ctlgraph.err == ""


@pytest.mark.parametrize("name", ["table", "ttl", "nt", "trig", "jsonld"])
def test_query_prints_graphs(ctlgraph: Ctlgraph, name: str) -> None:
    """A table of triples is Turtle."""
    query = "CONSTRUCT WHERE { ?s <https://w3id.org/ctlgraph/ontology#memberCount> ?m }"
    assert ctlgraph.query(query, "--format", name) == 0
    assert "memberCount" in ctlgraph.out


NQUADS = "<x:a> <x:b> <x:c> <x:g> .\n<x:a> <x:b> <x:d> .\n"


def test_a_query_is_asked_of_files(ctlgraph: Ctlgraph, tmp_path: Path) -> None:
    """Without any release: their default graph, their named graphs, one that is named here, or all merged."""
    quads, turtle = tmp_path / "a.nq", tmp_path / "b.ttl"
    quads.write_text(NQUADS)
    turtle.write_text("<#me> <x:b> <x:e> .")
    data = ("--data", str(quads), "--named-data", f"http://h/?a=b={turtle}", "--format", "csv")
    default, named = "SELECT ?o { ?s ?p ?o } ORDER BY ?o", "SELECT ?s { GRAPH <http://h/?a=b> { ?s ?p ?o } }"
    for query, options, values in (
        (default, data, ["x:d"]),
        (named, data, ["http://h/?a=b#me"]),
        (default, (*data, "--union-default-graph"), ["x:c", "x:d", "x:e"]),
    ):
        assert ctlgraph("query", "-", *options, stdin=query) == 0
        assert ctlgraph.out.splitlines()[1:] == values


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.ttl", "<x:a> <x:b>\n<x:c", "a.ttl:2: "),
        ("a.ttl", "<a> <x:b> 1 .", "a.ttl:1: an IRI is relative"),
        ("a.trig", "<x:g> {" + "[" * 200, "a.trig:1: brackets nest deeper than 128 levels"),
        ("a.doc", "", "a.doc: this is no RDF file"),
        ("a.nq", None, "a.nq: No such file or directory"),
    ],
)
def test_a_damaged_file_is_one_line_with_its_place(
    ctlgraph: Ctlgraph, tmp_path: Path, name: str, text: str | None, words: str
) -> None:
    """For an editor to jump to; nothing on standard output."""
    file = tmp_path / name
    if text is not None:
        file.write_text(text)
    assert ctlgraph("query", "-", "--data", str(file), stdin="ASK { }") == 1
    assert (ctlgraph.out, ctlgraph.err.count("\n")) == ("", 1)
    assert words in ctlgraph.err


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [("RESULT_ROWS", "1", "more than 1 rows"), ("RESULT_MIB", "1", "larger than 1 MiB")],
)
def test_an_answer_that_is_too_large_is_exit_3(
    ctlgraph: Ctlgraph, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str
) -> None:
    """The limits of the service hold here too, by the same variables."""
    monkeypatch.setenv(f"CTLGRAPH_{variable}", value)
    monkeypatch.setenv("CTLGRAPH_QUERY_TIME_S", "120")  # the machine may be slow
    digits = "REPLACE(" * 6 + "'0123456789'" + ", '.', '0123456789')" * 6
    query = f"SELECT * {{ VALUES ?x {{ 1 2 }} BIND({digits} AS ?y) }}"
    assert ctlgraph.query(query) == 3
    assert words in ctlgraph.err


def test_every_setting_is_an_option_of_serve(ctlgraph: Ctlgraph) -> None:
    """With its variable and its default in the help."""
    assert ctlgraph("serve", "--help") == 0
    words = set(ctlgraph.out.replace(",", " ").split())
    for each in fields(Settings):
        assert f"--{each.name.replace('_', '-')}" in words


def test_files_are_served_as_not_validated(tmp_path: Path, serve: Serve) -> None:
    """A folder with nothing but a file is enough: no release is looked for or built."""
    file = tmp_path / "a.nq"
    file.write_text(NQUADS)
    options = (
        "--data",
        file,
        "--union-default-graph",
        "--workers",
        "1",
        "--result-rows",
        "2",
        "--log",
        "json",
    )
    with serve(*options) as (_, address):
        url = f"{address}/sparql?format=csv&query=SELECT+?o+%7B+?s+?p+?o+%7D+ORDER+BY+?o"
        with urllib.request.urlopen(url) as answer:
            assert answer.read().split() == [b"o", b"x:c", b"x:d"]


@pytest.mark.parametrize(("lang", "words"), [("C", "not validated"), ("it", "non validati")])
def test_serve_says_that_files_are_not_validated(tmp_path: Path, lang: str, words: str) -> None:
    """In its first line, in the reader's language; it ends cleanly."""
    file = tmp_path / "a.nq"
    file.write_text(NQUADS)
    command = [sys.executable, "-m", "ctlgraph", "serve", "--port", "0", "--data", str(file)]
    environment = {**os.environ, "LC_ALL": lang}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        assert words in process.stdout.readline()
        process.terminate()
        assert process.wait(30) == 0


def test_a_damaged_file_is_not_said_to_be_served(tmp_path: Path) -> None:
    """The place is named and nothing else."""
    file = tmp_path / "a.ttl"
    file.write_text("<x:a> <x:b>\n<x:c")
    run = shell(f"$C serve --port 0 --data {file}")
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (1, "", 1)
    assert "a.ttl:2: " in run.stderr


def test_a_query_is_read_from_a_file(ctlgraph: Ctlgraph, tmp_path: Path) -> None:
    """A byte order mark, as some editors write it, is no part of it."""
    file = tmp_path / "count.rq"
    file.write_text(COUNT, encoding="utf-8-sig")
    assert ctlgraph("query", str(file), "--release", ctlgraph.release, "--format", "csv") == 0
    assert ctlgraph.out.splitlines() == ["n", "1"]
    assert ctlgraph("query", str(tmp_path / "none.rq"), "--release", ctlgraph.release) == 1
    assert "none.rq: No such file" in ctlgraph.err


def test_an_unknown_release_is_named(ctlgraph: Ctlgraph) -> None:
    """With the folder where it was looked for."""
    assert ctlgraph("export", "--release", "9.9.9") == 1
    assert "there is no release 9.9.9" in ctlgraph.err


@pytest.mark.parametrize("name", ["nq", "trig", "ttl", "nt", "jsonld"])
def test_export_writes_the_same_to_a_file_and_to_standard_output(
    ctlgraph: Ctlgraph, tmp_path: Path, name: str
) -> None:
    """N-Quads are those of the release, after a head of comments."""
    file = tmp_path / "out"
    options = ("export", "--format", name, "--release", ctlgraph.release)
    assert ctlgraph(*options, "-o", str(file)) == 0
    assert (ctlgraph.out, ctlgraph.err) == ("", "")
    assert ctlgraph(*options) == 0
    assert ctlgraph.out.encode() == file.read_bytes()
    if name == "nq":
        head, quads = file.read_bytes().split(b"\n<", 1)
        assert all(line.startswith(b"#") for line in head.splitlines())
        assert b"<" + quads == (Path(ctlgraph.release) / "ctlgraph.nq").read_bytes()


def test_export_into_a_missing_folder_is_one_line(ctlgraph: Ctlgraph, tmp_path: Path) -> None:
    """It names the file that was asked for, not a temporary one."""
    file = tmp_path / "missing" / "out.nq"
    assert ctlgraph("export", "--release", ctlgraph.release, "-o", str(file)) == 1
    assert ctlgraph.err == f"ctlgraph: {file}: No such file or directory\n"


def test_check_counts_findings(ctlgraph: Ctlgraph, small: Path) -> None:
    """Warnings are printed and counted, and forbid nothing; the last line is about OWL."""
    assert ctlgraph("check", str(small)) == 0
    first, rule, counts, owl = ctlgraph.out.splitlines()
    assert first.startswith("data/ttl/doc-000/afil.trig:")
    assert rule == "    rule: Every technology cluster says how many members it has. (ctlsh:CountedProperty)"
    assert "violations: 0, warnings: 1" in counts
    assert owl.startswith("OWL")


def test_check_prints_findings_alone_if_quiet(ctlgraph: Ctlgraph, small: Path) -> None:
    """One line each, for an editor that jumps to them; -q stands before or after the command."""
    for arguments in (("check", "-q", str(small)), ("-q", "check", str(small))):
        assert ctlgraph(*arguments) == 0
        assert [line.split(": ")[1] for line in ctlgraph.out.splitlines()] == ["warning"]


def test_check_leaves_a_garbled_date_to_the_shapes(ctlgraph: Ctlgraph, small: Path) -> None:
    """No traceback of a library: a finding, with its line."""
    afil = small / "data/ttl/doc-000/afil.trig"
    date = '"2022-13-45"^^<http://www.w3.org/2001/XMLSchema#date>'
    afil.write_text(afil.read_text().replace("memberCount 144", f"memberCount {date}"))
    assert ctlgraph("check", str(small)) == 1
    assert "afil.trig:11: violation: cluster:afil ctl:memberCount: " in ctlgraph.out
    assert ctlgraph.err == ""


def test_check_speaks_the_language_asked_for(ctlgraph: Ctlgraph, small: Path) -> None:
    """`--lang it` on any machine."""
    assert ctlgraph("check", str(small), "--lang", "it") == 0
    assert "Manca il numero dei soci." in ctlgraph.out
    assert "regola: Ogni cluster tecnologico dice quanti soci ha. (ctlsh:CountedProperty)" in ctlgraph.out


def test_check_reports_to_programs(ctlgraph: Ctlgraph, small: Path) -> None:
    """JSON with counts and findings; Turtle as SHACL has it."""
    assert ctlgraph("check", str(small), "--format", "json") == 0
    report = json.loads(ctlgraph.out)
    assert report["conforms"] is True
    assert report["counts"]["warning"] == len(report["findings"]) == 1
    assert ctlgraph("check", str(small), "--format", "ttl") == 0
    assert "sh:ValidationReport" in ctlgraph.out


def test_check_takes_single_files(ctlgraph: Ctlgraph, tmp_path: Path) -> None:
    """Read with the ontology and the shapes of the project; only what concerns the file is reported."""
    file = tmp_path / "mine.ttl"
    file.write_text("<https://example.org/a> a <https://w3id.org/ctlgraph/ontology#Nonsense> .")
    assert ctlgraph("check", str(file)) == 1
    assert f"{file}:1: " in ctlgraph.err
    file.write_text("<https://example.org/a> a ")
    assert ctlgraph("check", str(file)) == 1
    assert f"{file}:1: " in ctlgraph.err


def test_release_prints_what_it_built(
    ctlgraph: Ctlgraph, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Version, counts and folder; the same again when nothing has changed."""
    monkeypatch.setattr("ctlgraph.sources.root", lambda: small)
    for _ in range(2):
        assert ctlgraph("release", "--out", str(small / "out")) == 0
        assert ctlgraph.out.splitlines()[0].startswith("release 0.0.2 of 2025-02-03: 69 statements")
        assert ctlgraph.out.splitlines()[1] == str(small / "out" / "0.0.2")


def test_release_refuses_a_violation(
    ctlgraph: Ctlgraph, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The findings are printed, the exit code is 1, and nothing is written."""
    monkeypatch.setattr("ctlgraph.sources.root", lambda: small)
    labels = small / "data/ttl/doc-000/afil.trig"
    labels.write_text(labels.read_text().replace("Count 144", 'Count "many"'))
    assert ctlgraph("release", "--out", str(small / "out")) == 1
    assert "violation" in ctlgraph.out
    assert ctlgraph.err.count("\n") == 1
    assert not (small / "out" / "current").exists()


def test_a_closed_pipe_is_silent(built: Release) -> None:
    """`| head` ends the command without a word."""
    run = shell(f"$C export --release {built.path} | head -1; echo ${{PIPESTATUS[0]}}")
    assert (run.stdout.splitlines()[-1], run.stderr) == ("0", "")


def test_a_full_disk_is_one_line(built: Release) -> None:
    """On standard output too."""
    run = shell(f"$C export --release {built.path} > /dev/full")
    assert (run.returncode, run.stderr) == (1, "ctlgraph: No space left on device\n")


def test_quiet_and_verbose_stand_before_and_after_the_command(built: Release) -> None:
    """-v tells how long it took, on standard error."""
    ask = "echo 'ASK {{}}' | $C {} query - {} --release " + str(built.path)
    for before, after in (("-v", ""), ("", "--verbose")):
        run = shell(ask.format(before, after))
        assert run.stdout == "true\n"
        assert run.stderr.endswith(" s\n")
    assert shell(ask.format("", "-q")).stderr == ""


def test_errors_are_in_the_language_of_the_environment(built: Release) -> None:
    """An Italian reads Italian, of the query and of the machine."""
    it, en = (
        shell(
            f"$C query none.rq --release {built.path}; echo 'ASK {{' | $C query - --release {built.path}",
            LC_ALL=lang,
        )
        for lang in ("it", "en")
    )
    for italian, english in zip(it.stderr.splitlines(), en.stderr.splitlines(), strict=True):
        assert italian != english


def test_help_needs_no_heavy_module() -> None:
    """What is slow to import is imported by the command that needs it."""
    script = "import sys, ctlgraph.cli; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"rdflib", "pyshacl", "fastapi", "uvicorn", "rich", "owlready2"} & set(run.stdout.split())


def test_after_an_upgrade_the_carried_data_are_asked(
    ctlgraph: Ctlgraph, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An installed package that carries newer data than the current release builds theirs."""
    carried = shutil.copytree(SMALL, tmp_path / "_data")
    monkeypatch.setattr("ctlgraph.sources.root", lambda: carried)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    assert ctlgraph("query", "-", "--format", "csv", stdin=COUNT) == 0
    before = ctlgraph.out
    with (carried / "data" / "ttl" / "curated" / "upgrade.trig").open("w") as file:
        file.write(
            "@prefix ctl: <https://w3id.org/ctlgraph/ontology#> .\n"
            "@prefix curated: <https://w3id.org/ctlgraph/graph/curated/> .\n"
            "@prefix observation: <https://w3id.org/ctlgraph/id/observation/> .\n"
            "curated:upgrade { observation:new ctl:memberCount 1 }\n"
        )
    assert ctlgraph("query", "-", "--format", "csv", stdin=COUNT) == 0
    assert ctlgraph.out != before
