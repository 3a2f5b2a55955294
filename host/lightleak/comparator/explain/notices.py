"""What limits a whole comparison: as data, and in English.

As of clauses, the page has the same words, and Chinese ones. What ``lightleak.trace.file_status`` says of a file is passed on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lightleak.comparator.explain.english import span
from lightleak.statements import Statement
from lightleak.trace import file_status as trace


class Notice(Statement, frozen=True):
    """One statement about a whole comparison."""


class NoTimeInCommon(Notice, frozen=True):
    """Sessions and report do not overlap in time."""

    report: tuple[str, str] | None
    """Its first and last time as it writes them; None where it has no entry."""


class NoEntryOfApps(Notice, frozen=True):
    """The report has no photos entry of these apps."""

    apps: tuple[str, ...]


class AppsNotWatched(Notice, frozen=True):
    """No process of these apps was watched."""

    apps: tuple[str, ...]


class AssumptionsOfOtherSystem(Notice, frozen=True):
    """A field test was made on another iOS than the sessions."""

    tested: str
    recorded: tuple[str, ...]


class SeveralDevices(Notice, frozen=True):
    """The sessions are of devices of several models, and a report is of one device."""

    models: tuple[str, ...]


class EventsUnreadable(Notice, frozen=True):
    """Events without readable numbers and clocks were left out."""

    count: int


class EventsOfUnknownKinds(Notice, frozen=True):
    """Events are of kinds that this version does not know; the first of these kinds."""

    kinds: tuple[str, ...]
    count: int
    more: int = 0
    """So many kinds besides those that are named."""


class AccessesOfUnknownDepths(Notice, frozen=True):
    """Accesses have no depth, or one that this version does not know."""

    count: int


class EventsBeforePhones(Notice, frozen=True):
    """Events are stamped before there was an iPhone."""

    count: int


class RunsInSilence(Notice, frozen=True):
    """Runs under no entry, in a time of which the report says nothing of any app; the first such time."""

    count: int
    start: str
    end: str


class RecordedTwice(Notice, frozen=True):
    """Two recordings watched one process at one time; segments as ``SESSION:SEGMENT``."""

    app: str
    pid: int
    segments: tuple[str, str]
    overlap_ms: float


class IdentifiersUnknown(Notice, frozen=True):
    """None of the identifiers that the accounting logged is in the report."""

    count: int


class ReportFromOtherZone(Notice, frozen=True):
    """The report is written in another zone than the device's; offsets in s."""

    report_s: int
    device_s: int


class LagNotFitted(Notice, frozen=True):
    """Too few identifier matches to fit the lag, so that another was used."""

    matches: int
    needed: int
    used_s: float


class LagFitted(Notice, frozen=True):
    """The lag was fitted, and matches that are outliers were left out."""

    used_s: float
    matches: int
    """So many it was fitted to."""
    left_out: int
    longest_ms: float
    """Report minus accounting, signed, of the outlier that is furthest off."""
    identifier: str
    """Of that entry."""


class TriggersNoBetter(Notice, frozen=True):
    """Triggers by time of these apps are no better than chance."""

    apps: tuple[str, ...]


def words(notice: Statement) -> str:
    """Return a notice in English, one about a file too."""
    if isinstance(notice, trace.FileNotice):
        return trace.words(notice)
    text: str = _WORDS[notice.__class__](notice)
    return text


def _no_time_in_common(notice: NoTimeInCommon) -> str:
    times_of_report = "the report names no time"
    if notice.report:
        times_of_report = f"report: {notice.report[0]} to {notice.report[1]}"
    return (
        f"The sessions and the report do not overlap in time ({times_of_report}): "
        f"export the report after the recording, within seven days."
    )


def _no_entry(notice: NoEntryOfApps) -> str:
    return (
        f"The report has no photos entry of {', '.join(notice.apps)}: check that app activity was being recorded, "
        f"that the report is from this device, and the name of the app."
    )


def _apps_not_watched(notice: AppsNotWatched) -> str:
    return (
        f"No process of {', '.join(notice.apps)} was watched in these sessions, so its entries are unobserved: "
        f"record it, or add the session that has it."
    )


def _other_system(notice: AssumptionsOfOtherSystem) -> str:
    return (
        f"The field test was made on iOS {notice.tested}, a session on iOS {', '.join(notice.recorded)}: "
        f"what holds there may not hold here; run lightleak fieldtest on this device."
    )


def _several_devices(notice: SeveralDevices) -> str:
    return (
        f"The sessions are of several devices ({', '.join(notice.models)}), and a report is of one: what was watched on "
        f"another device explains none of its entries; compare only the sessions of that device."
    )


def _unreadable(notice: EventsUnreadable) -> str:
    left = "One event" if notice.count == 1 else f"{notice.count} events"
    were = "was left out and leaves" if notice.count == 1 else "were left out and leave"
    return (
        f"{left} without readable numbers and clocks (segment, seq, wall_ns, mono_ns) {were} a gap: run lightleak verify "
        f"on the session."
    )


_NOT_COUNTED = (
    "so no verdict counts them, and what was not seen may be among them: read the session with a newer lightleak."
)


def _kinds_unknown(notice: EventsOfUnknownKinds) -> str:
    events = "One event is" if notice.count == 1 else f"{notice.count} events are"
    more = f" and {notice.more} more" if notice.more else ""
    return f"{events} of a kind that this version does not know ({', '.join(notice.kinds)}{more}), {_NOT_COUNTED}"


def _depths_unknown(notice: AccessesOfUnknownDepths) -> str:
    accesses = "One access has" if notice.count == 1 else f"{notice.count} accesses have"
    return f"{accesses} a depth that this version does not know, or none, {_NOT_COUNTED}"


def _before_phones(notice: EventsBeforePhones) -> str:
    events = "One event was" if notice.count == 1 else f"{notice.count} events were"
    return (
        f"{events} stamped before 2007, so the device's wall clock was not known there, and nothing can be matched by "
        f"time: set the device's clock, or import the trace with its real wall_ns."
    )


def _in_silence(notice: RunsInSilence) -> str:
    are = "is" if notice.count == 1 else "are"
    return (
        f"{notice.count} of the runs under no entry {are} in a time for which the report has no record of any app, the "
        f"first between {_minute(notice.start)} and {_minute(notice.end)}. The App Privacy Report may have been off then, so that "
        f"an entry that is missing there says nothing: check that the report was on."
    )


def _minute(at: str) -> str:
    """Return day and minute of an RFC 3339 time."""
    return f"{at[:10]} {at[11:16]}"


def _recorded_twice(notice: RecordedTwice) -> str:
    return (
        f"Process {notice.pid} of {notice.app} was recorded twice at the same time, in segments {notice.segments[0]} "
        f"and {notice.segments[1]} ({span(notice.overlap_ms)}): what both saw is counted twice; for figures, compare "
        f"only one of the two."
    )


def _identifiers_unknown(notice: IdentifiersUnknown) -> str:
    return (
        f"None of the {notice.count} identifiers that the apps' accounting logged in the report's time is in the "
        f"report: it is from another device, or Apple's accounting works differently on this iOS; compare with the report "
        f"of the recorded device."
    )


def _other_zone(notice: ReportFromOtherZone) -> str:
    return (
        f"The report is written in the time zone {_zone(notice.report_s)}, the device was in {_zone(notice.device_s)}: it was "
        f"exported elsewhere, or is from another device; verdicts do not depend on the zone, but night hours do."
    )


def _lag_not_fitted(notice: LagNotFitted) -> str:
    return (
        f"The lag could not be fitted: {notice.matches} entries were matched by identifier, {notice.needed} are needed, so "
        f"the default of {notice.used_s:g} s was used."
    )


def _lag_fitted(notice: LagFitted) -> str:
    outliers = "1 outlier was" if notice.left_out == 1 else f"{notice.left_out} outliers were"
    side = "before" if notice.longest_ms < 0 else "after"
    return (
        f"The lag was fitted to {notice.used_s:g} s, from {notice.matches} entries that were matched by identifier; {outliers} "
        f"left out, the furthest {span(abs(notice.longest_ms))} {side} the accounting (entry {notice.identifier})."
    )


def _triggers_no_better(notice: TriggersNoBetter) -> str:
    return (
        f"What set acts of {', '.join(notice.apps)} off by time is no better than chance: claims count such triggers as "
        f"fits_by_time or contradicts, and they prove nothing; go by those with a link."
    )


def _zone(offset_s: int) -> str:
    hours, minutes = divmod(abs(offset_s) // 60, 60)
    return f"{'-' if offset_s < 0 else '+'}{hours:02d}:{minutes:02d}"


_WORDS: dict[type[Statement], Callable[[Any], str]] = {
    NoTimeInCommon: _no_time_in_common,
    NoEntryOfApps: _no_entry,
    AppsNotWatched: _apps_not_watched,
    AssumptionsOfOtherSystem: _other_system,
    SeveralDevices: _several_devices,
    EventsUnreadable: _unreadable,
    EventsOfUnknownKinds: _kinds_unknown,
    AccessesOfUnknownDepths: _depths_unknown,
    EventsBeforePhones: _before_phones,
    RunsInSilence: _in_silence,
    RecordedTwice: _recorded_twice,
    IdentifiersUnknown: _identifiers_unknown,
    ReportFromOtherZone: _other_zone,
    LagNotFitted: _lag_not_fitted,
    LagFitted: _lag_fitted,
    TriggersNoBetter: _triggers_no_better,
}
"""Notice → its words; ``tests/page/test_clauses.py`` tries all of them."""
