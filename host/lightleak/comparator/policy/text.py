"""The sentences of a policy: a decision in English.

Separate because deciding and saying are two things: nothing here decides.
"""

from __future__ import annotations

from collections.abc import Sequence

from lightleak.comparator.policy import decision as d
from lightleak.comparator.policy.coverage import PolicyCoverage
from lightleak.comparator.policy.reason_text import count_of, joined, rate_text, some_names
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
from lightleak.wording import SET_OFF_BY, WATCHED, duration, percent, times


def sentence(rule: Rule, decision: d.Decision, watched: PolicyCoverage) -> str:
    """Return what was decided of a rule for one app, as one sentence."""
    match decision:
        case d.Violation():
            return f"{_violation(rule, decision, watched)}{_first(decision.first)}."
        case d.Unproven():
            return f"Not seen to be broken, but not proven: {joined(decision.reasons)}."
        case d.Held():
            missing, share = watched.timeline.missing, watched.share
            limits = "" if share == 1 and not missing else f", {percent(share)} of the recorded time, {missing.words()}"
            return f"{_held(rule, decision.figures)} in {_watched(watched)} of watching{limits}."


def _violation(rule: Rule, decision: d.Violation, watched: PolicyCoverage) -> str:
    match rule.options, decision.figures:
        case NoRead() as options, d.ReadCount(reads, uploads):
            return f"The app {_did(options.depth, reads, uploads)}{_when(options)}, {times(reads)}{_of_them(reads, uploads)}"
        case _, d.ObserverCount(classes, count):
            return f"Observes the photo library, not allowed by the policy: {some_names(classes)}, {times(count)}"
        case QuietCallbacks() as options, d.CallbackCount(notifications, reads, uploads):
            did, often = _did(options.depth, reads, uploads), f"{times(reads)}{_of_them(reads, uploads)}"
            return f"Callbacks {did}, {often} in {count_of(notifications, 'notification')}"
        case EntriesOfCause() as options, d.EntryCount() as figures:
            first = figures.first_why.rstrip(".")
            return f"{_entries(options, figures)}, {options.at_most} are allowed; the first: {first}"
        case MakersClaim() as options, d.ClaimCount() as found:
            return f"{_contradictions(options, found)}; the first: {found.first_why.rstrip('.')}"
        case _, d.RunCount(_, runs, events):
            return f"{count_of(runs, 'run')} of reads under no entry of the report, {count_of(events, 'event')}"
        case Ceiling() as options, d.Rate() as rate:
            return f"{rate_text(options.measure, rate.amount, rate.per_hour, options.per_hour)}, in {_watched(watched)} of watching"
        case EnoughWatched() as options, d.Shortfall() as shortfall:
            return "; ".join(_shortfalls(options, shortfall, watched))
        case _:
            raise AssertionError(f"{rule.kind} has other figures")


def _did(depth: str, reads: int, uploads: int) -> str:
    # An upload is the deepest, and no reading: the app asks iOS for it.
    return "asked iOS to upload photos" if uploads == reads else f"read {depth} or deeper"


def _of_them(reads: int, uploads: int) -> str:
    return f" ({uploads:,} of them asking iOS to upload)" if 0 < uploads < reads else ""


def _doing(depth: str) -> str:
    return "request to iOS to upload photos" if depth == "upload" else f"read of {depth} or deeper"


def _held(rule: Rule, figures: d.Figures) -> str:
    match rule.options, figures:
        case NoRead() as options, _:
            return f"No {_doing(options.depth)}{_when(options)}"
        case _, d.ObserverCount(any_allowed=any_allowed):
            return f"No observer of the photo library{' but those that the policy allows' if any_allowed else ''}"
        case QuietCallbacks() as options, d.CallbackCount(notifications):
            count = count_of(notifications, "notification")
            return f"{count}, and no {_doing(options.depth)} inside a callback,"
        case EntriesOfCause() as options, d.EntryCount() as found:
            by_time = f" ({found.by_time} matched by time only)" if found.by_time else ""
            said = f"{_entries(options, found)}, {options.at_most} allowed{by_time}"
            return f"{said}; the report spans {_spanned(found.spanned_s)},"
        case MakersClaim(), d.ClaimCount() as found:
            opens = f", {found.opens} only opened the library" if found.opens else ""
            deepest = f", the deepest read {found.deepest}" if found.fits else ""
            entries = f"{count_of(found.entries, 'entry', 'entries')} in the background"
            return f"{entries}: {found.fits} set off by a change, by link{deepest}{opens}"
        case NoUnreported() as options, d.RunCount(spanned_s):
            outside = f"No {_doing(options.depth)} outside of the report's entries"
            return f"{outside}, where the report spans {_spanned(spanned_s)},"
        case Ceiling() as options, d.Rate() as rate:
            return rate_text(options.measure, rate.amount, rate.per_hour, options.per_hour)
        case _:
            return "Watched as asked for,"


def _shortfalls(options: EnoughWatched, shortfall: d.Shortfall, watched: PolicyCoverage) -> list[str]:
    texts = []
    if shortfall.share and options.share is not None:
        asked = percent(options.share)
        texts.append(f"{percent(watched.share)} of the recorded time was watched, {asked} are asked for")
    if shortfall.hours and options.hours is not None:
        texts.append(f"{_watched(watched)} were watched, {options.hours:g} h are asked for")
    segments = len(watched.segments)
    for probe, never, in_part in shortfall.probes:
        if never or not segments:
            where = f"in {never} of {count_of(segments, 'segment')}" if segments else "anywhere"
            texts.append(f"{probe} was not installed {where}")
        if in_part:
            texts.append(f"{probe} was not installed all the time in {in_part} of {count_of(segments, 'segment')}")
    return texts


def _contradictions(options: MakersClaim, found: d.ClaimCount) -> str:
    """Return how many entries are not as the claim says, and why."""
    wrong = sum(count for _, count in found.contradicts) + found.too_deep
    parts = [f"{count} set off by {SET_OFF_BY[kind]}" for kind, count in found.contradicts]
    parts += [f"{found.too_deep} deeper than {options.deepest}"] if found.too_deep else []
    entries = f"{wrong} of {count_of(found.entries, 'entry', 'entries')} in the background"
    return f"{entries} {'does' if wrong == 1 else 'do'} not fit the claim: {', '.join(parts)}"


def _set_off(trigger: str | Sequence[str]) -> str:
    """Return ``set off by a touch`` for the triggers that a rule names; nothing where it names none."""
    names = [trigger] if isinstance(trigger, str) else trigger
    return f"set off by {' or '.join(SET_OFF_BY[name] for name in names)}" if names else ""


def _when(options: NoRead) -> str:
    states = f" while {' or '.join(options.states)}" if options.states else ""
    return f"{states}{' between 00:00 and 06:00' if options.night else ''}{', ' * bool(options.trigger)}{_set_off(options.trigger)}"


def _entries(options: EntriesOfCause, figures: d.EntryCount) -> str:
    night = "begun between 00:00 and 06:00" if options.night else ""
    entries = f"{count_of(figures.counted, 'entry', 'entries')} of {figures.of}"
    what = " and ".join(filter(None, (options.cause, options.state, night, _set_off(options.trigger))))
    return f"{entries} {'is' if figures.counted == 1 else 'are'} {what}"


def _first(first: d.FirstEvent | None) -> str:
    if first is None:
        return ""
    return f", first at {first.at}{f' by {first.symbol}' if first.symbol else ''}"


def _watched(watched: PolicyCoverage) -> str:
    return duration(watched.hours * 3600, WATCHED)


def _spanned(spanned_s: float) -> str:
    return f"{duration(spanned_s, WATCHED)} of what was watched"
