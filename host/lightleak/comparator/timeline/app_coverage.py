"""When each process of a session was watched, and in which state its app was: what a timeline draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.segments import RecordedSegment
from lightleak.comparator.timeline.session_set import SessionSet
from lightleak.comparator.timeline.watched_time import CoverageGap, gaps_of


@dataclass(frozen=True, slots=True)
class ProcessCoverage:
    """All segments of one identifier. Times are wall-clock ns, spans ascend."""

    name: str
    """The identifier; without one, the process's name, or the segment."""
    segments: list[RecordedSegment]
    covered: list[tuple[int, int]]
    suspended: list[tuple[int, int]]
    states: list[tuple[int, int, int]]
    """Start, stop, code in ``events.STATES``."""
    gaps: list[CoverageGap]
    lost: list[tuple[int, int, int]]
    """From, to, number of events."""


@dataclass(frozen=True, slots=True)
class SessionCoverage:
    """A session's processes in order of appearance."""

    processes: list[ProcessCoverage]
    span: tuple[int, int] | None
    """First and last wall time, ns; None for a session without events."""


def session_coverage(sessions: SessionSet) -> SessionCoverage:
    """Return when the processes of a session were watched. sessions: that one."""
    gaps: dict[str, list[CoverageGap]] = {}
    for gap in gaps_of(sessions.segments):
        gaps.setdefault(gap.identifier, []).append(gap)
    groups: dict[str, list[RecordedSegment]] = {}
    for segment in sessions.segments:
        groups.setdefault(_process_name(segment), []).append(segment)
    wall = sessions.wall_ns
    return SessionCoverage(
        [_coverage(name, AppTimeline(sessions, segments), gaps.get(name, [])) for name, segments in groups.items()],
        (int(wall.min()), int(wall.max())) if len(wall) else None,
    )


def state_spans(timeline: AppTimeline) -> list[tuple[int, int, int]]:
    """Return start and stop (ns, wall clock) and the state's code in ``events.STATES``, ascending.

    Where two processes of the app were in two states, the state of the app is unknown.
    """
    sessions = timeline.sessions
    changes = [
        int(sessions.wall_ns[sessions.positions(s).start - s.first + at])
        for s in timeline.segments
        for at, _ in s.states
    ]
    for segment in timeline.segments:
        # A clock that was set back shows a time twice: what it showed where it was set is a cut, too.
        wall_ns = sessions.loaded[segment.session - 1].columns.wall_ns
        changes += [
            int(wall_ns[at]) + after for pair in segment.stretches for at, after in zip(pair, (0, 1), strict=True)
        ]
    cuts = np.unique(np.array([*changes, *timeline.covered.start.tolist()], dtype=np.int64))
    cuts = cuts[timeline.covered.contains(cuts)]
    bits = timeline.states_at(cuts).tolist()
    codes = [one.bit_length() - 1 if one & (one - 1) == 0 else 0 for one in bits]
    spans: list[tuple[int, int, int]] = []
    for start, stop in timeline.covered.pairs():
        first, last = cuts.searchsorted([start, stop]).tolist()
        at = start
        for n in range(first, max(last, first + 1)):
            ends = n + 1 >= last
            if ends or codes[n + 1] != codes[n]:
                until = stop if ends else int(cuts[n + 1])
                spans.append((at, until, codes[n]))
                at = until
    return spans


def _process_name(segment: RecordedSegment) -> str:
    return segment.identifier or segment.name or f"segment {segment.number}"


def _coverage(name: str, timeline: AppTimeline, gaps: list[CoverageGap]) -> ProcessCoverage:
    return ProcessCoverage(
        name=name,
        segments=timeline.segments,
        covered=timeline.covered.pairs(),
        suspended=timeline.watched.suspended.pairs(),
        states=state_spans(timeline),
        gaps=gaps,
        lost=[(loss.after_ns, loss.before_ns, loss.count) for s in timeline.segments for loss in s.losses],
    )
