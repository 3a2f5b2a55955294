"""What an app loaded of the photos that a person had chosen in a picker: outside the ladder, and never a cause.

Separate because it is within the person's choice: it changes neither cause nor depth, and its bytes are none of the library's.
"""

from __future__ import annotations

import numpy as np

from lightleak.arrays import Ints
from lightleak.comparator.rules.report_entries import ReportEntries
from lightleak.comparator.rules.rules import RuleResults
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.near import TICK_NS

LOADS = "-[NSItemProvider load"
"""How the symbol of a load begins. Source: NSItemProvider.h."""


def picker_loads(timeline: AppTimeline, entries: ReportEntries, results: RuleResults) -> list[int]:
    """Count for each entry the loads from the lag before its begin to its end."""
    wall_ns = _times(timeline)
    until_ns = entries.until_ns[results.rows] + TICK_NS
    first, stop = np.searchsorted(wall_ns, results.window_from_ns), np.searchsorted(wall_ns, until_ns)
    counts: list[int] = np.maximum(stop - first, 0).tolist()
    return counts


def _times(timeline: AppTimeline) -> Ints:
    """Return when the app's own processes loaded what was chosen, ascending."""
    times: list[Ints] = [np.zeros(0, np.int64)]
    for number in sorted({segment.session for segment in timeline.segments}):
        columns = timeline.sessions.loaded[number - 1].columns
        mine = [segment.number for segment in timeline.segments if segment.session == number]
        at = columns.pickers
        at = at[np.isin(columns.segment[at], mine)]
        is_load = np.array([*(name.startswith(LOADS) for name in columns.symbols), False], bool)
        times.append(columns.wall_ns[at[is_load[columns.symbol[at]]]])
    return np.sort(np.concatenate(times))
