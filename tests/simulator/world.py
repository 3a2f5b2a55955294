"""The simulated world: processes, their calls, and the entries that the phone writes. Times: s on a clock that never steps."""

from __future__ import annotations

from dataclasses import dataclass, field

LADDER = ("none", "notification", "open", "metadata", "thumbnail", "data")


@dataclass(eq=False, slots=True)
class Origin:
    """An event whose handling can start acts, apart from notifications, which are calls."""

    at: float
    life: Life
    trigger: str
    """What an act that it started was set off by: touch, wake, launch or activation."""
    reason: str | None = None
    """Of a wake."""


@dataclass(eq=False, slots=True)
class Call:
    """One call of a process, or one event that happened to it."""

    at: float
    life: Life
    depth: str
    """A word of the ladder, or write or picker, which are not on it."""
    act: int
    """The number of the act to which it belongs: a launch, a look at an album, a wake."""
    observer: bool = False
    """Whether the call is the registration of an observer."""
    inside: Call | None = None
    """The notification in whose callback it was made."""
    rebinds: bool = False
    """Whether the connection to assetsd had been lost before it."""
    origin: Call | Origin | None = None
    """What really set it off; None: a timer of its own. Set in weeks with origins."""
    followed: bool = True
    """Whether the agent followed the work from its origin; False: the hand-off escaped it."""


@dataclass(eq=False, slots=True)
class Life:
    """One process from start to end."""

    identifier: str | None
    role: str
    pid: int
    born: float
    accessor: str = ""
    """The identifier under which the report lists it."""
    died: float = 0.0
    ending: str = "exited"
    asleep: list[tuple[float, float]] = field(default_factory=list)
    states: list[tuple[float, str]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    first: Call | None = None
    """The first contact with the library."""
    origins: list[Origin] = field(default_factory=list)
    """In weeks with origins, by time."""

    def awake(self, at: float) -> bool:
        """Return whether the process can run."""
        return self.born <= at <= self.died and not any(a <= at < b for a, b in self.asleep)

    def next_awake(self, at: float) -> float | None:
        """Return the first time from ``at`` on at which the process runs, or None."""
        at = max(at, self.born)
        for start, stop in self.asleep:
            if start <= at < stop:
                at = stop
        return at if at < self.died else None

    def run(self, at: float, for_s: float) -> float | None:
        """Let the process run for some time. Return the time afterwards, or None if it ends before."""
        for start, stop in self.asleep:
            if stop <= at:
                continue
            if at + for_s < start:
                break
            for_s -= max(0.0, start - at)
            at = stop
        return at + for_s if at + for_s < self.died else None

    def state_at(self, at: float) -> str:
        """Return the app's state."""
        return next((value for when, value in reversed(self.states) if when <= at), "unknown")


@dataclass(eq=False, slots=True)
class Mark:
    """One accounting event in the process that logs it."""

    at: float
    life: Life
    phase: str
    identifier: str
    call: Call | None = None
    """The last access that the process had logged by then."""


@dataclass(eq=False, slots=True)
class Entry:
    """One entry of the report, and why it really exists."""

    identifier: str
    accessor: str
    writer: str
    """app, assetsd or picker."""
    maker: Call | None
    """The call that caused it."""
    begin: float
    end: float | None = None
    marks: list[Mark] = field(default_factory=list)
    continues: Entry | None = None
    """The entry of the same access before the accounting daemon restarted."""
    finalised: float | None = None
    """When the phone went down, if the end was written at the next start."""
