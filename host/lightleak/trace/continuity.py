"""Follow the numbers of a session's events: what is missing, what was said to be lost, when nobody watched. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import msgspec


class SequenceFields(msgspec.Struct, gc=False):
    """What is looked at of an event."""

    kind: str
    segment: int
    seq: int
    wall_ns: int
    mono_ns: int
    count: Any = None
    reason: Any = None
    phase: Any = None
    identifier: Any = None


@dataclass(slots=True)
class Gap:
    """A stretch that the recording does not show, by what it says itself."""

    segment: int
    """The segment in which it is, or that ends it."""
    from_ns: int
    """Wall clock of the device at the event before."""
    to_ns: int
    """Wall clock of the device at the event after."""
    identifier: str | None
    count: int | None
    """How many events are missing; None where nobody can know."""
    reason: str


@dataclass(slots=True)
class SegmentState:
    """What is known of one segment while its events pass by."""

    number: int
    identifier: str | None = None
    events: int = 0
    lost: int = 0
    first: SequenceFields | None = None
    last: SequenceFields | None = None
    ready_ns: int | None = None
    end_ns: int | None = None
    end_reason: str = ""
    spare: int = 0
    """What the ``lost`` event just before said, as far as no hole has taken it."""
    gap: Gap | None = None
    """A gap whose end is the next event."""


@dataclass(slots=True)
class Continuity:
    """Feed it all events of a session in file order, then ``finish``."""

    from_the_start: bool = True
    """Whether the session begins here, so that each segment has to begin with seq 1."""
    segments: dict[int, SegmentState] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def events(self) -> int:
        """How many events there are."""
        return sum(state.events for state in self.segments.values())

    @property
    def lost(self) -> int:
        """How many events the recording says it lost."""
        return sum(state.lost for state in self.segments.values())

    def feed(self, row: SequenceFields) -> None:
        """Take the next event."""
        state = self.segments.get(row.segment)
        if state is None:
            state = self.segments[row.segment] = SegmentState(row.segment)
        if state.gap is not None:
            state.gap.to_ns = row.wall_ns
            state.gap = None
        lost = _whole(row.count) if row.kind == "lost" else 0
        self._check_number(state, row, lost)
        if row.kind == "lost":
            self._open_gap(state, row, lost, _text(row.reason) or "no reason given")
            state.lost += lost
        elif row.kind == "process":
            _note_process(state, row)
        state.events += 1
        state.first = state.first or row
        state.last = row

    def finish(self) -> None:
        """Tell the times between two segments of one process, once all events have passed."""
        by_identifier: dict[str, list[SegmentState]] = {}
        for state in self.segments.values():
            if state.identifier is not None and state.ready_ns is not None:
                by_identifier.setdefault(state.identifier, []).append(state)
        for identifier, states in by_identifier.items():
            self._gaps_between(identifier, states)
        self.gaps.sort(key=lambda gap: (gap.from_ns, gap.segment))

    def _check_number(self, state: SegmentState, row: SequenceFields, lost: int) -> None:
        before = state.last.seq if state.last else 0
        spare, state.spare = state.spare, lost
        missing = row.seq - before - 1
        if missing < 0:
            self.problems.append(f"segment {row.segment}: seq {row.seq} stands after seq {before}")
        if missing <= 0 or (state.last is None and not self.from_the_start):
            return
        if spare >= missing:
            return
        if lost >= missing:
            state.spare = lost - missing
            return
        self._open_gap(state, row, missing, "numbers missing")
        place = f"before seq {row.seq}" if state.last is None else f"between seq {before} and seq {row.seq}"
        are = "1 event is" if missing == 1 else f"{missing} events are"
        self.problems.append(f"segment {row.segment}: {are} missing {place}, and nothing says why")

    def _open_gap(self, state: SegmentState, row: SequenceFields, count: int, reason: str) -> None:
        start = state.last.wall_ns if state.last else row.wall_ns
        gap = Gap(row.segment, start, row.wall_ns, state.identifier, count, reason)
        self.gaps.append(gap)
        if row.kind == "lost":
            state.gap = gap

    def _gaps_between(self, identifier: str, states: list[SegmentState]) -> None:
        watched = sorted(states, key=lambda state: (state.ready_ns or 0, state.number))
        furthest = watched[0]
        for earlier, later in pairwise(watched):
            furthest = max(furthest, earlier, key=_end_ns)
            start, end = _end_ns(furthest), later.ready_ns or 0
            if end > start:
                reason = furthest.end_reason or "the segment before it has no end"
                self.gaps.append(Gap(later.number, start, end, identifier, None, reason))


def _note_process(state: SegmentState, row: SequenceFields) -> None:
    state.identifier = state.identifier or _text(row.identifier)
    if row.phase == "ready" and state.ready_ns is None:
        state.ready_ns = row.wall_ns
    elif row.phase in {"detached", "exited"}:
        state.end_ns = row.wall_ns
        state.end_reason = f"{row.phase}: {row.reason}" if _text(row.reason) else str(row.phase)


def _end_ns(state: SegmentState) -> int:
    if state.end_ns is not None:
        return state.end_ns
    return state.last.wall_ns if state.last else 0


def _whole(value: Any) -> int:
    return value if type(value) is int and value > 0 else 0


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
