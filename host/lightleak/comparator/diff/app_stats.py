"""One app in one recording, in the figures that two recordings can be compared by."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lightleak.comparator.columns.event_columns import LADDER
from lightleak.comparator.comparison import AppResult
from lightleak.comparator.rules.rules import CAUSES
from lightleak.comparator.summary import cost
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.probe_coverage import is_absent, required_from
from lightleak.comparator.timeline.segments import RecordedSegment, is_observing, observer_id
from lightleak.events import DEPTHS, NS_PER_S, STATES

INSTALLED, ABSENT, MISSING, MIXED = "installed", "absent", "missing", "mixed"


@dataclass(frozen=True)
class AppStats:
    """What one app did in OLD or in NEW."""

    name: str
    """``OLD`` or ``NEW``."""
    lane: AppTimeline
    found: AppResult | None = None
    """Its verdicts, where a report was given."""

    @cached_property
    def segments(self) -> list[RecordedSegment]:
        """The attachments in which it was watched."""
        return [segment for segment in self.lane.segments if len(segment.covered.start)]

    @cached_property
    def hours(self) -> float:
        """For how long it was watched, h."""
        return float((self.lane.covered.stop - self.lane.covered.start).sum()) / NS_PER_S / 3600

    @cached_property
    def observers(self) -> Counter[str]:
        """Class → how many change observers of it were found or registered."""
        mine = {(segment.session, segment.number) for segment in self.lane.segments}
        found = {
            (number, row.segment, observer_id(row), str(row.observer.get("class", "?")))
            for number, take in enumerate(self.lane.recording.takes, 1)
            for _, row in take.tape.rows
            if is_observing(row) and (number, row.segment) in mine
        }
        return Counter(cls for *_, cls in found)

    @cached_property
    def reads(self) -> Counter[tuple[str, str]]:
        """(State, depth) → how many reads."""
        recording, at = self.lane.recording, self.lane.at
        deep = at[recording.level[at] >= LADDER["metadata"]]
        pairs, counts = np.unique(
            np.stack((recording.state[deep], recording.level[deep])).astype(np.int64), axis=1, return_counts=True
        )
        return Counter(
            {
                (STATES[state], DEPTHS[level]): n
                for state, level, n in zip(*pairs.tolist(), counts.tolist(), strict=True)
            }
        )

    @cached_property
    def state_hours(self) -> dict[str, float]:
        """State → for how long the app was watched in it, h."""
        hours = dict.fromkeys(STATES, 0.0)
        for segment in self.segments:
            wall = self.lane.recording.takes[segment.session - 1].tape.wall_ns
            for first, stop, state in segment.stretches([(segment.first, 0), *segment.states]):
                span = np.array([wall[first]]), np.array([wall[min(stop, segment.stop - 1)]])
                hours[STATES[state]] += int(self.lane.covered.length_between(*span)[0]) / NS_PER_S / 3600
        return hours

    @cached_property
    def cost(self) -> dict[str, float]:
        """CPU time in ms, bytes, notifications."""
        figures = cost(self.lane)
        return {measure: figures[measure] for measure in ("cpu_ms", "bytes", "notifications")}

    @cached_property
    def probes(self) -> dict[str, str]:
        """Probe → ``installed``, ``absent`` (nothing to hook there), ``missing``, or ``mixed`` between segments."""
        names = {probe for segment in self.segments for probe in segment.hooks} | set(required_from("metadata"))
        return {probe: self.probe(probe) for probe in sorted(names)}

    def probe(self, name: str) -> str:
        """Tell how a probe fared."""
        words = {_word(segment, name) for segment in self.segments}
        return words.pop() if len(words) == 1 else MIXED if words else MISSING

    @property
    def causes(self) -> dict[str, int]:
        """Cause → how many entries that began while the app was watched."""
        assert self.found is not None
        ruling = self.found.ruling
        counts = np.bincount(ruling.cause[ruling.covered_before], minlength=len(CAUSES)).tolist()
        return dict(zip(CAUSES, counts, strict=True))

    def to_dict(self) -> dict[str, Any]:
        """Return what was watched, in figures."""
        return {
            "covered_hours": round(self.hours, 4),
            "state_hours": {state: round(hours, 4) for state, hours in self.state_hours.items() if hours},
            "segments": len(self.segments),
            "lost": sum(loss.count for segment in self.lane.segments for loss in segment.losses),
            "required_missing": [name for name in required_from("metadata") if self.probe(name) in (MISSING, MIXED)],
        }


def _word(segment: RecordedSegment, probe: str) -> str:
    hook = segment.hooks.get(probe)
    if hook is not None and hook.status == "installed":
        return INSTALLED
    return ABSENT if hook is not None and is_absent(hook) else MISSING
