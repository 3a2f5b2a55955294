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


class PartOrder:
    """Which frames of a file hold events of which segment. Errors: TraceError."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self.segments: dict[int, list[Stretch]] = {}
        """Segment → the frames that hold events of it."""
        for frame, content in part.contents():
            for segment in _segments(part.body(frame, content)):
                self.segments.setdefault(segment, []).append(frame)

    def events(self, segment: int) -> Iterator[Event]:
        """Read the events of one segment in order of ``seq``."""
        last = 0
        for block in self._part.blocks(self.segments.get(segment, [])):
            for fields in _EVENTS.decode_lines(block):
                if fields["segment"] != segment:
                    continue
                if fields["seq"] <= last:
                    raise TraceError(
                        f"{self._part.path}: segment {segment}, seq {fields['seq']} stands after seq {last}",
                        hint="lightleak export and import again put a trace in order",
                    )
                last = fields["seq"]
                yield Event(fields)


def _segments(body: bytes) -> set[int]:
    """Tell the segments of a frame's lines."""
    return _the_only_one(body) or {key.segment for key in _KEYS.decode_lines(body)}


def _the_only_one(body: bytes) -> set[int]:
    """Tell the segment of lines that are all of one, at the price of a few searches; empty where that cannot be told.

    Every line has the key. Where the body has no escapes the key stands there literally; where it stands there as often
    as there are lines, no line has it a second time further in.
    """
    if not body or b"\\" in body:
        return set()
    lines = body.count(b"\n")
    first = _KEYS.decode(body[: body.index(b"\n")]).segment
    spelled = b'"segment":%d,' % first
    return {first} if body.count(b'"segment":') == lines == body.count(spelled) else set()
