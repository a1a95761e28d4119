"""No text without its Italian, no Italian without its text."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

import ctlgraph
from ctlgraph.messages import LANGUAGES, LOCALE, N_, language, translate

SOURCES = Path(ctlgraph.__file__).parent
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "translate": None}
FILES = [("**.py", "python"), ("**.html", "jinja2")]


def texts() -> set[str]:
    """Every text that the sources mark for translation."""
    found = extract_from_dir(SOURCES, method_map=FILES, keywords=KEYWORDS)
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def catalogue(lang: str) -> Catalog:
    with (LOCALE / lang / "LC_MESSAGES" / "ctlgraph.po").open("rb") as file:
        return read_po(file, locale=lang, abort_invalid=True)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_catalogue_has_every_text_and_no_other(lang: str) -> None:
    """A missing text would show in English to an Italian reader; an obsolete one is dead weight."""
    known = {str(message.id): message.string for message in catalogue(lang) if message.id}
    assert sorted(texts() - known.keys()) == []
    assert sorted(known.keys() - texts()) == []
    assert sorted(text for text, translation in known.items() if not translation) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_translation_names_the_same_facts(lang: str) -> None:
    """A fact that is lost or misspelt would break the message when it is needed."""
    for message in catalogue(lang):
        facts, translated = (sorted(re.findall(r"{\w*}", str(text))) for text in (message.id, message.string))
        assert not message.id or facts == translated, message.id
        assert not message.id or not message.fuzzy, message.id


def test_english_is_the_text_itself() -> None:
    """The code shows what an English reader sees."""
    assert [message.id for message in catalogue("en") if message.id and message.id != message.string] == []


@pytest.mark.parametrize(
    ("preferred", "environment", "expected"),
    [
        ("it", {"LANG": "en_GB.UTF-8"}, "it"),
        ("it-IT", {}, "it"),
        ("de", {"LANG": "it_IT.UTF-8"}, "en"),
        (None, {"LANG": "it_IT.UTF-8"}, "it"),
        (None, {"LC_ALL": "en_US.UTF-8", "LANG": "it_IT.UTF-8"}, "en"),
        (None, {"LC_MESSAGES": "it", "LANG": "en_US.UTF-8"}, "it"),
        (None, {"LC_ALL": "", "LANG": "C.UTF-8"}, "en"),
        (None, {}, "en"),
    ],
)
def test_the_language_is_the_asked_one_else_that_of_the_environment(
    preferred: str | None, environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As POSIX has it: LC_ALL, then LC_MESSAGES, then LANG; English for what is not spoken here."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language(preferred) == expected


def test_braces_stay_in_a_text_without_facts() -> None:
    """A query shown as an example is not a template."""
    example = "Example: echo 'ASK { ?s ?p ?o }' | ctlgraph query -"
    assert translate(example, "it") == example.replace("Example", "Esempio")


def test_a_marked_fact_is_translated_and_another_is_not() -> None:
    """A path called "warning" keeps its name; the word "warning" of a finding does not."""
    assert translate("{name} is missing", "it", name="warning") == "manca warning"
    assert translate("{name} is missing", "it", name=N_("warning")) == "manca avviso"


def test_a_text_of_no_catalogue_stays_as_it_is() -> None:
    """What the engine says reaches the reader all the same."""
    assert translate("no such text {n}", "it", n=1) == "no such text 1"
    assert translate("", "it") == ""
