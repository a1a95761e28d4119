"""Export: whole files or none, and tables for people."""

import io
import json
from pathlib import Path

import pytest

from ctlgraph.export import cell, print_table, write

BIG = "x" * 500


def results(*rows: dict[str, object]) -> bytes:
    return json.dumps({"head": {"vars": ["s", "o"]}, "results": {"bindings": rows}}).encode()


def test_a_failed_write_leaves_the_earlier_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader never sees half a file, and no temporary file stays."""
    target = tmp_path / "out.nq"
    write(target, b"old")

    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space") as caught:
        write(target, b"new")
    assert caught.value.filename == str(target)
    assert [path.name for path in tmp_path.iterdir()] == ["out.nq"]
    assert target.read_bytes() == b"old"


def test_a_device_is_written_to() -> None:
    """`-o /dev/null` does not replace the device."""
    write(Path("/dev/null"), b"data")
    assert Path("/dev/null").is_char_device()


def test_nothing_is_cut_off_in_a_pipe() -> None:
    """A program that reads the table gets every character, one line a row."""
    out = io.StringIO()
    print_table(results({"o": {"type": "literal", "value": BIG}}), out)
    assert BIG in out.getvalue()


def test_values_are_not_markup() -> None:
    """Square brackets in the data stand as they are."""
    out = io.StringIO()
    print_table(results({"o": {"type": "literal", "value": "[bold]x[/bold]"}}), out)
    assert "[bold]x[/bold]" in out.getvalue()


def test_a_truth_value_is_one_word() -> None:
    """The answer of an ASK is no table."""
    out = io.StringIO()
    print_table(b'{"head": {}, "boolean": false}', out)
    assert out.getvalue() == "false\n"


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ({"type": "uri", "value": "https://w3id.org/ctlgraph/id/cluster/afil"}, "cluster:afil"),
        ({"type": "uri", "value": "https://example.org/a"}, "https://example.org/a"),
        ({"type": "literal", "value": "soci", "xml:lang": "it"}, "soci@it"),
        ({"type": "literal", "value": "144", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}, "144"),
        ({"type": "bnode", "value": "c14n0"}, "_:c14n0"),
    ],
)
def test_terms_read_as_people_write_them(term: dict[str, str], text: str) -> None:
    """IRIs compact, languages kept."""
    assert cell(term) == text
