"""When an app was watched: the one model that coverage, hours, shares, probes, sleep, losses and doubts come from.

Reports show wall times, so what was covered is intervals of the wall clock. It is cut where that clock was set: wall time that
a step skipped, or that comes after the process's end, is in none. How long an app was watched is measured by the clock that
never steps. The definition of coverage is that of ``lightleak.coverage``, in columns; gaps that touch are one here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lightleak.arrays import AnyInts, Bools, Intervals
from lightleak.comparator.columns.decode import EventFields
from lightleak.comparator.timeline.probes import (
    ProbeAbsence,
    absent_between,
    is_installed,
    marks_of,
    misses_nothing,
)
from lightleak.comparator.timeline.real_time import RealTime
from lightleak.comparator.timeline.segments import RecordedSegment
from lightleak.comparator.timeline.session_set import SessionSet
from lightleak.coverage import CLOCK_SET

NEVER_NS = (1 << 63) - 1
"""Where a doubt has no end."""


class WatchedTime:
    """When the processes of one app were watched, over all their segments.

    What is not seen counts only where every process that ran was watched: a loss in one of them is time that was not watched.
    What was seen was seen: ``saw`` asks the event's own process only.
    """

    def __init__(self, sessions: SessionSet, segments: list[RecordedSegment]) -> None:
        self._sessions = sessions
        self._segments = segments
        self._losses: dict[tuple[int, int], Intervals] = {}
        self.lost = Intervals.union(span for s in segments for loss in s.losses for span in loss.spans())
        """Where on the wall clock events are missing."""
        self.covered = Intervals.union(pair for s in segments for pair in s.covered.pairs()).minus(self.lost)
        """When the app was watched; wall clock."""
        asleep = Intervals.union(pair for s in segments for pair in s.suspended)
        self.suspended = asleep.minus(Intervals.union(_awake(segments))) if len(segments) > 1 else asleep
        """When none of its processes ran, as far as that was seen; wall clock. For drawing: a lag has its own process's sleep."""
        self.doubts = [doubt for doubt in sessions.doubts if doubt.session in {s.session for s in segments}]
        """Where the files of its sessions are damaged, cut or unfinished, so that any event can be missing."""

    @cached_property
    def doubtful(self) -> Intervals:
        """When events can be missing without a count, wall clock; to ``NEVER_NS`` where that has no end."""
        return Intervals.union((one.from_ns, NEVER_NS if one.to_ns is None else one.to_ns) for one in self.doubts)

    @cached_property
    def _real(self) -> RealTime:
        return RealTime.of(self._sessions, self._segments)

    @cached_property
    def _real_covered(self) -> Intervals:
        whole = Intervals.union(self._real.span(segment, *ends) for segment, ends in self._whole())
        return whole.minus(Intervals.union(self._real.losses(self._segments)))

    @property
    def duration_ns(self) -> int:
        """For how long the app was watched, by the clock that never steps; time watched twice counts once."""
        return self._real_covered.length

    @cached_property
    def share(self) -> float:
        """How much of the time from the first to the last look at the app, in each session, was watched; 0 to 1."""
        looks: dict[int, list[tuple[int, int]]] = {}
        for segment, ends in self._whole():
            looks.setdefault(segment.session, []).append(self._real.span(segment, *ends))
        whole = Intervals.union((min(a for a, _ in spans), max(b for _, b in spans)) for spans in looks.values())
        return self.duration_ns / whole.length if whole.length else float(bool(looks))

    def duration_between(self, segment: RecordedSegment, first: int, last: int) -> int:
        """Return for how long a segment was watched between its events at two positions, by the clock that never steps."""
        return self.duration_of(segment, [(first, last)])

    def duration_of(self, segment: RecordedSegment, spans: Iterable[tuple[int, int]]) -> int:
        """Return the same for several pairs of positions together."""
        return self._real_between(segment, spans).length

    def _real_between(self, segment: RecordedSegment, spans: Iterable[tuple[int, int]]) -> Intervals:
        """Return when a segment was watched between its events at pairs of positions; ns on the axis of real time."""
        whole = Intervals.union(
            self._real.span(segment, max(start, first), min(stop, last))
            for start, stop in _ends(segment)
            for first, last in spans
            if max(start, first) < min(stop, last)
        )
        return whole.minus(self._lost_in(segment))

    def saw(self, positions: AnyInts) -> Bools:
        """Return for each event whether its own process was covered then, and no event of that process is missing there."""
        found = np.zeros(len(positions), bool)
        for segment, mine in self._sessions.in_segments(self._segments, positions):
            places = positions[mine] - self._sessions.loaded[segment.session - 1].offset
            for start, stop in _ends(segment):
                found[mine] = (places >= start) & (places <= stop)
        return found

    # Probes ----------------------------------------------------------------------------------------------------------

    def in_place(self, probe: str) -> Bools:
        """Return for each event of all sessions whether a probe was installed in its process then; shape (all events,)."""
        found = np.zeros(len(self._sessions.level), bool)
        for segment in self._segments:
            offset = self._sessions.loaded[segment.session - 1].offset
            for start, stop in segment.installed(probe):
                found[offset + start : offset + stop] = True
        return found

    def without(self, probe: str) -> Intervals:
        """Return when a process was watched in which a probe was not installed; wall clock, without what a step skipped."""
        return Intervals.union(
            (int(wall_ns[start]), int(wall_ns[stop]))
            for segment in self._segments
            for wall_ns in [self._sessions.loaded[segment.session - 1].columns.wall_ns]
            for ends in _ends(segment)
            for start, stop in _clipped(
                segment,
                absent_between(segment.hook_marks.get(probe, []), *ends, is_required=True, is_in_place=is_installed),
            )
        )

    def absences(
        self,
        segment: RecordedSegment,
        is_wanted: Callable[[str, EventFields], bool] = lambda *_: False,
        required: Collection[str] = (),
    ) -> Iterator[ProbeAbsence]:
        """Yield when probes missed something while the segment was watched: those that are wanted, and those required.

        A required probe without a ``hook`` event was never in place; of others, what comes before the first such event is
        not missed. What the process does not have cannot be missed.
        """
        wall_ns = self._sessions.loaded[segment.session - 1].columns.wall_ns
        for start, stop in _ends(segment):
            for (probe, by_symbol), marks in marks_of(segment, is_wanted, required).items():
                named = next((str(row.symbol) for _, row in reversed(marks) if row.symbol), probe)
                is_required = probe in required and by_symbol is None
                pieces = list(absent_between(marks, start, stop, is_required=is_required, is_in_place=misses_nothing))
                is_whole = not any(misses_nothing(row) and at <= stop for at, row in marks)
                lasted = self._real_between(segment, pieces)
                if is_whole or lasted.length:
                    spans = [(int(wall_ns[[at, to]].min()), int(wall_ns[[at, to]].max())) for at, to in pieces]
                    yield ProbeAbsence(probe, named, lasted, spans, is_whole)

    def _whole(self) -> Iterator[tuple[RecordedSegment, tuple[int, int]]]:
        return ((segment, ends) for segment in self._segments for ends in _ends(segment))

    def _lost_in(self, segment: RecordedSegment) -> Intervals:
        key = segment.session, segment.number
        if key not in self._losses:
            self._losses[key] = Intervals.union(self._real.losses([segment]))
        return self._losses[key]


def _ends(segment: RecordedSegment) -> list[tuple[int, int]]:
    """Return the positions of the first and the last event of the time in which a segment was watched, if it was."""
    return [(segment.stretches[0][0], segment.stretches[-1][1])] if segment.stretches else []


def _clipped(segment: RecordedSegment, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield what of some spans of positions a segment was watched, cut where the clock was set."""
    for first, last in spans:
        for start, stop in segment.stretches:
            if max(start, first) < min(stop, last):
                yield max(start, first), min(stop, last)


def _awake(segments: list[RecordedSegment]) -> list[tuple[int, int]]:
    """Return when some process was covered and running."""
    return [pair for s in segments for pair in s.covered.minus(Intervals.union(s.suspended)).pairs()]


@dataclass(frozen=True, slots=True)
class CoverageGap:
    """An uncovered interval between two coverages of one identifier, within one session; ns."""

    from_ns: int
    to_ns: int
    identifier: str
    reason: str


def gaps_of(segments: list[RecordedSegment]) -> Iterator[CoverageGap]:
    """Yield the gaps of one session, by identifier and time. What a step of the wall clock skipped is one, too."""
    by_identifier: dict[str, list[RecordedSegment]] = {}
    for segment in segments:
        if segment.identifier:
            by_identifier.setdefault(segment.identifier, []).append(segment)
    for identifier, mine in sorted(by_identifier.items()):
        losses = [loss for s in mine for loss in s.losses]
        lost = {start: loss.reason for loss in losses for start, _ in loss.spans()}
        ended = {s.ends_ns[1]: s.end_reason for s in mine if s.ends_ns}
        sets = {edge for s in mine for pair in s.covered.pairs() for edge in pair if edge not in (s.ends_ns or ())}
        covered = Intervals.union(pair for s in mine for pair in s.covered.pairs()).minus(
            Intervals.union(span for loss in losses for span in loss.spans())
        )
        for stop, start in zip(covered.stop[:-1].tolist(), covered.start[1:].tolist(), strict=True):
            set_reason = CLOCK_SET if start in sets or stop in sets else None
            reason = lost.get(stop) or set_reason or ended.get(stop) or "not watched"
            yield CoverageGap(stop, start, identifier, reason)
