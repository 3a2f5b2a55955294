"""The words of the contract's sections 1 and 3, read literally: segments, ladder, coverage, losses, sleep.

Separate because the verdicts (``reading.py``) are written in these words. Plain Python over lists of events, no index and no
array: slow, and short enough to be compared with the contract sentence by sentence.

The wall clock of these recordings is never set, so ``wall_ns`` and ``mono_ns`` run alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

Event = dict[str, Any]
Span = tuple[int, int]

LADDER = ("notification", "open", "metadata", "thumbnail", "data", "upload")
ORIGINS = ("notification", "input", "state")
MS = 1_000_000

_HOST_EVENTS = ("clock", "mark", "lost", "process")
"""What the host writes also while a process cannot run."""


def step_of(event: Event) -> str | None:
    """Return the step of the ladder that an event is on: "depth of an event"."""
    kind = event["kind"]
    if event.get("internal"):
        return None  # "is not the app's", and "counts nowhere, of every kind"
    if kind == "notification" and event.get("type") != "unavailable":
        return "notification"
    if kind == "observer" and event.get("action") == "registered":
        return "open"
    if kind == "authorization" and event.get("action") == "asked":
        return "open"
    if kind == "access" and event.get("depth") in LADDER:
        return str(event["depth"])
    return None


def at_least(step: str | None, other: str) -> bool:
    """Return whether a step is another one, or a deeper one."""
    return step is not None and LADDER.index(step) >= LADDER.index(other)


class Segment:
    """One attachment to one process."""

    def __init__(self, session: int, number: int, events: list[Event]) -> None:
        self.session = session
        self.number = number
        self.events = sorted(events, key=lambda event: event["seq"])
        whose = [event for event in self.events if event["kind"] == "process"]
        self.role = next((event["role"] for event in whose if event.get("role")), "other")
        self.identifier = next((event["identifier"] for event in whose if event.get("identifier")), None)
        self.losses = list(self._losses())
        self.covered = list(self._covered())
        self.sleeps = list(self._sleeps())

    def seen(self) -> Iterator[Event]:
        """Give what counts: "an event that a framework made inside another hooked call … is not the app's"."""
        return (event for event in self.events if not event.get("internal"))

    def of_kind(self, kind: str) -> list[Event]:
        return [event for event in self.seen() if event["kind"] == kind]

    def name(self, event: Event) -> str:
        """Return N:SEGMENT:SEQ."""
        return f"{self.session}:{self.number}:{event['seq']}"

    def _losses(self) -> Iterator[tuple[Event, Event]]:
        """Give "a ``lost`` event or a hole in ``seq``" as the event before it and the event after it."""
        for index, event in enumerate(self.events):
            before = self.events[max(index - 1, 0)]
            after = self.events[min(index + 1, len(self.events) - 1)]
            if event["kind"] == "lost":
                yield before, after
            elif index and event["seq"] > before["seq"] + 1:
                yield before, event

    def _covered(self) -> Iterator[Span]:
        """Give "from ``process ready`` to ``detached``, ``exited`` or the segment's last event", without the losses."""
        ready = [event for event in self.of_kind("process") if event["phase"] == "ready"]
        if not ready:
            return
        ends = [event for event in self.of_kind("process") if event["phase"] in {"detached", "exited"}]
        until = (ends or self.events[-1:])[0]["wall_ns"]
        at = ready[0]["wall_ns"]
        for before, after in self.losses:
            # two losses that touch are one: the moment between them has no length
            if before["wall_ns"] > at or before["wall_ns"] == ready[0]["wall_ns"]:
                yield at, min(before["wall_ns"], until)
            at = max(at, after["wall_ns"])
        if at <= until:
            yield at, until

    def _sleeps(self) -> Iterator[Span]:
        """Give ``suspended`` to ``resumed``, or to "the next event that only a running process makes"."""
        since: int | None = None
        for event in self.events:
            phase = event.get("phase") if event["kind"] == "process" else None
            if phase == "suspended":
                since = event["wall_ns"] if since is None else since
            elif since is not None and (phase == "resumed" or event["kind"] not in _HOST_EVENTS):
                yield since, event["wall_ns"]
                since = None
        if since is not None:
            yield since, self.events[-1]["wall_ns"]

    def awake(self, start: int, end: int) -> int:
        """Return the time between two moments in ns, where "time in which the process was suspended does not count"."""
        return end - start - sum(max(0, min(end, b) - max(start, a)) for a, b in self.sleeps)

    def first_contact(self) -> Event | None:
        """Return "the earliest registration, ``open`` or ``metadata`` event of a segment that has no ``observer found``"."""
        registered = set()
        for event in self.of_kind("observer"):
            observer = (event.get("observer") or {}).get("id")
            if event.get("action") == "registered":
                registered.add(observer)
            # the contract is silent on an observer that is found after it registered in view: nothing new is known then
            if event.get("action") == "found" and observer not in registered:
                return None
        return next((event for event in self.seen() if step_of(event) in {"open", "metadata"}), None)

    def accounting_installed(self, event: Event) -> bool:
        """Return whether "a probe watched from its ``hook`` installed to its ``hook`` removed" at an event."""
        hooks = [h for h in self.of_kind("hook") if h["probe"] == "accounting" and h["seq"] <= event["seq"]]
        return bool(hooks) and hooks[-1]["status"] == "installed"

    def started_here(self) -> bool:
        """Return whether the process started in this segment."""
        return any(event.get("reason") == "launch" for event in self.of_kind("process"))

    def state_at(self, moment: int) -> str:
        """Return the state in force at a moment."""
        return self._last_state([event for event in self.events if event["wall_ns"] <= moment])

    def state_of(self, event: Event) -> str:
        """Return the state in force at an event."""
        return self._last_state([other for other in self.events if other["seq"] <= event["seq"]])

    def _last_state(self, until: list[Event]) -> str:
        """Return the last state that was seen. The contract is silent on losses: a change may have been lost, so unknown."""
        state = "unknown"
        seen_again = {after["seq"] for _, after in self.losses}
        for event in until:
            if event["seq"] in seen_again:
                state = "unknown"
            if event["kind"] == "state" and not event.get("internal"):
                state = str(event["value"])
        return state


class Seen(NamedTuple):
    """An event and the segment that it is of."""

    segment: Segment
    event: Event

    @property
    def at(self) -> int:
        return int(self.event["wall_ns"])

    @property
    def name(self) -> str:
        return self.segment.name(self.event)

    @property
    def order(self) -> tuple[int, int, int, int]:
        return self.at, self.segment.session, self.segment.number, self.event["seq"]


def segments_of(sessions: Iterable[list[Event]]) -> list[Segment]:
    """Return the segments of the sessions, N from 1 "in argument order"."""
    found = []
    for n, events in enumerate(sessions, 1):
        numbers = sorted({event["segment"] for event in events})
        found += [Segment(n, number, [event for event in events if event["segment"] == number]) for number in numbers]
    return found


def union(spans: Iterable[Span]) -> list[Span]:
    """Return the same time as spans that do not touch, in order."""
    whole: list[Span] = []
    for a, b in sorted(spans):
        if whole and a <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(b, whole[-1][1]))
        else:
            whole.append((a, b))
    return whole


def within(spans: Iterable[Span], start: int, end: int) -> int:
    """Return how much of a stretch lies in the spans, in ns."""
    return sum(max(0, min(end, b) - max(start, a)) for a, b in union(spans))


def covers(spans: Iterable[Span], moment: int) -> bool:
    """Return whether a moment is covered: from the first event to the last one, both of which were seen."""
    return any(a <= moment <= b for a, b in spans)
