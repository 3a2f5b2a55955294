"""What the host reads of every event that the agent has written as a line of the file: its place, times and references."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal

import msgspec
import numpy as np

from lightleak.arrays import Ints
from lightleak.events import Depth, OffLadder

FastKind = Literal[
    "access",
    "return",
    "delivery",
    "accounting",
    "authorization",
    "notification",
    "input",
    "state",
    "property",
    "observer",
    "usage",
    "hook",
]
"""Kinds of which the recorder needs no more than the head, or which are rare and decoded alone. A ``stack`` gets symbols from
the host, and a ``process`` changes what the host says of the process: those are decoded with all that came with them."""


class Head(msgspec.Struct, gc=False):
    """The keys of one event that decide where it goes, and those of calls that the figures of a recording are made of."""

    kind: FastKind
    segment: int
    seq: int
    wall_ns: int
    mono_ns: int
    tid: int | None = None
    of: int | None = None
    resumed_by: int | None = None
    cause: int | None = None
    depth: Depth | OffLadder | None = None
    cpu_ns: int | None = None
    bytes: int | None = None
    internal: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class HeadRun:
    """The heads of consecutive events, at least one, and columns of them. Clocks in ns."""

    heads: Sequence[Head]
    kinds: list[FastKind]
    seqs: Ints
    walls: Ints
    monos: Ints
    causes: list[int | None]
    ofs: list[int | None]

    @classmethod
    def of(cls, heads: Sequence[Head]) -> HeadRun:
        """Return the run of some heads. Raises: OverflowError when a number has more than 64 bits."""
        seqs, walls, monos = (_numbers(heads, key) for key in ("seq", "wall_ns", "mono_ns"))
        kinds, causes, ofs = (_column(heads, key) for key in ("kind", "cause", "of"))
        return cls(heads, kinds, seqs, walls, monos, causes, ofs)

    @property
    def names(self) -> set[int]:
        """The numbers of the events that these name."""
        named = {*self.causes, *self.ofs, *_column(self.heads, "resumed_by")}
        return {number for number in named if number is not None}

    @property
    def clocks(self) -> list[tuple[int, int]]:
        """(wall, mono) of the first and of the last event."""
        return [(int(self.walls[at]), int(self.monos[at])) for at in (0, -1)]

    def is_in(self, segment: int) -> bool:
        """Return whether all are of one segment."""
        return _column(self.heads, "segment").count(segment) == len(self.heads)

    def is_smooth(self, wall_ns: int, mono_ns: int, apart_ns: int) -> bool:
        """Return whether the wall clock never goes back, from ``wall_ns`` on, and both clocks stay within ``apart_ns``."""
        apart, start = self.walls - self.monos, wall_ns - mono_ns
        in_order = wall_ns <= self.walls[0] and bool((self.walls[1:] >= self.walls[:-1]).all())
        return in_order and max(int(apart.max()), start) - min(int(apart.min()), start) <= apart_ns


def _column(heads: Sequence[Head], key: str) -> list[Any]:
    return list(map(attrgetter(key), heads))


def _numbers(heads: Sequence[Head], key: str) -> Ints:
    return np.fromiter(map(attrgetter(key), heads), np.int64, len(heads))
