"""Carry ontology, shapes, data and queries in the wheel, as ``ctlgraph/_data``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CARRIED = ("ontology", "shapes", "data", "queries", "CHANGELOG.md")


class DataHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the data to a standard wheel; an editable one finds them in the clone, so they are never stale."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name what goes where; called by hatchling before it writes the archive."""
        if self.target_name == "wheel" and version == "standard":
            for name in CARRIED:
                build_data["force_include"][str(Path(self.root) / name)] = f"ctlgraph/_data/{name}"
