"""Give the events of one file segment by segment, without holding the file in memory.

In a session file the events of a segment stand in order of ``seq``; those of several segments are mixed, as they came.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from lightleak.errors import TraceError
from lightleak.events import Event
from lightleak.trace.line import decode_events
from lightleak.trace.part import Part, named


class _Key(msgspec.Struct, gc=False):
    segment: int


_KEYS = msgspec.json.Decoder(_Key)
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_HINT = "lightleak verify says what is wrong with it"


class PartOrder:
    """Which frames of a file hold events of which segment. Errors: TraceError."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._segments = {frame: self._segments_in(block) for frame, block in part.blocks()}
        self.segments = set().union(*self._segments.values())
        """The segments of which there are events."""

    def events(self, segment: int) -> Iterator[Event]:
        """Read the events of one segment in order of ``seq``."""
        last = 0
        frames = [frame for frame, segments in self._segments.items() if segment in segments]
        with named(self._part.path):
            for frame, block in self._part.blocks(frames):
                expected = self._segments[frame]
                lines = block.split(b"\n")
                del lines[-1]
                for event in decode_events(lines):
                    if event["segment"] != segment:
                        if event["segment"] not in expected:
                            raise TraceError("a line is not an event (it says its segment twice)", hint=_HINT)
                        continue
                    seq = event["seq"]
                    if seq <= last:
                        raise TraceError(
                            f"segment {segment}, seq {seq} stands after seq {last}",
                            hint="lightleak export and then import put a trace in order",
                        )
                    last = seq
                    yield event

    def _segments_in(self, body: bytes) -> set[int]:
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
