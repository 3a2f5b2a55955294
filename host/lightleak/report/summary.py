"""Sum up what a report says of each app and category. Entries are not reads: nothing here counts reads.

Separate because it is the whole of what `lightleak inspect` shows and JSON lists an app, with thresholds of its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from lightleak.arrays import AnyInts
from lightleak.events import NS_PER_MS, NS_PER_S
from lightleak.report.entry_columns import FINALISED, FLAGS, LONE_FROM_NS, LONE_TO_NS, NO_TIME, TWIN_NS, EntryColumns
from lightleak.report.timestamps import format_time

NIGHT_HOURS = 6
"""Night is 00:00 to 06:00 in the offset that the report was written with."""
INSTANT_NS = 200 * NS_PER_MS
"""A shorter entry means that the process was suspended at once, as an app in the background is."""
SHORT_NS = 20 * NS_PER_S

Summary = dict[str, dict[str, dict[str, Any]]]
"""App → category → figures, sorted."""


def summarise(entries: EntryColumns) -> Summary:
    """Return the figures of every app and category."""
    order = np.lexsort((entries.category, entries.app))
    new = np.flatnonzero((np.diff(entries.app[order]) != 0) | (np.diff(entries.category[order]) != 0)) + 1
    moments = _begins_moment(entries)
    summary: Summary = {}
    for rows in np.split(order, new) if len(order) else []:
        rows.sort()
        app, category = entries.apps[entries.app[rows[0]]], entries.categories[entries.category[rows[0]]]
        summary.setdefault(app, {})[category] = _figures(entries.take(rows), int(moments[rows].sum()))
    return {app: dict(sorted(categories.items())) for app, categories in sorted(summary.items())}


def hour_of_begin(entries: EntryColumns) -> AnyInts:
    """Return the hour of the day in which each entry begins, in its own offset; shape (n,), −1 without a begin."""
    local_s = np.where(entries.begin_ns == NO_TIME, 0, entries.begin_ns) // NS_PER_S + entries.begin_offset_s
    return np.where(entries.begin_ns == NO_TIME, -1, local_s // 3600 % 24)


def _figures(entries: EntryColumns, moments: int) -> dict[str, Any]:
    hours = hour_of_begin(entries)
    durations = _durations(entries)
    times = [
        (int(ns), int(offset))
        for column, offsets in ((entries.begin_ns, entries.begin_offset_s), (entries.end_ns, entries.end_offset_s))
        for ns, offset in zip(column.tolist(), offsets.tolist(), strict=True)
        if ns != NO_TIME
    ]
    return {
        "entries": len(entries),
        "moments": moments,
        "pickers": int(entries.out_of_process.sum()),
        "night": int(((hours >= 0) & (hours < NIGHT_HOURS)).sum()),
        "hours": np.bincount(hours[hours >= 0], minlength=24).tolist(),
        "background_candidates": durations["instant"],
        "durations": durations,
        "flags": {flag: n for bit, flag in enumerate(FLAGS) if (n := int((entries.flags >> bit & 1).sum()))},
        "first": format_time(*min(times)),
        "last": format_time(*max(times)),
    }


def _durations(entries: EntryColumns) -> dict[str, Any]:
    """Count the entries by what their duration can mean, without pickers, which the person holds open."""
    known = (entries.begin_ns != NO_TIME) & (entries.end_ns != NO_TIME) & (entries.flags & FINALISED == 0)
    # An instant of the betas is one line and has no duration. Neither has an entry that ends before it begins.
    known &= entries.end_ns >= entries.begin_ns
    known &= ~entries.out_of_process & (
        (entries.begin_line != entries.end_line) | (entries.begin_file != entries.end_file)
    )
    duration_ns = entries.end_ns[known] - entries.begin_ns[known]
    edges = (INSTANT_NS, SHORT_NS, LONE_FROM_NS, LONE_TO_NS + 1)
    counts = np.bincount(np.searchsorted(edges, duration_ns, side="right"), minlength=5).tolist()
    names = ("instant", "short", "cut", "lone_access", "longer")
    return dict(zip(names, counts, strict=True)) | {
        "not_meaningful": int((~known & ~entries.out_of_process).sum()),
        "median_s": round(float(np.median(duration_ns)) / NS_PER_S, 3) if len(duration_ns) else None,
    }


def _begins_moment(entries: EntryColumns) -> npt.NDArray[np.bool_]:
    """Return which entries begin a moment: one that begins within 2 s of an entry before it is its twin."""
    begins = np.ones(len(entries), np.bool_)
    rows = np.flatnonzero((entries.begin_ns != NO_TIME) & ~entries.out_of_process)
    rows = rows[np.lexsort((entries.begin_ns[rows], entries.category[rows], entries.app[rows]))]
    ahead, behind = rows[1:], rows[:-1]
    twin = (entries.app[ahead] == entries.app[behind]) & (entries.category[ahead] == entries.category[behind])
    begins[ahead] = ~(twin & (entries.begin_ns[ahead] - entries.begin_ns[behind] <= TWIN_NS))
    return begins
