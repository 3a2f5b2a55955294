"""Which statements hold of what set off the act that made an entry, and what limits that.

Separate because the explainer says why an entry exists, and this what set the act off: two questions that are kept apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast, get_args

import numpy as np

from lightleak.comparator.columns.event_columns import LADDER
from lightleak.comparator.explain import clauses as c
from lightleak.comparator.rules.chance import Chance
from lightleak.comparator.rules.rules import NOTIFICATION, OPEN, RuleResults
from lightleak.comparator.rules.visibility import links_incomplete, origins_unwatched
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.triggers import NONE, UNKNOWN, Trigger, changed_to, find_resumed, named
from lightleak.events import NS_PER_MS, NS_PER_S, TRIGGERS

_LONG_NS = 1 << 61
_NAMED = 3
"""How many ways of handing work on are named before they are only counted."""


class TriggerClauses:
    """What can be said of the triggers of one app's entries; ``entry`` is a number in the order of the results."""

    def __init__(self, timeline: AppTimeline, results: RuleResults, lag_ns: int, chance: Chance | None) -> None:
        sessions = timeline.sessions
        self.triggers: list[Trigger | None] = named(sessions, results.triggers)
        """Of each entry; None where the cause is no act."""
        self._states = changed_to(sessions, results.triggers)
        self._sessions = sessions
        self._lag_ns = lag_ns
        self._chance = chance
        self._cause: list[int] = results.cause.tolist()
        self._kind: list[int] = results.trigger.tolist()
        self._act: list[int] = results.act.tolist()
        self._segment: list[int] = sessions.numbers_of_segments(results.act).tolist()
        self._limits: dict[int, list[c.Clause]] = {}
        self._watched_ns: list[int] = _watched_ns(timeline, results)
        deep = sessions.level[results.act] > LADDER["metadata"] if len(sessions.level) else results.act >= 0
        opening = results.cause == OPEN
        self._acts: list[c.Act] = np.where(opening, "opening", np.where(deep, "access", "query")).tolist()
        self._nothing = {act: c.NothingSetOff(act, lag_ns / NS_PER_S) for act in get_args(c.Act)}
        self._unknown = {reason: c.TriggerUnknown(reason) for reason in get_args(c.UnknownBecause)}
        self._names_origin = _naming_origins(timeline, results)
        self._resumed = _resumed(timeline, results)
        self._counts: list[list[int]] = results.trigger_counts.tolist()

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
        if self._kind[entry] == NONE and self._watched_ns[entry] < self._lag_ns:
            yield c.WatchedBriefly(self._watched_ns[entry] / NS_PER_MS)
        yield from self._limits.get(self._segment[entry]) or self._limits_of(self._segment[entry])
        if trigger.by == "time" and self._chance is not None and self._chance.is_no_better:
            yield c.TriggersByChance(self._chance.p)

    def others(self, entry: int) -> Iterator[c.Clause]:
        """Yield what else set off queries and reads under an entry, which Apple's report merges into one."""
        if self.triggers[entry] is None or self._kind[entry] == UNKNOWN:
            return
        found = {kind: count for kind, count in enumerate(self._counts[entry]) if count and kind != self._kind[entry]}
        if found:
            reasons = tuple(TRIGGERS[kind] for kind in found)
            yield c.ReadOtherwise(reasons, sum(found.values()))

    def _set_off(self, entry: int, trigger: Trigger) -> c.Clause:
        act, kind = self._act[entry], self._kind[entry]
        if kind == UNKNOWN:
            return self._unknown[self._why_unknown(entry, act)]
        if kind == NONE:
            return self._nothing[self._acts[entry]]
        origin, state = cast("c.OriginKind", trigger.kind), cast("c.ChangedTo | None", self._states[entry])
        is_linked, delay_ms = trigger.by == "link", trigger.delay_ms or 0.0
        return c.SetOffBy(self._acts[entry], origin, is_linked, delay_ms, trigger.what, state)

    def _why_unknown(self, entry: int, act: int) -> c.UnknownBecause:
        if act < 0:
            return "act-not-seen"
        if act in self._names_origin:
            return "origin-missing"
        return "events-lost" if self._sessions.segments[self._segment[entry]].losses else "clock-stepped"

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


def _watched_ns(timeline: AppTimeline, results: RuleResults) -> list[int]:
    """Return for how long the process was watched before each act; a long time where that is not known."""
    sessions = timeline.sessions
    if not len(sessions.wall_ns):
        return [_LONG_NS] * len(results.act)
    numbers, which = np.unique(np.maximum(sessions.numbers_of_segments(results.act), 0), return_inverse=True)
    began = [sessions.segments[at].covered.start[:1].tolist() for at in numbers.tolist()]
    began_ns = np.array([first[0] if first else -_LONG_NS for first in began], np.int64)
    found: list[int] = np.maximum(sessions.wall_ns[results.act] - began_ns[which], 0).tolist()
    return found


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
    found = find_resumed(timeline.sessions, acts)
    rows = zip(acts.tolist(), named(timeline.sessions, found), changed_to(timeline.sessions, found), strict=True)
    return {
        act: c.ResumedBy(cast("c.OriginKind", one.kind), one.what, cast("c.ChangedTo | None", state))
        for act, one, state in rows
        if one is not None and one.event is not None
    }
