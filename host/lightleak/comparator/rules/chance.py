"""What chance would explain as well: matches and triggers by time, held against the same events at other times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lightleak.arrays import Bools, Ints
from lightleak.comparator.rules.report_entries import ReportEntries
from lightleak.comparator.rules.rules import IDENTIFIER, NOTIFICATION, PICKER, TIME, UNOBSERVED, RuleResults
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.near import near_begins
from lightleak.comparator.timeline.triggers import BY_TIME, NONE, origins_by_time
from lightleak.events import NS_PER_S

SHIFTS = 1999
"""Circular shifts, evenly spread over the covered time; with the one that happened, p has steps of 1 in 2,000."""

TRIGGER_SHIFTS = 999
MOST_ACTS = 512
"""So many acts at most, evenly chosen among an app's, are shifted to test triggers: more would not change what follows."""

NO_BETTER_P = 0.05
"""From here on, matches by time are called no better than chance."""

_BIN_NS = NS_PER_S // 10
_MOST_BINS = 1 << 23
_FEWEST_BINS = 1 << 20
"""Up to so many, each shifted begin is looked up on its own, without bins."""


@dataclass(frozen=True, slots=True)
class Chance:
    """Entries explained by time, against what shifted events would explain."""

    explained: int
    of: int
    """Entries that could be: covered, neither the picker's nor joined by identifier."""
    expected: float
    """Mean over the shifts."""
    p: float
    """How often shifted events explained at least as many; the real ones count as one of the shifts."""
    shifts: int

    @property
    def is_no_better(self) -> bool:
        """Whether the matches by time prove nothing."""
        return self.p > NO_BETTER_P


def shift_test(timeline: AppTimeline, entries: ReportEntries, results: RuleResults, lag_ns: int) -> Chance | None:
    """Shift all events of the app together, round the time that was covered; None where nothing is matched by time."""
    open_to_time = (results.match != IDENTIFIER) & (results.cause != PICKER) & (results.cause != UNOBSERVED)
    explained = int((results.match == TIME).sum())
    covered_ns = timeline.covered.length
    if not explained or not covered_ns:
        return None
    begins = timeline.covered.length_before(entries.begin_ns[results.rows[open_to_time]])
    shifts = np.linspace(0, covered_ns, SHIFTS + 2)[1:-1].astype(np.int64)
    counts = _counts(timeline, lag_ns, begins, shifts, covered_ns)
    p = (1 + int((counts >= explained).sum())) / (1 + len(shifts))
    return Chance(explained, int(open_to_time.sum()), float(counts.mean()), p, len(shifts))


def _counts(timeline: AppTimeline, lag_ns: int, begins: Ints, shifts: Ints, covered_ns: int) -> Ints:
    """Count for each shift the entries that it would explain. ``begins`` and ``shifts`` are in covered time, ns."""
    bins = covered_ns // _BIN_NS
    if len(begins) * len(shifts) <= max(bins, _FEWEST_BINS):
        shifted = (begins[None, :] - shifts[:, None]) % covered_ns
        explained = _explained_at(timeline, timeline.covered.at_length(shifted.ravel()), lag_ns)
        return np.asarray(explained.reshape(shifted.shape).sum(axis=1), dtype=np.int64)
    # Many entries: look every tenth of a second up once, then use the answers.
    bins = min(bins, _MOST_BINS) or 1
    middles = ((np.arange(bins) + 0.5) * (covered_ns / bins)).astype(np.int64)
    explained = _explained_at(timeline, timeline.covered.at_length(middles), lag_ns)
    places, steps = begins * bins // covered_ns, shifts * bins // covered_ns
    return np.array([int(explained[(places - step) % bins].sum()) for step in steps.tolist()])


def _explained_at(timeline: AppTimeline, times: Ints, lag_ns: int) -> Bools:
    """Return for each time whether an entry that begins then would be explained by what is near it."""
    near = near_begins(timeline, times, lag_ns)
    first, stop = near.first, near.stop
    explained = np.zeros(len(times), bool)
    for series in (timeline.first_contacts, timeline.unaccounted_queries):
        some = series.within(first, stop)
        explained |= some[1] > some[0]
    notified = timeline.announcements.within(first, stop)
    notifications = notified[1] - notified[0]
    quiet: Bools = (notifications > 0) & (notifications == stop - first)
    return np.asarray(explained | quiet, dtype=bool)


def trigger_shift_test(timeline: AppTimeline, results: RuleResults, lag_ns: int) -> Chance | None:
    """Return how the triggers by time of an app's entries compare with chance; None where there are none.

    In time in which the process ran and was watched: how many of the acts without a link would have an origin shortly before
    them at other times? An entry that is itself a notification is the other test's.
    """
    # Another process's act, with that process's accounting, is not in the app's time.
    own = np.zeros(len(results.act), bool)
    for where in map(timeline.sessions.positions, timeline.segments):
        own |= (results.act >= where.start) & (results.act < where.stop)
    by_time = own & (results.trigger_by == BY_TIME) & (results.cause != NOTIFICATION)
    if not by_time.any():
        return None
    bare = np.flatnonzero(by_time | (own & (results.trigger == NONE)))
    bare = bare[np.linspace(0, len(bare) - 1, min(len(bare), MOST_ACTS)).astype(np.int64)]
    awake = timeline.covered.minus(timeline.watched.suspended)
    length = awake.length
    if not length:
        return None
    wall_ns = timeline.sessions.wall_ns
    origins = np.sort(awake.length_before(wall_ns[origins_by_time(timeline.sessions, timeline.segments)]))
    acts = np.sort(awake.length_before(wall_ns[results.act[bare]]))
    shifts = (np.arange(1, TRIGGER_SHIFTS + 1) * (length / (TRIGGER_SHIFTS + 1))).astype(np.int64)
    shifted = (acts[None, :] - shifts[:, None]) % length
    place = np.searchsorted(origins, shifted, "right") - 1
    near = (place >= 0) & (shifted - origins[np.maximum(place, 0)] <= lag_ns)
    counts = near.sum(axis=1)
    found = int(by_time[bare].sum())
    p = (1 + int((counts >= found).sum())) / (1 + TRIGGER_SHIFTS)
    return Chance(found, len(bare), float(counts.mean()), p, TRIGGER_SHIFTS)
