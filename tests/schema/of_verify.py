"""``verify --format json``."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from schema.parts import Count, FileName, Hash

AnyTime = Annotated[
    str, Meta(description="RFC 3339 in the device's zone, or nanoseconds outside the calendar: `12 ns`.")
]


class SegmentShape(Struct):
    """One attachment to a process."""

    segment: int
    identifier: str | None
    events: Count
    lost: Count
    seq: Annotated[list[int], Meta(min_length=2, max_length=2)]
    """The first and the last number."""
    from_: AnyTime = field(name="from")
    to: AnyTime


class VerifyGapShape(Struct):
    """What the recording itself says was not seen."""

    from_: AnyTime = field(name="from")
    to: AnyTime
    identifier: str | None
    segment: int
    count: Count | None
    reason: str


class VerifyShape(Struct):
    """Whether a session file is complete and unchanged."""

    version: Literal[1]
    file: FileName
    ok: bool
    closed: bool
    session: str
    part: Count
    head: Hash
    frames: Count
    events: Count
    segments: list[SegmentShape]
    gaps: list[VerifyGapShape]
    lost: Count
    cut_short: Count
    problems: list[str]
    notes: list[str]
