"""The agent, its helper scripts and the catalogue of its probes, as the build puts them into the package."""

from __future__ import annotations

from typing import Any

import msgspec

from lightleak.built_assets import catalogue, read_asset
from lightleak.errors import AgentError


def agent_source() -> str:
    """Return the agent's script. Raises: AgentError when it is not built."""
    return read_asset("agent.js")


def tool_source(name: str) -> str:
    """Return the source of a helper script: ``look``, ``act`` or ``fetch-store``. Raises: AgentError."""
    return read_asset(f"tool-{name}.js")


def agent_version() -> str | None:
    """Return the version of the agent in this installation; None when it is not built."""
    try:
        version: str = msgspec.json.decode(read_asset("agent.json"))["version"]
    except (AgentError, msgspec.DecodeError, LookupError):
        return None
    return version


def probe_catalogue() -> dict[str, Any]:
    """Return the hook catalogue: ``{"version", "probes", "excluded"}`` (contract, section 2). Raises: AgentError."""
    found = catalogue()
    return {"version": found.version, "probes": msgspec.to_builtins(found.probes), "excluded": found.excluded}
