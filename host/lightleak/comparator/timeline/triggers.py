"""What set each act off: by the origin that it names as its cause, else by the latest origin shortly before it.

Contract section 4, ``trigger``. An act is an event of the ladder. Nothing is guessed: a cause that names no origin before the
act in the act's own segment, and events that are missing where the origin would be, make the trigger unknown.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np

from lightleak.arrays import Bools, Bytes, Ints
from lightleak.comparator.columns.event_columns import LADDER
from lightleak.comparator.timeline.segments import RecordedSegment
from lightleak.comparator.timeline.session_set import SessionSet
from lightleak.events import NS_PER_MS, STATES, TRIGGER_LINKS, TRIGGERS, TriggerKind, TriggerLink
from lightleak.text import escaped

CHANGE, TOUCH, WAKE, LAUNCH, ACTIVATION, NONE, UNKNOWN = range(len(TRIGGERS))
BY_NONE, BY_LINK, BY_TIME = range(len(TRIGGER_LINKS))

NO_TRIGGER, NO_LINK = len(TRIGGERS), len(TRIGGER_LINKS)
"""Codes of kind and link where there is no act that something could have set off: null in JSON."""

_BEFORE_ALL = np.iinfo(np.int64).min


@dataclass(slots=True)
class ActTriggers:
    """What set some acts off; arrays of shape (n,) in the order of the acts that were asked for."""

    kind: Bytes
    """Code in ``TRIGGERS``."""
    by: Bytes
    """Code in ``TRIGGER_LINKS``."""
    origin: Ints
    """Position of the origin in the session set, −1 where none is known."""
    delay_ns: Ints
    """Act minus origin by the clock that never steps; 0 without an origin."""


class Trigger(msgspec.Struct, frozen=True, gc=False):
    """What set an act off: the object ``trigger`` of contract section 4, its keys in order."""

    kind: TriggerKind
    by: TriggerLink
    """``link``: the act names it as its cause. ``time``: it came shortly before."""
    event: str | None
    """The origin as ``SESSION:SEGMENT:SEQ``."""
    delay_ms: float | None
    """The act minus the origin by the clock that never steps; signed, for clocks can be damaged."""
    what: str | None
    """The observer's class, or the reason of a wake-up; of one line."""


def named(sessions: SessionSet, found: ActTriggers) -> list[Trigger | None]:
    """Return triggers as objects, in order; None where there is no act."""
    known = np.flatnonzero(found.origin >= 0)
    origin = found.origin[known]
    events: dict[int, str] = dict(zip(known.tolist(), sessions.references(origin), strict=True))
    what = dict(zip(known.tolist(), _what(sessions, found.kind[known], origin), strict=True))
    rows = zip(found.kind.tolist(), found.by.tolist(), found.delay_ns.tolist(), strict=True)
    return [
        None
        if kind == NO_TRIGGER
        else Trigger(TRIGGERS[kind], TRIGGER_LINKS[by], events[at], round(delay_ns / NS_PER_MS, 3), what[at])
        if at in events
        else Trigger(TRIGGERS[kind], TRIGGER_LINKS[by], None, None, None)
        for at, (kind, by, delay_ns) in enumerate(rows)
    ]


def _what(sessions: SessionSet, kinds: Bytes, origins: Ints) -> list[str | None]:
    """Return the observer's class or the wake-up's reason of each origin; None for others."""
    reasons = {
        sessions.loaded[segment.session - 1].offset + origin.position: origin.reason
        for segment in sessions.segments
        for origin in segment.origins
        if origin.reason is not None
    }
    found: list[str | None] = []
    for kind, origin in zip(kinds.tolist(), origins.tolist(), strict=True):
        name = sessions.symbol(origin) if kind == CHANGE else reasons.get(origin)
        found.append(None if name is None else escaped(name))
    return found


def changed_to(sessions: SessionSet, found: ActTriggers) -> list[str | None]:
    """Return the state to which the app changed, one of ``STATES``, where such a change is the origin; None for other kinds."""
    is_change = (found.kind == ACTIVATION) & (found.origin >= 0)
    codes = sessions.state[found.origin[is_change]].tolist()
    states = dict(zip(np.flatnonzero(is_change).tolist(), codes, strict=True))
    return [STATES[states[at]] if at in states else None for at in range(len(found.kind))]


def find_resumed(sessions: SessionSet, acts: Ints) -> ActTriggers:
    """Return the origins with whose value an older task went on in some acts, each once.

    The kind is ``NO_TRIGGER`` where an act names none, and unknown where the origin that it names was lost.
    """
    found = _nothing_found(len(acts))
    found.kind[:] = NO_TRIGGER
    for segment in sessions.segments:
        where = sessions.positions(segment)
        mine = np.flatnonzero((acts >= where.start) & (acts < where.stop))
        named_by = _named_by(sessions, segment, acts[mine], sessions.loaded[segment.session - 1].columns.resumed)
        mine, named_by = mine[named_by > 0], named_by[named_by > 0]
        if len(mine):
            origins = SegmentOrigins.of(sessions, segment)
            found.origin[mine], found.kind[mine] = origins.named(where.start, acts[mine], named_by)
    return found


def origins_by_time(sessions: SessionSet, segments: list[RecordedSegment]) -> Ints:
    """Return the positions of the origins that an act shortly after can be set off by, without a link."""
    found = [SegmentOrigins.of(sessions, segment) for segment in segments]
    return np.concatenate([one.at[one.by_time] for one in found] or [np.zeros(0, np.int64)])


def _nothing_found(count: int) -> ActTriggers:
    return ActTriggers(
        np.full(count, NONE, np.uint8),
        np.full(count, BY_NONE, np.uint8),
        np.full(count, -1, np.int64),
        np.zeros(count, np.int64),
    )


def find_triggers(sessions: SessionSet, acts: Ints, lag_ns: int) -> ActTriggers:
    """Return what set acts off. ``acts``: positions of events of the ladder, each once, in any order."""
    found = _nothing_found(len(acts))
    # Only the segments that have acts: of many apps each has few.
    segments = [sessions.segments[at] for at in np.unique(sessions.numbers_of_segments(acts)).tolist() if at >= 0]
    for segment, mine in sessions.in_segments(segments, acts):
        found.kind[mine], found.by[mine], found.origin[mine] = _find_in(sessions, segment, acts[mine], lag_ns)
    linked = np.flatnonzero(found.origin >= 0)
    found.delay_ns[linked] = sessions.mono_ns[acts[linked]] - sessions.mono_ns[found.origin[linked]]
    return found


def _find_in(sessions: SessionSet, segment: RecordedSegment, acts: Ints, lag_ns: int) -> tuple[Bytes, Bytes, Ints]:
    """Return what set a segment's ``acts``, ascending, off: kind, link and the origin's position of each."""
    origins = SegmentOrigins.of(sessions, segment)
    cause = causes_of(sessions, segment, acts)
    linked = np.flatnonzero(cause)
    bare: slice | Ints = np.flatnonzero(cause == 0) if len(linked) else slice(None)
    kind, origin = np.full(len(acts), NONE, np.uint8), np.full(len(acts), -1, np.int64)
    kind[bare], origin[bare] = origins.before(sessions, segment, acts[bare], lag_ns)
    by = np.where(origin >= 0, np.uint8(BY_TIME), np.uint8(BY_NONE))
    if len(linked):
        start = sessions.positions(segment).start
        origin[linked], kind[linked] = origins.named(start, acts[linked], cause[linked])
        by[linked] = np.where(origin[linked] >= 0, BY_LINK, BY_NONE)
    return kind, by, origin


def causes_of(sessions: SessionSet, segment: RecordedSegment, acts: Ints) -> Ints:
    """Return the ``seq`` that each of a segment's acts names as its cause, 0 where it names none."""
    return _named_by(sessions, segment, acts, sessions.loaded[segment.session - 1].columns.caused)


def _named_by(sessions: SessionSet, segment: RecordedSegment, acts: Ints, table: Ints) -> Ints:
    """Return the ``seq`` that a table of (position, seq), ascending, has for each of a segment's acts, 0 where it has none."""
    loaded = sessions.loaded[segment.session - 1]
    places = table[:, 0] + loaded.offset
    start, stop = np.searchsorted(places, [loaded.offset + segment.first, loaded.offset + segment.stop])
    places, causes = places[start:stop], table[start:stop, 1]
    if not len(places):
        return np.zeros(len(acts), np.int64)
    at = np.minimum(np.searchsorted(places, acts), len(places) - 1)
    return np.where(places[at] == acts, causes[at], 0)


@dataclass(slots=True)
class SegmentOrigins:
    """The origins of one segment, in order."""

    seq: Ints
    """Of all events of the segment."""
    at: Ints
    """Positions of the origins, ascending."""
    code: Bytes
    """What each sets off, a code in ``TRIGGERS``."""
    by_time: Bools
    """Which of them an act shortly after may be set off by."""

    @classmethod
    def of(cls, sessions: SessionSet, segment: RecordedSegment) -> SegmentOrigins:
        """Return the origins of a segment: its deliveries of changes, and the others that its rare events name."""
        where = sessions.positions(segment)
        loaded = sessions.loaded[segment.session - 1]
        deliveries = where.start + np.flatnonzero(sessions.level[where] == LADDER["notification"])
        others = segment.origins
        at = np.concatenate([deliveries, np.array([loaded.offset + one.position for one in others], np.int64)])
        code = np.concatenate([np.full(len(deliveries), CHANGE), np.array([one.trigger for one in others], np.int64)])
        by_time = np.concatenate([np.ones(len(deliveries), bool), np.array([one.by_time for one in others], bool)])
        order = np.argsort(at, kind="stable")
        seq = loaded.columns.seq[segment.first : segment.stop]
        return cls(seq, at[order], code[order].astype(np.uint8), by_time[order])

    def named(self, start: int, acts: Ints, seq: Ints) -> tuple[Ints, Ints]:
        """Return positions and kinds of the origins that acts name by ``seq``; −1 and unknown where none is before the act.

        start: the position of the segment's first event.
        """
        place = np.minimum(np.searchsorted(self.seq, seq), len(self.seq) - 1)
        exists = (self.seq[place] == seq) & (start + place < acts)
        code = self.code_at(np.where(exists, start + place, -1))
        return np.where(code >= 0, start + place, -1), np.where(code >= 0, code, UNKNOWN)

    def code_at(self, positions: Ints) -> Ints:
        """Return what the origin at each position sets off, −1 where there is no origin."""
        if not len(self.at):
            return np.full(len(positions), -1, np.int64)
        place = np.minimum(np.searchsorted(self.at, positions), len(self.at) - 1)
        return np.where(self.at[place] == positions, self.code[place].astype(np.int64), -1)

    def before(self, sessions: SessionSet, segment: RecordedSegment, acts: Ints, lag_ns: int) -> tuple[Bytes, Ints]:
        """Return the kind and the position of the latest origin within the lag before each act, ascending; −1 without one.

        Time in which the process was suspended does not count. Where events are missing after that origin, or within the
        lag where there is no origin, the kind is unknown and the position −1; so they are where the clock has the origin
        after the act.
        """
        awake_ns = awake_clock(sessions, segment)
        start = sessions.positions(segment).start
        act_ns = awake_ns[acts - start]
        kind, origin = np.full(len(acts), NONE, np.uint8), np.full(len(acts), -1, np.int64)
        at, which = self._near(acts, act_ns, awake_ns[self.at[self.by_time] - start] + lag_ns)
        kind[at], origin[at] = self.code[self.by_time][which], self.at[self.by_time][which]
        # A clock that steps although it never should does not say which came first.
        later = (origin >= 0) & (awake_ns[np.maximum(origin - start, 0)] > act_ns)
        kind[later], origin[later] = UNKNOWN, -1
        if segment.loss_positions:
            lost = _last_loss(sessions, segment, acts)
            lost_ns = np.where(lost >= 0, awake_ns[np.maximum(lost - start, 0)], _BEFORE_ALL)
            # What is missing comes before the event at ``lost``, and can have been an origin.
            missing = (lost >= 0) & np.where(origin >= 0, lost > origin, act_ns - lost_ns <= lag_ns)
            kind[missing], origin[missing] = UNKNOWN, -1
        return kind, origin

    def _near(self, acts: Ints, act_ns: Ints, until_ns: Ints) -> tuple[Ints, Ints]:
        """Return which acts come after an origin and not too late for it, and which origin is the latest before each.

        until_ns: up to when an act is near each of the origins. There are many acts and few origins: each origin has a range.
        """
        origins = self.at[self.by_time]
        first = np.searchsorted(acts, origins, "right")
        stop = np.append(first[1:], len(acts))[: len(first)]
        ascending = bool((act_ns[1:] >= act_ns[:-1]).all())
        if ascending:
            stop = np.minimum(stop, np.searchsorted(act_ns, until_ns, "right"))
        counts = np.maximum(stop - first, 0)
        which = np.repeat(np.arange(len(origins)), counts)
        at = np.arange(len(which)) + np.repeat(first - (np.cumsum(counts) - counts), counts)
        if not ascending:  # A clock that steps although it never should.
            near = act_ns[at] <= until_ns[which]
            at, which = at[near], which[near]
        return at, which


def _last_loss(sessions: SessionSet, segment: RecordedSegment, acts: Ints) -> Ints:
    """Return the position of the last loss at or before each act, −1 without one."""
    offset = sessions.loaded[segment.session - 1].offset
    losses = np.array(segment.loss_positions, np.int64) + offset
    place = np.searchsorted(losses, acts, "right") - 1
    return np.where(place >= 0, losses[np.maximum(place, 0)], -1)


def awake_clock(sessions: SessionSet, segment: RecordedSegment) -> Ints:
    """Return for each event of a segment the clock that never steps, without the time in which the process was suspended."""
    where = sessions.positions(segment)
    offset = sessions.loaded[segment.session - 1].offset
    clock = sessions.mono_ns[where]
    if not segment.asleep:
        return clock
    slept = np.zeros(len(clock), np.int64)
    for start, stop in segment.asleep:
        first, last = offset + start - where.start, offset + stop - where.start
        slept[last:] += clock[last] - clock[first]
        # What was stamped meanwhile was stamped by the host.
        slept[first:last] += clock[first:last] - clock[first]
    return clock - slept
