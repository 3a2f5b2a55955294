"""Which app a name means: a report, a trace or a person may write a bundle identifier with its team before it."""

from __future__ import annotations

import re
from functools import lru_cache

_TEAM = re.compile(r"[A-Z0-9]{10}\.(?=.)", re.DOTALL)
"""A team identifier and a dot. Source: App IDs are TEAM.BUNDLE (Apple, "Team ID"); contract, section 4, "Made precise"."""


@lru_cache(maxsize=4096)
def app_of(name: str) -> str:
    """Return the app that a name means: without its team, which is exactly ten of A-Z and 0-9, and a dot."""
    team = _TEAM.match(name)
    return name[team.end() :] if team else name
