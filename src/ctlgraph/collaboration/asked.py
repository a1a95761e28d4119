"""Which collaboration graph is asked for: of what, joined by what, under which conditions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ctlgraph.errors import CollaborationError, ParameterError
from ctlgraph.messages import N_, translate
from ctlgraph.vocabulary import nearest

KINDS = {
    "clusters": N_("clusters"),
    "projects": N_("projects"),
    "networks": N_("networks"),
    "organisations": N_("organisations"),
    "ecosystems": N_("ecosystems"),
    "components": N_("components of the recovery plan"),
    "technologies": N_("technology areas"),
    "regions": N_("regions"),
}
"""What there is on either side of a graph. Organisations are all but the technology clusters."""

OF = tuple(KINDS)
"""What a graph may be of."""
ALL = ("networks", "projects", "ecosystems", "components", "technologies")
"""What "all" stands for, as far as it goes with the other side."""
BY = (*ALL, "all", "clusters", "organisations")
"""What may join the nodes of a graph."""

PROJECTIONS = {
    "newman": N_("each thing in common gives 1 / (k - 1), where k take part in it"),
    "count": N_("number of things in common"),
    "jaccard": N_("things in common out of those that either has"),
    "none": N_("two-mode graph: who takes part in what"),
}
"""How a weight comes about. Newman (2001), doi:10.1103/PhysRevE.64.016132; Jaccard (1901)."""

_SOURCE = re.compile(r"doc-[0-9]{3}\Z")
_ROLE = re.compile(r"[a-z][a-z-]*\Z")
_YEARS = (1, 9999)


@dataclass(frozen=True)
class Asked:
    """A collaboration graph as it is asked for.

    of, by, projection: of OF, BY and PROJECTIONS. guests: whether a guest counts as taking part. roles: only
    these roles of taking part, by their slugs; none: any but guest. since, until: years, both included; a tie
    is of the years of its project, else of the year of the document that states it. source: only what that
    document says, such as "doc-003". parts: whether a pilot is a network of its own; else who takes part in
    it takes part in the network that it is part of. backbone: keep only ties that the disparity filter
    finds significant at this level, from 0 to 1.

    Raises ParameterError for a value that there is not, CollaborationError for two sides that are one.
    """

    of: str = "clusters"
    by: str = "networks"
    projection: str = "newman"
    guests: bool = False
    roles: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    source: str | None = None
    parts: bool = False
    backbone: float | None = None

    def __post_init__(self) -> None:
        """Look at every value."""
        one_of("of", self.of, OF)
        one_of("by", self.by, BY)
        one_of("projection", self.projection, tuple(PROJECTIONS))
        for role in self.roles:
            _matches("role", role, _ROLE, N_("a role such as partner"))
        if self.source is not None:
            _matches("source", self.source, _SOURCE, N_("a document such as doc-003"))
        for name, year in (("since", self.since), ("until", self.until)):
            if year is not None and not _YEARS[0] <= year <= _YEARS[1]:
                raise ParameterError(name, str(year), N_("a year such as 2022"))
        if self.since is not None and self.until is not None and self.since > self.until:
            raise ParameterError("until", str(self.until), N_("a year that is not before the first one"))
        if self.backbone is not None and not 0 < self.backbone < 1:
            raise ParameterError("backbone", str(self.backbone), N_("a level between 0 and 1, such as 0.05"))
        if self.of == self.by:
            raise CollaborationError(_ONE_SIDE, kind=KINDS[self.of])

    @property
    def sides(self) -> tuple[str, ...]:
        """The kinds on the side that joins, in a fixed order."""
        return tuple(kind for kind in ALL if kind != self.of) if self.by == "all" else (self.by,)

    @property
    def has_period(self) -> bool:
        """Whether only some years count."""
        return self.since is not None or self.until is not None

    def counts(self, role: str) -> bool:
        """Whether who takes part in that role, "" if none is said, is counted."""
        if self.roles:
            return role in self.roles or (self.guests and role == "guest")
        return self.guests or role != "guest"

    def facts(self) -> Mapping[str, str]:
        """The conditions as texts, none empty: what a result must be read with."""
        years = f"{self.since or ''}/{self.until or ''}"
        roles = " ".join(self.roles) or "any"
        return {
            "of": self.of,
            "by": self.by,
            "projection": self.projection,
            "weight": str(translate(PROJECTIONS[self.projection], "en")),
            "roles": roles + (" with guests" if self.guests else " without guests"),
            "period": years if self.has_period else "any",
            "source": self.source or "any",
            "backbone": "none" if self.backbone is None else f"disparity filter, alpha {self.backbone:g}",
            "parts": "networks of their own" if self.parts else "counted as the whole network",
        }


_ONE_SIDE = N_("a graph of {kind} by {kind} has one side only: choose another thing that joins them")


def one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    """Raise ParameterError, with what comes nearest, unless the value is known."""
    if value not in known:
        close = nearest(value, known)
        raise ParameterError(name, value, ", ".join(known), (close,) if close else ())


def _matches(name: str, value: str, pattern: re.Pattern[str], expected: str) -> None:
    if not pattern.match(value):
        raise ParameterError(name, value, expected)
