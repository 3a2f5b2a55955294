"""The rules of a policy, a function each: what was seen of a breach, and what of what was seen can be one.

Separate because it decides only: ``text`` has the sentences, and ``check`` what is made of both. Whether a breach that was not
seen would have been seen is asked in one place, in ``decide``: a rule cannot call itself held.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lightleak.arrays import Bools, Intervals, Ints
from lightleak.comparator.api import recorded_twice
from lightleak.comparator.columns.event_columns import LADDER
from lightleak.comparator.policy.claim import see_claim
from lightleak.comparator.policy.coverage import PolicyCoverage
from lightleak.comparator.policy.decision import (
    NO_EVENTS,
    CallbackCount,
    Decision,
    EntryCount,
    FirstEvent,
    Held,
    ObserverCount,
    Rate,
    ReadCount,
    RunCount,
    Shortfall,
    Sighting,
    Unproven,
    Violation,
)
from lightleak.comparator.policy.needs import Needs, needs_of, needs_of_entries
from lightleak.comparator.policy.question import Question
from lightleak.comparator.policy.reasons import (
    CountedTwice,
    DeliveriesNotWatched,
    EntriesCameUnwatched,
    EntriesInUnclearStates,
    EntriesPerhaps,
    EntriesUnwatched,
    EventsMissing,
    NotMeasured,
    ProbesRemoved,
    ReadsWhileDenied,
    Reason,
    StateUnknown,
    TooLittleWatched,
    TriggersUnknown,
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
from lightleak.comparator.rules.rules import CAUSES, PICKER, TIME, UNOBSERVED, RuleResults, state_word
from lightleak.comparator.summary import NIGHT_UNTIL_S, cost
from lightleak.comparator.timeline.near import TICK_NS
from lightleak.comparator.timeline.segments import AUTHORISED
from lightleak.comparator.timeline.session_set import LoadedSession, SessionSet
from lightleak.comparator.timeline.triggers import CHANGE, UNKNOWN
from lightleak.events import NS_PER_S, STATES
from lightleak.timezones import known_zone

_QUARTER_S = 900
"""No zone changes its offset within a quarter of an hour."""

_IN_PLACES = (TooLittleWatched, EventsMissing, EntriesUnwatched, ProbesRemoved)
"""What was missing at some times only: an entry of another time is not touched by it."""

_PERMISSION_PROBES = ("photo-library.authorization-status", "photo-library.request-authorization")
"""Beginnings of the names of the probes that show whether the app is allowed to read."""


def decide(rule: AnyRule, question: Question) -> Decision:
    """Decide a rule for one app: broken where a breach was seen; held where one would have been, and nothing seen can be one."""
    seen = _see(rule, question)
    if seen.breach is not None:
        return seen.breach
    reasons = list(dict.fromkeys([*seen.doubts, *question.missing(needs_of(rule))]))
    return Unproven(reasons, seen.events, seen.rows) if reasons else Held(seen.figures)


def _see(rule: AnyRule, question: Question) -> Sighting:
    match rule:
        case NoRead():
            return _no_read(rule, question)
        case NoObserver():
            return _no_observer(rule, question)
        case QuietCallbacks():
            return _quiet_callbacks(rule, question)
        case EntriesOfCause():
            return _entries(rule, question)
        case MakersClaim():
            return see_claim(rule, question)
        case NoUnreported():
            return _no_unreported(rule, question)
        case Ceiling():
            return _ceiling(rule, question)
        case EnoughWatched():
            return _enough_watched(rule, question)


def _no_read(rule: NoRead, question: Question) -> Sighting:
    """Break where the app read ``depth`` or deeper, in one of ``states``, at ``night``, set off by one of ``trigger``."""
    watched, sessions = question.watched, question.watched.comparison.sessions
    reads = _reads(watched, rule.depth)
    if rule.night:
        reads = reads[at_night(sessions, reads)]
    in_force, set_off, asked = sessions.state[reads], SetOff.of_reads(question, reads), codes(rule.trigger)
    in_state = np.isin(in_force, [STATES.index(state) for state in rule.states or STATES])
    wrong = reads[in_state & set_off.is_one_of(asked)]
    breach = (
        Violation(ReadCount(len(wrong), _uploads(sessions, wrong)), wrong, first=_first(sessions, wrong))
        if len(wrong)
        else None
    )
    # The state is not known after a loss and before the first event about it.
    stateless = (in_force == 0) & ~in_state
    perhaps = list(set_off.perhaps(asked, in_state | stateless))
    unclear = np.logical_or.reduce([stateless & set_off.is_one_of(asked), *(which for which, _ in perhaps)])
    unknown = int((stateless & unclear).sum())
    doubts: list[Reason] = [StateUnknown(unknown)] if unknown else []
    return Sighting(ReadCount(), breach, [*doubts, *(reason for _, reason in perhaps)], events=reads[unclear])


def _no_observer(rule: NoObserver, question: Question) -> Sighting:
    """Break where a change observer of a class that ``allow`` does not name was found or registered."""
    watched = question.watched
    wrong = [observer for observer in watched.observers if observer.cls not in rule.allow]
    breach = None
    if wrong:
        classes = tuple(sorted({observer.cls for observer in wrong}))
        positions = np.array([observer.position for observer in wrong], dtype=np.int64)
        breach = Violation(ObserverCount(classes, len(wrong)), positions)
    return Sighting(ObserverCount(any_allowed=bool(watched.observers)), breach)


def _quiet_callbacks(rule: QuietCallbacks, question: Question) -> Sighting:
    """Break where the app read from inside a callback of the photo library, or from work that it handed on."""
    watched, sessions = question.watched, question.watched.comparison.sessions
    reads = _reads(watched, rule.depth)
    set_off = SetOff.of_reads(question, reads)
    inside = reads[set_off.is_linked(CHANGE)]
    notifications = int((sessions.level[watched.timeline.at] == LADDER["notification"]).sum())
    count = CallbackCount(notifications, len(inside), _uploads(sessions, inside))
    breach = Violation(count, inside, first=_first(sessions, inside)) if len(inside) else None
    unknown = set_off.kind == UNKNOWN
    doubts: list[Reason] = [TriggersUnknown(int(unknown.sum()), "read")] if unknown.any() else []
    return Sighting(CallbackCount(notifications), breach, doubts, events=reads[unknown])


def _entries(rule: EntriesOfCause, question: Question) -> Sighting:
    """Break where the report has more than ``at_most`` entries of a cause or trigger; in a ``state``, at ``night``."""
    watched, results = question.watched, question.watched.result.results
    entries = watched.comparison.entries
    among = entries.at_night(results.rows, NIGHT_UNTIL_S) if rule.night else np.ones(len(results.rows), bool)
    of_cause = among & (results.cause == CAUSES.index(rule.cause)) if rule.cause else among
    set_off, asked = SetOff.of_entries(question), codes(rule.trigger)
    in_state, sure = _in_state(results, rule.state), set_off.is_one_of(asked)
    counted = of_cause & in_state & sure
    count = int(counted.sum())
    figures = EntryCount(count, len(results.rows), int((results.match == TIME).sum()), watched.spanned_s)
    if count > rule.at_most:
        why = watched.result.explainer.why(int(np.flatnonzero(counted)[0]))
        figures = EntryCount(count, figures.of, figures.by_time, figures.spanned_s, first_why=why)
        return Sighting(figures, Violation(figures, rows=results.rows[counted]))
    # Of several states one can be the one that is asked for, and one that is not known always.
    bits = (1 << STATES.index(rule.state) if rule.state in STATES else 0) | 1 << STATES.index("unknown")
    unclear_state = ~in_state & ((results.state_bits & bits) != 0)
    perhaps = list(set_off.perhaps(asked, of_cause & (in_state | unclear_state)))
    unclear = np.logical_or.reduce([sure, *(which for which, _ in perhaps)]) & of_cause & unclear_state
    perhaps += [*_perhaps(rule, question, among & ~counted), (unclear, EntriesInUnclearStates(int(unclear.sum())))]
    perhaps = [(which, reason) for which, reason in perhaps if which.any()]
    more = np.logical_or.reduce([which for which, _ in perhaps] or [np.zeros(len(among), bool)])
    if count + int(more.sum()) <= rule.at_most:
        return Sighting(figures)
    return Sighting(figures, None, [reason for _, reason in perhaps], rows=results.rows[more])


def _perhaps(rule: EntriesOfCause, question: Question, others: Bools) -> Iterator[tuple[Bools, Reason]]:
    """Yield which of the other entries could be what a rule counts, and why."""
    results = question.watched.result.results
    # An unwatched entry could be of any cause but the picker's, which the report itself shows.
    if rule.cause not in ("picker", "unobserved"):
        which = others & (results.cause == UNOBSERVED)
        yield which, EntriesCameUnwatched(int(which.sum()))
    needs = needs_of_entries(rule)
    if needs is not None and (because := question.missing(needs)):
        which = others & (results.cause != PICKER) & (results.cause != UNOBSERVED)
        if rule.cause in ("unexplained", "picker", "unobserved"):
            which &= results.cause == CAUSES.index(rule.cause)
        if all(isinstance(reason, _IN_PLACES) for reason in because):
            which &= _touches_unwatched(question, needs, to_the_end=rule.state is not None)
        yield which, EntriesPerhaps(int(which.sum()), tuple(because))


def _touches_unwatched(question: Question, needs: Needs, *, to_the_end: bool) -> Bools:
    """Return the entries around whose begin, or up to whose end, something was not watched of what is needed."""
    watched, results = question.watched, question.watched.result.results
    start, entries = results.window_from_ns, watched.comparison.entries
    stop = (entries.until_ns if to_the_end else entries.begin_ns)[results.rows] + TICK_NS
    is_cut = np.asarray(watched.timeline.covered.length_between(start, stop) < stop - start, bool)
    absent = [span for one in question.hooks.absences(needs, watched.segments) for span in one.spans]
    lost = [span for segment in watched.segments for loss in segment.losses for span in loss.spans()]
    unseen = Intervals.union([*absent, *lost])
    if not len(unseen.start):
        return is_cut
    at = np.searchsorted(unseen.stop, start)
    is_touched = (at < len(unseen.start)) & (unseen.start[np.minimum(at, len(unseen.start) - 1)] <= stop)
    return np.asarray(is_cut | is_touched, bool)


def _in_state(results: RuleResults, state: str | None) -> Bools:
    return np.array([state in (None, state_word(bits)) for bits in results.state_bits.tolist()], dtype=bool)


def _no_unreported(rule: NoUnreported, question: Question) -> Sighting:
    """Break where the app read under no entry of the report, at a time of which the report has records."""
    watched = question.watched
    sessions = watched.comparison.sessions
    runs = [run for run in watched.result.runs if LADDER[run.depth] >= LADDER[rule.depth]]
    runs = [run for run in runs if not watched.in_hole(sessions.wall_ns[run.positions]).all()]
    figures = RunCount(watched.spanned_s)
    breach = None
    if runs:
        events = np.concatenate([run.positions for run in runs])
        count = RunCount(figures.spanned_s, len(runs), len(events))
        breach = Violation(count, events, first=_first(sessions, events))
    denied = _while_denied(question, _reads(watched, rule.depth))
    doubts: list[Reason] = [ReadsWhileDenied(len(denied))] if len(denied) else []
    return Sighting(figures, breach, doubts, events=denied)


def _while_denied(question: Question, reads: Ints) -> Ints:
    """Return the reads that do not count because the app seems to have no permission, where a new one can have been missed."""
    watched, sessions = question.watched, question.watched.comparison.sessions
    denied = np.zeros(len(sessions.level), bool)
    for segment in watched.segments:
        offset = sessions.loaded[segment.session - 1].offset
        for start, stop, status in segment.intervals(segment.authorization):
            denied[offset + start : offset + stop] = status is not None and status not in AUTHORISED
    reads = reads[denied[reads]]
    if len(reads) and any(question.hooks.probe_absences(_PERMISSION_PROBES)):
        return reads
    return NO_EVENTS


def _ceiling(rule: Ceiling, question: Question) -> Sighting:
    """Break where the app took more of a ``measure`` than ``per_hour`` of watched time."""
    watched = question.watched
    reads = _reads(watched, "metadata")
    measured = len(reads) if rule.measure == "reads" else cost(watched.timeline)[rule.measure]
    amount = measured or 0
    rate = Rate(amount, amount / watched.hours if watched.hours else 0.0)
    doubts: list[Reason] = []
    breach = None
    if watched.hours and rate.per_hour > rule.per_hour:
        if twice := list(recorded_twice(watched.comparison.sessions, [watched.result.app])):
            doubts.append(CountedTwice(rule.measure, rule.per_hour, rate.amount, rate.per_hour, twice[0]))
        else:
            breach = Violation(rate, reads if rule.measure != "notifications" else NO_EVENTS)
    if rule.measure == "bytes" and (count := cost(watched.timeline)["deliveries_not_watched"]):
        doubts.append(DeliveriesNotWatched(count))
    if measured is None and len(_reads(watched, "data" if rule.measure == "bytes" else "metadata")):
        doubts.append(NotMeasured(rule.measure))
    return Sighting(rate, breach, doubts)


def _enough_watched(rule: EnoughWatched, question: Question) -> Sighting:
    """Break where less was watched than the policy asks for: of this, everything is known."""
    watched = question.watched
    without = [(probe, *watched.segments_without(probe)) for probe in rule.probes]
    shortfall = Shortfall(
        share=rule.share is not None and watched.share < rule.share,
        hours=rule.hours is not None and watched.hours < rule.hours,
        probes=tuple(one for one in without if not watched.segments or any(one[1:])),
    )
    return Sighting(Shortfall(), None if shortfall == Shortfall() else Violation(shortfall))


def _uploads(sessions: SessionSet, reads: Ints) -> int:
    return int((sessions.level[reads] == LADDER["upload"]).sum())


def _reads(watched: PolicyCoverage, depth: str) -> Ints:
    """Return the positions of the app's own accesses of a depth or deeper, by wall time."""
    at = watched.timeline.at
    return at[watched.comparison.sessions.level[at] >= LADDER[depth]].astype(np.int64)


def _first(sessions: SessionSet, events: Ints) -> FirstEvent:
    position = int(events[0])
    return FirstEvent(sessions.time_of(position), sessions.symbol(position))


def at_night(sessions: SessionSet, positions: Ints) -> Bools:
    """Return which events are of the night by their device's zone; none of a device whose zone is not known."""
    night = np.zeros(len(positions), bool)
    for loaded in sessions.loaded:
        if known_zone(loaded.header) is None:
            continue
        mine = (positions >= loaded.offset) & (positions < loaded.offset + len(loaded.columns))
        night[mine] = _local_s(loaded, sessions.wall_ns[positions[mine]] // NS_PER_S) % 86_400 < NIGHT_UNTIL_S
    return night


def _local_s(loaded: LoadedSession, wall_s: Ints) -> Ints:
    quarters, which = np.unique(wall_s // _QUARTER_S, return_inverse=True)
    offsets = np.array(
        [loaded.zone.offset_s(quarter * _QUARTER_S * NS_PER_S) for quarter in quarters.tolist()], dtype=np.int64
    )
    return wall_s + offsets[which] if len(wall_s) else wall_s
