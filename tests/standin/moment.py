"""Times of the stand-in's device, on both clocks, as in an agent's events."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Moment:
    """A time on the wall clock, and on a clock that never steps and counts sleep, both in ns."""

    wall_ns: int
    mono_ns: int

    @classmethod
    def now(cls) -> Moment:
        """Read both clocks."""
        return cls(time.time_ns(), time.clock_gettime_ns(time.CLOCK_BOOTTIME))


@dataclass
class Stretches:
    """Intervals in which something held: watched, suspended. The last may be open."""

    spans: list[list[Moment | None]] = field(default_factory=list)

    def begin(self) -> None:
        """Start an interval, unless one is open."""
        if not self.spans or self.spans[-1][1] is not None:
            self.spans.append([Moment.now(), None])

    def end(self) -> None:
        """End the open interval, if there is one."""
        if self.spans and self.spans[-1][1] is None:
            self.spans[-1][1] = Moment.now()

    def covers(self, wall_ns: int) -> bool:
        """Return whether a time is in one of the intervals."""
        return any(
            begin is not None and begin.wall_ns <= wall_ns and (end is None or wall_ns <= end.wall_ns)
            for begin, end in self.spans
        )

    def touches(self, begin_ns: int, end_ns: int) -> bool:
        """Return whether one of the intervals overlaps this one."""
        return any(
            begin is not None and begin.wall_ns <= end_ns and (end is None or end.wall_ns >= begin_ns)
            for begin, end in self.spans
        )
