"""What could be seen of each entry: how much of its time was watched, and who else could have acted for the app."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lightleak.arrays import Bools, Bytes, Ints
from lightleak.comparator.explain.assumptions import Assumptions
from lightleak.comparator.explain.clauses import OtherProcess
from lightleak.comparator.rules.report_entries import TICK_NS, ReportEntries
from lightleak.comparator.rules.rules import JUST_BEFORE_NS, RuleResults
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.probe_coverage import could_see
from lightleak.comparator.timeline.segments import RecordedSegment
from lightleak.comparator.timeline.session_set import SessionSet


@dataclass(frozen=True, slots=True)
class WatchedProcess:
    """A process that can make an entry for an app, or act for it; arrays of shape (n,), by entry."""

    process: OtherProcess
    watched: Bools
    """Whether it was covered just before the begin."""
    depth: Bytes
    """The deepest step of the ladder that it was seen to take from the lag before the begin to the end; what a daemon
    does it does for anybody."""
    times: Ints
    """How often it was seen to."""


@dataclass(frozen=True, slots=True)
class Visibility:
    """What limits the verdicts on one app's entries, in the order of the ruling; arrays of shape (n,)."""

    whole_ns: Ints
    """From the lag before the begin to the end."""
    watched_ns: Ints
    """How much of that was watched."""
    before_ns: Ints
    """From the lag before the begin to the begin: where what made the entry lies."""
    unseen_before_ns: Ints
    """How much of that was not watched."""
    blind: Bools
    """Whether the app's accounting could not be seen, somewhere in that time."""
    others: tuple[WatchedProcess, ...]
    missing: tuple[str, ...]
    """What could not be hooked, by symbol."""
    missing_deeper: tuple[tuple[str, ...], ...]
    """The same, of what sees reads deeper than a step of the ladder, by step."""

    def unwatched(self) -> list[OtherProcess]:
        """Return the others that were not watched for every entry."""
        return [other.process for other in self.others if not (other.watched.all() and len(other.watched))]


def visibility(
    app: str, lane: AppTimeline, entries: ReportEntries, ruling: RuleResults, seen_apps: Sequence[str]
) -> Visibility:
    """Measure what could be seen. ``seen_apps``: those of the report, among which there can be extensions."""
    start, begin, until = ruling.window_from_ns, entries.begin_ns[ruling.rows], entries.until_ns[ruling.rows]
    return Visibility(
        whole_ns=until - start,
        watched_ns=lane.covered.length_between(start, until),
        before_ns=begin - start,
        unseen_before_ns=begin - start - lane.covered.length_between(start, begin),
        blind=(lane.blind.length_between(start, begin) > 0) | lane.blind.contains(begin - JUST_BEFORE_NS),
        others=tuple(
            _other(process, AppTimeline(lane.recording, segments), start, begin, until)
            for process, segments in _others(app, lane.recording, seen_apps, lane.facts)
        ),
        missing=_named(lane),
        missing_deeper=tuple(_named(lane, deeper) for deeper in _DEEPER),
    )


_DEEPER = ("metadata", "metadata", "metadata", "thumbnail", "thumbnail", None)
"""The shallowest read that is deeper than each step of the ladder, as far as probes can tell them apart."""


def _named(lane: AppTimeline, depth: str | None = "") -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            symbol
            for probe, symbol in lane.missing_probes
            if depth == "" or (depth is not None and could_see(probe, symbol, depth))
        )
    )


def is_extension_of(name: str | None, app: str) -> bool:
    """Tell whether an identifier is that of an extension: Apple has it begin with its container's and a dot."""
    return name is not None and name.startswith(f"{app}.")


def _others(
    app: str, recording: SessionSet, seen_apps: Sequence[str], facts: Assumptions
) -> list[tuple[OtherProcess, list[RecordedSegment]]]:
    """Return extensions and assetsd with the segments in which they were recorded, if they were."""
    found: list[tuple[OtherProcess, list[RecordedSegment]]] = []
    if facts.extension_has_own_rows is not True:  # Its extensions then write no row under the app's name.
        recorded = {s.identifier for s in recording.segments}
        # Another app's identifier can begin alike: its role says what it is.
        apps = {s.identifier for s in recording.segments if s.role == "app"}
        names = sorted({n for n in {*seen_apps, *recorded} - apps if n is not None and is_extension_of(n, app)})
        found += [
            (OtherProcess("extension", name), [s for s in recording.segments if s.identifier == name]) for name in names
        ]
        found = found or [(OtherProcess("extensions"), [])]
    return [*found, (OtherProcess("assetsd"), [segment for segment in recording.segments if segment.is_assetsd()])]


def _other(process: OtherProcess, lane: AppTimeline, start: Ints, begin: Ints, until: Ints) -> WatchedProcess:
    depth, times = np.zeros(len(begin), np.uint8), np.zeros(len(begin), np.int64)
    if not any(segment.is_assetsd() for segment in lane.segments):
        first, stop = lane.find(start), lane.find(until + TICK_NS)
        for step, series in enumerate(lane.levels):
            lo, hi = series.within(first, stop)
            depth[hi > lo], times[hi > lo] = step, (hi - lo)[hi > lo]
    return WatchedProcess(process, lane.covered.contains(begin - JUST_BEFORE_NS), depth, times)
