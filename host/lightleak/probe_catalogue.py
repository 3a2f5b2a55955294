"""The catalogue of the agent's probes, as scripts/build-agent makes it from ``agent/src/probes/catalogue``."""

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
    """What a call of it reaches; None where that is not a matter of depth."""
    required: bool
    """Public, and there on every iOS: a process in which it is not hooked was not watched for it."""
    ios_since: str | None
    ios_deprecated: str | None


class Catalogue(Struct, frozen=True):
    """All probes, in the order in which hooks are reported."""

    version: int
    probes: list[CatalogueProbe]
    excluded: list[dict[str, Any]]
    """What is not hooked on purpose: ``symbol``, ``reason``."""
    internal: frozenset[str]
    """Names of the probes on private code that sees no call of its own; hooked with ``record --internal`` only."""


@cache
def catalogue() -> Catalogue:
    """Read the catalogue, once. Raises: AgentError where it is not built or damaged."""
    try:
        return msgspec.json.decode((files("lightleak") / "assets" / "probes.json").read_bytes(), type=Catalogue)
    except OSError as problem:
        raise AgentError("the agent is not built (probes.json is missing)", hint=_BUILD) from problem
    except msgspec.DecodeError as problem:
        raise AgentError("the hook catalogue of this installation is damaged", hint=_BUILD) from problem
