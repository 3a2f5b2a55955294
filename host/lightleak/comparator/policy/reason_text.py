"""The reasons of a policy in English: why nothing seen proves nothing, each a part of a sentence.

Separate because there are many of them, and ``text`` has the sentences that they are parts of.
"""

from __future__ import annotations

from collections.abc import Sequence

from lightleak.comparator.explain.notices import words
from lightleak.comparator.policy import reasons as r
from lightleak.events import NS_PER_MS
from lightleak.losses import Losses
from lightleak.wording import WATCHED, duration, percent, plural, times

_NAMED = 3
"""How many names a sentence lists before it only counts them."""


def reason_text(reason: r.Reason) -> str:
    """Return why nothing seen proves nothing, as a part of a sentence."""
    for part in (_of_files, _of_watching, _of_time, _of_acts):
        if text := part(reason):
            return text
    raise AssertionError(f"{reason} has no words")


def joined(reasons: Sequence[r.Reason]) -> str:
    """Return several reasons as one part of a sentence."""
    return "; ".join(map(reason_text, reasons))


def _of_files(reason: r.Reason) -> str:
    """Return what is wrong with files and lines."""
    match reason:
        case r.ValuesUnreadable(keys):
            return f"values of another type than their key has: {some_names(keys)}"
        case r.EventsMissing(0, processes, unseen_ms):
            return Losses(0, processes, round(unseen_ms * NS_PER_MS)).words()
        case r.EventsMissing(count, processes, unseen_ms):
            missing = f"{count} {'event is' if count == 1 else 'events are'} missing from the recording"
            cut = Losses(0, processes, round(unseen_ms * NS_PER_MS))
            return f"{missing}, {cut.words()}" if cut else missing
        case r.FilesDamaged(files):
            what = "is damaged or has no end" if len(files) == 1 else "are damaged or have no end"
            return f"{some_names(files)} {what}, and what was lost can be it"
        case r.FilesMissing(files):
            return f"a part of the recording was not given: {some_names(files)}"
        case r.LinesUnreadable(count):
            return f"{count_of(count, 'line')} of the recording cannot be read"
        case r.KindsUnknown(kinds, count):
            return f"{count_of(count, 'event')} of kinds that this version does not know: {some_names(kinds)}"
        case r.DepthsUnknown(count):
            return f"{count_of(count, 'access', 'accesses')} of a depth that this version does not know"
        case r.ObserversUnreadable(count):
            return f"{count_of(count, 'observer')} cannot be read, so of which class or of what is not known"
        case r.ReportUnreadable(count):
            return f"{count_of(count, 'part')} of the report could not be read"
    return ""


def _of_watching(reason: r.Reason) -> str:
    """Return what was not watched, and when."""
    match reason:
        case r.NothingWatched(app):
            return f"no process of {app} was watched"
        case r.TooLittleWatched(share, asked):
            return f"only {percent(share)} of the recorded time was watched ({percent(asked)} are asked for)"
        case r.EntriesUnwatched(count):
            entries = "one entry" if count == 1 else f"{count} entries"
            return f"{entries} of the report came while the app was not watched, within the session"
        case r.ProbesMissing(symbols):
            return f"not hooked: {some_names(symbols)}"
        case r.ProbesRemoved(symbols, lasted_s):
            return f"not hooked for {duration(lasted_s, WATCHED)} of what was watched: {some_names(symbols)}"
        case r.NoCoveredTime():
            return "the app was watched for no time"
        case r.NeverReady(count):
            are = "process of the app was" if count == 1 else "processes of the app were"
            return f"{count} {are} attached to and watched for no time"
        case r.ProcessesUnnamed(count):
            are = "process of the recording is" if count == 1 else "processes of the recording are"
            return f"{count} {are} not named, and can be the app's"
        case r.CallbacksNotHooked(symbols):
            return f"callbacks not hooked: {', '.join(symbols[:_NAMED])}"
        case r.CallbacksHookedLate(symbols):
            return f"replaced, and hooked up to a second later: {', '.join(symbols[:_NAMED])}"
        case r.DeliveriesNotWatched(count):
            return f"{count_of(count, 'delivery', 'deliveries')} could not be watched"
        case r.RegisteredBefore(symbols):
            return f"registered perhaps before the recording: {', '.join(symbols[:_NAMED])}"
        case r.HandOffsEscaped(()):
            return "the recording does not say whether handed-on work was followed"
        case r.HandOffsEscaped(symbols):
            return f"handed-on work was not followed: {some_names(symbols)}"
        case r.OriginsUnwatched(symbols):
            return f"touches or wake-ups not watched: {some_names(symbols)}"
    return ""


def _of_time(reason: r.Reason) -> str:
    """Return what is not known about times, states and the report."""
    match reason:
        case r.ClockSet(count):
            return f"the device's clock was set {times(count)} during the recording"
        case r.ReportZoneUnknown():
            return "times of an on-device store have no time zone"
        case r.ReportSpansLess(outside_s, covered_s):
            of = f"{duration(outside_s, WATCHED)} of the {duration(covered_s, WATCHED)} that were watched"
            return f"the report does not span {of}"
        case r.ActsOutsideReport(count, noun):
            return f"{count_of(count, noun)} at times that the report does not span"
        case r.ReadsWhileDenied(count):
            seemed = "seemed to be denied, and what shows a new permission was not hooked all the time"
            return f"{count_of(count, 'read')} while the permission {seemed}"
        case r.DeviceZoneUnknown():
            return "the sessions do not name the device's time zone, or name one that is not known"
        case r.StateUnknown(reads):
            return f"{count_of(reads, 'read')} happened in a state that is not known"
        case r.ReportOfOneDevice(models):
            return f"the sessions are of several devices ({', '.join(models)}), and the report is of one"
        case r.NoCommonTime():
            return "the report and the recording have no time in common"
    return ""


def _of_acts(reason: r.Reason) -> str:
    """Return which acts and entries can be a breach."""
    match reason:
        case r.NoEntryInBackground(0):
            return "no entry in the background"
        case r.NoEntryInBackground():
            return "no entry in the background but openings of the library"
        case r.EntriesCameUnwatched(count):
            return f"{count_of(count, 'entry', 'entries')} came while the app was not watched"
        case r.EntriesPerhaps(count, because):
            unseen = joined(because)
            return f"{count_of(count, 'entry', 'entries')} could be of it unseen ({unseen})"
        case r.EntriesInUnclearStates(count):
            return f"{count_of(count, 'entry', 'entries')} happened in states that are mixed or not known"
        case r.TriggersByTime(count, noun):
            return f"what set off {_nouns(count, noun)} is known by time only, which is likely, not sure"
        case r.TriggersUnknown(count, noun):
            return f"what set off {_nouns(count, noun)} is not known"
        case r.TriggersUnlinked(count, noun, because):
            unseen = joined(because)
            return f"no link shows what set off {_nouns(count, noun)}, and there can have been one{f' ({unseen})' * bool(unseen)}"
        case r.EntriesMatchedByTime(count):
            return f"{count_of(count, 'entry', 'entries')} in the background matched by time only, which is likely, not sure"
        case r.EntriesReadOtherwise(count):
            return f"under {count_of(count, 'entry', 'entries')} the app also read for another reason than a change, or an unknown one"
        case r.ReadsUnderNoEntry(count):
            return (
                f"{count_of(count, 'run', 'runs')} of reads in the background under no entry, and no link shows that a change "
                f"set {'it' if count == 1 else 'them'} off"
            )
        case r.EntriesResumed(count):
            tasks = "an older task that was made" if count == 1 else "older tasks that were made"
            return (
                f"{count_of(count, 'entry is', 'entries are')} of {tasks} for one reason and went on with a value of another, "
                "so which of the two set off the read is not known"
            )
        case r.EntriesUndecided(count):
            return f"nothing seen explains {count_of(count, 'entry', 'entries')} in the background"
        case r.NotMeasured(measure):
            return f"the app read, and {measure.replace('_', ' ')} were not measured"
        case r.CountedTwice(measure, allowed, amount, per_hour, notice):
            return f"{rate_text(measure, amount, per_hour, allowed)}; {words(notice).rstrip('.')}"
    return ""


def _nouns(count: int, noun: str) -> str:
    return count_of(count, noun, "entries" if noun == "entry" else "")


def rate_text(measure: str, amount: float, per_hour: float, allowed: float) -> str:
    """Return so much of a measure, and how much that is in an hour."""
    figure = f"{amount:,.10g} {measure.replace('_', ' ')}"
    return f"{figure}, {per_hour:,.0f} per watched hour, {allowed:,.10g} allowed"


def some_names(names: Sequence[str]) -> str:
    """Return the first names, and how many more there are."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"


def count_of(count: int, one: str, many: str = "") -> str:
    """Return a number with its noun, ungrouped."""
    return plural(count, one, many, grouped=False)
