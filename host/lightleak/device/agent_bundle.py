"""The agent, its helper scripts and the catalogue of its probes, as the build left them in the package."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import msgspec

from lightleak.errors import AgentError

_BUILD = "run scripts/build-agent"


def agent_source() -> str:
    """Read the agent's script. Errors: AgentError."""
    return _asset("agent.js")


def tool_source(name: str) -> str:
    """Return the source of a helper script: ``look``, ``act`` or ``fetch-store``. Raises: AgentError."""
    return _asset(f"tool-{name}.js")


def agent_version() -> str | None:
    """Tell the version of the agent in this installation; None where it is not built."""
    try:
        version: str = msgspec.json.decode(_asset("agent.json"))["version"]
    except (AgentError, msgspec.DecodeError, LookupError):
        return None
    return version


def probe_catalogue() -> dict[str, Any]:
    """Read the hook catalogue: ``{"version", "probes", "excluded"}`` (contract, section 2). Errors: AgentError."""
    try:
        catalogue: dict[str, Any] = msgspec.json.decode(_asset("probes.json"), type=dict[str, Any])
    except msgspec.DecodeError as problem:
        raise AgentError("the hook catalogue of this installation is damaged", hint=_BUILD) from problem
    return catalogue


def _asset(name: str) -> str:
    try:
        return (files("lightleak") / "assets" / name).read_text(encoding="utf-8")
    except OSError as problem:
        raise AgentError(f"the agent is not built ({name} is missing)", hint=_BUILD) from problem
