"""What the app did that the report does not show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lightleak.arrays import Bools, Intervals, Ints
from lightleak.comparator.columns.event_columns import LADDER
from lightleak.comparator.rules.report_entries import TICK_NS, ReportEntries
from lightleak.comparator.rules.rules import RuleResults
from lightleak.comparator.timeline.accounting import AccountingIndex
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.segments import AUTHORISED
from lightleak.comparator.timeline.visibility import is_extension_of
from lightleak.events import DEPTHS, NS_PER_S
from lightleak.report.report import Report

RUN_NS = 60 * NS_PER_S
"""Events at most this far apart are one run. Source: contract section 4; Apple's idle timer is as long."""


@dataclass(frozen=True, slots=True)
class Run:
    """Accesses of one app under no entry; positions by wall time."""

    app: str
    positions: Ints
    begin_ns: int
    end_ns: int
    depth: str


def unreported(
    app: str,
    lane: AppTimeline,
    entries: ReportEntries,
    ruling: RuleResults,
    *,
    span: tuple[int, int],
    containers: Intervals,
) -> Iterator[Run]:
    """Find runs of queries and reads of a covered, authorised app inside the report's span, under no entry.

    containers: when entries stood that show an extension's accesses in its container's name.
    """
    recording = lane.recording
    wall = lane.wall_ns
    under = Intervals.union(
        [
            *zip(ruling.window_from_ns.tolist(), (entries.until_ns[ruling.rows] + TICK_NS - 1).tolist(), strict=True),
            *containers.pairs(),
        ]
    )
    which = (
        (recording.level[lane.at] >= LADDER["metadata"])
        & (wall >= span[0])
        & (wall <= span[1])
        & lane.covered.contains(wall)
        & ~under.contains(wall)
        & _authorised(lane)
    )
    found = lane.at[which].astype(np.int64)
    times = recording.wall_ns[found]
    for run in np.split(np.arange(len(found)), np.flatnonzero(np.diff(times) > RUN_NS) + 1):
        if len(run):
            deepest = int(recording.level[found[run]].max())
            yield Run(app, found[run], int(times[run[0]]), int(times[run[-1]]), DEPTHS[deepest])


def extension_activity(app: str, lane: AppTimeline, ledger: AccountingIndex, report: Report, lag_ns: int) -> Intervals:
    """Find the entries in the name of the app whose extension this is that the extension's own accounting opened."""
    entries = ReportEntries.of(report, [name for name in report.photos().apps if is_extension_of(app, name)])
    opening, _ = ledger.positions(entries.columns.identifier.tolist())
    own = np.zeros(len(entries), bool)
    for where in map(lane.recording.positions, lane.segments):
        own |= (opening >= where.start) & (opening < where.stop)
    starts = lane.suspended.step_back(entries.begin_ns[own], lag_ns)
    return Intervals.union(zip(starts.tolist(), (entries.until_ns[own] + TICK_NS - 1).tolist(), strict=True))


def _authorised(lane: AppTimeline) -> Bools:
    """Tell for each event of the lane whether the app could read; yes as long as nothing says no.

    An app attached late may never ask again, and an answer can be lost: taking silence for a no would hide its reads.
    """
    allowed = np.ones(len(lane.recording.level), bool)
    for segment in lane.segments:
        offset = lane.recording.takes[segment.session - 1].offset
        for start, stop, status in segment.stretches(segment.authorization):
            allowed[offset + start : offset + stop] = status is None or status in AUTHORISED
    return np.asarray(allowed[lane.at], dtype=bool)
