"""What several parts of the host need of arrays: types, names and calls as numbers, lazy rows, intervals of time."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, overload

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
AnyInts = npt.NDArray[np.signedinteger[Any]]
"""Columns of 32 or 64 bits."""
Bools = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]

Row = TypeVar("Row")

_ROWS_AT_ONCE = 4096
"""How many objects an iteration makes in one go."""


class NameTable(dict[str | None, int]):
    """Name → number, in order of appearance; None is −1 and takes no number."""

    def __missing__(self, name: str | None) -> int:
        if name is None:
            return -1
        self[name] = number = len(self)
        return number

    def names(self) -> list[str]:
        """Return the names by number."""
        return [name for name in self if name is not None]

    def numbers(self, names: list[str]) -> AnyInts:
        """Return the numbers of names; shape (n,), 32 bits."""
        return np.fromiter(map(self.__getitem__, names), np.int32, len(names))


def call_key(segment: Ints, seq: Ints) -> Ints:
    """Return one number for the segment and ``seq`` of each call; shapes (n,), ``seq`` below 2**40."""
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
        """Return the union of intervals in any order; touching ones become one, reversed ones are dropped."""
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
        """Return the intervals as (start, stop), ascending."""
        return list(zip(self.start.tolist(), self.stop.tolist(), strict=True))

    @property
    def length(self) -> int:
        """How long they are in all."""
        return int((self.stop - self.start).sum())

    def long(self) -> Intervals:
        """Return those that have a length."""
        which = self.stop > self.start
        return Intervals(self.start[which], self.stop[which])

    def minus(self, other: Intervals) -> Intervals:
        """Return these intervals without the inner part of ``other``, whose ends stay covered."""
        rest: list[tuple[int, int]] = []
        for start, stop in self.pairs():
            at = start
            # Only the holes that begin before it ends: with thousands of both, the rest would be looked at each time.
            which = slice(int(np.searchsorted(other.stop, start, "right")), int(np.searchsorted(other.start, stop)))
            for hole_start, hole_stop in zip(other.start[which].tolist(), other.stop[which].tolist(), strict=True):
                if hole_start >= at:
                    rest.append((at, hole_start))
                at = max(at, hole_stop)
            if at <= stop:
                rest.append((at, stop))
        return Intervals(np.array([a for a, _ in rest], dtype=np.int64), np.array([b for _, b in rest], dtype=np.int64))

    def contains(self, times: Ints) -> Bools:
        """Return for each time whether it is in an interval, ends included; shape (n,)."""
        if not len(self.start):
            return np.zeros(len(times), dtype=bool)
        at = np.searchsorted(self.start, times, "right") - 1
        return (at >= 0) & (times <= self.stop[np.maximum(at, 0)])

    def overlaps(self, starts: Ints, stops: Ints) -> Bools:
        """Return for each [start, stop] whether some of it is in an interval, ends included; shape (n,)."""
        if not len(self.start):
            return np.zeros(len(starts), dtype=bool)
        at = np.searchsorted(self.start, stops, "right") - 1
        return np.asarray((at >= 0) & (self.stop[np.maximum(at, 0)] >= starts), dtype=bool)

    def stop_at(self, times: Ints, otherwise: Ints) -> Ints:
        """Return for each time the end of the interval that it is in, and ``otherwise`` where it is in none; shape (n,)."""
        if not len(self.start):
            return otherwise
        at = np.maximum(np.searchsorted(self.start, times, "right") - 1, 0)
        return np.where(self.contains(times), self.stop[at], otherwise)

    def length_before(self, times: Ints) -> Ints:
        """Return for each time how much of the intervals is before it, ns; shape (n,)."""
        if not len(self.start):
            return np.zeros(len(times), dtype=np.int64)
        total = np.concatenate(([0], np.cumsum(self.stop - self.start)))
        at = np.searchsorted(self.start, times, "right") - 1
        inside = np.minimum(times - self.start[np.maximum(at, 0)], (self.stop - self.start)[np.maximum(at, 0)])
        return np.where(at >= 0, total[np.maximum(at, 0)] + inside, 0)

    def length_between(self, starts: Ints, stops: Ints) -> Ints:
        """Return for each [start, stop] how much of it is covered, ns; shape (n,)."""
        return self.length_before(stops) - self.length_before(starts)

    def at_length(self, lengths: Ints) -> Ints:
        """Return for each length the time before which the intervals have it: inside them, the inverse of ``length_before``."""
        total = np.concatenate(([0], np.cumsum(self.stop - self.start)))
        at = np.clip(np.searchsorted(total, lengths, "right") - 1, 0, len(self.start) - 1)
        return self.start[at] + (lengths - total[at])

    def step_back(self, times: Ints, by_ns: int) -> Ints:
        """Go back ``by_ns`` from each time, not counting time inside the intervals; return the earliest such times."""
        if not len(self.start):
            return times - by_ns
        # A clock that runs outside the intervals and stops inside: ``run_at_start`` is its reading at the start of each.
        before = np.concatenate(([0], np.cumsum(self.stop - self.start)))[:-1]
        run_at_start = self.start - before
        goal = times - self.length_before(times) - by_ns
        # The intervals at which this clock reads less than the goal are completely before the time that is wanted.
        passed = np.searchsorted(run_at_start, goal, "left")
        skipped = np.concatenate(([0], np.cumsum(self.stop - self.start)))[passed]
        return goal + skipped

    def step_on(self, times: Ints, by_ns: int) -> Ints:
        """Go on ``by_ns`` from each time, not counting time inside the intervals; return the latest such times."""
        if not len(self.start):
            return times + by_ns
        slept = np.concatenate(([0], np.cumsum(self.stop - self.start)))
        goal = times - self.length_before(times) + by_ns
        passed = np.searchsorted(self.start - slept[:-1], goal, "right")
        return np.asarray(goal + slept[passed], dtype=np.int64)
