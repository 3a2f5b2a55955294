"""Say in one sentence why an entry exists: with numbers, and with what was not seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from lightleak.compare.accounting import Ledger
from lightleak.compare.chance import Chance
from lightleak.compare.entries import Entries
from lightleak.compare.facts import ASSUMED, Facts
from lightleak.compare.lane import Lane
from lightleak.compare.premises import premises
from lightleak.compare.recording import Recording
from lightleak.compare.rules import IDENTIFIER, NOTIFICATION, OPEN, PICKER, QUERY, TIME, UNOBSERVED, Ruling
from lightleak.compare.states import state_word
from lightleak.compare.tape import LADDER
from lightleak.events import NS_PER_MS, NS_PER_S
from lightleak.privacy.columns import LONE_ACCESS
from lightleak.privacy.times import format_time

_NAMED = 3
"""How many missing probes a sentence names before it only counts them."""

_WORDS = {1: "a notification", 2: "an opening of the library", 3: "a query", 4: "a thumbnail", 5: "data"}


@dataclass(frozen=True, slots=True)
class Teller:
    """Tell of one app's entries. ``unwatched``: what could have acted without being recorded."""

    app: str
    recording: Recording
    lane: Lane
    ledger: Ledger
    entries: Entries
    ruling: Ruling
    lag_ns: int
    unwatched: Sequence[str]
    chance: Chance | None

    def why(self, entry: int) -> str:
        """Return the sentence for entry number ``entry`` of the ruling."""
        flags = int(self.entries.columns.flags[self.ruling.rows[entry]])
        rests_on = premises(self.lane, self.ruling, entry, flags)
        parts = [self._cause(entry), self._depth(entry), *self._limits(entry), *rests_on]
        return "; ".join(part for part in parts if part) + "."

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
        again = f", and prolonged it {_times(opening.touches)}" if opening.touches else ""
        if segment.is_assetsd():
            return f"Only assetsd's accounting carries this identifier{late}{again}: the library was opened for the app"
        if opening.continues:
            return (
                f"The accounting in {who} carries this identifier{late}{again}: it continues entry {opening.continues}, "
                f"which ended at once before it with no query between, as when the accounting daemon is restarted"
            )
        call = self._call_before(position)
        because = f" after {call}" if call else ""
        return f"The accounting in {who} carries this identifier{late}{because}{again}: the app queried the library"

    def _late(self, entry: int, position: int) -> str:
        row = self.ruling.rows[entry]
        if not self.entries.has_begin[row]:
            return ""
        late_ms = (int(self.entries.begin_ns[row]) - int(self.recording.wall_ns[position])) / NS_PER_MS
        if abs(late_ms) < 0.5:
            return ", at the report's time"
        return f", {late_ms:.0f} ms before the report's time" if late_ms > 0 else f", {-late_ms:.0f} ms after its time"

    def _call_before(self, position: int) -> str | None:
        wall_ns = self.recording.wall_ns
        before = int(self.lane.wall_ns.searchsorted(wall_ns[position], "right"))
        query = self.lane.levels[LADDER["metadata"]].last_before(before)
        near = query is not None and wall_ns[position] - wall_ns[query] <= self.lag_ns
        return self.recording.symbol(query) if near and query is not None else None

    def _open(self, entry: int) -> str:
        return f"The app's first contact with the library{self._first(entry)} is near the begin, matched by time"

    def _query(self, entry: int) -> str:
        reads_too = self.lane.facts.reads_make_no_entry is False
        words = ("query or read", "queries and reads") if reads_too else ("query", "queries")
        return (
            f"{_many(self._near(entry), *words)}{self._first(entry)} near the begin, matched by time because "
            f"the app's own accounting could not be seen"
        )

    def _notification(self, entry: int) -> str:
        return (
            f"{_many(self._near(entry), 'change notification', 'change notifications')}{self._first(entry)} near the begin, "
            f"matched by time, and nothing else that the app did was seen within {self.lag_ns / NS_PER_S:g} s before it"
        )

    def _unexplained(self, entry: int) -> str:
        seen = "its accounting did not carry this identifier" if not self.lane.blind_accounting else "no query was seen"
        bound = f"within {self.lag_ns / NS_PER_S:g} s before the begin"
        if self._acted_near(entry):
            return f"The app was watched and {seen}; what it did {bound} does not make an entry"
        return f"The app was watched, {seen}, and nothing that it did was seen {bound}"

    def _unobserved(self, entry: int) -> str:
        row = self.ruling.rows[entry]
        if not self.entries.has_begin[row]:
            return "The begin is missing from the report and no recorded accounting carries this identifier"
        if not len(self.lane.covered.start):
            return f"No process of {self.app} was recorded"
        begin = int(self.entries.begin_ns[row])
        earlier = self.lane.covered.stop[self.lane.covered.stop < begin]
        later = self.lane.covered.start[self.lane.covered.start > begin - 50 * NS_PER_MS]
        near = [f"the recording before it ended {_span(begin - int(earlier[-1]))} earlier"] if len(earlier) else []
        near += [f"the next one began {_span(int(later[0]) - begin)} later"] if len(later) else []
        return "The app was not watched just before the begin: " + " and ".join(near or ["events are missing there"])

    def _depth(self, entry: int) -> str:
        level = int(self.ruling.depth[entry])
        if not level:
            return "no access of the app was seen while the entry was open" if len(self.lane.covered.start) else ""
        events = self.ruling.deepest.positions(entry)
        when = self._clock(entry, int(self.recording.wall_ns[events[0]]))
        symbol = self.recording.symbol(int(events[0]))
        state = state_word(int(self.ruling.state_bits[entry]))
        return (
            f"the furthest seen while it was open was {_WORDS[level]}, {_times(len(events))}, first at {when}"
            f"{f' ({symbol})' if symbol else ''}, app state {state}"
        )

    def _limits(self, entry: int) -> list[str]:
        if int(self.ruling.cause[entry]) == PICKER:
            return []
        limits = []
        if self.ruling.partly[entry]:
            start, stop = self.ruling.window_from_ns[entry], self.entries.until_ns[self.ruling.rows[entry]]
            share = self.lane.covered.length_between(start[None], stop[None])[0] / max(int(stop - start), 1)
            limits.append(f"only {min(99, round(100 * share))} % of that time was watched")
        lone = self.entries.columns.flags[self.ruling.rows[entry]] & LONE_ACCESS
        if lone and self.lane.facts.idle_timer_closes is not False:
            limits.append("its length is Apple's idle timer after one access or a short burst")
        if int(self.ruling.match[entry]) == TIME and self.chance and self.chance.is_no_better:
            limits.append(f"this app's matches by time are no better than chance (p = {self.chance.p:.2f})")
        if int(self.ruling.match[entry]) != IDENTIFIER:
            limits += self._blind_spots(watched=int(self.ruling.cause[entry]) != UNOBSERVED)
        return limits

    def _blind_spots(self, *, watched: bool) -> list[str]:
        spots = []
        missing = self.lane.missing_probes()
        if missing and watched:
            more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
            spots.append(f"could not be hooked, so not excluded: {', '.join(missing[:_NAMED])}{more}")
        if self.unwatched:
            spots.append(f"not watched: {' and '.join(self.unwatched)}")
        return spots

    def _near(self, entry: int) -> int:
        return int(self.ruling.why.stop[entry] - self.ruling.why.first[entry])

    def _acted_near(self, entry: int) -> bool:
        begin = int(self.entries.begin_ns[self.ruling.rows[entry]])
        near = np.array([int(self.ruling.window_from_ns[entry]), begin + NS_PER_MS])
        first, stop = self.lane.find(near).tolist()
        return bool(stop > first)

    def _first(self, entry: int) -> str:
        position = int(self.ruling.why.positions(entry)[0])
        begin = int(self.entries.begin_ns[self.ruling.rows[entry]])
        symbol = self.recording.symbol(position)
        before_ms = (begin - int(self.recording.wall_ns[position])) / NS_PER_MS
        return f" ({f'{symbol}, ' if symbol else ''}{before_ms:.0f} ms before it)"

    def _clock(self, entry: int, wall_ns: int) -> str:
        offset = int(self.entries.columns.begin_offset_s[self.ruling.rows[entry]])
        return format_time(wall_ns, offset)[11:23]


def unwatched(app: str, recording: Recording, seen_apps: Sequence[str], facts: Facts = ASSUMED) -> list[str]:
    """Name what could have touched photos for this app without being recorded: its extensions and assetsd."""
    assetsd = [] if any(segment.is_assetsd() for segment in recording.segments) else ["assetsd"]
    if facts.extension_has_own_rows:
        return assetsd  # Its extensions then write no row under the app's name.
    names = {segment.identifier for segment in recording.segments}
    extensions = [name for name in sorted(seen_apps) if name.startswith(f"{app}.") and name not in names]
    watched_some = any(name and name.startswith(f"{app}.") for name in names)
    missing = [f"the extension {name}" for name in extensions] or ([] if watched_some else ["the app's extensions"])
    return missing + assetsd


def _many(count: int, one: str, many: str) -> str:
    return f"One {one}" if count == 1 else f"{count} {many}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _span(ns: int) -> str:
    seconds = ns / NS_PER_S
    return (
        f"{seconds:.1f} s"
        if seconds < 120
        else f"{seconds / 60:.0f} min"
        if seconds < 7200
        else f"{seconds / 3600:.1f} h"
    )
