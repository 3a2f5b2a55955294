"""What scripts/build-agent puts into the package: scripts as text, and the catalogue of the agent's probes."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from msgspec import Struct

from lightleak.errors import AgentError

_BUILD = "run scripts/build-agent"


class CatalogueProbe(Struct, frozen=True):
    """One probe."""

    probe: str
    symbol: str
    depth: str | None
    """What a call of it reaches; None when it has no depth."""
    required: bool
    """Whether it is public and on every iOS: a process without this hook was not watched for it."""
    ios_since: str | None
    ios_deprecated: str | None


class Catalogue(Struct, frozen=True):
    """All probes, in the order in which hooks are reported."""

    version: int
    probes: list[CatalogueProbe]
    excluded: list[dict[str, Any]]
    """What is deliberately not hooked: ``symbol``, ``reason``."""
    internal: frozenset[str]
    """Names of the probes on private code; hooked with ``record --internal`` only."""


def read_asset(name: str) -> str:
    """Return the text of a built file. Raises: AgentError when the build has not been run."""
    try:
        return (files("lightleak") / "assets" / name).read_text(encoding="utf-8")
    except OSError as problem:
        raise AgentError(f"the agent is not built ({name} is missing)", hint=_BUILD) from problem


@cache
def catalogue() -> Catalogue:
    """Return the catalogue, which is read once. Raises: AgentError when it is missing or damaged."""
    try:
        return msgspec.json.decode(read_asset("probes.json"), type=Catalogue)
    except msgspec.DecodeError as problem:
        raise AgentError("the hook catalogue of this installation is damaged", hint=_BUILD) from problem
