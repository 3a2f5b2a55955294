"""What one attachment to one process saw, and when it could not see. Wall times of the device, ns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TypeVar

import numpy as np

from lightleak.arrays import Intervals
from lightleak.comparator.columns.event_columns import EventColumns, EventFields
from lightleak.events import STATES
from lightleak.trace.migrate import hook_code

_Value = TypeVar("_Value")

_STATE = {name: code for code, name in enumerate(STATES)}

AUTHORISED = frozenset({"authorized", "limited"})
"""Statuses with which the app can read. Source: PHAuthorizationStatus 3 and 4."""

ACCOUNTING = "accounting"
"""The probe that sees the identifier which the report will show (contract, section 3)."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Events that are missing between two that are there."""

    after_ns: int
    before_ns: int
    count: int
    reason: str
    lasted_ns: int = 0
    """By the clock that never steps."""

    def spans(self) -> Iterator[tuple[int, int]]:
        """Tell where on the wall clock events are missing: on both sides, where that was set back meanwhile."""
        if self.before_ns >= self.after_ns:
            yield self.after_ns, self.before_ns
        else:
            yield self.after_ns, self.after_ns + self.lasted_ns
            yield self.before_ns - self.lasted_ns, self.before_ns


@dataclass(slots=True)
class RecordedSegment:
    """One attachment; ``first`` to ``stop`` (exclusive) are its positions on the tape."""

    session: int
    """Which session it belongs to, from 1."""
    number: int
    first: int
    stop: int
    identifier: str | None = None
    role: str = "other"
    pid: int | None = None
    name: str | None = None
    covered: Intervals = field(default_factory=lambda: Intervals.union([]))
    """From ``ready`` to its end; losses are not taken out."""
    end_reason: str = "the recording ends"
    suspended: list[tuple[int, int]] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    hooks: dict[str, EventFields] = field(default_factory=dict)
    """Probe → its last word in this segment."""
    observers: set[str] = field(default_factory=set)
    """The change observers that were found or registered, by id."""
    registered: set[str] = field(default_factory=set)
    """The observers, of changes or else, whose registration was seen, by id."""
    found_observers: bool = False
    """Whether observers stood before the hooks did: then the first contact was missed."""
    authorization: list[tuple[int, str | None]] = field(default_factory=list)
    """Position → status from there on; None after a loss, which can have been the answer."""
    states: list[tuple[int, int]] = field(default_factory=list)
    """Position → code in ``STATES`` from there on; unknown after a loss."""

    @property
    def has_accounting(self) -> bool:
        """Whether the probe that sees the report's identifiers was in place."""
        hook = self.hooks.get(ACCOUNTING)
        return hook is not None and hook.status == "installed"

    @property
    def skipped(self) -> list[EventFields]:
        """The probes that were not in place, by name; what the process does not have cannot be missed."""
        return [
            hook for _, hook in sorted(self.hooks.items()) if hook.status != "installed" and hook.absent is not True
        ]

    def stretches(self, marks: list[tuple[int, _Value]]) -> Iterator[tuple[int, int, _Value]]:
        """Turn (position, what holds from there on) into (first, stop, what holds)."""
        stops = [at for at, _ in marks[1:]] + [self.stop]
        for (start, value), stop in zip(marks, stops, strict=False):
            yield start, stop, value

    def is_assetsd(self) -> bool:
        """Whether this is the system's photo daemon, which opens libraries for apps."""
        return self.role == "assetsd"


def segments_of(tape: EventColumns, session: int) -> list[RecordedSegment]:
    """Read the segments of one session's tape, in order."""
    numbers, firsts = np.unique(tape.segment, return_index=True)
    stops = [*firsts[1:].tolist(), len(tape)][: len(firsts)]
    rows = iter(tape.rows)
    pending = next(rows, None)
    found = []
    for number, first, stop in zip(numbers.tolist(), firsts.tolist(), stops, strict=True):
        mine = []
        while pending is not None and pending[0] < stop:
            mine.append(pending)
            pending = next(rows, None)
        found.append(_segment(tape, RecordedSegment(session, number, first, stop), mine))
    return found


def _segment(tape: EventColumns, segment: RecordedSegment, rows: list[tuple[int, EventFields]]) -> RecordedSegment:
    ready: int | None = None
    end = segment.stop - 1
    ended = False
    asleep: int | None = None
    for at, row in rows:
        if row.kind == "process":
            _name(segment, row)
            if row.phase == "ready" and ready is None:
                ready = at
            elif row.phase in ("detached", "exited") and not ended:
                end, ended = at, True
                segment.end_reason = f"{row.phase}: {row.reason}" if row.reason else str(row.phase)
            elif row.phase == "suspended" and asleep is None:
                asleep = at
            elif row.phase == "resumed" and asleep is not None:
                segment.suspended.append((int(tape.wall_ns[asleep]), int(tape.wall_ns[at])))
                asleep = None
        elif row.kind == "hook" and isinstance(row.probe, str):
            row.code = hook_code(row.code, row.reason)
            segment.hooks[row.probe] = row
        elif row.kind == "observer" and row.internal is not True:
            _observe(segment, row)
        elif row.kind == "authorization" and isinstance(row.status, str) and _is_about_reading(row):
            segment.authorization.append((at, row.status))
        elif row.kind == "state":
            segment.states.append((at, _STATE.get(row.value, 0) if isinstance(row.value, str) else 0))
    if asleep is not None:
        segment.suspended.append((int(tape.wall_ns[asleep]), int(tape.wall_ns[end])))
    if ready is not None:
        segment.covered = Intervals.union(_watched(tape, ready, end))
    losses = [*_said(tape, segment, rows), *_holes(tape, segment)]
    segment.losses = [loss for _, loss in losses]
    segment.states = sorted([*segment.states, *((at, 0) for at, _ in losses)])
    # Sorting by position alone: what a loss made unknown, an event at the same place tells anew.
    unknown = [(at, None) for at, _ in losses]
    segment.authorization = sorted([*unknown, *segment.authorization], key=itemgetter(0))
    return segment


def _name(segment: RecordedSegment, row: EventFields) -> None:
    if isinstance(row.identifier, str):
        segment.identifier = row.identifier
    if isinstance(row.name, str):
        segment.name = row.name
    if row.pid.__class__ is int:
        segment.pid = row.pid
    if isinstance(row.role, str):
        segment.role = row.role


def _observe(segment: RecordedSegment, row: EventFields) -> None:
    name = observer_id(row)
    if row.action == "registered" and name is not None:
        segment.registered.add(name)
    # With hooks that come again it is told again who observes: whose registration was seen was not missed.
    segment.found_observers |= row.action == "found" and name not in segment.registered
    if row.action in ("found", "registered") and row.type in (None, "change") and name is not None:
        segment.observers.add(name)


def is_observing(row: EventFields) -> bool:
    """Tell whether a row says that somebody observes changes."""
    return (
        row.kind == "observer"
        and row.internal is not True
        and row.action in ("found", "registered")
        and row.type in (None, "change")
        and isinstance(row.observer, dict)
    )


def observer_id(row: EventFields) -> str | None:
    """Tell observers of one segment apart."""
    return str(row.observer.get("id", row.observer.get("class"))) if isinstance(row.observer, dict) else None


def _is_about_reading(row: EventFields) -> bool:
    # Adding needs no reading, and is not logged. Source: PHAccessLevel 1 is add-only.
    return row.level not in ("add-only", "addOnly", 1)


def _watched(tape: EventColumns, ready: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut at places where the wall clock goes back, so that both sides count as they were stamped."""
    wall = tape.wall_ns[ready : end + 1]
    cuts = (np.flatnonzero(np.diff(wall) < 0) + 1).tolist()
    for start, stop in zip([0, *cuts], [*cuts, len(wall)], strict=True):
        if stop > start:
            yield int(wall[start]), int(wall[stop - 1])


def _said(
    tape: EventColumns, segment: RecordedSegment, rows: list[tuple[int, EventFields]]
) -> Iterator[tuple[int, Loss]]:
    for at, row in rows:
        if row.kind == "lost":
            before, after = max(at - 1, segment.first), min(at + 1, segment.stop - 1)
            count = row.count if row.count.__class__ is int and row.count > 0 else 1
            reason = f"lost: {row.reason}" if row.reason else "lost"
            yield at, _loss(tape, before, after, count, reason)


def _holes(tape: EventColumns, segment: RecordedSegment) -> Iterator[tuple[int, Loss]]:
    seq = tape.seq[segment.first : segment.stop]
    if seq[0] > 1:
        start = int(tape.wall_ns[segment.first])
        yield segment.first, Loss(start, start, int(seq[0]) - 1, "hole in seq")
    for at in (np.flatnonzero(np.diff(seq) > 1) + segment.first).tolist():
        missing = int(tape.seq[at + 1] - tape.seq[at]) - 1
        yield at + 1, _loss(tape, at, at + 1, missing, "hole in seq")


def _loss(tape: EventColumns, before: int, after: int, count: int, reason: str) -> Loss:
    """Describe what is missing between the events at two positions."""
    lasted_ns = max(0, int(tape.mono_ns[after]) - int(tape.mono_ns[before]))
    return Loss(int(tape.wall_ns[before]), int(tape.wall_ns[after]), count, reason, lasted_ns)


BACKGROUND = 1 << STATES.index("background")


def state_word(bits: int) -> str:
    """Name a single state; several are ``mixed``."""
    return STATES[bits.bit_length() - 1] if bits and not bits & (bits - 1) else "mixed" if bits else "unknown"


@dataclass(frozen=True, slots=True)
class CoverageGap:
    """An uncovered stretch between two coverages of one identifier, within one session; ns."""

    from_ns: int
    to_ns: int
    identifier: str
    reason: str


def gaps_of(segments: list[RecordedSegment]) -> Iterator[CoverageGap]:
    """Find the gaps of one session, by identifier and time."""
    for identifier in sorted({s.identifier for s in segments if s.identifier}):
        mine = [s for s in segments if s.identifier == identifier]
        losses = [loss for s in mine for loss in s.losses]
        reasons = {start: loss.reason for loss in losses for start, _ in loss.spans()}
        reasons |= {stop: s.end_reason for s in mine for _, stop in s.covered.pairs()[-1:] if stop not in reasons}
        covered = Intervals.union(pair for s in mine for pair in s.covered.pairs()).minus(
            Intervals.union(span for loss in losses for span in loss.spans())
        )
        for stop, start in zip(covered.stop[:-1].tolist(), covered.start[1:].tolist(), strict=True):
            yield CoverageGap(stop, start, identifier, reasons.get(stop, "not watched"))
