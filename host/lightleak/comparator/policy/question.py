"""Could this statement have been seen to be broken? The one place that answers, with a reason for each thing that was not there.

``needs`` has what each rule needs. A rule is held only where nothing of it was missing; ``rules`` has no other way to say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

import numpy as np

from lightleak.arrays import Bools, Ints
from lightleak.comparator.columns.decode import EventFields
from lightleak.comparator.columns.event_columns import LADDER
from lightleak.comparator.policy.coverage import PolicyCoverage
from lightleak.comparator.policy.missing_hooks import MissingHooks
from lightleak.comparator.policy.needs import LINKS, Needs
from lightleak.comparator.policy.reasons import (
    ActsOutsideReport,
    ClockSet,
    DepthsUnknown,
    DeviceZoneUnknown,
    EntriesUnwatched,
    EventsMissing,
    FilesDamaged,
    FilesMissing,
    KindsUnknown,
    LinesUnreadable,
    NeverReady,
    NoCommonTime,
    NoCoveredTime,
    NothingWatched,
    ObserversUnreadable,
    ProcessesUnnamed,
    Reason,
    ReportOfOneDevice,
    ReportSpansLess,
    ReportUnreadable,
    ReportZoneUnknown,
    TooLittleWatched,
    ValuesUnreadable,
)
from lightleak.comparator.rules.report_entries import IDLE_MAX_NS
from lightleak.comparator.rules.rules import UNOBSERVED
from lightleak.comparator.timeline.session_set import clock_steps, models_of
from lightleak.coverage import clock_was_set
from lightleak.events import NS_PER_MS, NS_PER_S
from lightleak.timezones import known_zone
from lightleak.trace.file_status import CutTail, DamagedStretch, NoClosingSeal
from lightleak.trace.line import KINDS

SPAN_TOLERANCE_NS = IDLE_MAX_NS
"""How far the report may begin after what was watched, or end before it: the longest that a single access stays open."""

_DAMAGE = (CutTail, DamagedStretch, NoClosingSeal)


_DECIDING = frozenset(
    {
        *(
            "phase",
            "identifier",
            "role",
            "probe",
            "status",
            "absent",
            "code",
            "value",
            "type",
            "action",
            "level",
            "internal",
        ),
        *("observer", "observer.class", "of", "bytes", "cpu_ns", "count", "cause_lost"),
    }
)
"""Keys of events by which rules decide; a value of another type is read as absent. Of depth and cause, rules say so themselves."""


class Question:
    """What was missing of what statements about one app need."""

    def __init__(self, watched: PolicyCoverage) -> None:
        self.watched = watched
        self._sessions = watched.comparison.sessions
        self._report = watched.comparison.report
        self.hooks = MissingHooks(watched)

    def missing(self, needs: Needs) -> list[Reason]:
        """Return why a breach need not have been seen; empty where it would have been."""
        watched = self.watched
        if not watched.segments and (needs.processes or needs.report):
            return [NothingWatched(watched.result.app)]
        reasons: list[Reason] = [*self._files()] if needs.files else []
        if needs.rate and not watched.hours:
            reasons.append(NoCoveredTime())
        if needs.processes:
            reasons += self._gaps()
        missing = watched.timeline.missing
        if needs.events and missing and watched.policy.covered_share == 1:
            reasons.append(EventsMissing(missing.events, missing.cut_short, missing.unseen_ns / NS_PER_MS))
        reasons += self.hooks.missing(needs)
        if needs.reads or needs.observers or needs.callbacks:
            reasons += self._unknown_acts(needs)
        if needs.night:
            reasons += self._zone(needs)
        if needs.wall_clock and self._clock_steps:
            reasons.append(ClockSet(self._clock_steps))
        if needs.report:
            reasons += self._span(needs)
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
        odd = {key for loaded in self._sessions.loaded for key in loaded.columns.odd}
        if deciding := sorted(odd & _DECIDING):
            yield ValuesUnreadable(tuple(deciding))

    def _gaps(self) -> Iterator[Reason]:
        watched, asked = self.watched, self.watched.policy.covered_share
        if never := sum(not one.covered.length for one in watched.timeline.segments):
            yield NeverReady(never)
        if unnamed := sum(
            one.identifier is None and one.name is None and one.pid is None for one in self._sessions.segments
        ):
            yield ProcessesUnnamed(unnamed)
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
        kinds, depths, unreadable = self._unknown
        if kinds:
            yield KindsUnknown(tuple(sorted(kinds)), sum(kinds.values()))
        if depths and needs.reads:
            yield DepthsUnknown(depths)
        if unreadable and (needs.observers or needs.callbacks):
            yield ObserversUnreadable(unreadable)

    @cached_property
    def _unknown(self) -> tuple[dict[str, int], int, int]:
        """Events of each unknown kind, accesses of unknown depths, and observers that cannot be read."""
        kinds: dict[str, int] = {}
        depths = unreadable = 0
        for segment in self.watched.timeline.segments:
            columns = self._sessions.loaded[segment.session - 1].columns
            unknown = columns.unknown_depths
            depths += int(((unknown >= segment.first) & (unknown < segment.stop)).sum())
            for _, row in self.watched.rows(segment):
                if row.kind not in KINDS and row.internal is not True:
                    kinds[row.kind] = kinds.get(row.kind, 0) + 1
                unreadable += row.kind == "observer" and is_unreadable_observer(row)
        return kinds, depths, unreadable

    # Time, zone and report --------------------------------------------------------------------------------------------

    def _zone(self, needs: Needs) -> Iterator[Reason]:
        loaded = [self._sessions.loaded[number - 1] for number in self.watched.session_numbers]
        if needs.night == "device" and any(known_zone(one.header) is None for one in loaded):
            yield DeviceZoneUnknown()
        if needs.night == "report" and self._report.has_store:
            yield ReportZoneUnknown()

    @cached_property
    def _clock_steps(self) -> int:
        """How often a device's clock was set in the app's sessions, within a segment or between two."""
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
        if len(models := models_of(self._sessions)) > 1:
            yield ReportOfOneDevice(models)
        if not watched.spanned_s:
            yield NoCommonTime()
            return
        if unread := self._report.unread:
            yield ReportUnreadable(unread)
        # A share below 1 is the tolerance that was asked for: another one could be longer than all that was watched.
        outside_s = watched.not_spanned_ns(SPAN_TOLERANCE_NS if share == 1 else 0) / NS_PER_S
        if (needs.report == "time" or share < 1) and outside_s > (1 - share) * watched.covered_s:
            yield ReportSpansLess(outside_s, watched.covered_s)
        if share == 1:
            timeline, is_of_reads = watched.timeline, needs.report == "reads"
            # Each act of the ladder can make an entry, a delivered notification too.
            level = LADDER[needs.reads or "metadata"] if is_of_reads else LADDER["notification"]
            acts = self._sessions.level[timeline.at] >= level
            if outside := int((acts & ~watched.in_report(timeline.wall_ns)).sum()):
                yield ActsOutsideReport(outside, "read" if is_of_reads else "act")

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
        return self.hooks.missing(
            LINKS,
            [segment for segment, where in places if ((acts >= where.start) & (acts < where.stop)).any()],
        )

    @cached_property
    def _vouching(self) -> list[tuple[slice, int]]:
        """The segments in which an act without a link was set off by nothing that is watched: positions, and begin, ns."""
        return [
            (self._sessions.positions(segment), int(segment.covered.start[0]))
            for segment in self.watched.segments
            if not self.hooks.missing(LINKS, [segment])
        ]


_OF_OTHER_THINGS = ("availability", "persistent-changes")
"""Types of observers that do not observe changes of the library as they happen."""


def is_unreadable_observer(row: EventFields) -> bool:
    """Return whether an ``observer`` event can show an observer of changes, and does not say which."""
    if row.internal is True or row.action == "unregistered" or row.type in _OF_OTHER_THINGS:
        return False
    names_it = isinstance(row.observer, dict) and isinstance(row.observer.get("class"), str)
    return not names_it or row.action not in ("found", "registered") or row.type not in (None, "change")
