"""The front matter of a saved query: YAML in ``#+`` comments, the grlc convention, with its line numbers.

It knows how an entry is found and complained about, not what entries mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ctlgraph.errors import SourceError
from ctlgraph.messages import LANGUAGES, N_

_MARK = "#+"


@dataclass(frozen=True)
class Matter:
    """The entries of one file and the line of each; path: relative to the root of the project."""

    path: str
    entries: Mapping[str, Any]
    lines: Mapping[tuple[str, ...], int]

    @classmethod
    def read(cls, path: str, text: str) -> Matter:
        """The front matter of a file. Raises SourceError with the line of what is no YAML."""
        import yaml  # type: ignore[import-untyped]

        numbered = [
            (number, line[len(_MARK) :].removeprefix(" "))
            for number, line in enumerate(text.splitlines(), start=1)
            if line.startswith(_MARK)
        ]
        numbers = [number for number, _ in numbered] or [1]
        loader = _loader(yaml)("\n".join(line for _, line in numbered))
        try:
            node = loader.get_single_node()
            entries = loader.construct_document(node) if node else {}
        except yaml.MarkedYAMLError as error:
            line = numbers[min(error.problem_mark.line, len(numbers) - 1)] if error.problem_mark else None
            raise SourceError(
                path, line, N_("this is not valid {form}: {reason}"), form="YAML", reason=error.problem
            ) from None
        finally:
            loader.dispose()
        if not isinstance(entries, dict) or not entries:
            raise SourceError(path, numbers[0], N_("there is no front matter: begin with '#+ title:'"))
        lines: dict[tuple[str, ...], int] = {}
        for where, line in _walk(node, ()):
            if where in lines:
                raise SourceError(path, numbers[line], N_("'{name}' stands here twice"), name=where[-1])
            lines[where] = numbers[line]
        return cls(path, entries, lines)

    def fail(self, where: tuple[str, ...], reason: str, **facts: object) -> SourceError:
        """What to raise of the entry at these keys; the line is that of the nearest entry around it."""
        known = next((where[:end] for end in range(len(where), 0, -1) if where[:end] in self.lines), ())
        return SourceError(self.path, self.lines.get(known, 1), reason, **facts)

    def mapping(self, where: tuple[str, ...], value: object) -> dict[str, Any]:
        """The value as a mapping of names; none for nothing."""
        if value is None:
            return {}
        if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
            raise self.fail(where, N_("'{name}' is a list of names with values"), name=where[-1])
        return value

    def keys(
        self,
        where: tuple[str, ...],
        value: Mapping[str, Any],
        required: Iterable[str],
        allowed: Iterable[str] = (),
    ) -> None:
        """Raise SourceError for a key that is missing or unknown."""
        required = list(required)
        for key in required:
            if key not in value:
                raise self.fail(where, N_("'{name}' is missing"), name=".".join((*where, key)))
        for key in value:
            if key not in (*required, *allowed):
                raise self.fail((*where, key), N_("'{name}' means nothing here"), name=key)

    def words(self, where: tuple[str, ...], value: object) -> dict[str, str]:
        """A text in both languages."""
        texts = self.mapping(where, value)
        self.keys(where, texts, LANGUAGES)
        for lang, text in texts.items():
            if not isinstance(text, str) or not text.strip() or text != text.strip():
                raise self.fail((*where, lang), N_("'{name}' is a text"), name=".".join((*where, lang)))
        return texts

    def text(self, where: tuple[str, ...], value: object, choices: Iterable[str] = ()) -> str:
        """A text, one of the choices if there are any."""
        known = tuple(choices)
        if not isinstance(value, str) or not value.strip() or (known and value not in known):
            if known:
                raise self.fail(
                    where, N_("'{name}' is one of {choices}"), name=where[-1], choices=", ".join(known)
                )
            raise self.fail(where, N_("'{name}' is a text"), name=where[-1])
        return value


def _loader(yaml: Any) -> Any:
    """The loader in C where there is one: ten times as fast."""
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _walk(node: Any, where: tuple[str, ...]) -> Iterable[tuple[tuple[str, ...], int]]:
    """The keys of every entry and its line, from 0."""
    from yaml import MappingNode, SequenceNode

    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield (*where, str(key.value)), key.start_mark.line
            yield from _walk(value, (*where, str(key.value)))
    elif isinstance(node, SequenceNode):
        for index, value in enumerate(node.value):
            yield (*where, str(index)), value.start_mark.line
            yield from _walk(value, (*where, str(index)))
