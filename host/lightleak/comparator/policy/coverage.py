"""What was watched of an app, and why a negative statement about it cannot be carried."""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

import numpy as np

from lightleak.comparator.columns.event_columns import EventFields
from lightleak.comparator.comparison import AppResult, Comparison
from lightleak.comparator.policy.schema import Policy
from lightleak.comparator.rules.rules import UNOBSERVED
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.segments import RecordedSegment, is_absent, is_observing, observer_id
from lightleak.comparator.timeline.visibility import CALLBACK, REGISTRATION, could_see, required_from
from lightleak.events import NS_PER_S
from lightleak.wording import percent

_NAMED = 3
"""How many missing probes a sentence names before it only counts them."""


@dataclass(frozen=True, slots=True)
class WatchedObserver:
    """A change observer that was found or registered."""

    position: int
    cls: str


class PolicyCoverage:
    """One app of a comparison, with what its coverage can and cannot carry."""

    def __init__(self, comparison: Comparison, found: AppResult, policy: Policy) -> None:
        self.comparison = comparison
        self.found = found
        self.policy = policy
        self.timeline: AppTimeline = found.timeline
        self.segments = [segment for segment in found.timeline.segments if len(segment.covered.start)]

    @property
    def hours(self) -> float:
        """For how long the app was watched, h."""
        return float((self.timeline.covered.stop - self.timeline.covered.start).sum()) / NS_PER_S / 3600

    @property
    def lost(self) -> int:
        """How many events are known to be missing."""
        return sum(loss.count for segment in self.timeline.segments for loss in segment.losses)

    @cached_property
    def share(self) -> float:
        """How much of the time from the first to the last look at the app, in each session, was watched; 0 to 1."""
        watched = total = 0
        for session in sorted({segment.session for segment in self.segments}):
            mine = [segment for segment in self.segments if segment.session == session]
            first = min(int(segment.covered.start[0]) for segment in mine)
            last = max(int(segment.covered.stop[-1]) for segment in mine)
            total += last - first
            watched += int(self.timeline.covered.length_between(np.array([first]), np.array([last]))[0])
        return watched / total if total else float(bool(self.segments))

    @cached_property
    def observers(self) -> list[WatchedObserver]:
        """The change observers that were seen, each once a segment, in the order of the tape."""
        found: dict[tuple[int, int, str | None, str], WatchedObserver] = {}
        for segment in self.timeline.segments:
            for position, row in self._rows(segment):
                if is_observing(row):
                    one = WatchedObserver(position, str(row.observer.get("class", "?")))
                    found.setdefault((segment.session, segment.number, observer_id(row), one.cls), one)
        return list(found.values())

    def doubts(self, *, reads: str | None = None, observers: bool = False, callbacks: bool = False) -> list[str]:
        """Say why nothing seen need not be nothing done; empty where the coverage carries it.

        reads: the shallowest depth that the statement is about; observers: whether it is about registrations;
        callbacks: whether it is about what runs inside callbacks.
        """
        if not self.segments:
            return [f"no process of {self.found.app} was watched"]
        return [*self._gaps(), *self.blind(reads=reads, observers=observers, callbacks=callbacks)]

    def blind(self, *, reads: str | None = None, observers: bool = False, callbacks: bool = False) -> list[str]:
        """Say what could not be hooked of what such a statement is about."""
        return [
            *self._missing(reads, observers=observers or callbacks),
            *(self._callbacks(registered=callbacks) if observers or callbacks else ()),
        ]

    def missing(self, probe: str) -> int:
        """Count the segments in which a probe, by name, was not in place."""
        return sum(not _installed(segment, probe) for segment in self.segments)

    def _gaps(self) -> Iterator[str]:
        wanted = self.policy.covered_share
        if self.share < wanted:
            yield f"only {percent(self.share)} of the recorded time was watched ({percent(wanted)} are asked for)"
        if wanted < 1:
            return
        if self.lost:
            yield f"{self.lost} {'event is' if self.lost == 1 else 'events are'} missing from the recording"
        if unseen := self._entries_unseen():
            yield f"{_entries(unseen)} of the report came while the app was not watched, within the session"

    def _entries_unseen(self) -> int:
        """Count the entries that show the app alive during the sessions, yet unwatched."""
        results, begin = self.found.results, self.comparison.entries.begin_ns[self.found.results.rows]
        inside = np.zeros(len(begin), bool)
        for number in {segment.session for segment in self.segments}:
            first = min(int(segment.covered.start[0]) for segment in self.segments if segment.session == number)
            wall = self.comparison.sessions.loaded[number - 1].columns.wall_ns
            inside |= (begin >= first) & (begin <= int(wall.max()))
        # The first 50 ms of a coverage cannot vouch for what lies just before them.
        return int((inside & (results.cause == UNOBSERVED) & ~self.timeline.covered.contains(begin)).sum())

    def _missing(self, reads: str | None, *, observers: bool) -> Iterator[str]:
        needed = (required_from(reads) if reads else ()) + ((REGISTRATION,) if observers else ())
        missing: dict[str, str] = {}
        for segment in self.segments:
            for probe in needed:
                hook = segment.hooks.get(probe)
                if not _installed(segment, probe) and not (hook is not None and is_absent(hook)):
                    missing.setdefault(probe, str(hook.symbol if hook is not None and hook.symbol else probe))
            for hook in segment.skipped:
                if (
                    reads
                    and hook.probe not in missing
                    and could_see(hook.probe, hook.symbol, reads)
                    and not is_absent(hook)
                ):
                    missing[hook.probe] = str(hook.symbol or hook.probe)
        names = [symbol for probe, symbol in sorted(missing.items()) if probe not in self.policy.accept_missing]
        if names:
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            yield f"not hooked: {', '.join(names[:_NAMED])}{more}"

    def _callbacks(self, *, registered: bool) -> Iterator[str]:
        """Find observers whose callback is not hooked, and hooked callbacks whose registration nobody saw."""
        if CALLBACK in self.policy.accept_missing:
            return
        unhooked, unregistered = set(), set()
        for segment in self.segments:
            rows = [row for _, row in self._rows(segment)]
            hooks = {str(row.symbol): row.status for row in rows if row.kind == "hook" and row.probe == CALLBACK}
            seen = {
                str(row.observer.get("class"))
                for row in rows
                if row.kind == "observer" and row.type in (None, "change") and isinstance(row.observer, dict)
            }
            unhooked |= {symbol for symbol, status in hooks.items() if status != "installed" and "[* " not in symbol}
            if seen and "installed" not in hooks.values():
                unhooked |= seen
            # Hooked by class because the table of observers could not be read: who registered before is not known.
            if "installed" in hooks.values() and not seen:
                unregistered |= {symbol for symbol, status in hooks.items() if status == "installed"}
        if registered and unhooked:
            yield f"callbacks not hooked: {', '.join(sorted(unhooked)[:_NAMED])}"
        if not registered and unregistered:
            yield f"registered perhaps before the recording: {', '.join(sorted(unregistered)[:_NAMED])}"

    def _rows(self, segment: RecordedSegment) -> list[tuple[int, EventFields]]:
        loaded = self.comparison.sessions.loaded[segment.session - 1]
        rows = loaded.columns.rows
        first = bisect.bisect_left(rows, segment.first, key=itemgetter(0))
        stop = bisect.bisect_left(rows, segment.stop, key=itemgetter(0))
        return [(loaded.offset + at, row) for at, row in rows[first:stop]]

    def to_dict(self) -> dict[str, Any]:
        """Return what was watched, in figures."""
        return {
            "covered_hours": round(self.hours, 4),
            "share": round(self.share, 6),
            "lost": self.lost,
            "segments": len(self.segments),
            "reads_not_hooked": sorted(
                {
                    str(hook.symbol or hook.probe)
                    for segment in self.segments
                    for hook in segment.skipped
                    if could_see(hook.probe, hook.symbol, "metadata") and not is_absent(hook)
                }
            ),
        }


def _installed(segment: RecordedSegment, probe: str) -> bool:
    hook = segment.hooks.get(probe)
    return hook is not None and hook.status == "installed"


def _entries(count: int) -> str:
    return "one entry" if count == 1 else f"{count} entries"
