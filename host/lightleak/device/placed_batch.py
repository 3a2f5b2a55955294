"""A batch whose events are lines of the file already: the agent placed them where the host last said that it puts events.

Its first item is ``[segment, shift, since, count]``: ``seq`` is the transport number plus ``shift``, and every event that is
named has a number of at least ``since``. The sequencer knows whether that is still where the host puts them. Where it is not,
``decoded`` takes the place out again and gives the batch as an agent without a place would have sent it.

Separate because the decoding of messages must not know the recorder's rules of numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
import numpy as np

from lightleak.event_head import Head, HeadRun
from lightleak.events import NS_PER_S
from lightleak.trace.joined_lines import JoinedLines, line_count

_FRAME = re.compile(rb"\[\[(\d{1,15}),(-?\d{1,15}),(\d{1,15}),(\d{1,6})\],")
_BETWEEN = b'},{"kind":"'
_HALF_A_PAIR = re.compile(rb"\\u[dD]")
_DECODE_HEADS = msgspec.json.Decoder(Head).decode_lines
_NS_MAX = 2**33 * NS_PER_S
_BYTES_MAX = 1 << 20
"""A larger batch can have a line that is too long for the file."""


class Placement(NamedTuple):
    """Where the events of a batch are in the file."""

    segment: int
    shift: int
    """``seq`` minus the transport number."""
    since: int
    """The first transport number with this shift."""


class LyingFrameError(ValueError):
    """The events of a batch are not what its frame says."""


@dataclass(slots=True)
class Lines:
    """Lines of the file and their heads."""

    lines: JoinedLines
    run: HeadRun


@dataclass(frozen=True, slots=True)
class PlacedBatch:
    """A batch with its place, as it came: of its events nothing is checked before ``lines`` or ``decoded``."""

    agent: str
    first: int
    place: Placement
    count: int
    items: bytes
    """The events, joined by commas."""

    def lines(self) -> Lines | None:
        """Return the lines when each is an ordinary event where the frame says, and its head says all that is needed."""
        if len(self.items) > _BYTES_MAX or b"\n" in self.items or not _is_text(self.items):
            return None
        # Between two tokens of one JSON value there is never a } directly before a {: each newline is between two events.
        text = self.items.replace(_BETWEEN, b'}\n{"kind":"')
        if line_count(text) != self.count:
            return None
        try:
            run = HeadRun.of(_DECODE_HEADS(text))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError):
            return None
        return Lines(JoinedLines(text, self.count), run) if self._fits(run) else None

    def decoded(self) -> list[Any]:
        """Return the events without their place, as they are on the wire. Raises: LyingFrameError."""
        try:
            placed: list[Any] = msgspec.json.decode(b"[" + self.items + b"]", type=list[Any])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
            raise LyingFrameError(str(problem)) from problem
        if len(placed) != self.count:
            raise LyingFrameError(f"{len(placed)} events instead of {self.count}")
        return [self._unplace(event, self.first + n + self.place.shift) for n, event in enumerate(placed)]

    def _fits(self, run: HeadRun) -> bool:
        first = self.first + self.place.shift
        lowest, end = self.place.since + self.place.shift, first + self.count
        if not np.array_equal(run.seqs, np.arange(first, end)) or not run.is_in(self.place.segment):
            return False
        named = run.names
        if named and not lowest <= min(named) <= max(named) < end:
            return False
        return bool(run.walls.min() >= 0 <= run.monos.min() and run.walls.max() < _NS_MAX > run.monos.max())

    def _unplace(self, event: Any, seq: int) -> Any:
        if type(event) is not dict:
            return event
        if event.get("segment") != self.place.segment or event.get("seq") != seq:
            raise LyingFrameError(f"event {seq} has another number")
        wire = {"kind": event.get("kind"), "at": _at(event.get("wall_ns"), event.get("mono_ns")), **event}
        for key in ("segment", "seq", "wall_ns", "mono_ns"):
            wire.pop(key, None)
        for key in ("cause", "of", "resumed_by"):
            if type(wire.get(key)) is int:
                wire[key] -= self.place.shift
        return wire


def read_placed(agent: str, first: int, data: bytes) -> PlacedBatch | None:
    """Return the batch in a message's bytes when it has a place; None when it has none. Raises: LyingFrameError."""
    if not data.startswith(b"[["):
        return None
    frame = _FRAME.match(data)
    if frame is None or not data.endswith(b"]"):
        raise LyingFrameError("its frame is cut")
    segment, shift, since, count = map(int, frame.groups())
    if not count:
        raise LyingFrameError("it has no events")
    return PlacedBatch(agent, first, Placement(segment, shift, since), count, data[frame.end() : -1])


def _is_text(items: bytes) -> bool:
    """Return whether text is UTF-8 and will be the same when it is decoded and encoded again."""
    if b"\\" in items and _HALF_A_PAIR.search(items):
        return False
    try:
        return items.isascii() or bool(items.decode())
    except UnicodeDecodeError:
        return False


def _at(wall_ns: Any, mono_ns: Any) -> list[int] | None:
    if type(wall_ns) is not int or type(mono_ns) is not int:
        return None
    return [*divmod(wall_ns, NS_PER_S), *divmod(mono_ns, NS_PER_S)]
