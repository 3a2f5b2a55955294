"""A session on an axis of time, from its columns: what is counted needs no event, and only what is shown is decoded.

Separate because ``StreamedTimeline`` does the same with every event of a stream, which damaged order needs.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import tzinfo

import numpy as np

from lightleak.arrays import Bools, Ints
from lightleak.comparator.columns.decode import EventFields
from lightleak.comparator.columns.event_columns import LADDER, EventColumns
from lightleak.comparator.timeline.session_set import SessionSet
from lightleak.events import OFF_LADDER, STATES
from lightleak.filter import Filter
from lightleak.origins import OriginLog
from lightleak.replay_state import SegmentState
from lightleak.trace.event_places import EventPlaces, Key
from lightleak.views.timeline import text
from lightleak.views.timeline.column_filter import ColumnFilter
from lightleak.views.timeline.session_timeline import Axis, EventStream, ProcessTimeline

_FEWEST_AT_ONCE, _MOST_AT_ONCE = 64, 20_000
"""Events that are decoded together: more each time, for few are shown and each search reads frames again."""

_WITH_TEXT = frozenset(
    {"process", "state", "input", "property", "authorization", "observer", "notification", "mark", "lost"}
)
"""The kinds of rare events that always have a text for people, as ``views.live.event_text`` has it."""

_INT64 = np.iinfo(np.int64)


class ColumnEvents:
    """The events of one session in columns, ordered by (segment, seq). keep: count and list only what it is true of."""

    def __init__(self, sessions: SessionSet, places: EventPlaces, keep: Filter | None = None) -> None:
        self._sessions = sessions
        self._columns: EventColumns = sessions.loaded[0].columns
        self._places = places
        self._keep = keep
        self._kept: tuple[Axis, Bools] | None = None

    def count(self, processes: Iterable[ProcessTimeline], axis: Axis) -> None:
        """Count the events of processes on an axis, in their rows and columns of time."""
        columns = self._columns
        on_axis = self._chosen(axis)
        # The first wall time of each column of time but the first: exact, where a product would not fit 64 bits.
        span = max(axis.stop_ns - axis.start_ns, 1)
        starts = (axis.start_ns - (-at * span // axis.columns) for at in range(1, axis.columns))
        # A person can name the year 1 or 9999, which nanoseconds in 64 bits do not reach; no event does.
        bounds = np.array([min(max(start_ns, _INT64.min), _INT64.max) for start_ns in starts], np.int64)
        rows = {name: np.flatnonzero(on_axis & (columns.level == level)) for name, level in LADDER.items() if level}
        off = columns.off_ladder
        rows |= {name: _kept(off[off[:, 1] == code, 0], on_axis) for code, name in enumerate(OFF_LADDER)}
        inputs = [at for at, row in columns.rows if row.kind == "input" and row.internal is not True]
        rows["input"] = _kept(np.array(inputs, np.int64), on_axis)
        for process in processes:
            numbers = [segment.number for segment in process.coverage.segments]
            for name, positions in rows.items():
                mine = positions[np.isin(columns.segment[positions], numbers)]
                if len(mine):
                    at = np.searchsorted(bounds, columns.wall_ns[mine], "right")
                    process.counts[name] = np.bincount(at, minlength=axis.columns).tolist()

    def listed(self, processes: Iterable[ProcessTimeline], axis: Axis) -> Ints:
        """Return the positions of the events of processes on an axis that have a text for people, or that pass the filter."""
        columns = self._columns
        numbers = [segment.number for process in processes for segment in process.coverage.segments]
        if self._keep is not None:
            return np.flatnonzero(self._chosen(axis) & np.isin(columns.segment, numbers))
        shown = columns.level > 0
        shown[columns.off_ladder[:, 0]] = True
        shown[columns.unknown_depths] = True
        for at, row in itertools.chain(columns.rows, columns.internal_rows):
            shown[at] = row.kind in _WITH_TEXT or _has_text(row)
        return np.flatnonzero(shown & self._on_axis(axis) & np.isin(columns.segment, numbers))

    def read(self, positions: Ints) -> EventStream:
        """Yield events in the order of the positions; each is decoded shortly before it is yielded. Raises: TraceError."""
        rest = iter(positions.tolist())
        many = _FEWEST_AT_ONCE
        while some := list(itertools.islice(rest, many)):
            yield from self._read(some)
            many = min(many * 2, _MOST_AT_ONCE)

    def position(self, key: Key) -> int | None:
        """Return the position of an event; None where it is not there."""
        at = self._first_of(key)
        return at if at < len(self._columns) and self._key(at) == key else None

    def nearest(self, key: Key) -> list[Key]:
        """Return the events just before and after the place where one would be, those of its segment if there are any."""
        at = self._first_of(key)
        around = [self._key(place) for place in (at - 1, at) if 0 <= place < len(self._columns)]
        return [one for one in around if one[0] == key[0]] or around

    def around(self, position: int, count: int) -> Ints:
        """Return the positions of so many events before and after one, in its segment."""
        segment = self._columns.segment
        first = int(np.searchsorted(segment, segment[position], "left"))
        stop = int(np.searchsorted(segment, segment[position], "right"))
        return np.arange(max(first, position - count), min(stop, position + count + 1))

    def name_of(self, position: int) -> str:
        """Return the identifier or name of the process of an event, and its segment."""
        number = int(self._columns.segment[position])
        segment = next(each for each in self._sessions.segments if each.number == number)
        name = segment.identifier or segment.name
        return f"{name}, segment {number}" if name else f"segment {number}"

    def day(self, position: int, zone: tzinfo) -> str:
        """Return the day of an event in a zone."""
        return text.day(int(self._columns.wall_ns[position]), zone)

    def _read(self, positions: list[int]) -> EventStream:
        keys = [self._key(at) for at in positions]
        events = self._places.read(keys)
        named = {
            (key[0], seq)
            for key in keys
            if (event := events.get(key)) is not None
            for seq in (event.get("cause"), event.get("resumed_by"))
            if seq.__class__ is int and (key[0], seq) not in events
        }
        known = events | self._places.read(named) if named else events
        for at, key in zip(positions, keys, strict=True):
            if (event := events.get(key)) is None:
                continue
            origins = OriginLog()
            causes = {event.get("cause"), event.get("resumed_by")}
            for seq in sorted(seq for seq in causes if seq.__class__ is int and seq < key[1]):
                if (origin := known.get((key[0], seq))) is not None:
                    origins.feed(origin)
            state = SegmentState(
                state=STATES[int(self._sessions.state[at])], seq=key[1], unseen_ns=self._unseen_ns(at), origins=origins
            )
            yield event, state

    def _unseen_ns(self, at: int) -> int | None:
        """Return the time since the event before, by the steady clock; None for the first of a segment."""
        segment, mono_ns = self._columns.segment, self._columns.mono_ns
        if not at or segment[at - 1] != segment[at]:
            return None
        return max(0, int(mono_ns[at]) - int(mono_ns[at - 1]))

    def _chosen(self, axis: Axis) -> Bools:
        """Return which events are on the axis and pass the filter. Raises: TraceError."""
        on_axis = self._on_axis(axis)
        if self._keep is None:
            return on_axis
        if self._kept is None or self._kept[0] != axis:
            self._kept = axis, on_axis & ColumnFilter(self._keep, self._sessions, self._places).kept(on_axis)
        return self._kept[1]

    def _on_axis(self, axis: Axis) -> Bools:
        wall_ns = self._columns.wall_ns
        return np.asarray((wall_ns >= axis.start_ns) & (wall_ns <= axis.stop_ns), bool)

    def _key(self, at: int) -> Key:
        return int(self._columns.segment[at]), int(self._columns.seq[at])

    def _first_of(self, key: Key) -> int:
        """Return where an event is, or would be."""
        segment, seq = key
        first = int(np.searchsorted(self._columns.segment, segment, "left"))
        stop = int(np.searchsorted(self._columns.segment, segment, "right"))
        return first + int(np.searchsorted(self._columns.seq[first:stop], seq, "left"))


def _kept(positions: Ints, which: Bools) -> Ints:
    return positions[which[positions]]


def _has_text(row: EventFields) -> bool:
    return (row.kind == "accounting" and row.phase == "begin") or (row.kind == "clock" and bool(row.step_ns))
