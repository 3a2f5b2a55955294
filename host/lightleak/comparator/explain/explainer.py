"""Which statements hold of an entry: why it exists, how far the app went, and what limits that."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import Literal, cast

import numpy as np

from lightleak.comparator.assumptions import REFUTED_TO_NAME, resting_on
from lightleak.comparator.explain import clauses as c
from lightleak.comparator.explain.english import sentence
from lightleak.comparator.explain.trigger_clauses import TriggerClauses
from lightleak.comparator.rules.chance import Chance
from lightleak.comparator.rules.picker_loads import picker_loads
from lightleak.comparator.rules.properties import PropertyReads, properties_of
from lightleak.comparator.rules.report_entries import ReportEntries
from lightleak.comparator.rules.rules import (
    CAUSES,
    IDENTIFIER,
    JUST_BEFORE_NS,
    NOTIFICATION,
    OPEN,
    PICKER,
    QUERY,
    TIME,
    UNEXPLAINED,
    UNOBSERVED,
    RuleResults,
    state_word,
)
from lightleak.comparator.rules.uploads import Contact, Uploads
from lightleak.comparator.rules.visibility import Visibility, is_extension_of
from lightleak.comparator.timeline.accounting import AccountingIndex
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.near import near_begins
from lightleak.comparator.timeline.session_set import SessionSet
from lightleak.comparator.timeline.triggers import Trigger
from lightleak.events import NS_PER_MS, NS_PER_S
from lightleak.report.entry_columns import CONTRADICTIONS, FINALISED, LONE_ACCESS, STILL_OPEN, TWIN
from lightleak.report.timestamps import format_time

_DEPTHS: tuple[c.Depth, ...] = ("notification", "notification", "open", "metadata", "thumbnail", "data", "upload")
"""By step of the ladder; the first is never asked for."""

_CONTRADICTIONS: list[tuple[c.Contradiction, ...]] = [
    tuple(cast("c.Contradiction", name) for bit, name in enumerate(CONTRADICTIONS) if bits >> bit & 1)
    for bits in range(1 << len(CONTRADICTIONS))
]
"""Bits of ``EntryColumns.contradicts`` → what the lines disagree on."""

_NAMED = 3
"""How many missing probes, properties or hosts are named before they are only counted."""


class Explainer:
    """Explains the entries of one app; ``entry`` is a number in the order of the results."""

    def __init__(
        self,
        app: str,
        timeline: AppTimeline,
        *,
        accounting: AccountingIndex,
        entries: ReportEntries,
        results: RuleResults,
        lag_ns: int,
        visibility: Visibility,
        uploads: Uploads | None,
        chance: Chance | None,
        trigger_chance: Chance | None,
    ) -> None:
        self.app = app
        self.timeline = timeline
        self.sessions: SessionSet = timeline.sessions
        self.accounting = accounting
        self.entries = entries
        self.results = results
        self.lag_ns = lag_ns
        self.lag_s = lag_ns / NS_PER_S
        self.visibility = visibility
        self.uploads = uploads
        self.chance = chance
        self.properties = properties_of(timeline, entries, results)
        """Of each entry: symbol of a getter → how often it was called, and for how many photos."""
        self._picker_loads = picker_loads(timeline, entries, results)
        self._set_off = TriggerClauses(timeline, results, lag_ns, trigger_chance)
        # Lists: an entry at a time, a Python number costs a tenth of an array's.
        rows = results.rows
        self._begin_ns: list[int] = entries.begin_ns[rows].tolist()
        self._end_ns: list[int] = entries.columns.end_ns[rows].tolist()
        self._offset_s: list[int] = entries.columns.begin_offset_s[rows].tolist()
        self._has_begin: list[bool] = entries.has_begin[rows].tolist()
        self._flags: list[int] = entries.columns.flags[rows].tolist()
        self._contradicts: list[int] = entries.columns.contradicts[rows].tolist()
        self._near_others: list[int] = results.near_others.tolist()
        self._cause: list[int] = results.cause.tolist()
        self._act: list[int] = results.act.tolist()
        self._match: list[int] = results.match.tolist()
        self._depth: list[int] = results.depth.tolist()
        self._any_covered: list[bool] = results.any_covered.tolist()
        self._partly_covered: list[bool] = results.partly_covered.tolist()
        self._doubtful: list[bool] = visibility.doubtful.tolist()
        self._ended_before_ns: list[int] = visibility.ended_before_ns.tolist()
        self._whole_ns: list[int] = visibility.whole_ns.tolist()
        self._watched_ns: list[int] = visibility.watched_ns.tolist()
        self._before_ns: list[int] = visibility.before_ns.tolist()
        self._unseen_before_ns: list[int] = visibility.unseen_before_ns.tolist()
        self._accounting_unseen: list[bool] = visibility.accounting_unseen.tolist()
        self._other_depths: list[list[int]] = [other.depth.tolist() for other in visibility.others]
        self._other_watched: list[list[bool]] = [other.watched.tolist() for other in visibility.others]
        self._windows: dict[tuple[str, bool], c.Window] = {}
        self._unconfirmed_of: dict[tuple[str, ...], list[c.Clause]] = {}
        self._by_cause: dict[int, Callable[[int], c.Clause]] = {
            PICKER: lambda _: c.PickerChoice(also_without=timeline.assumptions.picker_marks_choice is False),
            QUERY: self._queries,
            OPEN: self._first_contact,
            UNOBSERVED: self._unobserved,
            NOTIFICATION: self._notifications,
            UNEXPLAINED: self._unexplained,
        }

    def clauses(self, entry: int) -> list[c.Clause]:
        """Return what is said of an entry, in the order in which it is said."""
        by_identifier = self._match[entry] == IDENTIFIER
        found = [self._by_identifier(entry) if by_identifier else self._by_cause[self._cause[entry]](entry)]
        found += self._set_off.of(entry)
        self._add_depth(found, entry)
        if self.uploads is not None:
            self._add_uploads(found, entry, self.uploads)
        found += self._set_off.others(entry)
        if self.properties[entry]:
            found.append(properties_read(self.properties[entry]))
        if self._picker_loads[entry]:
            found.append(c.PickerLoads(self._picker_loads[entry]))
        self._add_limits(found, entry)
        self._add_assumptions(found, entry)
        return found

    @property
    def triggers(self) -> list[Trigger | None]:
        """What set off the act of each entry; None where the cause is no act."""
        return self._set_off.triggers

    def why(self, entry: int) -> str:
        """Return the same in English."""
        return sentence(self.clauses(entry))

    # Why the entry exists

    def _by_identifier(self, entry: int) -> c.Clause:
        opening = self.accounting.find(self.entries.columns.identifier[self.results.rows[entry]])
        assert opening is not None
        segment = opening.segment
        late_ms = self._late_ms(entry)
        if segment.is_assetsd():
            return c.OpenedBySystem(late_ms, opening.touches)
        name = str(segment.name or segment.identifier or segment.role)
        if not segment.is_part_of_app:
            return c.OpenedByOther(name, segment.pid, segment.role, late_ms, opening.touches)
        if opening.continues:
            return c.ContinuedEntry(name, segment.pid, opening.continues, late_ms, opening.touches)
        act, identifier = self._act[entry], segment.identifier
        call = self.sessions.symbol(act) if act >= 0 else None
        if identifier == self.app:
            return c.MatchedByIdentifier(name, segment.pid, "app", late_ms, opening.touches, call)
        if is_extension_of(segment, self.app):
            return c.MatchedByIdentifier(name, segment.pid, "extension", late_ms, opening.touches, call, identifier)
        return c.MatchedByIdentifier(name, segment.pid, "other", late_ms, opening.touches, call, self.app)

    def _late_ms(self, entry: int) -> float | None:
        if not self._has_begin[entry]:
            return None
        return (self._begin_ns[entry] - int(self.sessions.wall_ns[self.results.opening[entry]])) / NS_PER_MS

    def _first_contact(self, entry: int) -> c.Clause:
        _, before_ms, symbol = self._near(entry)
        return c.FirstContact(before_ms, symbol, self._is_asleep(before_ms))

    def _queries(self, entry: int) -> c.Clause:
        count, before_ms, symbol = self._near(entry)
        or_reads = self.timeline.assumptions.reads_make_no_entry is False
        return c.QueriesNear(count, before_ms, symbol, or_reads, self._is_asleep(before_ms))

    def _notifications(self, entry: int) -> c.Clause:
        count, before_ms, symbol = self._near(entry)
        return c.NotificationsNear(count, before_ms, self.lag_s, symbol, self._is_asleep(before_ms))

    def _near(self, entry: int) -> tuple[int, int, str | None]:
        """Count the events that gave the cause; of the first: by how many ms it came before the begin, and its symbol."""
        positions = self.results.why.positions(entry)
        first = int(positions[0])
        # A report has milliseconds: what comes up to one after the time it shows is at it.
        before_ms = max(0, round((self._begin_ns[entry] - int(self.sessions.wall_ns[first])) / NS_PER_MS))
        return len(positions), before_ms, self.sessions.symbol(first)

    def _is_asleep(self, before_ms: float) -> bool:
        """Return whether what is near an entry, so long before its begin, is further from it than the lag: sleep does not count."""
        return before_ms > self.lag_ns / NS_PER_MS + 1

    def _unexplained(self, entry: int) -> c.Clause:
        seen, ended_ns = not self._accounting_unseen[entry], self._ended_before_ns[entry]
        until_ms = ended_ns / NS_PER_MS if ended_ns else None
        begin_ns = np.array([self._begin_ns[entry]])
        (near,) = near_begins(self.timeline, begin_ns, self.lag_ns).one_by_one([0])
        if len(near):
            first_ms = (self._begin_ns[entry] - int(self.timeline.wall_ns[near[0]])) / NS_PER_MS
            deepest = _DEPTHS[self.timeline.deepest_of(near)]
            return c.ActsDoNotExplain(len(near), deepest, self.lag_s, seen, until_ms, self._is_asleep(first_ms))
        return c.NothingNear(self.lag_s, seen, until_ms)

    def _unobserved(self, entry: int) -> c.Clause:
        if not self._has_begin[entry]:
            return c.BeginMissing()
        covered, begin = self.timeline.covered, self._begin_ns[entry]
        if not len(covered.start):
            return c.NeverWatched(self.app, bool(self.timeline.segments))
        just_before = np.array([begin - JUST_BEFORE_NS])
        ended, began = covered.stop[covered.stop < just_before], covered.start[covered.start > just_before]
        return c.NotWatchedBefore(
            (begin - int(ended[-1])) / NS_PER_MS if len(ended) else None,
            (int(began[0]) - begin) / NS_PER_MS if len(began) else None,
            bool(self.timeline.watched.lost.contains(just_before)[0]),
            None if self._depth[entry] or self._any_covered[entry] else self._window(entry),
        )

    # How far the app went

    def _add_depth(self, found: list[c.Clause], entry: int) -> None:
        """Add how far the app's own processes went, then its extensions."""
        if self._depth[entry]:
            found.append(self._furthest(entry))
        elif self._any_covered[entry]:
            found.append(c.NothingSeen(self._window(entry)))
        elif self._cause[entry] != UNOBSERVED or (not self._has_begin[entry] and len(self.timeline.covered.start)):
            found.append(c.NotWatchedThen(self._window(entry)))
        # else: that the app was not watched was said of the cause already.
        for other, depths in zip(self.visibility.others, self._other_depths, strict=True):
            if depths[entry]:
                found.append(c.OtherProcessWent(other.process, _DEPTHS[depths[entry]], int(other.times[entry])))

    def _add_uploads(self, found: list[c.Clause], entry: int, uploads: Uploads) -> None:
        """Add which uploads were asked for, and what the report says of the hosts."""
        contacts: dict[tuple[str, str], Contact] = {}
        for asked in uploads.asked:
            first, stop = int(asked.first[entry]), int(asked.stop[entry])
            if first == stop:
                continue
            hosts = asked.hosts[first:stop]
            named = list(dict.fromkeys(host for host in hosts if host is not None))
            also_read = bool(asked.reads[entry])
            found.append(
                c.UploadAsked(
                    len(hosts),
                    tuple(named[:_NAMED]),
                    max(0, len(named) - _NAMED),
                    hosts.count(None),
                    also_read,
                    asked.process,
                )
            )
            for host in named[:_NAMED]:
                since_ns = int(asked.wall_ns[first + hosts.index(host)])
                contacts |= {(one.app, one.host): one for one in uploads.contacts(host, since_ns)}
        found += [c.HostContacted(one.app, one.host, one.hits, one.first, one.last) for one in contacts.values()]

    def _furthest(self, entry: int) -> c.Clause:
        events = self.results.deepest.positions(entry)
        first = int(events[0])
        offset_s, wall_ns = self._offset_s[entry], int(self.sessions.wall_ns[first])
        return c.FurthestSeen(
            self._window(entry),
            _DEPTHS[self._depth[entry]],
            len(events),
            format_time(wall_ns, offset_s),
            state_word(int(self.results.state_bits[entry])),
            _day(wall_ns, offset_s) != _day(self._begin_ns[entry], offset_s),
            self.sessions.symbol(first),
        )

    def _window(self, entry: int) -> c.Window:
        """Return the time in which the depth counts: an entry can be stamped later than the call that made it."""
        flags, begin_ns, has_begin = self._flags[entry], self._begin_ns[entry], self._has_begin[entry]
        until: c.Until = "end" if has_begin else "entry-end"
        if flags & FINALISED:
            until = "idle-timer"
        elif self._end_ns[entry] < begin_ns:
            until = "begin"
        elif flags & STILL_OPEN:
            until = "report-end"
        key = (until, has_begin)
        if key not in self._windows:
            self._windows[key] = c.Window(until, self.lag_s if has_begin else None)
        return self._windows[key]

    # What limits it

    def _add_limits(self, found: list[c.Clause], entry: int) -> None:
        cause, match, visibility = self._cause[entry], self._match[entry], self.visibility
        if self._contradicts[entry]:
            found.append(c.LinesContradict(_CONTRADICTIONS[self._contradicts[entry]]))
        if self._near_others[entry]:
            found.append(c.NearOthersToo(self._near_others[entry]))
        if self._flags[entry] & TWIN:
            found.append(c.TwinNear())
        if self._partly_covered[entry]:
            share = round(100 * self._watched_ns[entry] / self._whole_ns[entry])
            found.append(c.PartlyWatched(min(99, share)))
        elif self._depth[entry] and not self._any_covered[entry]:
            # It was seen where nothing was covered: in a gap, or before all hooks were in place.
            found.append(c.PartlyWatched(0))
        if (match == TIME or cause == UNEXPLAINED) and self._unseen_before_ns[entry] > 0:
            found.append(
                c.UnwatchedBefore(self._before_ns[entry] / NS_PER_MS, self._unseen_before_ns[entry] / NS_PER_MS)
            )
        if self._doubtful[entry]:
            found.append(c.EventsMayBeMissing())
        if cause != PICKER and self._flags[entry] & LONE_ACCESS and self._idle_timer_closes:
            found.append(c.IdleTimerLength())
        if match == TIME and self.chance and self.chance.is_no_better:
            found.append(c.ChanceNoBetter(self.chance.p))
        if self._any_covered[entry] and (missing := self._missing(entry)):
            reads = self.visibility.reads_missed[self._depth[entry]]
            named, in_part = missing[:_NAMED], self.visibility.hooked_in_part
            found.append(
                c.NotHooked(
                    tuple(symbol for symbol in named if symbol not in in_part),
                    max(0, len(missing) - _NAMED),
                    reads,
                    tuple(symbol for symbol in named if symbol in in_part),
                )
            )
        if cause != PICKER and match != IDENTIFIER:
            others = zip(visibility.others, self._other_watched, strict=True)
            if unwatched := tuple(other.process for other, watched in others if not watched[entry]):
                found.append(c.OthersNotWatched(unwatched))

    @cached_property
    def _idle_timer_closes(self) -> bool:
        return self.timeline.assumptions.idle_timer_closes is not False

    def _missing(self, entry: int) -> tuple[str, ...]:
        """Return the probes whose absence leaves something open: where the cause is sure, those that see deeper reads."""
        is_sure = self._match[entry] == IDENTIFIER or self._cause[entry] in (PICKER, UNOBSERVED)
        return self.visibility.missing_deeper[self._depth[entry]] if is_sure else self.visibility.missing

    def _add_assumptions(self, found: list[c.Clause], entry: int) -> None:
        """Add the assumptions that no phone has confirmed, and those that a field test has refuted."""
        cause, match = self._cause[entry], self._match[entry]
        names = resting_on(
            CAUSES[cause],
            by_identifier=match == IDENTIFIER,
            registered=cause == OPEN and match == TIME and self._registered(entry),
            accounting_unseen=self._accounting_unseen[entry],
            idle_timer=self._flags[entry] & LONE_ACCESS != 0,
        )
        found += self._unconfirmed(names)
        if match == TIME or cause == UNEXPLAINED:
            found += self._refuted

    def _unconfirmed(self, names: tuple[str, ...]) -> list[c.Clause]:
        if names not in self._unconfirmed_of:
            numbers = self.timeline.assumptions.unconfirmed(names)
            self._unconfirmed_of[names] = [c.Unconfirmed(tuple(numbers))] if numbers else []
        return self._unconfirmed_of[names]

    @cached_property
    def _refuted(self) -> list[c.Clause]:
        found: list[c.Clause] = []
        if refuted := self.timeline.assumptions.refuted(REFUTED_TO_NAME):
            found.append(c.Refuted(tuple(refuted)))
        if self.timeline.assumptions.stamp_is_later is False:
            found.append(c.StampsBeforeCall())
        return found

    def _registered(self, entry: int) -> bool:
        return bool(self.results.why.positions(entry)[0] in self.timeline.registrations)


def properties_read(reads: dict[str, PropertyReads]) -> c.PropertiesRead:
    """Return the statement about the properties that were read: the sensitive ones first, then the most frequent."""
    read = [c.PropertyRead(symbol, one.count, one.photos, one.at_least, _what(symbol)) for symbol, one in reads.items()]
    read.sort(key=lambda one: (one.what == "other", -one.count, one.symbol))
    return c.PropertiesRead(tuple(read[:_NAMED]), max(0, len(read) - _NAMED))


_PROPERTIES: dict[str, Literal["place", "file-name", "caption", "size", "set"]] = {
    "location": "place",
    "_uncachedLocation": "place",
    "filename": "file-name",
    "originalFilename": "file-name",
    "caption": "caption",
    "extendedMetadata": "caption",
    "dataSize": "size",
    "fileSize": "size",
    "_createPropertyObjectOfClass:": "set",
    "_createPropertyObjectOfClass:preFetchedProperties:": "set",
}
"""Getter → what it returns. Source: PHAsset.h, PHAssetResource.h, PHAssetExtendedMetadata.h (iOS 27), ALAssetRepresentation.h; decompiled Photos."""

_GETTER = re.compile(r"-\[(?:PHAsset|PHAssetResource|PHAssetExtendedMetadata|ALAssetRepresentation) ([\w:]+)\]")


def _what(symbol: str) -> Literal["place", "file-name", "caption", "size", "set", "other"]:
    getter = _GETTER.fullmatch(symbol)
    return _PROPERTIES.get(getter[1], "other") if getter else "other"


def _day(wall_ns: int, offset_s: int) -> int:
    """Number the day on which ``format_time`` puts a time: it rounds to ms."""
    return ((wall_ns + NS_PER_MS // 2) // NS_PER_S + offset_s) // 86_400
