"""What one attachment to one process saw, and when it could not see. Wall times of the device, ns.

Coverage and gaps follow the definition of ``lightleak.coverage``, in columns: a process is covered from ``process ready``
to its first ``detached`` or ``exited``, or to the segment's last event; ``lost`` events, holes in ``seq`` and the time
between two coverages of one identifier are gaps. Here gaps that touch are one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple, TypeVar

import numpy as np

from lightleak.arrays import Intervals
from lightleak.comparator.columns.decode import EventFields
from lightleak.comparator.columns.event_columns import EventColumns
from lightleak.events import LAUNCHED, STATES, TRIGGERS
from lightleak.trace.migrate import hook_code

_Value = TypeVar("_Value")

_STATE = {name: code for code, name in enumerate(STATES)}
_CHANGE, _TOUCH, _WAKE, _LAUNCH, _ACTIVATION = map(TRIGGERS.index, ("change", "touch", "wake", "launch", "activation"))

AUTHORISED = frozenset({"authorized", "limited"})
"""Statuses with which the app can read. Source: PHAuthorizationStatus 3 and 4."""

HANDOFF = "handoff"
"""The probes that follow work to where it is handed on: one name, a symbol for each way of handing on."""

ACCOUNTING = "accounting"
"""The probe that sees the identifier which the report will show (contract, section 3)."""

_ABSENT = frozenset({"no-class", "no-method", "inherited"})
"""Codes of hooks that a process has nothing to hook for, of private names too."""


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
        """Yield where on the wall clock events are missing: on both sides, where it was set back meanwhile."""
        if self.before_ns >= self.after_ns:
            yield self.after_ns, self.before_ns
        else:
            yield self.after_ns, self.after_ns + self.lasted_ns
            yield self.before_ns - self.lasted_ns, self.before_ns


class Origin(NamedTuple):
    """An event whose handling can start acts: an input, a state or wake-up, or a notification of no change."""

    position: int
    """In the session's columns."""
    trigger: int
    """Code in ``TRIGGERS``: what an act that names this event as its cause was set off by."""
    by_time: bool
    """Whether an act shortly after it may be its doing: not of a state that only says again what was known."""
    reason: str | None = None
    """Of a wake-up: one of ``WAKE_REASONS``."""


@dataclass(frozen=True, slots=True)
class RecordedSegment:
    """One attachment; ``first`` to ``stop`` (exclusive) are its positions in the session's columns."""

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
    """Probe → its last status in this segment."""
    handoffs: dict[str, EventFields] = field(default_factory=dict)
    """Way of handing work on, by symbol → its last status in this segment."""
    observers: set[str] = field(default_factory=set)
    """The change observers that were found or registered, by id."""
    found_observers: bool = False
    """Whether there were observers before the hooks: then the first contact was missed."""
    authorization: list[tuple[int, str | None]] = field(default_factory=list)
    """Position → status from there on; None after a loss, which can have been the answer."""
    states: list[tuple[int, int]] = field(default_factory=list)
    """Position → code in ``STATES`` from there on; unknown after a loss."""
    origins: list[Origin] = field(default_factory=list)
    """The origins that are not deliveries of a change, in order of position."""
    asleep: list[tuple[int, int]] = field(default_factory=list)
    """The positions between which the process was suspended."""
    loss_positions: list[int] = field(default_factory=list)
    """Of each of ``losses`` the position of the event after it: what is missing comes before that event."""

    @property
    def has_accounting(self) -> bool:
        """Whether the probe that sees the report's identifiers was in place."""
        return self.has_installed(ACCOUNTING)

    @property
    def skipped(self) -> list[EventFields]:
        """The probes that were not in place, by name; what the process does not have cannot be missed."""
        return [
            hook for _, hook in sorted(self.hooks.items()) if hook.status != "installed" and hook.absent is not True
        ]

    def has_installed(self, probe: str) -> bool:
        """Return whether a probe was in place."""
        hook = self.hooks.get(probe)
        return hook is not None and hook.status == "installed"

    def lacks_nothing_without(self, probe: str) -> bool:
        """Return whether a probe that was not in place would have had nothing to hook in this process."""
        hook = self.hooks.get(probe)
        return hook is not None and is_absent(hook)

    def intervals(self, marks: list[tuple[int, _Value]]) -> Iterator[tuple[int, int, _Value]]:
        """Turn (position, what holds from there on) into (first, stop, what holds)."""
        stops = [at for at, _ in marks[1:]] + [self.stop]
        for (start, value), stop in zip(marks, stops, strict=False):
            yield start, stop, value

    def is_assetsd(self) -> bool:
        """Return whether this is the system's photo daemon, which opens libraries for apps."""
        return self.role == "assetsd"


def is_absent(hook: EventFields) -> bool:
    """Return whether a probe was skipped because the process does not have what it would hook: nothing can be missed."""
    return hook.absent is True or hook.code in _ABSENT


def is_inherited(hook: EventFields) -> bool:
    """Return whether a probe was skipped because another one sees the same calls."""
    return bool(hook.code == "inherited")


def is_observing(row: EventFields) -> bool:
    """Return whether an event shows that an object of the app observes changes."""
    return row.internal is not True and _shows_change_observer(row) and isinstance(row.observer, dict)


def observer_id(row: EventFields) -> str | None:
    """Return what distinguishes an observer from the others of its segment."""
    return str(row.observer.get("id", row.observer.get("class"))) if isinstance(row.observer, dict) else None


def _shows_change_observer(row: EventFields) -> bool:
    return row.kind == "observer" and row.action in ("found", "registered") and row.type in (None, "change")


def segments_of(columns: EventColumns, session: int) -> list[RecordedSegment]:
    """Return the segments of one session, in order."""
    numbers, firsts = np.unique(columns.segment, return_index=True)
    stops = [*firsts[1:].tolist(), len(columns)][: len(firsts)]
    rows = iter(columns.rows)
    pending = next(rows, None)
    found = []
    for number, first, stop in zip(numbers.tolist(), firsts.tolist(), stops, strict=True):
        reader = SegmentReader(columns, session, number, first, stop)
        while pending is not None and pending[0] < stop:
            reader.read(*pending)
            pending = next(rows, None)
        found.append(reader.finish())
    return found


class SegmentReader:
    """Reads the rare events of one segment, in order; ``finish`` returns what they say."""

    def __init__(self, columns: EventColumns, session: int, number: int, first: int, stop: int) -> None:
        self._columns = columns
        self._session, self._number = session, number
        self._first, self._last = first, stop - 1
        self._identifier: str | None = None
        self._name: str | None = None
        self._role = "other"
        self._pid: int | None = None
        self._ready_at: int | None = None
        self._ended_at: int | None = None
        self._end_reason = "the recording ends"
        self._asleep_at: int | None = None
        self._suspended: list[tuple[int, int]] = []
        self._hooks: dict[str, EventFields] = {}
        self._handoffs: dict[str, EventFields] = {}
        self._observers: set[str] = set()
        self._registered: set[str] = set()
        self._found_observers = False
        self._authorization: list[tuple[int, str | None]] = []
        self._states: list[tuple[int, int]] = []
        self._origins: list[Origin] = []
        self._asleep: list[tuple[int, int]] = []
        self._started_here = False
        self._losses: list[tuple[int, Loss]] = []
        self._first_state: int | None = None

    def read(self, at: int, row: EventFields) -> None:
        """Read the event at a position."""
        match row.kind:
            case "process":
                self._read_process(at, row)
            case "hook" if isinstance(row.probe, str):
                row.code = hook_code(row.code, row.reason)
                self._hooks[row.probe] = row
                if row.probe == HANDOFF:
                    self._handoffs[str(row.symbol or HANDOFF)] = row
            case "observer" if row.internal is not True:
                self._read_observer(row)
            # Adding needs no reading, and is not logged. Source: PHAccessLevel 1 is add-only.
            case "authorization" if isinstance(row.status, str) and row.level not in ("add-only", "addOnly", 1):
                self._authorization.append((at, row.status))
            case "state":
                self._read_state(at, row)
            case "input" if row.internal is not True:
                self._origins.append(Origin(at, _TOUCH, by_time=True))
            case "notification" if row.internal is not True:
                self._origins.append(Origin(at, _CHANGE, by_time=True))
            case "lost":
                self._read_loss(at, row)

    def _read_process(self, at: int, row: EventFields) -> None:
        self._identifier = row.identifier if isinstance(row.identifier, str) else self._identifier
        self._name = row.name if isinstance(row.name, str) else self._name
        self._role = row.role if isinstance(row.role, str) else self._role
        self._pid = row.pid if row.pid.__class__ is int else self._pid
        # A recorder that starts the app, or that waited for its launch, says so; or the app runs on only once it is ready.
        # Where events are missing before, the app's falling asleep can be among them.
        self._started_here |= row.reason == LAUNCHED or (
            row.phase == "resumed" and self._asleep_at is None and self._is_whole(at)
        )
        match row.phase:
            case "ready" if self._ready_at is None:
                self._ready_at = at
            case "detached" | "exited" if self._ended_at is None:
                self._ended_at = at
                self._end_reason = f"{row.phase}: {row.reason}" if row.reason else row.phase
            case "suspended" if self._asleep_at is None:
                self._asleep_at = at
            case "resumed" if self._asleep_at is not None:
                self._wake(at)

    def _is_whole(self, at: int) -> bool:
        """Return whether no event of the segment is missing before a position."""
        seq = self._columns.seq
        return not self._losses and int(seq[at]) == at - self._first + 1

    def _read_state(self, at: int, row: EventFields) -> None:
        code = _STATE.get(row.value, 0) if isinstance(row.value, str) else 0
        reason = row.reason if isinstance(row.reason, str) else None
        self._states.append((at, code))
        if row.internal is True:
            return
        trigger = _ACTIVATION if reason is None else _LAUNCH if reason == LAUNCHED else _WAKE
        if self._first_state is None:
            self._first_state = len(self._origins)
        by_time = row.changed is not False and (reason is not None or row.value == "active")
        self._origins.append(Origin(at, trigger, by_time, reason if trigger == _WAKE else None))

    def _all_origins(self) -> list[Origin]:
        """Return the origins; the first state of a process that started in this segment is its launch."""
        if self._started_here and self._first_state is not None:
            first = self._origins[self._first_state]
            if first.trigger == _ACTIVATION:
                self._origins[self._first_state] = first._replace(trigger=_LAUNCH)
        return self._origins

    def _wake(self, at: int) -> None:
        wall_ns = self._columns.wall_ns
        self._asleep.append((self._asleep_at or 0, at))
        self._suspended.append((int(wall_ns[self._asleep_at]), int(wall_ns[at])))
        self._asleep_at = None

    def _read_observer(self, row: EventFields) -> None:
        name = observer_id(row)
        if row.action == "registered" and name is not None:
            self._registered.add(name)
        # Hooks that are set again list the observers again: one whose registration was seen was not missed.
        self._found_observers |= row.action == "found" and name not in self._registered
        if _shows_change_observer(row) and name is not None:
            self._observers.add(name)

    def _read_loss(self, at: int, row: EventFields) -> None:
        before, after = max(at - 1, self._first), min(at + 1, self._last)
        count = row.count if row.count.__class__ is int and row.count > 0 else 1
        self._losses.append((at, self._loss(before, after, count, f"lost: {row.reason}" if row.reason else "lost")))

    def finish(self) -> RecordedSegment:
        """Return the segment, once all its events are read."""
        end = self._last if self._ended_at is None else self._ended_at
        if self._asleep_at is not None:
            self._wake(end)
        holes = list(self._holes())
        losses = [*self._losses, *holes]
        return RecordedSegment(
            self._session,
            self._number,
            self._first,
            self._last + 1,
            identifier=self._identifier,
            role=self._role,
            pid=self._pid,
            name=self._name,
            end_reason=self._end_reason,
            covered=Intervals.union([] if self._ready_at is None else self._watched(self._ready_at, end)),
            suspended=self._suspended,
            losses=[loss for _, loss in losses],
            hooks=self._hooks,
            handoffs=self._handoffs,
            observers=self._observers,
            found_observers=self._found_observers,
            # By position alone, unknown first: an event at the position of a loss says again what the loss made unknown.
            authorization=sorted([*((at, None) for at, _ in losses), *self._authorization], key=itemgetter(0)),
            states=sorted([*((at, 0) for at, _ in losses), *self._states]),
            origins=self._all_origins(),
            asleep=self._asleep,
            loss_positions=sorted(
                [*(min(at + 1, self._last) for at, _ in self._losses), *(at for at, _ in holes)],
            ),
        )

    def _watched(self, ready: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the coverage, cut where the wall clock goes back, so that both sides count as they were stamped."""
        wall = self._columns.wall_ns[ready : end + 1]
        cuts = (np.flatnonzero(np.diff(wall) < 0) + 1).tolist()
        for start, stop in zip([0, *cuts], [*cuts, len(wall)], strict=True):
            if stop > start:
                yield int(wall[start]), int(wall[stop - 1])

    def _holes(self) -> Iterator[tuple[int, Loss]]:
        first, columns = self._first, self._columns
        seq = columns.seq[first : self._last + 1]
        if seq[0] > 1:
            start = int(columns.wall_ns[first])
            yield first, Loss(start, start, int(seq[0]) - 1, "hole in seq")
        for at in (np.flatnonzero(np.diff(seq) > 1) + first).tolist():
            missing = int(columns.seq[at + 1] - columns.seq[at]) - 1
            yield at + 1, self._loss(at, at + 1, missing, "hole in seq")

    def _loss(self, before: int, after: int, count: int, reason: str) -> Loss:
        """Return what is missing between the events at two positions."""
        wall_ns, mono_ns = self._columns.wall_ns, self._columns.mono_ns
        lasted_ns = max(0, int(mono_ns[after]) - int(mono_ns[before]))
        return Loss(int(wall_ns[before]), int(wall_ns[after]), count, reason, lasted_ns)


@dataclass(frozen=True, slots=True)
class CoverageGap:
    """An uncovered interval between two coverages of one identifier, within one session; ns."""

    from_ns: int
    to_ns: int
    identifier: str
    reason: str


def gaps_of(segments: list[RecordedSegment]) -> Iterator[CoverageGap]:
    """Yield the gaps of one session, by identifier and time."""
    by_identifier: dict[str, list[RecordedSegment]] = {}
    for segment in segments:
        if segment.identifier:
            by_identifier.setdefault(segment.identifier, []).append(segment)
    for identifier, mine in sorted(by_identifier.items()):
        losses = [loss for s in mine for loss in s.losses]
        reasons = {start: loss.reason for loss in losses for start, _ in loss.spans()}
        reasons |= {stop: s.end_reason for s in mine for _, stop in s.covered.pairs()[-1:] if stop not in reasons}
        covered = Intervals.union(pair for s in mine for pair in s.covered.pairs()).minus(
            Intervals.union(span for loss in losses for span in loss.spans())
        )
        for stop, start in zip(covered.stop[:-1].tolist(), covered.start[1:].tolist(), strict=True):
            yield CoverageGap(stop, start, identifier, reasons.get(stop, "not watched"))
