"""``check --format json``."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from schema.parts import Count, EventPlace, FileName, Share

Result = Literal["held", "broken", "not-proven"]


class PolicyShape(Struct):
    """The policy."""

    file: FileName
    rules: Count
    not_proven: Literal["fail", "warn"]


class CountsShape(Struct):
    """How many rules have each result."""

    held: Count
    broken: Count
    not_proven: Count = field(name="not-proven")


class RuleShape(Struct):
    """What came of one rule for one app."""

    rule: str
    name: str
    app: str
    result: Result
    why: str
    evidence: list[EventPlace]
    entries: list[str]
    line: int | None
    """Of the policy."""


class CoverageShape(Struct):
    """What was watched of an app."""

    covered_hours: float
    share: Share
    lost: Count
    segments: Count
    reads_not_hooked: list[str]


class CheckShape(Struct):
    """What came of a policy."""

    version: Literal[1]
    policy: PolicyShape
    result: Result
    failed: bool
    counts: CountsShape
    rules: list[RuleShape]
    coverage: dict[str, CoverageShape]
    """By app."""
    notices: list[str]
