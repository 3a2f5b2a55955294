"""The state of a recording, updated by its events alone, so that a replay ends in the same state."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from lightleak.coverage import Coverage
from lightleak.events import HOST_MADE, NS_PER_S, Event, counts_nowhere
from lightleak.losses import Losses
from lightleak.origins import OriginLog
from lightleak.text import escaped
from lightleak.trace.hook_status import status_of
from lightleak.views.live.event_text import REPEATED, sentence
from lightleak.wording import elapsed

LAST = 12
"""How many of the last events are kept."""
RATE_S = 10
_NAME_MAX = 40


@dataclass(slots=True)
class LiveProcess:
    """One segment: the current state of a process."""

    segment: int
    name: str = "?"
    identifier: str | None = None
    pid: int | None = None
    phase: str = "attached"
    asleep_ns: int = 0
    """When it was last suspended, by the clock that never steps."""
    state: str = "unknown"
    events: int = 0
    hooks: dict[object, object] = field(default_factory=dict)
    """Probe → status in its last event."""
    observers: set[object] = field(default_factory=set)
    inputs: int = 0
    """Touches and key presses that the app was given."""
    cpu_ns: int | None = None
    footprint_bytes: int | None = None
    """What the process has used so far, and now; None where the system gives no figure."""
    origins: OriginLog = field(default_factory=OriginLog)
    last: str = ""
    _seconds: deque[tuple[int, int]] = field(default_factory=deque)

    @property
    def over(self) -> bool:
        """Whether no more events can come."""
        return self.phase in ("exited", "detached")

    def hooks_of(self, status: str) -> int:
        """Return how many probes have a status: ``installed``, ``missing``, or ``absent`` where there is nothing to hook."""
        return list(self.hooks.values()).count(status)

    def rate(self, now_ns: int) -> float:
        """Return events per second over the last RATE_S of the device's time."""
        since = now_ns // NS_PER_S - RATE_S
        return sum(count for second, count in self._seconds if second > since) / RATE_S

    def count(self, mono_ns: int) -> None:
        """Count an event."""
        self.events += 1
        second = mono_ns // NS_PER_S
        if self._seconds and self._seconds[-1][0] == second:
            self._seconds[-1] = (second, self._seconds[-1][1] + 1)
        else:
            self._seconds.append((second, 1))
        while self._seconds[0][0] <= second - RATE_S:
            self._seconds.popleft()


@dataclass(slots=True)
class RecentEvent:
    """One of the last events; the same text again and again is one line with a count."""

    event: Event
    """The latest of them."""
    text: str
    name: str
    """Its process's: that may be forgotten by the time that this is shown."""
    times: int = 1


@dataclass(slots=True)
class LiveState:
    """The current state of the whole recording."""

    processes: dict[int, LiveProcess] = field(default_factory=dict)
    """By segment: those that run, and those that ended since the last one started."""
    last: deque[RecentEvent] = field(default_factory=lambda: deque(maxlen=LAST))
    events: int = 0
    started_ns: int | None = None
    now_ns: int = 0
    """The device's continuous clock at the latest event."""
    coverage: Coverage = field(default_factory=Coverage)
    _ended: set[int] = field(default_factory=set)
    """Those of ``processes`` that ended."""

    @property
    def losses(self) -> Losses:
        """What the events so far show to be missing."""
        return self.coverage.losses

    @property
    def gaps(self) -> int:
        """How many gaps the events so far show."""
        return self.coverage.gap_count

    def feed(self, events: Iterable[Event]) -> None:
        """Update the state. events: in the order of the file."""
        for event in events:
            self._feed_one(event)

    def line(self, event: Event, text: str) -> str:
        """Return an event's line: time since the start, process, text."""
        process = self.processes.get(event.segment)
        return self._line(event, process.name if process else "?", text)

    def _line(self, event: Event, name: str, text: str) -> str:
        return f"{elapsed(self.started_ns or 0, event.mono_ns)}  {_short(name)}  {text}"

    def lines(self) -> list[str]:
        """Return the lines of the last events, the latest at the end."""
        return [
            self._line(recent.event, recent.name, recent.text) + (f"  × {recent.times}" if recent.times > 1 else "")
            for recent in self.last
        ]

    def text_of(self, event: Event) -> str | None:
        """Return what happened, and because of which event, or None for an event that only programs need."""
        process = self.processes.get(event.segment)
        unseen_ns = self.coverage.segments[event.segment].losses.unseen_ns if event.kind == "lost" else None
        return sentence(event, process.origins if process else None, unseen_ns=unseen_ns)

    def _feed_one(self, event: Event) -> None:
        process = self.processes.get(event.segment) or self._begin(event.segment)
        self.started_ns = event.mono_ns if self.started_ns is None else self.started_ns
        self.now_ns = max(self.now_ns, event.mono_ns)
        self.events += 1
        process.count(event.mono_ns)
        self.coverage.feed_event(event)
        self._update(event, process)
        text = None if event.kind in REPEATED else self.text_of(event)
        if text is not None:
            process.last = text
            self._add_recent(event, text, process.name)

    def _begin(self, segment: int) -> LiveProcess:
        # A week has thousands of launches: forget what ended before this one.
        for number in self._ended:
            del self.processes[number]
        self._ended.clear()
        process = self.processes[segment] = LiveProcess(segment)
        return process

    def _add_recent(self, event: Event, text: str, name: str) -> None:
        latest = self.last[-1] if self.last else None
        if latest is not None and (latest.event.segment, latest.text) == (event.segment, text):
            latest.event, latest.name, latest.times = event, name, latest.times + 1
        else:
            self.last.append(RecentEvent(event, text, name))

    def _update(self, event: Event, process: LiveProcess) -> None:
        process.origins.feed(event)
        if counts_nowhere(event):
            return
        if process.phase == "suspended" and event.kind not in HOST_MADE and event.mono_ns >= process.asleep_ns:
            process.phase = "resumed"  # only a running process makes it, as in the model of watched time
        match event.kind:
            case "input":
                process.inputs += 1
            case "usage":
                process.cpu_ns = _figure(event.get("cpu_ns"))
                process.footprint_bytes = _figure(event.get("footprint_bytes"))
            case "process":
                process.name = escaped(event.get("name") or process.name)
                process.identifier = event.get("identifier")
                process.pid = event.get("pid")
                process.phase = str(event.get("phase"))
                process.asleep_ns = event.mono_ns if process.phase == "suspended" else process.asleep_ns
                (self._ended.add if process.over else self._ended.discard)(process.segment)
            case "state":
                process.state = str(event.get("value"))
            case "hook":
                process.hooks[str(event.get("probe"))] = status_of(event)
            case "observer":
                self._update_observer(event, process)

    def _update_observer(self, event: Event, process: LiveProcess) -> None:
        observer = event.get("observer")
        name = str(observer.get("id")) if isinstance(observer, dict) else str(observer)
        if event.get("action") == "unregistered":
            process.observers.discard(name)
        else:
            process.observers.add(name)


def _figure(value: object) -> int | None:
    return value if type(value) is int and 0 <= value < 1 << 62 else None


def _short(name: str) -> str:
    return name if len(name) <= _NAME_MAX else f"{name[: _NAME_MAX - 1]}…"
