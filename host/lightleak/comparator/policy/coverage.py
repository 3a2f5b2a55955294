"""What was watched of an app, and why that does not carry a negative statement about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lightleak.arrays import Bools, Ints
from lightleak.comparator.columns.decode import EventFields
from lightleak.comparator.comparison import AppResult, Comparison
from lightleak.comparator.policy.reasons import (
    CallbacksHookedLate,
    CallbacksNotHooked,
    EntriesUnwatched,
    EventsMissing,
    HandOffsEscaped,
    NoCommonTime,
    NothingWatched,
    OriginsUnwatched,
    ProbesMissing,
    Reason,
    RegisteredBefore,
    TooLittleWatched,
)
from lightleak.comparator.policy.schema import Policy
from lightleak.comparator.rules.rules import UNOBSERVED
from lightleak.comparator.rules.visibility import (
    CALLBACK,
    HAND_OFF,
    REGISTRATION,
    could_see,
    escapes,
    origins_missing,
    required_from,
)
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.segments import RecordedSegment, is_absent, is_observing, observer_id
from lightleak.events import NS_PER_S


@dataclass(frozen=True, slots=True)
class WatchedObserver:
    """A change observer that was found or registered."""

    position: int
    cls: str


@dataclass(frozen=True, slots=True)
class Needs:
    """What must have been watched for a statement to be carried."""

    reads: str | None = None
    """The shallowest depth that it is about."""
    observers: bool = False
    """Whether it is about registrations."""
    callbacks: bool = False
    """Whether it is about what runs inside callbacks."""
    hand_offs: bool = False
    """Whether it is about work that was handed on."""
    origins: bool = False
    """Whether it is about touches and wake-ups."""


LINKS = Needs(observers=True, callbacks=True, hand_offs=True, origins=True)
"""What an act without a link must have been watched with to have been set off by nothing that is watched."""


_FOUND_LATE = "found-late"
"""Code of a hook on a callback that was replaced in a way that is not hooked: it is looked for once a second."""


class PolicyCoverage:
    """One app of a comparison, with what its coverage can and cannot carry."""

    def __init__(self, comparison: Comparison, result: AppResult, policy: Policy) -> None:
        self.comparison = comparison
        self.result = result
        self.policy = policy
        self.timeline: AppTimeline = result.timeline
        self.segments = result.timeline.watched_segments

    @property
    def hours(self) -> float:
        """For how long the app was watched, h."""
        return self.timeline.watched.duration_ns / NS_PER_S / 3600

    @property
    def lost(self) -> int:
        """How many events are known to be missing."""
        return self.timeline.lost_events

    @cached_property
    def share(self) -> float:
        """How much of the time from the first to the last look at the app, in each session, was watched; 0 to 1."""
        return self.timeline.watched.share

    @cached_property
    def observers(self) -> list[WatchedObserver]:
        """The change observers that were seen, each once a segment, in the order of events."""
        found: dict[tuple[int, int, str | None, str], WatchedObserver] = {}
        for segment in self.timeline.segments:
            for position, row in self.comparison.sessions.rows(segment):
                if is_observing(row):
                    one = WatchedObserver(position, str((row.observer or {}).get("class", "?")))
                    found.setdefault((segment.session, segment.number, observer_id(row), one.cls), one)
        return list(found.values())

    def reasons_unproven(self, needs: Needs) -> list[Reason]:
        """Return why nothing seen need not be nothing done; empty where the coverage carries it."""
        if not self.segments:
            return [NothingWatched(self.result.app)]
        return [*self._gaps(), *self.uncovered(needs)]

    def uncovered(self, needs: Needs, segments: list[RecordedSegment] | None = None) -> list[Reason]:
        """Return what could not be hooked of what is needed, in these segments (default: all that were watched)."""
        segments = self.segments if segments is None else segments
        reasons: list[Reason] = list(self._missing_probes(needs, segments))
        if needs.observers or needs.callbacks:
            reasons += self._missing_callbacks(needs, segments)
        if needs.hand_offs:
            reasons += self._escaped_hand_offs(segments)
        if needs.origins:
            reasons += self._unwatched_origins(segments)
        return reasons

    @property
    def spanned_s(self) -> float:
        """How much of the watched time is between the first and the last line of the report, s."""
        first, last = self.comparison.report.first_ns, self.comparison.report.last_ns
        if first is None or last is None:
            return 0.0
        return int(self.timeline.covered.length_between(np.array([first]), np.array([last]))[0]) / NS_PER_S

    def reasons_of_report(self) -> list[Reason]:
        """Return why the report says nothing about the time that was watched."""
        if not self.segments:
            return [NothingWatched(self.result.app)]
        return [] if self.spanned_s else [NoCommonTime()]

    def has_all_links(self, acts: Ints) -> Bools:
        """Return whether each act, by position, was recorded where all that can set acts off was; False for −1.

        Not in an attachment's first moments: what came before it can have set off an act there. Nor what an older task did
        with the value of an origin.
        """
        found = np.zeros(len(acts), bool)
        if not self._vouching:
            return found
        sessions = self.comparison.sessions
        # What an older task does with an origin's value was perhaps set off by it.
        resumed = np.concatenate([loaded.columns.resumed[:, 0] + loaded.offset for loaded in sessions.loaded])
        since = sessions.wall_ns[acts] - self.comparison.lag.value_ns
        for where, begins_ns in self._vouching:
            found |= (acts >= where.start) & (acts < where.stop) & (since >= begins_ns)
        return found & ~np.isin(acts, resumed)

    def reasons_unlinked(self, acts: Ints) -> list[Reason]:
        """Return why acts without a link, by position, can have been set off by something all the same."""
        segments = [
            segment
            for segment, where in ((segment, self.comparison.sessions.positions(segment)) for segment in self.segments)
            if ((acts >= where.start) & (acts < where.stop)).any()
        ]
        return self.uncovered(LINKS, segments)

    @cached_property
    def _vouching(self) -> list[tuple[slice, int]]:
        """The segments in which an act without a link was set off by nothing that is watched: positions, and begin, ns."""
        return [
            (self.comparison.sessions.positions(segment), int(segment.covered.start[0]))
            for segment in self.segments
            if not self.uncovered(LINKS, [segment])
        ]

    def segments_without(self, probe: str) -> int:
        """Count the segments in which a probe, by name, was not in place."""
        return sum(not segment.has_installed(probe) for segment in self.segments)

    def _gaps(self) -> Iterator[Reason]:
        asked = self.policy.covered_share
        if self.share < asked:
            yield TooLittleWatched(self.share, asked)
        if asked < 1:
            return
        if self.lost:
            yield EventsMissing(self.lost)
        if unwatched := self._entries_unwatched():
            yield EntriesUnwatched(unwatched)

    def _entries_unwatched(self) -> int:
        """Count the entries that show the app alive during the sessions, yet unwatched."""
        results, begin = self.result.results, self.comparison.entries.begin_ns[self.result.results.rows]
        inside = np.zeros(len(begin), bool)
        for number in {segment.session for segment in self.segments}:
            first = min(int(segment.covered.start[0]) for segment in self.segments if segment.session == number)
            wall_ns = self.comparison.sessions.loaded[number - 1].columns.wall_ns
            inside |= (begin >= first) & (begin <= int(wall_ns.max()))
        # The first 50 ms of a coverage cannot vouch for what happened just before them.
        return int((inside & (results.cause == UNOBSERVED) & ~self.timeline.covered.contains(begin)).sum())

    def _missing_probes(self, needs: Needs, segments: list[RecordedSegment]) -> Iterator[Reason]:
        required = required_from(needs.reads) if needs.reads else ()
        if needs.observers or needs.callbacks:
            required = (*required, REGISTRATION)
        missing: dict[str, str] = {}
        for segment in segments:
            for probe in required:
                if not segment.has_installed(probe) and not segment.lacks_nothing_without(probe):
                    hook = segment.hooks.get(probe)
                    missing.setdefault(probe, str(hook.symbol if hook is not None and hook.symbol else probe))
            for hook in _skipped_reads(segment, needs.reads) if needs.reads else []:
                missing.setdefault(str(hook.probe), str(hook.symbol or hook.probe))
        if names := [symbol for probe, symbol in sorted(missing.items()) if probe not in self.policy.accept_missing]:
            yield ProbesMissing(tuple(names))

    def _missing_callbacks(self, needs: Needs, segments: list[RecordedSegment]) -> Iterator[Reason]:
        """Yield observers whose callback is not hooked, or was not for a while, and hooked callbacks whose registration was not seen."""
        if CALLBACK in self.policy.accept_missing:
            return
        unhooked, late, unregistered = set(), set(), set()
        for segment in segments:
            rows = [row for _, row in self.comparison.sessions.rows(segment)]
            statuses = {str(row.symbol): row.status for row in rows if row.kind == "hook" and row.probe == CALLBACK}
            late |= {str(row.symbol) for row in rows if row.kind == "hook" and row.code == _FOUND_LATE}
            seen = _observer_classes(rows)
            unhooked |= {symbol for symbol, status in statuses.items() if status != "installed" and "[* " not in symbol}
            if "installed" not in statuses.values():
                unhooked |= seen
            elif not seen:
                # Hooked by class because the table of observers could not be read: who registered before is not known.
                unregistered |= {symbol for symbol, status in statuses.items() if status == "installed"}
        if needs.callbacks and unhooked:
            yield CallbacksNotHooked(tuple(sorted(unhooked)))
        if needs.callbacks and late:
            yield CallbacksHookedLate(tuple(sorted(late)))
        if not needs.callbacks and unregistered:
            yield RegisteredBefore(tuple(sorted(unregistered)))

    def _escaped_hand_offs(self, segments: list[RecordedSegment]) -> Iterator[Reason]:
        """Yield that work was handed on in a way that cannot be followed."""
        if HAND_OFF in self.policy.accept_missing:
            return
        found = [escapes(segment.handoffs.values()) for segment in segments]
        if None in found:
            yield HandOffsEscaped(())
        if symbols := {symbol for symbols in found if symbols is not None for symbol in symbols}:
            yield HandOffsEscaped(tuple(sorted(symbols)))

    def _unwatched_origins(self, segments: list[RecordedSegment]) -> Iterator[Reason]:
        """Yield which touches and wake-ups were not watched."""
        missing = {probe: symbol for segment in segments for probe, symbol in origins_missing(segment).items()}
        if names := [symbol for probe, symbol in sorted(missing.items()) if probe not in self.policy.accept_missing]:
            yield OriginsUnwatched(tuple(names))

    def to_dict(self) -> dict[str, Any]:
        """Return what was watched, in figures."""
        not_hooked = {
            str(hook.symbol or hook.probe) for segment in self.segments for hook in _skipped_reads(segment, "metadata")
        }
        return {
            "covered_hours": round(self.hours, 4),
            "share": round(self.share, 6),
            "lost": self.lost,
            "segments": len(self.segments),
            "reads_not_hooked": sorted(not_hooked),
        }


def _skipped_reads(segment: RecordedSegment, depth: str) -> list[EventFields]:
    """Return the probes that were not in place and see reads of a depth or deeper, by name."""
    return [hook for hook in segment.skipped if could_see(str(hook.probe), hook.symbol, depth) and not is_absent(hook)]


def _observer_classes(rows: list[EventFields]) -> set[str]:
    return {
        str(row.observer.get("class"))
        for row in rows
        if row.kind == "observer" and row.type in (None, "change") and isinstance(row.observer, dict)
    }
