"""When a probe of a segment was not in place although the app was watched.

Separate because it reads the ``hook`` events of one segment; ``question`` says which of them a statement needs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from lightleak.comparator.columns.decode import EventFields
from lightleak.comparator.rules.visibility import CALLBACK, HAND_OFF
from lightleak.comparator.timeline.segments import RecordedSegment, is_absent
from lightleak.comparator.timeline.session_set import SessionSet
from lightleak.comparator.timeline.watched_time import WatchedTime

_BY_SYMBOL = (CALLBACK, HAND_OFF)
"""Probes with one hook for each symbol, set as soon as there is something to hook."""


@dataclass(frozen=True, slots=True)
class ProbeAbsence:
    """A probe that was not in place for a time, or all the time, in one segment."""

    probe: str
    symbol: str
    lasted_ns: int
    """By the clock that never steps; 0 where it was never in place."""
    spans: list[tuple[int, int]]
    """From and to, wall clock, ns."""
    is_whole: bool
    """Whether it was never in place."""


def absences(
    sessions: SessionSet,
    watched: WatchedTime,
    segment: RecordedSegment,
    rows: Sequence[tuple[int, EventFields]],
    *,
    is_wanted: Callable[[str, EventFields], bool],
    required: Collection[str],
) -> Iterator[ProbeAbsence]:
    """Yield when probes were not in place while the segment was watched: those that are wanted, and those required.

    A required probe without a ``hook`` event was never in place; of others, what comes before the first such event is not
    missed. What the process does not have cannot be missed. rows: the segment's ``hook`` events, and perhaps others, with positions.
    """
    if not segment.stretches:
        return
    offset, wall_ns = sessions.loaded[segment.session - 1].offset, sessions.wall_ns
    start, stop = segment.stretches[0][0] + offset, segment.stretches[-1][1] + offset
    found: dict[tuple[str, str | None], list[tuple[int, EventFields]]] = {(probe, None): [] for probe in required}
    for position, row in rows:
        if row.kind == "hook" and isinstance(row.probe, str) and (row.probe in required or is_wanted(row.probe, row)):
            by_symbol = str(row.symbol) if row.probe in _BY_SYMBOL else None
            found.setdefault((row.probe, by_symbol), []).append((position, row))
    for (probe, _), events in found.items():
        named = next((str(row.symbol) for _, row in reversed(events) if row.symbol), probe)
        pieces = list(_missing(events, start, stop, is_required=probe in required))
        is_whole = not any(_in_place(row) and at <= stop for at, row in events)
        lasted = (watched.duration_between(segment, at - offset, to - offset) for at, to in pieces)
        lasted_ns = 0 if is_whole else sum(lasted)
        if is_whole or lasted_ns:
            spans = [(int(wall_ns[[at, to]].min()), int(wall_ns[[at, to]].max())) for at, to in pieces]
            yield ProbeAbsence(probe, named, lasted_ns, spans, is_whole)


def _in_place(hook: EventFields) -> bool:
    return hook.status == "installed" or is_absent(hook)


def _missing(
    events: list[tuple[int, EventFields]], start: int, stop: int, *, is_required: bool
) -> Iterator[tuple[int, int]]:
    """Yield the positions between which a probe was not in place, within [start, stop]."""
    is_there, since = not is_required, start
    if is_required and events and is_absent(events[0][1]):
        is_there = True
    for at, row in events:
        if not is_there and min(at, stop) > since:
            yield since, min(at, stop)
        is_there, since = _in_place(row), max(at, start)
    if not is_there and stop > since:
        yield since, stop
