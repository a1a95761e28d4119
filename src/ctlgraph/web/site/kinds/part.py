"""What a page of a kind begins with: facts, then tables, each a pattern with its columns.

Only what is declared here; `parts` asks the graph, templates show it. In a pattern ?this is the entity and ?g
the graph that states the row; what else it binds are columns. A row is all that is said of one value of the
part's key; ?rank puts rows in order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Part:
    """A table about an entity.

    columns: variables with their headings, the first being what a row is about. key: the variable that tells
    rows apart, if it is not the first column. near: the variable whose values are neighbours of the entity.
    question: the saved query that has all of it. compared: whether the entity can be compared with what a row
    is about. none: what is said if there is no row; without it the part is left out. most: rows that are
    shown. changing: columns whose values hold for a time, said with the date of their source, which is the
    graph that the variable named after the column and "_in" is bound to, else ?g. units: by column the
    variable with what its numbers count. unsaid: by column what is said if no row has a value in it.
    narrowest: by column the variable with the wider concepts, which are left out beside a narrower one.
    """

    name: str
    heading: str
    columns: Mapping[str, str]
    pattern: str
    key: str = ""
    near: str = ""
    question: str = ""
    compared: bool = False
    none: str = ""
    most: int = 25
    changing: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    unsaid: Mapping[str, str] = field(default_factory=dict)
    narrowest: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """What a page of a kind begins with: the values of some properties, then tables."""

    facts: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()


ROLE = """OPTIONAL { ?part ctl:participationRole ?role }
    BIND(IF(?role IN (participationrole:lead, participationrole:coordinator), 0,
        IF(?role = participationrole:guest, 2, 1)) AS ?rank)
    OPTIONAL { ?part ctl:contribution ?words }"""
"""How ?part takes part: its role, the first one first and a guest last, and in which words."""
