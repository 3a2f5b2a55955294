"""Times of the stand-in's device: both clocks at once, as an agent stamps its events."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Moment:
    """Wall clock and a clock that never steps and counts sleep, both in ns."""

    wall_ns: int
    mono_ns: int

    @classmethod
    def now(cls) -> Moment:
        """Read both clocks."""
        return cls(time.time_ns(), time.clock_gettime_ns(time.CLOCK_BOOTTIME))


@dataclass
class Stretches:
    """Stretches of time that begin and end: watched, suspended. The last may be open."""

    spans: list[list[Moment | None]] = field(default_factory=list)

    def begin(self) -> None:
        """Begin a stretch, unless one is open."""
        if not self.spans or self.spans[-1][1] is not None:
            self.spans.append([Moment.now(), None])

    def end(self) -> None:
        """End the open stretch, if there is one."""
        if self.spans and self.spans[-1][1] is None:
            self.spans[-1][1] = Moment.now()

    def covers(self, wall_ns: int) -> bool:
        """Say whether a time lies in one of the stretches."""
        return any(
            begin is not None and begin.wall_ns <= wall_ns and (end is None or wall_ns <= end.wall_ns)
            for begin, end in self.spans
        )

    def touches(self, begin_ns: int, end_ns: int) -> bool:
        """Say whether any stretch and this one have a moment in common."""
        return any(
            begin is not None and begin.wall_ns <= end_ns and (end is None or end.wall_ns >= begin_ns)
            for begin, end in self.spans
        )
