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
"""How soon a client begins anew under another identifier when the daemon was restarted: a few tries, each at once."""

_PHASES = {"begin": 0, "touch": 1, "end": 2}


@dataclass(slots=True)
class AccountingInterval:
    """The accounting events that carry one identifier."""

    position: int
    """The event that stands for them: ``begin``, else the first ``touch``, else the first ``end``."""
    segment: RecordedSegment
    phase: int
    touches: int = 0
    """How often the same process prolonged the access by a later one."""
    continues: str | None = None
    """The identifier under which the same access stood before the accounting daemon was restarted."""


class AccountingIndex:
    """Identifier → who opened it. An app's or extension's own word goes before assetsd's."""

    def __init__(self, recording: SessionSet) -> None:
        self._openings: dict[str, AccountingInterval] = {}
        touches: Counter[tuple[str, int]] = Counter()
        for segment, position, identifier, phase in _accounting(recording):
            self._enter(segment, position, identifier, phase)
            touches[identifier, id(segment)] += phase == _PHASES["touch"]
        for identifier, opening in self._openings.items():
            opening.touches = touches[identifier, id(opening.segment)]
        for identifier, earlier in _continued(recording):
            self._openings[identifier].continues = earlier

    def __len__(self) -> int:
        return len(self._openings)

    def find(self, identifier: str) -> AccountingInterval | None:
        """Return the opening with an identifier (upper case), or None."""
        return self._openings.get(identifier)

    def begun(self) -> list[tuple[str, int]]:
        """List the identifiers whose begin was logged, and the positions."""
        return [(name, one.position) for name, one in self._openings.items() if one.phase == _PHASES["begin"]]

    def begins(self, identifiers: list[str]) -> Ints:
        """Tell for each identifier the position at which its begin was logged; −1 where that was not seen."""
        begun = dict(self.begun())
        return np.fromiter((begun.get(name, -1) for name in identifiers), np.int64, len(identifiers))

    def positions(self, identifiers: list[str]) -> tuple[Ints, Bools]:
        """Tell for each identifier the position of its opening (−1: none), and whether only assetsd knows it."""
        if not self._openings:
            return np.full(len(identifiers), -1, np.int64), np.zeros(len(identifiers), bool)
        numbers = dict(zip(self._openings, itertools.count(), strict=False))
        found = np.fromiter(map(numbers.get, identifiers, itertools.repeat(-1)), np.int64, len(identifiers))
        # Number −1 takes what stands last: nobody's.
        positions = np.array([*(opening.position for opening in self._openings.values()), -1], np.int64)
        assetsd = np.array([*(opening.segment.is_assetsd() for opening in self._openings.values()), False], bool)
        return positions[found], assetsd[found]

    def _enter(self, segment: RecordedSegment, position: int, identifier: str, phase: int) -> None:
        known = self._openings.get(identifier)
        if known is None or (segment.is_assetsd(), phase) < (known.segment.is_assetsd(), known.phase):
            self._openings[identifier] = AccountingInterval(position, segment, phase)


def _continued(recording: SessionSet) -> Iterator[tuple[str, str]]:
    """Find what a process began at once after an end, with no query between: (identifier, the one that ended)."""
    ends: dict[int, tuple[int, str]] = {}
    for segment, position, identifier, phase in _accounting(recording):
        if segment.is_assetsd():
            continue  # It accounts for many apps, and what they ask of it is not seen there.
        if phase == _PHASES["end"]:
            ends[id(segment)] = position, identifier
        elif phase == _PHASES["begin"] and (ended := ends.pop(id(segment), None)) and ended[1] != identifier:
            quiet = not (recording.level[ended[0] : position] >= LADDER["metadata"]).any()
            quiet = quiet and not _is_lost_between(recording, segment, ended[0], position)
            if quiet and 0 <= recording.wall_ns[position] - recording.wall_ns[ended[0]] <= AT_ONCE_NS:
                yield identifier, ended[1]


def _is_lost_between(recording: SessionSet, segment: RecordedSegment, first: int, last: int) -> bool:
    start, stop = recording.wall_ns[first], recording.wall_ns[last]
    return any(loss.after_ns < stop and loss.before_ns > start for loss in segment.losses)


def _accounting(recording: SessionSet) -> Iterator[tuple[RecordedSegment, int, str, int]]:
    for take in recording.takes:
        by_number = {segment.number: segment for segment in take.segments}
        for at, row in take.tape.rows:
            if row.kind == "accounting" and isinstance(row.identifier, str) and row.internal is not True:
                segment = by_number[row.segment]
                phase = _PHASES.get(row.phase, 2) if isinstance(row.phase, str) else 2
                yield segment, take.offset + at, row.identifier.upper(), phase
