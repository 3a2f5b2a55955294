"""Why an entry exists and how far the app went: the rules of contract section 4, for all entries of an app at once."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from lightleak.arrays import Bools, Bytes, Ints
from lightleak.comparator.rules.report_entries import TICK_NS, ReportEntries
from lightleak.comparator.timeline.accounting import AccountingIndex
from lightleak.comparator.timeline.app_timeline import AppTimeline, Counts, EventSeries
from lightleak.comparator.timeline.triggers import NO_LINK, NO_TRIGGER, ActTriggers
from lightleak.events import NS_PER_MS, STATES, TRIGGERS

CAUSES = ("picker", "query", "open", "unobserved", "notification", "unexplained")
PICKER, QUERY, OPEN, UNOBSERVED, NOTIFICATION, UNEXPLAINED = range(len(CAUSES))

MATCHES = ("none", "identifier", "time")
NONE, IDENTIFIER, TIME = range(len(MATCHES))

BACKGROUND = 1 << STATES.index("background")
"""The only bit of the states at an entry that happened in the background."""

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
    any_covered: Bools
    """Whether any of the time from ``window_from_ns`` to the end was covered."""
    partly_covered: Bools
    covered_before: Bools
    state_bits: Bytes
    """The states in force at the evidence, as bits; those at ``begin`` where there is none."""
    ambiguous: Bools
    act: Ints
    """Position of the act that made the entry, −1 where it was not seen; set with what follows by ``entry_triggers``."""
    trigger: Bytes
    """What set the act off: a code in ``TRIGGERS``, or ``NO_TRIGGER``."""
    trigger_by: Bytes
    """A code in ``TRIGGER_LINKS``, or ``NO_LINK``."""
    trigger_origin: Ints
    """Position of the origin, −1 without one."""
    trigger_delay_ns: Ints
    """Act minus origin; 0 without an origin."""
    trigger_counts: Ints
    """Shape (n, kinds of triggers): the queries and reads under the entry by what set each off."""

    @property
    def triggers(self) -> ActTriggers:
        """What set off the act of each entry, in the form in which it can be named."""
        return ActTriggers(self.trigger, self.trigger_by, self.trigger_origin, self.trigger_delay_ns)

    def only(self, which: Bools) -> RuleResults:
        """Return the results of some of the entries, in the same order."""
        columns: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        for name, column in columns.items():
            columns[name] = column.only(which) if isinstance(column, Evidence) else column[which]
        return replace(self, **columns)


@dataclass(slots=True)
class Evidence:
    """For each entry a range [first, stop) of the series that ``source`` names; empty ranges where there is none."""

    series: tuple[EventSeries, ...]
    source: Bytes
    first: Counts
    stop: Counts

    @classmethod
    def none(cls, series: tuple[EventSeries, ...], count: int) -> Evidence:
        """Return evidence without events."""
        return cls(series, np.zeros(count, np.uint8), np.zeros(count, np.int32), np.zeros(count, np.int32))

    def only(self, which: Bools) -> Evidence:
        """Return the evidence of some of the entries."""
        return Evidence(self.series, self.source[which], self.first[which], self.stop[which])

    def set(self, which: Bools, source: int, first: Counts, stop: Counts) -> None:
        """Set the ranges of some entries."""
        self.source[which], self.first[which], self.stop[which] = source, first[which], stop[which]

    def positions(self, entry: int) -> Ints:
        """Return the positions of one entry's events, by wall time."""
        found: Ints = self.series[self.source[entry]].at[self.first[entry] : self.stop[entry]]
        return found

    def state_bits(self) -> Bytes:
        """Return which states were in force at each entry's events, as bits; 0 without events."""
        bits = np.zeros(len(self.source), np.uint8)
        for source, series in enumerate(self.series):
            which = self.source == source
            bits[which] = series.states_within(self.first[which], self.stop[which])
        return bits


def state_word(bits: int) -> str:
    """Return the name of a single state; several are ``mixed``."""
    return STATES[bits.bit_length() - 1] if bits and not bits & (bits - 1) else "mixed" if bits else "unknown"


def apply_rules(
    timeline: AppTimeline, accounting: AccountingIndex, entries: ReportEntries, rows: Ints, lag_ns: int
) -> RuleResults:
    """Return the results for one app's entries, ``rows`` of ``entries``. ``lag_ns``: how much later a report may stamp."""
    begin, until, has_begin = entries.begin_ns[rows], entries.until_ns[rows], entries.has_begin[rows]
    picker = entries.columns.out_of_process[rows]
    window_from_ns = np.where(has_begin, timeline.suspended.step_back(begin, lag_ns), begin)
    opening, assetsd = accounting.positions(entries.columns.identifier[rows].tolist())
    opening[picker] = -1
    any_covered, partly_covered = _watched(timeline, window_from_ns, until)
    results = RuleResults(
        rows=rows,
        cause=np.full(len(rows), UNEXPLAINED, np.uint8),
        match=np.full(len(rows), NONE, np.uint8),
        depth=np.zeros(len(rows), np.uint8),
        window_from_ns=window_from_ns,
        opening=opening,
        why=Evidence.none((timeline.first_contacts, timeline.unaccounted_queries, timeline.announcements), len(rows)),
        deepest=Evidence.none(timeline.levels, len(rows)),
        any_covered=any_covered,
        partly_covered=partly_covered,
        covered_before=timeline.covered.contains(begin - JUST_BEFORE_NS) & has_begin,
        state_bits=np.zeros(len(rows), np.uint8),
        ambiguous=np.zeros(len(rows), bool),
        act=np.full(len(rows), -1, np.int64),
        trigger=np.full(len(rows), NO_TRIGGER, np.uint8),
        trigger_by=np.full(len(rows), NO_LINK, np.uint8),
        trigger_origin=np.full(len(rows), -1, np.int64),
        trigger_delay_ns=np.zeros(len(rows), np.int64),
        trigger_counts=np.zeros((len(rows), len(TRIGGERS)), np.int64),
    )
    window = EntryWindows(timeline.find(window_from_ns), timeline.find(begin + TICK_NS), timeline.find(until + TICK_NS))
    _find_causes(results, window, picker, assetsd)
    _find_depths(results, window)
    _find_states(results, timeline, begin, assetsd)
    results.ambiguous = _ambiguous(results, window)
    return results


@dataclass(frozen=True, slots=True)
class EntryWindows:
    """For each entry, which of the timeline's events are near its begin, and which are in it; as counts of events before."""

    first: Ints
    near_stop: Ints
    stop: Ints


def _find_causes(results: RuleResults, window: EntryWindows, picker: Bools, assetsd: Bools) -> None:
    """Set the cause of each entry: the first that holds."""
    undecided = np.ones(len(picker), bool)

    def decide(which: Bools, cause: int, match: int) -> Bools:
        chosen = undecided & which
        results.cause[chosen], results.match[chosen] = cause, match
        undecided[chosen] = False
        return chosen

    contact, query, notified = (series.within(window.first, window.near_stop) for series in results.why.series)
    notifications = notified[1] - notified[0]
    known = results.opening >= 0
    decide(picker, PICKER, NONE)
    decide(known & ~assetsd, QUERY, IDENTIFIER)
    decide(known, OPEN, IDENTIFIER)
    decide(~results.covered_before, UNOBSERVED, NONE)
    results.why.set(decide(contact[1] > contact[0], OPEN, TIME), 0, *contact)
    results.why.set(decide(query[1] > query[0], QUERY, TIME), 1, *query)
    # Nothing else of the ladder is near where all that is near are notifications.
    quiet = (notifications > 0) & (notifications == window.near_stop - window.first)
    results.why.set(decide(quiet, NOTIFICATION, TIME), 2, *notified)


def _find_depths(results: RuleResults, window: EntryWindows) -> None:
    """Find the furthest step of the ladder between ``begin − lag`` and the end."""
    for step, series in enumerate(results.deepest.series):
        first, stop = series.within(window.first, window.stop)
        reached = stop > first
        results.depth[reached] = step
        results.deepest.set(reached, step, first, stop)


def _find_states(results: RuleResults, timeline: AppTimeline, begin: Ints, assetsd: Bools) -> None:
    known = results.opening >= 0
    positions = results.opening[known]
    # A daemon has no state: what counts is the state of the app for which it acted.
    own = (1 << timeline.sessions.state[positions]).astype(np.uint8)
    results.state_bits = results.why.state_bits() | results.deepest.state_bits()
    results.state_bits[known] |= np.where(assetsd[known], timeline.states_at(timeline.sessions.wall_ns[positions]), own)
    bare = results.state_bits == 0
    results.state_bits[bare] = timeline.states_at(begin[bare])


def _watched(timeline: AppTimeline, starts: Ints, stops: Ints) -> tuple[Bools, Bools]:
    """Return where some of a window was covered, and where some, but not all, was."""
    covered = timeline.covered.length_between(starts, stops)
    any_covered = np.where(stops > starts, covered > 0, timeline.covered.contains(starts))
    return any_covered, any_covered & (covered < stops - starts)


def _ambiguous(results: RuleResults, window: EntryWindows) -> Bools:
    """Return where an event is near two entries that no identifier distinguishes."""
    doubtful = np.zeros(len(results.rows), bool)
    judged = (results.match != IDENTIFIER) & (results.cause != PICKER) & (results.cause != UNOBSERVED)
    which = np.flatnonzero(judged)
    which = which[np.argsort(window.near_stop[which], kind="stable")]
    earlier, later = which[:-1], which[1:]
    # All windows are equally long, so an event shared by any two is shared by neighbours.
    shared = window.near_stop[earlier] > window.first[later]
    doubtful[earlier[shared]] = True
    doubtful[later[shared]] = True
    return doubtful
