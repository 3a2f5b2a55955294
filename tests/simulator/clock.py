"""The phone's wall clock: it is set now and then, and it is written in a zone that has summer time."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass, field

NS = 1_000_000_000


@dataclass(slots=True)
class Clock:
    """``steps``: when the wall clock was set, and by how many seconds."""

    start_s: int
    zone: str
    steps: list[tuple[float, float]] = field(default_factory=list)
    boots: list[float] = field(default_factory=list)

    def wall_ns(self, at: float) -> int:
        """Return the wall time of a moment, ns since 1970."""
        return self.start_s * NS + round((at + sum(by for when, by in self.steps if when <= at)) * NS)

    def mono_ns(self, at: float) -> int:
        """Return the clock that starts at boot and never steps, ns."""
        return round((at - max([b for b in self.boots if b <= at], default=-50_000)) * NS)

    def stamp(self, at: float) -> str:
        """Write a moment as the report does: milliseconds, in the zone of the export."""
        return stamp(self.wall_ns(at), self.zone)


def stamp(wall_ns: int, zone: str) -> str:
    """Write a wall time as the report does; UTC as Z."""
    ms = wall_ns // 1_000_000
    # Replaced, not added: adding would lose which of the two hours it is when clocks go back.
    moment = dt.datetime.fromtimestamp(ms // 1000, zoneinfo.ZoneInfo(zone)).replace(microsecond=ms % 1000 * 1000)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
