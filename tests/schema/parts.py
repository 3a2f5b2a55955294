"""What several outputs have in common: times, references to events, losses, and keys that may be absent."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field

Time = Annotated[
    str,
    Meta(
        description="RFC 3339 with milliseconds and offset.",
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}[+-][0-9]{2}:[0-9]{2}$",
    ),
]
EventPlace = Annotated[
    str, Meta(description="SESSION:SEGMENT:SEQ, sessions from 1.", pattern=r"^[0-9]+:-?[0-9]+:-?[0-9]+$")
]
FileName = Annotated[str, Meta(description="Without the folders above what was given.", pattern=r"^[^/].*|^/$")]
Hash = Annotated[str, Meta(description="SHA-256, lower-case hex.", pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Meta(ge=0)]
Share = Annotated[float, Meta(ge=0, le=1)]


class GapShape(Struct):
    """A stretch that was not watched."""

    from_: Time = field(name="from")
    to: Time
    identifier: str | None
    reason: str | None


class ProblemShape(Struct):
    """What could not be read, or contradicts itself."""

    file: FileName
    line: int | None
    """Line of an export, slot of a store; null for the whole file."""
    problem: str
