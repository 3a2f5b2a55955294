"""What limits a whole comparison."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np

from lightleak.comparator.explain import notices as said
from lightleak.comparator.explain.assumptions import Assumptions
from lightleak.comparator.rules.report_entries import ReportEntries
from lightleak.comparator.timeline.accounting import AccountingIndex
from lightleak.comparator.timeline.session_set import LoadedSession, SessionSet
from lightleak.errors import CompareError
from lightleak.events import NS_PER_MS, NS_PER_S
from lightleak.report.report import Report
from lightleak.timezones import offset_s

FEWEST_STRANGE = 3
"""So many identifiers must have been logged before their absence says something about the report."""

_FIRST_PHONE_NS = 1_167_609_600 * NS_PER_S
"""2007-01-01: no iPhone has stamped anything before."""


def ensure_comparable(recording: SessionSet, report: Report, entries: ReportEntries, wanted: list[str]) -> None:
    """Raise CompareError where no entry and no time in common leave nothing to compare."""
    if len(entries) or _overlaps(recording, report):
        return
    span = f"the report is of {report.first} to {report.last}" if report.first else "the report has no entry at all"
    times = [take for take in recording.takes if len(take.tape)]
    recorded = f"the sessions of {_first(times)} to {_last(times)}" if times else "the sessions have no event"
    raise CompareError(
        f"nothing can be compared: no photos entry of {', '.join(wanted)}, and no time in common ({span}, {recorded})",
        hint="export the report after the recording, within seven days, from the same device",
    )


def notices(
    recording: SessionSet, report: Report, entries: ReportEntries, ledger: AccountingIndex, wanted: list[str]
) -> Iterator[said.Notice]:
    """Name what keeps report and sessions apart: time, apps, device, zone, clocks."""
    yield from _unread(recording)
    if not _overlaps(recording, report):
        yield said.NoTimeInCommon((report.first, report.last) if report.first and report.last else None)
    elif not len(entries):
        yield said.NoEntryOfApps(tuple(wanted))
    elif unwatched := [app for app in wanted if not len(recording.lane(app).covered.start)]:
        yield said.AppsNotWatched(tuple(unwatched))
    yield from recorded_twice(recording, wanted)
    yield from _strange(recording, report, ledger, entries)
    yield from _elsewhere(recording, report, entries)


def mismatched_assumptions(facts: Assumptions, recording: SessionSet) -> Iterator[said.Notice]:
    """Say where facts were found on another iOS than the sessions are of."""
    devices = [take.header.get("device") for take in recording.takes]
    versions = {device.get("os_version") for device in devices if isinstance(device, dict)} - {None, facts.os_version}
    if facts.os_version is not None and versions:
        yield said.AssumptionsOfOtherSystem(facts.os_version, tuple(sorted(map(str, versions))))


def _unread(recording: SessionSet) -> Iterator[said.Notice]:
    if unreadable := sum(take.tape.unreadable for take in recording.takes):
        yield said.EventsUnreadable(unreadable)
    if early := int((recording.wall_ns < _FIRST_PHONE_NS).sum()):
        yield said.EventsBeforePhones(early)


def gaps_in_report(report: Report, runs: Iterable[tuple[int, int]]) -> Iterator[said.Notice]:
    """Say where what the report does not show lies in a time of which it shows nothing of anybody."""
    holes = report.holes()
    inside = [(hole, start) for hole in holes for start, stop in runs if hole.from_ns <= start and stop <= hole.to_ns]
    if inside:
        hole = inside[0][0]
        yield said.RunsInSilence(len(inside), hole.start, hole.end)


def recorded_twice(recording: SessionSet, wanted: list[str]) -> Iterator[said.Notice]:
    """Say where two recordings watched one process at one time: what both saw stands in both."""
    for app in wanted:
        mine = [s for s in recording.segments if s.identifier == app and s.pid is not None and len(s.covered.start)]
        mine.sort(key=lambda segment: (segment.pid or 0, int(segment.covered.start[0])))
        for one, two in pairwise(mine):
            both_ns = min(int(one.covered.stop[-1]), int(two.covered.stop[-1])) - int(two.covered.start[0])
            if one.pid == two.pid and both_ns > 0:
                segments = (f"{one.session}:{one.number}", f"{two.session}:{two.number}")
                yield said.RecordedTwice(app, one.pid or 0, segments, both_ns / NS_PER_MS)
                break


def _strange(
    recording: SessionSet, report: Report, ledger: AccountingIndex, entries: ReportEntries
) -> Iterator[said.Notice]:
    """Say where the accounting logged identifiers inside the report's time of which none stands in the report."""
    known = set(report.columns.identifier.tolist())
    first, last = report.first_ns or 0, report.last_ns or 0
    logged = [name for name, position in ledger.begun() if first <= int(recording.wall_ns[position]) <= last]
    if len(logged) >= FEWEST_STRANGE and not known.intersection(logged) and len(entries):
        yield said.IdentifiersUnknown(len(logged))


def _elsewhere(recording: SessionSet, report: Report, entries: ReportEntries) -> Iterator[said.Notice]:
    """Say where the report is written in another zone than the device's."""
    if not len(entries) or report.has_store:
        return
    columns = entries.columns
    at = int(np.argmax(entries.has_begin))
    begin_ns, written_s = int(columns.begin_ns[at]), int(columns.begin_offset_s[at])
    for take in recording.takes:
        own_s = offset_s(take.header, begin_ns)
        if entries.has_begin[at] and own_s is not None and own_s != written_s:
            yield said.ReportFromOtherZone(written_s, own_s)
            return


def _overlaps(recording: SessionSet, report: Report) -> bool:
    if not len(recording.wall_ns) or report.first_ns is None or report.last_ns is None:
        return False
    return int(recording.wall_ns.max()) >= report.first_ns and int(recording.wall_ns.min()) <= report.last_ns


def _first(takes: list[LoadedSession]) -> str:
    return min((int(take.tape.wall_ns.min()), take.zone.format(int(take.tape.wall_ns.min()))) for take in takes)[1]


def _last(takes: list[LoadedSession]) -> str:
    return max((int(take.tape.wall_ns.max()), take.zone.format(int(take.tape.wall_ns.max()))) for take in takes)[1]
