"""One timeline for each app: coverage, states, origins and events in bins, usage, network rows.

Times are in ms since the page's start.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lightleak.arrays import Ints
from lightleak.comparator import Comparison
from lightleak.comparator.columns.event_columns import LADDER
from lightleak.comparator.comparison import AppResult
from lightleak.comparator.timeline.app_coverage import state_spans
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.watched_time import gaps_of
from lightleak.events import NS_PER_MS, OFF_LADDER, STATES, TRIGGERS
from lightleak.views.page.bins import binned
from lightleak.views.page.evidence import Sources
from lightleak.views.page.usage import usage_spans

ORIGIN_ROWS = ("touch", "wake", "launch", "activation")
"""The rows of origins, by what they set off. Deliveries of changes are on the ladder, as ``notification``."""

ROWS = (*(name for name in LADDER if name != "none"), *OFF_LADDER, *ORIGIN_ROWS)
"""The rows of single events."""

COARSE_BINS = 40_000
USAGE_SPANS = 6_000
"""In all; where more was measured, neighbours are joined."""
NETWORK_ROWS = 5_000
"""In all; rows of apps that are not compared are left out."""


def start_ms(comparison: Comparison) -> int:
    """Return the earliest time on the page, Unix ms. All other times count from it."""
    return _span_ns(comparison)[0] // NS_PER_MS


def stop_ms(comparison: Comparison) -> int:
    """Return the latest time on the page, in ms since its start."""
    return -(-_span_ns(comparison)[1] // NS_PER_MS) - start_ms(comparison)


def watched_ms(comparison: Comparison) -> list[int] | None:
    """Return the times of the first and last event of all sessions; None when there is no event."""
    wall, t0 = comparison.sessions.wall_ns, start_ms(comparison)
    return [int(wall.min()) // NS_PER_MS - t0, -(-int(wall.max()) // NS_PER_MS) - t0] if len(wall) else None


def _span_ns(comparison: Comparison) -> tuple[int, int]:
    report, recording, entries = comparison.report, comparison.sessions, comparison.entries
    known = [ns for ns in (report.first_ns, report.last_ns) if ns is not None]
    for times in (recording.wall_ns, entries.begin_ns, entries.until_ns):
        known += [int(times.min()), int(times.max())] if len(times) else []
    return (min(known), max(known)) if known else (0, 0)


def app_timelines(comparison: Comparison, sources: Sources) -> list[dict[str, Any]]:
    """Return each app's timeline, in the order of ``Comparison.apps``."""
    t0 = start_ms(comparison)
    levels = event_bins(comparison, sources, COARSE_BINS)
    network = _network(comparison, t0)
    return [
        {
            "covered": _flat(found.timeline.covered.pairs(), t0),
            "suspended": _flat(found.timeline.watched.suspended.pairs(), t0),
            "gaps": _gaps(comparison, found, t0),
            "states": _states(found.timeline, t0),
            "rows": rows,
            "usage": usage_spans(found.timeline, t0, USAGE_SPANS // len(comparison.apps)),
            "network": network.get(found.app, []),
        }
        for found, rows in zip(comparison.apps, levels, strict=True)
    ]


def event_bins(comparison: Comparison, sources: Sources, budget: int) -> list[dict[str, Any]]:
    """Count each app's events by row in bins of time.

    budget: the most bins of all apps together.
    """
    t0 = start_ms(comparison)
    named = [(at, row, moments) for at, f in enumerate(comparison.apps) for row, moments in _moments(f, sources, t0)]
    tables: list[dict[str, Any]] = [{} for _ in comparison.apps]
    for (at, row, _), table in zip(named, binned([moments for _, _, moments in named], budget), strict=True):
        tables[at][row] = table
    return tables


def _moments(found: AppResult, sources: Sources, t0_ms: int) -> list[tuple[str, Ints]]:
    timeline = found.timeline
    mine = {(segment.session, segment.number) for segment in timeline.segments}
    levels = timeline.sessions.level[timeline.at]
    rows: list[tuple[str, Ints]] = [
        (name, timeline.wall_ns[levels == level]) for name, level in LADDER.items() if level
    ]
    for depth in OFF_LADDER:
        walls = [e.wall_ns for session, e in sources.off_ladder if e.depth == depth and (session, e.segment) in mine]
        rows.append((depth, np.array(sorted(walls), dtype=np.int64)))
    rows += [(name, _origins_ns(timeline, name)) for name in ORIGIN_ROWS]
    return [(name, wall_ns // NS_PER_MS - t0_ms) for name, wall_ns in rows if len(wall_ns)]


def _origins_ns(timeline: AppTimeline, trigger: str) -> Ints:
    """Return when the origins of a kind were, ascending; a state that only says again what was known is none of them."""
    code, sessions = TRIGGERS.index(trigger), timeline.sessions
    positions = [
        sessions.loaded[segment.session - 1].offset + one.position
        for segment in timeline.segments
        for one in segment.origins
        if one.trigger == code and one.by_time
    ]
    return np.sort(sessions.wall_ns[np.array(positions, np.int64)])


def _flat(pairs: list[tuple[int, int]], t0_ms: int) -> list[int]:
    return [ns // NS_PER_MS - t0_ms for pair in pairs for ns in pair]


def _gaps(comparison: Comparison, found: AppResult, t0_ms: int) -> list[list[Any]]:
    return [
        [gap.from_ns // NS_PER_MS - t0_ms, gap.to_ns // NS_PER_MS - t0_ms, gap.reason, number]
        for number, take in enumerate(comparison.sessions.loaded, 1)
        for gap in gaps_of(take.segments)
        if gap.identifier == found.app
    ]


def _states(timeline: AppTimeline, t0_ms: int) -> list[int]:
    """Return the app's states while it was watched, as start, stop, code in ``STATES``, …"""
    return [
        number
        for start, stop, code in state_spans(timeline)
        for number in (start // NS_PER_MS - t0_ms, stop // NS_PER_MS - t0_ms, code)
    ]


def _network(comparison: Comparison, t0_ms: int) -> dict[str, list[list[Any]]]:
    """Return app → rows: first and last contact, domain, owner, hits, who initiated, domain type."""
    wanted = {found.app for found in comparison.apps}
    rows: dict[str, list[list[Any]]] = {}
    left = NETWORK_ROWS
    for row in comparison.report.network:
        if row.app in wanted and left:
            left -= 1
            first, last = row.first_ns // NS_PER_MS - t0_ms, row.last_ns // NS_PER_MS - t0_ms
            rows.setdefault(row.app, []).append(
                [first, last, row.domain, row.owner, row.hits, row.initiated, row.domain_type]
            )
    return rows


__all__ = ["ROWS", "STATES", "app_timelines", "event_bins", "start_ms", "stop_ms", "watched_ms"]
