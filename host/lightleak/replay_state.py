"""Follow what holds at an event without being said in it: whose process the segment is, and the app's state in force.

For readers of events as they stream by. ``lightleak.comparator.timeline.segments`` has the same in columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lightleak.events import STATES, Event

_CHANGING = frozenset({"process", "state", "lost"})
"""Kinds of events that change what holds."""


@dataclass(slots=True)
class SegmentState:
    """One segment up to now."""

    identifier: str | None = None
    name: str | None = None
    pid: int | None = None
    role: str | None = None
    state: str = "unknown"
    """In force; unknown before the first ``state`` event, and after a loss or a hole in the numbers."""
    seq: int = 0

    @property
    def app(self) -> str | None:
        """The identifier; the process's name where there is none."""
        return self.identifier or self.name

    def take(self, event: Event) -> None:
        """Take the segment's next event; a state or a name that it brings holds already."""
        seq = event["seq"]
        if seq > self.seq + 1:
            self.state = "unknown"
        self.seq = seq
        kind = event["kind"]
        if kind not in _CHANGING:
            return
        if kind == "process":
            self._name(event)
        elif kind == "state":
            value = event.get("value")
            self.state = value if value in STATES else "unknown"
        elif kind == "lost":
            self.state = "unknown"

    def _name(self, event: Event) -> None:
        self.identifier = _text(event.get("identifier")) or self.identifier
        self.name = _text(event.get("name")) or self.name
        self.role = _text(event.get("role")) or self.role
        pid = event.get("pid")
        if type(pid) is int:
            self.pid = pid


class ReplayState:
    """Give it every event of a session, those of a segment in order of ``seq``; it answers with what holds there."""

    def __init__(self) -> None:
        self._segments: dict[int, SegmentState] = {}

    def at(self, event: Event) -> SegmentState:
        """Take an event, and return what holds at it."""
        here = self._segments.get(event["segment"])
        if here is None:
            here = self._segments[event["segment"]] = SegmentState()
        here.take(event)
        return here


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
