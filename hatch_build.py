"""Build agent and page before a package is made: a wheel or a source distribution without them is never made."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent / "scripts"))

import build_assets


class AssetsHook(BuildHookInterface):
    """Run scripts/build_assets.py where an asset is missing or outdated; an editable install builds when it is used."""

    def dependencies(self) -> list[str]:
        """Return Frida, whose compiler bundles the agent, where that will be needed."""
        if not (build_assets.outdated() and build_assets.node_is_there()):
            return []
        return [wanted for wanted in self.metadata.core.dependencies if wanted.startswith("frida")]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is needed, or end with one sentence that says what to install."""
        del build_data
        if version == "editable":
            return
        try:
            for part in build_assets.outdated():
                build_assets.ensure(part)
        except build_assets.BuildError as problem:
            self.app.abort(str(problem))
