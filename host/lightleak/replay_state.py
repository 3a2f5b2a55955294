"""Follow what is true at an event without being in it: which process its segment is, and the app's state.

For readers of streaming events. ``lightleak.comparator.timeline.segments`` has the same in columns.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lightleak.app_names import app_of
from lightleak.events import STATES, Event, counts_nowhere
from lightleak.origins import OriginLog

_CHANGING = frozenset({"process", "state", "lost", "notification", "input"})
"""The kinds of events that change it."""


@dataclass(slots=True)
class SegmentState:
    """What is true in one segment at its latest event."""

    identifier: str | None = None
    name: str | None = None
    pid: int | None = None
    role: str | None = None
    state: str = "unknown"
    """The app's state; unknown before the first ``state`` event, and after a loss or a hole in the numbers."""
    seq: int = 0
    mono_ns: int | None = None
    """The device's steady clock at the event; None before the first."""
    unseen_ns: int | None = None
    """At a loss, the time since the event before it, by that clock: how long something can have been missed."""
    origins: OriginLog = field(default_factory=OriginLog)
    """The origins up to here: what an act's ``cause`` names."""

    @property
    def app(self) -> str | None:
        """The identifier, or the process's name without one."""
        return self.identifier or self.name

    def feed(self, event: Event) -> None:
        """Take the segment's next event; a state or a name in it is true at the event already."""
        seq = event["seq"]
        if seq > self.seq + 1:
            self.state = "unknown"
            self.origins.note_missing()
        self.seq = seq
        kind = event["kind"]
        before_ns, self.mono_ns = self.mono_ns, event["mono_ns"]
        if kind not in _CHANGING or counts_nowhere(event):
            return
        self.origins.feed(event)
        if kind == "process":
            self._name(event)
        elif kind == "state":
            value = event.get("value")
            self.state = value if value in STATES else "unknown"
        elif kind == "lost":
            self.state = "unknown"
            self.unseen_ns = None if before_ns is None else max(0, event["mono_ns"] - before_ns)

    def _name(self, event: Event) -> None:
        identifier = _text(event.get("identifier"))
        self.identifier = app_of(identifier) if identifier else self.identifier
        self.name = _text(event.get("name")) or self.name
        self.role = _text(event.get("role")) or self.role
        pid = event.get("pid")
        if type(pid) is int:
            self.pid = pid


class ReplayState:
    """The state of all segments: feed it every event of a session, those of a segment in order of ``seq``."""

    def __init__(self) -> None:
        self._segments: dict[int, SegmentState] = {}

    def at(self, event: Event) -> SegmentState:
        """Take an event, and return the state of its segment at it."""
        segment = self._segments.get(event["segment"])
        if segment is None:
            segment = self._segments[event["segment"]] = SegmentState()
        segment.feed(event)
        return segment


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
