"""Say how far the app was seen to go while an entry was open, and from when to when that was looked at."""

from __future__ import annotations

from lightleak.comparator.explain.why_subject import ExplainContext
from lightleak.comparator.explain.words import WORDS, seconds_of, times
from lightleak.comparator.rules.report_entries import ReportEntries
from lightleak.comparator.rules.rules import UNOBSERVED
from lightleak.comparator.timeline.segments import state_word
from lightleak.report.entry_columns import FINALISED, STILL_OPEN
from lightleak.report.timestamps import format_time


def depth_clauses(about: ExplainContext, entry: int) -> list[str]:
    """Return clauses for the sentence on one entry: the app's own processes, then its extensions."""
    ruling, window = about.ruling, _window(about, entry)
    level = int(ruling.depth[entry])
    if level:
        clauses = [_furthest(about, entry, window)]
    elif ruling.touched[entry]:
        clauses = [f"no opening, query, read or notification of the app was seen {window}"]
    elif int(ruling.cause[entry]) == UNOBSERVED and not len(about.lane.covered.start):
        clauses = []  # That nobody watched the app was the cause already.
    else:
        clauses = [f"the app was not watched {window}"]
    for other in about.sight.others:
        if reached := int(other.depth[entry]):
            often = times(int(other.times[entry]))
            clauses.append(f"{other.name} was seen to go as far as {WORDS[reached]} in that time, {often}")
    return clauses


def _furthest(about: ExplainContext, entry: int, window: str) -> str:
    recording, ruling = about.recording, about.ruling
    events = ruling.deepest.positions(entry)
    first = int(events[0])
    symbol = recording.symbol(first)
    return (
        f"the furthest seen {window} was {WORDS[int(ruling.depth[entry])]}, {times(len(events))}, first at "
        f"{_clock(about.entries, int(ruling.rows[entry]), int(recording.wall_ns[first]))}"
        f"{f' ({symbol})' if symbol else ''}, app state {state_word(int(ruling.state_bits[entry]))}"
    )


def _window(about: ExplainContext, entry: int) -> str:
    """Tell from when to when the depth counts: an entry can be stamped later than the call that made it."""
    entries, lag_ns, flags = about.entries, about.lag_ns, about.flags(entry)
    row = int(about.ruling.rows[entry])
    begin_ns = int(entries.begin_ns[row])
    asleep = ", sleep not counted," if begin_ns - lag_ns > int(about.ruling.window_from_ns[entry]) else ""
    start = (
        f"from {seconds_of(lag_ns)} s{asleep} before its begin"
        if entries.has_begin[row]
        else "from the report's first line"
    )
    if flags & FINALISED:
        return f"{start} to 75.6 s after it"
    if int(entries.columns.end_ns[row]) < begin_ns:
        return f"{start} to its begin, before which its end is told"
    if flags & STILL_OPEN:
        return f"{start} to the report's last line"
    return f"{start} to its end" if entries.has_begin[row] else f"{start} to the entry's end"


def _clock(entries: ReportEntries, row: int, wall_ns: int) -> str:
    """Write a time of day in the report's zone, with the date where it is not the entry's."""
    offset = int(entries.columns.begin_offset_s[row])
    told, begun = format_time(wall_ns, offset), format_time(int(entries.begin_ns[row]), offset)
    return told[11:23] if told[:10] == begun[:10] else f"{told[:10]} {told[11:23]}"
