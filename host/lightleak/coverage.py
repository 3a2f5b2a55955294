"""Coverage and gaps of events as they stream by: the one definition for every reader of events in file order.

Coverage of a process runs from ``process ready`` to its first ``detached`` or ``exited``, or to the segment's last
event; from ``suspended`` to ``resumed`` it is covered, as nothing can run. A gap is

* each ``lost`` event, from the event before it to the event after it;
* each hole in ``seq`` that no ``lost`` event directly before or after accounts for;
* each time between two coverages of one identifier that no other coverage of it includes.

Times are the device's wall clock as stamped, ns. Where it was set, coverage has one run before and one after: wall time
that a step skipped was not watched. What counts as a step is ``clock_was_set``, for both forms of this definition: this
one takes events as they come, because a recording and a live view cannot wait for the last; the comparator's
(``lightleak.comparator.timeline.watched_time``) takes columns, and unites gaps that touch. ``tests/test_coverage.py``
checks that both leave the same time uncovered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, overload

from lightleak.events import NS_PER_S
from lightleak.losses import Losses, lost_count, total

if TYPE_CHECKING:
    from lightleak.arrays import Bools, Ints
    from lightleak.event_head import HeadRun

STEP_NS = NS_PER_S // 2
"""By how much a wall clock must run apart from the clock that never steps to have been set."""
SLEW = 1_000
"""One part in so many that a clock may be slewed by the network without being set."""

CLOCK_SET = "the clock was set"
NO_END = "the segment before it has no end"
MISSING = "numbers missing"

_SPECIAL = frozenset(("lost", "process"))
"""Kinds that say something about coverage themselves."""


@overload
def clock_was_set(wall_ns: int, mono_ns: int) -> bool: ...
@overload
def clock_was_set(wall_ns: Ints, mono_ns: Ints) -> Bools: ...
def clock_was_set(wall_ns: Any, mono_ns: Any) -> Any:
    """Return whether a wall clock was set between two events, by how far it and the clock that never steps went, ns."""
    return abs(wall_ns - mono_ns) > STEP_NS + abs(mono_ns) // SLEW


@dataclass(slots=True)
class Gap:
    """A time that the recording does not show, according to the recording itself."""

    segment: int
    """The segment that has it, or whose start ends it."""
    from_ns: int
    """Wall clock of the device at the event before."""
    to_ns: int
    """Wall clock of the device at the event after."""
    identifier: str | None
    count: int | None
    """How many events are missing; None when it cannot be known."""
    reason: str
    unseen_ns: int | None = field(default=None, compare=False)
    """Of a ``lost`` event, the time since the event before it by the clock that never steps."""


@dataclass(slots=True)
class SegmentCoverage:
    """The coverage of one segment so far."""

    number: int
    identifier: str | None = None
    events: int = 0
    losses: Losses = field(default_factory=Losses)
    """What is missing of it: what its ``lost`` events say, and holes in the numbers that none of them accounts for."""
    first_seq: int = 0
    first_ns: int = 0
    last_seq: int = 0
    last_ns: int = 0
    last_mono_ns: int = 0
    runs: list[list[int]] = field(default_factory=list)
    """Coverage as [start, stop] on the wall clock, more than one when that was set; the last one is open until ``end_ns``."""
    end_ns: int | None = None
    end_reason: str = NO_END
    announced_lost: int = 0
    """The count of the ``lost`` event directly before, less what a hole in the numbers has used of it."""
    open_gap: Gap | None = None
    """A gap whose end is the next event."""

    @property
    def is_covered(self) -> bool:
        """Whether coverage has begun and not ended."""
        return bool(self.runs) and self.end_ns is None

    def extend(self, seq: int, wall_ns: int, mono_ns: int) -> None:
        """Take a run of events in order, up to this one."""
        self.events += seq - self.last_seq
        self.last_seq, self.last_ns, self.last_mono_ns = seq, wall_ns, mono_ns

    def spans(self) -> Iterator[tuple[int, int, str, bool]]:
        """Yield each run of coverage: start, stop, why it ends, and whether it begins because the clock was set."""
        for at, (start, stop) in enumerate(self.runs):
            is_last = at == len(self.runs) - 1
            end_ns = self.last_ns if is_last and self.is_covered else stop
            yield start, end_ns, self.end_reason if is_last else CLOCK_SET, at > 0


@dataclass(slots=True)
class Coverage:
    """The coverage of a session: feed it all events in file order, and ask at any time.

    An answer is about the events so far: a segment without an end counts as covered to its last event.
    """

    from_the_start: bool = True
    """Whether the session starts here, so that each segment must start with seq 1."""
    is_filtered: bool = False
    """Whether a filter may have removed events, so that a hole in the numbers means nothing."""
    segments: dict[int, SegmentCoverage] = field(default_factory=dict)
    _losses: list[Gap] = field(default_factory=list)

    @property
    def gap_count(self) -> int:
        """How many gaps there are."""
        return len(self._losses) + sum(1 for _ in self._between())

    @property
    def losses(self) -> Losses:
        """What is missing in all segments."""
        return total(state.losses for state in self.segments.values())

    def gaps(self) -> list[Gap]:
        """Return all gaps, by time and segment."""
        return sorted([*self._losses, *self._between()], key=lambda gap: (gap.from_ns, gap.segment))

    def feed_event(self, event: Mapping[str, Any]) -> None:
        """Take the next event."""
        kind = event["kind"]
        if kind == "lost":
            self.feed_lost(
                event["segment"],
                event["seq"],
                event["wall_ns"],
                event["mono_ns"],
                count=event.get("count"),
                reason=event.get("reason"),
            )
            return
        self.feed(event["segment"], event["seq"], event["wall_ns"], event["mono_ns"])
        if kind == "process" and event.get("internal") is not True:
            self.note_process(
                event["segment"], event["wall_ns"], event.get("phase"), event.get("identifier"), event.get("reason")
            )

    def feed_events(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Take the next events: ``feed_event`` for each, but a run of ordinary ones is counted in local variables."""
        run: SegmentCoverage | None = None
        segment: int | None = None
        seq = wall_ns = mono_ns = apart_ns = 0
        for event in events:
            if (
                event["segment"] == segment
                and event["seq"] == seq + 1
                and event["wall_ns"] >= wall_ns
                # Less apart than that, the clock was not set, whatever time passed.
                and -STEP_NS <= event["wall_ns"] - event["mono_ns"] - apart_ns <= STEP_NS
                and event["kind"] not in _SPECIAL
            ):
                seq += 1
                wall_ns, mono_ns = event["wall_ns"], event["mono_ns"]
                apart_ns = wall_ns - mono_ns
                continue
            if run is not None:
                run.extend(seq, wall_ns, mono_ns)
            self.feed_event(event)
            run = self.segments[event["segment"]]
            # The event after a ``lost`` closes its gap, so that no run starts there.
            segment = run.number if run.open_gap is None else None
            seq, wall_ns, mono_ns = run.last_seq, run.last_ns, run.last_mono_ns
            apart_ns = wall_ns - mono_ns
        if run is not None:
            run.extend(seq, wall_ns, mono_ns)

    def feed_run(self, run: HeadRun) -> None:
        """Take consecutive events of one segment, none of which is special: as ``feed`` for each."""
        first, last = run.heads[0], run.heads[-1]
        self.feed(first.segment, first.seq, first.wall_ns, first.mono_ns)
        if run.is_smooth(first.wall_ns, first.mono_ns, STEP_NS):
            if len(run.heads) > 1:
                state = self.segments[first.segment]
                state.announced_lost = 0
                state.extend(last.seq, last.wall_ns, last.mono_ns)
            return
        for head in run.heads[1:]:
            self.feed(head.segment, head.seq, head.wall_ns, head.mono_ns)

    def feed(self, segment: int, seq: int, wall_ns: int, mono_ns: int) -> int:
        """Take the next event other than ``lost``; return how many are missing before it without an account."""
        state = self.segments.get(segment)
        if state is None:
            state = self.segments[segment] = SegmentCoverage(segment)
        apart_ns = wall_ns - mono_ns - state.last_ns + state.last_mono_ns
        if (
            seq == state.last_seq + 1
            and state.open_gap is None
            and wall_ns >= state.last_ns
            and -STEP_NS <= apart_ns <= STEP_NS
            and state.events
        ):
            # Nearly every event takes this short way; the long one below gives the same result.
            state.announced_lost = 0
            state.events += 1
            state.last_seq, state.last_ns, state.last_mono_ns = seq, wall_ns, mono_ns
            return 0
        missing = self._take(state, seq, wall_ns, 0)
        _advance(state, seq, wall_ns, mono_ns)
        return missing

    def feed_lost(self, segment: int, seq: int, wall_ns: int, mono_ns: int, *, count: Any, reason: Any) -> int:
        """Take a ``lost`` event; return as ``feed`` does. A count that is not a number above 0 accounts for nothing."""
        state = self.segments.get(segment)
        if state is None:
            state = self.segments[segment] = SegmentCoverage(segment)
        lost = count if type(count) is int and count > 0 else 0
        unseen_ns = max(0, mono_ns - state.last_mono_ns) if state.events else None
        missing = self._take(state, seq, wall_ns, lost)
        state.open_gap = self._loss(state, wall_ns, lost, _text(reason) or "no reason given")
        state.open_gap.unseen_ns = unseen_ns
        state.losses.add(lost_count(count, reason), unseen_ns)
        _advance(state, seq, wall_ns, mono_ns)
        return missing

    def note_process(self, segment: int, wall_ns: int, phase: Any, identifier: Any, reason: Any) -> None:
        """Add what a ``process`` event says, after it was fed."""
        state = self.segments[segment]
        state.identifier = _text(identifier) or state.identifier
        if state.end_ns is not None:
            return
        if phase == "ready" and not state.runs:
            state.runs.append([wall_ns, wall_ns])
        elif phase in ("detached", "exited"):
            if state.runs:
                state.runs[-1][1] = wall_ns
            state.end_ns = wall_ns
            state.end_reason = f"{phase}: {reason}" if _text(reason) else str(phase)

    def _take(self, state: SegmentCoverage, seq: int, wall_ns: int, lost: int) -> int:
        """Check the number of an event with a ``lost`` count (0 for others); return how many are missing before it.

        Numbers may be missing only where a ``lost`` event directly before or after accounts for them.
        """
        if state.open_gap is not None:
            state.open_gap.to_ns = wall_ns
            state.open_gap = None
        accounted_before, state.announced_lost = state.announced_lost, lost
        missing = seq - state.last_seq - 1
        is_unknown_start = not state.events and not self.from_the_start
        if missing <= 0 or self.is_filtered or is_unknown_start or accounted_before >= missing:
            return 0
        if lost >= missing:
            state.announced_lost = lost - missing
            return 0
        self._loss(state, wall_ns, missing, MISSING)
        state.losses.events += missing
        return missing

    def _loss(self, state: SegmentCoverage, wall_ns: int, count: int, reason: str) -> Gap:
        start = state.last_ns if state.events else wall_ns
        gap = Gap(state.number, start, wall_ns, state.identifier, count, reason)
        self._losses.append(gap)
        return gap

    def _between(self) -> Iterator[Gap]:
        by_identifier: dict[str, list[SegmentCoverage]] = {}
        for state in self.segments.values():
            if state.identifier is not None and state.runs:
                by_identifier.setdefault(state.identifier, []).append(state)
        for identifier, states in by_identifier.items():
            yield from _gaps_between(identifier, states)


def _advance(state: SegmentCoverage, seq: int, wall_ns: int, mono_ns: int) -> None:
    if not state.events:
        state.first_seq, state.first_ns = seq, wall_ns
    if state.is_covered and (
        wall_ns < state.last_ns or clock_was_set(wall_ns - state.last_ns, mono_ns - state.last_mono_ns)
    ):
        state.runs[-1][1] = state.last_ns
        state.runs.append([wall_ns, wall_ns])
    state.events += 1
    state.last_seq, state.last_ns, state.last_mono_ns = seq, wall_ns, mono_ns


def _gaps_between(identifier: str, states: list[SegmentCoverage]) -> Iterator[Gap]:
    runs = sorted(
        (start, state.number, stop, why, is_set) for state in states for start, stop, why, is_set in state.spans()
    )
    _, _, furthest, reason, _ = runs[0]
    for (_, _, stop, why, _), (start, number, _, _, is_set) in pairwise(runs):
        if stop > furthest:
            furthest, reason = stop, why
        if start > furthest:
            yield Gap(number, furthest, start, identifier, None, CLOCK_SET if is_set else reason)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
