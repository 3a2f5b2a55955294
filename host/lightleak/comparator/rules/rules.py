"""Why an entry exists and how far the app went: the rules of contract section 4, for all entries of an app at once."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args

import numpy as np

from lightleak.arrays import Bools, Bytes, Ints
from lightleak.comparator.rules.report_entries import ReportEntries
from lightleak.comparator.timeline.accounting import AccountingIndex
from lightleak.comparator.timeline.app_timeline import AppTimeline, Counts, EventSeries
from lightleak.comparator.timeline.near import TICK_NS, NearEvents, near_begins
from lightleak.comparator.timeline.triggers import NO_LINK, NO_TRIGGER, ActTriggers
from lightleak.events import NS_PER_MS, STATES, TRIGGERS, AppState

Cause = Literal["picker", "query", "open", "unobserved", "notification", "unexplained"]
CAUSES: tuple[Cause, ...] = get_args(Cause)
PICKER, QUERY, OPEN, UNOBSERVED, NOTIFICATION, UNEXPLAINED = range(len(CAUSES))

Match = Literal["none", "identifier", "time"]
MATCHES: tuple[Match, ...] = get_args(Match)
NONE, IDENTIFIER, TIME = range(len(MATCHES))

EntryState = Literal[AppState, "mixed"]
"""The states of an app during an entry: one, or several."""

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
    """``begin − lag`` by the clock, sleep included; the begin where that is not known."""
    near_from_ns: Ints
    """The same, but time in which no process of the app ran does not count: where what made the entry is."""
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
    near_others: Ints
    """How many other entries that no identifier distinguishes an event near this one is near too: ``ambiguous`` from 1 on."""
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

    def replace(self, timeline: AppTimeline, found: dict[int, Ints]) -> None:
        """Set the events of a few entries one by one: entry → their positions, by wall time."""
        at = np.concatenate([*found.values()]).astype(np.int32)
        stops = np.cumsum([len(positions) for positions in found.values()])
        entries, counts = np.array([*found], np.int64), np.diff(stops, prepend=0)
        self.series = (*self.series, EventSeries(at, timeline.sessions.state[at], np.ones(len(at), bool)))
        self.source[entries], self.first[entries], self.stop[entries] = len(self.series) - 1, stops - counts, stops

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


def state_word(bits: int) -> EntryState:
    """Return the name of a single state; several are ``mixed``."""
    return STATES[bits.bit_length() - 1] if bits and not bits & (bits - 1) else "mixed" if bits else "unknown"


def apply_rules(
    timeline: AppTimeline, accounting: AccountingIndex, entries: ReportEntries, rows: Ints, lag_ns: int
) -> RuleResults:
    """Return the results for one app's entries, ``rows`` of ``entries``. ``lag_ns``: how much later a report may stamp."""
    begin, until, has_begin = entries.begin_ns[rows], entries.until_ns[rows], entries.has_begin[rows]
    picker = entries.columns.out_of_process[rows]
    window_from_ns = np.where(has_begin, begin - lag_ns, begin)
    opening, by_system = accounting.positions(entries.columns.identifier[rows].tolist())
    opening[picker] = -1
    any_covered, partly_covered = _watched(timeline, window_from_ns, until)
    results = RuleResults(
        rows=rows,
        cause=np.full(len(rows), UNEXPLAINED, np.uint8),
        match=np.full(len(rows), NONE, np.uint8),
        depth=np.zeros(len(rows), np.uint8),
        window_from_ns=window_from_ns,
        near_from_ns=np.where(has_begin, timeline.watched.suspended.step_back(begin, lag_ns), begin),
        opening=opening,
        why=Evidence.none((timeline.first_contacts, timeline.unaccounted_queries, timeline.announcements), len(rows)),
        deepest=Evidence.none(timeline.levels, len(rows)),
        any_covered=any_covered,
        partly_covered=partly_covered,
        covered_before=timeline.covered.contains(begin - JUST_BEFORE_NS) & has_begin,
        state_bits=np.zeros(len(rows), np.uint8),
        near_others=np.zeros(len(rows), np.int64),
        act=np.full(len(rows), -1, np.int64),
        trigger=np.full(len(rows), NO_TRIGGER, np.uint8),
        trigger_by=np.full(len(rows), NO_LINK, np.uint8),
        trigger_origin=np.full(len(rows), -1, np.int64),
        trigger_delay_ns=np.zeros(len(rows), np.int64),
        trigger_counts=np.zeros((len(rows), len(TRIGGERS)), np.int64),
    )
    near = near_begins(timeline, begin, lag_ns)
    _find_causes(results, timeline, near, picker, by_system)
    _find_depths(results, timeline.find(window_from_ns), timeline.find(until + TICK_NS))
    _find_states(results, timeline, begin, by_system)
    results.near_others = _near_others(results, near)
    return results


def _find_causes(
    results: RuleResults, timeline: AppTimeline, near: NearEvents, picker: Bools, by_system: Bools
) -> None:
    """Set the cause of each entry: the first that holds."""
    undecided = np.ones(len(picker), bool)

    def decide(which: Bools, cause: int, match: int) -> Bools:
        chosen = undecided & which
        results.cause[chosen], results.match[chosen] = cause, match
        undecided[chosen] = False
        return chosen

    ranges = [series.within(near.first, near.stop) for series in results.why.series]
    counts = np.stack([*(stop - first for first, stop in ranges), (near.stop - near.first).astype(np.int32)])
    exact = _counted_one_by_one(results, timeline, near, counts)
    contacts, queries, notifications, all_near = counts
    known = results.opening >= 0
    decide(picker, PICKER, NONE)
    decide(known & ~by_system, QUERY, IDENTIFIER)
    decide(known, OPEN, IDENTIFIER)
    decide(~results.covered_before, UNOBSERVED, NONE)
    # Nothing else of the ladder is near where all that is near are notifications.
    quiet = (notifications > 0) & (notifications == all_near)
    for source, (which, cause) in enumerate(((contacts > 0, OPEN), (queries > 0, QUERY), (quiet, NOTIFICATION))):
        results.why.set(decide(which, cause, TIME), source, *ranges[source])
    if found := {at: series[results.why.source[at]] for at, series in exact.items() if results.match[at] == TIME}:
        results.why.replace(timeline, found)


def _counted_one_by_one(
    results: RuleResults, timeline: AppTimeline, near: NearEvents, counts: Counts
) -> dict[int, list[Ints]]:
    """Correct the counts where a range of near events has others in it; return such entries' events, series by series."""
    found: dict[int, list[Ints]] = {}
    mixed = np.flatnonzero(near.mixed).tolist()
    for at, places in zip(mixed, near.one_by_one(mixed), strict=True):
        positions = timeline.at[places]
        found[at] = [positions[np.isin(positions, series.at)].astype(np.int64) for series in results.why.series]
        counts[:, at] = [*map(len, found[at]), len(places)]
    return found


def _find_depths(results: RuleResults, starts: Ints, stops: Ints) -> None:
    """Find the furthest step of the ladder between ``begin − lag`` and the end, given as counts of events before."""
    for step, series in enumerate(results.deepest.series):
        first, stop = series.within(starts, stops)
        reached = stop > first
        results.depth[reached] = step
        results.deepest.set(reached, step, first, stop)


def _find_states(results: RuleResults, timeline: AppTimeline, begin: Ints, by_system: Bools) -> None:
    known = results.opening >= 0
    positions = results.opening[known]
    # A daemon has no state: what counts is the state of the app for which it acted.
    own = (1 << timeline.sessions.state[positions]).astype(np.uint8)
    results.state_bits = results.why.state_bits() | results.deepest.state_bits()
    results.state_bits[known] |= np.where(
        by_system[known], timeline.states_at(timeline.sessions.wall_ns[positions]), own
    )
    bare = results.state_bits == 0
    results.state_bits[bare] = timeline.states_at(begin[bare])


def _watched(timeline: AppTimeline, starts: Ints, stops: Ints) -> tuple[Bools, Bools]:
    """Return where some of a window was covered, and where some, but not all, was."""
    covered = timeline.covered.length_between(starts, stops)
    any_covered = np.where(stops > starts, covered > 0, timeline.covered.contains(starts))
    return any_covered, any_covered & (covered < stops - starts)


def _near_others(results: RuleResults, near: NearEvents) -> Ints:
    """Count for each entry those with which it shares an event, among the entries that no identifier distinguishes."""
    counts = np.zeros(len(results.rows), np.int64)
    judged = (results.match != IDENTIFIER) & (results.cause != PICKER) & (results.cause != UNOBSERVED)
    which = np.flatnonzero(judged & (near.stop > near.first))
    first, stop = near.first[which], near.stop[which]
    # Where processes sleep, a range can hold events that are not near. Ranges overlap all the same only where an event is
    # shared: the first of a range is always near its begin, so near an earlier begin too, if it is in that one's range.
    # A range that is over before another one starts has also begun before that one is over.
    begun_before = np.searchsorted(np.sort(first), stop)
    over_before = np.searchsorted(np.sort(stop), first, "right")
    counts[which] = begun_before - over_before - 1
    return counts
