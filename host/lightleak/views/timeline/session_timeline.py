"""A session on an axis of time: one timeline for each process, with its coverage and its events in columns of time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from lightleak.comparator.columns.event_columns import LADDER
from lightleak.comparator.timeline.app_coverage import ProcessCoverage, SessionCoverage
from lightleak.events import OFF_LADDER, Event, depth_of
from lightleak.replay_state import SegmentState

ACCESS_ROWS = frozenset({*LADDER, *OFF_LADDER} - {"none"})
ROWS = ("input", *(name for name in LADDER if name != "none"), *OFF_LADDER)
"""What is counted by column, in the order in which it is drawn: what the person did, then what the app did."""
EventStream: TypeAlias = Iterator[tuple[Event, SegmentState]]


@dataclass(frozen=True, slots=True)
class Axis:
    """A span of wall time, ns, cut into columns."""

    start_ns: int
    stop_ns: int
    columns: int

    @property
    def column_ns(self) -> float:
        """How much time a column covers."""
        return max(self.stop_ns - self.start_ns, 1) / self.columns

    def column(self, wall_ns: int) -> int:
        """Return the column of a time; times outside belong to the first or the last."""
        at = (wall_ns - self.start_ns) * self.columns // max(self.stop_ns - self.start_ns, 1)
        return min(max(at, 0), self.columns - 1)

    def holds(self, wall_ns: int) -> bool:
        """Return whether a time is on the axis, both ends included."""
        return self.start_ns <= wall_ns <= self.stop_ns

    def shares(self, spans: list[tuple[int, int]]) -> Iterator[tuple[int, float]]:
        """Yield the columns that spans touch, and how much of each column they fill, 0 to 1."""
        for start, stop in spans:
            if stop < self.start_ns or start > self.stop_ns:
                continue
            for at in range(self.column(start), self.column(stop) + 1):
                left = self.start_ns + at * self.column_ns
                filled = min(stop, left + self.column_ns) - max(start, left)
                yield at, max(filled, 0) / self.column_ns


@dataclass(frozen=True, slots=True)
class ProcessTimeline:
    """One process: when it was watched, and how many events each column of time has."""

    coverage: ProcessCoverage
    counts: dict[str, list[int]] = field(default_factory=dict)
    """Row → events in each column."""


class ProcessesOnAxis:
    """Some processes of a session on an axis. app: only this process; None is all of them."""

    def __init__(self, coverage: SessionCoverage, axis: Axis, *, app: str | None = None) -> None:
        self.axis = axis
        self.processes = [ProcessTimeline(each) for each in coverage.processes if app in (None, each.name)]
        self._of = {segment.number: each for each in self.processes for segment in each.coverage.segments}

    def of(self, event: Event) -> ProcessTimeline:
        """Return the process of an event."""
        return self._of[event.segment]

    def has(self, event: Event) -> bool:
        """Return whether an event is of one of these processes, and on the axis."""
        return self.axis.holds(event.wall_ns) and event.segment in self._of


class StreamedTimeline(ProcessesOnAxis):
    """The same, counted and listed from a stream of events: for what a filter keeps, and where all are listed.

    read: read the events that are to be counted and listed, by (segment, seq); each call reads the session once.
    """

    def __init__(
        self, coverage: SessionCoverage, axis: Axis, read: Callable[[], EventStream], *, app: str | None = None
    ) -> None:
        super().__init__(coverage, axis, app=app)
        self._read = read

    def events(self) -> EventStream:
        """Yield the events of these processes on the axis, each with the state in force."""
        for event, state in self._read():
            if self.has(event):
                yield event, state

    def counted(self) -> EventStream:
        """Yield the same events, and count each in its row and column on the way."""
        axis = self.axis
        for event, state in self.events():
            if row := _row_of(event):
                counts = self.of(event).counts
                if row not in counts:
                    counts[row] = [0] * axis.columns
                counts[row][axis.column(event.wall_ns)] += 1
            yield event, state


def _row_of(event: Event) -> str | None:
    """Return the row that counts an event; None for one that is neither an access nor an input, and for a framework's own."""
    if event.internal:
        return None
    row = "input" if event.kind == "input" else depth_of(event)
    return row if row in ROWS else None
