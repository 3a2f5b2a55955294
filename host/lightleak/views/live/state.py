"""What somebody who watches a recording wants to know, kept up with the events. Pure: a replay ends in the same state."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from lightleak.coverage import Coverage
from lightleak.events import NS_PER_S, Event
from lightleak.text import escaped
from lightleak.views.live.event_text import sentence
from lightleak.wording import elapsed

LAST = 12
"""Lines of the last events."""
RATE_S = 10
_NAME_MAX = 40


@dataclass(slots=True)
class LiveProcess:
    """One segment: a process as it stands."""

    segment: int
    name: str = "?"
    identifier: str | None = None
    pid: int | None = None
    phase: str = "attached"
    state: str = "unknown"
    events: int = 0
    hooks: dict[object, object] = field(default_factory=dict)
    """Probe → the status that its last event told."""
    observers: set[object] = field(default_factory=set)
    last: str = ""
    _seconds: deque[tuple[int, int]] = field(default_factory=deque)

    @property
    def over(self) -> bool:
        """Whether nothing more can come."""
        return self.phase in ("exited", "detached")

    def hooks_of(self, status: str) -> int:
        """Count the probes that are installed, or skipped."""
        return sum(told == status for told in self.hooks.values())

    def rate(self, now_ns: int) -> float:
        """Tell events a second over the last RATE_S of the device's time."""
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
class Said:
    """A line of the last events; what is said again and again is one line with a count."""

    event: Event
    """The latest of them."""
    words: str
    times: int = 1


@dataclass(slots=True)
class LiveState:
    """The whole recording as it stands."""

    processes: dict[int, LiveProcess] = field(default_factory=dict)
    """By segment: those that run, and those that ended since the last one began."""
    last: deque[Said] = field(default_factory=lambda: deque(maxlen=LAST))
    events: int = 0
    lost: int = 0
    began_ns: int | None = None
    now_ns: int = 0
    """The device's continuous clock at the latest event."""
    coverage: Coverage = field(default_factory=Coverage)

    @property
    def gaps(self) -> int:
        """Stretches that were not watched, by the events so far."""
        return self.coverage.gap_count

    def feed(self, events: Iterable[Event]) -> None:
        """Take events in the order of the file."""
        for event in events:
            self._take(event)

    def line(self, event: Event, said: str) -> str:
        """Write an event's line: when since the beginning, whose, what."""
        process = self.processes.get(event.segment)
        return f"{elapsed(self.began_ns or 0, event.mono_ns)}  {_short(process.name) if process else '?'}  {said}"

    def lines(self) -> list[str]:
        """Write the last events, the latest at the end."""
        return [
            self.line(said.event, said.words) + (f"  × {said.times}" if said.times > 1 else "") for said in self.last
        ]

    def _take(self, event: Event) -> None:
        process = self.processes.get(event.segment) or self._begin(event.segment)
        self.began_ns = event.mono_ns if self.began_ns is None else self.began_ns
        self.now_ns = max(self.now_ns, event.mono_ns)
        self.events += 1
        process.count(event.mono_ns)
        self.coverage.feed_event(event)
        self._note(event, process)
        words = sentence(event)
        if words is not None:
            process.last = words
            self._say(event, words)

    def _begin(self, segment: int) -> LiveProcess:
        # A week has thousands of launches: what ended before this one is of the past.
        self.processes = {number: each for number, each in self.processes.items() if not each.over}
        process = self.processes[segment] = LiveProcess(segment)
        return process

    def _say(self, event: Event, words: str) -> None:
        latest = self.last[-1] if self.last else None
        if latest is not None and (latest.event.segment, latest.words) == (event.segment, words):
            latest.event, latest.times = event, latest.times + 1
        else:
            self.last.append(Said(event, words))

    def _note(self, event: Event, process: LiveProcess) -> None:
        match event.kind:
            case "process":
                process.name = escaped(event.get("name") or process.name)
                process.identifier = event.get("identifier")
                process.pid = event.get("pid")
                process.phase = str(event.get("phase"))
            case "state":
                process.state = str(event.get("value"))
            case "hook":
                process.hooks[event.get("probe")] = event.get("status")
            case "observer":
                self._note_observer(event, process)
            case "lost":
                self.lost += event.get("count") or 0

    def _note_observer(self, event: Event, process: LiveProcess) -> None:
        observer = event.get("observer")
        name = str(observer.get("id")) if isinstance(observer, dict) else str(observer)
        if event.get("action") == "unregistered":
            process.observers.discard(name)
        else:
            process.observers.add(name)


def _short(name: str) -> str:
    return name if len(name) <= _NAME_MAX else f"{name[: _NAME_MAX - 1]}…"
