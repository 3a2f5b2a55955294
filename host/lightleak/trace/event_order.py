"""Give the events of one file segment by segment, without holding the file in memory.

In a session file the events of a segment stand in order of ``seq``; those of several segments are mixed, as they came.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import NamedTuple

import msgspec
import numpy as np

from lightleak.errors import TraceError
from lightleak.events import Event
from lightleak.trace.line import decode_events
from lightleak.trace.session_file import SessionFile, named


class Place(NamedTuple):
    """Where one event stands."""

    offset: int
    number: int
    """Line number, from 1."""


class EventIndex:
    """Where events stand: 32 bytes for each, however long the lines are."""

    def __init__(self) -> None:
        self._segments = array("q")
        self._seqs = array("q")
        self._offsets = array("q")
        self._numbers = array("q")
        self._last: dict[int, int] = {}
        self._ordered = True

    @property
    def offsets(self) -> list[int]:
        """The events' places; after ``sort`` in order of seq in each segment, each event once."""
        return self._offsets.tolist()

    def add(self, segment: int, seq: int, offset: int, number: int) -> None:
        """Note one more event."""
        self._segments.append(segment)
        self._seqs.append(seq)
        self._offsets.append(offset)
        self._numbers.append(number)
        if seq <= self._last.get(segment, 0):
            self._ordered = False
        self._last[segment] = seq

    def sort(self) -> list[tuple[Place, Place]]:
        """Order by (segment, seq) what is not in order already; returns the pairs that have the same number.

        A trace whose segments are in order each stays as it is. The later one of a pair is left out.
        """
        if self._ordered:
            return []
        segments, seqs, offsets, numbers = (
            np.frombuffer(column, np.int64) for column in (self._segments, self._seqs, self._offsets, self._numbers)
        )
        order = np.lexsort((numbers, seqs, segments))
        repeated = np.zeros(len(order), bool)
        repeated[1:] = (np.diff(segments[order]) == 0) & (np.diff(seqs[order]) == 0)
        first = np.maximum.accumulate(np.where(repeated, 0, np.arange(len(order))))
        pairs = [
            (self._place(order[first[index]]), self._place(order[index])) for index in np.flatnonzero(repeated).tolist()
        ]
        self._offsets = array("q", offsets[order[~repeated]].tobytes())
        return pairs

    def _place(self, index: int) -> Place:
        return Place(self._offsets[index], self._numbers[index])


class _SegmentKey(msgspec.Struct, gc=False):
    segment: int


_KEYS = msgspec.json.Decoder(_SegmentKey)
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_HINT = "lightleak verify says what is wrong with it"


class FileOrder:
    """Which frames of a file hold events of which segment. Errors: TraceError."""

    def __init__(self, part: SessionFile) -> None:
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
