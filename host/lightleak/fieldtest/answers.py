"""One answer of a field test."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Answer(Struct, frozen=True):
    """Whether a claim held on this phone."""

    number: int
    holds: bool | None
    """None: not decided; ``why`` says why not."""
    why: str
    facts: dict[str, bool | None] = {}
    """Fact → what was found, where it is not simply ``holds``."""
    figures: dict[str, Any] = {}


def undecided(number: int, why: str) -> Answer:
    """Say that nothing was found out, and why."""
    return Answer(number, None, why)
