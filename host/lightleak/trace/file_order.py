"""Give the events of one file segment by segment, without holding the file in memory.

In a session file the events of a segment are in order of ``seq``; several segments are mixed in the order of arrival.

A file is unpacked once where that is enough: while its segments are found, the events of segment 1 are given, for no other
comes before them, and other lines are kept as far as memory is meant for them. Other segments of a larger file are unpacked
again: what comes first is known only when the whole file was seen.

Separate because ``session`` is the recording of several files, and this the order in one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from typing import Any

import msgspec

from lightleak.errors import TraceError
from lightleak.events import Event
from lightleak.trace.clean_lines import run_of
from lightleak.trace.contradictions import agree, contradiction
from lightleak.trace.line import DAMAGED, decode_events
from lightleak.trace.pieces import LineRange
from lightleak.trace.read_ahead import Stretch, read_stretches
from lightleak.trace.schema import UNREADABLE
from lightleak.trace.segment_index import SegmentIndex, by_segment, filled
from lightleak.trace.session_file import SessionFile, naming

GROUP_BYTES = 32 << 20
"""Lines that are held in memory at a time: as many segments as fit are read in one pass over their stretches."""

_FIRST = 1
"""The lowest segment that a recorder writes."""

_SEEN_BYTES = 1 << 20
"""Lines that are looked at before the first event is given: in a short file a segment below 1 has its place, too."""

_decode = msgspec.json.Decoder(dict[str, Any]).decode_lines


@dataclass(slots=True)
class _Latest:
    """The latest event of a segment."""

    seq: int = 0
    event: Event | dict[str, Any] | None = None

    def agrees(self, event: Event) -> bool:
        before = self.event
        return before is not None and agree(event, before if isinstance(before, Event) else Event(before))


class FileOrder:
    """The events of a file by segment.

    Segments are grouped in the order of their numbers, as many as fit into ``group_bytes``; a larger one is a group of its own.
    So a file with any number of short segments is read once more at most. Half as much again is kept while the segments are found.
    """

    def __init__(self, file: SessionFile, group_bytes: int = GROUP_BYTES, *, is_alone: bool = True) -> None:
        """Create it. is_alone: no other file is read at the same time, so that a second process may help."""
        self._file = file
        self._group_bytes = group_bytes
        self._is_alone = is_alone
        self._index: SegmentIndex | None = None

    def events(self, odd: Counter[str] | None = None) -> Iterator[Event]:
        """Return the events sorted by (segment, seq). odd: counts values that are read as absent, by key. Raises: TraceError."""
        # One iterator for each piece, and none of Python's for an event: a chain of generators costs a third of the decoding.
        return chain.from_iterable(self._runs(Counter() if odd is None else odd))

    def _runs(self, odd: Counter[str]) -> Iterator[Iterable[Event]]:
        with naming(self._file.path):
            index, kept, given = self._index, dict[int, Stretch](), False
            if index is None:
                index = SegmentIndex()
                given = yield from self._first_pass(index, kept, odd)
                self._index = index
            for group in self._groups(index, {_FIRST} if given else ()):
                if len(group) == 1:
                    yield from self._decoded(group[0], (each for _, each in self._read(index, group, kept)), odd)
                    continue
                held: dict[int, list[Stretch]] = {segment: [] for segment in group}
                for segment, stretch in self._read(index, group, kept):
                    held[segment].append(stretch.kept())
                for segment in group:
                    yield from self._decoded(segment, held.pop(segment), odd)

    def _first_pass(
        self, index: SegmentIndex, kept: dict[int, Stretch], odd: Counter[str]
    ) -> Generator[Iterable[Event], None, bool]:
        """Fill the index, and keep lines for those who read next. Yield the events of segment 1 where the file is long; return whether."""
        latest: _Latest | None = None
        seen, room = 0, self._group_bytes // 2
        enough = min(_SEEN_BYTES, room // 2)
        stretches = read_stretches(self._file, self._file.stretches, checks=True, is_helped=self._is_alone)
        with closing(stretches):
            for number, stretch in enumerate(stretches):
                only = index.add(stretch)
                if latest is not None:
                    if index.lowest < _FIRST:
                        raise TraceError("a segment has a number below 1", hint=DAMAGED)
                    yield from self._decoded(_FIRST, _lines_of(_FIRST, only, stretch), odd, latest)
                    if only == _FIRST:
                        continue
                size = stretch.lines.end - stretch.lines.start
                seen += size
                if size <= room:
                    kept[number] = stretch.kept()
                    room -= size
                if latest is None and seen >= enough and index.lowest == _FIRST and len(kept) == number + 1:
                    latest = _Latest()
                    for earlier in range(number + 1):
                        yield from self._decoded(
                            _FIRST, _lines_of(_FIRST, index.only[earlier], kept[earlier]), odd, latest
                        )
                        if index.only[earlier] == _FIRST:
                            room += kept[earlier].lines.end
                            del kept[earlier]
        return latest is not None

    def _groups(self, index: SegmentIndex, given: Collection[int]) -> Iterator[list[int]]:
        group: list[int] = []
        size = 0
        for segment in sorted(index.segments):
            if segment in given:
                continue
            (more,) = index.segments[segment].size_bytes
            if group and size + more > self._group_bytes:
                yield group
                group, size = [], 0
            group.append(segment)
            size += more
        if group:
            yield group

    def _read(
        self, index: SegmentIndex, group: Collection[int], kept: dict[int, Stretch]
    ) -> Iterator[tuple[int, Stretch]]:
        """Yield the lines of a group's segments in the order of the file, each time some of one segment."""
        wanted = set(group)
        numbers = sorted({number for segment in group for number in index.segments[segment].stretches})
        missing = [self._file.stretches[number] for number in numbers if number not in kept]
        with closing(read_stretches(self._file, missing, checks=True, is_helped=self._is_alone)) as read:
            for number in numbers:
                only = index.only[number]
                stretch = kept[number] if number in kept else next(read)
                if only is not None:
                    kept.pop(number, None)
                    yield only, stretch
                    continue
                for segment, lines in by_segment(stretch.lines.all()).items():
                    if segment in wanted:
                        yield segment, _joined(lines)

    def _decoded(
        self, segment: int, several: Iterable[Stretch], odd: Counter[str], latest: _Latest | None = None
    ) -> Iterator[Iterable[Event]]:
        latest = _Latest() if latest is None else latest
        for lines, known in several:
            is_clean = known is not None and known.follows(segment, latest.seq)
            for piece in lines.pieces():
                run = None if is_clean else run_of(piece)
                events = _events_of(piece) if is_clean or (run and run.follows(segment, latest.seq)) else None
                if events:
                    latest.seq, latest.event = events[-1]["seq"], events[-1]
                    yield map(Event, events)
                else:
                    yield self._one_by_one(segment, piece.split(b"\n")[:-1], latest, odd)

    def _one_by_one(self, segment: int, lines: list[bytes], latest: _Latest, odd: Counter[str]) -> Iterator[Event]:
        with naming(self._file.path):
            for event in decode_events(filled(lines), odd):
                if event["segment"] != segment:
                    raise TraceError("a line is not an event (it has two segments)", hint=DAMAGED)
                seq = event["seq"]
                if seq == latest.seq and latest.event is not None:
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


def _lines_of(segment: int, only: int | None, stretch: Stretch) -> Iterator[Stretch]:
    """Yield a segment's lines in a stretch, if it has any. only: the segment of all its lines, where it is one."""
    if only == segment:
        yield stretch
    elif only is None and (lines := by_segment(stretch.lines.all()).get(segment)):
        yield _joined(lines)


def _joined(lines: list[bytes]) -> Stretch:
    block = b"\n".join([*lines, b""])
    return Stretch(LineRange(block, 0, len(block)), None)


def _events_of(piece: bytes) -> list[dict[str, Any]] | None:
    try:
        return _decode(piece)
    except UNREADABLE:  # in a value that no reader asks for
        return None
