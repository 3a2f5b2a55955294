"""Relate what an app sent to its photos entries: coincidence in time, never proof that a photo was sent.

A network row is a sum over days: it knows the first contact and the number of hits, not what was sent.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from itertools import pairwise
from typing import NamedTuple

from lightleak.events import NS_PER_S
from lightleak.report.entry_columns import NO_TIME, EntryColumns
from lightleak.report.network_rows import NetworkRow, NetworkRows

WITHIN_S = 600
"""A first contact within ten minutes of the begin of a photos entry counts as after it."""

FIRST_CONTACT, MORE_HITS = "first contact", "more hits"


class Coincidence(NamedTuple):
    """A domain that an app began to contact, or contacted more, after a photos entry."""

    app: str
    domain: str
    what: str
    """``FIRST_CONTACT`` or ``MORE_HITS``."""
    identifier: str
    """Of the last photos entry before it."""
    after_s: float
    """From the begin of that entry to the first contact, or to the last one for ``MORE_HITS``."""
    time: str
    """RFC 3339 of that contact."""
    hits: int
    hits_before: int
    """In the export before it; 0 for a first contact."""


class NetworkUse(NamedTuple):
    """What an app with photos entries sent in total."""

    app: str
    domains: int
    hits: int
    coincidences: list[Coincidence]


def beside_photos(photos: EntryColumns, network: NetworkRows) -> list[NetworkUse]:
    """Return, for each app with photos entries, its network use and what coincides; sorted by app."""
    begins: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for app, begin_ns, identifier in zip(
        photos.app.tolist(), photos.begin_ns.tolist(), photos.identifier.tolist(), strict=True
    ):
        if begin_ns != NO_TIME:
            begins[photos.apps[app]].append((begin_ns, identifier))
    rows: dict[str, dict[str, list[NetworkRow]]] = defaultdict(lambda: defaultdict(list))
    for row in network:
        if row.app in begins:
            rows[row.app][row.domain].append(row)
    return [
        NetworkUse(
            app,
            len(rows[app]),
            # Later exports repeat earlier hits: only the largest sum of one file is certain.
            sum(max(_hits_by_file(same).values()) for same in rows[app].values()),
            [found for domain in sorted(rows[app]) for found in _coincidences(rows[app][domain], begins[app])],
        )
        for app in sorted(begins)
    ]


def _coincidences(rows: list[NetworkRow], begins: list[tuple[int, str]]) -> list[Coincidence]:
    first = min(rows, key=lambda row: row.first_ns)
    found = []
    before = _last_before(begins, first.first_ns)
    if before and first.first_ns - before[0] <= WITHIN_S * NS_PER_S:
        after_s = (first.first_ns - before[0]) / NS_PER_S
        found.append(
            Coincidence(
                first.app, first.domain, FIRST_CONTACT, before[1], after_s, first.first, first.hits, hits_before=0
            )
        )
    in_files: dict[str, list[NetworkRow]] = defaultdict(list)
    for row in rows:
        in_files[row.file].append(row)
    for earlier, later in pairwise(sorted(in_files.values(), key=lambda same: max(row.last_ns for row in same))):
        known_ns, hits_before = max(row.last_ns for row in earlier), sum(row.hits for row in earlier)
        last, hits = max(later, key=lambda row: row.last_ns), sum(row.hits for row in later)
        before = _last_before(begins, last.last_ns)
        if hits > hits_before and before and before[0] > known_ns:
            after_s = (last.last_ns - before[0]) / NS_PER_S
            found.append(
                Coincidence(last.app, last.domain, MORE_HITS, before[1], after_s, last.last, hits, hits_before)
            )
    return found


def _last_before(begins: list[tuple[int, str]], wall_ns: int) -> tuple[int, str] | None:
    at = bisect_right(begins, wall_ns, key=lambda begin: begin[0])
    return begins[at - 1] if at else None


def _hits_by_file(rows: list[NetworkRow]) -> dict[str, int]:
    hits: dict[str, int] = defaultdict(int)
    for row in rows:
        hits[row.file] += row.hits
    return hits
