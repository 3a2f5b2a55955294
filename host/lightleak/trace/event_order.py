"""Give the events of one file segment by segment, without holding the file in memory.

In a session file the events of a segment are in order of ``seq``; several segments are mixed in the order of arrival.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import msgspec
import numpy as np

from lightleak.errors import TraceError
from lightleak.events import Event
from lightleak.trace.clean_lines import run_of
from lightleak.trace.contradictions import agree, contradiction
from lightleak.trace.line import decode_event, decode_events
from lightleak.trace.pieces import pieces
from lightleak.trace.session_file import SessionFile, naming

_BLANK = b" \t\r"
"""What JSON takes as space within a line."""


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
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_HINT = "lightleak verify says what is wrong with it"

GROUP_BYTES = 32 << 20
"""Lines that are held in memory at a time: as many segments as fit are read in one pass over their frames."""


_LINES_AT_ONCE = 256
"""Lines that are decoded before the first of them is read, where segments are mixed."""


class _SegmentFrames(NamedTuple):
    """Where one segment's lines are."""

    frames: list[int]
    """Numbers of frames, from 0."""
    size_bytes: list[int]
    """Of its lines in all frames: one number, in a list so that it can grow."""


@dataclass(slots=True)
class _Latest:
    """The latest event of a segment."""

    seq: int = 0
    event: Event | None = None
    line: bytes = b""
    """The same where only its line was kept."""

    def agrees(self, event: Event) -> bool:
        return agree(event, self.event if self.event is not None else decode_event(self.line))


class FileOrder:
    """The events of a file by segment. A frame is read once for each group of segments that has events in it.

    Segments are grouped in the order of their numbers, as many as fit into ``group_bytes``; a larger one is a group of its own.
    So a file with any number of short segments is read once. All methods raise TraceError.
    """

    def __init__(self, file: SessionFile, group_bytes: int = GROUP_BYTES) -> None:
        self._file = file
        self._group_bytes = group_bytes
        self._segments: dict[int, _SegmentFrames] = {}
        self._only: list[int] = [0] * len(file.frames)
        """Number of a frame → the segment of all its events; 0 when there are several, or it is not certain."""
        numbers = {frame.offset: number for number, frame in enumerate(file.frames)}
        for frame, block in file.blocks():
            number = numbers[frame.offset]
            self._only[number] = only = _single_segment(block)
            for segment, size in ({only: len(block)} if only else self._sizes_in(block)).items():
                found = self._segments.setdefault(segment, _SegmentFrames([], [0]))
                found.frames.append(number)
                found.size_bytes[0] += size

    def events(self, odd: Counter[str] | None = None) -> Iterator[Event]:
        """Return the events sorted by (segment, seq). odd: counts values that are read as absent, by key."""
        # One iterator for each piece, and none of Python's for an event: a chain of generators costs a third of the decoding.
        return chain.from_iterable(self._runs(Counter() if odd is None else odd))

    def _runs(self, odd: Counter[str]) -> Iterator[Iterable[Event]]:
        with naming(self._file.path):
            for group in self._groups():
                if len(group) == 1:
                    yield from self._decoded(group[0], (lines for _, lines in self._lines(group)), odd)
                    continue
                held: dict[int, list[list[bytes]]] = {segment: [] for segment in group}
                for segment, lines in self._lines(group):
                    held[segment].append(lines)
                for segment in group:
                    yield from self._decoded(segment, held.pop(segment), odd)

    def _groups(self) -> Iterator[list[int]]:
        group: list[int] = []
        size = 0
        for segment in sorted(self._segments):
            (more,) = self._segments[segment].size_bytes
            if group and size + more > self._group_bytes:
                yield group
                group, size = [], 0
            group.append(segment)
            size += more
        if group:
            yield group

    def _lines(self, group: Collection[int]) -> Iterator[tuple[int, list[bytes]]]:
        """Yield the lines of a group's segments, each time some of one segment: not more than decode well at once."""
        wanted = set(group)
        numbers = sorted({number for segment in group for number in self._segments[segment].frames})
        # Each of these frames has events, and so a block.
        blocks = self._file.blocks([self._file.frames[number] for number in numbers])
        for number, (_, block) in zip(numbers, blocks, strict=True):
            if only := self._only[number]:
                for piece in pieces(block, 0, len(block)):
                    lines = piece.split(b"\n")
                    del lines[-1]
                    yield only, lines
                continue
            for segment, lines in self._by_segment(block).items():
                for at in range(0, len(lines) if segment in wanted else 0, _LINES_AT_ONCE):
                    yield segment, lines[at : at + _LINES_AT_ONCE]

    def _by_segment(self, block: bytes) -> dict[int, list[bytes]]:
        lines = _filled(block.split(b"\n")[:-1])
        keys = self._keys_in(block)
        if len(keys) != len(lines):
            # An event that is broken over two lines: what reads many lines at once takes it, and nothing else does.
            raise TraceError("a line is not an event (it is broken over two)", hint=_HINT)
        found: dict[int, list[bytes]] = {}
        for key, line in zip(keys, lines, strict=True):
            found.setdefault(key.segment, []).append(line)
        return found

    def _decoded(self, segment: int, several: Iterable[list[bytes]], odd: Counter[str]) -> Iterator[Iterable[Event]]:
        latest = _Latest()
        for lines in several:
            run = run_of(lines)
            if run is not None and run.segment == segment and run.first > latest.seq:
                latest.seq, latest.event, latest.line = run.last, None, lines[-1]
                yield map(Event, run.events)
            else:
                yield self._one_by_one(segment, lines, latest, odd)

    def _one_by_one(self, segment: int, lines: list[bytes], latest: _Latest, odd: Counter[str]) -> Iterator[Event]:
        with naming(self._file.path):
            for event in decode_events(_filled(lines), odd):
                if event["segment"] != segment:
                    raise TraceError("a line is not an event (it has two segments)", hint=_HINT)
                seq = event["seq"]
                if seq == latest.seq and (latest.event is not None or latest.line):
                    if not latest.agrees(event):
                        raise contradiction(self._file.path, self._file.path, segment, seq)
                    continue
                if seq <= latest.seq:
                    raise TraceError(
                        f"segment {segment}, seq {seq} follows seq {latest.seq}",
                        hint="lightleak export and then import put a trace in order",
                    )
                latest.seq, latest.event = seq, event
                yield event

    def _sizes_in(self, block: bytes) -> dict[int, int]:
        sizes: dict[int, int] = {}
        for key, line in zip(self._keys_in(block), block.split(b"\n"), strict=False):
            sizes[key.segment] = sizes.get(key.segment, 0) + len(line) + 1
        return sizes

    def _keys_in(self, block: bytes) -> list[_SegmentKey]:
        try:
            return _KEYS.decode_lines(block)
        except _UNREADABLE as problem:
            raise TraceError(
                f"{self._file.path} has a line that is not an event ({problem!r})", hint=_HINT
            ) from problem


def _filled(lines: list[bytes]) -> list[bytes]:
    """Return the lines without those of nothing: they are no events, and the decoder of many lines passes them over, too."""
    if b"" in lines or any(line.isspace() for line in lines):
        return [line for line in lines if line.strip(_BLANK)]
    return lines


def _single_segment(block: bytes) -> int:
    """Return the segment of lines that all have the same one, with a single search; 0 when it is not certain.

    The keys could also be deeper in a line: decoding the lines finds that.
    """
    try:
        first = _KEYS.decode(block[: block.index(b"\n")]).segment
    except _UNREADABLE:
        return 0
    return first if block.count(b'"segment":%d,"seq":' % first) == block.count(b"\n") else 0
