"""One app in one recording, in the figures that two recordings can be compared by.

Separate because it looks at one recording; ``diff`` looks at two.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from lightleak.comparator.columns.event_columns import LADDER
from lightleak.comparator.comparison import AppResult
from lightleak.comparator.rules.properties import property_counts
from lightleak.comparator.rules.report_entries import DEFAULT_LAG_S
from lightleak.comparator.rules.rules import CAUSES
from lightleak.comparator.rules.visibility import missing_links, required_from
from lightleak.comparator.summary import cost
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.segments import RecordedSegment, is_observing, observer_id
from lightleak.comparator.timeline.triggers import BY_TIME, find_triggers
from lightleak.events import DEPTHS, NS_PER_MS, NS_PER_S, STATES, TRIGGERS

INSTALLED, ABSENT, MISSING, MIXED = "installed", "absent", "missing", "mixed"


class TriggerCount(NamedTuple):
    """How many reads something set off."""

    n: int = 0
    by_time: int = 0
    """Those of ``n`` that no link shows: likely, not sure."""


@dataclass(frozen=True)
class AppStats:
    """What one app did in OLD or in NEW."""

    name: str
    """``OLD`` or ``NEW``."""
    timeline: AppTimeline
    result: AppResult | None = None
    """Its verdicts, where a report was given."""

    @cached_property
    def segments(self) -> list[RecordedSegment]:
        """The attachments in which it was watched."""
        return self.timeline.watched_segments

    @cached_property
    def hours(self) -> float:
        """For how long it was watched, h."""
        return self.timeline.watched.duration_ns / NS_PER_S / 3600

    @cached_property
    def observers(self) -> Counter[str]:
        """Class → how many change observers of it were found or registered; ``?``: of what class is not known."""
        mine = {(segment.session, segment.number) for segment in self.timeline.segments}
        found = {
            (number, row.segment, observer_id(row), str((row.observer or {}).get("class", "?")))
            for number, loaded in enumerate(self.timeline.sessions.loaded, 1)
            for _, row in loaded.columns.rows
            if is_observing(row) and (number, row.segment) in mine
        }
        unreadable = sum(segment.unreadable_observers > 0 for segment in self.timeline.segments)
        return Counter(cls for *_, cls in found) + Counter({"?": unreadable})

    @cached_property
    def reads(self) -> Counter[tuple[str, str]]:
        """(State, depth) → how many reads."""
        sessions, at = self.timeline.sessions, self.timeline.at
        deep = at[sessions.level[at] >= LADDER["metadata"]]
        pairs, counts = np.unique(
            np.stack((sessions.state[deep], sessions.level[deep])).astype(np.int64), axis=1, return_counts=True
        )
        return Counter(
            {
                (STATES[state], DEPTHS[level]): n
                for state, level, n in zip(*pairs.tolist(), counts.tolist(), strict=True)
            }
        )

    @cached_property
    def triggers(self) -> dict[tuple[str, str, str], TriggerCount]:
        """(State, depth, trigger) → how many reads, and how many of them by time only."""
        sessions, at = self.timeline.sessions, self.timeline.at
        deep = at[sessions.level[at] >= LADDER["metadata"]].astype(np.int64)
        found = find_triggers(sessions, deep, round(DEFAULT_LAG_S * NS_PER_S))
        counts: dict[tuple[str, str, str], TriggerCount] = {}
        rows = np.stack((sessions.state[deep], sessions.level[deep], found.kind, found.by == BY_TIME)).astype(np.int64)
        unique, numbers = np.unique(rows, axis=1, return_counts=True)
        for state, level, kind, by_time, n in zip(*unique.tolist(), numbers.tolist(), strict=True):
            key = STATES[state], DEPTHS[level], TRIGGERS[kind]
            before = counts.get(key, TriggerCount())
            counts[key] = TriggerCount(before.n + n, before.by_time + n * by_time)
        return counts

    @cached_property
    def properties(self) -> Counter[str]:
        """Symbol of a counted getter → how often it was called."""
        return Counter(property_counts(self.timeline))

    @cached_property
    def unlinked(self) -> list[str]:
        """What keeps reads without a link from being known to have been set off by nothing; by symbol or probe."""
        return sorted({name for segment in self.segments for name in missing_links(segment)})

    @cached_property
    def state_hours(self) -> dict[str, float]:
        """State → for how long the app was watched in it, h."""
        hours: dict[str, float] = dict.fromkeys(STATES, 0.0)
        for segment in self.segments:
            for first, stop, state in segment.intervals([(segment.first, 0), *segment.states]):
                watched_ns = self.timeline.watched.duration_between(segment, first, min(stop, segment.stop - 1))
                hours[STATES[state]] += watched_ns / NS_PER_S / 3600
        return hours

    @cached_property
    def cost(self) -> dict[str, float | None]:
        """CPU time in ms, bytes, notifications; None for what was not measured."""
        figures = cost(self.timeline)
        return {measure: figures[measure] for measure in ("cpu_ms", "bytes", "notifications")}

    @cached_property
    def probes(self) -> dict[str, str]:
        """Probe → ``installed``, ``absent`` (nothing to hook there), ``missing``, or ``mixed`` between segments."""
        names = {probe for segment in self.segments for probe in segment.hooks} | set(required_from("metadata"))
        return {probe: self.probe(probe) for probe in sorted(names)}

    def probe(self, name: str) -> str:
        """Return how a probe was set in all segments."""
        found = {_status(segment, name) for segment in self.segments}
        return found.pop() if len(found) == 1 else MIXED if found else MISSING

    @property
    def causes(self) -> dict[str, int]:
        """Cause → how many entries that began while the app was watched."""
        assert self.result is not None
        results = self.result.results
        counts = np.bincount(results.cause[results.covered_before], minlength=len(CAUSES)).tolist()
        return dict(zip(CAUSES, counts, strict=True))

    def to_dict(self) -> dict[str, Any]:
        """Return what was watched and what is missing of it, in figures."""
        missing = self.timeline.missing
        return {
            "covered_hours": round(self.hours, 4),
            "state_hours": {state: round(hours, 4) for state, hours in self.state_hours.items() if hours},
            "segments": len(self.segments),
            "lost": missing.events,
            "cut_short": missing.cut_short,
            "unseen_ms": -(-missing.unseen_ns // NS_PER_MS),
            "required_missing": [name for name in required_from("metadata") if self.probe(name) in (MISSING, MIXED)],
        }


def _status(segment: RecordedSegment, probe: str) -> str:
    if segment.has_installed(probe):
        return INSTALLED
    return ABSENT if segment.lacks_nothing_without(probe) else MISSING
