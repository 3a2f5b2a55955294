"""Is it chance? How many entries would be explained by time if the app had done the same at other times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lightleak.arrays import Bools, Ints
from lightleak.comparator.rules.report_entries import TICK_NS, ReportEntries
from lightleak.comparator.rules.rules import IDENTIFIER, PICKER, TIME, UNOBSERVED, RuleResults
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.events import NS_PER_S

SHIFTS = 1999
"""Circular shifts, evenly spread over the covered time; with the one that happened, p is told to 1 in 2,000."""

NO_BETTER_P = 0.05
"""From here on, matches by time are said to be no better than chance."""

_BIN_NS = NS_PER_S // 10
_MOST_BINS = 1 << 23
_FEWEST_BINS = 1 << 20
"""So many questions are asked one by one, without bins."""


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


def shift_test(lane: AppTimeline, entries: ReportEntries, ruling: RuleResults, lag_ns: int) -> Chance | None:
    """Shift all events of the app together, round the time that was covered; None where nothing is matched by time."""
    open_to_time = (ruling.match != IDENTIFIER) & (ruling.cause != PICKER) & (ruling.cause != UNOBSERVED)
    explained = int((ruling.match == TIME).sum())
    covered_ns = int((lane.covered.stop - lane.covered.start).sum())
    if not explained or not covered_ns:
        return None
    begins = lane.covered.length_before(entries.begin_ns[ruling.rows[open_to_time]])
    shifts = np.linspace(0, covered_ns, SHIFTS + 2)[1:-1].astype(np.int64)
    counts = _counts(lane, lag_ns, begins, shifts, covered_ns)
    p = (1 + int((counts >= explained).sum())) / (1 + len(shifts))
    return Chance(explained, int(open_to_time.sum()), float(counts.mean()), p, len(shifts))


def _counts(lane: AppTimeline, lag_ns: int, begins: Ints, shifts: Ints, covered_ns: int) -> Ints:
    """Count for each shift the entries that it would explain. ``begins`` and ``shifts`` are in covered time, ns."""
    bins = covered_ns // _BIN_NS
    if len(begins) * len(shifts) <= max(bins, _FEWEST_BINS):
        shifted = (begins[None, :] - shifts[:, None]) % covered_ns
        explained = _explained_at(lane, lane.covered.at_length(shifted.ravel()), lag_ns)
        return np.asarray(explained.reshape(shifted.shape).sum(axis=1), dtype=np.int64)
    # Many entries: ask once for every tenth of a second, and look the answers up.
    bins = min(bins, _MOST_BINS) or 1
    middles = ((np.arange(bins) + 0.5) * (covered_ns / bins)).astype(np.int64)
    explained = _explained_at(lane, lane.covered.at_length(middles), lag_ns)
    places, steps = begins * bins // covered_ns, shifts * bins // covered_ns
    return np.array([int(explained[(places - step) % bins].sum()) for step in steps.tolist()])


def _explained_at(lane: AppTimeline, times: Ints, lag_ns: int) -> Bools:
    """Tell for each time whether an entry that begins then would be explained by what is near it."""
    first, stop = lane.find(lane.suspended.step_back(times, lag_ns)), lane.find(times + TICK_NS)
    explained = np.zeros(len(times), bool)
    for series in (lane.first_contacts, lane.unaccounted_queries):
        some = series.within(first, stop)
        explained |= some[1] > some[0]
    notified = lane.announcements.within(first, stop)
    notifications = notified[1] - notified[0]
    quiet: Bools = (notifications > 0) & (notifications == stop - first)
    return np.asarray(explained | quiet, dtype=bool)
