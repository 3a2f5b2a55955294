"""What the app did that the report does not show.

Separate because it is a result of its own, next to the verdicts on what the report does show.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lightleak.arrays import Bools, Intervals, Ints
from lightleak.comparator.columns.event_columns import LADDER
from lightleak.comparator.rules.report_entries import ReportEntries
from lightleak.comparator.rules.rules import RuleResults
from lightleak.comparator.rules.visibility import is_named_after
from lightleak.comparator.timeline.accounting import AccountingIndex
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.near import TICK_NS
from lightleak.comparator.timeline.segments import AUTHORISED
from lightleak.events import DEPTHS, NS_PER_S, STATES
from lightleak.report.report import Report

RUN_NS = 60 * NS_PER_S
"""Events at most this far apart are one run. Source: contract section 4; Apple's idle timer is as long."""

_BACKGROUND = STATES.index("background")


@dataclass(frozen=True, slots=True)
class Run:
    """Accesses of one app under no entry; positions by wall time."""

    app: str
    positions: Ints
    begin_ns: int
    end_ns: int
    depth: str
    act: int
    """Position of the first of its deepest events, whose trigger is the run's."""


def unreported(
    app: str,
    timeline: AppTimeline,
    entries: ReportEntries,
    results: RuleResults,
    *,
    span: tuple[int, int],
    containers: Intervals,
) -> Iterator[Run]:
    """Yield runs of queries and reads of a covered, authorised app inside the report's span, under no entry.

    containers: when there were entries in the name of an extension's container that the extension opened.
    """
    sessions = timeline.sessions
    wall = timeline.wall_ns
    which = (
        _under_no_entry(timeline, entries, results, containers)
        & (wall >= span[0])
        & (wall <= span[1])
        & timeline.watched.saw(timeline.at)
    )
    found = timeline.at[which].astype(np.int64)
    times = sessions.wall_ns[found]
    for run in np.split(np.arange(len(found)), np.flatnonzero(np.diff(times) > RUN_NS) + 1):
        if len(run):
            levels = sessions.level[found[run]]
            act = int(found[run[levels.argmax()]])
            yield Run(app, found[run], int(times[run[0]]), int(times[run[-1]]), DEPTHS[levels.max()], act)


def reads_in_background(
    timeline: AppTimeline, entries: ReportEntries, results: RuleResults, *, containers: Intervals
) -> Ints:
    """Return the positions of the queries and reads in the background under no entry, whatever the report's time."""
    which = _under_no_entry(timeline, entries, results, containers)
    which &= timeline.sessions.state[timeline.at] == _BACKGROUND
    return timeline.at[which].astype(np.int64)


def _under_no_entry(
    timeline: AppTimeline, entries: ReportEntries, results: RuleResults, containers: Intervals
) -> Bools:
    """Return which events of the timeline are queries and reads of an authorised app under no entry."""
    # Where lines of the report contradict each other, what any of them covers is not unreported.
    starts, stops = results.window_from_ns - entries.early_ns[results.rows], entries.latest_ns[results.rows] + TICK_NS
    under = Intervals.union([*zip(starts.tolist(), (stops - 1).tolist(), strict=True), *containers.pairs()])
    deep = timeline.sessions.level[timeline.at] >= LADDER["metadata"]
    return np.asarray(deep & ~under.contains(timeline.wall_ns) & _authorised(timeline), bool)


def extension_activity(
    app: str, timeline: AppTimeline, accounting: AccountingIndex, report: Report, lag_ns: int
) -> Intervals:
    """Return when entries of the app whose extension this is were open that the extension's own accounting opened."""
    entries = ReportEntries.of(report, [name for name in report.photos().apps if is_named_after(app, name)])
    opening, _ = accounting.positions(entries.columns.identifier.tolist())
    own = np.zeros(len(entries), bool)
    extensions = [segment for segment in timeline.segments if segment.role == "extension"]
    for where in map(timeline.sessions.positions, extensions):
        own |= (opening >= where.start) & (opening < where.stop)
    starts = (
        np.where(entries.has_begin[own], entries.begin_ns[own] - lag_ns, entries.begin_ns[own]) - entries.early_ns[own]
    )
    return Intervals.union(zip(starts.tolist(), (entries.latest_ns[own] + TICK_NS - 1).tolist(), strict=True))


def _authorised(timeline: AppTimeline) -> Bools:
    """Return for each event of the timeline whether the app could read; yes as long as nothing says no.

    An app attached late may never ask again, and an answer can be lost: to read silence as a no would hide its reads.
    """
    allowed = np.ones(len(timeline.sessions.level), bool)
    for segment in timeline.segments:
        offset = timeline.sessions.loaded[segment.session - 1].offset
        for start, stop, status in segment.intervals(segment.authorization):
            allowed[offset + start : offset + stop] = status is None or status in AUTHORISED
    return np.asarray(allowed[timeline.at], dtype=bool)
