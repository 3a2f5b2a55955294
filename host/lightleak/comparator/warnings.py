"""Say in a sentence each what limits a whole comparison, and what would help."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np

from lightleak.comparator.explain.facts import Assumptions
from lightleak.comparator.explain.words import span_of
from lightleak.comparator.rules.report_entries import ReportEntries
from lightleak.comparator.timeline.accounting import AccountingIndex
from lightleak.comparator.timeline.session_set import LoadedSession, SessionSet
from lightleak.comparator.zones import offset_s
from lightleak.errors import CompareError
from lightleak.events import NS_PER_S
from lightleak.report.report import Report

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
) -> Iterator[str]:
    """Name what keeps report and sessions apart: time, apps, device, zone, clocks."""
    yield from _unread(recording)
    if not _overlaps(recording, report):
        yield (
            f"The sessions and the report do not overlap in time (report: {report.first} to {report.last}): "
            "export the report after the recording, within seven days."
        )
    elif not len(entries):
        yield (
            f"The report has no photos entry of {', '.join(wanted)}: check that recording of app activity was on, "
            "that it is this device's report, and the name of the app."
        )
    elif unwatched := [app for app in wanted if not len(recording.lane(app).covered.start)]:
        yield (
            f"No process of {', '.join(unwatched)} was watched in these sessions, so its entries are unobserved: "
            "record it, or name the session that has it."
        )
    yield from recorded_twice(recording, wanted)
    yield from _strange(recording, report, ledger, entries)
    yield from _elsewhere(recording, report, entries)


def mismatched_assumptions(facts: Assumptions, recording: SessionSet) -> Iterator[str]:
    """Say where facts were found on another iOS than the sessions are of."""
    devices = [take.header.get("device") for take in recording.takes]
    versions = {device.get("os_version") for device in devices if isinstance(device, dict)} - {None, facts.os_version}
    if facts.os_version is not None and versions:
        yield (
            f"The facts were found on iOS {facts.os_version}, a session is of {', '.join(sorted(map(str, versions)))}: "
            "what holds there may not hold here; run lightleak fieldtest on this phone."
        )


def _unread(recording: SessionSet) -> Iterator[str]:
    if unreadable := sum(take.tape.unreadable for take in recording.takes):
        yield (
            f"{_events(unreadable)} without readable numbers and clocks (segment, seq, wall_ns, mono_ns) left out; what "
            "they told is a gap: run lightleak verify on the session."
        )
    if early := int((recording.wall_ns < _FIRST_PHONE_NS).sum()):
        yield (
            f"{_events(early)} stamped before 2007, so the device's wall clock was not known there, and nothing can be "
            "matched by time: set the device's clock, or import the trace with its real wall_ns."
        )


def gaps_in_report(report: Report, runs: Iterable[tuple[int, int]]) -> Iterator[str]:
    """Say where what the report does not show lies in a time of which it shows nothing of anybody."""
    holes = report.holes()
    inside = [(hole, start) for hole in holes for start, stop in runs if hole.from_ns <= start and stop <= hole.to_ns]
    if inside:
        hole = inside[0][0]
        yield (
            f"{len(inside)} of the runs under no entry {'lies' if len(inside) == 1 else 'lie'} where the report has no record "
            f"of any app at all, the first between {hole.start} and {hole.end}: recording of app activity may have been off, "
            "and then their absence says nothing; check that it was on."
        )


def recorded_twice(recording: SessionSet, wanted: list[str]) -> Iterator[str]:
    """Say where two recordings watched one process at one time: what both saw stands in both."""
    for app in wanted:
        mine = [s for s in recording.segments if s.identifier == app and s.pid is not None and len(s.covered.start)]
        mine.sort(key=lambda segment: (segment.pid or 0, int(segment.covered.start[0])))
        for one, two in pairwise(mine):
            both_ns = min(int(one.covered.stop[-1]), int(two.covered.stop[-1])) - int(two.covered.start[0])
            if one.pid == two.pid and both_ns > 0:
                yield (
                    f"The process {one.pid} of {app} was recorded twice at the same time, in segments "
                    f"{one.session}:{one.number} and {two.session}:{two.number} ({span_of(both_ns)}): what both saw is "
                    "counted twice; compare one of the two alone for figures."
                )
                break


def _strange(recording: SessionSet, report: Report, ledger: AccountingIndex, entries: ReportEntries) -> Iterator[str]:
    """Say where the accounting logged identifiers inside the report's time of which none stands in the report."""
    known = set(report.columns.identifier.tolist())
    first, last = report.first_ns or 0, report.last_ns or 0
    logged = [name for name, position in ledger.begun() if first <= int(recording.wall_ns[position]) <= last]
    if len(logged) >= FEWEST_STRANGE and not known.intersection(logged) and len(entries):
        yield (
            f"None of the {len(logged)} identifiers that the apps' accounting logged in the report's time stands in the "
            "report: it is of another device, or what was read of Apple's accounting does not hold for this iOS; compare "
            "with the report of the recorded device."
        )


def _elsewhere(recording: SessionSet, report: Report, entries: ReportEntries) -> Iterator[str]:
    """Say where the report is written in another zone than the device's."""
    if not len(entries) or report.has_store:
        return
    columns = entries.columns
    at = int(np.argmax(entries.has_begin))
    begin_ns, written_s = int(columns.begin_ns[at]), int(columns.begin_offset_s[at])
    for take in recording.takes:
        own_s = offset_s(take.header, begin_ns)
        if entries.has_begin[at] and own_s is not None and own_s != written_s:
            yield (
                f"The report is written in the zone {_zone(written_s)}, the device was in {_zone(own_s)}: it was exported "
                "elsewhere, or is of another device; verdicts do not depend on the zone, hours of the night do."
            )
            return


def _overlaps(recording: SessionSet, report: Report) -> bool:
    if not len(recording.wall_ns) or report.first_ns is None or report.last_ns is None:
        return False
    return int(recording.wall_ns.max()) >= report.first_ns and int(recording.wall_ns.min()) <= report.last_ns


def _first(takes: list[LoadedSession]) -> str:
    return min((int(take.tape.wall_ns.min()), take.zone.tell(int(take.tape.wall_ns.min()))) for take in takes)[1]


def _last(takes: list[LoadedSession]) -> str:
    return max((int(take.tape.wall_ns.max()), take.zone.tell(int(take.tape.wall_ns.max()))) for take in takes)[1]


def _events(count: int) -> str:
    return "One event was" if count == 1 else f"{count} events were"


def _zone(offset: int) -> str:
    hours, minutes = divmod(abs(offset) // 60, 60)
    return f"{'-' if offset < 0 else '+'}{hours:02d}:{minutes:02d}"
