"""The photos entries of a report as the comparator reads them: columns, with the ends that count."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from lightleak.arrays import Bools, Ints
from lightleak.events import NS_PER_MS
from lightleak.report.entry_columns import BEGIN_MISSING, FINALISED, NO_TIME, STILL_OPEN, EntryColumns
from lightleak.report.report import Report

IDLE_MAX_NS = 75_600 * NS_PER_MS
"""The longest that a single access stays open. Source: 60 s idle timer with 25 % leeway, 25 real exports."""

TICK_NS = NS_PER_MS
"""A report tells milliseconds: what it stamps may lie up to this much after the time it shows."""


@dataclass(frozen=True, slots=True)
class ReportEntries:
    """Photos entries in the order of the report (begin, end, identifier; missing ones last), shape (n,)."""

    columns: EntryColumns
    begin_ns: Ints
    """Where a begin is missing: the start of the report, which is the earliest that can be said."""
    until_ns: Ints
    """Up to which the entry counts: its end, the report's where it is still open, 75.6 s where that is meaningless."""
    has_begin: Bools

    def __len__(self) -> int:
        return len(self.begin_ns)

    @classmethod
    def of(cls, report: Report, apps: Collection[str]) -> ReportEntries:
        """Take the photos entries of these apps."""
        photos = report.photos()
        wanted = np.array([app in apps for app in photos.apps], dtype=bool)
        columns = photos.take(wanted[photos.app] if len(photos) else np.zeros(0, dtype=bool))
        flags = columns.flags
        begin = np.where(flags & BEGIN_MISSING, report.first_ns or 0, columns.begin_ns)
        until = np.where(flags & STILL_OPEN, report.last_ns or 0, columns.end_ns)
        until = np.where(flags & FINALISED, begin + IDLE_MAX_NS, until)
        return cls(columns, begin, np.maximum(until, begin), columns.begin_ns != NO_TIME)

    def of_app(self, app: str) -> Ints:
        """Which entries are this app's."""
        if app not in self.columns.apps:
            return np.zeros(0, dtype=np.int64)
        return np.flatnonzero(self.columns.app == self.columns.apps.index(app))
