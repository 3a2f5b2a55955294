"""Some of an app's events by wall time, found by range: counting instead of searching again."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from lightleak.arrays import Bytes, Ints

Counts = npt.NDArray[np.int32]
"""Places within one recording: two thousand million events are enough."""

_SPARSE = 64
"""Where one event in so many is of a series, searching among them costs less than counting along all."""


class EventSeries:
    """The events of a lane for which ``chosen`` holds; all shapes are by wall time."""

    def __init__(self, positions: Counts, states: Bytes, chosen: npt.NDArray[np.bool_]) -> None:
        self.at: Counts = positions[chosen]
        """Positions on the tapes."""
        sparse = len(self.at) * _SPARSE < len(chosen)
        self._places = np.flatnonzero(chosen) if sparse else None
        self._rank = np.zeros(0, np.int32) if sparse else _counted(chosen)
        self._states = states[chosen]
        self._changes = _counted(self._states[1:] != self._states[:-1]) if len(self.at) else np.zeros(1, np.int32)

    def __len__(self) -> int:
        return len(self.at)

    def within(self, first: Ints, stop: Ints) -> tuple[Counts, Counts]:
        """Turn ranges [first, stop) of the lane into ranges of this series."""
        return self._before(first), self._before(np.maximum(stop, first))

    def last_before(self, place: int) -> int | None:
        """Return the position of the last of these events among the lane's first ``place``."""
        count = int(self._rank[place] if self._places is None else self._places.searchsorted(place))
        return int(self.at[count - 1]) if count else None

    def _before(self, places: Ints) -> Counts:
        """How many of these events come before each place of the lane."""
        if self._places is None:
            return self._rank[places]
        return np.searchsorted(self._places, places).astype(np.int32)

    def states_within(self, first: Counts, stop: Counts) -> Bytes:
        """Tell for each range of this series the states its events were in, as bits 1 << code; 0 for an empty one."""
        bits = np.zeros(len(first), dtype=np.uint8)
        some = np.flatnonzero(stop > first)
        lo, hi = first[some], stop[some]
        bits[some] = 1 << self._states[lo]
        several = some[self._changes[lo] != self._changes[hi - 1]]
        for entry in several.tolist():
            bits[entry] = np.bitwise_or.reduce(1 << self._states[first[entry] : stop[entry]])
        return bits


def _counted(mask: npt.NDArray[Any]) -> Counts:
    """How many hold before each place; one longer than the mask."""
    counts = np.zeros(len(mask) + 1, dtype=np.int32)
    np.cumsum(mask, out=counts[1:])
    return counts
