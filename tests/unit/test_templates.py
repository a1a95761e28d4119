"""The templates of the pages as files: what the Content-Security-Policy and the front end ask of them."""

import re
from pathlib import Path

import pytest

from ctlgraph.web.site.assets import manifest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "src" / "ctlgraph" / "web" / "templates").glob("*.html"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_style_and_no_script_of_its_own(template: Path) -> None:
    """The policy allows neither, without any unsafe-inline; a block of data is no script."""
    text = template.read_text("utf-8")
    text = text.replace('<script type="application/ld+json">', "")
    assert re.findall(r"<style|\sstyle=|\son(?!e=)\w+=|javascript:|<script(?! src=)|hx-on|js:", text) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_icon_is_in_the_sprite(template: Path) -> None:
    """Only the icons of the list are built; another would be a hole in the page."""
    known = {"mark", *(ROOT / "frontend" / "src" / "icons.txt").read_text("utf-8").split()}
    assert set(re.findall(r"it-[a-z-]+(?=\")", _icons(template))) <= known


def test_no_icon_is_built_in_vain() -> None:
    """Every icon of the list is on some page."""
    used = "".join(map(_icons, TEMPLATES))
    listed = (ROOT / "frontend" / "src" / "icons.txt").read_text("utf-8").split()
    assert [name for name in listed if f'"{name}"' not in used] == []


def test_the_styles_need_no_data_urls() -> None:
    """`img-src 'self'` is enough."""
    if not manifest():
        pytest.skip("the front end is not built")
    styles = ROOT / "src" / "ctlgraph" / "web" / "static" / manifest()["main.css"]
    assert "data:" not in styles.read_text("utf-8")


def test_the_lock_file_names_no_registry() -> None:
    """Packages come from wherever npm is set up to find them; their sums are what counts."""
    lock = (ROOT / "frontend" / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in lock
    assert lock.count('"integrity"') > 20


def _icons(template: Path) -> str:
    return " ".join(re.findall(r"icon\((.*?)\)\s*(?:}}|or )", template.read_text("utf-8")))
