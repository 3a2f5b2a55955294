"""The right verdicts, derived from what really made each entry and what of it was watched, never from times.

The causes and depths of docs/verdicts.md, known by construction:

* ``picker``: the picker wrote it. ``query``: its identifier passed through the watched accounting of the app or an
  extension; ``open``: only through assetsd's.
* Without an identifier the call that made the entry decides. Not recorded, since the app was not watched or the event was lost:
  ``unobserved``. Made by a process under another identifier: what the app's own process gives, ``unexplained`` where it
  was watched at the begin, else ``unobserved``.
* Recorded: ``open`` where assetsd wrote it for the first contact; ``query`` where the app wrote it and the accounting hook
  is missing, except for the queries of the act of the segment's first contact, which are ``open`` too. A later connection: ``notification`` where a delivery made it, ``query`` where a query did and the hook is
  missing, else ``unexplained``.
* An entry whose start was pruned has its cause by identifier, else ``unobserved``; its depth counts from the report's
  first line. One that is still open counts to the last.
* An entry that continues another after a restart of the accounting daemon has the cause of the first.
* ``depth``: the deepest recorded call of the app from 3 s of running time before the start to the real end.
* ``trigger``: what set off the call that made the entry, or that logged the first accounting event that was seen with
  its identifier; unknown where that call was not seen. Null for pickers, and where no call explains the entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simulator.seen import READS, one_word, state_seen
from simulator.triggers import LAG_S, UNKNOWN, SetOff, ran_between, set_off
from simulator.watching import Watch
from simulator.world import LADDER, Call, Entry, Life, Mark


@dataclass(frozen=True, slots=True)
class Truth:
    """The truth of one entry. ``writer``: who wrote it. ``watched``: whether the app's process was watched at the time stamp."""

    cause: str
    depth: str
    writer: str
    watched: bool
    maker_seen: bool
    state: str
    """The app's recorded state where its entry was made and at its deepest step."""
    trigger: SetOff | None
    """What set off the act that made it; known only in weeks with origins."""


class Witness:
    """Everything that was watched. ``first``, ``last``: the report's first and last line, which limit it."""

    def __init__(self, watches: Sequence[Watch], first: float, last: float) -> None:
        self.first, self.last = first, last
        self._watches: dict[str | None, list[Watch]] = {}
        self._of_life: dict[int, list[Watch]] = {}
        for watch in watches:
            self._watches.setdefault(watch.life.identifier, []).append(watch)
            self._of_life.setdefault(id(watch.life), []).append(watch)

    def truth(self, entry: Entry) -> Truth:
        """Return the right verdict on one entry."""
        maker = entry.maker
        seen = maker is not None and self._by(maker) is not None
        before = entry.begin - 0.05
        watched = any(watch.holds(before) for watch in self._watches.get(entry.accessor, []))
        cause = self._cause(entry, watched)
        deepest = self._deepest(entry)
        depth = deepest[0].depth if deepest else "none"
        return Truth(
            cause, depth, _writer(entry), watched, seen, self._state(entry, cause, deepest), self._trigger(entry, cause)
        )

    def reads(self, entries: Sequence[Entry]) -> Iterator[tuple[Call, bool]]:
        """Yield the recorded reads inside the report's time, and whether no entry shows them.

        An extension's can have its container's name: known to where its own accounting was seen to open the entry.
        """
        for identifier, watches in self._watches.items():
            spans = [
                self._window(entry)
                for entry in entries
                if entry.accessor == identifier
                or (
                    entry.maker
                    and entry.maker.life.identifier == identifier
                    and entry.writer == "app"
                    and self._noted(entry)
                )
            ]
            for life in {id(watch.life): watch.life for watch in watches}.values():
                for call in life.calls:
                    if call.depth in READS and self.first <= call.at <= self.last and self._by(call):
                        yield call, not any(start <= call.at <= stop for start, stop in spans)

    def _cause(self, entry: Entry, watched: bool) -> str:
        if entry.writer == "picker":
            return "picker"
        if self._noted(entry):
            return "open" if entry.writer == "assetsd" else "query"
        maker = entry.maker
        assert maker is not None
        if maker.life.identifier != entry.accessor and entry.begin >= self.first:
            return "unexplained" if watched else "unobserved"
        by = self._by(maker)
        if by is None or entry.begin < self.first or (entry.continues is not None and not watched):
            return "unobserved"
        contact = by.first_contact()
        if entry.writer == "app":
            return "open" if contact is not None and maker.act == contact.act else "query"
        if maker is contact:
            return "open"
        if maker.depth == "notification":
            return "notification"
        return "query" if maker.depth == "metadata" and not by.accounting else "unexplained"

    def _noted(self, entry: Entry) -> bool:
        return any(
            watch.accounting and watch.holds(mark.at)
            for mark in entry.marks
            for watch in self._of_life.get(id(mark.life), [])
        )

    def _by(self, call: Call) -> Watch | None:
        return next((watch for watch in self._of_life.get(id(call.life), []) if watch.sees(call)), None)

    def _state(self, entry: Entry, cause: str, deepest: list[Call]) -> str:
        moments = [(call.life, call.at) for call in deepest]
        maker = entry.maker
        if self._noted(entry) and cause != "picker":
            # The first accounting event with its identifier. What assetsd did for an app counts with the app's state.
            mark = self._opening(entry)
            if mark.life.role != "assetsd":
                moments.append((mark.life, mark.at))
            else:
                moments += [(w.life, mark.at) for w in self._watches.get(entry.accessor, []) if w.holds(mark.at)]
                if not any(w.holds(mark.at) for w in self._watches.get(entry.accessor, [])):
                    return one_word(["unknown", *self._states_seen(moments)])
        elif cause in ("open", "query", "notification") and maker is not None:
            moments.append((maker.life, maker.at))
        if not moments:
            begin = max(entry.begin, self.first)
            moments = [(w.life, begin) for w in self._watches.get(entry.accessor, []) if w.holds(begin)]
        return one_word(self._states_seen(moments))

    def _opening(self, entry: Entry) -> Mark:
        """Return the first accounting event that was seen with an entry's identifier, of an app if there is one."""
        marks = [
            m for m in entry.marks if any(w.holds(m.at) for w in self._of_life.get(id(m.life), []) if w.accounting)
        ]
        own = [mark for mark in marks if mark.life.role != "assetsd"]
        return min(own or marks, key=lambda mark: (mark.phase != "begin", mark.at))

    def _trigger(self, entry: Entry, cause: str) -> SetOff | None:
        maker = entry.maker
        if cause not in ("query", "open", "notification") or maker is None:
            return None
        if self._noted(entry):
            mark = self._opening(entry)
            call, by = mark.call, self._by(mark.call) if mark.call is not None else None
            if mark.life.role == "assetsd" or call is None or by is None:
                return UNKNOWN
            return set_off(call, by) if ran_between(by, call.at, mark.at) <= LAG_S else UNKNOWN
        by = self._by(maker)
        if maker.depth == "notification" and by is not None:
            return SetOff("change", "time", maker)
        contact = by.first_contact() if by is not None else None
        call = contact if cause == "open" and contact is not None else maker
        by = self._by(call)
        return UNKNOWN if by is None else set_off(call, by)

    def _states_seen(self, moments: list[tuple[Life, float]]) -> list[str]:
        return [
            next((state_seen(w, at) for w in self._of_life.get(id(life), []) if w.ready <= at <= w.stop), "unknown")
            for life, at in moments
        ]

    def _window(self, entry: Entry) -> tuple[float, float]:
        """Return the interval from the lag before the start to the end that counts."""
        end = entry.end if entry.finalised is None else entry.finalised
        stop = self.last if end is None else min(end, self.last)
        asleep = [
            (max(start, w.ready), min(stop, w.stop))
            for w in self._watches.get(entry.accessor, [])
            for start, stop in w.life.asleep
            if start < min(w.stop, entry.begin) and stop > w.ready
        ]
        start = _back(asleep, entry.begin, LAG_S)
        return (start if entry.begin >= self.first else self.first), stop

    def _deepest(self, entry: Entry) -> list[Call]:
        """Return the recorded calls of the deepest step while the entry was open."""
        start, stop = self._window(entry)
        lives = {id(w.life): w.life for w in self._watches.get(entry.accessor, [])}
        calls = [
            call
            for life in lives.values()
            if life.born <= stop and life.died >= start
            for call in life.calls
            if start <= call.at <= stop and call.depth in LADDER and self._by(call)
        ]
        steps = [LADDER.index(call.depth) for call in calls]
        return [call for call, step in zip(calls, steps, strict=True) if step == max(steps)]


def _writer(entry: Entry) -> str:
    if entry.writer == "assetsd" and entry.maker is not None and entry.maker.depth == "notification":
        return "notification"
    return {"app": "query", "assetsd": "open", "picker": "picker"}[entry.writer]


def _back(asleep: Sequence[tuple[float, float]], at: float, by_s: float) -> float:
    """Go back a number of seconds, not counting the time in which the app was watched while asleep."""
    for start, stop in sorted(asleep, reverse=True):
        if min(stop, at) < at - by_s:
            break
        by_s -= max(0.0, at - stop)
        at = start
    return at - by_s
