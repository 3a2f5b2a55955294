"""What set off the act that made each entry, and the acts under it: ``trigger`` and ``triggers`` of contract section 4.

Separate because it needs the cause of an entry, which ``rules`` finds, and says which act that cause is.
"""

from __future__ import annotations

import numpy as np

from lightleak.arrays import Bools, Bytes, Ints
from lightleak.comparator.columns.event_columns import LADDER
from lightleak.comparator.rules.report_entries import ReportEntries
from lightleak.comparator.rules.rules import IDENTIFIER, NOTIFICATION, OPEN, TIME, RuleResults
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.near import TICK_NS
from lightleak.comparator.timeline.session_set import SessionSet
from lightleak.comparator.timeline.triggers import (
    BY_NONE,
    BY_TIME,
    CHANGE,
    NO_LINK,
    NO_TRIGGER,
    UNKNOWN,
    ActTriggers,
    awake_clock,
    find_triggers,
)
from lightleak.events import TRIGGERS


def set_triggers(results: RuleResults, timeline: AppTimeline, entries: ReportEntries, lag_ns: int) -> None:
    """Set the columns of the results that are about triggers."""
    sessions = timeline.sessions
    results.act = _acts(results, sessions, lag_ns)
    found = entry_triggers(results, sessions, lag_ns)
    results.trigger, results.trigger_by = found.kind, found.by
    results.trigger_origin, results.trigger_delay_ns = found.origin, found.delay_ns
    results.trigger_counts = _counts(results, timeline, entries, lag_ns)


def entry_triggers(results: RuleResults, sessions: SessionSet, lag_ns: int) -> ActTriggers:
    """Return what set off the act of each entry; ``NO_TRIGGER`` for a cause that is no act of a process."""
    count = len(results.rows)
    found = ActTriggers(
        np.full(count, NO_TRIGGER, np.uint8),
        np.full(count, NO_LINK, np.uint8),
        np.full(count, -1, np.int64),
        np.zeros(count, np.int64),
    )
    matched = (results.match == IDENTIFIER) | (results.match == TIME)
    found.kind[matched], found.by[matched] = UNKNOWN, BY_NONE
    seen = np.flatnonzero(matched & (results.act >= 0))
    acts, place = np.unique(results.act[seen], return_inverse=True)
    of_acts = find_triggers(sessions, acts, lag_ns)
    found.kind[seen], found.by[seen] = of_acts.kind[place], of_acts.by[place]
    found.origin[seen], found.delay_ns[seen] = of_acts.origin[place], of_acts.delay_ns[place]
    # The act is itself the notification, however it was set off.
    notified = (results.match == TIME) & (results.cause == NOTIFICATION)
    found.kind[notified], found.by[notified] = CHANGE, BY_TIME
    found.origin[notified], found.delay_ns[notified] = results.act[notified], 0
    return found


def _acts(results: RuleResults, sessions: SessionSet, lag_ns: int) -> Ints:
    """Return the position of the act that made each entry, −1 where it was not seen."""
    act = np.full(len(results.rows), -1, np.int64)
    for source, series in enumerate(results.why.series):
        # By time: the first of the events that gave the cause, which is the one that the clause names.
        which = (results.match == TIME) & (results.why.source == source) & (results.why.stop > results.why.first)
        act[which] = series.at[results.why.first[which]]
    queries = sessions.level == LADDER["metadata"]
    for cause_open in (False, True):
        which = np.flatnonzero((results.match == IDENTIFIER) & ((results.cause == OPEN) == cause_open))
        if len(which):
            made_by = queries | (sessions.level == LADDER["open"]) if cause_open else queries
            act[which] = _last_before(sessions, made_by, results.opening[which], lag_ns)
    return act


def _last_before(sessions: SessionSet, chosen: Bools, accounting: Ints, lag_ns: int) -> Ints:
    """Return the last chosen event of the same segment before each accounting event within the lag, −1 without one.

    Where events are missing between the two, the act can be among them, so that it was not seen.
    """
    candidates = np.flatnonzero(chosen)
    found = np.full(len(accounting), -1, np.int64)
    if not len(candidates):
        return found
    for segment in sessions.segments:
        where = sessions.positions(segment)
        mine = np.flatnonzero((accounting >= where.start) & (accounting < where.stop))
        if not len(mine):
            continue
        at = accounting[mine]
        place = np.searchsorted(candidates, at, "right") - 1
        last = np.where(place >= 0, candidates[np.maximum(place, 0)], -1)
        inside = last >= where.start
        clock = awake_clock(sessions, segment)
        inside &= clock[at - where.start] - clock[np.maximum(last - where.start, 0)] <= lag_ns
        losses = np.array(segment.loss_positions, np.int64) + sessions.loaded[segment.session - 1].offset
        inside &= np.searchsorted(losses, last, "right") == np.searchsorted(losses, at, "right")
        found[mine[inside]] = last[inside]
    return found


def _counts(results: RuleResults, timeline: AppTimeline, entries: ReportEntries, lag_ns: int) -> Ints:
    """Count the queries and reads under each entry by what set each off; shape (n, kinds of triggers)."""
    deep = timeline.sessions.level[timeline.at] >= LADDER["metadata"]
    acts, wall_ns = timeline.at[deep].astype(np.int64), timeline.wall_ns[deep]
    kinds: Bytes = find_triggers(timeline.sessions, acts, lag_ns).kind
    first = np.searchsorted(wall_ns, results.window_from_ns)
    stop = np.searchsorted(wall_ns, entries.until_ns[results.rows] + TICK_NS)
    counts = np.zeros((len(results.rows), len(TRIGGERS)), np.int64)
    for kind in np.flatnonzero(np.bincount(kinds, minlength=len(TRIGGERS))).tolist():
        before = np.zeros(len(kinds) + 1, np.int32)
        np.cumsum(kinds == kind, out=before[1:])
        counts[:, kind] = before[np.maximum(stop, first)] - before[first]
    return counts
