"""Say in one sentence why an entry exists: with numbers, and with what was not seen."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lightleak.comparator.columns.event_columns import LADDER
from lightleak.comparator.explain.premises import premises
from lightleak.comparator.explain.why_depth import depth_clauses
from lightleak.comparator.explain.why_limits import limit_clauses
from lightleak.comparator.explain.why_subject import ExplainContext
from lightleak.comparator.explain.words import WORDS, many, seconds_of, span_of, times
from lightleak.comparator.rules.report_entries import TICK_NS
from lightleak.comparator.rules.rules import IDENTIFIER, JUST_BEFORE_NS, NOTIFICATION, OPEN, PICKER, QUERY, UNOBSERVED
from lightleak.comparator.timeline.accounting import AccountingInterval
from lightleak.comparator.timeline.visibility import is_extension_of
from lightleak.events import NS_PER_MS


class Explainer(ExplainContext):
    """Tell of one app's entries."""

    __slots__ = ()

    def why(self, entry: int) -> str:
        """Return the sentence for entry number ``entry`` of the ruling."""
        flags = self.flags(entry)
        rests_on = premises(self.lane, self.ruling, entry, flags, blind=bool(self.sight.blind[entry]))
        return (
            "; ".join([self._cause(entry), *depth_clauses(self, entry), *limit_clauses(self, entry), *rests_on]) + "."
        )

    def _cause(self, entry: int) -> str:
        cause = int(self.ruling.cause[entry])
        tell: dict[int, Callable[[int], str]] = {
            PICKER: self._picker,
            QUERY: self._query,
            OPEN: self._open,
            UNOBSERVED: self._unobserved,
            NOTIFICATION: self._notification,
        }
        if int(self.ruling.match[entry]) == IDENTIFIER:
            return self._by_identifier(entry)
        return tell.get(cause, self._unexplained)(entry)

    def _picker(self, _entry: int) -> str:
        if self.lane.facts.picker_marks_choice is False:
            return "The system's photo picker wrote this entry, which it was found to do without a choice too"
        return "The system's photo picker wrote this entry after the person had chosen something"

    def _by_identifier(self, entry: int) -> str:
        position = int(self.ruling.opening[entry])
        opening = self.ledger.find(self.entries.columns.identifier[self.ruling.rows[entry]])
        assert opening is not None
        segment = opening.segment
        who = f"{segment.name or segment.identifier or segment.role} (pid {segment.pid})"
        late = self._late(entry, position)
        again = f", and prolonged it {times(opening.touches)}" if opening.touches else ""
        if segment.is_assetsd():
            return f"Only assetsd's accounting carries this identifier{late}{again}: the library was opened for the app"
        if opening.continues:
            return (
                f"The accounting in {who} carries this identifier{late}{again}: it continues entry {opening.continues}, "
                f"which ended at once before it with no query seen between, as when the accounting daemon is restarted"
            )
        call = self._call_before(opening)
        because = f" after {call}" if call else ""
        asked = self._who_asked(segment.identifier)
        return f"The accounting in {who} carries this identifier{late}{because}{again}: {asked}"

    def _who_asked(self, identifier: str | None) -> str:
        """Tell who queried: nobody is told to have done what another process logged."""
        if identifier == self.app:
            return "the app queried the library"
        if is_extension_of(identifier, self.app):
            return f"the app's extension {identifier} queried the library"
        return f"that process queried the library, but is not known to be of {self.app}, to which the report gives it"

    def _late(self, entry: int, position: int) -> str:
        row = self.ruling.rows[entry]
        if not self.entries.has_begin[row]:
            return ""
        late_ms = (int(self.entries.begin_ns[row]) - int(self.recording.wall_ns[position])) / NS_PER_MS
        if abs(late_ms) < 0.5:
            return ", at the report's time"
        return f", {late_ms:.0f} ms before the report's time" if late_ms > 0 else f", {-late_ms:.0f} ms after its time"

    def _call_before(self, opening: AccountingInterval) -> str | None:
        """Name the last query of the same process before its accounting."""
        wall_ns, where = self.recording.wall_ns, self.recording.positions(opening.segment)
        before = int(self.lane.wall_ns.searchsorted(wall_ns[opening.position], "right"))
        query = self.lane.levels[LADDER["metadata"]].last_before(before)
        if query is None or not where.start <= query < where.stop:
            return None
        return self.recording.symbol(query) if wall_ns[opening.position] - wall_ns[query] <= self.lag_ns else None

    def _open(self, entry: int) -> str:
        return (
            f"The first contact with the library that was seen since the app was attached to{self._first(entry)} is near "
            f"the begin, matched by time"
        )

    def _query(self, entry: int) -> str:
        reads_too = self.lane.facts.reads_make_no_entry is False
        words = ("query or read", "queries and reads") if reads_too else ("query", "queries")
        return (
            f"{many(self._found(entry), *words)}{self._first(entry)} near the begin, matched by time because "
            f"the app's own accounting could not be seen"
        )

    def _notification(self, entry: int) -> str:
        said = many(self._found(entry), "change notification", "change notifications")
        return (
            f"{said}{self._first(entry)} near the begin, matched by time, and no opening, query or read of the app was "
            f"seen within {seconds_of(self.lag_ns)} s before it"
        )

    def _unexplained(self, entry: int) -> str:
        begin = int(self.entries.begin_ns[self.ruling.rows[entry]])
        start = int(self.ruling.window_from_ns[entry])
        seen = (
            "its accounting could not be seen"
            if self.sight.blind[entry]
            else "its accounting did not carry this identifier"
        )
        bound = f"within {seconds_of(self.lag_ns)} s before the begin"
        near = self.lane.deepest_within(start, begin + TICK_NS)
        if near:
            level, count = near
            deeds = f"{count} {'thing' if count == 1 else 'things'}, at the furthest {WORDS[level]}"
            return (
                f"The app was watched and {seen}; what it was seen to do {bound} ({deeds}) does not explain the entry"
            )
        return f"The app was watched, {seen}, and no opening, query, read or notification of it was seen {bound}"

    def _unobserved(self, entry: int) -> str:
        row = self.ruling.rows[entry]
        if not self.entries.has_begin[row]:
            return "The begin is missing from the report and no recorded accounting carries this identifier"
        if not len(self.lane.covered.start):
            return f"No process of {self.app} was watched"
        begin = int(self.entries.begin_ns[row])
        just_before = np.array([begin - JUST_BEFORE_NS])
        ended = self.lane.covered.stop[self.lane.covered.stop < just_before]
        began = self.lane.covered.start[self.lane.covered.start > just_before]
        near = [f"watching ended {span_of(begin - int(ended[-1]))} before it"] if len(ended) else []
        if len(began):
            later_ns = int(began[0]) - begin
            side = "after" if later_ns > 0 else "before"
            near.append(f"{'began again' if near else 'watching began'} {span_of(abs(later_ns))} {side} it")
        where = ", where events are missing" if self.lane.lost.contains(just_before)[0] else ""
        return f"The app was not watched just before the begin{where}: {' and '.join(near)}"

    def _found(self, entry: int) -> int:
        return int(self.ruling.why.stop[entry] - self.ruling.why.first[entry])

    def _first(self, entry: int) -> str:
        position = int(self.ruling.why.positions(entry)[0])
        begin = int(self.entries.begin_ns[self.ruling.rows[entry]])
        symbol = self.recording.symbol(position)
        # A report tells milliseconds: what comes up to one after the time it shows is at it.
        before_ms = max(0, round((begin - int(self.recording.wall_ns[position])) / NS_PER_MS))
        return f" ({f'{symbol}, ' if symbol else ''}{before_ms} ms before it)"
