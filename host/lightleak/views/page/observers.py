"""Who watches the library, who registered them, how often they were called, and what that cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

LARGEST = 1 << 52
"""Up to which a number is exact in a browser, too; 52 days in ns."""


class ObserverEvent(Protocol):
    """The part of an event that matters here."""

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
    """Notifications whose return was seen: the cost is theirs."""
    accesses: int = 0
    """What the app did inside these callbacks."""


@dataclass(slots=True)
class ObserverBook:
    """Observers in the order in which they were first seen."""

    observers: dict[tuple[int, int, str], PageObserver] = field(default_factory=dict)
    _notified: dict[tuple[int, int, int], PageObserver] = field(default_factory=dict)

    def enter(self, session: int, event: ObserverEvent) -> None:
        """Take an event into account, in the order of seq."""
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
            self._come_back(session, event)

    def _come_back(self, session: int, event: ObserverEvent) -> None:
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
    """Read a count or a duration of a trace; 0 where it is none, or larger than any can be."""
    return value if value.__class__ is int and 0 <= value < LARGEST else 0
