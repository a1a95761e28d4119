"""CONTRIBUTING.md is true: its steps, done one after the other on a copy of the project, give a release."""

import json
import re
import shutil
from pathlib import Path

import pytest

from ctlgraph import release as releases
from ctlgraph.store import Store

STEP = re.compile(
    r"^```\w+ (?P<how>append|create)=(?P<path>\S+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
INPUTS = ("ontology", "shapes", "data", "queries")


@pytest.fixture
def copy(project: Path, tmp_path: Path) -> Path:
    for folder in INPUTS:
        shutil.copytree(project / folder, tmp_path / folder)
    shutil.copy(project / "CHANGELOG.md", tmp_path)
    return tmp_path


def test_the_steps_of_contributing_give_a_release_that_answers(project: Path, copy: Path) -> None:
    """A passage, its labels, a concept, a property and a question: all is checked, built and asked."""
    steps = list(STEP.finditer((project / "CONTRIBUTING.md").read_text("utf-8")))
    assert {step["how"] for step in steps} == {"append", "create"}
    for step in steps:
        path = copy / step["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        assert step["how"] == "append" or not path.exists(), path
        with path.open("a", encoding="utf-8") as file:
            file.write("\n" + step["text"])
    built = releases.build(copy, copy / "build")
    store = Store.open(built.path)
    question = copy / "queries" / "events-by-place.rq"
    answer = json.loads(store.query(question.read_text("utf-8")).serialize("json"))
    events = {row["event"]["value"] for row in answer["results"]["bindings"]}
    assert "https://w3id.org/ctlgraph/id/event/jec-forum-italy" in events
    for new in ("vocab/indicator/patents", "ontology#succeededBy"):
        assert b"true" in store.query(f"ASK {{ <https://w3id.org/ctlgraph/{new}> ?p ?o }}").serialize("json")


def test_every_folder_of_the_data_layout_is_named(project: Path) -> None:
    text = (project / "CONTRIBUTING.md").read_text("utf-8")
    for folder in ("ontology", "shapes", "data/ttl"):
        for path in (project / folder).iterdir():
            if path.is_dir() and not path.name.startswith("doc-"):
                assert f"`{path.relative_to(project).as_posix()}/" in text, path
