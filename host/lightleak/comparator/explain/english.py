"""Clauses in English. The page has the same words (``host/page/src/text/en/clauses.ts``); a test holds the two together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from lightleak.comparator.explain import clauses as c
from lightleak.comparator.rules.visibility import OtherProcess
from lightleak.statements import kebab
from lightleak.wording import SET_OFF_BY, exact_kind, plural

DEPTHS = {
    "notification": "a notification",
    "open": "an opening of the library",
    "metadata": "a query",
    "thumbnail": "a thumbnail",
    "data": "image data",
    "upload": "asking iOS for an upload",
}


def sentence(clauses: Iterable[c.Clause]) -> str:
    """Return the clauses as one sentence: the contract's ``why``."""
    return "; ".join([_WORDS[clause.__class__](clause) for clause in clauses]) + "."


def words(clause: c.Clause) -> str:
    """Return one clause in English."""
    text: str = _WORDS[clause.__class__](clause)
    return text


def clause_type(code: str) -> type[c.Clause]:
    """Return the class of the clauses with a code."""
    return _BY_CODE[code]


def process(other: OtherProcess) -> str:
    """Return the name of a process other than the app's."""
    if other.kind == "extension":
        return f"the extension {other.identifier}"
    if other.kind == "perhaps-extension":
        return f"{other.identifier}, which may be its extension"
    return "the app's extensions" if other.kind == "extensions" else "assetsd"


# Why the entry exists -------------------------------------------------------------------------------------------------


def _picker(clause: c.PickerChoice) -> str:
    if clause.also_without:
        return "The system's photo picker wrote this entry; it was found to do so without a choice too"
    return "The system's photo picker wrote this entry after the person chose something"


def _by_identifier(clause: c.MatchedByIdentifier) -> str:
    because = f", after {clause.after_call}" if clause.after_call else ""
    return (
        f"The accounting in {_named(clause)} contains this identifier{_late(clause.late_ms)}{because}"
        f"{_prolonged(clause.prolonged)}: {_who_asked(clause)}"
    )


def _named(clause: c.MatchedByIdentifier | c.ContinuedEntry | c.OpenedByOther) -> str:
    return clause.process if clause.pid is None else f"{clause.process} (pid {clause.pid})"


def _who_asked(clause: c.MatchedByIdentifier) -> str:
    """Return who queried: the app is not said to have done what another process logged."""
    if clause.who == "app":
        return "the app queried the library"
    if clause.who == "extension":
        return f"the app's extension {clause.identifier} queried the library"
    return (
        f"that process queried the library, but is not known to belong to {clause.identifier}, which the report names"
    )


def _continued(clause: c.ContinuedEntry) -> str:
    return (
        f"The accounting in {_named(clause)} contains this identifier{_late(clause.late_ms)}"
        f"{_prolonged(clause.prolonged)}: it continues entry {clause.continues}, which ended just before, with "
        f"no query seen in between, as happens when the accounting daemon restarts"
    )


def _opened_by_system(clause: c.OpenedBySystem) -> str:
    return (
        f"Only assetsd's accounting contains this identifier{_late(clause.late_ms)}{_prolonged(clause.prolonged)}: "
        f"the system opened the library for the app"
    )


def _opened_by_other(clause: c.OpenedByOther) -> str:
    return (
        f"Only the accounting in {_named(clause)}, a process of the role {clause.role}, contains this "
        f"identifier{_late(clause.late_ms)}{_prolonged(clause.prolonged)}: that process opened the library for the app"
    )


def _late(late_ms: float | None) -> str:
    if late_ms is None:
        return ""
    if abs(late_ms) < 0.5:
        return ", at the report's time"
    return (
        f", {late_ms:.0f} ms before the report's time"
        if late_ms > 0
        else f", {-late_ms:.0f} ms after the report's time"
    )


def _prolonged(count: int) -> str:
    return f", and extended it {times(count)}" if count else ""


def _first_contact(clause: c.FirstContact) -> str:
    return (
        f"The first contact with the library that was seen after lightleak attached to the app{_first(clause)} is near the "
        f"start, matched by time"
    )


def _queries(clause: c.QueriesNear) -> str:
    kinds = ("query or read", "queries and reads") if clause.or_reads else ("query", "queries")
    return (
        f"{many(clause.count, *kinds)}{_first(clause)} near the start, matched by time because the app's own accounting "
        f"could not be seen"
    )


def _notifications(clause: c.NotificationsNear) -> str:
    return (
        f"{many(clause.count, 'change notification', 'change notifications')}{_first(clause)} near the start, matched by "
        f"time; no opening, query or read by the app was seen in the {clause.lag_s:g} s before it"
    )


def _first(clause: c.FirstContact | c.QueriesNear | c.NotificationsNear) -> str:
    before = (
        f"{span(clause.before_ms)} before it, asleep in between"
        if clause.asleep
        else f"{clause.before_ms} ms before it"
    )
    return f" ({f'{clause.symbol}, ' if clause.symbol else ''}{before})"


def _not_explained(clause: c.ActsDoNotExplain) -> str:
    acts = f"{clause.count} {'act' if clause.count == 1 else 'acts'}, the deepest {DEPTHS[clause.depth]}"
    return (
        f"The app was watched{_until(clause.until_ms)} and {_accounting(seen=clause.accounting_seen)}; what it was seen to do in the "
        f"{clause.lag_s:g} s before the start{', not counting sleep' if clause.asleep else ''} ({acts}) does not explain the entry"
    )


def _nothing_near(clause: c.NothingNear) -> str:
    return (
        f"The app was watched{_until(clause.until_ms)}, {_accounting(seen=clause.accounting_seen)}, and no opening, query, read or notification "
        f"was seen in the {clause.lag_s:g} s before the start"
    )


def _until(ended_ms: float | None) -> str:
    return "" if ended_ms is None else f" until {span(ended_ms)} before the start"


def _accounting(*, seen: bool) -> str:
    return "its accounting did not contain this identifier" if seen else "its accounting could not be seen"


def _never_watched(clause: c.NeverWatched) -> str:
    attached = ": lightleak attached to one, but the recording does not say that all hooks were in place"
    return (
        f"No process of {clause.app} was fully watched{attached}"
        if clause.attached
        else f"No process of {clause.app} was watched"
    )


def _not_watched_before(clause: c.NotWatchedBefore) -> str:
    it = "the start" if clause.window else "it"
    near = [f"watching ended {span(clause.ended_ms)} before {it}"] if clause.ended_ms is not None else []
    if clause.began_ms is not None:
        side = "after" if clause.began_ms > 0 else "before"
        near.append(
            f"{'resumed' if near else 'watching began'} {span(abs(clause.began_ms))} {side} {'it' if near else it}"
        )
    where = ", where events are missing" if clause.events_missing else ""
    when = _window(clause.window) if clause.window else "just before the start"
    return f"The app was not watched {when}{where}: {' and '.join(near)}"


# What set it off ------------------------------------------------------------------------------------------------------

_ACTS = {"query": "the query", "opening": "the opening", "access": "the access"}
_SOURCES = {
    "changes": "change notifications",
    "inputs": "touches",
    "wakes": "wake-ups and launches",
    "handoffs": "handed-on work",
}


def _set_off(clause: c.SetOffBy) -> str:
    how = "was set off by" if clause.linked else "was likely set off by"
    sure = "linked, " if clause.linked else ""
    when = f"{span(abs(clause.delay_ms))} {'before' if clause.delay_ms >= 0 else 'after'} it"
    matched = "" if clause.linked else ", matched by time"
    what = _what(clause)
    return f"{_ACTS[clause.act]} {how} {_origin(clause)} ({f'{what}, ' if what else ''}{sure}{when}{matched})"


def _origin(clause: c.SetOffBy | c.ResumedBy) -> str:
    return SET_OFF_BY[exact_kind(clause.kind, clause.state)]


def _what(clause: c.SetOffBy | c.ResumedBy) -> str | None:
    """Return the origin's name: of a change of the app's state the new state, if it is known and no return."""
    is_said = clause.kind == "activation" and clause.state in ("inactive", "background")
    return f"to {clause.state}" if is_said else clause.what


def _itself(clause: c.NotificationItself) -> str:
    return f"what set it off is that notification itself{f' ({clause.what})' if clause.what else ''}, by time"


@cache
def _nothing_set_off(clause: c.NothingSetOff) -> str:
    return f"nothing that was watched set {_ACTS[clause.act]} off in the {clause.lag_s:g} s before it"


_UNKNOWN = {
    "act-not-seen": "the act that made the entry was not seen",
    "origin-missing": "the act names an origin that the recording does not have",
    "events-lost": "events were lost shortly before the act",
    "clock-stepped": "the clock says that what was recorded before the act came after it",
}


def _resumed(clause: c.ResumedBy) -> str:
    what = f" ({name})" if (name := _what(clause)) else ""
    return f"an older task went on with a value of {_origin(clause)}{what} here, which is not its cause"


@cache
def _origins_not_watched(clause: c.OriginsNotWatched) -> str:
    return f"not watched in that process: {' and '.join([_SOURCES[source] for source in clause.sources])}"


def _handoffs(clause: c.HandoffNotFollowed) -> str:
    more = f" and {clause.more} more" if clause.more else ""
    return (
        f"work that was handed on could not be followed everywhere in that process, so a link can be missing: "
        f"{', '.join(clause.symbols)}{more}"
    )


# How far the app went -------------------------------------------------------------------------------------------------


def _furthest(clause: c.FurthestSeen) -> str:
    at = f"{clause.at[:10]} {clause.at[11:23]}" if clause.other_day else clause.at[11:23]
    return (
        f"the furthest step seen {_window(clause.window)} was {DEPTHS[clause.depth]}, {times(clause.count)}, first at {at}"
        f"{f' ({clause.symbol})' if clause.symbol else ''}, app state {clause.state}"
    )


_UNTIL = {
    "end": "its end",
    "begin": "its start (the report gives an end before it)",
    "entry-end": "the entry's end",
    "report-end": "the report's last line",
    "idle-timer": "75.6 s after its start",
}


@cache
def _window(window: c.Window) -> str:
    start = "from the report's first line" if window.lag_s is None else f"from {window.lag_s:g} s before its start"
    return f"{start} to {_UNTIL[window.until]}"


def _other_went(clause: c.OtherProcessWent) -> str:
    return (
        f"{process(clause.process)} was seen to go as far as {DEPTHS[clause.depth]} in that time, {times(clause.count)}"
    )


def _upload_asked(clause: c.UploadAsked) -> str:
    who = "the app" if clause.process is None else process(clause.process)
    more = f" and {clause.more} more {'host' if clause.more == 1 else 'hosts'}" if clause.more else ""
    to = f" to {', '.join(clause.hosts)}{more}" if clause.hosts else ""
    nameless = f" ({clause.nameless} without a host that was seen)" if clause.nameless else ""
    also = ", but it also requested photos itself then" if clause.also_read else ""
    return (
        f"in that time {who} asked iOS {times(clause.count)} to upload photos{to}{nameless}: no byte of such an upload passes "
        f"through its process{also}; whether iOS sent anything was not seen"
    )


def _host_contacted(clause: c.HostContacted) -> str:
    return (
        f"by the report, {clause.app} also contacted {clause.host} {times(clause.count)}, from {_minute(clause.first)} to "
        f"{_minute(clause.last)}: a coincidence in time, which does not show that a photo was sent"
    )


def _minute(at: str) -> str:
    """Return day and minute of an RFC 3339 time."""
    return f"{at[:10]} {at[11:16]}"


_REASONS = SET_OFF_BY


def _read_otherwise(clause: c.ReadOtherwise) -> str:
    reasons = ", ".join([_REASONS[reason] for reason in clause.reasons])
    return f"in that time the app also queried or read {times(clause.count)}, set off by {reasons}"


_PROPERTIES = {
    "place": "the place",
    "file-name": "the file name",
    "caption": "caption, keywords and name",
    "size": "the file size",
    "set": "properties that no query had loaded",
}


def _photos(read: c.PropertyRead) -> str:
    """Return of how many photos, and how often where that is more."""
    if read.photos is None:
        return f"photos {times(read.count)}"
    least = "at least " if read.at_least else ""
    often = "" if read.count == read.photos and not read.at_least else f" ({times(read.count)})"
    return f"{least}{plural(read.photos, 'photo')}{often}"


def _properties(clause: c.PropertiesRead) -> str:
    read = [f"{_PROPERTIES.get(one.what, one.symbol)} of {_photos(one)}" for one in clause.properties]
    more = f" and {clause.more} more {'property' if clause.more == 1 else 'properties'}" if clause.more else ""
    return f"in that time the app read {', '.join(read)}{more}"


def _picker_loads(clause: c.PickerLoads) -> str:
    return (
        f"in that time the app also loaded {times(clause.count)} what a person had chosen in a picker: within that choice, "
        f"and outside the ladder"
    )


# What limits it -------------------------------------------------------------------------------------------------------


def _partly_covered(clause: c.PartlyWatched) -> str:
    share = f"only {clause.percent} %" if clause.percent else "less than 1 %"
    return f"{share} of that time was watched"


_ABOUT = {
    "start": "its start",
    "end": "its end",
    "picker": "whether the picker wrote it",
    "owner": "its app or category",
}


def _contradict(clause: c.LinesContradict) -> str:
    about = " and ".join([_ABOUT[one] for one in clause.about])
    return f"the report's lines contradict each other on {about}, so only the time on which they agree was counted"


def _near_others(clause: c.NearOthersToo) -> str:
    others = "another entry" if clause.others == 1 else f"{clause.others} other entries"
    return f"what was seen near its start is near {others} too, so which of them it belongs to is not known"


def _unwatched_before(clause: c.UnwatchedBefore) -> str:
    return (
        f"{span(clause.unseen_ms)} of the {span(clause.whole_ms)} before the start were not watched, so what made the "
        f"entry may have been missed"
    )


def _not_hooked(clause: c.NotHooked) -> str:
    more = f" and {clause.more} more" if clause.more else ""
    never = f"could not be hooked, so not ruled out: {', '.join(clause.symbols)}" if clause.symbols else ""
    in_part = (
        f"hooked for part of the time only, so not ruled out: {', '.join(clause.in_part)}" if clause.in_part else ""
    )
    return f"{'; '.join(filter(None, (never, in_part)))}{more}"


@cache
def _numbered(numbers: tuple[int, ...]) -> str:
    texts = list(map(str, numbers))
    return f"assumptions {', '.join(texts[:-1])} and {texts[-1]}" if len(texts) > 1 else f"assumption {texts[0]}"


# Numbers --------------------------------------------------------------------------------------------------------------


def many(count: int, one: str, more: str) -> str:
    """Return a count of things for the start of a sentence."""
    return f"One {one}" if count == 1 else f"{count} {more}"


def times(count: int) -> str:
    """Return a count of occasions."""
    return "once" if count == 1 else f"{count} times"


def span(ms: float) -> str:
    """Return a duration in the unit that fits."""
    seconds = ms / 1000
    if seconds < 1:
        return f"{ms:.0f} ms"
    if seconds < 120:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


_WORDS: dict[type[c.Clause], Callable[[Any], str]] = {
    c.PickerChoice: _picker,
    c.MatchedByIdentifier: _by_identifier,
    c.ContinuedEntry: _continued,
    c.OpenedBySystem: _opened_by_system,
    c.OpenedByOther: _opened_by_other,
    c.FirstContact: _first_contact,
    c.QueriesNear: _queries,
    c.NotificationsNear: _notifications,
    c.ActsDoNotExplain: _not_explained,
    c.NothingNear: _nothing_near,
    c.BeginMissing: lambda _: (
        "The report has no start for this entry, and no recorded accounting contains this identifier"
    ),
    c.NeverWatched: _never_watched,
    c.NotWatchedBefore: _not_watched_before,
    c.SetOffBy: _set_off,
    c.NotificationItself: _itself,
    c.NothingSetOff: _nothing_set_off,
    c.TriggerUnknown: lambda clause: f"what set it off is unknown: {_UNKNOWN[clause.reason]}",
    c.ResumedBy: _resumed,
    c.WatchedBriefly: lambda clause: f"the process was watched for only {span(clause.watched_ms)} before that",
    c.OriginsNotWatched: _origins_not_watched,
    c.HandoffNotFollowed: _handoffs,
    c.TriggersByChance: lambda clause: f"this app's triggers by time are no better than chance (p = {clause.p:.2f})",
    c.FurthestSeen: _furthest,
    c.NothingSeen: lambda clause: (
        f"no opening, query, read or notification of the app was seen {_window(clause.window)}"
    ),
    c.NotWatchedThen: lambda clause: f"the app was not watched {_window(clause.window)}",
    c.OtherProcessWent: _other_went,
    c.UploadAsked: _upload_asked,
    c.HostContacted: _host_contacted,
    c.ReadOtherwise: _read_otherwise,
    c.PropertiesRead: _properties,
    c.PickerLoads: _picker_loads,
    c.PartlyWatched: _partly_covered,
    c.LinesContradict: _contradict,
    c.NearOthersToo: _near_others,
    c.TwinNear: lambda _: "another entry of this app begins within 2 s of it, and both can come from one act",
    c.UnwatchedBefore: _unwatched_before,
    c.EventsMayBeMissing: lambda _: (
        "the recording's file is damaged, cut or unfinished there, so events of that time may be missing"
    ),
    c.IdleTimerLength: lambda _: (
        "its length is that of Apple's idle timer after one access or a short burst, and says nothing about reads"
    ),
    c.ChanceNoBetter: lambda clause: f"this app's matches by time are no better than chance (p = {clause.p:.2f})",
    c.NotHooked: _not_hooked,
    c.OthersNotWatched: lambda clause: f"not watched: {' and '.join(map(process, clause.processes))}",
    c.Unconfirmed: lambda clause: f"not confirmed on a phone: {_numbered(clause.assumptions)}",
    c.Refuted: lambda clause: f"refuted on a phone, and taken into account: {_numbered(clause.assumptions)}",
    c.StampsBeforeCall: lambda _: (
        "the report was found to stamp entries before the call too, so being near in time says less"
    ),
}
"""Clause → its words; ``tests/page/test_clauses.py`` tries all of them."""

_BY_CODE = {kebab(clause.__name__): clause for clause in _WORDS}
