"""One identifier's processes on one wall clock: what was covered, what they did, and what of it explains an entry."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from lightleak.arrays import Bools, Bytes, Intervals, Ints
from lightleak.comparator.assumptions import UNTESTED, Assumptions
from lightleak.comparator.columns.event_columns import LADDER
from lightleak.comparator.timeline.segments import ACCOUNTING, RecordedSegment, is_absent, is_inherited
from lightleak.comparator.timeline.session_set import SessionSet
from lightleak.comparator.timeline.watched_time import WatchedTime
from lightleak.losses import Losses, total

Counts = npt.NDArray[np.int32]
"""Positions within one session set: two thousand million events are enough."""

_SPARSE = 64
"""Where one event in so many is of a series, searching among them costs less than counting along all."""


class EventSeries:
    """Some events of a timeline, by wall time, found by range: counting instead of searching again."""

    def __init__(self, positions: Counts, states: Bytes, chosen: npt.NDArray[np.bool_]) -> None:
        """Take those of a timeline's ``positions`` for which ``chosen`` holds; shapes (n,), by wall time."""
        self.at: Counts = positions[chosen]
        """Positions in the session set."""
        sparse = len(self.at) * _SPARSE < len(chosen)
        self._places = np.flatnonzero(chosen) if sparse else None
        self._rank = np.zeros(0, np.int32) if sparse else _counted(chosen)
        self._states = states[chosen]
        self._changes = _counted(self._states[1:] != self._states[:-1]) if len(self.at) else np.zeros(1, np.int32)

    def __len__(self) -> int:
        return len(self.at)

    def within(self, first: Ints, stop: Ints) -> tuple[Counts, Counts]:
        """Turn ranges [first, stop) of the timeline into ranges of this series."""
        return self._before(first), self._before(np.maximum(stop, first))

    def last_before(self, place: int) -> int | None:
        """Return the position of the last of these events among the timeline's first ``place``."""
        count = int(self._rank[place] if self._places is None else self._places.searchsorted(place))
        return int(self.at[count - 1]) if count else None

    def _before(self, places: Ints) -> Counts:
        """Count the events of this series before each place of the timeline."""
        if self._places is None:
            return self._rank[places]
        return np.searchsorted(self._places, places).astype(np.int32)

    def states_within(self, first: Counts, stop: Counts) -> Bytes:
        """Return for each range of this series the states of its events, as bits 1 << code; 0 for an empty one."""
        bits = np.zeros(len(first), dtype=np.uint8)
        some = np.flatnonzero(stop > first)
        lo, hi = first[some], stop[some]
        bits[some] = 1 << self._states[lo]
        several = some[self._changes[lo] != self._changes[hi - 1]]
        for entry in several.tolist():
            bits[entry] = np.bitwise_or.reduce(1 << self._states[first[entry] : stop[entry]])
        return bits


def _counted(mask: npt.NDArray[Any]) -> Counts:
    """Count how many hold before each place; one longer than the mask."""
    counts = np.zeros(len(mask) + 1, dtype=np.int32)
    np.cumsum(mask, out=counts[1:])
    return counts


class AppTimeline:
    """One identifier's processes: what was covered, and their events on the ladder by wall time."""

    def __init__(
        self, sessions: SessionSet, segments: list[RecordedSegment], assumptions: Assumptions = UNTESTED
    ) -> None:
        self.sessions = sessions
        self.segments = segments
        self.assumptions = assumptions
        self.at: Counts = _by_time(_on_ladder(sessions, segments), sessions.wall_ns)
        """Positions of the app's own events on the ladder, by wall time."""
        self.wall_ns: Ints = sessions.wall_ns[self.at]
        self._level: Bytes = sessions.level[self.at]
        self._state: Bytes = sessions.state[self.at]
        self.watched = WatchedTime(sessions, segments)
        self.covered = self.watched.covered
        self._reaches: dict[int, Ints] = {}

    @classmethod
    def of(cls, sessions: SessionSet, app: str, assumptions: Assumptions = UNTESTED) -> AppTimeline:
        """Return the timeline of an app's own processes."""
        mine = [segment for segment in sessions.segments if segment.identifier == app and not segment.is_assetsd()]
        return cls(sessions, mine, assumptions)

    def find(self, times: Ints) -> Ints:
        """Count for each time the timeline's events that come before it."""
        return np.asarray(np.searchsorted(self.wall_ns, times, "left"), dtype=np.int64)

    def only(self, chosen: Bools) -> EventSeries:
        """Return some of the timeline's events."""
        return EventSeries(self.at, self._state, chosen)

    @property
    def watched_segments(self) -> list[RecordedSegment]:
        """The segments in which the app was watched."""
        return [segment for segment in self.segments if len(segment.covered.start)]

    @property
    def lost_events(self) -> int:
        """How many events are known to be missing."""
        return self.missing.events

    @property
    def missing(self) -> Losses:
        """What is missing of all segments."""
        return total(segment.missing for segment in self.segments)

    @cached_property
    def levels(self) -> tuple[EventSeries, ...]:
        """The events of each step of the ladder."""
        return tuple(self.only(self._level == level) for level in range(len(LADDER)))

    @cached_property
    def first_contacts(self) -> EventSeries:
        """The first registration, opening or query of each segment without observers from before."""
        firsts = []
        for segment in self.segments if self.assumptions.opening_makes_entry is not False else []:
            where = self.sessions.positions(segment)
            steps = self.sessions.level[where]
            contact = (steps == LADDER["open"]) | (steps == LADDER["metadata"])
            if self.assumptions.registration_opens is False:
                mine = (self.registrations >= where.start) & (self.registrations < where.stop)
                contact[self.registrations[mine] - where.start] = False
            if not segment.found_observers and contact.any():
                firsts.append(where.start + int(contact.argmax()))
        return self.only(np.isin(self.at, firsts))

    @cached_property
    def unaccounted_queries(self) -> EventSeries:
        """Queries in segments whose accounting could not be seen; reads too, where reads make entries."""
        unseen = ~self._accounting_in_place[self.at]
        queries_make_entries = self.assumptions.query_makes_entry is not False
        reads_make_entries = self.assumptions.reads_make_no_entry is False
        if queries_make_entries and not reads_make_entries and unseen.all():
            return self.levels[LADDER["metadata"]]
        asking = np.zeros(len(LADDER), bool)
        asking[LADDER["metadata"]] = queries_make_entries
        asking[LADDER["thumbnail"] :] = reads_make_entries
        return self.only(asking[self._level] & unseen)

    @cached_property
    def announcements(self) -> EventSeries:
        """The deliveries of notifications, as far as they can make an entry."""
        if self.assumptions.delivery_makes_entry is False:
            return self.only(np.zeros(len(self.at), bool))
        return self.levels[LADDER["notification"]]

    @cached_property
    def registrations(self) -> Ints:
        """Positions of all registrations of observers, ascending."""
        found = [
            loaded.offset + at
            for loaded in self.sessions.loaded
            for at, row in loaded.columns.rows
            if row.kind == "observer" and row.action == "registered"
        ]
        return np.array(found, dtype=np.int64)

    @cached_property
    def _accounting_in_place(self) -> Bools:
        """Whether the identifiers that the report shows could be seen at each event of all sessions."""
        if self.assumptions.identifier_is_shown is False:
            return np.zeros(len(self.sessions.level), bool)
        return self.watched.in_place(ACCOUNTING)

    def reach_ns(self, lag_ns: int) -> Ints:
        """Return for each event up to when an entry can begin that it is near; its own process's sleep does not count."""
        if lag_ns not in self._reaches:
            reach = self.wall_ns + lag_ns
            sleepers = [segment for segment in self.segments if segment.suspended]
            for segment, mine in self.sessions.in_segments(sleepers, self.at) if sleepers else ():
                reach[mine] = Intervals.union(segment.suspended).step_on(self.wall_ns[mine], lag_ns)
            self._reaches[lag_ns] = reach
        return self._reaches[lag_ns]

    def states_at(self, times: Ints) -> Bytes:
        """Return the app's states at each time, as bits 1 << code in ``STATES``; only unknown where it was not covered.

        Several of its processes can be in several states; one whose state is not known does not count next to others. A time
        that a clock showed twice, because it was set back, has the states of both.
        """
        bits = np.zeros(len(times), np.uint8)
        order = np.argsort(times, kind="stable")
        ascending = times[order]
        for segment in self.segments:
            for start_ns, stop_ns, changed_ns, codes in self._state_changes(segment):
                inside = order[np.searchsorted(ascending, start_ns) : np.searchsorted(ascending, stop_ns, "right")]
                bits[inside] |= 1 << codes[np.searchsorted(changed_ns, times[inside], "right")]
        bits[~self.covered.contains(times)] = 0
        known = bits & ~np.uint8(1)
        return np.where(known != 0, known, 1).astype(np.uint8)

    def _state_changes(self, segment: RecordedSegment) -> Iterator[tuple[int, int, Ints, Bytes]]:
        """Yield each stretch of a segment's coverage, in which its clock was not set.

        Its first and last time, when the state changed in between, ascending, and the state before the first change and after
        each.
        """
        wall_ns = self.sessions.loaded[segment.session - 1].columns.wall_ns
        positions = np.array([at for at, _ in segment.states], np.int64)
        codes = np.array([0, *(code for _, code in segment.states)], np.uint8)
        for start, stop in segment.stretches:
            first, last = np.searchsorted(positions, [start, stop], "right").tolist()
            yield int(wall_ns[start]), int(wall_ns[stop]), wall_ns[positions[first:last]], codes[first : last + 1]

    @property
    def lacks_accounting(self) -> bool:
        """Whether the report's identifiers could not be seen, in some process for some time."""
        return bool(len(self.without_accounting.start))

    def deepest_of(self, places: Ints) -> int:
        """Return the deepest step at some places of the timeline, of which there must be one."""
        return int(self._level[places].max())

    @cached_property
    def without_accounting(self) -> Intervals:
        """When a process was watched that did not show the report's identifiers."""
        if self.assumptions.identifier_is_shown is False:
            return Intervals.union(pair for s in self.segments for pair in s.covered.pairs())
        return self.watched.without(ACCOUNTING)

    @cached_property
    def missing_probes(self) -> list[tuple[str, str, bool]]:
        """The probes that some segment had not in place: name, symbol or name, and whether the method exists there.

        Sorted; accounting apart.
        """
        found = {
            (str(hook.probe), str(hook.symbol or hook.probe), not is_absent(hook))
            for s in self.segments
            for hook in s.skipped
            if hook.probe != ACCOUNTING and not is_inherited(hook)
        }
        return sorted(found)

    @cached_property
    def hooked_in_part(self) -> frozenset[str]:
        """The symbols of ``missing_probes`` that each process without them all the time had for some of it."""
        missed = [
            (str(hook.symbol or hook.probe), bool(s.installed(str(hook.probe))))
            for s in self.segments
            for hook in s.skipped
        ]
        return frozenset(symbol for symbol, _ in missed) - {symbol for symbol, is_part in missed if not is_part}


def _by_time(positions: Counts, wall_ns: Ints) -> Counts:
    """Order positions by wall time; most often they are."""
    times = wall_ns[positions]
    return positions if bool((times[1:] >= times[:-1]).all()) else positions[np.argsort(times, kind="stable")]


def _on_ladder(sessions: SessionSet, segments: list[RecordedSegment]) -> Counts:
    places = [sessions.positions(segment) for segment in segments]
    parts = [np.flatnonzero(sessions.level[where]).astype(np.int32) + np.int32(where.start) for where in places]
    if len(parts) == 1:
        return parts[0]  # most often there is one, and it may be large
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)
