"""Find the stretches without a record of any app (``holes``): recording off, device off, or a quiet night."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lightleak.events import NS_PER_S
from lightleak.report.entry_columns import FINALISED, NO_TIME, EntryColumns
from lightleak.report.network_rows import NetworkRows
from lightleak.report.timestamps import format_time

HOLE_NS = 3 * 3600 * NS_PER_S
"""A phone in use writes several records an hour, at night too."""

QUIET = "no record of any app: recording off, device off, or nothing happened"
BETWEEN = "between the reports: none of them covers it"
RESTARTED = "no record of any app until entries were closed together: the device was off or locked after a restart"


class Hole(NamedTuple):
    """A stretch without a single record."""

    from_ns: int
    to_ns: int
    offset_s: int
    reason: str

    @property
    def start(self) -> str:
        """RFC 3339 in the offset of the record before."""
        return format_time(self.from_ns, self.offset_s)

    @property
    def end(self) -> str:
        """RFC 3339 in the offset of the record before."""
        return format_time(self.to_ns, self.offset_s)


def holes(
    entries: EntryColumns, network: NetworkRows, report_of_file: list[int], at_least_ns: int = HOLE_NS
) -> list[Hole]:
    """Return the holes of all reports together, in order of time.

    report_of_file: the report that each file belongs to.
    """
    rows = network.columns
    wall_ns = np.concatenate([entries.begin_ns, entries.end_ns, rows["first_ns"], rows["last_ns"]])
    offset_s = np.concatenate(
        [entries.begin_offset_s, entries.end_offset_s, rows["first_offset_s"], rows["last_offset_s"]]
    )
    file = np.concatenate([entries.begin_file, entries.end_file, rows["file"], rows["file"]])
    order = np.argsort(wall_ns, kind="stable")
    order = order[wall_ns[order] != NO_TIME]
    wall_ns, offset_s, report = wall_ns[order], offset_s[order], np.array(report_of_file, np.int64)[file[order]]
    spans = [(int(mine[0]), int(mine[-1])) for n in np.unique(report) for mine in [wall_ns[report == n]]]
    closed_ns = entries.end_ns[entries.flags & FINALISED != 0]
    found = []
    for n in np.flatnonzero(np.diff(wall_ns) >= at_least_ns).tolist():
        start, end = int(wall_ns[n]), int(wall_ns[n + 1])
        reason = QUIET
        if not any(first <= start and end <= last for first, last in spans):
            reason = BETWEEN
        elif (np.abs(closed_ns - end) <= NS_PER_S).any():
            reason = RESTARTED
        found.append(Hole(start, end, int(offset_s[n]), reason))
    return found
