"""Which process opened an entry: the app's own accounting carries the identifier that the report shows."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lightleak.arrays import Bools, Ints
from lightleak.comparator.columns.event_columns import LADDER
from lightleak.comparator.timeline.segments import RecordedSegment
from lightleak.comparator.timeline.session_set import SessionSet
from lightleak.events import NS_PER_S

AT_ONCE_NS = NS_PER_S
"""How soon a client starts again under another identifier when the daemon was restarted: a few tries, each at once."""

_PHASES = {"begin": 0, "touch": 1, "end": 2}


@dataclass(slots=True)
class AccountingInterval:
    """The accounting events that carry one identifier."""

    position: int
    """Of the first ``begin``, else the first ``touch``, else the first ``end``."""
    segment: RecordedSegment
    phase: int
    touches: int = 0
    """How often the same process prolonged the access by a later one."""
    continues: str | None = None
    """The identifier that the same access had before the accounting daemon was restarted."""


class AccountingIndex:
    """Identifier → the accounting that opened it. What an app or extension logged goes before what others logged."""

    def __init__(self, intervals: dict[str, AccountingInterval]) -> None:
        self._intervals = intervals

    @classmethod
    def of(cls, sessions: SessionSet, *, identifiers_are_shown: bool = True) -> AccountingIndex:
        """Index what sessions logged. Where the report does not show the logged identifiers, nothing can match."""
        intervals: dict[str, AccountingInterval] = {}
        if not identifiers_are_shown:
            return cls(intervals)
        touches: Counter[tuple[str, int]] = Counter()
        for segment, position, identifier, phase in _accounting(sessions):
            known = intervals.get(identifier)
            if known is None or _rank(segment, phase) < _rank(known.segment, known.phase):
                intervals[identifier] = AccountingInterval(position, segment, phase)
            touches[identifier, id(segment)] += phase == _PHASES["touch"]
        for identifier, interval in intervals.items():
            interval.touches = touches[identifier, id(interval.segment)]
        for identifier, earlier in _continued(sessions):
            intervals[identifier].continues = earlier
        return cls(intervals)

    def __len__(self) -> int:
        return len(self._intervals)

    def find(self, identifier: str) -> AccountingInterval | None:
        """Return the accounting of an identifier (upper case), or None."""
        return self._intervals.get(identifier)

    def begun(self) -> list[tuple[str, int]]:
        """Return the identifiers whose begin was logged, and its positions."""
        return [(name, one.position) for name, one in self._intervals.items() if one.phase == _PHASES["begin"]]

    def begins(self, identifiers: list[str]) -> Ints:
        """Return for each identifier the position at which its begin was logged; −1 where that was not seen."""
        begun = dict(self.begun())
        return np.fromiter((begun.get(name, -1) for name in identifiers), np.int64, len(identifiers))

    def positions(self, identifiers: list[str]) -> tuple[Ints, Bools]:
        """Return for each identifier the position of its accounting (−1: none), and whether no app or extension logged it."""
        if not self._intervals:
            return np.full(len(identifiers), -1, np.int64), np.zeros(len(identifiers), bool)
        numbers = dict(zip(self._intervals, itertools.count(), strict=False))
        found = np.fromiter(map(numbers.get, identifiers, itertools.repeat(-1)), np.int64, len(identifiers))
        # Number −1 takes the last, which is no identifier's.
        positions = np.array([*(interval.position for interval in self._intervals.values()), -1], np.int64)
        by_system = [not interval.segment.is_part_of_app for interval in self._intervals.values()]
        return positions[found], np.array([*by_system, False], bool)[found]


def _rank(segment: RecordedSegment, phase: int) -> tuple[bool, int]:
    return not segment.is_part_of_app, phase


def _continued(sessions: SessionSet) -> Iterator[tuple[str, str]]:
    """Yield what a process began at once after an end, with no query between: (identifier, the one that ended)."""
    ends: dict[int, tuple[int, str]] = {}
    for segment, position, identifier, phase in _accounting(sessions):
        if not segment.is_part_of_app:
            continue  # It accounts for many apps, and what they ask of it is not seen there.
        if phase == _PHASES["end"]:
            ends[id(segment)] = position, identifier
        elif phase == _PHASES["begin"] and (ended := ends.pop(id(segment), None)) and ended[1] != identifier:
            quiet = not (sessions.level[ended[0] : position] >= LADDER["metadata"]).any()
            quiet = quiet and not _is_lost_between(sessions, segment, ended[0], position)
            if quiet and 0 <= sessions.wall_ns[position] - sessions.wall_ns[ended[0]] <= AT_ONCE_NS:
                yield identifier, ended[1]


def _is_lost_between(sessions: SessionSet, segment: RecordedSegment, first: int, last: int) -> bool:
    start, stop = sessions.wall_ns[first], sessions.wall_ns[last]
    return any(loss.after_ns < stop and loss.before_ns > start for loss in segment.losses)


def _accounting(sessions: SessionSet) -> Iterator[tuple[RecordedSegment, int, str, int]]:
    for loaded in sessions.loaded:
        by_number = {segment.number: segment for segment in loaded.segments}
        for at, row in loaded.columns.rows:
            if row.kind == "accounting" and isinstance(row.identifier, str):
                segment = by_number[row.segment]
                phase = _PHASES.get(row.phase, 2) if isinstance(row.phase, str) else 2
                yield segment, loaded.offset + at, row.identifier.upper(), phase
