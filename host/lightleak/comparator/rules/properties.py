"""The properties of photos that an app read while its entries were open: getters that are counted, not recorded one by one.

Separate because a property is no act of the ladder: it never changes a cause or a depth.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from lightleak.comparator.rules.report_entries import ReportEntries
from lightleak.comparator.rules.rules import RuleResults
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.near import TICK_NS

_MOST = 1 << 50
"""More reads than there can be: what is above is not a figure."""

_WALL, _COUNT, _ASSETS, _NEW, _RUN, _VAGUE = range(6)
_UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class PropertyReads:
    """How often a getter was called, and for how many photos."""

    count: int
    photos: int | None
    """So many different photos, or at least so many; None where no event says of how many."""
    at_least: bool


def properties_of(
    timeline: AppTimeline, entries: ReportEntries, results: RuleResults
) -> list[dict[str, PropertyReads]]:
    """Return for each entry what was read of each property from the lag before its begin to its end, by symbol."""
    found: list[dict[str, PropertyReads]] = [{} for _ in results.rows]
    until_ns = entries.until_ns[results.rows] + TICK_NS
    for symbol, table in sorted(property_events(timeline).items()):
        first, stop = (
            np.searchsorted(table[:, _WALL], results.window_from_ns),
            np.searchsorted(table[:, _WALL], until_ns),
        )
        for entry in np.flatnonzero(stop > first).tolist():
            found[entry][symbol] = _reads(table[first[entry] : stop[entry]])
    return found


def _reads(table: np.ndarray) -> PropertyReads:
    """Sum up some events of one symbol.

    An event counts the photos of its own second. The same photo may be in several events: their sum is the most that there can
    be. The least is what the largest event has, or what is new in the events of one run, where each photo is new only once.
    """
    count = int(table[:, _COUNT].sum())
    assets = table[:, _ASSETS]
    known = table[assets != _UNKNOWN]
    if not len(known):
        return PropertyReads(count, None, at_least=False)
    _, runs = np.unique(known[:, _RUN], return_inverse=True)
    new = np.bincount(runs.ravel(), weights=np.maximum(known[:, _NEW], 0))
    least = max(int(known[:, _ASSETS].max()), int(new.max()))
    exact = len(known) == len(table) and not table[:, _VAGUE].any() and least == int(assets.sum())
    return PropertyReads(count, least, at_least=not exact)


def property_events(timeline: AppTimeline) -> dict[str, np.ndarray]:
    """Return symbol → a row for each of its events, by their wall times: see the columns above."""
    rows: dict[str, list[tuple[int, ...]]] = defaultdict(list)
    runs: dict[tuple[int, ...], int] = {}
    segments: dict[int, set[int]] = defaultdict(set)
    for segment in timeline.segments:
        segments[segment.session].add(segment.number)
    for session, numbers in segments.items():
        columns = timeline.sessions.loaded[session - 1].columns
        for at, row in columns.rows:
            if row.kind != "property" or row.segment not in numbers:
                continue
            if isinstance(row.symbol, str) and row.count.__class__ is int and 0 < row.count < _MOST:
                # Without a number of its own, each event is a run of its own.
                place = (session, row.segment, -1 - row.seq if row.run is None else row.run)
                run = runs.setdefault(place, len(runs))
                figures = (
                    _figure(row.assets, row.count),
                    _figure(row.new_assets, row.count),
                    run,
                    int(row.at_least is True),
                )
                rows[row.symbol].append((int(columns.wall_ns[at]), row.count, *figures))
    return {symbol: np.array(sorted(events), np.int64).reshape(-1, 6) for symbol, events in rows.items()}


def property_counts(timeline: AppTimeline) -> dict[str, int]:
    """Return how often each property was read, by symbol."""
    return {symbol: int(events[:, _COUNT].sum()) for symbol, events in property_events(timeline).items()}


def _figure(value: int | None, reads: int) -> int:
    """Return how many photos, as far as so many reads can be of so many."""
    return value if value is not None and 0 <= value <= reads else _UNKNOWN
