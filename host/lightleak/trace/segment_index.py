"""Where in a file each segment's lines are: found by one search in most stretches, and by decoding where several segments are mixed.

Separate because ``file_order`` is what is read by it.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from lightleak.errors import TraceError
from lightleak.trace.line import DAMAGED
from lightleak.trace.read_ahead import Stretch


class _SegmentKey(msgspec.Struct, gc=False):
    segment: int


_KEYS = msgspec.json.Decoder(_SegmentKey)
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_BLANK = b" \t\r"
"""What JSON takes as space within a line."""


class SegmentPlaces(NamedTuple):
    """Where one segment's lines are."""

    stretches: list[int]
    """Their numbers, from 0."""
    size_bytes: list[int]
    """Of its lines in all of them: one number, in a list so that it can grow."""


class SegmentIndex:
    """Segment → its places; the stretches are added in the order of the file."""

    def __init__(self) -> None:
        self.segments: dict[int, SegmentPlaces] = {}
        self.only: list[int | None] = []
        """Number of a stretch → the segment of all its events; None when there are several, or it is not certain."""
        self.lowest = 1 << 63

    def add(self, stretch: Stretch) -> int | None:
        """Add the next stretch; return the segment of all its events, None when there are several. Raises: TraceError."""
        number = len(self.only)
        only = stretch.run.segment if stretch.run is not None else _single_segment(stretch)
        self.only.append(only)
        size = stretch.lines.end - stretch.lines.start
        for segment, more in ({only: size} if only is not None else _sizes_in(stretch.lines.all())).items():
            self.lowest = min(self.lowest, segment)
            found = self.segments.setdefault(segment, SegmentPlaces([], [0]))
            found.stretches.append(number)
            found.size_bytes[0] += more
        return only


def by_segment(block: bytes) -> dict[int, list[bytes]]:
    """Return the lines of each segment. Raises: TraceError."""
    lines = filled(block.split(b"\n")[:-1])
    keys = _keys_in(block)
    if len(keys) != len(lines):
        # An event that is broken over two lines: what reads many lines at once takes it, and nothing else does.
        raise TraceError("a line is not an event (it is broken over two)", hint=DAMAGED)
    found: dict[int, list[bytes]] = {}
    for key, line in zip(keys, lines, strict=True):
        found.setdefault(key.segment, []).append(line)
    return found


def filled(lines: list[bytes]) -> list[bytes]:
    """Return the lines without those of nothing: they are no events, and the decoder of many lines passes them over, too."""
    return [line for line in lines if line.strip(_BLANK)]


def _sizes_in(block: bytes) -> dict[int, int]:
    sizes: dict[int, int] = {}
    for key, line in zip(_keys_in(block), block.split(b"\n"), strict=False):
        sizes[key.segment] = sizes.get(key.segment, 0) + len(line) + 1
    return sizes


def _keys_in(block: bytes) -> list[_SegmentKey]:
    try:
        return _KEYS.decode_lines(block)
    except _UNREADABLE as problem:
        raise TraceError(f"a line is not an event ({problem!r})", hint=DAMAGED) from problem


def _single_segment(stretch: Stretch) -> int | None:
    """Return the segment of lines that all have the same one, with a single search; None when it is not certain.

    The keys could also be deeper in a line: decoding the lines finds that.
    """
    block = stretch.lines.all()
    try:
        first = _KEYS.decode(block[: block.index(b"\n")]).segment
    except (*_UNREADABLE, ValueError):
        return None
    return first if block.count(b'"segment":%d,"seq":' % first) == block.count(b"\n") else None
