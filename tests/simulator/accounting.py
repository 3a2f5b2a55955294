"""The phone's accounting: one interval per process and app, extended by each access, ended by an idle timer or by sleep.

Source: facts on PACoalescingIntervalTracker (60 s idle, 25 % leeway; ends at suspension; stamped late, by the daemon).
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator, Sequence

from simulator.world import Call, Entry, Life, Mark

Log = tuple[float, str, Call | None]
"""Time, event (log, sleep, exit, restart, reboot), and its call."""


class Tracker:
    """The intervals of one process for one accessor."""

    def __init__(self, chance: random.Random, life: Life, accessor: str, writer: str) -> None:
        self.chance, self.life, self.accessor, self.writer = chance, life, accessor, writer
        self.entries: list[Entry] = []
        self._open: Entry | None = None
        self._last: Call | None = None
        self._expires = 0.0

    def keep(self, logs: Sequence[Log], finalise: Callable[[float], float]) -> Iterator[Entry]:
        """Return the entries of what happens, in order. ``finalise``: when the ends after a reboot are written."""
        does = {"log": self._log, "restart": self._restart}
        for at, what, call in sorted(logs, key=lambda log: log[0]):
            self._expire(at)
            if what in does:
                does[what](at, call)
            elif self._open is not None and at >= self._open.begin:
                if what == "reboot":
                    self._open.finalised = at
                    self._open.end, self._open = finalise(at), None
                else:
                    self._close(at + self.chance.uniform(0.005, 0.08))
        self._expire(float("inf"))
        yield from self.entries

    def _log(self, at: float, call: Call | None) -> None:
        self._last = call
        stamp = self.life.run(at, self.late())
        if self._open is None:
            if stamp is None:
                return
            self._begin(stamp, call)
            self._mark(at + 0.0004, "begin")
        else:
            self._mark(at + 0.0004, "touch")
        if stamp is not None:
            self._expires = stamp + self._idle()

    def _restart(self, at: float, _: Call | None) -> None:
        """Restart the daemon: the old identifier ends, and a new one starts for the same access."""
        old = self._open
        if old is None or at < old.begin or not self.life.awake(at):
            return
        self._close(at)
        self._mark_of(old, at, "end")
        self._begin(at + self.chance.uniform(0.05, 0.4), old.maker)
        assert self._open is not None
        self._open.continues = old
        self._mark(at + 0.002, "begin")

    def _begin(self, stamp: float, call: Call | None) -> None:
        identifier = str(uuid.UUID(int=self.chance.getrandbits(128))).upper()
        self._open = Entry(identifier, self.accessor, self.writer, call, stamp)
        self.entries.append(self._open)

    def _expire(self, at: float) -> None:
        if self._open is not None and self._expires <= at:
            self._mark(self._expires - 0.01, "end")
            self._close(self._expires)

    def _close(self, at: float) -> None:
        assert self._open is not None
        self._open.end, self._open = max(at, self._open.begin + 0.001), None

    def _mark(self, at: float, phase: str) -> None:
        assert self._open is not None
        self._mark_of(self._open, at, phase)

    def _mark_of(self, entry: Entry, at: float, phase: str) -> None:
        if self.life.awake(at):
            entry.marks.append(Mark(at, self.life, phase, entry.identifier, self._last))

    def late(self) -> float:
        """Return a random delay of the daemon's time stamp after the call: mostly tenths of a second, as it has background priority."""
        return min(0.02 + self.chance.lognormvariate(-2.1, 1.0), 20.0)

    def _idle(self) -> float:
        kind = self.chance.random()
        if kind < 0.35:
            return self.chance.uniform(60.0, 60.15)
        return self.chance.uniform(74.4, 75.0) if kind < 0.8 else self.chance.uniform(60, 75)
