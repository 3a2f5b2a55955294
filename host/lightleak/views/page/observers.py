"""The library's observers: who registered them, how often they were called, and what that cost.

Separate because it is a state of its own, fed one event at a time, and knows no page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

LARGEST = 1 << 52
"""Up to here a number is exact in a browser too; 52 days in ns."""


class ObserverEvent(Protocol):
    """The keys of an event that are read here."""

    kind: str
    segment: int
    seq: int
    wall_ns: int
    cause: Any
    of: Any
    duration_ns: Any
    cpu_ns: Any
    observer: Any
    action: Any
    type: Any
    caller: Any
    stack: Any


@dataclass(slots=True)
class PageObserver:
    """One object in one segment."""

    session: int
    segment: int
    key: str
    cls: str
    image: str
    type: str
    action: str = "seen"
    """How it was first seen: found, registered, or only by its notifications."""
    wall_ns: int = 0
    caller: Any = None
    stack: Any = None
    unregistered_ns: int | None = None
    deliveries: int = 0
    duration_ns: int = 0
    cpu_ns: int = 0
    timed: int = 0
    """Notifications whose return was seen: only these have a cost."""
    accesses: int = 0
    """Accesses inside these callbacks."""


@dataclass(slots=True)
class ObserverBook:
    """Observers in the order in which they were first seen."""

    observers: dict[tuple[int, int, str], PageObserver] = field(default_factory=dict)
    _notified: dict[tuple[int, int, int], PageObserver] = field(default_factory=dict)

    def enter(self, session: int, event: ObserverEvent) -> None:
        """Add an event. Events come in the order of seq."""
        if event.kind == "observer":
            self._appear(session, event)
        elif event.kind == "notification" and event.type != "unavailable":
            called = self._one(session, event)
            called.deliveries += 1
            self._notified[(session, event.segment, event.seq)] = called
        elif event.kind == "access" and event.cause.__class__ is int:
            if one := self._notified.get((session, event.segment, event.cause)):
                one.accesses += 1
        elif event.kind == "return" and event.of.__class__ is int:
            self._add_return(session, event)

    def _add_return(self, session: int, event: ObserverEvent) -> None:
        if one := self._notified.get((session, event.segment, event.of)):
            one.timed += 1
            one.duration_ns += sane(event.duration_ns)
            one.cpu_ns += sane(event.cpu_ns)

    def _appear(self, session: int, event: ObserverEvent) -> None:
        one = self._one(session, event)
        if event.action == "unregistered":
            one.unregistered_ns = event.wall_ns
        elif one.action == "seen":
            one.action, one.wall_ns = str(event.action), event.wall_ns
            one.caller, one.stack = event.caller, event.stack

    def _one(self, session: int, event: ObserverEvent) -> PageObserver:
        who = event.observer if isinstance(event.observer, dict) else {}
        kind = str(who.get("class") or "?")
        key = (session, event.segment, str(who.get("id") or kind))
        if key not in self.observers:
            kind_of = str(event.type or "change")
            self.observers[key] = PageObserver(
                session, event.segment, key[2], kind, str(who.get("image") or ""), kind_of, wall_ns=event.wall_ns
            )
        return self.observers[key]


def sane(value: Any) -> int:
    """Return a count or a duration of a trace; 0 when it is not a number, or impossibly large."""
    return value if value.__class__ is int and 0 <= value < LARGEST else 0
