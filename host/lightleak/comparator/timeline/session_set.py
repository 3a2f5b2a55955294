"""All sessions of a comparison: their columns, with one position for each event, and what their clocks did.

A large session is decoded in two processes: reading JSON is what a comparison waits for, and it holds the interpreter.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lightleak.app_names import app_of
from lightleak.arrays import AnyInts, Bytes, Ints
from lightleak.comparator.columns.decode import EventFields
from lightleak.comparator.columns.event_columns import LADDER, EventColumns, decoded
from lightleak.comparator.timeline.doubts import Doubt, doubts_of
from lightleak.comparator.timeline.segments import RecordedSegment, segments_of, set_positions
from lightleak.errors import TraceError
from lightleak.events import NS_PER_MS
from lightleak.second_process import SecondProcess, can_fork
from lightleak.statements import Statement
from lightleak.timezones import Zone
from lightleak.trace.contradictions import ensure_agreement
from lightleak.trace.file_status import odd_notices
from lightleak.trace.session import Session, grouped, open_session

WORTH_BYTES = 2 << 20
"""From this size of the files on, a second process saves more time than it costs."""

_ROOM_BYTES = 64
"""What the columns of an event take, and that of a return in its table."""


@dataclass(frozen=True, slots=True)
class LoadedSession:
    """One session: its header, its columns, and where they start among all positions."""

    header: dict[str, Any]
    paths: list[Path]
    files: list[str]
    """How results call them."""
    columns: EventColumns
    segments: list[RecordedSegment]
    offset: int
    zone: Zone

    def reopen(self) -> Session:
        """Open the files again, for what the columns do not keep. Raises: LightleakError when they have changed."""
        (session,) = grouped([open_session(path) for path in self.paths])
        if session.header.get("session") != self.header.get("session"):
            raise TraceError("the file now holds another session", hint="compare again")
        return session


class SessionSet:
    """Every event of all sessions has one position: sessions in argument order, then (segment, seq)."""

    def __init__(
        self,
        sessions: Sequence[tuple[dict[str, Any], list[Path], list[str], EventColumns]],
        file_notices: Sequence[Statement] = (),
        doubts: Iterable[Doubt] = (),
        files_missing: Sequence[str] = (),
    ) -> None:
        self.file_notices = list(file_notices)
        """What limits the files that were read."""
        self.files_missing = list(files_missing)
        """The files of the same recordings that were not given."""
        self.doubts = list(doubts)
        """When events can be missing because a file is damaged, cut or unfinished."""
        self.loaded: list[LoadedSession] = []
        offset = 0
        for number, (header, paths, files, columns) in enumerate(sessions, 1):
            zone = Zone.of(header)
            self.loaded.append(LoadedSession(header, paths, files, columns, segments_of(columns, number), offset, zone))
            offset += len(columns)
        self._offsets = [loaded.offset for loaded in self.loaded]
        self.wall_ns: Ints = _joined([loaded.columns.wall_ns for loaded in self.loaded], np.int64)
        self.mono_ns: Ints = _joined([loaded.columns.mono_ns for loaded in self.loaded], np.int64)
        self.level: Bytes = _joined([loaded.columns.level for loaded in self.loaded], np.uint8)
        self.has_uploads = bool((self.level == LADDER["upload"]).any())
        self.segments = [segment for loaded in self.loaded for segment in loaded.segments]
        self.starts = np.array([self.positions(segment).start for segment in self.segments], np.int64)
        """The position of the first event of each of ``segments``, ascending."""
        self.state: Bytes = _joined([_states(loaded) for loaded in self.loaded], np.uint8)

    def references(self, positions: Ints) -> list[str]:
        """Return ``SESSION:SEGMENT:SEQ`` of each event, in the order given."""
        number = np.searchsorted(self._offsets, positions, "right")
        segment, seq = np.zeros(len(positions), np.int64), np.zeros(len(positions), np.int64)
        for at, loaded in enumerate(self.loaded, 1):
            mine = number == at
            places = positions[mine] - loaded.offset
            segment[mine], seq[mine] = loaded.columns.segment[places], loaded.columns.seq[places]
        named = zip(number.tolist(), segment.tolist(), seq.tolist(), strict=True)
        return [f"{session}:{segment}:{seq}" for session, segment, seq in named]

    def upload_host(self, position: int) -> str | None:
        """Return the host to which an upload was to go; None where none was seen."""
        loaded = self.session_of(position)
        at = position - loaded.offset
        return loaded.columns.hosts.get((int(loaded.columns.segment[at]), int(loaded.columns.seq[at])))

    def session_of(self, position: int) -> LoadedSession:
        """Return the session of an event."""
        return self.loaded[bisect.bisect_right(self._offsets, position) - 1]

    def symbol(self, position: int) -> str | None:
        """Return the selector, or the observer's class, that an event names."""
        loaded = self.session_of(position)
        index = int(loaded.columns.symbol[position - loaded.offset])
        return loaded.columns.symbols[index] if index >= 0 else None

    def time_of(self, position: int) -> str:
        """Return when an event happened: RFC 3339 in its device's zone."""
        return self.session_of(position).zone.format(int(self.wall_ns[position]))

    def positions(self, segment: RecordedSegment) -> slice:
        """Return the positions of a segment's events."""
        offset = self.loaded[segment.session - 1].offset
        return slice(offset + segment.first, offset + segment.stop)

    def numbers_of_segments(self, positions: Ints) -> Ints:
        """Return for each position the place in ``segments`` of the segment that has it; −1 for a position below 0."""
        return np.asarray(np.searchsorted(self.starts, positions, "right") - 1, dtype=np.int64)

    def in_segments(
        self, segments: Iterable[RecordedSegment], positions: AnyInts
    ) -> Iterator[tuple[RecordedSegment, slice | AnyInts]]:
        """Yield each segment that has some of the positions, with the places of these among them."""
        # Most often they ascend; else they are sorted once for all segments.
        order = None if bool((positions[1:] >= positions[:-1]).all()) else np.argsort(positions, kind="stable")
        ascending = positions if order is None else positions[order]
        for segment in segments:
            where = self.positions(segment)
            first, stop = np.searchsorted(ascending, [where.start, where.stop]).tolist()
            if stop > first:
                yield segment, slice(first, stop) if order is None else order[first:stop]

    def rows(self, segment: RecordedSegment) -> list[tuple[int, EventFields]]:
        """Return the rare events of a segment, each with its position."""
        loaded = self.loaded[segment.session - 1]
        rows = loaded.columns.rows
        first = bisect.bisect_left(rows, segment.first, key=itemgetter(0))
        stop = bisect.bisect_left(rows, segment.stop, key=itemgetter(0))
        return [(loaded.offset + at, row) for at, row in rows[first:stop]]

    def span(self) -> tuple[str, str] | None:
        """Return when the first and the last event happened, RFC 3339 in their devices' zones; None without events."""
        if not len(self.wall_ns):
            return None
        return self.time_of(int(self.wall_ns.argmin())), self.time_of(int(self.wall_ns.argmax()))

    def identifiers(self) -> list[str]:
        """Return the apps that were to be watched: those of all processes and targets, sorted."""
        found = {segment.identifier for segment in self.segments if segment.identifier and not segment.is_assetsd()}
        for loaded in self.loaded:
            target = loaded.header.get("target")
            if isinstance(target, dict) and isinstance(target.get("identifier"), str):
                found.add(app_of(target["identifier"]))
        return sorted(found)


def load_sessions(sessions: Session | Iterable[Session]) -> SessionSet:
    """Read sessions into columns; the files of one recording become one session.

    Raises: TraceError when a file is damaged, or two files of one recording contradict each other.
    """
    found = grouped([sessions] if isinstance(sessions, Session) else sessions)
    loaded = [(session, load_columns(session)) for session in found]
    for session, columns in loaded:
        ensure_agreement(session.parts, set(map(tuple, columns.repeated.tolist())))
    return SessionSet(
        [(session.header, session.paths, session.names, columns) for session, columns in loaded],
        [
            notice
            for session, columns in loaded
            for notice in (*session.file_notices, *odd_notices(session.names[0], columns.odd))
        ],
        [doubt for number, session in enumerate(found, 1) for doubt in doubts_of(session, number)],
        [name for session in found for name in session.files_missing],
    )


def refuse_contradictions(one: SessionSet, other: SessionSet) -> None:
    """Check two sets that may have files of one session. Raises: TraceError when those contradict each other."""
    for mine in one.loaded:
        for theirs in other.loaded:
            if mine.header.get("session") and mine.header.get("session") == theirs.header.get("session"):
                (both,) = grouped([mine.reopen(), theirs.reopen()])
                if len(both.parts) > 1:
                    places = [np.column_stack((each.columns.segment, each.columns.seq)) for each in (mine, theirs)]
                    numbers, counts = np.unique(np.concatenate(places), axis=0, return_counts=True)
                    ensure_agreement(both.parts, set(map(tuple, numbers[counts > 1].tolist())))


def load_columns(session: Session, *, worth_bytes: int = WORTH_BYTES) -> EventColumns:
    """Read a session into columns: in two processes where that is safe and worth it, else in one. Raises: TraceError."""
    lengths = [frame.length for part in session.parts for frame in part.frames]
    if sum(lengths) < worth_bytes or len(lengths) < 2 or not can_fork():
        return EventColumns.decode(session.blocks())
    cut = _half(lengths)
    room_bytes = _ROOM_BYTES * sum(part.last_seal.events for part in session.parts)
    with SecondProcess(lambda: decoded(_blocks(session, cut, len(lengths))), room_bytes=room_bytes) as other:
        first = decoded(_blocks(session, 0, cut))
        second = other.result() or decoded(_blocks(session, cut, len(lengths)))
    return EventColumns.of([first, second])


def _half(lengths: list[int]) -> int:
    before, at = 0, 0
    while before + lengths[at] <= sum(lengths) // 2:
        before += lengths[at]
        at += 1
    return max(at, 1)


def _blocks(session: Session, start: int, stop: int) -> Iterator[bytes]:
    """Yield the event lines of some of a session's frames, counted over all its files."""
    at = 0
    for part in session.parts:
        wanted = part.frames[max(start - at, 0) : max(stop - at, 0)]
        at += len(part.frames)
        for _, block in part.blocks(wanted):
            yield block


def host_offset_ms(sessions: SessionSet) -> float | None:
    """Return the device's wall clock minus the host's, by the sample with the smallest error; None without samples."""
    samples = [
        (row.error_ns if row.error_ns.__class__ is int else 1 << 62, row.host_offset_ns)
        for loaded in sessions.loaded
        for _, row in loaded.columns.rows
        if row.kind == "clock" and row.host_offset_ns.__class__ is int and abs(row.host_offset_ns) < 1 << 62
    ]
    return min(samples)[1] / NS_PER_MS if samples else None


def models_of(sessions: SessionSet) -> tuple[str, ...]:
    """Return the models of the sessions' devices, as they come. A name can change, and redaction leaves it out."""
    devices = [loaded.header.get("device") for loaded in sessions.loaded]
    models = [device.get("model") for device in devices if isinstance(device, dict)]
    return tuple(dict.fromkeys(model for model in models if isinstance(model, str)))


def clock_steps(sessions: SessionSet) -> Iterator[dict[str, Any]]:
    """Yield where a device's wall clock was set while it was watched, by the clock that never steps."""
    for number, loaded in enumerate(sessions.loaded, 1):
        columns = loaded.columns
        difference = columns.wall_ns - columns.mono_ns
        for at in set_positions(columns).tolist():
            yield {
                "session": number,
                "segment": int(columns.segment[at]),
                "at": loaded.zone.format(int(columns.wall_ns[at])),
                "step_ms": round(int(difference[at] - difference[at - 1]) / NS_PER_MS, 3),
            }


def _joined(parts: Sequence[npt.NDArray[Any]], kind: Any) -> npt.NDArray[Any]:
    if len(parts) == 1:
        return parts[0]  # most often there is one, and it may be large
    return np.concatenate(parts) if parts else np.zeros(0, dtype=kind)


def _states(loaded: LoadedSession) -> Bytes:
    """Carry each segment's state forward to its events."""
    states = np.zeros(len(loaded.columns), dtype=np.uint8)
    for segment in loaded.segments:
        for start, stop, code in segment.intervals(segment.states):
            states[start:stop] = code
    return states
