"""The sentences of a policy: a decision in English.

Separate because deciding and saying are two things: nothing here decides.
"""

from __future__ import annotations

from collections.abc import Sequence

from lightleak.comparator.explain.notices import words
from lightleak.comparator.policy import decision as d
from lightleak.comparator.policy import reasons as r
from lightleak.comparator.policy.coverage import PolicyCoverage
from lightleak.comparator.policy.schema import (
    Ceiling,
    EnoughWatched,
    EntriesOfCause,
    MakersClaim,
    NoRead,
    NoUnreported,
    QuietCallbacks,
    Rule,
)
from lightleak.wording import SET_OFF_BY, WATCHED, duration, percent, plural, times

_NAMED = 3
"""How many names a sentence lists before it only counts them."""


def sentence(rule: Rule, decision: d.Decision, watched: PolicyCoverage) -> str:
    """Return what was decided of a rule for one app, as one sentence."""
    match decision:
        case d.Violation():
            return f"{_violation(rule, decision, watched)}{_first(decision.first)}."
        case d.Unproven():
            return f"Not seen to be broken, but not proven: {'; '.join(reason_text(reason) for reason in decision.reasons)}."
        case d.Held():
            lost, share = watched.lost, watched.share
            limits = "" if share == 1 and not lost else f", {percent(share)} of the recorded time, {lost} events lost"
            return f"{_held(rule, decision.figures)} in {_watched(watched)} of watching{limits}."


def _violation(rule: Rule, decision: d.Violation, watched: PolicyCoverage) -> str:
    match rule.options, decision.figures:
        case NoRead() as options, d.ReadCount(reads):
            return f"The app read {options.depth} or deeper{_when(options)}, {times(reads)}"
        case _, d.ObserverCount(classes, count):
            return f"Observes the photo library, not allowed by the policy: {_some(classes)}, {times(count)}"
        case QuietCallbacks() as options, d.CallbackCount(notifications, reads):
            return (
                f"Callbacks read {options.depth} or deeper, {times(reads)} in {_count(notifications, 'notification')}"
            )
        case EntriesOfCause() as options, d.EntryCount() as figures:
            first = figures.first_why.rstrip(".")
            return f"{_entries(options, figures)}, {options.at_most} are allowed; the first: {first}"
        case MakersClaim() as options, d.ClaimCount() as found:
            return f"{_contradictions(options, found)}; the first: {found.first_why.rstrip('.')}"
        case _, d.RunCount(_, runs, events):
            return f"{_count(runs, 'run')} of reads under no entry of the report, {_count(events, 'event')}"
        case Ceiling() as options, d.Rate() as rate:
            return f"{_rate(options.measure, rate, options.per_hour)}, in {_watched(watched)} of watching"
        case EnoughWatched() as options, d.Shortfall() as shortfall:
            return "; ".join(_shortfalls(options, shortfall, watched))
        case _:
            raise AssertionError(f"{rule.kind} has other figures")


def _held(rule: Rule, figures: d.Figures) -> str:
    match rule.options, figures:
        case NoRead() as options, _:
            return f"No read of {options.depth} or deeper{_when(options)}"
        case _, d.ObserverCount(any_allowed=any_allowed):
            return f"No observer of the photo library{' but those that the policy allows' if any_allowed else ''}"
        case QuietCallbacks() as options, d.CallbackCount(notifications):
            count = _count(notifications, "notification")
            return f"{count}, and no read of {options.depth} or deeper inside a callback,"
        case EntriesOfCause() as options, d.EntryCount() as found:
            by_time = f" ({found.by_time} matched by time only)" if found.by_time else ""
            said = f"{_entries(options, found)}, {options.at_most} allowed{by_time}"
            return f"{said}; the report spans {_spanned(found.spanned_s)},"
        case MakersClaim(), d.ClaimCount() as found:
            opens = f", {found.opens} only opened the library" if found.opens else ""
            deepest = f", the deepest read {found.deepest}" if found.fits else ""
            entries = f"{_count(found.entries, 'entry', 'entries')} in the background"
            return f"{entries}: {found.fits} set off by a change, by link{deepest}{opens}"
        case NoUnreported() as options, d.RunCount(spanned_s):
            outside = f"No read of {options.depth} or deeper outside of the report's entries"
            return f"{outside}, where the report spans {_spanned(spanned_s)},"
        case Ceiling() as options, d.Rate() as rate:
            return _rate(options.measure, rate, options.per_hour)
        case _:
            return "Watched as asked for,"


def reason_text(reason: r.Reason) -> str:
    """Return why nothing seen proves nothing, as a part of a sentence."""
    match reason:
        case r.NothingWatched(app):
            return f"no process of {app} was watched"
        case r.TooLittleWatched(share, asked):
            return f"only {percent(share)} of the recorded time was watched ({percent(asked)} are asked for)"
        case r.EventsMissing(count):
            return f"{count} {'event is' if count == 1 else 'events are'} missing from the recording"
        case r.EntriesUnwatched(count):
            entries = "one entry" if count == 1 else f"{count} entries"
            return f"{entries} of the report came while the app was not watched, within the session"
        case r.ProbesMissing(symbols):
            return f"not hooked: {_some(symbols)}"
        case r.CallbacksNotHooked(symbols):
            return f"callbacks not hooked: {', '.join(symbols[:_NAMED])}"
        case r.CallbacksHookedLate(symbols):
            return f"replaced, and hooked up to a second later: {', '.join(symbols[:_NAMED])}"
        case r.DeliveriesNotWatched(count):
            return f"{_count(count, 'delivery', 'deliveries')} could not be watched"
        case r.RegisteredBefore(symbols):
            return f"registered perhaps before the recording: {', '.join(symbols[:_NAMED])}"
        case r.ZoneUnknown():
            return "the sessions do not name the device's time zone"
        case r.StateUnknown(reads):
            return f"{_count(reads, 'read')} happened in a state that is not known"
        case r.NoCommonTime():
            return "the report and the recording have no time in common"
        case r.EntriesCameUnwatched(count):
            return f"{_count(count, 'entry', 'entries')} came while the app was not watched"
        case r.EntriesUnexplained(count, because):
            unseen = "; ".join(map(reason_text, because))
            return f"{_count(count, 'entry', 'entries')} could be of it unseen ({unseen})"
        case r.EntriesInUnclearStates(count):
            return f"{_count(count, 'entry', 'entries')} happened in states that are mixed or not known"
        case r.HandOffsEscaped(()):
            return "the recording does not say whether handed-on work was followed"
        case r.HandOffsEscaped(symbols):
            return f"handed-on work was not followed: {_some(symbols)}"
        case r.OriginsUnwatched(symbols):
            return f"touches or wake-ups not watched: {_some(symbols)}"
        case r.TriggersByTime(count, noun):
            return f"what set off {_nouns(count, noun)} is known by time only, which is likely, not sure"
        case r.TriggersUnknown(count, noun):
            return f"what set off {_nouns(count, noun)} is not known"
        case r.TriggersUnlinked(count, noun, because):
            unseen = "; ".join(map(reason_text, because))
            return f"no link shows what set off {_nouns(count, noun)}, and there can have been one{f' ({unseen})' * bool(unseen)}"
        case r.EntriesMatchedByTime(count):
            return (
                f"{_count(count, 'entry', 'entries')} in the background matched by time only, which is likely, not sure"
            )
        case r.EntriesReadOtherwise(count):
            return f"under {_count(count, 'entry', 'entries')} the app also read for another reason than a change, or an unknown one"
        case r.ReadsUnderNoEntry(count):
            return (
                f"{_count(count, 'run', 'runs')} of reads in the background under no entry, and no link shows that a change "
                f"set {'it' if count == 1 else 'them'} off"
            )
        case r.EntriesUndecided(count):
            return f"nothing seen explains {_count(count, 'entry', 'entries')} in the background"
        case r.CountedTwice(measure, allowed, amount, per_hour, notice):
            return f"{_rate(measure, d.Rate(amount, per_hour), allowed)}; {words(notice).rstrip('.')}"


def _shortfalls(options: EnoughWatched, shortfall: d.Shortfall, watched: PolicyCoverage) -> list[str]:
    texts = []
    if shortfall.share and options.share is not None:
        asked = percent(options.share)
        texts.append(f"{percent(watched.share)} of the recorded time was watched, {asked} are asked for")
    if shortfall.hours and options.hours is not None:
        texts.append(f"{_watched(watched)} were watched, {options.hours:g} h are asked for")
    segments = len(watched.segments)
    for probe, without in shortfall.probes:
        where = f"in {without} of {_count(segments, 'segment')}" if segments else "anywhere"
        texts.append(f"{probe} was not installed {where}")
    return texts


def _contradictions(options: MakersClaim, found: d.ClaimCount) -> str:
    """Return how many entries are not as the claim says, and why."""
    wrong = sum(count for _, count in found.contradicts) + found.too_deep
    parts = [f"{count} set off by {SET_OFF_BY[kind]}" for kind, count in found.contradicts]
    parts += [f"{found.too_deep} deeper than {options.deepest}"] if found.too_deep else []
    entries = f"{wrong} of {_count(found.entries, 'entry', 'entries')} in the background"
    return f"{entries} {'does' if wrong == 1 else 'do'} not fit the claim: {', '.join(parts)}"


def _nouns(count: int, noun: str) -> str:
    return _count(count, noun, "entries" if noun == "entry" else "")


def _set_off(trigger: str | Sequence[str]) -> str:
    """Return ``set off by a touch`` for the triggers that a rule names; nothing where it names none."""
    names = [trigger] if isinstance(trigger, str) else trigger
    return f"set off by {' or '.join(SET_OFF_BY[name] for name in names)}" if names else ""


def _when(options: NoRead) -> str:
    states = f" while {' or '.join(options.states)}" if options.states else ""
    return f"{states}{' between 00:00 and 06:00' if options.night else ''}{', ' * bool(options.trigger)}{_set_off(options.trigger)}"


def _entries(options: EntriesOfCause, figures: d.EntryCount) -> str:
    night = "begun between 00:00 and 06:00" if options.night else ""
    entries = f"{_count(figures.counted, 'entry', 'entries')} of {figures.of}"
    what = " and ".join(filter(None, (options.cause, options.state, night, _set_off(options.trigger))))
    return f"{entries} {'is' if figures.counted == 1 else 'are'} {what}"


def _rate(measure: str, rate: d.Rate, allowed: float) -> str:
    amount = f"{rate.amount:,.10g} {measure.replace('_', ' ')}"
    return f"{amount}, {rate.per_hour:,.0f} per watched hour, {allowed:,.10g} allowed"


def _first(first: d.FirstEvent | None) -> str:
    if first is None:
        return ""
    return f", first at {first.at}{f' by {first.symbol}' if first.symbol else ''}"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"


def _count(count: int, one: str, many: str = "") -> str:
    return plural(count, one, many, grouped=False)


def _watched(watched: PolicyCoverage) -> str:
    return duration(watched.hours * 3600, WATCHED)


def _spanned(spanned_s: float) -> str:
    return f"{duration(spanned_s, WATCHED)} of what was watched"
