"""All sessions side by side, and what each app did in them on one wall clock."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from lightleak.compare.segments import ACCOUNTING, Segment, segments_of
from lightleak.compare.series import Series
from lightleak.compare.spans import Spans
from lightleak.compare.tape import LADDER, Bytes, Ints, Tape
from lightleak.compare.zones import Zone, zone_of

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Take:
    """One session: its words about itself, its tape, and where that starts among all positions."""

    header: dict[str, Any]
    files: list[str]
    tape: Tape
    segments: list[Segment]
    offset: int
    zone: Zone


class Recording:
    """Every event of all sessions has one position: sessions in argument order, then (segment, seq)."""

    def __init__(self, sessions: Sequence[tuple[dict[str, Any], list[str], Tape]]) -> None:
        self.takes: list[Take] = []
        offset = 0
        for number, (header, files, tape) in enumerate(sessions, 1):
            zone = zone_of(header)
            self.takes.append(Take(header, files, tape, segments_of(tape, number), offset, zone))
            offset += len(tape)
        self._offsets = [take.offset for take in self.takes]
        self.wall_ns: Ints = _joined([take.tape.wall_ns for take in self.takes], np.int64)
        self.level: Bytes = _joined([take.tape.level for take in self.takes], np.uint8)
        self.segments = [segment for take in self.takes for segment in take.segments]
        self.state: Bytes = _joined([_states(take) for take in self.takes], np.uint8)

    def references(self, positions: Ints) -> list[str]:
        """Name events as ``SESSION:SEGMENT:SEQ``, in order of position, each once."""
        named: list[str] = []
        ordered = np.unique(positions)
        for number, take in enumerate(self.takes, 1):
            first, stop = np.searchsorted(ordered, (take.offset, take.offset + len(take.tape))).tolist()
            mine = ordered[first:stop] - take.offset
            pairs = zip(take.tape.segment[mine].tolist(), take.tape.seq[mine].tolist(), strict=True)
            named += [f"{number}:{segment}:{seq}" for segment, seq in pairs]
        return named

    def take_of(self, position: int) -> Take:
        """Return the session that an event is of."""
        return self._take_of(position)[1]

    def symbol(self, position: int) -> str | None:
        """Tell the selector, or the observer's class, that an event names."""
        _, take = self._take_of(position)
        index = int(take.tape.symbol[position - take.offset])
        return take.tape.symbols[index] if index >= 0 else None

    def positions(self, segment: Segment) -> slice:
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

    def lane(self, app: str) -> Lane:
        """Gather what one app's own processes did."""
        return Lane(self, [s for s in self.segments if s.identifier == app and not s.is_assetsd()])

    def _take_of(self, position: int) -> tuple[int, Take]:
        number = bisect.bisect_right(self._offsets, position)
        return number, self.takes[number - 1]


class Lane:
    """One identifier's processes: what was covered, and their events on the ladder by wall time."""

    def __init__(self, recording: Recording, segments: list[Segment]) -> None:
        self.recording = recording
        self.segments = segments
        at = _joined([_on_ladder(recording, segment) for segment in segments], np.int64)
        self.at: Ints = _by_time(at, recording.wall_ns)
        """Positions of the app's own events on the ladder, by wall time."""
        self.wall_ns: Ints = recording.wall_ns[self.at]
        self._level: Bytes = recording.level[self.at]
        self._state: Bytes = recording.state[self.at]
        self.covered = Spans.union(pair for s in segments for pair in s.covered.pairs()).minus(
            Spans.union((loss.after_ns, loss.before_ns) for s in segments for loss in s.losses)
        )
        asleep = Spans.union(pair for s in segments for pair in s.suspended)
        self.suspended = asleep.minus(Spans.union(_awake(segments))) if len(segments) > 1 else asleep

    def find(self, times: Ints) -> Ints:
        """Tell for each time how many of the lane's events come before it."""
        return np.asarray(np.searchsorted(self.wall_ns, times, "left"), dtype=np.int64)

    def only(self, chosen: Bools) -> Series:
        """Take some of the lane's events."""
        return Series(self.at, self._state, chosen)

    @cached_property
    def levels(self) -> tuple[Series, ...]:
        """The events of each step of the ladder."""
        return tuple(self.only(self._level == level) for level in range(len(LADDER)))

    @cached_property
    def unaccounted_metadata(self) -> Series:
        """Queries in segments whose accounting could not be seen."""
        blind = np.zeros(len(self.recording.level), bool)
        for segment in self.segments:
            blind[self.recording.positions(segment)] = not segment.has_accounting
        return self.only((self._level == LADDER["metadata"]) & blind[self.at])

    @cached_property
    def first_contacts(self) -> Series:
        """The first registration, opening or query of each segment without observers from before."""
        firsts = []
        for segment in self.segments:
            steps = self.recording.level[self.recording.positions(segment)]
            contact = (steps == LADDER["open"]) | (steps == LADDER["metadata"])
            if not segment.found_observers and contact.any():
                firsts.append(self.recording.positions(segment).start + int(contact.argmax()))
        return self.only(np.isin(self.at, firsts))

    @cached_property
    def _state_steps(self) -> tuple[Ints, Bytes]:
        """When the state changed, and to what; unknown outside of coverage."""
        steps = []
        for segment in self.segments:
            offset = self.recording.takes[segment.session - 1].offset
            for start, stop in segment.covered.pairs():
                steps.append((stop + 1, 0, 0))
                inside = [(int(self.recording.wall_ns[offset + at]), 2, code) for at, code in segment.states]
                earlier = [code for wall, _, code in inside if wall <= start]
                steps.append((start, 1, earlier[-1] if earlier else 0))
                steps.extend(step for step in inside if start < step[0] <= stop)
        steps.sort(key=lambda step: step[:2])
        return (
            np.array([wall for wall, _, _ in steps], dtype=np.int64),
            np.array([code for _, _, code in steps], dtype=np.uint8),
        )

    def state_at(self, times: Ints) -> Bytes:
        """Tell the app's state at each time as code in ``STATES``; unknown where it was not covered."""
        walls, codes = self._state_steps
        if not len(walls):
            return np.zeros(len(times), dtype=np.uint8)
        at = np.searchsorted(walls, times, "right") - 1
        return np.where((at >= 0) & self.covered.contains(times), codes[np.maximum(at, 0)], 0).astype(np.uint8)

    @property
    def blind_accounting(self) -> bool:
        """Whether some segment did not see the report's identifiers."""
        return any(not segment.has_accounting for segment in self.segments)

    def missing_probes(self) -> list[str]:
        """The probes that some segment had not in place, by symbol or name, accounting apart."""
        names = {
            str(hook.symbol or hook.probe) for s in self.segments for hook in s.skipped if hook.probe != ACCOUNTING
        }
        return sorted(names)


def _joined(parts: Sequence[npt.NDArray[Any]], kind: Any) -> npt.NDArray[Any]:
    if len(parts) == 1:
        return parts[0]  # most often there is one, and it may be large
    return np.concatenate(parts) if parts else np.zeros(0, dtype=kind)


def _by_time(positions: Ints, wall_ns: Ints) -> Ints:
    """Order positions by wall time; most often they are."""
    times = wall_ns[positions]
    return positions if bool((times[1:] >= times[:-1]).all()) else positions[np.argsort(times, kind="stable")]


def _on_ladder(recording: Recording, segment: Segment) -> Ints:
    where = recording.positions(segment)
    return np.asarray(np.flatnonzero(recording.level[where]) + where.start, dtype=np.int64)


def _awake(segments: list[Segment]) -> list[tuple[int, int]]:
    """When some process was covered and running: another one's sleep then does not stop the app's time."""
    return [pair for s in segments for pair in s.covered.minus(Spans.union(s.suspended)).pairs() if pair[1] > pair[0]]


def _states(take: Take) -> Bytes:
    """Carry each segment's state forward to its events."""
    states = np.zeros(len(take.tape), dtype=np.uint8)
    for segment in take.segments:
        for start, stop, code in segment.stretches(segment.states):
            states[start:stop] = code
    return states
