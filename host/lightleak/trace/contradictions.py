"""Find events that come twice and differ: a recording has one event for each number of a segment.

A file that was copied while it was written repeats events of the finished one, and counts once. Two files that give one number two
contents cannot both be the recording, so that neither is believed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

import msgspec

from lightleak.errors import TraceError
from lightleak.events import Event
from lightleak.trace.line import canonical
from lightleak.trace.schema import UNREADABLE
from lightleak.trace.session_file import SessionFile

Place = tuple[int, int]
"""Segment and seq."""


class _Numbers(msgspec.Struct, gc=False):
    segment: int
    seq: int


_NUMBERS = msgspec.json.Decoder(_Numbers)


def contradiction(one: Path, other: Path, segment: int, seq: int) -> TraceError:
    """Return the error that two events with the same numbers differ."""
    if one == other:
        return TraceError(
            f"{one} has two different events with segment {segment}, seq {seq}",
            hint="the file was changed after it was recorded; use another copy",
        )
    return TraceError(
        f"{one} and {other} are of one session and differ in segment {segment}, seq {seq}",
        hint="one of them was changed, or they are not of one recording; find out which with lightleak verify, and leave it out",
    )


def agree(one: Event, other: Event) -> bool:
    """Return whether two events have the same content."""
    return one == other and one.odd == other.odd


def ensure_agreement(parts: Sequence[SessionFile], repeated: Collection[Place]) -> None:
    """Check the events that come more than once. repeated: their numbers. Raises: TraceError when two of them differ.

    Lines are compared by their hash: a file is read once more, and only where something comes twice.
    """
    differing = {place for place, _, _ in _differences(parts, set(repeated), hash)} if repeated else set()
    # The same content may be written in another order of keys.
    if differing:
        for (segment, seq), one, other in _differences(parts, differing, _content):
            raise contradiction(one, other, segment, seq)


def _content(line: bytes) -> int:
    try:
        return hash(canonical(line))
    except UNREADABLE:  # in a value that no reader asks for
        return hash(line)


def _differences(
    parts: Sequence[SessionFile], wanted: Collection[Place], digest: Callable[[bytes], int]
) -> Iterator[tuple[Place, Path, Path]]:
    found: dict[Place, tuple[int, Path]] = {}
    for part in parts:
        for _, block in part.blocks():
            for place, line in _numbered(block):
                if place in wanted:
                    own = digest(line)
                    first, path = found.setdefault(place, (own, part.path))
                    if first != own:
                        yield place, path, part.path


def _numbered(block: bytes) -> Iterator[tuple[Place, bytes]]:
    for line in block.split(b"\n")[:-1]:
        try:
            numbers = _NUMBERS.decode(line)
        except UNREADABLE:
            continue
        yield (numbers.segment, numbers.seq), line
