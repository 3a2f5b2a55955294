"""Find single events of a session by (segment, seq), and decode only them.

Frames are read from the first until all are found. What each frame holds is remembered, so that a later search reads only
the frames that can have what it looks for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import msgspec

from lightleak.events import Event
from lightleak.trace.frames import ByteRange
from lightleak.trace.line import decode_event
from lightleak.trace.session import Session
from lightleak.trace.session_file import SessionFile

Key: TypeAlias = tuple[int, int]
"""Segment and seq."""


class _Place(msgspec.Struct, gc=False):
    segment: int
    seq: int


_PLACES = msgspec.json.Decoder(_Place)
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class EventPlaces:
    """The places of a session's events, as far as they were looked for."""

    def __init__(self, session: Session) -> None:
        self._frames: list[tuple[SessionFile, ByteRange]] = [
            (part, frame) for part in session.parts for frame in part.frames
        ]
        self._held: dict[int, dict[int, Key]] = {}
        """Number of a frame → segment → the lowest and highest seq in it."""

    def read(self, wanted: Iterable[Key]) -> dict[Key, Event]:
        """Return the events with these keys; those that are not there are left out. An event that comes twice counts once.

        Raises: TraceError when a file cannot be read, or one of these events is not an event.
        """
        found: dict[Key, Event] = {}
        missing = set(wanted)
        # First the ends of a frame show what it holds; only if that misses an event, all its lines do.
        for by_ends in (True, False):
            for number, (part, frame) in enumerate(self._frames):
                if not missing:
                    return found
                if number in self._held and not _may_hold(self._held[number], missing):
                    continue
                self._held[number] = {}
                for _, block in part.blocks([frame]):
                    lines = block.split(b"\n")[:-1]
                    if by_ends and (run := _run(lines, block)) and not _may_hold(run, missing):
                        self._held[number] = run
                        continue
                    places = _places(lines, block)
                    self._held[number] = _ranges(places)
                    for place, line in zip(places, lines, strict=True):
                        key = (place.segment, place.seq)
                        if key in missing:
                            found[key] = decode_event(line)
                            missing.discard(key)
            self._held = {} if missing else self._held
        return found


def _places(lines: list[bytes], block: bytes) -> list[_Place]:
    """Return the place of each line; 0 and 0 for a line that is not an event."""
    try:
        return _PLACES.decode_lines(block)
    except _UNREADABLE:
        return [_place(line) for line in lines]


def _place(line: bytes) -> _Place:
    try:
        return _PLACES.decode(line)
    except _UNREADABLE:
        return _Place(0, 0)


def _run(lines: list[bytes], block: bytes) -> dict[int, Key]:
    """Return what lines hold that look like one segment's events without a hole; empty where they do not."""
    first, last = _place(lines[0]), _place(lines[-1])
    if (last.segment, last.seq) != (first.segment, first.seq + len(lines) - 1):
        return {}
    # Compact JSON only: other lines are counted as none, and decoded.
    if block.count(b'"segment":%d,"seq":' % first.segment) != len(lines):
        return {}
    return {first.segment: (first.seq, last.seq)}


def _ranges(places: list[_Place]) -> dict[int, Key]:
    held: dict[int, Key] = {}
    for place in places:
        low, high = held.get(place.segment, (place.seq, place.seq))
        held[place.segment] = min(low, place.seq), max(high, place.seq)
    return held


def _may_hold(held: dict[int, Key], wanted: Iterable[Key]) -> bool:
    """Return whether one of the wanted events can be in a frame."""
    return any(segment in held and held[segment][0] <= seq <= held[segment][1] for segment, seq in wanted)
