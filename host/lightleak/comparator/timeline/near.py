"""Which events are near a begin: at most the lag before it, without the sleep of the event's own process.

Separate because each process has its own sleep, so that near events are not always neighbours on the app's timeline.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from lightleak.arrays import Bools, Ints
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.events import NS_PER_MS

TICK_NS = NS_PER_MS
"""A report has milliseconds: what comes less than one after the time it shows is at it."""


@dataclass(frozen=True, slots=True)
class NearEvents:
    """For each begin the range [first, stop) of the timeline's events in which all near events are; shapes (n,)."""

    begin_ns: Ints
    first: Ints
    stop: Ints
    reach_ns: Ints
    """Up to when a begin is near each event of the timeline."""
    mixed: Bools
    """Whether a range has others, too: of a process that ran while another one of the app slept."""

    def one_by_one(self, which: Iterable[int]) -> Iterator[Ints]:
        """Yield the places on the timeline of the events that are near some of the begins."""
        for at in which:
            first, stop = int(self.first[at]), int(self.stop[at])
            yield first + np.flatnonzero(self.reach_ns[first:stop] >= self.begin_ns[at])


def near_begins(timeline: AppTimeline, begin_ns: Ints, lag_ns: int) -> NearEvents:
    """Find the events near each begin."""
    reach_ns, stop = timeline.reach_ns(lag_ns), timeline.find(begin_ns + TICK_NS)
    furthest_ns = np.maximum.accumulate(reach_ns)
    first = np.minimum(np.searchsorted(furthest_ns, begin_ns), stop)
    mixed = np.zeros(len(begin_ns), bool)
    exceeded = reach_ns < furthest_ns
    if exceeded.any():
        before = np.concatenate(([0], np.cumsum(exceeded)))
        for at in np.flatnonzero(before[stop] > before[first]).tolist():
            mixed[at] = bool((reach_ns[first[at] : stop[at]] < begin_ns[at]).any())
    return NearEvents(begin_ns, first, stop, reach_ns, mixed)
