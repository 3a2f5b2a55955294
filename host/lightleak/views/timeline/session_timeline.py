"""A session as lanes, one a process's identifier: what was watched, states, and how many events each column of time has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lightleak.comparator.columns.event_columns import LADDER, EventColumns
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.segments import CoverageGap, RecordedSegment, gaps_of
from lightleak.comparator.timeline.session_set import SessionSet
from lightleak.events import OFF_LADDER, Event, depth_of
from lightleak.trace.session import Session
from lightleak.views.timeline.state_spans import state_spans

ROWS = (*(name for name in LADDER if name != "none"), *OFF_LADDER)


@dataclass(frozen=True, slots=True)
class Axis:
    """A span of wall time, ns, cut into columns."""

    start_ns: int
    stop_ns: int
    columns: int

    @property
    def column_ns(self) -> float:
        """How much time a column stands for."""
        return max(self.stop_ns - self.start_ns, 1) / self.columns

    def column(self, wall_ns: int) -> int:
        """Tell in which column a time lies; those outside in the first or the last."""
        at = (wall_ns - self.start_ns) * self.columns // max(self.stop_ns - self.start_ns, 1)
        return min(max(at, 0), self.columns - 1)

    def holds(self, wall_ns: int) -> bool:
        """Tell whether a time lies on the axis; its end does."""
        return self.start_ns <= wall_ns <= self.stop_ns


@dataclass(slots=True)
class ProcessLane:
    """All segments of one identifier."""

    name: str
    segments: list[RecordedSegment]
    covered: list[tuple[int, int]]
    suspended: list[tuple[int, int]]
    states: list[tuple[int, int, int]]
    gaps: list[CoverageGap]
    lost: list[tuple[int, int, int]]
    """From, to, how many."""
    counts: dict[str, list[int]] = field(default_factory=dict)
    """Row → events in each column."""

    def count(self, row: str, at: int, columns: int) -> None:
        """Count one event."""
        self.counts.setdefault(row, [0] * columns)[at] += 1


class Lanes:
    """A session's lanes, in order of appearance. Reads the session once. Errors: TraceError."""

    def __init__(self, session: Session) -> None:
        self.sessions = SessionSet(
            [(session.header, [str(p) for p in session.paths], EventColumns.decode(session.blocks()))]
        )
        (take,) = self.sessions.loaded
        gaps = list(gaps_of(take.segments))
        groups: dict[str, list[RecordedSegment]] = {}
        for segment in take.segments:
            groups.setdefault(lane_name(segment), []).append(segment)
        self.lanes = {name: _lane(name, self.sessions, segments, gaps) for name, segments in groups.items()}
        self._of = {segment.number: self.lanes[lane_name(segment)] for segment in take.segments}

    def of(self, event: Event) -> ProcessLane:
        """Tell the lane of an event's segment."""
        return self._of[event.segment]

    def span(self) -> tuple[int, int] | None:
        """First and last wall time; None for a session without events."""
        wall = self.sessions.wall_ns
        return (int(wall.min()), int(wall.max())) if len(wall) else None


def row_of(event: Event) -> str | None:
    """Tell on which row an event counts; None for those that are no access, and for a framework's own."""
    depth = None if event.internal else depth_of(event)
    return depth if depth in ROWS else None


def lane_name(segment: RecordedSegment) -> str:
    """Name a lane: the identifier; the process's name, or the segment, where there is none."""
    return segment.identifier or segment.name or f"segment {segment.number}"


def overlapping(spans: list[tuple[int, int]], axis: Axis) -> Iterator[tuple[int, float]]:
    """Tell which columns spans touch, and how much of each they fill, 0 to 1."""
    for start, stop in spans:
        if stop < axis.start_ns or start > axis.stop_ns:
            continue
        for at in range(axis.column(start), axis.column(stop) + 1):
            left = axis.start_ns + at * axis.column_ns
            filled = min(stop, left + axis.column_ns) - max(start, left)
            yield at, max(filled, 0) / axis.column_ns


def _lane(name: str, recording: SessionSet, segments: list[RecordedSegment], gaps: list[CoverageGap]) -> ProcessLane:
    lane = AppTimeline(recording, segments)
    return ProcessLane(
        name=name,
        segments=segments,
        covered=lane.covered.pairs(),
        suspended=lane.suspended.pairs(),
        states=state_spans(lane),
        gaps=[gap for gap in gaps if gap.identifier == name],
        lost=[(loss.after_ns, loss.before_ns, loss.count) for segment in segments for loss in segment.losses],
    )
