"""The operator's guide has every setting, with its default, in both languages."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from ctlgraph.settings import Settings


@pytest.mark.parametrize("name", ["README.md", "README.it.md"])
def test_every_setting_stands_with_its_default(project: Path, name: str) -> None:
    """And none that does not exist."""
    text = (project / "deploy" / name).read_text("utf-8")
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*?) ?\| ", text, re.MULTILINE))
    assert rows == {field.name.upper(): _shown(field.default) for field in fields(Settings)}


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return "" if value is None else f"{int(value) if isinstance(value, bool) else value:}".removesuffix(".0")
