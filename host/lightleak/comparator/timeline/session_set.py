"""All sessions side by side: every event has one position."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lightleak.arrays import Bytes, Ints
from lightleak.comparator.columns.event_columns import EventColumns
from lightleak.comparator.explain.assumptions import UNTESTED, Assumptions
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.segments import RecordedSegment, segments_of
from lightleak.errors import TraceError
from lightleak.timezones import Zone
from lightleak.trace.session import Session, grouped, open_session


@dataclass(frozen=True, slots=True)
class LoadedSession:
    """One session: its words about itself, its tape, and where that starts among all positions."""

    header: dict[str, Any]
    files: list[str]
    tape: EventColumns
    segments: list[RecordedSegment]
    offset: int
    zone: Zone

    def reopen(self) -> Session:
        """Open the files again, for what the columns do not keep. Raises: LightleakError when they have changed."""
        (session,) = grouped([open_session(name) for name in self.files])
        if session.header.get("session") != self.header.get("session"):
            raise TraceError("the file now holds another session", hint="compare again")
        return session


class SessionSet:
    """Every event of all sessions has one position: sessions in argument order, then (segment, seq)."""

    def __init__(self, sessions: Sequence[tuple[dict[str, Any], list[str], EventColumns]]) -> None:
        self.takes: list[LoadedSession] = []
        offset = 0
        for number, (header, files, tape) in enumerate(sessions, 1):
            zone = Zone.of(header)
            self.takes.append(LoadedSession(header, files, tape, segments_of(tape, number), offset, zone))
            offset += len(tape)
        self._offsets = [take.offset for take in self.takes]
        self.wall_ns: Ints = _joined([take.tape.wall_ns for take in self.takes], np.int64)
        self.level: Bytes = _joined([take.tape.level for take in self.takes], np.uint8)
        self.segments = [segment for take in self.takes for segment in take.segments]
        self.state: Bytes = _joined([_states(take) for take in self.takes], np.uint8)

    def references(self, positions: Ints) -> list[str]:
        """Name events as ``SESSION:SEGMENT:SEQ``, in the order given."""
        number = np.searchsorted(self._offsets, positions, "right")
        segment, seq = np.zeros(len(positions), np.int64), np.zeros(len(positions), np.int64)
        for at, take in enumerate(self.takes, 1):
            mine = number == at
            places = positions[mine] - take.offset
            segment[mine], seq[mine] = take.tape.segment[places], take.tape.seq[places]
        named = zip(number.tolist(), segment.tolist(), seq.tolist(), strict=True)
        return [f"{session}:{segment}:{seq}" for session, segment, seq in named]

    def take_of(self, position: int) -> LoadedSession:
        """Return the session that an event is of."""
        return self._take_of(position)[1]

    def symbol(self, position: int) -> str | None:
        """Tell the selector, or the observer's class, that an event names."""
        _, take = self._take_of(position)
        index = int(take.tape.symbol[position - take.offset])
        return take.tape.symbols[index] if index >= 0 else None

    def positions(self, segment: RecordedSegment) -> slice:
        """Where a segment's events stand."""
        offset = self.takes[segment.session - 1].offset
        return slice(offset + segment.first, offset + segment.stop)

    def identifiers(self) -> list[str]:
        """The apps that were to be watched: those of all processes and targets, sorted."""
        found = {segment.identifier for segment in self.segments if segment.identifier and not segment.is_assetsd()}
        for take in self.takes:
            target = take.header.get("target")
            if isinstance(target, dict) and isinstance(target.get("identifier"), str):
                found.add(target["identifier"])
        return sorted(found)

    def lane(self, app: str, facts: Assumptions = UNTESTED) -> AppTimeline:
        """Gather what one app's own processes did."""
        return AppTimeline(self, [s for s in self.segments if s.identifier == app and not s.is_assetsd()], facts)

    def _take_of(self, position: int) -> tuple[int, LoadedSession]:
        number = bisect.bisect_right(self._offsets, position)
        return number, self.takes[number - 1]


def _joined(parts: Sequence[npt.NDArray[Any]], kind: Any) -> npt.NDArray[Any]:
    if len(parts) == 1:
        return parts[0]  # most often there is one, and it may be large
    return np.concatenate(parts) if parts else np.zeros(0, dtype=kind)


def _states(take: LoadedSession) -> Bytes:
    """Carry each segment's state forward to its events."""
    states = np.zeros(len(take.tape), dtype=np.uint8)
    for segment in take.segments:
        for start, stop, code in segment.stretches(segment.states):
            states[start:stop] = code
    return states
