"""Rows of a timeline as text, one character for each column. Shapes differ, so that colour is never needed.

Separate because it is pure text: it knows neither rich nor the terminal.
"""

from __future__ import annotations

from datetime import tzinfo
from functools import lru_cache
from typing import NamedTuple

from lightleak.comparator.timeline.app_coverage import ProcessCoverage
from lightleak.events import NS_PER_MS, NS_PER_S, STATES
from lightleak.filter.time_expr import local
from lightleak.views.timeline.session_timeline import Axis
from lightleak.wording import LARGEST, duration


class Signs(NamedTuple):
    """The characters of one drawing."""

    counts: str
    """By the number of bits of a count: 0, 1, 2–3, 4–7, …"""
    states: str
    """In the order of ``STATES``."""
    watched: str
    """Not at all, partly, wholly, asleep, events lost."""
    tick: str


UNICODE = Signs(" ▁▂▃▄▅▆▇█", "?█▒░", "·╌━z×", "┬")
ASCII = Signs(" .:-=+*#@", "?#=-", ".~_zX", "|")


def watched(coverage: ProcessCoverage, axis: Axis, signs: Signs) -> str:
    """Draw when a process was watched."""
    none, partly, wholly, asleep, lost = tuple(signs.watched)
    filled = [0.0] * axis.columns
    for at, share in axis.shares(coverage.covered):
        filled[at] += max(share, 1e-9)
    row = [none if not share else wholly if share > 0.999 else partly for share in filled]
    for at, share in axis.shares(coverage.suspended):
        if share > 0.5:
            row[at] = asleep
    for at, _ in axis.shares([(start, stop) for start, stop, _ in coverage.lost]):
        row[at] = lost
    return "".join(row)


def states(coverage: ProcessCoverage, axis: Axis, signs: Signs) -> str:
    """Draw the state that was longest in force in each column; blank where nothing was watched."""
    longest = [(0.0, " ")] * axis.columns
    share_of: list[dict[int, float]] = [{} for _ in range(axis.columns)]
    for start, stop, code in coverage.states:
        for at, share in axis.shares([(start, stop)]):
            share_of[at][code] = share_of[at].get(code, 0.0) + max(share, 1e-9)
    for at, shares in enumerate(share_of):
        if shares:
            code = max(shares, key=lambda one: (shares[one], one))
            longest[at] = shares[code], signs.states[code]
    return "".join(sign for _, sign in longest)


def counts(numbers: list[int], signs: Signs) -> str:
    """Draw a column's count by its size in bits."""
    return "".join(signs.counts[min(number.bit_length(), len(signs.counts) - 1)] for number in numbers)


def legend(signs: Signs) -> list[str]:
    """Return what the signs mean, a line for each row."""
    sizes = [f"{signs.counts[n]} {_range(n, last=n == len(signs.counts) - 1)}" for n in range(1, len(signs.counts))]
    named = [f"{sign} {name}" for sign, name in zip(signs.states, STATES, strict=True)]
    seen = zip(signs.watched, ("not watched", "partly", "watched", "asleep", "events lost"), strict=True)
    return [
        "events in a column: " + "  ".join(sizes),
        "state: " + "  ".join(named[1:] + named[:1]),
        "  ".join(f"{sign} {name}" for sign, name in seen),
    ]


def axis_lines(axis: Axis, zone: tzinfo, signs: Signs) -> tuple[str, str]:
    """Draw the ticks, and the times under them."""
    days = axis.stop_ns - axis.start_ns > 86_400 * 10**9
    form = "%m-%d %H:%M" if days else "%H:%M" if axis.stop_ns - axis.start_ns > 600 * 10**9 else "%H:%M:%S"
    room = (11 if days else 5 if form == "%H:%M" else 8) + 3
    if room * axis.column_ns < 2 * 10**9:  # otherwise neighbours would show the same second
        form, room = "%H:%M:%S.%f", 18
    marks, times = [" "] * axis.columns, ""
    for at in range(0, axis.columns, room):
        label = clock(round(axis.start_ns + at * axis.column_ns), zone, form)
        if at + len(label) > axis.columns:
            break
        marks[at] = signs.tick
        times = times.ljust(at) + label
    return "".join(marks), times


def clock(wall_ns: int, zone: tzinfo, form: str) -> str:
    """Return a wall time in a zone; the bare number when it is outside the calendar."""
    try:
        return local(wall_ns, zone).strftime(form)
    except (OverflowError, ValueError):
        return str(wall_ns)


def exact_clock(wall_ns: int, zone: tzinfo) -> str:
    """Return the time of day with milliseconds, rounded to the nearest as in sentences and in JSON."""
    ms = (wall_ns + NS_PER_MS // 2) // NS_PER_MS
    second = _of_second(ms // 1000, zone, "%H:%M:%S")
    return str(ms * NS_PER_MS)[:-3] if second is None else f"{second}.{ms % 1000:03}"


def day(wall_ns: int, zone: tzinfo) -> str:
    """Return the day of a wall time in a zone; the bare number when it is outside the calendar."""
    found = _of_second(wall_ns // NS_PER_S, zone, "%Y-%m-%d")
    return str(wall_ns) if found is None else found


@lru_cache(maxsize=1_000)
def _of_second(second: int, zone: tzinfo, form: str) -> str | None:
    """Return a Unix time in a zone: events that follow each other have most of it in common. None when it is outside the calendar."""
    try:
        return local(second * NS_PER_S, zone).strftime(form)
    except (OverflowError, ValueError):
        return None


def stamp(wall_ns: int, zone: tzinfo) -> str:
    """Return a wall time with date and zone offset; the bare number when it is outside the calendar."""
    try:
        return local(wall_ns, zone).isoformat(" ", "seconds")
    except (OverflowError, ValueError):
        return str(wall_ns)


def length(ns: float) -> str:
    """Return a length of time in its largest unit, without a fraction of 0."""
    return duration(ns / 1e9, LARGEST).replace(".0 ", " ")


def _range(bits: int, *, last: bool) -> str:
    low, high = 1 << (bits - 1), (1 << bits) - 1
    return f"{low}+" if last else str(low) if low == high else f"{low}–{high}"
