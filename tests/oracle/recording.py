"""The words of the contract's sections 1 and 3, read literally: segments, ladder, coverage, losses, sleep.

Separate because the verdicts (``reading.py``) are written in these words. Plain Python over lists of events, no index and no
array: slow, and short enough to be compared with the contract sentence by sentence.

``wall_ns`` and ``mono_ns`` run alike but where the wall clock is set. The contract does not say where between two events that
was; docs/verdicts.md: none of the time between them counts as watched.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

Event = dict[str, Any]
Span = tuple[int, int]

LADDER = ("notification", "open", "metadata", "thumbnail", "data", "upload")
ORIGINS = ("notification", "input", "state")
MS = 1_000_000

_HOST_EVENTS = ("clock", "mark", "lost", "process")
"""What the host writes also while a process cannot run."""


def app_of(accessor: str) -> str:
    """Return "the app without" its team prefix, "ten of A-Z0-9 and a dot"; docs/verdicts.md: in a trace, too."""
    return re.sub(r"^[A-Z0-9]{10}\.(?=.)", "", accessor)


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
        self.identifier = next((app_of(event["identifier"]) for event in whose if event.get("identifier")), None)
        self.losses = list(self._losses())
        self.stretches = list(self._stretches())
        self.watched = [(first["wall_ns"], last["wall_ns"]) for first, last in self.stretches]
        self.lost = list(self._lost())
        naps = list(self._sleeps())
        self.sleeps = [(a["wall_ns"], b["wall_ns"]) for a, b in naps if b["wall_ns"] > a["wall_ns"]]
        self.mono_sleeps = [(a["mono_ns"], b["mono_ns"]) for a, b in naps]

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

    def _stretches(self) -> Iterator[tuple[Event, Event]]:
        """Give "from ``process ready`` to ``detached``, ``exited`` or the segment's last event"; losses are not taken out.

        "Wall time that a step skipped … was not watched".
        """
        ready = [event for event in self.of_kind("process") if event["phase"] == "ready"]
        if not ready:
            return
        ends = [event for event in self.of_kind("process") if event["phase"] in {"detached", "exited"}]
        first, last = ready[0]["seq"], (ends or self.events[-1:])[0]["seq"]
        inside = [event for event in self.events if first <= event["seq"] <= last]
        since = inside[0]
        for before, after in itertools.pairwise(inside):
            if was_set(before, after):
                yield since, before
                since = after
        yield since, inside[-1]

    def saw(self, event: Event) -> bool:
        """Return whether an event is of the coverage, from the event ``ready`` to the end."""
        return any(first["seq"] <= event["seq"] <= last["seq"] for first, last in self.stretches)

    def _lost(self) -> Iterator[Span]:
        """Give the losses on the wall clock: on both sides, where that was set back meanwhile (docs/verdicts-measured.md)."""
        for before, after in self.losses:
            lasted = after["mono_ns"] - before["mono_ns"]
            if after["wall_ns"] >= before["wall_ns"]:
                yield before["wall_ns"], after["wall_ns"]
            else:
                yield before["wall_ns"], before["wall_ns"] + lasted
                yield after["wall_ns"] - lasted, after["wall_ns"]

    def _sleeps(self) -> Iterator[tuple[Event, Event]]:
        """Give ``suspended`` to ``resumed``, or to "the next event that only a running process makes"."""
        since: Event | None = None
        for event in self.seen():
            phase = event.get("phase") if event["kind"] == "process" else None
            if phase == "suspended":
                since = since or event
            elif since and (phase in {"resumed", "exited", "detached"} or event["kind"] not in _HOST_EVENTS):
                yield since, event
                since = None
        if since:
            yield since, self.events[-1]

    def awake(self, start: int, end: int) -> int:
        """Return the wall time between two moments in ns, where "time in which the process was suspended does not count"."""
        return end - start - sum(max(0, min(end, b) - max(start, a)) for a, b in self.sleeps)

    def awake_between(self, one: Event, two: Event) -> int:
        """Return the same between two events, by the clock that never steps."""
        start, end = one["mono_ns"], two["mono_ns"]
        return end - start - sum(max(0, min(end, b) - max(start, a)) for a, b in self.mono_sleeps)

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

    def states_at(self, moment: int) -> Iterator[str]:
        """Give the state in force at a moment; of a clock that was set back, there are several such moments."""
        for first, last in self.stretches:
            if first["wall_ns"] <= moment <= last["wall_ns"]:
                inside = (event for event in self.events if first["seq"] <= event["seq"] <= last["seq"])
                yield self.state_of([event for event in inside if event["wall_ns"] <= moment][-1])

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


def was_set(before: Event, after: Event) -> bool:
    """Return whether the wall clock was set between two events. docs/verdicts.md: by half a second, or back at all."""
    wall, mono = after["wall_ns"] - before["wall_ns"], after["mono_ns"] - before["mono_ns"]
    return wall < 0 or abs(wall - mono) > 500 * MS + mono // 1000


def without(spans: Iterable[Span], holes: Iterable[Span]) -> Iterator[Span]:
    """Give the spans without the holes, whose ends were seen."""
    for start, end in union(spans):
        at = start
        for hole_start, hole_end in union(holes):
            if at <= hole_start < end:
                yield at, hole_start
            if hole_start < end and hole_end >= at:
                at = hole_end
        if at <= end:
            yield at, end


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
