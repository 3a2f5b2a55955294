"""Give the events of one file segment by segment, without holding the file in memory.

In a session file the events of a segment are in order of ``seq``; several segments are mixed in the order of arrival.
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
from lightleak.trace.session_file import SessionFile, naming


class Place(NamedTuple):
    """The place of one event in its file."""

    offset: int
    number: int
    """Line number, from 1."""


class EventIndex:
    """The places of events: 32 bytes an event, however long its line is."""

    def __init__(self) -> None:
        self._segments = array("q")
        self._seqs = array("q")
        self._offsets = array("q")
        self._numbers = array("q")
        self._last: dict[int, int] = {}
        self._ordered = True

    @property
    def offsets(self) -> list[int]:
        """The events' offsets; after ``sort`` in order of seq in each segment, each event once."""
        return self._offsets.tolist()

    def add(self, segment: int, seq: int, offset: int, number: int) -> None:
        """Add an event."""
        self._segments.append(segment)
        self._seqs.append(seq)
        self._offsets.append(offset)
        self._numbers.append(number)
        if seq <= self._last.get(segment, 0):
            self._ordered = False
        self._last[segment] = seq

    def sort(self) -> list[tuple[Place, Place]]:
        """Sort by (segment, seq), unless each segment is in order already; return the pairs with the same number.

        The later one of a pair is left out.
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
    """Which frames of a file have events of which segment. All methods raise TraceError."""

    def __init__(self, file: SessionFile) -> None:
        self._file = file
        self._segments = {frame: self._segments_in(block) for frame, block in file.blocks()}
        self.segments = set().union(*self._segments.values())
        """The segments that have events."""

    def events(self, segment: int) -> Iterator[Event]:
        """Yield the events of one segment in order of ``seq``."""
        last = 0
        frames = [frame for frame, segments in self._segments.items() if segment in segments]
        with naming(self._file.path):
            for frame, block in self._file.blocks(frames):
                expected = self._segments[frame]
                lines = block.split(b"\n")
                del lines[-1]
                for event in decode_events(lines):
                    if event["segment"] != segment:
                        if event["segment"] not in expected:
                            raise TraceError("a line is not an event (it has two segments)", hint=_HINT)
                        continue
                    seq = event["seq"]
                    if seq <= last:
                        raise TraceError(
                            f"segment {segment}, seq {seq} follows seq {last}",
                            hint="lightleak export and then import put a trace in order",
                        )
                    last = seq
                    yield event

    def _segments_in(self, body: bytes) -> set[int]:
        try:
            return _single_segment(body) or {key.segment for key in _KEYS.decode_lines(body)}
        except _UNREADABLE as problem:
            raise self._not_an_event(repr(problem)) from problem

    def _not_an_event(self, problem: str) -> TraceError:
        return TraceError(f"{self._file.path} has a line that is not an event ({problem})", hint=_HINT)


def _single_segment(body: bytes) -> set[int]:
    """Return the segment of lines that all have the same one, with a single search; empty when it is not certain.

    The keys could also be deeper in a line: decoding the lines finds that.
    """
    first = _KEYS.decode(body[: body.index(b"\n")]).segment
    return {first} if body.count(b'"segment":%d,"seq":' % first) == body.count(b"\n") else set()
