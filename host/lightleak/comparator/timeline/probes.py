"""When a probe of a segment was in place, by its ``hook`` events: the one answer, for verdicts, policies and sentences.

Separate because it knows the meaning of a hook's status only; ``watched_time`` says how long that was, and of what was watched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from lightleak.arrays import Intervals
from lightleak.comparator.columns.decode import EventFields
from lightleak.comparator.timeline.segments import CALLBACK, HANDOFF, INSTALLED, RecordedSegment, is_absent

_BY_SYMBOL = (CALLBACK, HANDOFF)
"""Probes with one hook for each symbol, set as soon as there is something to hook."""


@dataclass(frozen=True, slots=True)
class ProbeAbsence:
    """A probe that was not in place for a time, or all the time, in one segment."""

    probe: str
    symbol: str
    lasted: Intervals
    """When, on the axis of real time, which all processes of the app share; without losses; ns."""
    spans: list[tuple[int, int]]
    """From and to, wall clock, ns."""
    is_whole: bool
    """Whether it was never in place."""

    @property
    def lasted_ns(self) -> int:
        """For how long, by the clock that never steps."""
        return self.lasted.length


Marks = list[tuple[int, EventFields]]
"""Position → the status of a hook from there on, ascending."""


def marks_of(
    segment: RecordedSegment, is_wanted: Callable[[str, EventFields], bool], required: Iterable[str]
) -> dict[tuple[str, str | None], Marks]:
    """Return the hooks of a segment that are wanted, and those required, by probe; and by symbol where each has its own."""
    found: dict[tuple[str, str | None], Marks] = {(probe, None): [] for probe in required}
    asked = {probe for probe, _ in found}
    for probe, marks in segment.hook_marks.items():
        for at, row in marks:
            if probe in asked or is_wanted(probe, row):
                by_symbol = str(row.symbol) if probe in _BY_SYMBOL else None
                found.setdefault((probe, by_symbol), []).append((at, row))
    for probe, symbol in [*found]:
        if symbol is not None:
            found.pop((probe, None), None)
    return found


def is_installed(hook: EventFields) -> bool:
    """Return whether a hook sees what it is for."""
    return hook.status == INSTALLED


def misses_nothing(hook: EventFields) -> bool:
    """Return whether a hook is installed, or has nothing to hook in its process."""
    return is_installed(hook) or is_absent(hook)


def absent_between(
    marks: Marks, start: int, stop: int, *, is_required: bool, is_in_place: Callable[[EventFields], bool]
) -> Iterator[tuple[int, int]]:
    """Yield the positions between which a probe was not in place, within [start, stop].

    Before its first ``hook`` event a required probe was not in place, and of others nothing is missed. A process that has
    nothing to hook never had it.
    """
    is_there, since = not is_required, start
    if is_required and marks and is_absent(marks[0][1]) and is_in_place(marks[0][1]):
        is_there = True
    for at, row in marks:
        if not is_there and min(at, stop) > since:
            yield since, min(at, stop)
        is_there, since = is_in_place(row), max(at, start)
    if not is_there and stop > since:
        yield since, stop
