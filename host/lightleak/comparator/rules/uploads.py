"""Uploads that an app, or its extension, asked iOS for: to which hosts, under which entries, and what the report says of those hosts.

A call asks for an upload. Whether iOS takes it up is not seen: the change of the library that it is part of can fail, and iOS
sends the photo later, in processes of its own. A network row of the report is a sum over days. That it names the same host is a
coincidence in time, and shows no sending.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lightleak.arrays import Ints
from lightleak.comparator.columns.event_columns import LADDER
from lightleak.comparator.columns.upload_hosts import host_name
from lightleak.comparator.rules.report_entries import ReportEntries
from lightleak.comparator.rules.rules import RuleResults
from lightleak.comparator.rules.visibility import OtherProcess, is_extension_of, is_named_after
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.near import TICK_NS
from lightleak.report.network_rows import NetworkRow
from lightleak.report.report import Report

_UPLOAD = LADDER["upload"]
_READS = (LADDER["thumbnail"], LADDER["data"])


class Contact(NamedTuple):
    """What the report says of an app and a host: all its network rows of the two, as one."""

    app: str
    host: str
    hits: int
    """Of the export that has most: later exports repeat the hits of earlier ones."""
    first: str
    """RFC 3339, of the first contact."""
    last: str
    last_ns: int


@dataclass(frozen=True, slots=True)
class Asked:
    """The uploads that one identifier's processes asked for; events by wall time."""

    identifier: str
    process: OtherProcess | None
    """The extension; None: the app itself."""
    positions: Ints
    wall_ns: Ints
    hosts: list[str | None]
    first: Ints
    """With ``stop``, for each entry of the app: which of the uploads were asked for while it was open, from the lag before it."""
    stop: Ints
    reads: Ints
    """For each entry: how often the same processes requested pixels or bytes of photos themselves in that time."""

    def to(self, host: str | None) -> list[int]:
        """Return which of the uploads were to go to a host."""
        return [at for at, one in enumerate(self.hosts) if one == host]


class Uploads:
    """The uploads of an app and of its recorded extensions, and the report's network rows of their hosts."""

    def __init__(
        self, app: str, timeline: AppTimeline, entries: ReportEntries, results: RuleResults, report: Report
    ) -> None:
        self.asked = _asked(app, timeline, entries, results)
        self._contacts: dict[str, list[Contact]] = {}
        hosts = {host for one in self.asked for host in one.hosts if host is not None}
        if hosts:
            self._contacts = _contacts(report.network, hosts, _accessors(app, timeline, self.asked, report))

    def contacts(self, host: str | None, since_ns: int) -> list[Contact]:
        """Return the report's contacts with a host whose last was not before a time, by app."""
        return [contact for contact in self._contacts.get(host or "", []) if contact.last_ns >= since_ns]


def _asked(app: str, timeline: AppTimeline, entries: ReportEntries, results: RuleResults) -> list[Asked]:
    sessions = timeline.sessions
    until_ns = entries.until_ns[results.rows] + TICK_NS
    found = []
    extensions = [segment for segment in sessions.segments if is_extension_of(segment, app)]
    # A timeline is made where there is something on it only: most apps have none of this.
    uploading = [segment for segment in extensions if (sessions.level[sessions.positions(segment)] == _UPLOAD).any()]
    others = sorted({segment.identifier for segment in uploading if segment.identifier})
    processes: list[tuple[str, OtherProcess | None, AppTimeline]] = [(app, None, timeline)]
    for name in others:
        mine = [segment for segment in extensions if segment.identifier == name]
        processes.append((name, OtherProcess("extension", name), AppTimeline(sessions, mine)))
    for identifier, process, one in processes:
        positions = one.levels[_UPLOAD].at.astype(np.int64)
        if not len(positions):
            continue
        wall_ns = sessions.wall_ns[positions]
        places = one.find(results.window_from_ns), one.find(until_ns)
        reads = np.zeros(len(results.rows), np.int64)
        for step in _READS:
            lo, hi = one.levels[step].within(*places)
            reads += hi - lo
        first = np.searchsorted(wall_ns, results.window_from_ns)
        stop = np.maximum(np.searchsorted(wall_ns, until_ns), first)
        hosts = [sessions.upload_host(at) for at in positions.tolist()]
        found.append(Asked(identifier, process, positions, wall_ns, hosts, first, stop, reads))
    return found


def _accessors(app: str, timeline: AppTimeline, asked: list[Asked], report: Report) -> set[str]:
    """Return the names under which the report can have the contacts: the app's, its extensions', an extension's app's."""
    names = {app} | {one.identifier for one in asked}
    if any(segment.role == "extension" for segment in timeline.segments):
        names |= {row.app for row in report.network if is_named_after(app, row.app)}
    return names


def _contacts(rows: Iterable[NetworkRow], hosts: set[str], apps: set[str]) -> dict[str, list[Contact]]:
    grouped: dict[tuple[str, str], list[NetworkRow]] = defaultdict(list)
    for row in rows:
        host = host_name(row.domain) if row.app in apps else None
        if host in hosts:
            grouped[row.app, host].append(row)
    found: dict[str, list[Contact]] = defaultdict(list)
    for (app, host), same in sorted(grouped.items()):
        hits: dict[str, int] = defaultdict(int)
        for row in same:
            hits[row.file] += row.hits
        first, last = min(same, key=lambda row: row.first_ns), max(same, key=lambda row: row.last_ns)
        found[host].append(Contact(app, host, max(hits.values()), first.first, last.last, last.last_ns))
    return found
