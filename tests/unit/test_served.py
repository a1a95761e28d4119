"""What is known of a release before it is opened."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlgraph.release import Release, build
from ctlgraph.web.served import Served, _lines


def test_a_release_says_whether_it_describes_itself(release: Release, small: Path, tmp_path: Path) -> None:
    """The real one does; one whose ontology has no header has no catalogue."""
    assert Served.of(release).described
    assert not Served.of(build(small, tmp_path / "releases")).described


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lines") / "lines"


@given(words=st.lists(st.text("abc ", max_size=6)), start=st.text("abc", min_size=1, max_size=3))
def test_lines_are_found_by_halves(file: Path, words: list[str], start: str) -> None:
    """As many as there are, wherever they stand, in a file that is sorted."""
    lines = sorted(f"{word}\n".encode() for word in words)
    file.write_bytes(b"".join(lines))
    assert list(_lines(file, start.encode())) == [line for line in lines if line.startswith(start.encode())]
