"""What an app's process used over time: share of a processor, and memory footprint.

Separate because it is arithmetic on ``usage`` events that nothing else of the timeline needs.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

from lightleak.comparator.columns.decode import SANE, EventFields
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.segments import RecordedSegment
from lightleak.events import NS_PER_MS

_Sample = tuple[int, EventFields]
"""Position in the session set, and the ``usage`` event."""

PER_MILLE = 1000


def usage_spans(timeline: AppTimeline, t0_ms: int, most: int) -> list[int | None]:
    """Return what was used between one measurement and the next, as start, stop, CPU, footprint, …

    Times are in ms since ``t0_ms``. CPU is in thousandths of one processor, the footprint in kB, the largest measured; each is None
    where the system did not tell. At most about ``most`` spans: of more, neighbours are joined.
    """
    series = [part for segment in timeline.segments for part in _series(timeline, segment) if len(part) > 1]
    step = -(-sum(len(samples) for samples in series) // max(most, 1))
    found = []
    for samples in series:
        ends = [*range(0, len(samples) - 1, step), len(samples) - 1]
        found += [_span(timeline, samples[start : stop + 1], t0_ms) for start, stop in pairwise(ends)]
    # Where the wall clock was set back, a span has no place on it.
    placed = sorted((span for span in found if span[1] > span[0]), key=lambda span: (span[0], span[1]))
    return [number for span in placed for number in span]


def _series(timeline: AppTimeline, segment: RecordedSegment) -> Iterator[list[_Sample]]:
    """Yield a segment's measurements, in parts between which events are missing."""
    loaded = timeline.sessions.loaded[segment.session - 1]
    rows = loaded.columns.rows
    first, stop = (bisect_left(rows, at, key=itemgetter(0)) for at in (segment.first, segment.stop))
    samples = [(at, row) for at, row in rows[first:stop] if row.kind == "usage"]
    for _, part in groupby(samples, key=lambda sample: bisect_right(segment.loss_positions, sample[0])):
        yield [(loaded.offset + at, row) for at, row in part]


def _span(timeline: AppTimeline, samples: list[_Sample], t0_ms: int) -> list[Any]:
    """Return one span from the first to the last of some measurements."""
    (first, before), (last, after) = samples[0], samples[-1]
    wall_ns, mono_ns = timeline.sessions.wall_ns, timeline.sessions.mono_ns
    lasted_ns = int(mono_ns[last] - mono_ns[first])
    cpu_ns = _used(before.cpu_ns, after.cpu_ns)
    footprints = [size for _, one in samples[1:] if (size := one.footprint_bytes) is not None and _is_figure(size)]
    return [
        int(wall_ns[first]) // NS_PER_MS - t0_ms,
        int(wall_ns[last]) // NS_PER_MS - t0_ms,
        cpu_ns * PER_MILLE // lasted_ns if cpu_ns is not None and lasted_ns > 0 else None,
        max(footprints) // 1000 if footprints else None,
    ]


def _used(before: Any, after: Any) -> int | None:
    """Return a counter's growth; None where it was not reported, or went back."""
    return after - before if _is_figure(before) and _is_figure(after) and after >= before else None


def _is_figure(value: Any) -> bool:
    return value.__class__ is int and 0 <= value < SANE
