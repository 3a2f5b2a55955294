"""The properties of photos that an app read while its entries were open: getters that are counted, not recorded one by one.

Separate because a property is no act of the ladder: it never changes a cause or a depth.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from lightleak.comparator.rules.report_entries import ReportEntries
from lightleak.comparator.rules.rules import RuleResults
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.near import TICK_NS

_MOST = 1 << 50
"""More reads than there can be: what is above is not a figure."""


def properties_of(timeline: AppTimeline, entries: ReportEntries, results: RuleResults) -> list[dict[str, int]]:
    """Return for each entry how often each property was read from the lag before its begin to its end, by symbol."""
    found: list[dict[str, int]] = [{} for _ in results.rows]
    until_ns = entries.until_ns[results.rows] + TICK_NS
    for symbol, (wall_ns, counts) in sorted(_by_symbol(timeline).items()):
        total = np.concatenate(([0], np.cumsum(counts)))
        first, stop = np.searchsorted(wall_ns, results.window_from_ns), np.searchsorted(wall_ns, until_ns)
        read = total[np.maximum(stop, first)] - total[first]
        for entry in np.flatnonzero(read).tolist():
            found[entry][symbol] = int(read[entry])
    return found


def _by_symbol(timeline: AppTimeline) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return symbol → the wall times of its events, ascending, and how many reads each of them counts."""
    rows: dict[str, list[tuple[int, int]]] = defaultdict(list)
    segments: dict[int, set[int]] = defaultdict(set)
    for segment in timeline.segments:
        segments[segment.session].add(segment.number)
    for session, numbers in segments.items():
        columns = timeline.sessions.loaded[session - 1].columns
        for at, row in columns.rows:
            if row.kind != "property" or row.segment not in numbers:
                continue
            if isinstance(row.symbol, str) and row.count.__class__ is int and 0 < row.count < _MOST:
                rows[row.symbol].append((int(columns.wall_ns[at]), row.count))
    tables = {symbol: np.array(sorted(events), np.int64).reshape(-1, 2) for symbol, events in rows.items()}
    return {symbol: (table[:, 0], table[:, 1]) for symbol, table in tables.items()}
