"""Could this statement have been seen to be broken? The one place that answers, with a reason for each thing that was not there.

``needs`` has what each rule needs. A rule is held only where nothing of it was missing; ``rules`` has no other way to say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

import numpy as np

from lightleak.arrays import Bools, Intervals, Ints
from lightleak.comparator.columns.decode import EventFields
from lightleak.comparator.columns.event_columns import LADDER
from lightleak.comparator.policy.coverage import PolicyCoverage
from lightleak.comparator.policy.hooks import ProbeAbsence, absences
from lightleak.comparator.policy.needs import LINKS, Needs
from lightleak.comparator.policy.reasons import (
    CallbacksHookedLate,
    CallbacksNotHooked,
    ClockSet,
    DepthsUnknown,
    EntriesUnwatched,
    EventsMissing,
    FilesDamaged,
    FilesMissing,
    HandOffsEscaped,
    KindsUnknown,
    LinesUnreadable,
    NoCommonTime,
    NoCoveredTime,
    NothingWatched,
    ObserversUnreadable,
    OriginsUnwatched,
    ProbesMissing,
    ProbesRemoved,
    ReadsOutsideReport,
    Reason,
    RegisteredBefore,
    ReportSpansLess,
    ReportUnreadable,
    TooLittleWatched,
    ZoneOfReportUnknown,
    ZoneUnknown,
)
from lightleak.comparator.rules.report_entries import IDLE_MAX_NS
from lightleak.comparator.rules.rules import UNOBSERVED
from lightleak.comparator.rules.visibility import (
    CALLBACK,
    HAND_OFF,
    ORIGINS,
    REGISTRATION,
    could_see,
    escapes,
    origins_missing,
    required_from,
)
from lightleak.comparator.timeline.segments import RecordedSegment
from lightleak.comparator.timeline.session_set import clock_steps
from lightleak.coverage import clock_was_set
from lightleak.events import NS_PER_MS, NS_PER_S
from lightleak.timezones import known_zone
from lightleak.trace.file_status import CutTail, DamagedStretch, NoClosingSeal
from lightleak.trace.line import KINDS

SPAN_TOLERANCE_NS = IDLE_MAX_NS
"""How far the report may begin after what was watched, or end before it: the longest that a single access stays open."""

_DAMAGE = (CutTail, DamagedStretch, NoClosingSeal)

_FOUND_LATE = "found-late"
"""Code of a hook on a callback that was replaced in a way that is not hooked: it is looked for once a second."""

_STATE_PROBES = ("lifecycle.",)
"""Beginnings of the names of the probes that see the app's state change."""


class Question:
    """What was missing of what statements about one app need."""

    def __init__(self, watched: PolicyCoverage) -> None:
        self.watched = watched
        self._sessions = watched.comparison.sessions
        self._time = watched.timeline.watched
        self._report = watched.comparison.report
        self._accepted = watched.policy.accept_missing

    def missing(self, needs: Needs) -> list[Reason]:
        """Return why a breach need not have been seen; empty where it would have been."""
        watched = self.watched
        if not watched.segments and (needs.processes or needs.report):
            return [NothingWatched(watched.result.app)]
        reasons: list[Reason] = [*self._files()] if needs.files else []
        if (needs.processes or needs.rate) and not watched.hours:
            reasons.append(NoCoveredTime())
        if needs.processes:
            reasons += self._gaps()
        missing = watched.timeline.missing
        if needs.events and missing and watched.policy.covered_share == 1:
            reasons.append(EventsMissing(missing.events, missing.cut_short, missing.unseen_ns / NS_PER_MS))
        reasons += self.unhooked(needs)
        if needs.reads or needs.observers or needs.callbacks:
            reasons += self._unknown_acts(needs)
        if needs.night:
            reasons += self._zone(needs)
        if needs.wall_clock and (steps := self._clock_steps()):
            reasons.append(ClockSet(steps))
        if needs.report:
            reasons += self._span(needs)
        return reasons

    def unhooked(self, needs: Needs, segments: list[RecordedSegment] | None = None) -> list[Reason]:
        """Return what was not hooked of what is needed, in these segments (default: all that were watched)."""
        segments = self.watched.segments if segments is None else segments
        reasons: list[Reason] = list(self._probes(needs, segments))
        if needs.observers or needs.callbacks:
            reasons += self._callbacks(needs, segments)
        if needs.hand_offs:
            reasons += self._hand_offs(segments)
        if needs.origins:
            reasons += self._origins(segments)
        return reasons

    # Files and events -------------------------------------------------------------------------------------------------

    def _files(self) -> Iterator[Reason]:
        """Yield that a file is damaged, cut or not there: what was lost with it can be of any process, at any time."""
        notices = self._sessions.file_notices
        if damaged := tuple(dict.fromkeys(notice.file for notice in notices if isinstance(notice, _DAMAGE))):
            yield FilesDamaged(damaged)
        if absent := self._sessions.files_missing:
            yield FilesMissing(tuple(absent))
        if unreadable := sum(loaded.columns.unreadable for loaded in self._sessions.loaded):
            yield LinesUnreadable(unreadable)

    def _gaps(self) -> Iterator[Reason]:
        watched, asked = self.watched, self.watched.policy.covered_share
        if watched.share < asked:
            yield TooLittleWatched(watched.share, asked)
        if asked == 1 and (unwatched := self._entries_unwatched()):
            yield EntriesUnwatched(unwatched)

    def _entries_unwatched(self) -> int:
        """Count the entries that show the app alive during the sessions, yet unwatched."""
        watched = self.watched
        results, begin = watched.result.results, watched.comparison.entries.begin_ns[watched.result.results.rows]
        inside = np.zeros(len(begin), bool)
        for number in {segment.session for segment in watched.segments}:
            first = min(int(segment.covered.start[0]) for segment in watched.segments if segment.session == number)
            wall_ns = self._sessions.loaded[number - 1].columns.wall_ns
            inside |= (begin >= first) & (begin <= int(wall_ns.max()))
        # The first 50 ms of a coverage cannot vouch for what happened just before them.
        return int((inside & (results.cause == UNOBSERVED) & ~watched.timeline.covered.contains(begin)).sum())

    def _unknown_acts(self, needs: Needs) -> Iterator[Reason]:
        """Yield events that can be what is looked for, and cannot be read as such."""
        kinds: dict[str, int] = {}
        depths = unreadable = 0
        for segment in self.watched.timeline.segments:
            columns = self._sessions.loaded[segment.session - 1].columns
            unknown = columns.unknown_depths
            depths += int(((unknown >= segment.first) & (unknown < segment.stop)).sum())
            for _, row in self._sessions.rows(segment):
                if row.kind not in KINDS and row.internal is not True:
                    kinds[row.kind] = kinds.get(row.kind, 0) + 1
                unreadable += row.kind == "observer" and is_unreadable_observer(row)
        if kinds:
            yield KindsUnknown(tuple(sorted(kinds)), sum(kinds.values()))
        if depths and needs.reads:
            yield DepthsUnknown(depths)
        if unreadable and (needs.observers or needs.callbacks):
            yield ObserversUnreadable(unreadable)

    # Probes -----------------------------------------------------------------------------------------------------------

    def _wanted(self, needs: Needs) -> tuple[str, ...]:
        """Return the probes without which nothing can be said."""
        required = required_from(needs.reads) if needs.reads else ()
        registration = (REGISTRATION,) if needs.observers or needs.callbacks else ()
        return (*required, *registration, *needs.probes)

    def absences(self, needs: Needs, segments: list[RecordedSegment]) -> list[ProbeAbsence]:
        """Return when probes that see reads, registrations or states were not in place."""

        def is_wanted(probe: str, hook: EventFields) -> bool:
            sees_reads = needs.reads is not None and could_see(probe, hook.symbol, needs.reads)
            return sees_reads or (needs.states and probe.startswith(_STATE_PROBES))

        required = self._wanted(needs)
        found = [
            one for segment in segments for one in absences(self._sessions, self._time, segment, is_wanted, required)
        ]
        return [one for one in found if one.probe not in self._accepted]

    def probe_absences(self, names: tuple[str, ...]) -> list[ProbeAbsence]:
        """Return when probes whose names begin like these were not in place."""
        found = [
            one
            for segment in self.watched.segments
            for one in absences(self._sessions, self._time, segment, lambda probe, _: probe.startswith(names))
        ]
        return [one for one in found if one.probe not in self._accepted]

    def _probes(self, needs: Needs, segments: list[RecordedSegment]) -> Iterator[Reason]:
        found = self.absences(needs, segments)
        whole = {one.probe: one.symbol for one in found if one.is_whole}
        if whole:
            yield ProbesMissing(tuple(symbol for _, symbol in sorted(whole.items())))
        parts = [one for one in found if one.probe not in whole]
        if parts:
            spans = Intervals.union(span for one in parts for span in one.spans)
            lasted_ns = max(int((spans.stop - spans.start).sum()), *(one.lasted_ns for one in parts))
            if lasted_ns > self._allowance_ns():
                symbols = {one.probe: one.symbol for one in parts}
                yield ProbesRemoved(tuple(symbol for _, symbol in sorted(symbols.items())), lasted_ns / NS_PER_S)

    def _allowance_ns(self) -> float:
        """Return for how long of what was watched a probe may be missing; the policy's share leaves it."""
        share = self.watched.policy.covered_share
        return (1 - share) * self._time.duration_ns

    def _callbacks(self, needs: Needs, segments: list[RecordedSegment]) -> Iterator[Reason]:
        """Yield observers whose callback is not hooked, or was not for a while, and hooked callbacks whose registration was not seen."""
        if CALLBACK in self._accepted:
            return
        removed: dict[str, int] = {}
        unhooked, late, unregistered = set(), set(), set()
        for segment in segments:
            rows = [row for _, row in self._sessions.rows(segment)]
            statuses = {str(row.symbol): row.status for row in rows if row.kind == "hook" and row.probe == CALLBACK}
            late |= {str(row.symbol) for row in rows if row.kind == "hook" and row.code == _FOUND_LATE}
            seen = _observer_classes(rows)
            unhooked |= {symbol for symbol, status in statuses.items() if status != "installed" and "[* " not in symbol}
            if "installed" not in statuses.values():
                unhooked |= seen
            elif not seen:
                # Hooked by class because the table of observers could not be read: who registered before is not known.
                unregistered |= {symbol for symbol, status in statuses.items() if status == "installed"}
            hooked = absences(self._sessions, self._time, segment, lambda probe, _: probe == CALLBACK)
            removed |= {one.symbol: one.lasted_ns for one in hooked if not one.is_whole}
        if needs.callbacks and unhooked:
            yield CallbacksNotHooked(tuple(sorted(unhooked)))
        if needs.callbacks and late:
            yield CallbacksHookedLate(tuple(sorted(late)))
        if needs.callbacks and (parts := sorted(removed.keys() - unhooked)):
            lasted_ns = max(removed[symbol] for symbol in parts)
            if lasted_ns > self._allowance_ns():
                yield ProbesRemoved(tuple(parts), lasted_ns / NS_PER_S)
        if not needs.callbacks and unregistered:
            yield RegisteredBefore(tuple(sorted(unregistered)))

    def _hand_offs(self, segments: list[RecordedSegment]) -> Iterator[Reason]:
        """Yield that work was handed on in a way that cannot be followed."""
        if HAND_OFF in self._accepted:
            return
        found = [escapes(segment.handoffs.values()) for segment in segments]
        if None in found:
            yield HandOffsEscaped(())
        symbols = {symbol for escaped in found if escaped is not None for symbol in escaped}
        for segment in segments:
            followed = absences(self._sessions, self._time, segment, lambda probe, _: probe == HAND_OFF)
            symbols |= {one.symbol for one in followed}
        if symbols:
            yield HandOffsEscaped(tuple(sorted(symbols)))

    def _origins(self, segments: list[RecordedSegment]) -> Iterator[Reason]:
        """Yield which touches and wake-ups were not watched."""
        missing = {probe: symbol for segment in segments for probe, symbol in origins_missing(segment).items()}
        for segment in segments:
            watched = absences(self._sessions, self._time, segment, lambda probe, _: probe.startswith(_ORIGIN_PROBES))
            missing |= {one.probe: one.symbol for one in watched}
        if names := [symbol for probe, symbol in sorted(missing.items()) if probe not in self._accepted]:
            yield OriginsUnwatched(tuple(names))

    # Time, zone and report --------------------------------------------------------------------------------------------

    def _zone(self, needs: Needs) -> Iterator[Reason]:
        loaded = [self._sessions.loaded[number - 1] for number in self.watched.session_numbers]
        if needs.night == "device" and any(known_zone(one.header) is None for one in loaded):
            yield ZoneUnknown()
        if needs.night == "report" and self._report.has_store:
            yield ZoneOfReportUnknown()

    def _clock_steps(self) -> int:
        """Count how often a device's clock was set in the app's sessions, within a segment or between two."""
        numbers = self.watched.session_numbers
        within = sum(step["session"] in numbers for step in clock_steps(self._sessions))
        return within + sum(self._steps_between(number) for number in numbers)

    def _steps_between(self, number: int) -> int:
        loaded = self._sessions.loaded[number - 1]
        wall_ns, mono_ns = loaded.columns.wall_ns, loaded.columns.mono_ns
        steps = 0
        for one, two in pairwise(loaded.segments):
            before, after = one.stop - 1, two.first
            # Where the clock that never steps starts again, so did the device.
            is_one_run = mono_ns[after] >= mono_ns[one.first]
            steps += is_one_run and clock_was_set(*(int(clock[after] - clock[before]) for clock in (wall_ns, mono_ns)))
        return steps

    def _span(self, needs: Needs) -> Iterator[Reason]:
        """Yield why the report does not say all about what was watched: the time, or only the reads."""
        watched, share = self.watched, self.watched.policy.covered_share
        if not watched.spanned_s:
            yield NoCommonTime()
            return
        if unread := self._report.unread:
            yield ReportUnreadable(unread)
        outside_s = watched.not_spanned_ns(SPAN_TOLERANCE_NS) / NS_PER_S
        if (needs.report == "time" or share < 1) and outside_s > (1 - share) * watched.covered_s:
            yield ReportSpansLess(outside_s, watched.covered_s)
        if share == 1:
            timeline = watched.timeline
            acts = self._sessions.level[timeline.at] >= LADDER[needs.reads or "metadata"]
            if outside := int((acts & ~watched.in_report(timeline.wall_ns)).sum()):
                yield ReadsOutsideReport(outside)

    # Acts without a link ----------------------------------------------------------------------------------------------

    def has_all_links(self, acts: Ints) -> Bools:
        """Return whether each act, by position, was recorded where all that can set acts off was; False for −1.

        Not in an attachment's first moments: what came before it can have set off an act there. Nor what an older task did
        with the value of an origin.
        """
        found = np.zeros(len(acts), bool)
        if not self._vouching:
            return found
        # What an older task does with an origin's value was perhaps set off by it.
        resumed = np.concatenate([loaded.columns.resumed[:, 0] + loaded.offset for loaded in self._sessions.loaded])
        since = self._sessions.wall_ns[acts] - self.watched.comparison.lag.value_ns
        for where, begins_ns in self._vouching:
            found |= (acts >= where.start) & (acts < where.stop) & (since >= begins_ns)
        return found & ~np.isin(acts, resumed)

    def reasons_unlinked(self, acts: Ints) -> list[Reason]:
        """Return why acts without a link, by position, can have been set off by something all the same."""
        places = [(segment, self._sessions.positions(segment)) for segment in self.watched.segments]
        return self.unhooked(
            LINKS,
            [segment for segment, where in places if ((acts >= where.start) & (acts < where.stop)).any()],
        )

    @cached_property
    def _vouching(self) -> list[tuple[slice, int]]:
        """The segments in which an act without a link was set off by nothing that is watched: positions, and begin, ns."""
        return [
            (self._sessions.positions(segment), int(segment.covered.start[0]))
            for segment in self.watched.segments
            if not self.unhooked(LINKS, [segment])
        ]


_ORIGIN_PROBES = tuple(f"{name.partition('.')[0]}." for name in ORIGINS)
"""Beginnings of the names of the probes that see touches and wake-ups."""


_OF_OTHER_THINGS = ("availability", "persistent-changes")
"""Types of observers that do not observe changes of the library as they happen."""


def is_unreadable_observer(row: EventFields) -> bool:
    """Return whether an ``observer`` event can show an observer of changes, and does not say which."""
    if row.internal is True or row.action == "unregistered" or row.type in _OF_OTHER_THINGS:
        return False
    names_it = isinstance(row.observer, dict) and isinstance(row.observer.get("class"), str)
    return not names_it or row.action not in ("found", "registered") or row.type not in (None, "change")


def _observer_classes(rows: list[EventFields]) -> set[str]:
    return {
        str(row.observer.get("class"))
        for row in rows
        if row.kind == "observer" and row.type in (None, "change") and isinstance(row.observer, dict)
    }
