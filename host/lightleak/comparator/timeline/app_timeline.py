"""One identifier's processes on one wall clock: what was covered, what they did, and what of it explains an entry."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from lightleak.arrays import Bools, Bytes, Intervals, Ints
from lightleak.comparator.columns.event_columns import LADDER
from lightleak.comparator.explain.assumptions import UNTESTED, Assumptions
from lightleak.comparator.timeline.event_series import Counts, EventSeries
from lightleak.comparator.timeline.probe_coverage import is_absent, is_inherited
from lightleak.comparator.timeline.segments import ACCOUNTING, RecordedSegment

if TYPE_CHECKING:
    from lightleak.comparator.timeline.session_set import SessionSet


class AppTimeline:
    """One identifier's processes: what was covered, and their events on the ladder by wall time."""

    def __init__(self, recording: SessionSet, segments: list[RecordedSegment], facts: Assumptions = UNTESTED) -> None:
        self.recording = recording
        self.segments = segments
        self.facts = facts
        self.at: Counts = _by_time(_on_ladder(recording, segments), recording.wall_ns)
        """Positions of the app's own events on the ladder, by wall time."""
        self.wall_ns: Ints = recording.wall_ns[self.at]
        self._level: Bytes = recording.level[self.at]
        self._state: Bytes = recording.state[self.at]
        self.lost = Intervals.union(span for s in segments for loss in s.losses for span in loss.spans())
        self.covered = Intervals.union(pair for s in segments for pair in s.covered.pairs()).minus(self.lost)
        asleep = Intervals.union(pair for s in segments for pair in s.suspended)
        self.suspended = asleep.minus(Intervals.union(_awake(segments))) if len(segments) > 1 else asleep

    def find(self, times: Ints) -> Ints:
        """Tell for each time how many of the lane's events come before it."""
        return np.asarray(np.searchsorted(self.wall_ns, times, "left"), dtype=np.int64)

    def only(self, chosen: Bools) -> EventSeries:
        """Take some of the lane's events."""
        return EventSeries(self.at, self._state, chosen)

    @cached_property
    def levels(self) -> tuple[EventSeries, ...]:
        """The events of each step of the ladder."""
        return tuple(self.only(self._level == level) for level in range(len(LADDER)))

    @cached_property
    def first_contacts(self) -> EventSeries:
        """The first registration, opening or query of each segment without observers from before."""
        firsts = []
        for segment in self.segments if self.facts.opening_makes_entry is not False else []:
            where = self.recording.positions(segment)
            steps = self.recording.level[where]
            contact = (steps == LADDER["open"]) | (steps == LADDER["metadata"])
            if self.facts.registration_opens is False:
                mine = (self.registrations >= where.start) & (self.registrations < where.stop)
                contact[self.registrations[mine] - where.start] = False
            if not segment.found_observers and contact.any():
                firsts.append(where.start + int(contact.argmax()))
        return self.only(np.isin(self.at, firsts))

    @cached_property
    def unaccounted_queries(self) -> EventSeries:
        """Queries in segments whose accounting could not be seen; reads too, where reads make entries."""
        blind = np.zeros(len(self.recording.level), bool)
        for segment in self.segments:
            blind[self.recording.positions(segment)] = not self.accounts(segment)
        unseen = blind[self.at]
        if self.facts.query_makes_entry is not False and self.facts.reads_make_no_entry is not False and unseen.all():
            return self.levels[LADDER["metadata"]]
        asking = np.zeros(len(LADDER), bool)
        asking[LADDER["metadata"]] = self.facts.query_makes_entry is not False
        asking[LADDER["thumbnail"] :] = self.facts.reads_make_no_entry is False
        return self.only(asking[self._level] & unseen)

    @cached_property
    def announcements(self) -> EventSeries:
        """The deliveries of notifications, as far as they can make an entry."""
        if self.facts.delivery_makes_entry is False:
            return self.only(np.zeros(len(self.at), bool))
        return self.levels[LADDER["notification"]]

    @cached_property
    def registrations(self) -> Ints:
        """Positions of all registrations of observers, ascending."""
        found = [
            take.offset + at
            for take in self.recording.takes
            for at, row in take.tape.rows
            if row.kind == "observer" and row.action == "registered"
        ]
        return np.array(found, dtype=np.int64)

    def accounts(self, segment: RecordedSegment) -> bool:
        """Tell whether a segment saw the identifiers that the report shows."""
        return segment.has_accounting and self.facts.identifier_is_shown is not False

    def states_at(self, times: Ints) -> Bytes:
        """Tell the app's states at each time, as bits 1 << code in ``STATES``; only unknown where it was not covered.

        Several of its processes can be in several states; one that does not know leaves the word to the others.
        """
        bits = np.zeros(len(times), np.uint8)
        order = np.argsort(times, kind="stable")
        ascending = times[order]
        for segment in self.segments:
            offset = self.recording.takes[segment.session - 1].offset
            steps = sorted(
                (int(self.recording.wall_ns[offset + at]), n, code) for n, (at, code) in enumerate(segment.states)
            )
            walls, codes = (
                np.array([wall for wall, _, _ in steps]),
                np.array([0, *(code for _, _, code in steps)], np.uint8),
            )
            for start, stop in segment.covered.pairs():
                inside = order[np.searchsorted(ascending, start) : np.searchsorted(ascending, stop, "right")]
                bits[inside] |= 1 << codes[np.searchsorted(walls, times[inside], "right")]
        bits[~self.covered.contains(times)] = 0
        known = bits & ~np.uint8(1)
        return np.where(known != 0, known, 1).astype(np.uint8)

    @property
    def blind_accounting(self) -> bool:
        """Whether some segment did not see the report's identifiers."""
        return any(not self.accounts(segment) for segment in self.segments)

    def deepest_within(self, start_ns: int, stop_ns: int) -> tuple[int, int] | None:
        """Tell the deepest step in [start, stop) and how many steps there were; None where there was none."""
        first, stop = self.find(np.array([start_ns, stop_ns])).tolist()
        return (int(self._level[first:stop].max()), stop - first) if stop > first else None

    @cached_property
    def blind(self) -> Intervals:
        """When a process was watched that did not show the report's identifiers."""
        return Intervals.union(pair for s in self.segments if not self.accounts(s) for pair in s.covered.pairs())

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


def _by_time(positions: Counts, wall_ns: Ints) -> Counts:
    """Order positions by wall time; most often they are."""
    times = wall_ns[positions]
    return positions if bool((times[1:] >= times[:-1]).all()) else positions[np.argsort(times, kind="stable")]


def _on_ladder(recording: SessionSet, segments: list[RecordedSegment]) -> Counts:
    places = [recording.positions(segment) for segment in segments]
    parts = [np.flatnonzero(recording.level[where]).astype(np.int32) + np.int32(where.start) for where in places]
    if len(parts) == 1:
        return parts[0]  # most often there is one, and it may be large
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)


def _awake(segments: list[RecordedSegment]) -> list[tuple[int, int]]:
    """When some process was covered and running: another one's sleep then does not stop the app's time."""
    return [pair for s in segments for pair in s.covered.minus(Intervals.union(s.suspended)).pairs()]
