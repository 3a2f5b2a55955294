"""What the clocks say: how late the report stamps, how far the host is off, and where the wall clock jumped."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from lightleak.arrays import Ints
from lightleak.comparator.rules.report_entries import ReportEntries
from lightleak.comparator.timeline.accounting import AccountingIndex
from lightleak.comparator.timeline.session_set import SessionSet
from lightleak.events import NS_PER_MS, NS_PER_S

DEFAULT_LAG_S = 3.0
"""How much later than the call a report may stamp it. Source: the logger works at background priority; contract."""

FEWEST_TO_FIT = 10
"""Identifier matches below which a fitted lag would be a guess."""

_STEP_NS = NS_PER_S // 2
_SLEW = 1_000
"""One part in so many that a clock may be slewed by the network without being set."""


@dataclass(frozen=True, slots=True)
class Lag:
    """Report time minus the time of the app's own accounting, over identifier matches; ms."""

    n: int
    median_ms: float | None
    p95_ms: float | None
    proposed_ms: float | None
    """A bound that fits: half as much again as the 99th percentile, at least 500 ms; None with too few matches."""


def measure_lag(recording: SessionSet, ledger: AccountingIndex, entries: ReportEntries) -> Lag:
    """Measure how late the report is, where both tell a begin: what came later in an access says nothing of it."""
    opening = ledger.begins(entries.columns.identifier.tolist())
    which = (opening >= 0) & entries.has_begin & ~entries.columns.out_of_process
    late_ms = (entries.begin_ns[which] - recording.wall_ns[opening[which]]) / NS_PER_MS
    if not len(late_ms):
        return Lag(0, None, None, None)
    median, p95, p99 = (float(q) for q in np.percentile(late_ms, [50, 95, 99]))
    proposed = None if len(late_ms) < FEWEST_TO_FIT else float(math.ceil(max(500.0, 1.5 * p99) / 100) * 100)
    return Lag(len(late_ms), median, p95, proposed)


def host_offset_ms(recording: SessionSet) -> float | None:
    """Tell the device's wall clock minus the host's, by the sample with the smallest error; None without samples."""
    samples = [
        (row.error_ns if row.error_ns.__class__ is int else 1 << 62, row.host_offset_ns)
        for take in recording.takes
        for _, row in take.tape.rows
        if row.kind == "clock" and row.host_offset_ns.__class__ is int and abs(row.host_offset_ns) < 1 << 62
    ]
    return min(samples)[1] / NS_PER_MS if samples else None


def steps(recording: SessionSet) -> Iterator[dict[str, Any]]:
    """Find where a device's wall clock was set while it was watched, by the clock that never steps."""
    for number, take in enumerate(recording.takes, 1):
        tape = take.tape
        shift = _shifts(tape.wall_ns - tape.mono_ns, tape.mono_ns, tape.segment)
        for at in shift.tolist():
            moved = int(tape.wall_ns[at + 1] - tape.mono_ns[at + 1]) - int(tape.wall_ns[at] - tape.mono_ns[at])
            yield {
                "session": number,
                "segment": int(tape.segment[at + 1]),
                "at": take.zone.format(int(tape.wall_ns[at + 1])),
                "step_ms": round(moved / NS_PER_MS, 3),
            }


def _shifts(difference: Ints, mono_ns: Ints, segment: Ints) -> Ints:
    same = np.diff(segment) == 0
    allowed = _STEP_NS + np.abs(np.diff(mono_ns)) // _SLEW
    return np.asarray(np.flatnonzero(same & (np.abs(np.diff(difference)) > allowed)), dtype=np.int64)
