"""Which statements hold of what set off the act that made an entry, and what limits that.

Separate because the explainer says why an entry exists, and this what set the act off: two questions that are kept apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import numpy as np

from lightleak.comparator.columns.event_columns import LADDER
from lightleak.comparator.explain import clauses as c
from lightleak.comparator.rules.chance import Chance
from lightleak.comparator.rules.rules import NOTIFICATION, OPEN, RuleResults
from lightleak.comparator.rules.visibility import links_incomplete, origins_unwatched
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.triggers import NONE, UNKNOWN, Trigger, find_resumed, named
from lightleak.events import NS_PER_MS, NS_PER_S

_NAMED = 3
"""How many ways of handing work on are named before they are only counted."""


class TriggerClauses:
    """What can be said of the triggers of one app's entries; ``entry`` is a number in the order of the results."""

    def __init__(self, timeline: AppTimeline, results: RuleResults, lag_ns: int, chance: Chance | None) -> None:
        sessions = timeline.sessions
        self.triggers: list[Trigger | None] = named(sessions, results.triggers)
        """Of each entry; None where the cause is no act."""
        self._sessions = sessions
        self._lag_ns = lag_ns
        self._chance = chance
        self._cause: list[int] = results.cause.tolist()
        self._kind: list[int] = results.trigger.tolist()
        self._act: list[int] = results.act.tolist()
        starts = np.array([sessions.positions(segment).start for segment in sessions.segments], np.int64)
        self._segment: list[int] = (np.searchsorted(starts, results.act, "right") - 1).tolist()
        self._limits: dict[int, list[c.Clause]] = {}
        self._names_origin = _naming_origins(timeline, results)
        self._resumed = _resumed(timeline, results)

    def of(self, entry: int) -> Iterator[c.Clause]:
        """Yield what is said of an entry's trigger, in the order in which it is said."""
        trigger = self.triggers[entry]
        if trigger is None:
            return
        if self._cause[entry] == NOTIFICATION:
            yield c.NotificationItself(trigger.what)
            return
        yield self._set_off(entry, trigger)
        act = self._act[entry]
        if act in self._resumed:
            yield self._resumed[act]
        if trigger.by == "link" or act < 0:
            return
        if self._kind[entry] == NONE:
            yield from self._watched_briefly(entry)
        yield from self._limits_of(self._segment[entry])
        if trigger.by == "time" and self._chance is not None and self._chance.is_no_better:
            yield c.TriggersByChance(self._chance.p)

    def _set_off(self, entry: int, trigger: Trigger) -> c.Clause:
        act = self._act[entry]
        if self._kind[entry] == UNKNOWN:
            return c.TriggerUnknown(
                "act-not-seen" if act < 0 else "origin-missing" if act in self._names_origin else "events-lost"
            )
        deep = self._sessions.level[act] > LADDER["metadata"]
        name: c.Act = "opening" if self._cause[entry] == OPEN else "access" if deep else "query"
        if self._kind[entry] == NONE:
            return c.NothingSetOff(name, self._lag_ns / NS_PER_S)
        kind = cast("c.OriginKind", trigger.kind)
        return c.SetOffBy(name, kind, trigger.by == "link", trigger.delay_ms or 0.0, trigger.what)

    def _watched_briefly(self, entry: int) -> Iterator[c.Clause]:
        """Yield how short the process was watched before the act, where that is less than the lag."""
        segment = self._sessions.segments[self._segment[entry]]
        if len(segment.covered.start):
            watched_ns = int(self._sessions.wall_ns[self._act[entry]]) - int(segment.covered.start[0])
            if watched_ns < self._lag_ns:
                yield c.WatchedBriefly(max(0, watched_ns) / NS_PER_MS)

    def _limits_of(self, at: int) -> list[c.Clause]:
        """Return what limits every trigger of a segment that is not by link."""
        if at not in self._limits:
            segment = self._sessions.segments[at]
            found: list[c.Clause] = []
            if unwatched := origins_unwatched(segment):
                found.append(c.OriginsNotWatched(unwatched))
            if symbols := links_incomplete(segment):
                found.append(c.HandoffNotFollowed(symbols[:_NAMED], max(0, len(symbols) - _NAMED)))
            self._limits[at] = found
        return self._limits[at]


def _naming_origins(timeline: AppTimeline, results: RuleResults) -> set[int]:
    """Return which of the acts with an unknown trigger name an origin."""
    acts = np.unique(results.act[(results.trigger == UNKNOWN) & (results.act >= 0)])
    if not len(acts):
        return set()
    caused = [loaded.columns.caused[:, 0] + loaded.offset for loaded in timeline.sessions.loaded]
    return set(acts[np.isin(acts, np.concatenate(caused))].tolist())


def _resumed(timeline: AppTimeline, results: RuleResults) -> dict[int, c.ResumedBy]:
    """Return act → the origin with whose value an older task went on in it."""
    if not any(len(loaded.columns.resumed) for loaded in timeline.sessions.loaded):
        return {}
    acts = np.unique(results.act[results.act >= 0])
    found = named(timeline.sessions, find_resumed(timeline.sessions, acts))
    return {
        act: c.ResumedBy(cast("c.OriginKind", one.kind), one.what)
        for act, one in zip(acts.tolist(), found, strict=True)
        if one is not None and one.event is not None
    }
