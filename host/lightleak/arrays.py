"""Arrays that several parts of the host share: their types, names by number, calls by number, intervals of time."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, overload

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
AnyInts = npt.NDArray[np.signedinteger[Any]]
"""Columns that are 32 or 64 bits wide."""
Bools = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]

Row = TypeVar("Row")

_ROWS_AT_ONCE = 4096
"""How many objects an iteration makes in one go."""


class NameTable(dict[str | None, int]):
    """Name → number, given out in order of appearance; None is −1 and takes no number."""

    def __missing__(self, name: str | None) -> int:
        if name is None:
            return -1
        self[name] = number = len(self)
        return number

    def names(self) -> list[str]:
        """Return the names by number."""
        return [name for name in self if name is not None]

    def numbers(self, names: list[str]) -> AnyInts:
        """Return the numbers of many names; shape (n,), 32 bits."""
        return np.fromiter(map(self.__getitem__, names), np.int32, len(names))


def call_key(segment: Ints, seq: Ints) -> Ints:
    """Pack the segment and the ``seq`` of calls into one number each; shapes (n,), ``seq`` below 2**40."""
    return np.asarray((segment.astype(np.int64, copy=False) << 40) + seq, dtype=np.int64)


class LazySequence(Sequence[Row]):
    """A sequence whose items are made on access and not kept: like a list, without its memory."""

    @abstractmethod
    def make(self, rows: AnyInts) -> list[Row]:
        """Return the objects of some rows, in the order given."""

    def __iter__(self) -> Iterator[Row]:
        for start in range(0, len(self), _ROWS_AT_ONCE):
            yield from self[start : start + _ROWS_AT_ONCE]

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        if isinstance(index, slice):
            return self.make(np.arange(*index.indices(len(self))))
        return self.make(np.array([range(len(self))[index]]))[0]

    def __eq__(self, other: object) -> bool:
        same_length = isinstance(other, Sequence) and len(self) == len(other)
        return same_length and all(a == b for a, b in zip(self, other, strict=True))  # type: ignore[call-overload]

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self)} rows)"


@dataclass(frozen=True, slots=True)
class Intervals:
    """Disjoint closed intervals [start, stop], ascending; shapes (n,) and (n,)."""

    start: Ints
    stop: Ints

    @classmethod
    def union(cls, pairs: Iterable[tuple[int, int]]) -> Intervals:
        """Unite spans in any order; touching ones become one, reversed ones are dropped."""
        merged: list[list[int]] = []
        for start, stop in sorted(pairs):
            if stop < start:
                continue
            if merged and start <= merged[-1][1]:
                merged[-1][1] = max(merged[-1][1], stop)
            else:
                merged.append([start, stop])
        table = np.array(merged, dtype=np.int64).reshape(-1, 2)
        return cls(table[:, 0].copy(), table[:, 1].copy())

    def pairs(self) -> list[tuple[int, int]]:
        """The spans as (start, stop), ascending."""
        return list(zip(self.start.tolist(), self.stop.tolist(), strict=True))

    def minus(self, other: Intervals) -> Intervals:
        """What remains of these spans outside the inner part of ``other``; the ends of a hole stay covered."""
        rest: list[tuple[int, int]] = []
        for start, stop in self.pairs():
            at = start
            first = int(np.searchsorted(other.stop, start, "right"))
            for hole_start, hole_stop in zip(other.start[first:].tolist(), other.stop[first:].tolist(), strict=True):
                if hole_start >= stop:
                    break
                if hole_start >= at:
                    rest.append((at, hole_start))
                at = max(at, hole_stop)
            if at <= stop:
                rest.append((at, stop))
        return Intervals(np.array([a for a, _ in rest], dtype=np.int64), np.array([b for _, b in rest], dtype=np.int64))

    def contains(self, times: Ints) -> Bools:
        """Tell for each time whether it lies in a span, ends included."""
        if not len(self.start):
            return np.zeros(len(times), dtype=bool)
        at = np.searchsorted(self.start, times, "right") - 1
        return (at >= 0) & (times <= self.stop[np.maximum(at, 0)])

    def length_before(self, times: Ints) -> Ints:
        """Tell for each time how much of the spans lies before it, ns."""
        if not len(self.start):
            return np.zeros(len(times), dtype=np.int64)
        total = np.concatenate(([0], np.cumsum(self.stop - self.start)))
        at = np.searchsorted(self.start, times, "right") - 1
        inside = np.minimum(times - self.start[np.maximum(at, 0)], (self.stop - self.start)[np.maximum(at, 0)])
        return np.where(at >= 0, total[np.maximum(at, 0)] + inside, 0)

    def length_between(self, starts: Ints, stops: Ints) -> Ints:
        """Tell for each [start, stop] how much of it is covered, ns."""
        return self.length_before(stops) - self.length_before(starts)

    def at_length(self, lengths: Ints) -> Ints:
        """Find the moment at which so much of the spans lies behind; the inverse of ``length_before`` inside them."""
        total = np.concatenate(([0], np.cumsum(self.stop - self.start)))
        at = np.clip(np.searchsorted(total, lengths, "right") - 1, 0, len(self.start) - 1)
        return self.start[at] + (lengths - total[at])

    def step_back(self, times: Ints, by_ns: int) -> Ints:
        """Go back ``by_ns`` from each time, not counting time inside these spans; the earliest such moment."""
        plain = times - by_ns
        if not len(self.start):
            return plain
        # Outside the spans, time runs; inside, it stands. ``run`` is the running clock at each span's start.
        before = np.concatenate(([0], np.cumsum(self.stop - self.start)))[:-1]
        run_at_start = self.start - before
        goal = times - self.length_before(times) - by_ns
        # The spans whose running clock lies before the goal were wholly passed on the way from the left.
        passed = np.searchsorted(run_at_start, goal, "left")
        skipped = np.concatenate(([0], np.cumsum(self.stop - self.start)))[passed]
        return goal + skipped
