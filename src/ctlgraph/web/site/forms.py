"""The form of a saved query: a field for each parameter, with its choices, and what is wrong with it.

Knows parameters and their choices; not how a form looks.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from babel import Locale, UnknownLocaleError

from ctlgraph.catalogue import Choice, SavedQuery, choosing, drive
from ctlgraph.errors import CtlgraphError, ParameterError
from ctlgraph.messages import N_, translate
from ctlgraph.parameters import UNDEF, Parameter, short, term
from ctlgraph.search import folded
from ctlgraph.web.site.facts import Ask

_INPUTS = {"integer": "numeric", "decimal": "decimal"}


@dataclass(frozen=True)
class Option:
    """A choice as the reader sees it. count: rows of the answer with it, None if that is not known."""

    value: str
    label: str
    count: int | None = None


@dataclass(frozen=True)
class Mistake:
    """What is wrong with a field: the value it has, what was expected, and choices that are like it."""

    value: str
    expected: str
    nearest: tuple[Option, ...]


@dataclass(frozen=True)
class Field:
    """A field. options: what can be chosen; without any it is typed in, with that `keyboard`."""

    parameter: Parameter
    label: str
    value: str
    hint: str
    options: tuple[Option, ...]
    mistake: Mistake | None = None

    @property
    def name(self) -> str:
        """Its name in an address."""
        return self.parameter.name

    @property
    def counted(self) -> bool:
        """Whether its options say how many rows the answer has with them."""
        return any(option.count is not None for option in self.options)

    @property
    def keyboard(self) -> str:
        """The keyboard that a telephone should show: numeric, decimal or text."""
        return _INPUTS.get(self.parameter.type, "text")

    @property
    def chosen(self) -> str:
        """Its value in the reader's words."""
        return next((each.label for each in self.options if each.value == self.value), self.value)


def fields(
    saved: SavedQuery, arguments: Mapping[str, str], choices: Mapping[str, Sequence[Choice]], lang: str
) -> tuple[Field, ...]:
    """A field for each parameter, filled with what was asked or its default; what is wrong stands at it."""
    found = []
    for name, parameter in saved.parameters.items():
        options = _options(parameter, choices.get(name, ()), lang)
        value, mistake = short(parameter.default or UNDEF), None
        if name in arguments:
            value, mistake = _given(parameter, arguments[name], options, lang)
        found.append(Field(parameter, parameter.label[lang], value, _hint(parameter, lang), options, mistake))
    return tuple(_differing(field, {each.name: each for each in found}, lang) for field in found)


def _differing(field: Field, every: Mapping[str, Field], lang: str) -> Field:
    """The field, with what is wrong if it has the value of the one that it has to differ from."""
    other = every.get(field.parameter.unlike or "")
    if other is None or field.mistake or not field.value or field.value != other.value:
        return field
    expected = translate(N_("another choice than under “{field}”"), lang, field=other.label)
    return replace(field, mistake=Mistake(field.chosen, expected, ()))


async def choices_of(
    ask: Ask, saved: SavedQuery, arguments: Mapping[str, str]
) -> Mapping[str, tuple[Choice, ...]]:
    """The choices of each parameter, counted for these arguments; for the defaults where one is wrong."""
    try:
        filled = saved.fill(arguments)
    except ParameterError:
        filled = saved.fill({})
    return await drive(choosing(filled), ask)


async def helped(ask: Ask, saved: SavedQuery, error: ParameterError, lang: str) -> ParameterError:
    """The same error with the choices that are most like the value."""
    parameter = saved.parameters.get(error.name)
    if parameter is None or error.nearest or not parameter.has_choices:
        return error
    options = _options(parameter, (await choices_of(ask, saved, {}))[error.name], lang)
    near = tuple(option.value for option in nearest(error.value, options))
    return parameter.error(error.value, near)


def _options(parameter: Parameter, choices: Sequence[Choice], lang: str) -> tuple[Option, ...]:
    if parameter.type == "boolean":
        return (Option("true", translate(N_("yes"), lang)), Option("false", translate(N_("no"), lang)))
    options = [Option(choice.value, _label(parameter, choice, lang), choice.count) for choice in choices]
    return tuple(sorted(options, key=lambda option: folded(option.label)))


def _label(parameter: Parameter, choice: Choice, lang: str) -> str:
    """What a choice is called; a language by its name."""
    if not parameter.reader:
        return choice.label(lang)
    try:
        return Locale.parse(choice.value).get_language_name(lang) or choice.value
    except (ValueError, UnknownLocaleError):
        return choice.value


def _given(
    parameter: Parameter, text: str, options: Sequence[Option], lang: str
) -> tuple[str, Mistake | None]:
    """What was asked, as the form has it; and what is wrong with it."""
    try:
        spelling = term(parameter, text)
    except ParameterError as error:
        expected = _words(error.facts["expected"], lang)
    else:
        value = short(spelling)
        if not options or spelling in (UNDEF, parameter.default) or value in {each.value for each in options}:
            return value, None
        expected = ""
    if options:
        expected = translate(N_("one of the list"), lang)
    return text, Mistake(text, expected, nearest(text, options))


def nearest(text: str, options: Sequence[Option]) -> tuple[Option, ...]:
    """At most three options whose value or label is most like a text."""
    named: dict[str, Option] = {}
    for option in options:
        for name in (option.value, option.value.rpartition("/")[2], option.label):
            named.setdefault(folded(name), option)
    wanted = folded(text)
    near = {name: difflib.SequenceMatcher(None, wanted, name).ratio() + (wanted in name) for name in named}
    best = sorted((name for name in near if near[name] > 0.5), key=lambda name: -near[name])
    return tuple(dict.fromkeys(named[name] for name in best))[:3]


def _hint(parameter: Parameter, lang: str) -> str:
    """What a field that is typed in takes."""
    if parameter.has_choices or parameter.type in ("boolean", "string"):
        return ""
    return _words(parameter.expected, lang)


def _words(text: object, lang: str) -> str:
    return text.text(lang) if isinstance(text, CtlgraphError) else translate(str(text), lang)
