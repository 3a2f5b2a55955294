"""Figures of a recording while it is made, for the summary at its end. Pure.

Separate because it counts what is in the file, not how it was written; the tests give it events only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lightleak.costs import Costs
from lightleak.coverage import Coverage
from lightleak.event_head import HeadRun
from lightleak.events import NS_PER_S, WAKE_REASONS, Event, counts_nowhere
from lightleak.losses import Losses
from lightleak.trace.hook_status import HookCounts
from lightleak.trace.line import decode_event
from lightleak.wording import plural

_COUNTED = frozenset(("hook", "process", "delivery", "input", "state"))


@dataclass(slots=True)
class RecordingStats:
    """The figures of the summary."""

    events: int = 0
    segments: int = 0
    faults: int = 0
    """Errors of the agent itself; each was also shown when it happened."""
    hooks: HookCounts = field(default_factory=HookCounts)
    not_watched: int = 0
    """Handlers that could not be hooked: whether and what they were given is not known."""
    inputs: int = 0
    """Touches and key presses that the apps were given."""
    wakes: int = 0
    """Times that the system woke an app, apart from launches."""
    caused: int = 0
    """Accesses that name the event that set them off."""
    costs: Costs = field(default_factory=Costs)
    """Observer cost, by app."""
    _first_ns: int | None = None
    _last_ns: int = 0
    _coverage: Coverage = field(default_factory=Coverage)

    @property
    def duration_s(self) -> float:
        """Seconds from the first to the last event, by the device's clock that never steps."""
        return 0.0 if self._first_ns is None else (self._last_ns - self._first_ns) / NS_PER_S

    @property
    def gaps(self) -> int:
        """Number of gaps, as ``lightleak verify`` will list them."""
        return self._coverage.gap_count

    @property
    def losses(self) -> Losses:
        """What is missing, as ``lightleak verify`` will count it."""
        return self._coverage.losses

    def seen(self) -> str | None:
        """Return what can set an app off and was seen, and how many accesses name it; None where there was none of it."""
        counts = (
            (self.inputs, "touch or key press", "touches and key presses"),
            (self.wakes, "wake-up by the system", "wake-ups by the system"),
            (self.caused, "access that names what set it off", "accesses that name what set them off"),
        )
        return ", ".join(plural(count, one, many) for count, one, many in counts if count) or None

    def feed(self, events: Sequence[Event]) -> None:
        """Count events, in the order of the file."""
        if not events:
            return
        self.events += len(events)
        self._first_ns = events[0].mono_ns if self._first_ns is None else self._first_ns
        self._last_ns = max(self._last_ns, events[-1].mono_ns)
        self.costs.feed(events)
        self._coverage.feed_events(events)
        for event in events:
            kind = event["kind"]
            if counts_nowhere(event):
                continue
            if kind in _COUNTED:
                self._count(event)
            elif kind == "access" and event.get("cause") is not None:
                self.caused += 1

    def feed_run(self, run: HeadRun, lines: Sequence[bytes]) -> None:
        """Count consecutive ordinary events of one segment as ``feed`` does, and decode only those that need it."""
        self.events += len(lines)
        (_, first_ns), (_, last_ns) = run.clocks
        self._first_ns = first_ns if self._first_ns is None else self._first_ns
        self._last_ns = max(self._last_ns, last_ns)
        self._coverage.feed_run(run)
        if run.causes.count(None) < len(run.causes):
            self.caused += len([h for h in run.heads if h.cause is not None and h.kind == "access" and not h.internal])
        if "delivery" in run.kinds:
            self.not_watched += len(
                [h for h in run.heads if h.reason is not None and h.kind == "delivery" and not h.internal]
            )
        for event in self.costs.feed_run(run, lines, decode_event):
            if event.kind in _COUNTED and not counts_nowhere(event):
                self._count(event)

    def _count(self, event: Event) -> None:
        match event.kind:
            case "hook":
                self.hooks.feed(event)
            case "delivery" if event.get("reason") is not None:
                self.not_watched += 1
            case "process" if event.get("phase") == "ready":
                self.segments += 1
            case "input":
                self.inputs += 1
            case "state" if event.get("reason") in WAKE_REASONS and event.get("changed") is not False:
                self.wakes += 1
