"""Give the events of one file segment by segment, without holding the file in memory.

In a session file the events of a segment stand in order of ``seq``; those of several segments are mixed, as they came.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from lightleak.errors import TraceError
from lightleak.events import Event
from lightleak.trace.frames import Stretch
from lightleak.trace.part import Part


class _Key(msgspec.Struct, gc=False):
    segment: int


_KEYS = msgspec.json.Decoder(_Key)
_EVENTS = msgspec.json.Decoder(dict[str, Any])
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError)
_HINT = "lightleak verify says what is wrong with it"


class PartOrder:
    """Which frames of a file hold events of which segment. Errors: TraceError."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self.segments: dict[int, list[Stretch]] = {}
        """Segment → the frames that hold events of it."""
        for frame, block in part.blocks():
            for segment in self._segments(block):
                self.segments.setdefault(segment, []).append(frame)

    def events(self, segment: int) -> Iterator[Event]:
        """Read the events of one segment in order of ``seq``."""
        last = 0
        for frame, block in self._part.blocks(self.segments.get(segment, [])):
            for line in block.split(b"\n")[:-1]:
                event = self._decoded(line)
                of_segment, seq = event["segment"], event["seq"]
                if of_segment != segment:
                    if frame not in self.segments.get(of_segment, ()):
                        raise self._foreign("it says its segment twice")
                    continue
                if seq <= last:
                    raise TraceError(
                        f"{self._part.path}: segment {segment}, seq {seq} stands after seq {last}",
                        hint="lightleak export and then import put a trace in order",
                    )
                last = seq
                yield event

    def _decoded(self, line: bytes) -> Event:
        try:
            event = Event(_EVENTS.decode(line))
            # A key that is not there is a KeyError; bool is a type of its own.
            if not (
                type(event["seq"]) is type(event["segment"]) is type(event["wall_ns"]) is type(event["mono_ns"]) is int
                and type(event["kind"]) is str
            ):
                raise self._foreign("a required key is of another type")
        except _UNREADABLE as problem:
            raise self._foreign(repr(problem)) from problem
        return event

    def _segments(self, body: bytes) -> set[int]:
        try:
            return _the_only_one(body) or {key.segment for key in _KEYS.decode_lines(body)}
        except _UNREADABLE as problem:
            raise self._foreign(repr(problem)) from problem

    def _foreign(self, problem: str) -> TraceError:
        return TraceError(f"{self._part.path} holds a line that is not an event ({problem})", hint=_HINT)


def _the_only_one(body: bytes) -> set[int]:
    """Tell the segment of lines that are all of one, at the price of one search; empty where that cannot be told.

    The keys could also stand further inside of a line: whoever decodes the lines finds that out.
    """
    first = _KEYS.decode(body[: body.index(b"\n")]).segment
    return {first} if body.count(b'"segment":%d,"seq":' % first) == body.count(b"\n") else set()
