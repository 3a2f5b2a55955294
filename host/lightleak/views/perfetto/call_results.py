"""The results of calls, and the acts of origins, read ahead: a slice needs its end, and an origin its arrows, when it begins."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from typing import Any

import msgspec

from lightleak.errors import TraceError


class _Result(msgspec.Struct, gc=False):
    kind: str
    segment: int
    seq: int
    mono_ns: int
    of: Any = None
    duration_ns: Any = None
    reason: Any = None
    cause: Any = None


class _Table:
    """Call → number, 16 bytes each; sorted by call at the first query."""

    def __init__(self) -> None:
        self._calls, self._numbers = array("q"), array("q")
        self._sorted = True

    def add(self, call: int, number: int) -> None:
        self._sorted = self._sorted and (not self._calls or self._calls[-1] <= call)
        self._calls.append(call)
        self._numbers.append(number)

    def largest(self, call: int) -> int | None:
        return max(self.first(call, len(self._calls)), default=None)

    def first(self, call: int, most: int) -> list[int]:
        """Return at most so many numbers of a call, in the order in which they were added."""
        self._sort()
        at = bisect_left(self._calls, call)
        found: list[int] = []
        while at < len(self._calls) and self._calls[at] == call and len(found) < most:
            found.append(self._numbers[at])
            at += 1
        return found

    def _sort(self) -> None:
        if not self._sorted:
            order = sorted(range(len(self._calls)), key=self._calls.__getitem__)
            self._numbers = array("q", (self._numbers[at] for at in order))
            self._calls = array("q", (self._calls[at] for at in order))
            self._sorted = True


class Results:
    """How long each call took, when its last delivery came, and which acts name an event as their cause. Raises: TraceError when the session is damaged."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._durations: dict[int, _Table] = {}
        self._deliveries: dict[int, _Table] = {}
        self._acts: dict[int, _Table] = {}
        decoder = msgspec.json.Decoder(_Result)
        try:
            for block in blocks:
                for row in decoder.decode_lines(block):
                    self._read(row)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
            raise TraceError(
                f"a line is not an event ({problem})", hint="lightleak verify says what is wrong with the file"
            ) from problem

    def duration_ns(self, segment: int, call: int) -> int | None:
        """Return how long a call took; None when its return was not seen."""
        table = self._durations.get(segment)
        return table.largest(call) if table else None

    def delivered_ns(self, segment: int, call: int) -> int | None:
        """Return the device's monotonic clock at a call's last delivery; None without one."""
        table = self._deliveries.get(segment)
        return table.largest(call) if table else None

    def acts_of(self, segment: int, origin: int, most: int) -> list[int]:
        """Return the ``seq`` of at most so many acts that name an event as their cause."""
        table = self._acts.get(segment)
        return table.first(origin, most) if table else []

    def _read(self, row: _Result) -> None:
        if row.cause.__class__ is int and 0 < row.cause < row.seq < 2**62:
            self._acts.setdefault(row.segment, _Table()).add(row.cause, row.seq)
        if row.of.__class__ is not int or not 0 < row.of < 2**62:
            return
        if row.kind == "return" and row.duration_ns.__class__ is int and 0 <= row.duration_ns < 2**62:
            self._durations.setdefault(row.segment, _Table()).add(row.of, row.duration_ns)
        elif row.kind == "delivery" and row.reason is None and -(2**62) < row.mono_ns < 2**62:
            self._deliveries.setdefault(row.segment, _Table()).add(row.of, row.mono_ns)
