"""What an app's process used, by the app's state, and in the intervals with and without a callback.

From ``usage`` events: sums that the system keeps of the process. The difference of two that follow each other in a segment
belongs to the interval between them. Nothing is counted across missing events, nothing is counted twice, and what the system
does not tell is None, never 0. An interval cannot say which of the process's work used what: all of it is in the figure.

Separate because it is about the owner's battery and memory, and no verdict rests on it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from lightleak.arrays import Ints
from lightleak.comparator.columns.decode import SANE, EventFields
from lightleak.comparator.columns.event_columns import LADDER
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.segments import RecordedSegment
from lightleak.comparator.timeline.triggers import awake_clock
from lightleak.events import NS_PER_MS, NS_PER_S, STATES

EDGE_NS = NS_PER_S // 4
"""An interval is of a state if other states were in force for no longer: the agent measures right at a change of state."""

MIXED = "mixed"
"""The name of intervals in which more than one state was in force."""

SUMS = ("cpu_ns", "wakeups", "disk_read_bytes", "energy_nj")
"""What only rises while a process runs."""


class UsageInterval(NamedTuple):
    """What was used between two ``usage`` events that follow each other."""

    state: str
    """The app's state in force, or ``mixed``."""
    seconds: float
    """Without the time in which the process was suspended."""
    used: dict[str, int | None]
    """``SUMS`` → difference; None where one of the two has no figure, or the sum fell."""
    footprint_bytes: int | None
    """At its end."""
    footprint_change_bytes: int | None
    callbacks: int
    """Deliveries of changes in it."""


@dataclass(slots=True)
class _Usage:
    """The sum of some intervals."""

    intervals: int = 0
    seconds: float = 0.0
    used: dict[str, int | None] = field(default_factory=lambda: dict.fromkeys(SUMS))
    peak_bytes: int | None = None
    change_bytes: int | None = None
    missing: set[str] = field(default_factory=set)

    def add(self, one: UsageInterval) -> None:
        self.intervals += 1
        self.seconds += one.seconds
        for name, amount in one.used.items():
            self.used[name] = _plus(self.used[name], amount)
            if amount is None:
                self.missing.add(name)
        self.change_bytes = _plus(self.change_bytes, one.footprint_change_bytes)
        self.see(one.footprint_bytes)

    def see(self, footprint_bytes: int | None) -> None:
        if footprint_bytes is not None:
            self.peak_bytes = max(footprint_bytes, self.peak_bytes or 0)

    def figures(self) -> dict[str, Any]:
        """Return the figures by their names in the summary. partly: what was not measured in some of the intervals."""
        partly = sorted(_NAMES[name] for name in self.missing if self.used[name] is not None)
        return {
            "seconds": round(self.seconds, 3),
            "cpu_ms": _per(self.used["cpu_ns"], NS_PER_MS),
            "wakeups": self.used["wakeups"],
            "disk_read_bytes": self.used["disk_read_bytes"],
            "energy_mj": _per(self.used["energy_nj"], 10**6),
            "footprint_peak_bytes": self.peak_bytes,
            "partly": partly,
        }

    def around(self) -> dict[str, Any]:
        """Return the figures that are compared with and without callbacks."""
        return {
            "intervals": self.intervals,
            "seconds": round(self.seconds, 3),
            "cpu_ms": _per(self.used["cpu_ns"], NS_PER_MS),
            "footprint_change_bytes": self.change_bytes,
        }


_NAMES = {"cpu_ns": "cpu_ms", "wakeups": "wakeups", "disk_read_bytes": "disk_read_bytes", "energy_nj": "energy_mj"}
_ORDER = (*STATES[1:], MIXED, STATES[0])


def usage_of(timeline: AppTimeline) -> dict[str, Any] | None:
    """Return what an app's processes used: the total, by state, and around callbacks; None where nothing was measured."""
    total, by_state = _Usage(), {name: _Usage() for name in _ORDER}
    around = {name: {True: _Usage(), False: _Usage()} for name in _ORDER}
    samples, left_out_s = 0, 0.0
    for segment in timeline.segments:
        measured = SegmentUsage.of(timeline, segment)
        samples += len(measured.at)
        left_out_s += measured.left_out_s()
        for state, footprint_bytes in measured.first_footprints():
            by_state[state].see(footprint_bytes)
            total.see(footprint_bytes)
        for interval in measured.intervals():
            total.add(interval)
            by_state[interval.state].add(interval)
            around[interval.state][interval.callbacks > 0].add(interval)
    if not samples:
        return None
    return {
        "samples": samples,
        **total.figures(),
        "left_out_s": round(left_out_s, 3),
        "by_state": {
            name: one.figures() for name, one in by_state.items() if one.intervals or one.peak_bytes is not None
        },
        "around_callbacks": {
            name: {"with": parts[True].around(), "without": parts[False].around()}
            for name, parts in around.items()
            if parts[True].intervals
        },
    }


@dataclass(slots=True)
class SegmentUsage:
    """The ``usage`` events of one segment."""

    at: list[int]
    """Their places in the segment, ascending."""
    rows: list[EventFields]
    awake_ns: Ints
    """The clock of the segment's events, without the time in which the process was suspended."""
    states: list[tuple[int, int]]
    """Place in the segment → code in ``STATES`` from there on, ascending."""
    losses: list[int]
    """Places of the events before which others are missing, ascending."""
    callbacks: Ints
    """Places of the deliveries of changes, ascending."""

    @classmethod
    def of(cls, timeline: AppTimeline, segment: RecordedSegment) -> SegmentUsage:
        """Return those of a segment; a framework's own are none of them."""
        sessions = timeline.sessions
        everything = sessions.loaded[segment.session - 1].columns.rows
        start, stop = (bisect_left(everything, place, key=itemgetter(0)) for place in (segment.first, segment.stop))
        mine = [(at - segment.first, row) for at, row in everything[start:stop] if row.kind == "usage"]
        return cls(
            [at for at, _ in mine],
            [row for _, row in mine],
            awake_clock(sessions, segment),
            [(at - segment.first, code) for at, code in segment.states],
            [at - segment.first for at in segment.loss_positions],
            np.flatnonzero(sessions.level[sessions.positions(segment)] == LADDER["notification"]),
        )

    def intervals(self) -> Iterator[UsageInterval]:
        """Yield the intervals in which no event is missing, in order."""
        for number in range(1, len(self.at)):
            before, after = self.at[number - 1], self.at[number]
            if self._is_whole(before, after):
                yield self._interval(self.rows[number - 1], self.rows[number], before, after)

    def left_out_s(self) -> float:
        """Return the seconds of the intervals in which events are missing."""
        pairs = zip(self.at, self.at[1:], strict=False)
        return sum(self._seconds(*pair) for pair in pairs if not self._is_whole(*pair))

    def first_footprints(self) -> Iterator[tuple[str, int | None]]:
        """Yield the footprints that no interval ends with, each with the state in force."""
        for number, (at, row) in enumerate(zip(self.at, self.rows, strict=True)):
            if not number or not self._is_whole(self.at[number - 1], at):
                yield STATES[self._state_at(at)], figure(row.footprint_bytes)

    def _interval(self, first: EventFields, last: EventFields, before: int, after: int) -> UsageInterval:
        ends = [figure(row.footprint_bytes) for row in (first, last)]
        return UsageInterval(
            self._state(before, after),
            self._seconds(before, after),
            {name: _risen(figure(getattr(first, name)), figure(getattr(last, name))) for name in SUMS},
            ends[1],
            None if ends[0] is None or ends[1] is None else ends[1] - ends[0],
            int(np.searchsorted(self.callbacks, after) - np.searchsorted(self.callbacks, before)),
        )

    def _is_whole(self, before: int, after: int) -> bool:
        at = bisect_left(self.losses, before + 1)
        return (at == len(self.losses) or self.losses[at] > after) and self.awake_ns[after] >= self.awake_ns[before]

    def _seconds(self, before: int, after: int) -> float:
        return max(0, int(self.awake_ns[after] - self.awake_ns[before])) / NS_PER_S

    def _state(self, before: int, after: int) -> str:
        """Return the state that was in force between two places but for the edge, or mixed."""
        shares: dict[int, int] = {}
        code, since = self._state_at(before), before
        start = bisect_left(self.states, before + 1, key=itemgetter(0))
        stop = bisect_left(self.states, after + 1, key=itemgetter(0))
        for at, next_code in [*self.states[start:stop], (after, 0)]:
            shares[code] = shares.get(code, 0) + max(0, int(self.awake_ns[at] - self.awake_ns[since]))
            code, since = next_code, at
        longest = max(shares, key=lambda one: shares[one])
        return STATES[longest] if sum(shares.values()) - shares[longest] <= EDGE_NS else MIXED

    def _state_at(self, place: int) -> int:
        at = bisect_left(self.states, place + 1, key=itemgetter(0))
        return self.states[at - 1][1] if at else 0


def figure(value: Any) -> int | None:
    """Return a figure of a trace; None for what is not a number, negative or impossibly large."""
    return value if value.__class__ is int and 0 <= value < SANE else None


def _risen(before: int | None, after: int | None) -> int | None:
    return after - before if before is not None and after is not None and after >= before else None


def _plus(total: int | None, amount: int | None) -> int | None:
    return total if amount is None else amount + (total or 0)


def _per(amount: int | None, unit: int) -> float | None:
    return None if amount is None else round(amount / unit, 3)
