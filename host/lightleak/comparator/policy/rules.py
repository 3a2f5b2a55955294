"""The rules of a policy, a function each: what breaks it, and what keeps it from being proven.

Separate because it decides only: ``text`` has the sentences, and ``check`` what is made of both.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lightleak.arrays import Bools, Ints
from lightleak.comparator.api import recorded_twice
from lightleak.comparator.columns.event_columns import LADDER
from lightleak.comparator.policy.claim import decide_claim
from lightleak.comparator.policy.coverage import Needs, PolicyCoverage
from lightleak.comparator.policy.decision import (
    NO_EVENTS,
    CallbackCount,
    Decision,
    EntryCount,
    Figures,
    FirstEvent,
    Held,
    ObserverCount,
    Rate,
    ReadCount,
    RunCount,
    Shortfall,
    Unproven,
    Violation,
)
from lightleak.comparator.policy.reasons import (
    CountedTwice,
    DeliveriesNotWatched,
    EntriesCameUnwatched,
    EntriesInUnclearStates,
    EntriesUnexplained,
    NotMeasured,
    Reason,
    StateUnknown,
    TriggersUnknown,
    ZoneUnknown,
)
from lightleak.comparator.policy.schema import (
    AnyRule,
    Ceiling,
    EnoughWatched,
    EntriesOfCause,
    MakersClaim,
    NoObserver,
    NoRead,
    NoUnreported,
    QuietCallbacks,
)
from lightleak.comparator.policy.set_off import SetOff, codes
from lightleak.comparator.rules.rules import CAUSES, TIME, UNEXPLAINED, UNOBSERVED, RuleResults, state_word
from lightleak.comparator.summary import NIGHT_UNTIL_S, cost
from lightleak.comparator.timeline.session_set import LoadedSession, SessionSet
from lightleak.comparator.timeline.triggers import CHANGE, UNKNOWN
from lightleak.events import NS_PER_S, STATES
from lightleak.timezones import known_zone

_QUARTER_S = 900
"""No zone changes its offset within a quarter of an hour."""

_NEEDS_OF_CAUSE = {
    "query": Needs(reads="metadata"),
    "open": Needs(reads="metadata", observers=True),
    "notification": Needs(callbacks=True),
}
"""Cause → what must be watched for it to be seen."""

_NEEDS_OF_MEASURE = {
    "bytes": Needs(reads="data"),
    "notifications": Needs(callbacks=True),
    "cpu_ms": Needs(reads="metadata", callbacks=True),
    "reads": Needs(reads="metadata"),
}
"""Measure → what must be watched for all of it to be counted."""


def decide(rule: AnyRule, watched: PolicyCoverage) -> Decision:
    """Decide a rule for one app."""
    match rule:
        case NoRead():
            return _no_read(rule, watched)
        case NoObserver():
            return _no_observer(rule, watched)
        case QuietCallbacks():
            return _quiet_callbacks(rule, watched)
        case EntriesOfCause():
            return _entries(rule, watched)
        case MakersClaim():
            return decide_claim(rule, watched)
        case NoUnreported():
            return _no_unreported(rule, watched)
        case Ceiling():
            return _ceiling(rule, watched)
        case EnoughWatched():
            return _enough_watched(rule, watched)


def _held_unless(reasons: list[Reason], figures: Figures) -> Decision:
    return Unproven(reasons) if reasons else Held(figures)


def _no_read(rule: NoRead, watched: PolicyCoverage) -> Decision:
    """Break where the app read ``depth`` or deeper, in one of ``states``, at ``night``, set off by one of ``trigger``."""
    sessions = watched.comparison.sessions
    reads, reasons = _reads(watched, rule.depth), watched.reasons_unproven(Needs(reads=rule.depth))
    is_zone_known = True
    if rule.night:
        at_night, is_zone_known = after_midnight(sessions, reads)
        reads = reads[at_night]
        reasons += [] if is_zone_known else [ZoneUnknown()]
    in_force, set_off, asked = sessions.state[reads], SetOff.of_reads(watched, reads), codes(rule.trigger)
    in_state = np.isin(in_force, [STATES.index(state) for state in rule.states or STATES])
    wrong = reads[in_state & set_off.is_one_of(asked)]
    if len(wrong) and is_zone_known:
        return Violation(ReadCount(len(wrong)), wrong, first=_first(sessions, wrong))
    # The state is not known after a loss and before the first event about it.
    stateless = (in_force == 0) & ~in_state
    perhaps = list(set_off.perhaps(asked, in_state | stateless))
    unclear = np.logical_or.reduce([stateless & set_off.is_one_of(asked), *(which for which, _ in perhaps)])
    if (stateless & unclear).any():
        reasons.insert(0, StateUnknown(int((stateless & unclear).sum())))
    reasons += [reason for _, reason in perhaps]
    return Unproven(reasons, reads[unclear]) if reasons else Held(ReadCount())


def _no_observer(rule: NoObserver, watched: PolicyCoverage) -> Decision:
    """Break where a change observer of a class that ``allow`` does not name was found or registered."""
    wrong = [observer for observer in watched.observers if observer.cls not in rule.allow]
    if wrong:
        classes = tuple(sorted({observer.cls for observer in wrong}))
        positions = np.array([observer.position for observer in wrong], dtype=np.int64)
        return Violation(ObserverCount(classes, len(wrong)), positions)
    figures = ObserverCount(any_allowed=bool(watched.observers))
    return _held_unless(watched.reasons_unproven(Needs(observers=True)), figures)


def _quiet_callbacks(rule: QuietCallbacks, watched: PolicyCoverage) -> Decision:
    """Break where the app read from inside a callback of the photo library, or from work that it handed on."""
    sessions, timeline = watched.comparison.sessions, watched.timeline
    reads = _reads(watched, rule.depth)
    set_off = SetOff.of_reads(watched, reads)
    inside = reads[set_off.is_linked(CHANGE)]
    notifications = int((sessions.level[timeline.at] == LADDER["notification"]).sum())
    if len(inside):
        return Violation(CallbackCount(notifications, len(inside)), inside, first=_first(sessions, inside))
    reasons = watched.reasons_unproven(Needs(reads=rule.depth, callbacks=True, hand_offs=True))
    unknown = set_off.kind == UNKNOWN
    if unknown.any():
        reasons.insert(0, TriggersUnknown(int(unknown.sum()), "read"))
    return Unproven(reasons, reads[unknown]) if reasons else Held(CallbackCount(notifications))


def _entries(rule: EntriesOfCause, watched: PolicyCoverage) -> Decision:
    """Break where the report has more than ``at_most`` entries of a cause or trigger; in a ``state``, at ``night``."""
    results, entries = watched.result.results, watched.comparison.entries
    among = entries.at_night(results.rows, NIGHT_UNTIL_S) if rule.night else np.ones(len(results.rows), bool)
    of_cause = among & (results.cause == CAUSES.index(rule.cause)) if rule.cause else among
    set_off, asked = SetOff.of_entries(watched), codes(rule.trigger)
    in_state, sure = _in_state(results, rule.state), set_off.is_one_of(asked)
    counted = of_cause & in_state & sure
    count = int(counted.sum())
    by_time = int((results.match == TIME).sum())
    if count > rule.at_most:
        why = watched.result.explainer.why(int(np.flatnonzero(counted)[0]))
        figures = EntryCount(count, len(results.rows), by_time, watched.spanned_s, first_why=why)
        return Violation(figures, rows=results.rows[counted])
    # Of several states one can be the one that is asked for, and one that is not known always.
    bits = (1 << STATES.index(rule.state) if rule.state in STATES else 0) | 1 << STATES.index("unknown")
    unclear_state = ~in_state & ((results.state_bits & bits) != 0)
    perhaps = list(set_off.perhaps(asked, of_cause & (in_state | unclear_state)))
    unclear = np.logical_or.reduce([sure, *(which for which, _ in perhaps)]) & of_cause & unclear_state
    perhaps += [*_perhaps(rule, watched, among), (unclear, EntriesInUnclearStates(int(unclear.sum())))]
    perhaps = [(which, reason) for which, reason in perhaps if which.any()]
    more = np.logical_or.reduce([which for which, _ in perhaps] or [np.zeros(len(among), bool)])
    reasons = watched.reasons_of_report()
    if count + int(more.sum()) > rule.at_most:
        reasons += [reason for _, reason in perhaps]
    if reasons:
        return Unproven(reasons, rows=results.rows[more])
    return Held(EntryCount(count, len(results.rows), by_time, watched.spanned_s))


def _perhaps(rule: EntriesOfCause, watched: PolicyCoverage, among: Bools) -> Iterator[tuple[Bools, Reason]]:
    """Yield the entries that could be of the cause that a rule counts, and why."""
    results = watched.result.results
    # An unwatched entry could be of any cause but the picker's, which the report itself shows.
    if rule.cause not in ("picker", "unobserved"):
        which = among & (results.cause == UNOBSERVED)
        yield which, EntriesCameUnwatched(int(which.sum()))
    needs = _NEEDS_OF_CAUSE.get(rule.cause) if rule.cause else _NEEDS_OF_CAUSE["open"]
    if needs is not None and (uncovered := watched.uncovered(needs)):
        which = among & (results.cause == UNEXPLAINED)
        yield which, EntriesUnexplained(int(which.sum()), tuple(uncovered))


def _in_state(results: RuleResults, state: str | None) -> Bools:
    return np.array([state in (None, state_word(bits)) for bits in results.state_bits.tolist()], dtype=bool)


def _no_unreported(rule: NoUnreported, watched: PolicyCoverage) -> Decision:
    """Break where the app read under no entry of the report."""
    runs = [run for run in watched.result.runs if LADDER[run.depth] >= LADDER[rule.depth]]
    spanned_s = watched.spanned_s
    if runs:
        events = np.concatenate([run.positions for run in runs])
        figures = RunCount(spanned_s, len(runs), len(events))
        return Violation(figures, events, first=_first(watched.comparison.sessions, events))
    reasons = [*watched.reasons_unproven(Needs(reads=rule.depth)), *watched.reasons_of_report()]
    return _held_unless(reasons, RunCount(spanned_s))


def _ceiling(rule: Ceiling, watched: PolicyCoverage) -> Decision:
    """Break where the app took more of a ``measure`` than ``per_hour`` of watched time."""
    reads = _reads(watched, "metadata")
    measured = len(reads) if rule.measure == "reads" else cost(watched.timeline)[rule.measure]
    amount = measured or 0
    rate = Rate(amount, amount / watched.hours if watched.hours else 0.0)
    if watched.hours and rate.per_hour > rule.per_hour:
        if twice := list(recorded_twice(watched.comparison.sessions, [watched.result.app])):
            return Unproven([CountedTwice(rule.measure, rule.per_hour, rate.amount, rate.per_hour, twice[0])])
        return Violation(rate, reads if rule.measure != "notifications" else NO_EVENTS)
    reasons = watched.reasons_unproven(_NEEDS_OF_MEASURE[rule.measure])
    if rule.measure == "bytes" and (count := cost(watched.timeline)["deliveries_not_watched"]):
        reasons.append(DeliveriesNotWatched(count))
    if measured is None and len(_reads(watched, "data" if rule.measure == "bytes" else "metadata")):
        reasons.append(NotMeasured(rule.measure))
    return _held_unless(reasons, rate)


def _enough_watched(rule: EnoughWatched, watched: PolicyCoverage) -> Decision:
    """Break where less was watched than the policy asks for: of this, everything is known."""
    shortfall = Shortfall(
        share=rule.share is not None and watched.share < rule.share,
        hours=rule.hours is not None and watched.hours < rule.hours,
        probes=tuple(
            (probe, watched.segments_without(probe))
            for probe in rule.probes
            if not watched.segments or watched.segments_without(probe)
        ),
    )
    return Held(shortfall) if shortfall == Shortfall() else Violation(shortfall)


def _reads(watched: PolicyCoverage, depth: str) -> Ints:
    """Return the positions of the app's own accesses of a depth or deeper, by wall time."""
    at = watched.timeline.at
    return at[watched.comparison.sessions.level[at] >= LADDER[depth]].astype(np.int64)


def _first(sessions: SessionSet, events: Ints) -> FirstEvent:
    position = int(events[0])
    return FirstEvent(sessions.time_of(position), sessions.symbol(position))


def after_midnight(sessions: SessionSet, positions: Ints) -> tuple[Bools, bool]:
    """Return which events are of the night by the device's zone, and whether every device's zone is known."""
    night = np.zeros(len(positions), bool)
    for loaded in sessions.loaded:
        mine = (positions >= loaded.offset) & (positions < loaded.offset + len(loaded.columns))
        night[mine] = _local_s(loaded, sessions.wall_ns[positions[mine]] // NS_PER_S) % 86_400 < NIGHT_UNTIL_S
    return night, all(known_zone(loaded.header) is not None for loaded in sessions.loaded)


def _local_s(loaded: LoadedSession, wall_s: Ints) -> Ints:
    quarters, which = np.unique(wall_s // _QUARTER_S, return_inverse=True)
    offsets = np.array(
        [loaded.zone.offset_s(quarter * _QUARTER_S * NS_PER_S) for quarter in quarters.tolist()], dtype=np.int64
    )
    return wall_s + offsets[which] if len(wall_s) else wall_s
