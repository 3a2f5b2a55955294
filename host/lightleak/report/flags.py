"""Say of entries what the report alone says of them. Source: 50,960 intervals of 25 exports, and contract section 4."""

from __future__ import annotations

import numpy as np

from lightleak.arrays import AnyInts, Bools
from lightleak.events import NS_PER_MS, NS_PER_S
from lightleak.report.entry_columns import (
    BEGIN_MISSING,
    DUPLICATE,
    FINALISED,
    LONE_ACCESS,
    NO_TIME,
    STILL_OPEN,
    TWIN,
    EntryColumns,
)

LONE_FROM_NS, LONE_TO_NS = 59_900 * NS_PER_MS, 75_600 * NS_PER_MS
"""Apple's idle timer: 60 s after the last access, up to a quarter later; with what was measured around it."""
TWIN_NS = 2 * NS_PER_S
FINALISED_FROM_NS = 600 * NS_PER_S
FINALISED_TOGETHER_NS = NS_PER_S // 2


def flag(entries: EntryColumns, duplicate: Bools) -> AnyInts:
    """Return the flags of all entries, as bits."""
    has_begin, has_end = entries.begin_ns != NO_TIME, entries.end_ns != NO_TIME
    whole = has_begin & has_end
    duration_ns = np.where(whole, entries.end_ns - np.where(whole, entries.begin_ns, 0), 0)
    lone = whole & (duration_ns >= LONE_FROM_NS) & (duration_ns <= LONE_TO_NS)
    long = whole & (duration_ns > FINALISED_FROM_NS)
    flags: AnyInts = (
        lone * LONE_ACCESS
        | _twins(entries, has_begin & ~entries.out_of_process) * TWIN
        | _finalised(entries, long) * FINALISED
        | ~has_end * STILL_OPEN
        | ~has_begin * BEGIN_MISSING
        | duplicate * DUPLICATE
    )
    return flags


def _twins(entries: EntryColumns, among: Bools) -> Bools:
    """Tell which entries have another of their app and category beginning within 2 s, pickers apart."""
    rows = np.flatnonzero(among)
    rows = rows[np.lexsort((entries.begin_ns[rows], entries.category[rows], entries.app[rows]))]
    ahead, behind = rows[1:], rows[:-1]
    close = (entries.app[ahead] == entries.app[behind]) & (entries.category[ahead] == entries.category[behind])
    close &= entries.begin_ns[ahead] - entries.begin_ns[behind] <= TWIN_NS
    twins = np.zeros(len(entries), np.bool_)
    twins[ahead[close]] = True
    twins[behind[close]] = True
    return twins


def _finalised(entries: EntryColumns, long: Bools) -> Bools:
    """Tell which long entries end within 0.5 s of a long one of another app: closed by a reboot, not by their apps."""
    rows = np.flatnonzero(long)
    rows = rows[np.argsort(entries.end_ns[rows], kind="stable")]
    end_ns, app = entries.end_ns[rows], entries.app[rows]
    # Among the neighbours in time, the nearest of another app stands where the run of one's own app ends.
    last_of_run = np.flatnonzero(np.append(app[1:] != app[:-1], True))[: len(rows)]
    run = np.searchsorted(last_of_run, np.arange(len(rows)))
    after, before = last_of_run[run] + 1, np.append(-1, last_of_run)[run]
    reach = np.concatenate([end_ns, [0]])
    close = (after < len(rows)) & (reach[np.minimum(after, len(rows))] - end_ns <= FINALISED_TOGETHER_NS)
    close |= (before >= 0) & (end_ns - reach[before] <= FINALISED_TOGETHER_NS)
    finalised = np.zeros(len(entries), np.bool_)
    finalised[rows[close]] = True
    return finalised
