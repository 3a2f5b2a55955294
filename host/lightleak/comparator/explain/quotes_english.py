"""What a person may write about an app, and what not, in English. The page has the same words, and Chinese ones; a test holds them together.

Separate because data comes first, and a language second: the page puts the same data into the words of its reader.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lightleak.comparator.explain import quotes as q
from lightleak.comparator.explain.claims import answer_words
from lightleak.comparator.explain.english import process
from lightleak.comparator.rules.visibility import OtherProcess
from lightleak.statements import Statement
from lightleak.wording import SET_OFF_BY, join_and, plural


def words(quote: q.MayWrite | q.MayNotWrite) -> str:
    """Return a quote in English."""
    text: str = _WORDS[quote.__class__](quote)
    return text


READS = {
    "thumbnail": "request thumbnails",
    "data": "request photos or video larger than thumbnails",
    "upload": "ask iOS to upload photos (no byte of an upload passes through the app)",
}
_STATES = {"active": "in the foreground", "background": "in the background"}
_LINKS = {"link": "linked", "time": "likely", "chance": "may be chance"}
_SOURCES = {
    "changes": "change notifications",
    "inputs": "touches",
    "wakes": "wake-ups and launches",
    "handoffs": "handed-on work",
}


def share(part: float) -> str:
    """Return a share in percent, rounded down, so that only a whole is 100%."""
    tenths = int(part * 1000)
    return f"{tenths / 10:g}%" if tenths or not part else "less than 0.1%"


def _day(at: str) -> str:
    return f"{at[:10]} {at[11:16]}"


def _lists(q: q.ReportLists) -> str:
    return (
        f"Apple’s privacy report of {_day(q.start)} to {_day(q.end)} lists {plural(q.entries, 'photos entry', 'photos entries')} "
        f"for {q.app}; the app was watched during {share(q.share)} of that time."
    )


def _with_reads(q: q.EntriesWithReads) -> str:
    night = f" ({q.night} of them between midnight and 6:00, wholly or in part)" if q.night else ""
    among = (
        "the one photos entry" if q.of == 1 else f"{q.count:,} of the {plural(q.of, 'photos entry', 'photos entries')}"
    )
    return (
        f"During {among} of {q.app}, or up to {q.lag_s:g} s before, the app was seen "
        f"to {READS[q.depth]} {_STATES[q.state]}{night}; it was watched during {share(q.share)} of the report’s time."
    )


def _set_off(q: q.SetOffWithReads) -> str:
    parts = [
        f"{one.count:,} by {SET_OFF_BY[one.kind]}{f' ({_LINKS[one.by]})' if one.by in _LINKS else ''}"
        for one in q.set_off
    ]
    otherwise = (
        f"; under {q.otherwise:,} of them the app also queried or read for another or an unknown reason"
        if q.otherwise
        else ""
    )
    uploads = ", or to ask iOS to upload photos," if q.uploads else ""
    return (
        f"What set off the act behind {_these(q.count, 'entry', 'entries')} during which {q.app} was seen to request photos or "
        f"thumbnails{uploads} in the background: {join_and(parts)}{otherwise}."
    )


def _in_background(q: q.ReadsInBackground) -> str:
    night = f", {q.night:,} of them between midnight and 6:00" if q.night else ""
    return (
        f"The recording has {plural(q.count, 'call', 'calls')} of {q.app} in the background to {READS[q.depth]}{night}; "
        f"the first at {q.first[:10]} {q.first[11:23]}."
    )


def _no_read(q: q.NoReadInBackground) -> str:
    missing = f", with {plural(q.missing, 'probe')} missing in some processes" if q.missing else ""
    return (
        f"{q.app} was not seen to request a photo or a thumbnail in the background; it was watched during "
        f"{share(q.share)} of the report’s time{missing}."
    )


def _answered(q: q.ClaimAnswered) -> str:
    uncounted = (
        f"; {plural(q.elsewhere, 'entry', 'entries')} in several states, or in an unknown one, {_is(q.elsewhere)} not counted"
        if q.elsewhere
        else ""
    )
    return (
        f"Tested: “{q.app} reads in the background only because iOS notifies it of changes.” "
        f"{answer_words(q.answer, q.count, q.entries)} "
        f"It was watched during {share(q.share)} of the report’s time{uncounted}."
    )


def _matched(q: q.Matched) -> str:
    parts = []
    if q.identifier:
        parts.append(
            f"{plural(q.identifier, 'entry', 'entries')} of {q.app} {_is(q.identifier)} joined to the recording by the "
            f"identifier in Apple’s own accounting"
        )
    if q.time:
        subject = f"{q.time:,}" if q.identifier else f"{plural(q.time, 'entry', 'entries')} of {q.app}"
        parts.append(f"{subject} {_is(q.time)} joined by time only, which is likely and not certain")
    return f"{'; '.join(parts)}."


def _runs_expected(q: q.RunsExpected) -> str:
    runs = plural(q.runs, "run")
    if q.known is False:
        return (
            f"{runs} of reads by {q.app} {_was(q.runs)} seen that no entry covers; why is not known, because a phone "
            f"refuted assumption {q.assumption}."
        )
    status = "confirmed" if q.known else "not confirmed"
    return (
        f"{runs} of reads by {q.app} {_was(q.runs)} seen that no entry covers, as is expected: reading pixels writes no entry of "
        f"its own (assumption {q.assumption}, {status} on a phone); it is no sign of evasion."
    )


def _runs_with_queries(q: q.RunsWithQueries) -> str:
    return (
        f"{plural(q.runs, 'run')} of accesses by {q.app} that no entry covers {'has' if q.runs == 1 else 'have'} queries, too; "
        f"why the report has no entry for {'it' if q.runs == 1 else 'them'} is not known."
    )


def _only_these(q: q.OnlyThese) -> str:
    return (
        f"That {q.app} did no more than this: it was watched during {share(q.share)} of the report’s time, and nothing is "
        f"known of the rest."
    )


def _nothing_else(q: q.NothingElse) -> str:
    what = "it" if q.probes == 1 else "they"
    return (
        f"That the app did nothing else while it was watched: {plural(q.probes, 'probe')} {_was(q.probes)} missing in some "
        f"processes, and what {what} would have seen is not ruled out."
    )


def _certain(q: q.CertainByTime) -> str:
    return (
        f"That {_these(q.count, 'entry', 'entries')} matched by time {_is(q.count)} certain: {q.lag_s:g} s or less apart is "
        f"likely, not proof."
    )


def _by_chance(q: q.MatchesByChance) -> str:
    return f"That the matches by time prove anything: they are no better than chance (p = {q.p:.2f})."


def _triggers(q: q.TriggersByTimeProve) -> str:
    return f"That the triggers by time prove anything: they are no better than chance (p = {q.p:.2f})."


def _causes(q: q.CausesKnown) -> str:
    parts = []
    if q.unobserved:
        parts.append(f"just before {q.unobserved:,} of them the app was not watched")
    if q.unexplained:
        parts.append(f"{q.unexplained:,} of them nothing that was seen explains")
    return f"Why all of its entries exist: {' and '.join(parts)}."


def _others(q: q.OthersInForeground) -> str:
    parts = []
    if q.mixed:
        parts.append(f"{q.mixed:,} {_is(q.mixed)} in several states")
    if q.unknown:
        parts.append(f"of {q.unknown:,} the state is not known")
    return f"That each other entry is of the foreground: {' and '.join(parts)}."


def _entry_is_read(q: q.EntryIsRead) -> str:
    uploads = ", or for an upload by iOS," if q.uploads else ""
    seen = f"during {q.reads:,} of {q.entries:,} a request for photos or thumbnails{uploads} was seen"
    return f"That each entry is a photo that was read: {seen}, and Apple’s report does not distinguish pixels from metadata."


def _nothing_set_off(q: q.NothingTriggered) -> str:
    return f"That nothing set off what has no trigger: not or not fully watched were {join_and([_SOURCES[s] for s in q.sources])}."


def _hides(q: q.ReportHides) -> str:
    return (
        f"That Apple’s report hides {_these(q.runs, 'run')} of accesses, or that {q.app} evades the report: an entry is not "
        f"expected for each read."
    )


def _sent(q: q.PhotoSent) -> str:
    if q.uploads:
        return (
            f"That a photo arrived anywhere: during {plural(q.uploads, 'entry', 'entries')} the app asked iOS to upload; what "
            f"left the device was not seen."
        )
    return "That a photo was sent anywhere: what left the device was not seen, and the report’s network rows do not show it."


def _lost(q: q.NothingLost) -> str:
    return f"That everything was recorded: {plural(q.count, 'event')} {_was(q.count)} lost."


def _others_did(q: q.OthersDidNothing) -> str:
    # “the app’s extensions” are several.
    is_one = len(q.processes) == 1 and q.processes[0].kind != "extensions"
    return f"That nothing else acted for the app: {join_and([_other(one) for one in q.processes])} {_was(1 if is_one else 2)} not watched all the time."


def _other(one: OtherProcess) -> str:
    if one.kind == "perhaps-extension":
        return f"{one.identifier} (which may be its extension)"
    return "the app’s extensions" if one.kind == "extensions" else process(one)


def _confirmed(q: q.PhoneConfirmed) -> str:
    return f"That a phone confirmed the rules: they rest on {plural(q.assumptions, 'assumption')} about iOS that no phone has confirmed."


def _real(q: q.RealPhone) -> str:
    device = {"virtual": "a virtual device", "simulator": "a simulator", None: ""}[q.device]
    system = f" ({q.system})" if device and q.system else q.system or ""
    return f"That an iPhone did this: the recording was made on {device}{system}."


def _never(q: q.WhyNeverWatched) -> str:
    return f"Anything on why {_these(q.entries, 'entry', 'entries')} of {q.app} {'exists' if q.entries == 1 else 'exist'}: no process of the app was recorded."


def _these(count: int, one: str, many: str = "") -> str:
    """Return ``the entry`` or ``the 3 entries``."""
    return f"the {one}" if count == 1 else f"the {plural(count, one, many)}"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


_WORDS: dict[type[Statement], Callable[[Any], str]] = {
    q.ReportLists: _lists,
    q.EntriesWithReads: _with_reads,
    q.SetOffWithReads: _set_off,
    q.ReadsInBackground: _in_background,
    q.NoReadInBackground: _no_read,
    q.ClaimAnswered: _answered,
    q.Matched: _matched,
    q.RunsExpected: _runs_expected,
    q.RunsWithQueries: _runs_with_queries,
    q.OnlyThese: _only_these,
    q.NothingElse: _nothing_else,
    q.CertainByTime: _certain,
    q.MatchesByChance: _by_chance,
    q.TriggersByTimeProve: _triggers,
    q.CausesKnown: _causes,
    q.OthersInForeground: _others,
    q.EntryIsRead: _entry_is_read,
    q.NothingTriggered: _nothing_set_off,
    q.ReportHides: _hides,
    q.PhotoSent: _sent,
    q.NothingLost: _lost,
    q.OthersDidNothing: _others_did,
    q.PhoneConfirmed: _confirmed,
    q.RealPhone: _real,
    q.WhyNeverWatched: _never,
}
