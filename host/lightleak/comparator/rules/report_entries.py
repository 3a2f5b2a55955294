"""The photos entries of a report as the comparator reads them: columns, with the ends that count; and how late they are."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lightleak.arrays import Bools, Ints
from lightleak.comparator.assumptions import Assumptions
from lightleak.comparator.timeline.accounting import AccountingIndex
from lightleak.comparator.timeline.session_set import SessionSet
from lightleak.errors import UsageError
from lightleak.events import NS_PER_MS, NS_PER_S
from lightleak.report.entry_columns import BEGIN_MISSING, FINALISED, NO_TIME, STILL_OPEN, EntryColumns
from lightleak.report.report import Report

IDLE_MAX_NS = 75_600 * NS_PER_MS
"""The longest that a single access stays open. Source: 60 s idle timer with 25 % leeway, 25 real exports."""

DEFAULT_LAG_S = 3.0
"""How much later than the call a report may stamp it. Source: the logger works at background priority; contract."""

LONGEST_LAG_S = 3600

_DAY_NS = 86_400 * NS_PER_S

FEWEST_TO_FIT = 10
"""Identifier matches, without outliers, below which a fitted lag would be a guess."""

SHORTEST_FITTED_MS, LONGEST_FITTED_MS = 500, 60_000
"""A lag that is fitted stays within these. Source: contract, section 4, "Made precise"."""

OUTLIER_MADS = 6 * 1.4826
"""A match is an outlier from so many median absolute deviations off the median on: six standard deviations of what is normal."""

OUTLIER_FROM_MS = 1000
"""A match less far off the median than this is no outlier, however alike the others are."""


@dataclass(frozen=True, slots=True)
class ReportEntries:
    """Photos entries in the order of the report (begin, end, identifier; missing ones last), shape (n,)."""

    columns: EntryColumns
    begin_ns: Ints
    """Where a begin is missing: the start of the report, which is the earliest that can be said."""
    until_ns: Ints
    """Up to which the entry counts: its end, the report's where it is still open, 75.6 s where that is meaningless."""
    has_begin: Bools
    early_ns: Ints
    """By how much the earliest begin that any line gives is before ``begin_ns``: 0 unless lines contradict each other."""
    latest_ns: Ints
    """``until_ns``, or the latest end that any line gives, where lines contradict each other."""

    def __len__(self) -> int:
        return len(self.begin_ns)

    @classmethod
    def of(cls, report: Report, apps: Collection[str]) -> ReportEntries:
        """Return the photos entries of these apps."""
        photos = report.photos()
        wanted = np.array([app in apps for app in photos.apps], dtype=bool)
        columns = photos.take(wanted[photos.app] if len(photos) else np.zeros(0, dtype=bool))
        flags = columns.flags
        begin = np.where(flags & BEGIN_MISSING, report.first_ns or 0, columns.begin_ns)
        until = np.where(flags & STILL_OPEN, report.last_ns or 0, columns.end_ns)
        until = np.where(flags & FINALISED, begin + IDLE_MAX_NS, until)
        until = np.maximum(until, begin)
        has_begin = columns.begin_ns != NO_TIME
        early_ns = np.where(has_begin, columns.begin_ns - np.where(has_begin, columns.earliest_ns, 0), 0)
        latest_ns = np.where(columns.latest_ns > columns.end_ns, np.maximum(until, columns.latest_ns), until)
        return cls(columns, begin, until, has_begin, np.maximum(early_ns, 0), latest_ns)

    def of_app(self, app: str) -> Ints:
        """Return the numbers of this app's entries, ascending."""
        if app not in self.columns.apps:
            return np.zeros(0, dtype=np.int64)
        return np.flatnonzero(self.columns.app == self.columns.apps.index(app))

    def at_night(self, rows: Ints, until_s: int) -> Bools:
        """Return which of these entries begin between midnight and ``until_s``, by the offset that the report writes."""
        begin, offset = self.columns.begin_ns[rows], self.columns.begin_offset_s[rows]
        local_s = (begin // NS_PER_S + offset) % 86_400
        return np.asarray((local_s < until_s) & self.has_begin[rows], dtype=bool)

    def touching_night(self, rows: Ints, until_s: int) -> Bools:
        """Return which of these entries have any part between midnight and ``until_s``, by the offsets that the report writes.

        Where the report has no begin, what came before the end is not known: then only the end counts.
        """
        begun = self.at_night(rows, until_s)
        columns, has_begin = self.columns, self.has_begin[rows]
        begin_ns, until_ns = self.begin_ns[rows], self.until_ns[rows]
        of_day_ns = (begin_ns + columns.begin_offset_s[rows].astype(np.int64) * NS_PER_S) % _DAY_NS
        past_midnight = has_begin & (of_day_ns + until_ns - begin_ns >= _DAY_NS)
        # A clock can have been set back between the two.
        is_written = (columns.flags[rows] & (STILL_OPEN | FINALISED)) == 0
        end_s = (columns.end_ns[rows] // NS_PER_S + columns.end_offset_s[rows]) % 86_400
        return np.asarray(begun | past_midnight | (is_written & (end_s < until_s)), dtype=bool)


@dataclass(frozen=True, slots=True)
class LagMeasure:
    """Report time minus the time of the app's own accounting, over identifier matches; ms."""

    n: int
    median_ms: float | None
    p95_ms: float | None
    proposed_ms: float | None
    """A bound that fits the matches that are not outliers: half as much again as their 99th percentile, from 500 ms to 60 s; None
    with too few of them."""
    left_out: int = 0
    """How many are outliers: a clock was set between call and stamp, or something else went wrong with them."""
    longest_ms: float = 0.0
    """Of the outlier that is furthest off."""
    longest: str = ""
    """The identifier of that entry."""

    @property
    def fitted_to(self) -> int:
        """How many are not outliers."""
        return self.n - self.left_out


@dataclass(frozen=True, slots=True)
class Lag:
    """How much later than the call a report may stamp it: the bound that is used, and what was measured."""

    value_s: float
    measured: LagMeasure
    is_fitted: bool | None = None
    """Whether the bound was fitted to the matches; False where they were too few, so that the default is used; None where it
    was not to be fitted."""

    @property
    def value_ns(self) -> int:
        """The bound in ns."""
        return round(self.value_s * NS_PER_S)


def choose_lag(asked: float | Literal["auto"] | None, measured: LagMeasure, assumptions: Assumptions) -> Lag:
    """Return the lag that is asked for, in s; ``auto``: what was measured; None: the field test's, else the default.

    Raises: UsageError when it is out of range.
    """
    if asked is None:
        return Lag(DEFAULT_LAG_S if assumptions.lag_s is None else assumptions.lag_s, measured)
    if asked != "auto":
        if not 0 <= asked <= LONGEST_LAG_S:
            raise UsageError(
                f"--lag must be between 0 and {LONGEST_LAG_S} seconds (got {asked:g})",
                hint="give seconds, or auto for what the identifier matches show",
            )
        return Lag(float(asked), measured)
    if measured.proposed_ms is None:
        return Lag(DEFAULT_LAG_S, measured, is_fitted=False)
    return Lag(measured.proposed_ms / 1000, measured, is_fitted=True)


def measure_lag(sessions: SessionSet, accounting: AccountingIndex, entries: ReportEntries) -> LagMeasure:
    """Measure how late the report is, where both have a begin: a later touch or end of an access is no measure of it."""
    opening = accounting.begins(entries.columns.identifier.tolist())
    which = (opening >= 0) & entries.has_begin & ~entries.columns.out_of_process
    late_ms = (entries.begin_ns[which] - sessions.wall_ns[opening[which]]) / NS_PER_MS
    if not len(late_ms):
        return LagMeasure(0, None, None, None)
    median, p95 = (float(q) for q in np.percentile(late_ms, [50, 95]))
    off_ms = np.abs(late_ms - median)
    outliers = off_ms > max(OUTLIER_FROM_MS, OUTLIER_MADS * float(np.median(off_ms)))
    if not outliers.any():
        return LagMeasure(len(late_ms), median, p95, _proposed(late_ms))
    furthest = int(off_ms.argmax())
    return LagMeasure(
        len(late_ms),
        median,
        p95,
        _proposed(late_ms[~outliers]),
        int(outliers.sum()),
        float(late_ms[furthest]),
        str(entries.columns.identifier[which][furthest]),
    )


def _proposed(late_ms: np.ndarray) -> float | None:
    """Return a bound that fits these matches, rounded up to a tenth of a second; None where they are too few."""
    if len(late_ms) < FEWEST_TO_FIT:
        return None
    fitting_ms = 1.5 * float(np.percentile(late_ms, 99))
    return float(math.ceil(min(max(fitting_ms, SHORTEST_FITTED_MS), LONGEST_FITTED_MS) / 100) * 100)
