"""What holds at an event without being said in it: whose process the segment is, and the app's state in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lightleak.events import Event

STATES = ("active", "inactive", "background", "unknown")


@dataclass(slots=True)
class Here:
    """One segment up to now."""

    identifier: str | None = None
    name: str | None = None
    pid: int | None = None
    role: str | None = None
    state: str = "unknown"
    """In force; unknown before the first word of it, and after a loss."""
    seq: int = 0

    @property
    def app(self) -> str | None:
        """The identifier; the process's name where there is none."""
        return self.identifier or self.name


class Context:
    """Show it every event of a session, those of a segment in order of ``seq``; it answers with what holds there."""

    def __init__(self) -> None:
        self._segments: dict[int, Here] = {}

    def at(self, event: Event) -> Here:
        """Take an event, and tell what holds at it; a state or a name that it brings holds already."""
        here = self._segments.get(event["segment"])
        if here is None:
            here = self._segments[event["segment"]] = Here()
        if event["seq"] > here.seq + 1:
            here.state = "unknown"
        here.seq = event["seq"]
        kind = event["kind"]
        if kind == "process":
            _introduce(here, event)
        elif kind == "state":
            value = event.get("value")
            here.state = value if value in STATES else "unknown"
        elif kind == "lost":
            here.state = "unknown"
        return here


def _introduce(here: Here, event: dict[str, Any]) -> None:
    here.identifier = _text(event.get("identifier")) or here.identifier
    here.name = _text(event.get("name")) or here.name
    here.role = _text(event.get("role")) or here.role
    pid = event.get("pid")
    if type(pid) is int:
        here.pid = pid


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
