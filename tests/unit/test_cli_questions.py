"""The command line of the catalogue: queries, run, their help and their completion."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from ctlgraph import cli
from ctlgraph.cli import guide
from ctlgraph.release import Release


class Ctlgraph:
    """Runs a command in this process over the real release: `status`, `out` and `err` are of the last one."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], release: Release
    ) -> None:
        self._monkeypatch, self._capfd, self.release = monkeypatch, capfd, str(release.path)

    def __call__(self, *arguments: str) -> int:
        self._monkeypatch.setattr(sys, "argv", ["ctlgraph", *arguments])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        self.out, self.err = self._capfd.readouterr()
        return int(caught.value.code or 0)

    def run(self, *arguments: str) -> int:
        return self("run", *arguments, "--release", self.release)


@pytest.fixture
def ctlgraph(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], release: Release
) -> Ctlgraph:
    monkeypatch.setenv("CTLGRAPH_QUERY_TIME_S", "120")  # the machine may be slow
    return Ctlgraph(monkeypatch, capfd, release)


def shell(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ctlgraph", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})


def test_queries_lists_every_question_with_its_title(ctlgraph: Ctlgraph, project: Path) -> None:
    """In either language; those of one theme alone, too."""
    assert ctlgraph("queries", "--lang", "it") == 0
    lines = ctlgraph.out.splitlines()
    assert [line.split()[0] for line in lines] == sorted(path.stem for path in project.glob("queries/*.rq"))
    assert "Quanti associati ha ogni cluster" in ctlgraph.out
    assert ctlgraph("queries", "--tag", "acts") == 0
    assert 0 < len(ctlgraph.out.splitlines()) < len(lines)
    assert ctlgraph("queries", "--tag", "act") == 2
    assert "acts" in ctlgraph.err


def test_run_answers_in_words_and_as_a_table(ctlgraph: Ctlgraph) -> None:
    """Labels in place of identifiers, in the reader's language."""
    assert ctlgraph.run("total-members", "--lang", "it") == 0
    first, *rest = ctlgraph.out.splitlines()
    assert "Associazione Fabbrica Intelligente Lombardia" in first
    assert "144" in first
    assert "Associati (adesioni)" in ctlgraph.out
    assert sum("Lombardia Aerospace Cluster" in line for line in rest) == 1


def test_run_takes_the_parameters_of_its_question(ctlgraph: Ctlgraph) -> None:
    """As often as there are any; nothing means any."""
    arguments = ("-p", "cluster=cluster/afil", "-p", "source=id/source/doc-003", "--format", "csv")
    assert ctlgraph.run("member-counts", *arguments) == 0
    assert len(list(csv.DictReader(io.StringIO(ctlgraph.out)))) == 4


def test_a_thing_is_named_as_people_call_it(ctlgraph: Ctlgraph) -> None:
    """By its label or the end of its identifier; what comes near is offered otherwise."""
    for name in ("afil", "associazione fabbrica intelligente lombardia", "cluster:afil"):
        assert ctlgraph.run("member-counts", "-p", f"cluster={name}", "--format", "csv") == 0
        assert len(ctlgraph.out.splitlines()) == 5
    assert ctlgraph.run("member-counts", "-p", "cluster=afli") == 2
    assert "nearest: cluster/afil" in ctlgraph.err


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv", "svg"])
def test_run_prints_every_form_of_text(ctlgraph: Ctlgraph, form: str) -> None:
    """Standard formats are the engine's own bytes."""
    assert ctlgraph.run("total-members", "--format", form) == 0
    assert "144" in ctlgraph.out
    assert ctlgraph.err == ""
    if form == "json":
        assert len(json.loads(ctlgraph.out)["results"]["bindings"]) == 9


def test_run_writes_files(ctlgraph: Ctlgraph, tmp_path: Path) -> None:
    """As a whole: a workbook, a picture, a table of text."""
    for form, first in (
        ("xlsx", b"PK"),
        ("parquet", b"PAR1"),
        ("png", b"\x89PNG"),
        ("table", b"The clusters"),
    ):
        file = tmp_path / f"answer.{form}"
        options = ("--format", form, "--lang", "en", "--output", str(file))
        assert ctlgraph.run("total-members", *options) == 0
        assert file.read_bytes().startswith(first)
        assert ctlgraph.out == ""


def test_csv_for_an_italian_spreadsheet(ctlgraph: Ctlgraph) -> None:
    """Semicolons and a decimal comma."""
    assert ctlgraph.run("company-share", "--format", "csv", "--locale", "it") == 0
    assert ";91,9" in ctlgraph.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("totl-members",), ("did you mean 'total-members'",)),
        (("total-members", "-p", "soruce=x"), ("soruce", "source")),
        (("total-members", "-p", "source=source/doc-03"), ("source", "source/doc-003")),
        (("total-members", "-p", "source=a b"), ("source", "an identifier")),
        (("total-members", "-p", "source"), ("KEY=VALUE",)),
        (("planned-events-of-cluster", "-p", "year=x"), ("year", "a whole number")),
        (("total-members", "--all"), ("the name of one question, or --all",)),
        ((), ("the name of one question, or --all",)),
        (("--all",), ("--out",)),
        (("--all", "--out", "x", "-p", "nothing=1"), ("nothing", "cluster")),
        (("total-members", "--format", "ttl"), ("format", "json")),
        (("total-members", "--timeout", "-1"), ("--timeout", "0.001")),
    ],
    ids=str,
)
def test_misuse_names_the_parameter_and_what_was_expected(
    ctlgraph: Ctlgraph,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    words: tuple[str, ...],
) -> None:
    """Exit 2 and one line on standard error, with the nearest choices; nothing on standard output."""
    monkeypatch.chdir(tmp_path)
    assert ctlgraph.run(*arguments) == 2
    assert (ctlgraph.out, ctlgraph.err.count("\n")) == ("", 1)
    assert all(word in ctlgraph.err for word in words), ctlgraph.err
    assert not list(tmp_path.iterdir())


def test_a_limit_is_exit_3(ctlgraph: Ctlgraph, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits of the service hold for questions too."""
    monkeypatch.setenv("CTLGRAPH_RESULT_ROWS", "3")
    assert ctlgraph.run("total-members") == 3
    assert "3 rows" in ctlgraph.err


def test_an_empty_answer_says_what_has_no_match(ctlgraph: Ctlgraph) -> None:
    """Under the sentence, with the rows that would be there."""
    assert (
        ctlgraph.run("clusters-in-network", "-p", "network=network/vanguard-smart-health", "--lang", "en")
        == 0
    )
    assert "rows without Network" in ctlgraph.out


def test_run_asks_other_data(ctlgraph: Ctlgraph, tmp_path: Path) -> None:
    """RDF files in place of a release; what they do not have is not found."""
    file = tmp_path / "a.ttl"
    file.write_text("<urn:a> <urn:b> <urn:c> .")
    assert ctlgraph("run", "missions-of-most-clusters", "--data", str(file), "--lang", "en") == 0
    assert "No mission" in ctlgraph.out


@pytest.mark.parametrize(("lang", "words"), [("it_IT.UTF-8", "Parametri:"), ("C", "Parameters:")])
def test_a_question_has_its_own_help(lang: str, words: str) -> None:
    """What it asks, what it takes, its defaults and columns, and a line to copy."""
    shown = shell("run", "member-counts", "--help", LC_ALL=lang)
    assert shown.returncode == 0
    assert words in shown.stdout
    assert "source/doc-003" in shown.stdout
    assert "ctlgraph run member-counts -p cluster=" in shown.stdout


def test_names_parameters_and_choices_complete(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    """As far as they have been typed."""
    monkeypatch.setattr("ctlgraph.settings.releases_folder", lambda root: release.path.parent)
    assert "total-members" in guide.completed("total")
    assert list(guide.arguments("member-counts", "cl")) == ["cluster="]
    assert list(guide.arguments("member-counts", "cluster=cluster/af")) == ["cluster=cluster/afil"]
    assert not list(guide.arguments("nothing", ""))
    assert "cluster/clsv" in guide.guide("member-counts", "en")


@pytest.mark.slow
def test_a_report_has_every_answer_and_states_its_filters(
    ctlgraph: Ctlgraph, project: Path, tmp_path: Path
) -> None:
    """Files for each question, and an index with the release and what was asked."""
    names = sorted(path.stem for path in project.glob("queries/*.rq"))
    options = ("--all", "--out", str(tmp_path / "report"), "-p", "source=source/doc-001", "--lang", "it")
    assert ctlgraph.run(*options) == 0
    files = {path.name for path in (tmp_path / "report").iterdir()}
    assert files == {"index.html", *(f"{name}.{form}" for name in names for form in ("xlsx", "csv"))}
    index = (tmp_path / "report" / "index.html").read_text("utf-8")
    assert index.count("<tr>") == len(names) + 1
    assert "Fonte: Messaggio del Presidente" in index
    assert "CC BY 4.0" in index
    assert zipfile.is_zipfile(tmp_path / "report" / "total-members.xlsx")


def test_release_reports_answers_that_have_changed(ctlgraph: Ctlgraph, tmp_path: Path) -> None:
    """After the build, beside it: the release is made all the same."""
    assert ctlgraph("release", "--out", str(tmp_path / "releases")) == 0
    assert "changed answers: 0" in ctlgraph.out


def test_ctrl_c_ends_a_command_without_a_trace(tmp_path: Path) -> None:
    """As a shell expects it: 130. The query comes from a pipe into which nobody writes."""
    pipe = tmp_path / "query.rq"
    os.mkfifo(pipe)
    command = [sys.executable, "-m", "ctlgraph", "query", str(pipe)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process, pipe.open("w"):
        process.send_signal(signal.SIGINT)  # the pipe is open once it reads
        _, err = process.communicate()
    assert process.returncode == 130
    assert err == ""


@pytest.mark.parametrize("asked", [("--lang", "it"), ("--lang=it",)])
def test_an_error_is_in_the_language_asked_for(ctlgraph: Ctlgraph, asked: tuple[str, ...]) -> None:
    """As the answer would be, whatever the environment speaks."""
    assert ctlgraph.run("member-counts", "-p", "cluster=cluster/afill", *asked) == 2
    assert "ctlgraph: parametro «cluster»" in ctlgraph.err
    assert ctlgraph.run("member-counts", "-p", "cluster=cluster/afill") == 2
    assert "parameter 'cluster'" in ctlgraph.err
