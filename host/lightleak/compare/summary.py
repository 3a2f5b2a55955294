"""What each app did, in figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from lightleak.compare.entries import Entries
from lightleak.compare.recording import Lane
from lightleak.compare.rules import CAUSES, Ruling
from lightleak.compare.states import BACKGROUND
from lightleak.compare.tape import LADDER, Row, Tape
from lightleak.events import DEPTHS, NS_PER_MS, NS_PER_S

NIGHT_UNTIL_S = 6 * 3600
"""Night is 00:00 to 06:00 in the zone that the report writes."""


def summarise(lane: Lane, entries: Entries, ruling: Ruling) -> dict[str, Any]:
    """Sum up one app: entries by cause and depth, and what its observers and reads cost."""
    return {
        "entries": len(ruling.rows),
        "by_cause": _counted(CAUSES, ruling.cause),
        "by_depth": _counted(DEPTHS, ruling.depth),
        "background": int((ruling.state_bits == BACKGROUND).sum()),
        "night": int(_at_night(entries, ruling).sum()),
        "observers": sum(len(segment.observers) for segment in lane.segments),
        "notifications": int((lane.recording.level[lane.at] == LADDER["notification"]).sum()),
        "bytes": sum(row.bytes for row in _deliveries(lane) if row.bytes.__class__ is int and row.bytes > 0),
        "cpu_ms": round(sum(_cpu_ns(lane)) / NS_PER_MS, 3),
    }


def _counted(names: tuple[str, ...], codes: np.ndarray[Any, Any]) -> dict[str, int]:
    counts = np.bincount(codes, minlength=len(names)).tolist()
    return {name: count for name, count in zip(names, counts, strict=True) if count}


def _at_night(entries: Entries, ruling: Ruling) -> np.ndarray[Any, Any]:
    columns = entries.columns
    begin, offset = columns.begin_ns[ruling.rows], columns.begin_offset_s[ruling.rows]
    local_s = (begin // NS_PER_S + offset) % 86_400
    return (local_s < NIGHT_UNTIL_S) & entries.has_begin[ruling.rows]


def _tapes(lane: Lane) -> Iterator[tuple[Tape, set[int]]]:
    by_session: dict[int, set[int]] = {}
    for segment in lane.segments:
        by_session.setdefault(segment.session, set()).add(segment.number)
    for session, numbers in by_session.items():
        yield lane.recording.takes[session - 1].tape, numbers


def _deliveries(lane: Lane) -> Iterator[Row]:
    for tape, numbers in _tapes(lane):
        yield from (row for row in tape.deliveries if row.segment in numbers)


def _cpu_ns(lane: Lane) -> Iterator[int]:
    """CPU time of the app's calls and callbacks; what a callback did inside itself is in its own time already."""
    for tape, numbers in _tapes(lane):
        inside = {(int(tape.segment[at]), int(tape.seq[at])) for at in tape.caused}
        for row in tape.cpu:
            if row.segment in numbers and row.cpu_ns.__class__ is int and (row.segment, row.of) not in inside:
                yield max(row.cpu_ns, 0)
