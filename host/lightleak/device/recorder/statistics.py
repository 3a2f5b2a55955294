"""Figures of a recording while it is made, for the summary at its end. Pure.

Separate because it counts what is in the file, not how it was written; the tests give it events only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lightleak.costs import Costs
from lightleak.coverage import Coverage
from lightleak.events import NS_PER_S, Event

_COUNTED = frozenset(("lost", "hook", "process", "delivery"))


@dataclass(slots=True)
class RecordingStats:
    """The figures of the summary."""

    events: int = 0
    segments: int = 0
    lost: int = 0
    """Events known to be lost."""
    faults: int = 0
    """Errors of the agent itself; each was also shown when it happened."""
    skipped: dict[str, str] = field(default_factory=dict)
    """Probe that was not installed when last tried → ``symbol (reason)``."""
    not_watched: int = 0
    """Handlers that could not be hooked: whether and what they were given is not known."""
    costs: Costs = field(default_factory=Costs)
    """Observer cost, by app."""
    _first_ns: int | None = None
    _last_ns: int = 0
    _coverage: Coverage = field(default_factory=Coverage)

    @property
    def duration_s(self) -> float:
        """Seconds from the first to the last event, by the device's clock."""
        return 0.0 if self._first_ns is None else (self._last_ns - self._first_ns) / NS_PER_S

    @property
    def gaps(self) -> int:
        """Number of gaps, as ``lightleak verify`` will list them."""
        return self._coverage.gap_count

    def feed(self, events: Sequence[Event]) -> None:
        """Count events, in the order of the file."""
        if not events:
            return
        self.events += len(events)
        self._first_ns = events[0].wall_ns if self._first_ns is None else self._first_ns
        self._last_ns = max(self._last_ns, events[-1].wall_ns)
        self.costs.feed(events)
        self._coverage.feed_events(events)
        for event in events:
            if event["kind"] in _COUNTED:
                self._count(event)

    def _count(self, event: Event) -> None:
        match event.kind:
            case "lost":
                self.lost += event["count"]
            case "hook":
                self._hook(event)
            case "delivery" if event.get("reason") is not None:
                self.not_watched += 1
            case "process" if event.get("phase") == "ready":
                self.segments += 1

    def _hook(self, event: Event) -> None:
        probe = str(event.get("probe"))
        if event.get("status") == "skipped":
            self.skipped[probe] = f"{event.get('symbol')} ({event.get('reason') or 'no reason given'})"
        elif event.get("status") == "installed":
            self.skipped.pop(probe, None)
