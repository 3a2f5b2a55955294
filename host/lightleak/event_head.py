"""What the host reads of every event that the agent has written as a line of the file: its place, times and references."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter, sub
from typing import Any

import msgspec


class Head(msgspec.Struct, gc=False):
    """The keys of one event that decide where it goes and whether more of it must be read."""

    kind: str
    segment: int
    seq: int
    wall_ns: int
    mono_ns: int
    tid: int | None = None
    cause: int | None = None
    of: int | None = None
    resumed_by: int | None = None
    cpu_ns: int | None = None
    reason: str | None = None
    internal: bool = False


@dataclass(slots=True)
class HeadRun:
    """The heads of consecutive events, and their clocks in ns."""

    heads: Sequence[Head]
    walls: list[int]
    monos: list[int]

    @classmethod
    def of(cls, heads: Sequence[Head]) -> HeadRun:
        """Return the run of some heads, at least one."""
        return cls(heads, list(map(attrgetter("wall_ns"), heads)), list(map(attrgetter("mono_ns"), heads)))

    def column(self, key: str) -> list[Any]:
        """Return one key of every head."""
        return list(map(attrgetter(key), self.heads))

    def is_smooth(self, wall_ns: int, mono_ns: int, apart_ns: int) -> bool:
        """Return whether the wall clock never goes back, from ``wall_ns`` on, and both clocks stay within ``apart_ns``."""
        apart = list(map(sub, self.walls, self.monos))
        apart.append(wall_ns - mono_ns)
        return wall_ns <= self.walls[0] and max(apart) - min(apart) <= apart_ns and self.walls == sorted(self.walls)
