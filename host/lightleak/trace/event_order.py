"""The places of a trace's events, to be sorted without their lines.

Separate because a trace may hold its events in any order, and a session file may not (``lightleak.trace.file_order``).
"""

from __future__ import annotations

from array import array
from typing import NamedTuple

import numpy as np


class Place(NamedTuple):
    """The place of one event in its file."""

    offset: int
    number: int
    """Line number, from 1."""


class EventIndex:
    """The places of events: 32 bytes an event, however long its line is."""

    def __init__(self) -> None:
        self._segments = array("q")
        self._seqs = array("q")
        self._offsets = array("q")
        self._numbers = array("q")
        self._last: dict[int, int] = {}
        self._ordered = True

    @property
    def offsets(self) -> list[int]:
        """The events' offsets; after ``sort`` in order of seq in each segment, each event once."""
        return self._offsets.tolist()

    def add(self, segment: int, seq: int, offset: int, number: int) -> None:
        """Add an event."""
        self._segments.append(segment)
        self._seqs.append(seq)
        self._offsets.append(offset)
        self._numbers.append(number)
        if seq <= self._last.get(segment, 0):
            self._ordered = False
        self._last[segment] = seq

    def sort(self) -> list[tuple[Place, Place]]:
        """Sort by (segment, seq), unless each segment is in order already; return the pairs with the same number.

        The later one of a pair is left out.
        """
        if self._ordered:
            return []
        segments, seqs, offsets, numbers = (
            np.frombuffer(column, np.int64) for column in (self._segments, self._seqs, self._offsets, self._numbers)
        )
        order = np.lexsort((numbers, seqs, segments))
        repeated = np.zeros(len(order), bool)
        repeated[1:] = (np.diff(segments[order]) == 0) & (np.diff(seqs[order]) == 0)
        first = np.maximum.accumulate(np.where(repeated, 0, np.arange(len(order))))
        pairs = [
            (self._place(order[first[index]]), self._place(order[index])) for index in np.flatnonzero(repeated).tolist()
        ]
        self._offsets = array("q", offsets[order[~repeated]].tobytes())
        return pairs

    def _place(self, index: int) -> Place:
        return Place(self._offsets[index], self._numbers[index])
