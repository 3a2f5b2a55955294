"""What was watched of an app, in figures: for how long, how much of the time, and how much of it the report spans."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lightleak.arrays import Bools, Intervals, Ints
from lightleak.comparator.columns.decode import EventFields
from lightleak.comparator.comparison import AppResult, Comparison
from lightleak.comparator.policy.schema import Policy
from lightleak.comparator.rules.visibility import could_see
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.segments import RecordedSegment, is_absent, is_observing, observer_id
from lightleak.events import NS_PER_S
from lightleak.trace.line import KINDS

_OFTEN_ASKED = ("hook", "observer")


@dataclass(frozen=True, slots=True)
class WatchedObserver:
    """A change observer that was found or registered."""

    position: int
    cls: str


class PolicyCoverage:
    """One app of a comparison, with what was watched of it. What that cannot carry, ``question`` says."""

    def __init__(self, comparison: Comparison, result: AppResult, policy: Policy) -> None:
        self.comparison = comparison
        self.result = result
        self.policy = policy
        self.timeline: AppTimeline = result.timeline
        self.segments = result.timeline.watched_segments
        self.session_numbers = sorted({segment.session for segment in self.segments})
        """The sessions in which the app was watched, from 1."""
        self._rows: dict[tuple[int, int], list[tuple[int, EventFields]]] = {}

    def rows(self, segment: RecordedSegment) -> list[tuple[int, EventFields]]:
        """Return the hooks, observers and events of unknown kinds of a segment, with their positions: each rule asks for them."""
        key = segment.session, segment.number
        if key not in self._rows:
            rows = self.comparison.sessions.rows(segment)
            self._rows[key] = [(at, row) for at, row in rows if row.kind in _OFTEN_ASKED or row.kind not in KINDS]
        return self._rows[key]

    @property
    def covered_s(self) -> float:
        """For how long the app was watched, by the clock that never steps, s."""
        return self.timeline.watched.duration_ns / NS_PER_S

    @property
    def hours(self) -> float:
        """For how long the app was watched, h."""
        return self.covered_s / 3600

    @property
    def lost(self) -> int:
        """How many events are known to be missing."""
        return self.timeline.lost_events

    @property
    def share(self) -> float:
        """How much of the time from the first to the last look at the app, in each session, was watched; 0 to 1."""
        return self.timeline.watched.share

    @cached_property
    def observers(self) -> list[WatchedObserver]:
        """The change observers that were seen and whose class is known, each once a segment, in the order of events."""
        found: dict[tuple[int, int, str | None, str], WatchedObserver] = {}
        for segment in self.timeline.segments:
            for position, row in self.rows(segment):
                cls = row.observer.get("class") if is_observing(row) and row.observer else None
                if isinstance(cls, str):
                    one = WatchedObserver(position, cls)
                    found.setdefault((segment.session, segment.number, observer_id(row), one.cls), one)
        return list(found.values())

    @property
    def spanned_s(self) -> float:
        """How much of the watched time is between the first and the last line of the report, without its holes, s."""
        return (self.timeline.covered.length - self.not_spanned_ns()) / NS_PER_S

    def not_spanned_ns(self, tolerance_ns: int = 0) -> int:
        """Return how much of the watched time the report says nothing about. tolerance_ns: that may be missing at each end.

        By the wall clock: a report has no other time. ``hours`` goes by the clock that never steps.
        """
        first, last = self.comparison.report.first_ns, self.comparison.report.last_ns
        if first is None or last is None:
            return self.timeline.covered.length
        reported = Intervals.union([(first - tolerance_ns, last + tolerance_ns)]).minus(self.report_holes)
        spanned = self.timeline.covered.length_between(reported.start, reported.stop)
        return self.timeline.covered.length - int(spanned.sum())

    def in_report(self, times: Ints) -> Bools:
        """Return which times the report says something about: between its first and its last line, and in none of its holes."""
        first, last = self.comparison.report.first_ns, self.comparison.report.last_ns
        if first is None or last is None:
            return np.zeros(len(times), bool)
        return np.asarray((times >= first) & (times <= last) & ~self.in_hole(times), bool)

    def in_hole(self, times: Ints) -> Bools:
        """Return which times are in a hole of the report, ends apart."""
        holes = self.report_holes
        return holes.contains(times) & ~np.isin(times, np.concatenate([holes.start, holes.stop]))

    @cached_property
    def report_holes(self) -> Intervals:
        """When the report has no record of any app, for hours: activity was perhaps not recorded then."""
        return Intervals.union((hole.from_ns, hole.to_ns) for hole in self.comparison.report.holes())

    def segments_without(self, probe: str) -> tuple[int, int]:
        """Count the segments in which a probe, by name, was not installed, and those in which it was not all the time."""
        never = [segment for segment in self.segments if not segment.installed(probe)]
        rest = [segment for segment in self.segments if segment.installed(probe)]
        return len(never), sum(any(self.timeline.watched.absences(one, required=(probe,))) for one in rest)

    def to_dict(self) -> dict[str, Any]:
        """Return what was watched, in figures."""
        not_hooked = {
            str(hook.symbol or hook.probe)
            for segment in self.segments
            for hook in segment.skipped
            if could_see(str(hook.probe), hook.symbol, "metadata") and not is_absent(hook)
        }
        return {
            "covered_hours": round(self.hours, 4),
            "share": round(self.share, 6),
            "lost": self.lost,
            "segments": len(self.segments),
            "reads_not_hooked": sorted(not_hooked),
        }
