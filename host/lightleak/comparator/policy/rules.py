"""The rules of a policy, a function each: what breaks it, and what keeps it from being proven."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from lightleak.arrays import Bools, Ints
from lightleak.comparator.columns.event_columns import LADDER
from lightleak.comparator.explain.notices import words
from lightleak.comparator.policy.coverage import PolicyCoverage
from lightleak.comparator.policy.outcome import NO_EVENTS, RuleCheck, RuleOutcome
from lightleak.comparator.policy.schema import Rule
from lightleak.comparator.rules.report_entries import ReportEntries
from lightleak.comparator.rules.rules import CAUSES, TIME, UNEXPLAINED, UNOBSERVED, RuleResults
from lightleak.comparator.summary import NIGHT_UNTIL_S, cost
from lightleak.comparator.timeline.segments import state_word
from lightleak.comparator.timeline.session_set import LoadedSession, SessionSet
from lightleak.comparator.warnings import recorded_twice
from lightleak.events import NS_PER_S, STATES
from lightleak.timezones import known_zone
from lightleak.wording import WATCHED, duration, percent, plural, times

_QUARTER_S = 900
"""No zone changes its offset within a quarter of an hour."""


def after_midnight(recording: SessionSet, positions: Ints) -> tuple[Bools, bool]:
    """Tell which events are of the night, and whether the zone of every device among them is known."""
    night = np.zeros(len(positions), bool)
    for take in recording.takes:
        mine = (positions >= take.offset) & (positions < take.offset + len(take.tape))
        night[mine] = _local_s(take, recording.wall_ns[positions[mine]] // NS_PER_S) % 86_400 < NIGHT_UNTIL_S
    return night, all(known_zone(take.header) is not None for take in recording.takes)


def entries_after_midnight(entries: ReportEntries, rows: Ints) -> Bools:
    """Tell which entries begin in the night, as the report's own offset tells it."""
    begin, offset = entries.columns.begin_ns[rows], entries.columns.begin_offset_s[rows]
    return np.asarray(((begin // NS_PER_S + offset) % 86_400 < NIGHT_UNTIL_S) & entries.has_begin[rows], dtype=bool)


def _local_s(take: LoadedSession, wall_s: Ints) -> Ints:
    quarters, which = np.unique(wall_s // _QUARTER_S, return_inverse=True)
    offsets = np.array(
        [take.zone.offset_s(quarter * _QUARTER_S * NS_PER_S) for quarter in quarters.tolist()], dtype=np.int64
    )
    return wall_s + offsets[which] if len(wall_s) else wall_s


def judge(rule: Rule, watch: PolicyCoverage) -> RuleOutcome:
    """Hold one app against one rule."""
    return _JUDGES[rule.kind](RuleCheck(rule, watch))


def _no_read(case: RuleCheck) -> RuleOutcome:
    """Break where the app read ``depth`` or deeper, in one of ``states``, at ``night``."""
    depth, states, night = (case.rule.options[key] for key in ("depth", "states", "night"))
    watch = case.watch
    reads = _reads(watch, depth)
    doubts = watch.doubts(reads=depth)
    if night:
        at_night, told = after_midnight(watch.comparison.recording, reads)
        if not told:
            doubts.append("the sessions do not tell the device's time zone")
        reads = reads[at_night]
    when = f"{f' while {_listed(states)}' if states else ''}{' between 00:00 and 06:00' if night else ''}"
    in_force = watch.comparison.recording.state[reads]
    # What the state was is not known after a loss and before the first word on it.
    doubtful = reads[in_force == 0] if states and "unknown" not in states else NO_EVENTS
    wrong = reads[np.isin(in_force, [STATES.index(state) for state in states])] if states else reads
    if len(wrong) and not (night and not told):
        return case.broken(f"The app read {depth} or deeper{when}, {times(len(wrong))}{_first(watch, wrong)}", wrong)
    if len(doubtful):
        doubts.insert(0, f"{plural(len(doubtful), 'read', grouped=False)} happened in a state that is not known")
    return case.not_proven(doubts, doubtful) if doubts else case.held(f"No read of {depth} or deeper{when}")


def _no_observer(case: RuleCheck) -> RuleOutcome:
    """Break where a change observer of a class that ``allow`` does not name was found or registered."""
    allowed = set(case.rule.options["allow"])
    wrong = [observer for observer in case.watch.observers if observer.cls not in allowed]
    if wrong:
        classes = sorted({observer.cls for observer in wrong})
        more = f" and {len(classes) - 3} more" if len(classes) > 3 else ""
        why = f"Observes the photo library without leave of the policy: {', '.join(classes[:3])}{more}, {times(len(wrong))}"
        return case.broken(why, np.array([observer.position for observer in wrong], dtype=np.int64))
    also = " but those that the policy allows" if case.watch.observers else ""
    return case.settle(case.watch.doubts(observers=True), f"No observer of the photo library{also}")


def _quiet_callbacks(case: RuleCheck) -> RuleOutcome:
    """Break where the app read from inside a callback of the photo library."""
    depth = case.rule.options["depth"]
    watch = case.watch
    reads = _reads(watch, depth)
    caused = [take.offset + take.tape.caused[:, 0] for take in watch.comparison.recording.takes]
    inside = reads[np.isin(reads, np.concatenate(caused))]
    notified = int((watch.comparison.recording.level[watch.lane.at] == LADDER["notification"]).sum())
    if len(inside):
        why = f"Callbacks read {depth} or deeper, {times(len(inside))} in {plural(notified, 'notification', grouped=False)}"
        return case.broken(f"{why}{_first(watch, inside)}", inside)
    doubts = watch.doubts(reads=depth, callbacks=True)
    return case.settle(
        doubts,
        f"{plural(notified, 'notification', grouped=False)}, and no read of {depth} or deeper inside a callback,",
    )


def _entries(case: RuleCheck) -> RuleOutcome:
    """Break where the report has more than ``at_most`` entries of a cause; in a ``state``, at ``night``."""
    cause, at_most, state, night = (case.rule.options[key] for key in ("cause", "at_most", "state", "night"))
    watch, ruling = case.watch, case.watch.found.ruling
    among = entries_after_midnight(watch.comparison.entries, ruling.rows) if night else np.ones(len(ruling.rows), bool)
    of_cause = among & (ruling.cause == CAUSES.index(cause))
    chosen = of_cause & _in_state(ruling, state)
    count = int(chosen.sum())
    which = f"{cause}{f' and {state}' if state else ''}{' and begun between 00:00 and 06:00' if night else ''}"
    said = f"{plural(count, 'entry', 'entries', grouped=False)} of {len(ruling.rows)} {'is' if count == 1 else 'are'} {which}"
    if count > at_most:
        first = f"; the first: {watch.found.explainer.why(int(np.flatnonzero(chosen)[0])).rstrip('.')}"
        return case.broken(f"{said}, {at_most} are allowed{first}", rows=ruling.rows[chosen])
    perhaps = list(_perhaps(case, among, of_cause & ~chosen))
    more = np.logical_or.reduce([which for which, _ in perhaps] or [np.zeros(len(among), bool)])
    doubts = _report_doubts(watch)
    if count + int(more.sum()) > at_most:
        doubts += [
            f"{plural(int(which.sum()), 'entry', 'entries', grouped=False)} {reason}"
            for which, reason in perhaps
            if which.any()
        ]
    if doubts:
        return case.not_proven(doubts, rows=ruling.rows[more])
    by_time = int((ruling.match == TIME).sum())
    matched = f" ({by_time} matched by time only)" if by_time else ""
    return case.held(f"{said}, {at_most} allowed{matched}; the report spans {_spanned(watch)},")


def _perhaps(case: RuleCheck, among: Bools, other_state: Bools) -> Iterator[tuple[Bools, str]]:
    """Find the entries that could be of the cause and state that a rule counts, and say why."""
    cause, state, ruling = case.rule.options["cause"], case.rule.options["state"], case.watch.found.ruling
    # An entry that nobody watched could be of any cause but the picker's, which the report itself tells.
    if cause not in ("picker", "unobserved"):
        yield among & (ruling.cause == UNOBSERVED), "came while the app was not watched"
    if blind := case.watch.blind(**_SEEN_BY[cause]) if cause in _SEEN_BY else []:
        yield among & (ruling.cause == UNEXPLAINED), f"could be of it unseen ({'; '.join(blind)})"
    if state:
        # Of several states one can be the one that is asked for, and one that is not known always.
        bits = (1 << STATES.index(state) if state in STATES else 0) | 1 << STATES.index("unknown")
        yield other_state & ((ruling.state_bits & bits) != 0), "happened in states that are mixed or not known"


_SEEN_BY: Mapping[str, Mapping[str, Any]] = {
    "query": {"reads": "metadata"},
    "open": {"reads": "metadata", "observers": True},
    "notification": {"callbacks": True},
}
"""Cause → what must be watched for it to be seen, as ``Watch.blind`` takes it."""


def _in_state(ruling: RuleResults, state: str | None) -> Bools:
    return np.array([state in (None, state_word(bits)) for bits in ruling.state_bits.tolist()], dtype=bool)


def _no_unreported(case: RuleCheck) -> RuleOutcome:
    """Break where the app read under no entry of the report."""
    depth = case.rule.options["depth"]
    runs = [run for run in case.watch.found.runs if LADDER[run.depth] >= LADDER[depth]]
    if runs:
        events = np.concatenate([run.positions for run in runs])
        why = f"{plural(len(runs), 'run', grouped=False)} of reads under no entry of the report, {plural(len(events), 'event', grouped=False)}"
        return case.broken(f"{why}{_first(case.watch, events)}", events)
    doubts = [*case.watch.doubts(reads=depth), *_report_doubts(case.watch)]
    spanned = (
        f"No read of {depth} or deeper outside of the report's entries, where the report spans {_spanned(case.watch)},"
    )
    return case.settle(doubts, spanned)


def _ceiling(case: RuleCheck) -> RuleOutcome:
    """Break where the app took more of a ``measure`` than ``per_hour`` of watched time."""
    measure, limit = case.rule.options["measure"], case.rule.options["per_hour"]
    watch = case.watch
    reads = _reads(watch, "metadata")
    amount = len(reads) if measure == "reads" else cost(watch.lane)[measure]
    rate = amount / watch.hours if watch.hours else 0.0
    said = f"{amount:,.10g} {measure.replace('_', ' ')}, {rate:,.0f} per watched hour, {limit:,.10g} allowed"
    if watch.hours and rate > limit:
        if twice := list(recorded_twice(watch.comparison.recording, [watch.found.app])):
            return case.not_proven([said, words(twice[0]).rstrip(".")])
        return case.broken(
            f"{said}, in {duration(watch.hours * 3600, WATCHED)} of watching",
            reads if measure != "notifications" else NO_EVENTS,
        )
    doubts = watch.doubts(
        reads={"bytes": "data", "notifications": None}.get(measure, "metadata"),
        callbacks=measure in ("notifications", "cpu_ms"),
    )
    return case.settle(doubts, said)


def _coverage(case: RuleCheck) -> RuleOutcome:
    """Break where less was watched than the policy asks for: of this, everything is known."""
    share, hours, probes = (case.rule.options[key] for key in ("share", "hours", "probes"))
    watch = case.watch
    wrong = []
    if share is not None and watch.share < share:
        wrong.append(f"{percent(watch.share)} of the recorded time was watched, {percent(share)} are asked for")
    if hours is not None and watch.hours < hours:
        wrong.append(f"{duration(watch.hours * 3600, WATCHED)} were watched, {hours:g} h are asked for")
    for probe in probes:
        if not watch.segments or (blind := watch.missing(probe)):
            where = (
                f"in {blind} of {plural(len(watch.segments), 'segment', grouped=False)}"
                if watch.segments
                else "anywhere"
            )
            wrong.append(f"{probe} was not installed {where}")
    return case.broken("; ".join(wrong)) if wrong else case.held("Watched as asked for,")


_JUDGES: Mapping[str, Callable[[RuleCheck], RuleOutcome]] = {
    "no-read": _no_read,
    "no-observer": _no_observer,
    "quiet-callbacks": _quiet_callbacks,
    "entries": _entries,
    "no-unreported": _no_unreported,
    "ceiling": _ceiling,
    "coverage": _coverage,
}


def _reads(watch: PolicyCoverage, depth: str) -> Ints:
    """Positions of the app's own accesses of a depth or deeper, by wall time."""
    return watch.lane.at[watch.comparison.recording.level[watch.lane.at] >= LADDER[depth]].astype(np.int64)


def _report_doubts(watch: PolicyCoverage) -> list[str]:
    """Say why the report cannot speak of the time that was watched."""
    if not watch.segments:
        return [f"no process of {watch.found.app} was watched"]
    if not _spanned_s(watch):
        return ["the report and the recording have no time in common"]
    return []


def _spanned_s(watch: PolicyCoverage) -> float:
    """How much of the watched time lies between the first and the last line of the report, s."""
    first, last = watch.comparison.report.first_ns, watch.comparison.report.last_ns
    if first is None or last is None:
        return 0.0
    return int(watch.lane.covered.length_between(np.array([first]), np.array([last]))[0]) / NS_PER_S


def _spanned(watch: PolicyCoverage) -> str:
    return f"{duration(_spanned_s(watch), WATCHED)} of what was watched"


def _first(watch: PolicyCoverage, events: Ints) -> str:
    position = int(events[0])
    symbol = watch.comparison.recording.symbol(position)
    when = watch.comparison.recording.take_of(position).zone.format(int(watch.comparison.recording.wall_ns[position]))
    return f", first at {when}{f' by {symbol}' if symbol else ''}"


def _listed(words: Any) -> str:
    return " or ".join(words)
