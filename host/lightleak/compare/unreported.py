"""What the app did that the report does not show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lightleak.compare.entries import TICK_NS, Bools, Entries
from lightleak.compare.lane import Lane
from lightleak.compare.rules import Ruling
from lightleak.compare.segments import AUTHORISED
from lightleak.compare.spans import Spans
from lightleak.compare.tape import LADDER, Ints
from lightleak.events import DEPTHS, NS_PER_S

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


def unreported(app: str, lane: Lane, entries: Entries, ruling: Ruling, span: tuple[int, int]) -> Iterator[Run]:
    """Find runs of queries and reads of a covered, authorised app inside the report's span, under no entry."""
    recording = lane.recording
    wall = lane.wall_ns
    under = Spans.union(
        zip(ruling.window_from_ns.tolist(), (entries.until_ns[ruling.rows] + TICK_NS - 1).tolist(), strict=True)
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


def _authorised(lane: Lane) -> Bools:
    """Tell for each event of the lane whether the app could read; yes as long as nothing says no.

    An app attached late may never ask again: taking silence for a no would hide its reads.
    """
    allowed = np.ones(len(lane.recording.level), bool)
    for segment in lane.segments:
        offset = lane.recording.takes[segment.session - 1].offset
        for start, stop, status in segment.stretches(segment.authorization):
            allowed[offset + start : offset + stop] = status in AUTHORISED
    return np.asarray(allowed[lane.at], dtype=bool)
