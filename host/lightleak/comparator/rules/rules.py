"""Why an entry exists and how far the app went: the rules of contract section 4, for all entries of an app at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lightleak.arrays import Bools, Bytes, Ints
from lightleak.comparator.rules.report_entries import TICK_NS, ReportEntries
from lightleak.comparator.timeline.accounting import AccountingIndex
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.event_series import Counts, EventSeries
from lightleak.events import NS_PER_MS

CAUSES = ("picker", "query", "open", "unobserved", "notification", "unexplained")
PICKER, QUERY, OPEN, UNOBSERVED, NOTIFICATION, UNEXPLAINED = range(len(CAUSES))

MATCHES = ("none", "identifier", "time")
NONE, IDENTIFIER, TIME = range(len(MATCHES))

JUST_BEFORE_NS = 50 * NS_PER_MS
"""An entry's process must have been watched this long before its begin. Source: contract section 4."""


@dataclass(slots=True)
class RuleResults:
    """What the rules say of one app's entries; arrays of shape (n,) in the order of ``rows``."""

    rows: Ints
    """Which entries of the report."""
    cause: Bytes
    match: Bytes
    depth: Bytes
    """The deepest step of the ladder while the entry was open, from ``begin − lag``."""
    window_from_ns: Ints
    """``begin − lag``, not counting time in which the process was suspended."""
    opening: Ints
    """Position of the accounting event with the entry's identifier, −1 where there is none."""
    why: Evidence
    """The events that gave the cause, where it was found by time."""
    deepest: Evidence
    """All events of the deepest step."""
    touched: Bools
    """Whether any of the time from ``window_from_ns`` to the end was covered."""
    partly: Bools
    covered_before: Bools
    state_bits: Bytes
    """The states in force at the evidence, as bits; those at ``begin`` where there is none."""
    ambiguous: Bools


@dataclass(slots=True)
class Evidence:
    """For each entry a range [first, stop) of the series that ``source`` names; empty ranges where there is none."""

    series: tuple[EventSeries, ...]
    source: Bytes
    first: Counts
    stop: Counts

    @classmethod
    def none(cls, series: tuple[EventSeries, ...], count: int) -> Evidence:
        """Start without evidence."""
        return cls(series, np.zeros(count, np.uint8), np.zeros(count, np.int32), np.zeros(count, np.int32))

    def set(self, which: Bools, source: int, first: Counts, stop: Counts) -> None:
        """Give some entries their ranges."""
        self.source[which], self.first[which], self.stop[which] = source, first[which], stop[which]

    def positions(self, entry: int) -> Ints:
        """Return the positions of one entry's events, by wall time."""
        found: Ints = self.series[self.source[entry]].at[self.first[entry] : self.stop[entry]]
        return found

    def state_bits(self) -> Bytes:
        """Tell which states were in force at each entry's events."""
        bits = np.zeros(len(self.source), np.uint8)
        for source, series in enumerate(self.series):
            which = self.source == source
            bits[which] = series.states_within(self.first[which], self.stop[which])
        return bits


def apply_rules(
    lane: AppTimeline, ledger: AccountingIndex, entries: ReportEntries, rows: Ints, lag_ns: int
) -> RuleResults:
    """Judge one app's entries, ``rows`` of ``entries``. ``lag_ns``: how much later than the call a report may stamp."""
    begin, until, has_begin = entries.begin_ns[rows], entries.until_ns[rows], entries.has_begin[rows]
    picker = entries.columns.out_of_process[rows]
    window_from_ns = np.where(has_begin, lane.suspended.step_back(begin, lag_ns), begin)
    opening, assetsd = ledger.positions(entries.columns.identifier[rows].tolist())
    opening[picker] = -1
    touched, partly = _watched(lane, window_from_ns, until)
    ruling = RuleResults(
        rows=rows,
        cause=np.full(len(rows), UNEXPLAINED, np.uint8),
        match=np.full(len(rows), NONE, np.uint8),
        depth=np.zeros(len(rows), np.uint8),
        window_from_ns=window_from_ns,
        opening=opening,
        why=Evidence.none((lane.first_contacts, lane.unaccounted_queries, lane.announcements), len(rows)),
        deepest=Evidence.none(lane.levels, len(rows)),
        touched=touched,
        partly=partly,
        covered_before=lane.covered.contains(begin - JUST_BEFORE_NS) & has_begin,
        state_bits=np.zeros(len(rows), np.uint8),
        ambiguous=np.zeros(len(rows), bool),
    )
    window = Window(lane.find(window_from_ns), lane.find(begin + TICK_NS), lane.find(until + TICK_NS))
    _find_causes(ruling, window, picker, assetsd)
    _find_depths(ruling, window)
    _find_states(ruling, lane, begin, assetsd)
    ruling.ambiguous = _ambiguous(ruling, window)
    return ruling


@dataclass(frozen=True, slots=True)
class Window:
    """For each entry, which of the lane's events are near its begin, and which lie in it; as counts of events before."""

    first: Ints
    near_stop: Ints
    stop: Ints


def _find_causes(ruling: RuleResults, window: Window, picker: Bools, assetsd: Bools) -> None:
    """Give each entry the first cause that holds."""
    undecided = np.ones(len(picker), bool)

    def decide(which: Bools, cause: int, match: int) -> Bools:
        chosen = undecided & which
        ruling.cause[chosen], ruling.match[chosen] = cause, match
        undecided[chosen] = False
        return chosen

    contact, query, notified = (series.within(window.first, window.near_stop) for series in ruling.why.series)
    notifications = notified[1] - notified[0]
    known = ruling.opening >= 0
    decide(picker, PICKER, NONE)
    decide(known & ~assetsd, QUERY, IDENTIFIER)
    decide(known, OPEN, IDENTIFIER)
    decide(~ruling.covered_before, UNOBSERVED, NONE)
    ruling.why.set(decide(contact[1] > contact[0], OPEN, TIME), 0, *contact)
    ruling.why.set(decide(query[1] > query[0], QUERY, TIME), 1, *query)
    # Nothing else of the ladder is near where all that is near are notifications.
    quiet = (notifications > 0) & (notifications == window.near_stop - window.first)
    ruling.why.set(decide(quiet, NOTIFICATION, TIME), 2, *notified)


def _find_depths(ruling: RuleResults, window: Window) -> None:
    """Find the furthest step of the ladder between ``begin − lag`` and the end."""
    for step, series in enumerate(ruling.deepest.series):
        first, stop = series.within(window.first, window.stop)
        reached = stop > first
        ruling.depth[reached] = step
        ruling.deepest.set(reached, step, first, stop)


def _find_states(ruling: RuleResults, lane: AppTimeline, begin: Ints, assetsd: Bools) -> None:
    known = ruling.opening >= 0
    positions = ruling.opening[known]
    # A daemon has no state: what counts is the state of the app for which it acted.
    own = (1 << lane.recording.state[positions]).astype(np.uint8)
    ruling.state_bits = ruling.why.state_bits() | ruling.deepest.state_bits()
    ruling.state_bits[known] |= np.where(assetsd[known], lane.states_at(lane.recording.wall_ns[positions]), own)
    bare = ruling.state_bits == 0
    ruling.state_bits[bare] = lane.states_at(begin[bare])


def _watched(lane: AppTimeline, starts: Ints, stops: Ints) -> tuple[Bools, Bools]:
    """Tell where some of a window was covered, and where some, but not all, was."""
    covered = lane.covered.length_between(starts, stops)
    touched = np.where(stops > starts, covered > 0, lane.covered.contains(starts))
    return touched, touched & (covered < stops - starts)


def _ambiguous(ruling: RuleResults, window: Window) -> Bools:
    """Tell where an event is near two entries that no identifier tells apart."""
    doubtful = np.zeros(len(ruling.rows), bool)
    judged = (ruling.match != IDENTIFIER) & (ruling.cause != PICKER) & (ruling.cause != UNOBSERVED)
    which = np.flatnonzero(judged)
    which = which[np.argsort(window.near_stop[which], kind="stable")]
    earlier, later = which[:-1], which[1:]
    # All windows are equally long, so an event shared by any two is shared by neighbours.
    shared = window.near_stop[earlier] > window.first[later]
    doubtful[earlier[shared]] = True
    doubtful[later[shared]] = True
    return doubtful
