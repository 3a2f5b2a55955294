"""Check the numbers of a session's events for ``verify``: what is missing, and whether the recording accounts for it."""

from __future__ import annotations

from typing import Any

import msgspec

from lightleak.coverage import Coverage, Gap, SegmentCoverage


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


class Continuity:
    """Feed it all events of a session in file order, then ``finish``.

    from_the_start: whether the session begins here, so that each segment has to begin with seq 1.
    """

    def __init__(self, *, from_the_start: bool = True) -> None:
        self.problems: list[str] = []
        """Numbers that are missing without a reason, or come again, a sentence each."""
        self.gaps: list[Gap] = []
        """By time and segment, once finished."""
        self._coverage = Coverage(from_the_start=from_the_start)

    @property
    def segments(self) -> dict[int, SegmentCoverage]:
        """What was seen of each segment, by its number."""
        return self._coverage.segments

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
        before = state.last_seq if state else 0
        if row.seq <= before:
            self.problems.append(f"segment {row.segment}: seq {row.seq} stands after seq {before}")
        if row.kind == "lost":
            missing = self._coverage.feed_lost(row.segment, row.seq, row.wall_ns, row.count, row.reason)
        else:
            missing = self._coverage.feed(row.segment, row.seq, row.wall_ns)
            if row.kind == "process":
                self._coverage.note_process(row.segment, row.wall_ns, row.phase, row.identifier, row.reason)
        if missing:
            place = f"between seq {before} and seq {row.seq}" if state else f"before seq {row.seq}"
            are = "1 event is" if missing == 1 else f"{missing} events are"
            self.problems.append(f"segment {row.segment}: {are} missing {place}, and nothing says why")

    def finish(self) -> None:
        """List the gaps, once all events have passed."""
        self.gaps = self._coverage.gaps()
