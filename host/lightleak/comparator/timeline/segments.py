"""What one attachment to one process saw, and where it could not see. Wall times of the device, ns.

When an app was watched, over all its segments, is in ``watched_time``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import NamedTuple, TypeVar

import numpy as np

from lightleak.app_names import app_of
from lightleak.arrays import Intervals, Ints
from lightleak.comparator.columns.decode import EventFields
from lightleak.comparator.columns.event_columns import EventColumns
from lightleak.coverage import clock_was_set
from lightleak.events import HOST_MADE, LAUNCHED, STATES, TRIGGERS
from lightleak.losses import Losses, lost_count
from lightleak.trace.hook_status import ABSENT_CODES
from lightleak.trace.migrate import hook_code

_Value = TypeVar("_Value")

_STATE: dict[str, int] = {name: code for code, name in enumerate(STATES)}
_CHANGE, _TOUCH, _WAKE, _LAUNCH, _ACTIVATION = map(TRIGGERS.index, ("change", "touch", "wake", "launch", "activation"))

AUTHORISED = frozenset({"authorized", "limited"})
"""Statuses with which the app can read. Source: PHAuthorizationStatus 3 and 4."""

HANDOFF = "handoff"
"""The probes that follow work to where it is handed on: one name, a symbol for each way of handing on."""

CALLBACK = "photo-library-change-observer.photo-library-did-change"
"""The probe of the callbacks of change observers: hooked on each class that implements it, as soon as the class is known."""

ACCOUNTING = "accounting"
"""The probe that sees the identifier which the report will show (contract, section 3)."""

PARTS_OF_APPS = ("app", "extension")
"""Roles of processes whose accounting is of a query; what others account for, they opened for an app."""
INSTALLED = "installed"
"""The status of a hook that is in place."""

REMOVED = "removed"
"""The status of a hook that is no longer in place."""

_LOOK_AHEAD = 1024
"""So many events at a time are looked at for one that shows that a process woke."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Events that are missing between two that are there."""

    after_ns: int
    before_ns: int
    count: int
    """How many events; 0 where the end of a process was not seen, and it is not known."""
    reason: str
    lasted_ns: int = 0
    """By the clock that never steps."""
    mono_ns: int = 0
    """When it began by the clock that never steps."""
    unseen_ns: int | None = None
    """Of a ``lost`` event, the time since the event before it by that clock."""

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
    stretches: list[tuple[int, int]] = field(default_factory=list)
    """From ``ready`` to its end, by the positions of the first and last event of each; cut where the wall clock was set."""
    covered: Intervals = field(default_factory=lambda: Intervals.union([]))
    """The same on the wall clock: what a step skipped is in none. Losses are not taken out."""
    ends_ns: tuple[int, int] | None = None
    """The wall time of its own begin and end: at these edges of ``covered`` no clock was set. None without coverage."""
    end_reason: str = "the recording ends"
    suspended: list[tuple[int, int]] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    hooks: dict[str, EventFields] = field(default_factory=dict)
    """Probe → its last status in this segment."""
    hook_marks: dict[str, list[tuple[int, EventFields]]] = field(default_factory=dict)
    """Probe → position → its status from there on."""
    removed: dict[str, EventFields] = field(default_factory=dict)
    """Probe → the first ``hook`` that says that it was removed while the process was watched."""
    handoffs: dict[str, EventFields] = field(default_factory=dict)
    """Way of handing work on, by symbol → its last status in this segment, or that it was removed."""
    observers: set[str] = field(default_factory=set)
    """The change observers that were found or registered, by id."""
    unreadable_observers: int = 0
    """How many times a change observer was found or registered that nothing distinguishes from others: it has no class and id."""
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
    def missing(self) -> Losses:
        """What is missing of it."""
        found = Losses()
        for loss in self.losses:
            found.add(loss.count, loss.unseen_ns)
        return found

    @property
    def skipped(self) -> list[EventFields]:
        """The probes that were not in place all the time, by name; what the process does not have cannot be missed."""
        return [
            self.removed.get(probe, hook)
            for probe, hook in sorted(self.hooks.items())
            if not self.has_installed(probe) and hook.absent is not True
        ]

    def has_installed(self, probe: str) -> bool:
        """Return whether a probe was in place all the time: installed, and never removed while the process was watched."""
        hook = self.hooks.get(probe)
        return hook is not None and hook.status == INSTALLED and probe not in self.removed

    def misses(self, probe: str) -> bool:
        """Return whether a probe that has a ``hook`` was not in place all the time, and could have seen something."""
        return not self.has_installed(probe) and not self.lacks_nothing_without(probe)

    def installed(self, probe: str) -> list[tuple[int, int]]:
        """Return the positions [first, stop) between which a probe was in place: from installed to removed."""
        marks = self.intervals(self.hook_marks.get(probe, []))
        return [(start, stop) for start, stop, hook in marks if hook.status == INSTALLED]

    def lacks_nothing_without(self, probe: str) -> bool:
        """Return whether a probe that was not in place would have had nothing to hook in this process."""
        hook = self.hooks.get(probe)
        return hook is not None and is_absent(hook) and probe not in self.removed

    def intervals(self, marks: list[tuple[int, _Value]]) -> Iterator[tuple[int, int, _Value]]:
        """Turn (position, what holds from there on) into (first, stop, what holds)."""
        stops = [at for at, _ in marks[1:]] + [self.stop]
        for (start, value), stop in zip(marks, stops, strict=False):
            yield start, stop, value

    @property
    def is_part_of_app(self) -> bool:
        """Whether this is an app's or an extension's process: it acts in its own name, and has a state. Its role says so."""
        return self.role in PARTS_OF_APPS

    def is_assetsd(self) -> bool:
        """Return whether this is the system's photo daemon, which opens libraries for apps."""
        return self.role == "assetsd"


def is_absent(hook: EventFields) -> bool:
    """Return whether a probe was skipped because the process does not have what it would hook: nothing can be missed."""
    return hook.absent is True or hook.code in ABSENT_CODES


def is_inherited(hook: EventFields) -> bool:
    """Return whether a probe was skipped because another one sees the same calls."""
    return bool(hook.code == "inherited")


def is_observing(row: EventFields) -> bool:
    """Return whether an event shows that an object of the app observes changes."""
    return _shows_change_observer(row) and isinstance(row.observer, dict)


def observer_id(row: EventFields) -> str | None:
    """Return what distinguishes an observer from the others of its segment."""
    return str(row.observer.get("id", row.observer.get("class"))) if isinstance(row.observer, dict) else None


def _shows_change_observer(row: EventFields) -> bool:
    return row.kind == "observer" and row.action in ("found", "registered") and row.type in (None, "change")


def segments_of(columns: EventColumns, session: int) -> list[RecordedSegment]:
    """Return the segments of one session, in order."""
    numbers, firsts = np.unique(columns.segment, return_index=True)
    cuts = set_positions(columns, or_back=True)
    stops = [*firsts[1:].tolist(), len(columns)][: len(firsts)]
    rows = iter(columns.rows)
    pending = next(rows, None)
    found = []
    for number, first, stop in zip(numbers.tolist(), firsts.tolist(), stops, strict=True):
        reader = SegmentReader(columns, session, number, slice(first, stop), cuts)
        while pending is not None and pending[0] < stop:
            reader.read(*pending)
            pending = next(rows, None)
        found.append(reader.finish())
    return found


def set_positions(columns: EventColumns, *, or_back: bool = False) -> Ints:
    """Return the positions of the events before which the wall clock was set, within a segment; ascending.

    or_back: also where it went back by less than a step.
    """
    wall_ns, mono_ns = np.diff(columns.wall_ns), np.diff(columns.mono_ns)
    was_set = clock_was_set(wall_ns, mono_ns)
    if or_back:
        was_set |= wall_ns < 0
    found: Ints = np.flatnonzero(was_set & (columns.segment[1:] == columns.segment[:-1])) + 1
    return found


class SegmentReader:
    """Reads the rare events of one segment, in order; ``finish`` returns what they say.

    What a framework did on its own is none of them: ``EventColumns.rows`` leaves it out.
    """

    def __init__(self, columns: EventColumns, session: int, number: int, where: slice, cuts: Ints) -> None:
        """Begin a segment. cuts: ascending positions of the events before which the wall clock was set, or went back."""
        self._columns = columns
        self._cuts = cuts
        self._session, self._number = session, number
        self._first, self._last = where.start, where.stop - 1
        self._identifier: str | None = None
        self._name: str | None = None
        self._role = "other"
        self._pid: int | None = None
        self._ready_at: int | None = None
        self._ended_at: int | None = None
        self._end_reason = "the recording ends"
        self._sleep_marks: list[tuple[int, str]] = []
        self._host_made: list[int] = []
        self._hooks: dict[str, EventFields] = {}
        self._hook_marks: dict[str, list[tuple[int, EventFields]]] = {}
        self._handoffs: dict[str, EventFields] = {}
        self._observers: set[str] = set()
        self._registered: set[str] = set()
        self._unreadable_observers = 0
        self._found_observers = False
        self._authorization: list[tuple[int, str | None]] = []
        self._states: list[tuple[int, int]] = []
        self._origins: list[Origin] = []
        self._started_here = False
        self._losses: list[tuple[int, Loss]] = []
        self._first_state: int | None = None

    def read(self, at: int, row: EventFields) -> None:
        """Read the event at a position."""
        if row.kind in HOST_MADE:
            self._host_made.append(at)
        match row.kind:
            case "process":
                self._read_process(at, row)
            case "hook" if isinstance(row.probe, str):
                row.code = hook_code(row.code, row.reason)
                self._hooks[row.probe] = row
                self._hook_marks.setdefault(row.probe, []).append((at, row))
                if row.probe == HANDOFF:
                    self._read_handoff(str(row.symbol or HANDOFF), row)
            case "observer":
                self._read_observer(row)
            # Adding needs no reading, and is not logged. Source: PHAccessLevel 1 is add-only.
            case "authorization" if isinstance(row.status, str) and row.level not in ("add-only", "addOnly", 1):
                self._authorization.append((at, row.status))
            case "state":
                self._read_state(at, row)
            case "input":
                self._origins.append(Origin(at, _TOUCH, by_time=True))
            case "notification":
                self._origins.append(Origin(at, _CHANGE, by_time=True))
            case "lost":
                self._read_loss(at, row)

    def _read_handoff(self, symbol: str, row: EventFields) -> None:
        """Take the status of a way of handing on; one that was removed for a while could not be followed all the time."""
        before = self._handoffs.get(symbol)
        if before is None or before.status != REMOVED:
            self._handoffs[symbol] = row

    def _read_process(self, at: int, row: EventFields) -> None:
        self._identifier = app_of(row.identifier) if isinstance(row.identifier, str) else self._identifier
        self._name = row.name if isinstance(row.name, str) else self._name
        self._role = row.role if isinstance(row.role, str) else self._role
        self._pid = row.pid if row.pid.__class__ is int else self._pid
        # A recorder that starts the app, or that waited for its launch, says so; or the app runs on only once it is ready.
        # Where events are missing before, the app's falling asleep can be among them.
        self._started_here |= row.reason == LAUNCHED or (
            row.phase == "resumed" and not self._sleep_marks and self._is_whole(at)
        )
        match row.phase:
            case "ready" if self._ready_at is None:
                self._ready_at = at
            case "detached" | "exited" if self._ended_at is None:
                self._ended_at = at
                self._end_reason = f"{row.phase}: {row.reason}" if row.reason else row.phase
            case "suspended" | "resumed":
                self._sleep_marks.append((at, row.phase))

    def _is_whole(self, at: int) -> bool:
        """Return whether no event of the segment is missing before a position."""
        seq = self._columns.seq
        return not self._losses and int(seq[at]) == at - self._first + 1

    def _read_state(self, at: int, row: EventFields) -> None:
        code = _STATE.get(row.value, 0) if isinstance(row.value, str) else 0
        reason = row.reason if isinstance(row.reason, str) else None
        self._states.append((at, code))
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

    def _sleeps(self, end: int) -> Iterator[tuple[int, int]]:
        """Yield the positions between which the process was suspended.

        To ``resumed`` or to the next event that only a running process makes: without one, to the end.
        """
        asleep: int | None = None
        for at, phase in [*self._sleep_marks, (end, "end")]:
            if asleep is not None:
                woke = self._first_running(asleep, at)
                if woke is None and phase != "suspended":
                    woke = at
                if woke is not None and woke > asleep:
                    yield asleep, woke
                    asleep = None
            if phase == "suspended" and asleep is None:
                asleep = at

    def _first_running(self, asleep: int, stop: int) -> int | None:
        """Return the position of the first event between two that only a running process makes; None without one.

        What was stamped before the process was suspended only came later. What a framework did on its own counts nowhere.
        """
        mono_ns, made, internal = self._columns.mono_ns, self._host_made, self._columns.uncounted
        for first in range(asleep + 1, stop, _LOOK_AHEAD):
            until = min(first + _LOOK_AHEAD, stop)
            is_running = mono_ns[first:until] >= mono_ns[asleep]
            is_running[[at - first for at in made[bisect_left(made, first) : bisect_left(made, until)]]] = False
            is_running[internal[slice(*np.searchsorted(internal, [first, until]))] - first] = False
            running = first + np.flatnonzero(is_running)
            if len(running):
                return int(running[0])
        return None

    def _read_observer(self, row: EventFields) -> None:
        name = observer_id(row)
        if row.action == "registered" and name is not None:
            self._registered.add(name)
        # Hooks that are set again list the observers again: one whose registration was seen was not missed.
        self._found_observers |= row.action == "found" and name not in self._registered
        if _shows_change_observer(row) and name is not None:
            self._observers.add(name)
        self._unreadable_observers += _shows_change_observer(row) and name is None

    def _read_loss(self, at: int, row: EventFields) -> None:
        before, after = max(at - 1, self._first), min(at + 1, self._last)
        count = lost_count(row.count, row.reason)
        reason = "cut short" if not count else f"lost: {row.reason}" if row.reason else "lost"
        mono_ns = self._columns.mono_ns
        unseen_ns = max(0, int(mono_ns[at]) - int(mono_ns[at - 1])) if at > self._first else None
        self._losses.append((at, replace(self._loss(before, after, count, reason), unseen_ns=unseen_ns)))

    def finish(self) -> RecordedSegment:
        """Return the segment, once all its events are read."""
        end = self._last if self._ended_at is None else self._ended_at
        wall_ns = self._columns.wall_ns
        asleep = list(self._sleeps(end))
        stretches = list(self._stretches(end))
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
            stretches=stretches,
            covered=Intervals.union((int(wall_ns[start]), int(wall_ns[stop])) for start, stop in stretches),
            ends_ns=(int(wall_ns[stretches[0][0]]), int(wall_ns[stretches[-1][1]])) if stretches else None,
            suspended=[(int(wall_ns[start]), int(wall_ns[stop])) for start, stop in asleep],
            losses=[loss for _, loss in losses],
            hooks=self._hooks,
            hook_marks=self._hook_marks,
            removed={
                probe: row
                for probe, marks in self._hook_marks.items()
                for at, row in reversed(marks)
                if row.status == REMOVED and at < end
            },
            handoffs=self._handoffs,
            observers=self._observers,
            unreadable_observers=self._unreadable_observers,
            found_observers=self._found_observers,
            # By position alone, unknown first: an event at the position of a loss says again what the loss made unknown.
            authorization=sorted([*((at, None) for at, _ in losses), *self._authorization], key=itemgetter(0)),
            states=sorted([*((at, 0) for at, _ in losses), *self._states]),
            origins=self._all_origins(),
            asleep=asleep,
            loss_positions=sorted(
                [*(min(at + 1, self._last) for at, _ in self._losses), *(at for at, _ in holes)],
            ),
        )

    def _stretches(self, end: int) -> Iterator[tuple[int, int]]:
        """Yield the coverage by positions, cut where the wall clock was set: each side counts as it was stamped."""
        if self._ready_at is None or end < self._ready_at:
            return
        first, last = np.searchsorted(self._cuts, [self._ready_at + 1, end + 1])
        cuts = self._cuts[first:last].tolist()
        for start, stop in zip([self._ready_at, *cuts], [*cuts, end + 1], strict=True):
            yield start, stop - 1

    def _holes(self) -> Iterator[tuple[int, Loss]]:
        first, columns = self._first, self._columns
        seq = columns.seq[first : self._last + 1]
        if seq[0] > 1:
            start = int(columns.wall_ns[first])
            yield first, Loss(start, start, int(seq[0]) - 1, "hole in seq", mono_ns=int(columns.mono_ns[first]))
        for at in (np.flatnonzero(np.diff(seq) > 1) + first).tolist():
            missing = int(columns.seq[at + 1] - columns.seq[at]) - 1
            yield at + 1, self._loss(at, at + 1, missing, "hole in seq")

    def _loss(self, before: int, after: int, count: int, reason: str) -> Loss:
        """Return what is missing between the events at two positions."""
        wall_ns, mono_ns = self._columns.wall_ns, self._columns.mono_ns
        lasted_ns = max(0, int(mono_ns[after]) - int(mono_ns[before]))
        return Loss(int(wall_ns[before]), int(wall_ns[after]), count, reason, lasted_ns, int(mono_ns[before]))
