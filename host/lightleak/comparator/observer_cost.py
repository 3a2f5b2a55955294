"""What an app's observers cost, by the app's state: callbacks, CPU time, bytes, wake-ups. In columns.

``lightleak.costs`` has the same for events as they stream by, and says where the two differ.
Separate because it has the twin of ``lightleak.costs``, and belongs where the columns are that it reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lightleak.arrays import Bools, Bytes, Ints, call_key
from lightleak.comparator.columns.event_columns import LADDER
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.session_set import LoadedSession
from lightleak.costs import IDLE_NS, Cost, total
from lightleak.events import STATES

_BACKGROUND = STATES.index("background")
_HOSTS_OWN = frozenset({"clock", "mark"})
"""Events that do not show that the process was running."""


def observer_cost(timeline: AppTimeline) -> dict[str, Any]:
    """Return the costs of one app. A read that ran while the callback did counts with it: columns have no threads."""
    costs = [Cost() for _ in STATES]
    for number in sorted({segment.session for segment in timeline.segments}):
        _SessionCosts(timeline, number).add_to(costs)
    by_state = {name: cost.figures() for name, cost in zip(STATES, costs, strict=True) if cost.callbacks}
    return {**total(costs).figures(), "by_state": by_state}


@dataclass(slots=True)
class _Calls:
    """Calls by segment and seq, ascending, with the state at the notification that they are, or are because of."""

    keys: Ints
    states: Bytes

    def find(self, keys: Ints) -> tuple[Bools, Bytes]:
        """Return which keys are among them, and the states of those."""
        if not len(self.keys):
            return np.zeros(len(keys), bool), self.states
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        found = self.keys[at] == keys
        return found, self.states[at[found]]


class _SessionCosts:
    """One session's part of an app's timeline."""

    def __init__(self, timeline: AppTimeline, number: int) -> None:
        self.loaded: LoadedSession = timeline.sessions.loaded[number - 1]
        numbers = [segment.number for segment in timeline.segments if segment.session == number]
        mine = np.isin(self.loaded.columns.segment, numbers)
        self.notifications: Ints = np.flatnonzero(mine & (self.loaded.columns.level == LADDER["notification"]))
        self.states: Bytes = timeline.sessions.state[self.loaded.offset + self.notifications]

    def add_to(self, costs: list[Cost]) -> None:
        """Add to the costs of each state."""
        columns = self.loaded.columns
        callback_calls = _Calls(self._keys(self.notifications), self.states)
        callback_returns, returned_states = callback_calls.find(self._of(columns.returns))
        caused_reads, is_afterwards = self._caused_by(callback_calls, callback_returns)
        # What runs inside a callback is in the callback's CPU time.
        reads_afterwards = _Calls(caused_reads.keys[is_afterwards], caused_reads.states[is_afterwards])
        read_returns, read_states = reads_afterwards.find(self._of(columns.returns))
        deliveries, delivered_states = caused_reads.find(self._of(columns.deliveries))
        for code, cost in enumerate(costs):
            cost.callbacks += int((self.states == code).sum())
            cost.cpu_ns += int(columns.returns[callback_returns, 2][returned_states == code].sum())
            cost.cpu_ns += int(columns.returns[read_returns, 2][read_states == code].sum())
            cost.bytes += int(columns.deliveries[deliveries, 2][delivered_states == code].sum())
        costs[_BACKGROUND].wakeups += int((self._idle() & (self.states == _BACKGROUND)).sum())

    def _caused_by(self, callback_calls: _Calls, callback_returns: Bools) -> tuple[_Calls, Bools]:
        """Return the app's own reads that callbacks caused, and which of them began after their callback's return."""
        columns = self.loaded.columns
        own = columns.caused[~np.isin(columns.caused[:, 0], columns.internal)]
        own = own[np.argsort(own[:, 0])]
        causes = self._of(own)
        is_caused, states = callback_calls.find(causes)
        reads, causes = own[is_caused, 0], causes[is_caused]
        returned = zip(
            self._of(columns.returns)[callback_returns].tolist(),
            columns.returns[callback_returns, 0].tolist(),
            strict=True,
        )
        returned_at = dict(returned)
        pairs = zip(reads.tolist(), causes.tolist(), strict=True)
        is_afterwards = np.array([at > returned_at.get(cause, at) for at, cause in pairs], bool)
        return _Calls(self._keys(reads), states), is_afterwards

    def _idle(self) -> Bools:
        """Return before which notifications nothing of the process was seen for a while."""
        columns = self.loaded.columns
        alive = np.ones(len(columns), bool)
        alive[[at for at, row in columns.rows if row.kind in _HOSTS_OWN]] = False
        living = np.flatnonzero(alive)
        before = np.searchsorted(living, self.notifications) - 1
        previous = living[np.maximum(before, 0)]
        same = (before >= 0) & (columns.segment[previous] == columns.segment[self.notifications])
        return np.asarray(same & (columns.mono_ns[self.notifications] - columns.mono_ns[previous] >= IDLE_NS), bool)

    def _keys(self, positions: Ints) -> Ints:
        return call_key(self.loaded.columns.segment[positions], self.loaded.columns.seq[positions])

    def _of(self, table: Ints) -> Ints:
        """Return the calls that the rows of a table name."""
        return call_key(self.loaded.columns.segment[table[:, 0]], table[:, 1])
