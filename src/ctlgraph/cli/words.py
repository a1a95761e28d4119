"""The command line's own language: help texts and complaints about misuse, in Italian or English.

The language is that of the environment (LC_ALL, LC_MESSAGES, LANG), read once at import.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from ctlgraph.messages import LANGUAGES, N_, language, translate

LANG = language()

# What typer says of its own accord, and we say after it.
_TYPER = {
    "Show this message and exit.": N_("Show this help and stop."),
    "Install completion for the current shell.": N_("Install completion for this shell."),
    "Show completion for the current shell, to copy it or customize the installation.": N_(
        "Print the completion script for this shell."
    ),
}
_USAGE = (N_("Usage:"), N_("[OPTIONS]"), N_("COMMAND [ARGS]..."))
_PANELS = {
    "ARGUMENTS_PANEL_TITLE": N_("Arguments"),
    "OPTIONS_PANEL_TITLE": N_("Options"),
    "COMMANDS_PANEL_TITLE": N_("Commands"),
    "DEFAULT_STRING": N_("[default: {}]"),
    "REQUIRED_LONG_STRING": N_("[required]"),
}
_MISUSE = (
    (r"No such option: (?P<name>\S+)", N_("there is no option {name}")),
    (
        r"No such option: (?P<name>\S+) .*?(?P<nearest>-[\w-]+).*",
        N_("there is no option {name}: did you mean {nearest}?"),
    ),
    (r"No such command '(?P<name>[^']*)'\.", N_("there is no command '{name}'")),
    (
        r"No such command '(?P<name>[^']*)'\. .*'(?P<nearest>[^']*)'\?",
        N_("there is no command '{name}': did you mean '{nearest}'?"),
    ),
    (r"Missing \w+ '(?P<name>.*?)'.*", N_("{name} is missing")),
    (
        r"Invalid value for (?P<name>.*?): (?:Value error, )?(?P<detail>.*?)\.?",
        N_("{name}: wrong value: {detail}"),
    ),
    (r"Option '(?P<name>.*?)' requires an argument\.?", N_("option {name} needs a value")),
    (r"Got unexpected extra arguments? \((?P<name>.*?)\).*", N_("{name} is one argument too many")),
)

# What pydantic and typer say of a value.
_DETAILS = (
    (r"Input should be a valid number.*", N_("a number is expected")),
    (r"Input should be a valid integer.*", N_("a whole number is expected")),
    (r"Input should be greater than or equal to (?P<least>\S+)", N_("it is {least} or more")),
    (r"Input should be less than or equal to (?P<most>\S+)", N_("it is {most} or less")),
    (r"'(?P<value>.*)' is not one of (?P<choices>.*)", N_("'{value}' is none of {choices}")),
)
_TYPES = {
    "int": N_("<number>"),
    "int range": N_("<number>"),
    "float": N_("<number>"),
    "str": N_("<text>"),
    "path": N_("<path>"),
    "list[Path]": N_("<path>"),
    "bool": "",  # a flag takes no value
}


def _(text: str) -> str:
    """The text in the language of the environment."""
    return translate(text, LANG)


def spoken(arguments: Sequence[str]) -> str:
    """The language of errors: what ``--lang`` asks for in these arguments, else that of the environment.

    >>> spoken(["run", "--lang", "it"]), spoken(["run", "--lang=en"])
    ('it', 'en')
    """
    for name, value in pairwise((*arguments, "")):
        option, _, own = name.partition("=")
        if option == "--lang" and (own or value) in LANGUAGES:
            return own or value
    return LANG


def misuse(error: typer.TyperException) -> str:
    """One line on how the command line was misused."""
    message = " ".join(error.format_message().split())
    for pattern, text in _MISUSE:
        if found := re.fullmatch(pattern, message):
            facts = found.groupdict()
            return translate(text, LANG, **{name: _detail(fact) for name, fact in facts.items()})
    return message


def _detail(text: str) -> str:
    """What is wrong with a value, as we say it; any other text as it is."""
    for pattern, ours in _DETAILS:
        if found := re.fullmatch(pattern, text):
            return translate(ours, LANG, **found.groupdict())
    return text


def _shown(text: str, context: Any) -> str:
    """What stands for the type of a parameter, whatever the context."""
    return text


class _Translated:
    """Puts typer's own words into the reader's language."""

    def get_usage(self, ctx: Any) -> str:
        """The usage line."""
        usage: str = super().get_usage(ctx)  # type: ignore[misc]  # of the class beside it
        for word in _USAGE:
            usage = usage.replace(word, _(word))
        return usage

    def get_params(self, ctx: Any) -> list[Any]:
        """The parameters, the help of typer's own translated."""
        params: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for param in params:
            help_text = getattr(param, "help", None)
            if help_text in _TYPER:
                param.help = _(_TYPER[help_text])
            kind = str(param.display_type(ctx)).removeprefix("<").removesuffix(">")
            if kind in _TYPES:
                param.display_type = partial(_shown, _(_TYPES[kind]))
        return params

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        from typer import rich_utils

        for name, text in _PANELS.items():
            setattr(rich_utils, name, _(text))
        super().format_help(ctx, formatter)  # type: ignore[misc]


class Command(_Translated, TyperCommand):
    """A command with its help in the reader's language."""


class Group(_Translated, TyperGroup):
    """The group of all commands, with its help in the reader's language."""
