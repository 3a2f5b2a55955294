"""What each app did, in figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from lightleak.arrays import Ints, call_key
from lightleak.comparator.columns.event_columns import LADDER, EventColumns
from lightleak.comparator.observer_cost import observer_cost
from lightleak.comparator.rules.report_entries import ReportEntries
from lightleak.comparator.rules.rules import CAUSES, RuleResults
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.segments import BACKGROUND
from lightleak.comparator.timeline.session_set import LoadedSession
from lightleak.events import DEPTHS, NS_PER_MS, NS_PER_S

NIGHT_UNTIL_S = 6 * 3600
"""Night is 00:00 to 06:00 in the zone that the report writes."""


def summarise(lane: AppTimeline, entries: ReportEntries, ruling: RuleResults) -> dict[str, Any]:
    """Sum up one app: entries by cause and depth, and what its observers and reads cost."""
    return {
        "entries": len(ruling.rows),
        "by_cause": _counted(CAUSES, ruling.cause),
        "by_depth": _counted(DEPTHS, ruling.depth),
        "background": int((ruling.state_bits == BACKGROUND).sum()),
        "night": int(_at_night(entries, ruling).sum()),
        **cost(lane),
        "observer_cost": observer_cost(lane),
    }


def cost(lane: AppTimeline) -> dict[str, Any]:
    """Sum up what one app's observers and reads cost; this needs no report."""
    return {
        "observers": sum(len(segment.observers) for segment in lane.segments),
        "notifications": int((lane.recording.level[lane.at] == LADDER["notification"]).sum()),
        "bytes": _read(lane),
        "cpu_ms": round(_cpu_ns(lane) / NS_PER_MS, 3),
    }


def _counted(names: tuple[str, ...], codes: np.ndarray[Any, Any]) -> dict[str, int]:
    counts = np.bincount(codes, minlength=len(names)).tolist()
    return {name: count for name, count in zip(names, counts, strict=True) if count}


def _at_night(entries: ReportEntries, ruling: RuleResults) -> np.ndarray[Any, Any]:
    columns = entries.columns
    begin, offset = columns.begin_ns[ruling.rows], columns.begin_offset_s[ruling.rows]
    local_s = (begin // NS_PER_S + offset) % 86_400
    return (local_s < NIGHT_UNTIL_S) & entries.has_begin[ruling.rows]


def _read(lane: AppTimeline) -> int:
    """How many bytes were delivered to the app; what a framework asked for on its own is not the app's."""
    total = 0
    for take, deliveries in _tables(lane, lambda tape: tape.deliveries):
        theirs = call_key(take.tape.segment[take.tape.internal], take.tape.seq[take.tape.internal])
        own = ~np.isin(call_key(take.tape.segment[deliveries[:, 0]], deliveries[:, 1]), theirs)
        total += int(deliveries[own, 2].sum())
    return total


def _cpu_ns(lane: AppTimeline) -> int:
    """CPU time of the app's calls and callbacks; what a callback or a framework did inside one is in its time already."""
    total = 0
    caused = {id(take): rows for take, rows in _tables(lane, lambda tape: tape.caused)}
    for take, returns in _tables(lane, lambda tape: tape.returns):
        tape, inside = take.tape, caused[id(take)]
        calls = call_key(tape.segment[returns[:, 0]], returns[:, 1])
        timed = np.isin(call_key(tape.segment[inside[:, 0]], inside[:, 1]), calls)
        nested = np.concatenate((inside[timed, 0], tape.internal))
        own = ~np.isin(calls, call_key(tape.segment[nested], tape.seq[nested]))
        total += int(returns[own, 2].sum())
    return total


def _tables(lane: AppTimeline, of: Callable[[EventColumns], Ints]) -> Iterator[tuple[LoadedSession, Ints]]:
    """Give the rows of one table that belong to the lane's segments, session by session."""
    by_session: dict[int, list[int]] = {}
    for segment in lane.segments:
        by_session.setdefault(segment.session, []).append(segment.number)
    for session, numbers in by_session.items():
        take = lane.recording.takes[session - 1]
        rows = of(take.tape)
        yield take, rows[np.isin(take.tape.segment[rows[:, 0]], numbers)]
