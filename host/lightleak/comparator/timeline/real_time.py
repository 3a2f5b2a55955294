"""One axis of real time for all segments of an app: the clock that never steps, across restarts of the device.

Separate because that clock starts again with the device, which is a question of its own: where are two of its readings one
time? Within one run of the device, readings are compared as they are. Between two runs, only the wall clock says how far
they are apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from lightleak.arrays import Ints
from lightleak.comparator.timeline.segments import RecordedSegment
from lightleak.comparator.timeline.session_set import SessionSet
from lightleak.coverage import clock_was_set


class _Moment(NamedTuple):
    """An event by both clocks, ns."""

    wall: int
    mono: int

    def agrees_with(self, other: _Moment) -> bool:
        """Return whether both clocks went equally far to another event: one run of the device, and no clock was set."""
        return not clock_was_set(other.wall - self.wall, other.mono - self.mono)


@dataclass(slots=True)
class _Placed:
    """A segment that has its place: its first and last moment, and what turns its clock into real time."""

    first: _Moment
    last: _Moment
    shift: int

    @property
    def end(self) -> int:
        return self.last.mono + self.shift


class RealTime:
    """For each segment, by how much its clock that never steps is behind the axis."""

    def __init__(self, sessions: SessionSet, shifts: dict[tuple[int, int], int]) -> None:
        self._sessions = sessions
        self._shifts = shifts

    @classmethod
    def of(cls, sessions: SessionSet, segments: list[RecordedSegment]) -> RealTime:
        """Place the watched segments of one app, in the order of sessions and numbers."""
        shifts: dict[tuple[int, int], int] = {}
        before: list[_Placed] = []
        furthest: _Placed | None = None
        session = 0
        for segment in segments:
            if not segment.stretches:
                continue
            first = _moment(sessions, segment, segment.stretches[0][0])
            last = _moment(sessions, segment, segment.stretches[-1][1])
            if segment.session != session or furthest is None:
                session, shift = segment.session, _shift_of_session(before, first)
                furthest = None
            else:
                shift = _shift_after(before[-1], furthest, first)
            placed = _Placed(first, last, shift)
            before.append(placed)
            furthest = placed if furthest is None or placed.end > furthest.end else furthest
            shifts[segment.session, segment.number] = shift
        return cls(sessions, shifts)

    def span(self, segment: RecordedSegment, first: int, last: int) -> tuple[int, int]:
        """Return the time between a watched segment's events at two positions of its columns; ns on the axis."""
        mono_ns, shift = self._columns_mono(segment), self._shifts[segment.session, segment.number]
        return int(mono_ns[first]) + shift, int(mono_ns[last]) + shift

    def losses(self, segments: Iterable[RecordedSegment]) -> Iterator[tuple[int, int]]:
        """Yield when events of watched segments are missing; ns on the axis."""
        for segment in segments:
            shift = self._shifts.get((segment.session, segment.number))
            if shift is not None:
                for loss in segment.losses:
                    yield loss.mono_ns + shift, loss.mono_ns + loss.lasted_ns + shift

    def _columns_mono(self, segment: RecordedSegment) -> Ints:
        return self._sessions.loaded[segment.session - 1].columns.mono_ns


def _moment(sessions: SessionSet, segment: RecordedSegment, at: int) -> _Moment:
    columns = sessions.loaded[segment.session - 1].columns
    return _Moment(int(columns.wall_ns[at]), int(columns.mono_ns[at]))


def _shift_of_session(before: list[_Placed], first: _Moment) -> int:
    """Return the shift of a session's first segment: that of an earlier session of the same run of the device, else behind all."""
    for placed in before:
        if placed.first.agrees_with(first) or placed.last.agrees_with(first):
            return placed.shift
    return max((placed.end for placed in before), default=first.mono) - first.mono


def _shift_after(before: _Placed, furthest: _Placed, first: _Moment) -> int:
    """Return the shift of a segment that follows others in its session."""
    if before.last.agrees_with(first):
        return before.shift
    apart_ns = first.wall - furthest.last.wall
    # The device cannot have started after the segment before and run for longer than the time between the two.
    has_restarted = first.mono < before.first.mono or apart_ns >= first.mono
    return furthest.end + max(apart_ns, 0) - first.mono if has_restarted else before.shift
