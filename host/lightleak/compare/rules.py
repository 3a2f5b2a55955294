"""Why an entry exists and how far the app went: the rules of contract section 4, for all entries of an app at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lightleak.compare.accounting import Ledger
from lightleak.compare.entries import TICK_NS, Bools, Entries
from lightleak.compare.recording import Lane, Series
from lightleak.compare.tape import LADDER, Bytes, Ints
from lightleak.events import DEPTHS, NS_PER_MS

CAUSES = ("picker", "query", "open", "unobserved", "notification", "unexplained")
PICKER, QUERY, OPEN, UNOBSERVED, NOTIFICATION, UNEXPLAINED = range(len(CAUSES))

MATCHES = ("none", "identifier", "time")
NONE, IDENTIFIER, TIME = range(len(MATCHES))

JUST_BEFORE_NS = 50 * NS_PER_MS
"""An entry's process must have been watched this long before its begin. Source: contract section 4."""


@dataclass(slots=True)
class Ruling:
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
    partly: Bools
    covered_before: Bools
    state_bits: Bytes
    """The states in force at the evidence, as bits; those at ``begin`` where there is none."""
    ambiguous: Bools


@dataclass(slots=True)
class Evidence:
    """For each entry a range [first, stop) of the series that ``source`` names; empty ranges where there is none."""

    series: tuple[Series, ...]
    source: Bytes
    first: Ints
    stop: Ints

    @classmethod
    def none(cls, series: tuple[Series, ...], count: int) -> Evidence:
        """Start without evidence."""
        return cls(series, np.zeros(count, np.uint8), np.zeros(count, np.int64), np.zeros(count, np.int64))

    def set(self, which: Bools, source: int, first: Ints, stop: Ints) -> None:
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
            bits[which] = series.states_between(self.first[which], self.stop[which])
        return bits


def rule(lane: Lane, ledger: Ledger, entries: Entries, rows: Ints, lag_ns: int) -> Ruling:
    """Judge one app's entries, ``rows`` of ``entries``. ``lag_ns``: how much later than the call a report may stamp."""
    begin, until, has_begin = entries.begin_ns[rows], entries.until_ns[rows], entries.has_begin[rows]
    window = np.where(has_begin, lane.suspended.step_back(begin, lag_ns), begin)
    identifiers = entries.columns.identifier[rows].tolist()
    opening = ledger.positions(identifiers)
    covered = lane.covered.contains(begin - JUST_BEFORE_NS) & has_begin
    ruling = Ruling(
        rows=rows,
        cause=np.full(len(rows), UNEXPLAINED, np.uint8),
        match=np.full(len(rows), NONE, np.uint8),
        depth=np.zeros(len(rows), np.uint8),
        window_from_ns=window,
        opening=opening,
        why=Evidence.none(
            (lane.first_contacts, lane.unaccounted_metadata, lane.level(LADDER["notification"])), len(rows)
        ),
        deepest=Evidence.none(tuple(lane.level(step) for step in range(len(DEPTHS))), len(rows)),
        partly=_partly(lane, window, until),
        covered_before=covered,
        state_bits=np.zeros(len(rows), np.uint8),
        ambiguous=np.zeros(len(rows), bool),
    )
    _find_causes(ruling, lane, entries.columns.out_of_process[rows], ledger.by_assetsd(identifiers), begin)
    _find_depths(ruling, until)
    _find_states(ruling, lane, begin)
    return ruling


def _find_causes(ruling: Ruling, lane: Lane, picker: Bools, assetsd: Bools, begin: Ints) -> None:
    """Give each entry the first cause that holds."""
    open_ = np.ones(len(begin), bool)

    def decide(which: Bools, cause: int, match: int) -> Bools:
        chosen = open_ & which
        ruling.cause[chosen], ruling.match[chosen] = cause, match
        open_[chosen] = False
        return chosen

    ruling.opening[picker] = -1
    near = begin + TICK_NS
    contact, query, notified = (series.between(ruling.window_from_ns, near) for series in ruling.why.series)
    deeper = lane.beyond_notification.between(ruling.window_from_ns, near)
    known = ruling.opening >= 0
    decide(picker, PICKER, NONE)
    decide(known & ~assetsd, QUERY, IDENTIFIER)
    decide(known, OPEN, IDENTIFIER)
    decide(~ruling.covered_before, UNOBSERVED, NONE)
    ruling.why.set(decide(contact[1] > contact[0], OPEN, TIME), 0, *contact)
    ruling.why.set(decide(query[1] > query[0], QUERY, TIME), 1, *query)
    quiet = (notified[1] > notified[0]) & (deeper[1] == deeper[0])
    ruling.why.set(decide(quiet, NOTIFICATION, TIME), 2, *notified)
    ruling.ambiguous = _ambiguous(ruling, lane, begin)


def _find_depths(ruling: Ruling, until: Ints) -> None:
    """Find the furthest step of the ladder between ``begin − lag`` and the end."""
    for step, series in enumerate(ruling.deepest.series):
        first, stop = series.between(ruling.window_from_ns, until + TICK_NS)
        reached = stop > first
        ruling.depth[reached] = step
        ruling.deepest.set(reached, step, first, stop)


def _find_states(ruling: Ruling, lane: Lane, begin: Ints) -> None:
    known = ruling.opening >= 0
    states = lane.recording.state[ruling.opening[known]]
    ruling.state_bits = ruling.why.state_bits() | ruling.deepest.state_bits()
    ruling.state_bits[known] |= (1 << states).astype(np.uint8)
    bare = ruling.state_bits == 0
    ruling.state_bits[bare] = (1 << lane.state_at(begin[bare])).astype(np.uint8)


def _partly(lane: Lane, starts: Ints, stops: Ints) -> Bools:
    """Tell where some, but not all, of a window was covered."""
    covered = lane.covered.length_between(starts, stops)
    touched = (covered > 0) | lane.covered.contains(starts) | lane.covered.contains(stops)
    return touched & (covered < stops - starts)


def _ambiguous(ruling: Ruling, lane: Lane, begin: Ints) -> Bools:
    """Tell where an event is near two entries that no identifier tells apart."""
    doubtful = np.zeros(len(ruling.rows), bool)
    judged = (ruling.match != IDENTIFIER) & (ruling.cause != PICKER) & (ruling.cause != UNOBSERVED)
    which = np.flatnonzero(judged)
    which = which[np.argsort(begin[which], kind="stable")]
    earlier, later = which[:-1], which[1:]
    # All windows are equally long, so an event shared by any two is shared by neighbours.
    first, stop = lane.all.between(ruling.window_from_ns[later], begin[earlier] + TICK_NS)
    shared = stop > first
    doubtful[earlier[shared]] = True
    doubtful[later[shared]] = True
    return doubtful
